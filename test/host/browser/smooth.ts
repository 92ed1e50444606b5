/**
 * `npm run bench:lab`: how long the page's own thread is taken at a time while rules race, in Chromium. A task of 50 ms or more
 * is one that a visitor may notice; the bar is that there is none. Counted is the processor time of each task of the thread, so
 * that other work on the machine does not make them longer.
 */
import { ensureBuilt } from '../../support/built.mjs';
import { BROWSERS, Visitor } from './visitor.ts';

/** Races, by what is said of them. */
const RACES = {
  'three rules on the moons, 100 shots, 60 steps a second': ['', '60'],
  'three rules on the moons, exact, as fast as it goes': ['#train?shots=0&steps=1000', '0'],
  'four rules on the digits, exact, as fast as it goes': [
    '#train?data=digits&encoding=amplitude&qubits=6&reuploads=1&shots=0&steps=1000&rules=nlr,sgd,momentum,adam',
    '0',
  ],
} as const;

const LONG_MS = 50;

/** An event of a trace, as far as it is looked at; times are microseconds. */
interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly tdur?: number;
}

/** What the page's thread is known by: Chromium has pages of its own, such as that of its address bar, in the same trace. */
const MARK = 'the lab';

/** Milliseconds of processor time of every task of the page's main thread. */
function tasksOf(trace: Uint8Array): number[] {
  const { traceEvents } = JSON.parse(new TextDecoder().decode(trace)) as { traceEvents: TraceEvent[] };
  const mark = traceEvents.find(({ name }) => name === MARK);
  if (mark === undefined) throw new Error('the trace does not say which thread is the page');
  return traceEvents
    .filter(({ pid, tid }) => pid === mark.pid && tid === mark.tid)
    .filter(({ name }) => name === 'ThreadControllerImpl::RunTask')
    .map(({ tdur = 0 }) => tdur / 1000);
}

ensureBuilt('dist/lab/index.html');
const [chromium] = BROWSERS;
if (chromium?.program === undefined)
  throw new Error(`this is measured in ${chromium?.name}: ${chromium?.needs}`);
const visitor = await Visitor.come(chromium);
try {
  for (const [name, [link, pace]] of Object.entries(RACES)) {
    await visitor.open(link);
    await visitor.phase('ready');
    await visitor.set('Pace', pace);
    await visitor.page.tracing.start({ categories: ['toplevel', 'blink.user_timing'] });
    await visitor.page.evaluate((name) => void performance.mark(name), MARK);
    await visitor.press('Run');
    await visitor.phase('finished');
    const tasks = tasksOf((await visitor.page.tracing.stop()) ?? new Uint8Array());
    const found = tasks.filter((length) => length >= LONG_MS);
    const longest = `, the longest of ${tasks.length} ${Math.max(0, ...tasks).toFixed(1)} ms`;
    process.stdout.write(`${name}: ${found.length} tasks of ${LONG_MS} ms or more${longest}\n`);
  }
} finally {
  await visitor.leave();
}
