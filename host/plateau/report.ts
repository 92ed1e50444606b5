/** All that is looked at before a training: derivatives, seeing, the test of a step, the start, noise; and what to do. */
import { MAX_SHOTS } from '../../assembly/abi/codes.ts';
import { lightCone } from '../api/light-cone.ts';
import { type ModelOptions, type Noise, resolveModel, resolveTraining } from '../api/options.ts';
import type { TrainerOptions } from '../api/trainer.ts';
import { anything, flag, integer, optional, record, type Table, that } from '../core/checks.ts';
import { readDataset } from '../data/dataset.ts';
import { transformDataset } from '../data/preprocess.ts';
import { adviceOn } from './advice.ts';
import { noiseDecay } from './decay.ts';
import { Derivatives } from './derivatives.ts';
import type { PlateauFindings } from './findings.ts';
import { firstMoment } from './first-moment.ts';
import { mapOf } from './map.ts';
import { drawsRead, positive, seedRead, trainerOptionsRead } from './readers.ts';
import { scanSizes } from './scan.ts';
import { testSteps } from './step-test.ts';
import { type GradientVariance, gradientVariance, shotFloor } from './variance.ts';
import { classPairs, visibilityOf } from './visibility.ts';

/** What is looked at. */
export interface PlateauOptions {
  /** As `Trainer.create` takes it: model, data, preprocessing, training. */
  readonly options: TrainerOptions;
  /** Shots that derivatives are held against, 2 to 1,048,576; default the training's, 1000 where that is exact. */
  readonly shots?: number;
  /** Starts that are drawn, 20 to 1,000,000; default 300. */
  readonly draws?: number;
  /** Of the starts, and of the steps that are tried, 0 to 2^53 - 1; default 1. */
  readonly seed?: number;
  /** Noise whose decay is looked at; default the training's, and without one depolarizing by `nu`. */
  readonly noise?: Noise;
  /** Rate of the depolarizing noise that stands for any other, 0 to below 1; default 0.01. */
  readonly nu?: number;
  /** Radius of the plateau that is to be left, radians, above 0; default 1. */
  readonly radius?: number;
  /** Look at other sizes, and at noise; default true. */
  readonly sizes?: boolean;
}

/** The whole report. */
export interface PlateauReport extends PlateauFindings {
  /** What to do, a sentence each with its figure. */
  readonly advice: readonly string[];
}

const OPTIONS: Table<PlateauOptions> = {
  options: trainerOptionsRead,
  shots: optional(anything),
  draws: optional(drawsRead(20)),
  seed: optional(seedRead),
  noise: optional(anything),
  nu: optional(that('a number from 0 to below 1', (nu) => typeof nu === 'number' && nu >= 0 && nu < 1)),
  radius: optional(positive),
  sizes: optional(flag),
};

/** Starts and steps of the test of a step. */
const TEST = { seeds: 6, steps: 15 } as const;

/** Draws of other sizes and of noisy circuits, as shares of those of the model's own size. */
const [SCANNED, NOISY] = [0.4, 0.2];

/** The parameters that move in the mean. */
function biasOf({ t, active }: GradientVariance): PlateauFindings['biased'] {
  const sizes = t.map(Math.abs);
  const beyond = sizes.filter((size) => size > 2).length;
  return { parameters: active, share: active === 0 ? 0 : beyond / active, largest: Math.max(0, ...sizes) };
}

/**
 * Looks at a training before it is made. Everything is drawn from the seed.
 * @throws OptionError, DataError, CoreError
 * @example
 * ```ts
 * const features = Float64Array.from({ length: 160 }, (_, i) => 2 + Math.cos(i * i));
 * const labels = Int32Array.from({ length: 40 }, (_, row) => row % 2);
 * const seen = { features, rows: 40, columns: 4, labels, classes: ['a', 'b'], name: 'waves' };
 * const options = { model: { qubits: 2, features: 4 }, dataset: seen };
 * const { variance, floor, advice } = await lookAtPlateau({ options, draws: 20, sizes: false });
 * console.log(variance.mean / floor, advice);
 * ```
 */
export async function lookAtPlateau(given: PlateauOptions): Promise<PlateauReport> {
  const asked = record('lookAtPlateau', given, OPTIONS);
  const { options, draws = 300, seed = 1, nu = 0.01, radius = 1, sizes = true } = asked;
  const { training = {}, pipeline = [] } = options;
  resolveTraining(training);
  const shots = asked.shots ?? (typeof training.shots === 'number' ? training.shots : 1000);
  integer('shots', shots, 2, MAX_SHOTS);
  const floor = shotFloor(shots);
  const model: ModelOptions = options.model;
  const dataset = transformDataset(pipeline, readDataset(options.dataset));
  const resolved = resolveModel(model);
  const variance = await gradientVariance(model, dataset, { draws, seed });
  const derivatives = await Derivatives.create(model, dataset, seed);
  const usual: Noise = [{ channel: 'depolarizing', rate: nu }];
  const few = (share: number) => Math.max(20, Math.round(share * draws));
  const row = dataset.features.subarray(0, dataset.columns);
  const findings: PlateauFindings = {
    model: resolved,
    ...{ shots, floor, nu, variance, biased: biasOf(variance) },
    scan: sizes ? await scanSizes(model, dataset, { draws: few(SCANNED), seed, floor }) : undefined,
    map: mapOf(resolved, lightCone(resolved)),
    visibility: visibilityOf(derivatives),
    pairs: classPairs(resolved, dataset),
    stepTest: options.oneVsRest
      ? undefined
      : await testSteps({ options: { ...options, training: { ...training, shots } }, ...TEST, seed, radius }),
    moment: firstMoment(resolved, row),
    decay: sizes
      ? await noiseDecay(model, dataset, {
          noise: asked.noise ?? (training.noise?.length ? training.noise : usual),
          ...{ draws: few(NOISY), seed, floor },
        })
      : undefined,
  };
  return { ...findings, advice: adviceOn(findings) };
}
