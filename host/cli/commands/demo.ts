/** `nlr-vqa demo`: the paper's model by three rules from one start, and what to use instead. */
import type { Command } from 'commander';
import { PAPER, type RuleName, resolveTraining } from '../../api/options.ts';
import { builtInDigits, type TrainingData } from '../input/read-data.ts';
import { self, shellWord } from '../output/commands.ts';
import { failureOf } from '../output/failure.ts';
import { type CommonFlags, commonFlags, type ForceFlag, forceFlag } from '../input/flags.ts';
import { bold, count, fixed, millions, percent, plural, table } from '../output/format.ts';
import { plain } from '../output/plain.ts';
import { print, printJson, tell } from '../output/streams.ts';
import { configure } from '../input/preset.ts';
import { describeRun, looksBack, measure, type TrainingResult } from '../training/result.ts';
import { type Outputs, withOutputs } from '../training/outputs.ts';
import { runTraining } from '../training/run.ts';
import { createTrainer } from '../training/trainer-options.ts';
import { NOT_STDOUT, whole, written } from '../input/values.ts';

interface DemoFlags extends CommonFlags, ForceFlag {
  readonly out: string;
  readonly steps?: number;
}

/** One of the runs. */
interface DemoRun extends Omit<TrainingResult, 'metrics'> {
  readonly model: 'paper' | 'recommended';
}

const EXAMPLES = `
Examples:
  nlr-vqa demo
  nlr-vqa demo --seed 7 --json
`;

/** A run to make. */
interface Plan {
  readonly model: DemoRun['model'];
  readonly rule: RuleName;
}

const RUNS: readonly Plan[] = [
  { model: 'paper', rule: 'nlr' },
  { model: 'paper', rule: 'nlr-guarded' },
  { model: 'paper', rule: 'adam' },
  { model: 'recommended', rule: 'adam' },
];

/** Comes last, with the shots of the run above it for its budget. */
const AT_EQUAL_SHOTS: Plan = { model: 'recommended', rule: 'frugal' };

/** Shots of the recommended run, so that it too is one that hardware could make. */
const RECOMMENDED_SHOTS = 20;

const HEADER = [
  'configuration',
  'loss',
  'train',
  'test',
  '|grad L|',
  '|grad <O>|',
  'violated',
  'reversed',
  'circuits',
  'shots',
  'seconds',
  'arena',
];

function tableRow(run: DemoRun): string[] {
  const seen = looksBack(run.rule);
  return [
    `${run.model}, ${run.rule}`,
    fixed(run.loss),
    percent(run.accuracy.train),
    percent(run.accuracy.test),
    fixed(run.gradientNorm.loss),
    fixed(run.gradientNorm.observable),
    seen ? percent(run.violationRate) : '-',
    seen ? String(run.reversals) : '-',
    millions(run.evaluations),
    millions(run.shots),
    fixed(run.seconds, 1),
    count(run.arenaBytes),
  ];
}

/** `adam with 0.7235 (83.2 % of the test digits right)` */
function outcome({ rule, loss, accuracy }: DemoRun): string {
  return `${rule} with ${fixed(loss)} (${percent(accuracy.test)} of the test digits right)`;
}

/** Two digits of a loss, be it small. */
const small = (loss: number) => Number(loss.toPrecision(2)).toString();

/** Whether reversing paid, as the numbers of this run have it. */
function onReversing(nlr: DemoRun, guarded: DemoRun, best: DemoRun): string {
  const { rate, negativeRate, guard } = resolveTraining(PAPER.training);
  // The rates of this configuration are constant, so that the share of the reversals decides.
  const limit = percent(rate / (rate + negativeRate));
  const outweigh = nlr.alarm ? 'outweigh descent in rate' : 'would outweigh descent in rate';
  return [
    `Reversing ${best === nlr ? 'did not hurt' : 'did not help'} here: nlr reversed ${nlr.reversals} of ${plural(nlr.steps, 'step')},`,
    `${percent(nlr.violationRate)}, where more than ${limit} ${outweigh} (mean signed rate ${fixed(nlr.meanRate)});`,
    `nlr-guarded, which reverses a rise only beyond ${guard} standard errors of its shot noise,`,
    `saw ${plural(Math.round(guarded.violationRate * guarded.steps), 'rise')} and reversed ${guarded.reversals}.`,
  ].join(' ');
}

/** Sentences that follow from the numbers. */
function conclude([nlr, guarded, adam, recommended, frugal]: readonly DemoRun[]): string[] {
  const [best, second, third] = [nlr, guarded, adam].sort((a, b) => a.loss - b.loss);
  return [
    `On the paper's model, from the same start, the lowest training loss is that of ${outcome(best)}, then come ${outcome(second)} and ${outcome(third)}.`,
    onReversing(nlr, guarded, best),
    `What to use is the recommended configuration: ${percent(recommended.accuracy.test)} of the test digits right with ${percent(recommended.shots / nlr.shots)} of the shots.`,
    `With no more shots than that, frugal comes to a training loss of ${small(frugal.loss)}, adam to ${small(recommended.loss)}. All of this is one run from seed ${nlr.seed}, not a benchmark.`,
  ];
}

function nextCommands(out: string): string[] {
  return [`${self()} evaluate ${shellWord(out)} --shots 100`, `${self()} plan --target device-f32`];
}

/** @param shotsBudget of a run that is not as long as the others, but takes no more shots */
async function runOne(
  { model, rule }: Plan,
  data: TrainingData,
  flags: DemoFlags,
  shotsBudget?: number,
): Promise<{ run: DemoRun; trained: Uint8Array }> {
  const { seed, quiet = false } = flags;
  const shots = model === 'recommended' ? RECOMMENDED_SHOTS : undefined;
  const length = shotsBudget === undefined ? { steps: flags.steps, shots } : { shotsBudget };
  const configuration = configure({ preset: model, rule, seed, ...length });
  const trainer = await createTrainer(configuration, {}, data.train);
  const record = await runTraining(trainer, { title: `${model} ${rule}`, quiet });
  // Four matrices of two classes would hide the comparison.
  const { metrics: _, ...result } = await measure(trainer, data, record);
  return { run: { model, ...result }, trained: trainer.save() };
}

async function demo(flags: DemoFlags, outputs: Outputs): Promise<void> {
  const { out, json = false, quiet = false } = flags;
  const file = await outputs.claim('--out', out, 'model');
  const data = await builtInDigits();
  if (!json) {
    print(
      `Digits 0 against 1 of MNIST: ${data.train.rows} to train on, ${data.test.rows} to test on.`,
      "The paper's model (6 qubits, 5 layers, bare <Z0>) by three rules from the same start, then the recommended one by two.",
    );
  }
  const runs: DemoRun[] = [];
  let recommended = new Uint8Array();
  const report = (run: DemoRun) => {
    runs.push(run);
    if (!json) print('', bold(`${run.model}, ${run.rule}`), ...describeRun(run));
  };
  for (const each of RUNS) {
    const { run, trained } = await runOne(each, data, flags);
    recommended = new Uint8Array(trained);
    report(run);
  }
  const { run: last } = await runOne(AT_EQUAL_SHOTS, data, flags, runs.at(-1)?.shots);
  report(last);
  const failure = await failureOf(file.write(recommended));
  const conclusion = conclude(runs);
  const next = nextCommands(out);
  if (json) printJson(failure === undefined ? { runs, conclusion, model: out, next } : { runs, conclusion });
  else print('', ...table(HEADER, runs.map(tableRow)), '', ...conclusion);
  if (failure !== undefined) throw failure;
  if (json) return;
  if (!quiet) tell(`wrote ${out}`);
  print('', 'Next:', ...next.map((command) => `  ${plain(command)}`));
  print(`Your own data: ${self()} train --csv FILE --label COLUMN --out my.nlrvqa`);
}

/** Adds the command. */
export function addDemo(program: Command): void {
  const command = program
    .command('demo')
    .description('train five ways on real digits, compare, and write the recommended model')
    .addHelpText('after', EXAMPLES);
  command.optionsGroup('Run:');
  command
    .option(
      '--out <file>',
      'where the recommended model goes',
      written('--out', NOT_STDOUT),
      'recommended.nlrvqa',
    )
    .option('--steps <n>', 'training steps of each run (default: 500)', whole('--steps', 1));
  forceFlag(command);
  commonFlags(command, 'seed of every random draw (default: 1)');
  command.action((flags: DemoFlags) => withOutputs(flags, (outputs) => demo(flags, outputs)));
}
