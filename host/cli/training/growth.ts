/** `train --grow-layers` and `--adapt`: a training whose circuit grows. */
import type { Command } from 'commander';
import { growAdapt, growLayers, type Stage } from '../../api/growth.ts';
import { type ModelOptions, resolveTraining } from '../../api/options.ts';
import type { Trainer, TrainerOptions } from '../../api/trainer.ts';
import { DataError } from '../../core/errors.ts';
import { list, whole } from '../input/values.ts';
import { flagName, UsageError } from '../output/failure.ts';
import { count, fixed, pairs, plural } from '../output/format.ts';
import { type RunRecord, runTraining } from './run.ts';

/** How the circuit grows. */
export interface GrowthFlags {
  readonly growLayers?: readonly number[];
  readonly adapt?: number;
}

/** A stage, as a result has it. */
export interface GrownStage {
  /** Layers, or rotations that ADAPT chose. */
  readonly size: number;
  /** The string whose rotation ADAPT appended, such as `Y0 Z1`, and the slope by which it chose; null by layers. */
  readonly added: string | null;
  readonly slope: number | null;
  /** Mini-batch loss before the last step. */
  readonly loss: number;
  /** Of all stages up to this one, choosing included. */
  readonly steps: number;
  readonly evaluations: number;
  readonly shots: number;
}

/** A growth to its end. */
export interface Grown {
  readonly trainer: Trainer;
  readonly record: RunRecord;
  readonly stages: readonly GrownStage[];
  /** As it was given; every stage draws from one of its own. */
  readonly seed: number;
}

/** Adds the flags. */
export function growthFlags(command: Command): void {
  const layers = list('--grow-layers');
  command.optionsGroup('Growth, with --steps a stage:');
  command
    .option(
      '--grow-layers <list>',
      'layers of the stages: 1,2,4; each starts from the parameters of the one before, its new layers as the identity',
      (text: string) => layers(text).map((each) => whole('--grow-layers', 1)(each)),
    )
    .option(
      '--adapt <n>',
      'ADAPT: n times append the rotation by which the loss falls steepest, and train all',
      whole('--adapt', 1),
    );
}

/** Whether the circuit grows. @throws UsageError for both ways at once, or with what watches a training of one stage */
export function grows(given: GrowthFlags): boolean {
  const flags = given as Readonly<Record<string, unknown>>;
  const [one, other] = (['growLayers', 'adapt'] as const).filter((name) => flags[name] !== undefined);
  if (one === undefined) return false;
  if (other !== undefined) throw new UsageError('--grow-layers and --adapt exclude each other');
  const single = ['checkpoint', 'every', 'seeds', 'threads', 'validationFraction', 'patience', 'log', 'plot'];
  const foreign = [...single, 'curve', 'ascent', 'evaluateEvery'].find((name) => flags[name]);
  if (flags.circuit !== undefined)
    throw new UsageError(`--circuit stays as it is; ${flagName(one)} makes the circuit itself`);
  if (foreign !== undefined)
    throw new UsageError(`${flagName(foreign)} is of a training in one stage; ${flagName(one)} has several`);
  const shape = ['layers', ...(one === 'adapt' ? ADAPTED : [])].find((name) => flags[name] !== undefined);
  if (shape !== undefined)
    throw new UsageError(`${flagName(shape)} cannot go with ${flagName(one)}, which says it`);
  if (one === 'adapt' && flags.multiclass === 'one-vs-rest')
    throw new UsageError('--adapt grows one model; --multiclass one-vs-rest has several');
  return true;
}

/** Options of the model that ADAPT has no use for. */
const ADAPTED = [
  ...['layout', 'entangler', 'entanglerGate', 'mirrorDepth', 'reuploads', 'correlated'],
  ...['initialisation', 'initialScale'],
];

/** Trains all stages. @throws DataError when ADAPT finds nothing to append at all */
export async function runGrowth(
  { growLayers: layers, adapt }: GrowthFlags,
  { model, ...options }: TrainerOptions,
  quiet: boolean,
): Promise<Grown> {
  // A preset's layers are not the user's.
  const { layers: _, ...rest } = model;
  const grown: ModelOptions = rest;
  const going =
    layers === undefined
      ? growAdapt({ ...options, model: grown, stages: adapt as number })
      : growLayers({ ...options, model: grown, stages: layers });
  const stages: GrownStage[] = [];
  const all = adapt ?? layers?.length ?? 0;
  let last: Stage | undefined;
  let record: RunRecord | undefined;
  for await (const stage of going) {
    const { trainer, size, added, slope, number } = stage;
    const title = `stage ${number + 1} of ${all}`;
    record = await runTraining(trainer, { title, quiet, seconds: record?.seconds });
    last = stage;
    stages.push({
      size,
      added: added ?? null,
      slope: slope ?? null,
      loss: trainer.report?.loss ?? Number.NaN,
      ...stage.spent,
    });
  }
  if (last === undefined || record === undefined) {
    const message = 'the loss has no slope by any rotation: there is nothing for --adapt to append';
    throw new DataError('ERR_DATA_ZERO_VECTOR', message, { file: options.dataset.name });
  }
  return { trainer: last.trainer, record, stages, seed: resolveTraining(options.training).seed };
}

/** What all stages took and the seed that they were given, in place of those of the last one. */
export function grownResult<T extends object>(
  result: T,
  { stages, seed }: Grown,
): T & { readonly stages: Grown['stages'] } {
  const { steps, evaluations, shots } = stages.at(-1) as GrownStage;
  return { ...result, steps, evaluations, shots, seed, stages };
}

/** What a model file says of the growth that it is from, whose last stage has a seed and steps of its own. */
export interface GrowthContext {
  readonly growth: { readonly sizes: readonly number[]; readonly seed: number; readonly steps: number };
}

/** What the model file of a growth carries. */
export function growthContext({ stages, seed }: Grown): GrowthContext {
  return { growth: { sizes: stages.map(({ size }) => size), seed, steps: stages.at(-1)?.steps ?? 0 } };
}

/** The growth that a model file is from; undefined of others. */
export function readGrowth(context: unknown): GrowthContext['growth'] | undefined {
  const { sizes, seed, steps } = ((context ?? {}) as Partial<GrowthContext>).growth ?? {};
  const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
  const good = Array.isArray(sizes) && sizes.every(isCount) && isCount(seed) && isCount(steps);
  return good ? { sizes, seed, steps } : undefined;
}

/** The stages in aligned lines. */
export function describeStages(stages: readonly GrownStage[]): string[] {
  const sizes = ({ size, added, slope }: GrownStage) =>
    added === null ? plural(size, 'layer') : `+ ${added}, slope ${fixed(slope, 4)}`;
  return pairs(
    stages.map((stage, i): [string, string] => [
      `stage ${i + 1}`,
      `${sizes(stage)}, loss ${fixed(stage.loss, 6)} after ${count(stage.steps)} steps, ${count(stage.evaluations)} circuit evaluations, ${count(stage.shots)} shots`,
    ]),
  );
}
