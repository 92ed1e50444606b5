/** What the chosen configuration reaches on the test rows, and what the paper's architecture and classical classifiers do. */
import type { Dataset } from '../../host/data/dataset.ts';
import { fitPipeline } from '../../host/data/fit.ts';
import {
  type AccuracyFinding,
  type Classical,
  type Shares,
  SHOTS,
  type WithShots,
} from '../results/accuracy.ts';
import type { Cell, Job, Outcome, Rows, Trains } from './cells.ts';
import { type Choice, choose, prepared } from './choose.ts';
import { type Configuration, retrained } from './grid.ts';
import { HeldOut } from './held-out.ts';
import { deviceModule, planOf } from './page.ts';
import { paperConfigurations } from './paper.ts';
import type { AccuracySet } from './sets.ts';

/** Steps of a training with shots: each is of thousands of circuits. */
const STEPS_WITH_SHOTS = 1000;

/**
 * The same model trained with shots: by the rule for them, `frugal` as it comes, where it has the head that the rule takes;
 * else as before, by the parameter shift.
 */
export function withShots(configuration: Configuration, shots: number): Configuration {
  const { model, training } = configuration;
  const steps = Math.min(STEPS_WITH_SHOTS, training.steps ?? STEPS_WITH_SHOTS);
  if (model.head === 'none') return retrained(configuration, { shots, steps });
  return { ...configuration, training: { rule: 'frugal', shots, steps, observableNorm: false } };
}

/** What a measurement is made with. */
export interface Means {
  readonly trains: Trains;
  readonly seeds: readonly number[];
  /** Whether models are trained with shots too, which takes most of the time. */
  readonly shots: boolean;
  /** Baselines on the rows as the chosen model takes them. */
  readonly classical: (name: string, rows: Rows, recipe: unknown) => Promise<Classical>;
}

/** Mean and standard deviation. */
export function sharesOf(seeds: readonly number[]): Shares {
  const mean = seeds.reduce((sum, value) => sum + value, 0) / seeds.length;
  const squares = seeds.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / (seeds.length - 1)), seeds };
}

/** Numbers in what a preprocessing has fitted. */
function numbersIn(value: unknown): number {
  if (typeof value === 'number') return 1;
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce<number>((sum, part) => sum + numbersIn(part), 0);
}

/** Fitted numbers: those of steps that have a list of them, or a constant; sizes of images are none. */
function fittedNumbers(train: Dataset, { preprocessing }: Configuration): number {
  const fitted = fitPipeline(train, preprocessing).pipeline.filter(({ kind }) =>
    ['standardise', 'minmax', 'pca', 'constant'].includes(kind),
  );
  return numbersIn(fitted);
}

/** The final trainings of a configuration: all training rows, the test rows, every seed. */
function finalJobs(
  { data }: Pick<AccuracySet, 'data'>,
  configuration: Configuration,
  seeds: readonly number[],
  readings: readonly number[],
  rows: Rows,
): Job[] {
  return seeds.map((seed): Job => {
    const cell: Cell = { data, split: 'training and test rows', configuration, seed, readings };
    return { cell, rows: async () => rows };
  });
}

/** What was chosen, in the record's words. */
async function chosenOf(
  choice: Choice,
  train: Dataset,
  outcome: Outcome,
): Promise<AccuracyFinding['chosen']> {
  const { configuration, accuracy: validation, next, tried, trainings } = choice;
  const { recipe, circuit, model, training } = configuration;
  const { rate = 0, steps = 0 } = training;
  const [plan, device] = [await planOf(configuration), await planOf(configuration, await deviceModule())];
  return {
    ...{ recipe, circuit, rate, steps, qubits: model.qubits, features: model.features },
    ...{ parameters: outcome.parameters, models: outcome.models },
    fitted: fittedNumbers(train, configuration),
    ...{ bytes: plan.arenaBytes, deviceBytes: device.arenaBytes },
    ...{ tried, trainings, validation, next },
  };
}

/** The chosen configuration trained with shots, and read with them. @param rows training and test rows, prepared for it */
export async function measureShots(
  set: Pick<AccuracySet, 'title' | 'data'>,
  { configuration }: Choice,
  rows: Rows,
  { trains, seeds }: Pick<Means, 'trains' | 'seeds'>,
): Promise<WithShots[]> {
  const drawn: WithShots[] = [];
  for (const shots of SHOTS) {
    const own = withShots(configuration, shots);
    const { rule = 'adam', steps = 0 } = own.training;
    const outcomes = await trains.run(
      finalJobs(set, own, seeds, [shots], rows),
      `${set.title}: ${shots} shots`,
    );
    drawn.push({ shots, rule, steps, read: sharesOf(outcomes.map(({ read }) => read[0])) });
  }
  return drawn;
}

/** Chooses on the training rows, then opens the test rows. @param heldOut closed until there is a choice */
export async function measure(
  name: string,
  set: AccuracySet,
  train: Dataset,
  heldOut: HeldOut,
  { trains, seeds, shots, classical }: Means,
): Promise<AccuracyFinding> {
  const choice = await choose(set, train, trains);
  const { configuration } = choice;
  const test = await heldOut.open(choice);
  const rows = prepared(configuration, train, test);
  const final = async (own: Configuration, readings: readonly number[], with_: Rows, what: string) =>
    trains.run(finalJobs(set, own, seeds, readings, with_), `${set.title}: ${what}`);
  const exact = await final(configuration, SHOTS, rows, 'the chosen one');
  const { nlr, adam } = paperConfigurations(train);
  const paperRows = prepared(nlr, train, test);
  const [byNlr, byAdam] = [
    await final(nlr, [], paperRows, "the paper's"),
    await final(adam, [], paperRows, "the paper's circuit by Adam"),
  ];
  const accuracies = (outcomes: readonly Outcome[]) => sharesOf(outcomes.map(({ accuracy }) => accuracy));
  const drawn = shots ? await measureShots(set, choice, rows, { trains, seeds }) : [];
  return {
    ...{ set: name, title: set.title, rows: { train: train.rows, test: test.rows } },
    ...(set.paper !== undefined && { paper: set.paper }),
    reach: set.reach,
    ...(set.bayes !== undefined && { bayes: set.bayes }),
    chosen: await chosenOf(choice, train, exact[0]),
    exact: accuracies(exact),
    read: SHOTS.map((_, i) => sharesOf(exact.map(({ read }) => read[i]))),
    ...(drawn.length > 0 && { shots: drawn }),
    paperModel: { nlr: accuracies(byNlr), adam: accuracies(byAdam) },
    classical: await classical(name, rows, [set.data, configuration.preprocessing]),
  };
}
