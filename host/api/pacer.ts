/** Lets the event loop run now and then during long work, so that a page stays alive and a signal arrives. */

/** Longest time between two pauses, milliseconds: one frame. */
const FRAME = 16;

/** @returns a function that, called often, pauses about once a frame */
export function pacer(): () => Promise<void> | undefined {
  // Taken once: in Node the global is a getter, and takes longer than the clock.
  const clock = performance;
  let last = clock.now();
  return () => {
    if (clock.now() - last < FRAME) return undefined;
    return new Promise<void>((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        last = clock.now();
        resolve();
      };
      port2.postMessage(null);
    });
  };
}
