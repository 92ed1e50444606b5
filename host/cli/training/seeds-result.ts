/** The numbers of one training from several seeds, for programs and for people. */
import type { NlrErrorCode } from '../../core/errors.ts';
import type { TrainedRun } from '../../parallel/run.ts';
import type { Ascent } from '../../api/report.ts';
import type { Trainer } from '../../api/trainer.ts';
import type { TrainingData } from '../input/read-data.ts';
import { count, fixed, pairs, percent, plural, table, warningLines } from '../output/format.ts';
import { preprocessingSteps } from './preprocessed.ts';
import { costOf, LOOK, metricsOf, type TrainingResult } from './result.ts';

/** What differs from seed to seed, as `train --json` has it of a single run. */
export type SeedResult = Pick<
  TrainingResult,
  | 'seed'
  | 'loss'
  | 'lossTest'
  | 'accuracy'
  | 'metrics'
  | 'gradientNorm'
  | 'steps'
  | 'reversals'
  | 'violationRate'
  | 'meanRate'
  | 'alarm'
  | 'evaluations'
  | 'shots'
  | 'seconds'
  | 'trace'
  | 'history'
> & {
  /** Whether its steps went uphill, with `--ascent`. */
  readonly ascent?: Ascent;
  /** Where its model was written. */
  readonly model?: string;
};

/** What the trainings have in common, read off one trainer of theirs. */
type Shared = Omit<TrainingResult, keyof SeedResult>;

/** A training that ended with an error. */
export interface FailedSeed {
  readonly seed: number;
  /** Absent from an error that is not one of the package's. */
  readonly code?: NlrErrorCode;
  readonly message: string;
}

/** How a number spreads over the seeds. */
export interface Spread {
  readonly mean: number;
  /** Standard deviation of the sample, over n - 1; null of a single seed. */
  readonly deviation: number | null;
  readonly least: number;
  readonly greatest: number;
}

/** What `train --seeds N --json` prints: what all seeds share, then what each came to. */
export interface SeedsResult extends Shared {
  readonly threads: number;
  /** From the first thread's start to the last one's end, evaluation included. */
  readonly seconds: number;
  /** In the order of the seeds. */
  readonly seeds: readonly SeedResult[];
  readonly failures: readonly FailedSeed[];
  /** Over the seeds that did not fail. */
  readonly summary: {
    readonly loss: Spread;
    readonly lossTest: Spread | null;
    readonly accuracy: { readonly train: Spread; readonly test: Spread | null };
    readonly seconds: Spread;
  };
}

/** The result of one seed. @param model where its model was written */
export function seedResult(run: TrainedRun, model: string | undefined): SeedResult {
  const { seed, report, train, test, seconds, trace, history } = run;
  const { gradientNorm, reversals, violationRate, meanRate, alarm, evaluations, shots, ascent } = report;
  return {
    seed,
    loss: train.loss,
    lossTest: test?.loss ?? null,
    accuracy: { train: train.accuracy, test: test?.accuracy ?? null },
    metrics: metricsOf(train, test),
    gradientNorm,
    steps: report.step,
    ...{ reversals, violationRate, meanRate, alarm, evaluations, shots, seconds, trace },
    ...(history.length > 0 && { history }),
    ...(ascent && { ascent }),
    ...(model !== undefined && { model }),
  };
}

/** Mean, standard deviation and range of one or more numbers. */
export function spreadOf(values: readonly number[]): Spread {
  const sum = (terms: readonly number[]) => terms.reduce((total, term) => total + term, 0);
  const mean = sum(values) / values.length;
  const squares = sum(values.map((value) => (value - mean) ** 2));
  const deviation = values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : null;
  return { mean, deviation, least: Math.min(...values), greatest: Math.max(...values) };
}

/** The spread of a number that is there for every seed, or for none. */
function spreadOfMeasured(values: readonly (number | null)[]): Spread | null {
  const measured = values.filter((value) => value !== null);
  return measured.length === 0 ? null : spreadOf(measured);
}

/** What all seeds share. @param trainer of any of them */
export async function sharedResult(trainer: Trainer, { train, test }: TrainingData): Promise<Shared> {
  const { qubits, features } = trainer.model;
  const { circuitParameters, activeParameters, warnings } = await costOf(trainer);
  return {
    rule: trainer.training.rule,
    arenaBytes: trainer.arenaBytes,
    memoryPages: trainer.memoryPages,
    wasmBytes: trainer.wasmBytes,
    classes: trainer.classes,
    parameters: trainer.parameters.length,
    ...{ qubits, features, circuitParameters, activeParameters, warnings },
    samples: { train: train.rows, test: test?.rows ?? 0 },
    preprocessing: preprocessingSteps(trainer.pipeline, train),
  };
}

/** Names some seeds, if there are any. */
function seedsThat(
  named: (seed: SeedResult) => boolean | undefined,
  seeds: readonly SeedResult[],
): string | undefined {
  const names = seeds.filter(named).map(({ seed }) => seed);
  if (names.length > 0) return `${names.length === 1 ? 'seed' : 'seeds'} ${names.join(', ')}`;
  return undefined;
}

function alarmed(seeds: readonly SeedResult[]): string[] {
  const rate = seedsThat(({ alarm }) => alarm, seeds);
  const step = seedsThat(({ ascent }) => ascent?.alarm.step, seeds);
  const look = seeds.some(({ ascent }) => ascent) ? '' : `; ${LOOK}`;
  return [
    ...(rate
      ? [`reversals outweighed descent in rate from ${rate}: the mean signed rate is below zero${look}`]
      : []),
    ...(step ? [`the mean step went uphill from ${step}`] : []),
  ];
}

/** Puts everything together. @param seeds one or more */
export function seedsResult(
  shared: Shared,
  run: Pick<SeedsResult, 'threads' | 'seconds' | 'seeds' | 'failures'>,
): SeedsResult {
  const { seeds } = run;
  return {
    ...shared,
    ...run,
    summary: {
      loss: spreadOf(seeds.map(({ loss }) => loss)),
      lossTest: spreadOfMeasured(seeds.map(({ lossTest }) => lossTest)),
      accuracy: {
        train: spreadOf(seeds.map(({ accuracy }) => accuracy.train)),
        test: spreadOfMeasured(seeds.map(({ accuracy }) => accuracy.test)),
      },
      seconds: spreadOf(seeds.map(({ seconds }) => seconds)),
    },
    warnings: [...shared.warnings, ...alarmed(seeds)],
  };
}

const HEADER = ['seed', 'loss, train', 'accuracy, train', 'loss, test', 'accuracy, test', 'seconds', 'trace'];

/** A row for each seed and for each measure of their spread. */
function rowsOf({ seeds, summary }: SeedsResult): string[][] {
  const { loss, lossTest, accuracy, seconds } = summary;
  const spread = (title: string, key: keyof Spread) => [
    title,
    fixed(loss[key], 6),
    percent(accuracy.train[key], 2),
    fixed(lossTest?.[key], 6),
    percent(accuracy.test?.[key], 2),
    fixed(seconds[key], 2),
    '',
  ];
  return [
    ...seeds.map((run) => [
      String(run.seed),
      fixed(run.loss, 6),
      percent(run.accuracy.train, 2),
      fixed(run.lossTest, 6),
      percent(run.accuracy.test, 2),
      fixed(run.seconds, 2),
      run.trace,
    ]),
    spread('mean', 'mean'),
    spread('standard deviation', 'deviation'),
    spread('least', 'least'),
    spread('greatest', 'greatest'),
  ];
}

/** The result in an aligned table, what all seeds share below it, warnings last. */
export function describeSeeds(result: SeedsResult): string[] {
  const { samples, seeds } = result;
  const rows = pairs([
    ['rule', result.rule],
    ['classes', result.classes.join(', ')],
    [
      'samples',
      `${count(samples.train)} to train on, ${samples.test === 0 ? 'none' : count(samples.test)} to test on`,
    ],
    [
      'parameters',
      `${count(result.parameters)}: ${result.circuitParameters} in the circuit, ${result.activeParameters} of them in the light cone`,
    ],
    ['arena', `${count(result.arenaBytes)} bytes, ${plural(result.memoryPages, 'page')} of 64 KiB, a seed`],
    ['threads', String(result.threads)],
    ['seconds', `${fixed(result.seconds, 2)} for ${plural(seeds.length + result.failures.length, 'seed')}`],
  ]);

  return [...table(HEADER, rowsOf(result)), '', ...rows, ...warningLines(result.warnings)];
}
