/** How much a derivative varies over the starts that a model may have, against what shots can tell. */
import type { ModelOptions, Noise } from '../api/options.ts';
import { anything, integer, optional, record, type Table } from '../core/checks.ts';
import { type Dataset, readDataset } from '../data/dataset.ts';
import { Derivatives } from './derivatives.ts';
import { drawsRead, seedRead } from './readers.ts';

/** What is found of one circuit. */
export interface GradientVariance {
  /** Qubits of the circuit. */
  readonly qubits: number;
  /** Layers of a built-in circuit; undefined of a circuit of one's own. */
  readonly layers: number | undefined;
  /** Parameters of the circuit. */
  readonly parameters: number;
  /** Parameters in the light cone. */
  readonly active: number;
  /** Starts that were drawn. */
  readonly draws: number;
  /** Var(df), the mean over all parameters, divisor draws - 1. */
  readonly mean: number;
  /** Of `mean`, over the draws. */
  readonly standardError: number;
  /** The mean over the parameters in the light cone; 0 without any. */
  readonly meanActive: number;
  /** Var(df) of each parameter. */
  readonly each: readonly number[];
  /** Mean derivative of each parameter over the draws; 0 outside the light cone. */
  readonly means: readonly number[];
  /** The same in its standard errors. */
  readonly t: readonly number[];
  /** Mean of |grad f|^2. */
  readonly gradientSquare: number;
  /** f, an output of the circuit, over the draws. */
  readonly value: {
    /** Its mean. */
    readonly mean: number;
    /** Its variance, divisor draws - 1. */
    readonly variance: number;
  };
}

/** Variance of a derivative's estimate by the parameter shift with M shots a circuit, where f is near 0: 1/(2M). */
export function shotFloor(shots: number): number {
  return 1 / (2 * integer('shots', shots, 1, 2 ** 31));
}

/** How it is drawn. */
interface VarianceOptions {
  /** Starts, 2 to 1,000,000. */
  readonly draws: number;
  /** Of the starts, 0 to 2^53 - 1. */
  readonly seed: number;
  /** Channels behind the gates; default none. */
  readonly noise?: Noise;
}

const OPTIONS: Table<VarianceOptions> = { draws: drawsRead(2), seed: seedRead, noise: optional(anything) };

const sum = (values: readonly number[]) => values.reduce((all, each) => all + each, 0);

/**
 * Var(df) by exact derivatives at `draws` starts, each for a row and an output by lot.
 * @param dataset as the model sees it
 * @throws OptionError, DataError, CoreError
 */
export async function gradientVariance(
  model: ModelOptions,
  dataset: Dataset,
  options: VarianceOptions,
): Promise<GradientVariance> {
  const { draws, seed, noise } = record('gradientVariance', options, OPTIONS);
  const derivatives = await Derivatives.create(model, readDataset(dataset), seed, noise);
  const { model: resolved, active } = derivatives;
  const count = resolved.circuitParameters;
  const gradients: Float64Array[] = [];
  const values: number[] = [];
  for (let draw = 0; draw < draws; draw++) {
    const { gradient, value } = derivatives.draw(draw);
    gradients.push(gradient);
    values.push(value);
  }
  const means = Array.from({ length: count }, (_, d) => sum(gradients.map((g) => g[d])) / draws);
  const each = means.map((mean, d) => sum(gradients.map((g) => (g[d] - mean) ** 2)) / (draws - 1));
  // What a draw adds to the mean over all parameters.
  const parts = gradients.map((g) => sum(means.map((mean, d) => (g[d] - mean) ** 2)) / count);
  const mean = sum(each) / count;
  const spread = Math.sqrt(sum(parts.map((part) => (part - mean) ** 2)) / (draws - 1));
  const centre = sum(values) / draws;
  return {
    ...{ qubits: resolved.qubits, layers: resolved.layers, parameters: count, active, draws },
    ...{
      mean,
      standardError: spread / Math.sqrt(draws),
      meanActive: active === 0 ? 0 : (mean * count) / active,
    },
    ...{ each, means, t: means.map((m, d) => (each[d] > 0 ? m / Math.sqrt(each[d] / draws) : 0)) },
    gradientSquare: sum(gradients.map((g) => sum([...g].map((x) => x * x)))) / draws,
    value: { mean: centre, variance: sum(values.map((v) => (v - centre) ** 2)) / (draws - 1) },
  };
}
