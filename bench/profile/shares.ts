/** Where the time of a piece of work goes: V8's sampling profiler, by the core's functions. */
import { Session } from 'node:inspector/promises';

/** Microseconds between two looks. */
const INTERVAL = 200;

/** The share of each function, by its name, of all that the core takes. */
export async function sharesOf(work: () => void, milliseconds: number): Promise<ReadonlyMap<string, number>> {
  const session = new Session();
  session.connect();
  try {
    await session.post('Profiler.enable');
    await session.post('Profiler.setSamplingInterval', { interval: INTERVAL });
    await session.post('Profiler.start');
    const end = performance.now() + milliseconds;
    while (performance.now() < end) work();
    const { profile } = await session.post('Profiler.stop');
    const found = new Map<string, number>();
    let all = 0;
    for (const { callFrame, hitCount = 0 } of profile.nodes) {
      if (!callFrame.url.startsWith('wasm:')) continue;
      all += hitCount;
      found.set(callFrame.functionName, (found.get(callFrame.functionName) ?? 0) + hitCount);
    }
    return new Map([...found].map(([name, hits]) => [name, hits / all]));
  } finally {
    session.disconnect();
  }
}
