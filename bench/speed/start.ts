/** The time from a model file to the first prediction in a fresh process. */
import { execFile } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { PAPER, Trainer } from '../../host/index.ts';
import { path, workFolder } from './builds.ts';
import { row, type Section } from './table.ts';
import { summarise } from './timing.ts';

/** Fresh processes tried at least, and at most while none is within the bar: a busy machine only ever adds. */
const STARTS = 15;
const MOST_STARTS = 60;
/** Milliseconds that the start may take, as in the budgets. */
const MOST = 5;
const FEATURES = 8;

/** Trains nothing: the parameters as drawn make a model file too. */
async function modelFile(): Promise<string> {
  const dataset = {
    features: Float64Array.from({ length: 2 * FEATURES }, (_, i) => Math.sin(i + 1)),
    rows: 2,
    columns: FEATURES,
    labels: Int32Array.of(0, 1),
    classes: ['0', '1'],
    name: 'two rows',
  };
  const trainer = await Trainer.create({ model: PAPER.model, training: { batch: 2 }, dataset });
  const file = `${workFolder()}model.nlrvqa`;
  writeFileSync(file, trainer.save());
  return file;
}

/** One fresh process: nanoseconds from the file's bytes to the prediction, by the wall clock. */
async function start(file: string): Promise<number> {
  const script = path('bench/budgets/first-prediction.mjs');
  const { stdout } = await promisify(execFile)(process.execPath, [script, file, String(FEATURES)]);
  return 1e6 * Number(stdout);
}

/** Instantiate, load, predict, in processes that have only imported the library. */
export async function firstPredictions(): Promise<Section> {
  const title = `first prediction in a fresh process, d = ${FEATURES}: at once`;
  if (!existsSync(path('dist/index.js'))) return { title, rows: [], skipped: 'the package is not built' };
  const file = await modelFile();
  const times: number[] = [];
  const least = () => Math.min(...times) / (MOST * 1e6);
  while (times.length < STARTS || (least() > 1 && times.length < MOST_STARTS)) times.push(await start(file));
  const rows = [
    row('instantiate, load, predict', {
      time: summarise(times),
      unit: 'starts',
      ratio: { to: `${MOST} ms`, ...summarise([least()]) },
      bar: { most: 1 },
      note: `the least of ${times.length}`,
    }),
  ];
  return { title, rows, skipped: '' };
}
