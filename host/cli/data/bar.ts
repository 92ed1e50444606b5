/** How far long work is: a bar on a terminal, nothing anywhere else. */
import { SingleBar } from 'cli-progress';

/** Tells how much is done. */
export interface Bar {
  update(done: number, of: number): void;
  stop(): void;
}

/** A bar on stderr that begins with the first update. */
export function barOf(title: string, quiet = false): Bar {
  if (quiet || !process.stderr.isTTY) return { update() {}, stop() {} };
  const bar = new SingleBar({
    format: `${title} {bar} {value}/{total}  {eta_formatted} left`,
    barCompleteChar: '=',
    barIncompleteChar: ' ',
    barsize: 30,
    stream: process.stderr,
    // Signals are the run's business; a hidden cursor would stay hidden after one.
    gracefulExit: false,
    hideCursor: false,
    clearOnComplete: true,
  });
  let begun = false;
  return {
    update(done, of) {
      if (begun) bar.setTotal(of);
      else bar.start(of, done);
      begun = true;
      bar.update(done);
    },
    stop: () => bar.stop(),
  };
}
