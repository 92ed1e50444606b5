/** Noise-induced plateaus: how much smaller derivatives become with each layer of a noisy circuit. */
import { type ModelOptions, type Noise, resolveModel } from '../api/options.ts';
import { CoreError, OptionError } from '../core/errors.ts';
import type { Dataset } from '../data/dataset.ts';
import { gradientVariance } from './variance.ts';

/** A depth with and without noise. */
export interface NoisyDepth {
  /** Layers of the circuit. */
  readonly layers: number;
  /** Var(df), the mean over all parameters, without noise. */
  readonly noiseless: number;
  /** The same with noise, from the same starts. */
  readonly noisy: number;
}

/** What noise does. */
export interface NoiseDecay {
  /** 1 and 2 layers, the model's, and twice as many, as far as they can be run; fewest first. */
  readonly depths: readonly NoisyDepth[];
  /** Var(df) with noise is that without times exp(-rate L), by a line through the depths; null with fewer than two. */
  readonly rate: number | null;
  /** Layers at which Var(df) with noise falls below the shot floor, on both lines; null where it does not by 1000. */
  readonly layersToFloor: number | null;
}

/** Qubits of a mixed state, at most, that many draws can be made of. */
const MOST_QUBITS = 7;

/** The depths of a built-in circuit; undefined for one's own, and for too many qubits. @throws CoreError */
export async function noiseDecay(
  model: ModelOptions,
  dataset: Dataset,
  { noise, draws, seed, floor }: { noise: Noise; draws: number; seed: number; floor: number },
): Promise<NoiseDecay | undefined> {
  const { layers, qubits } = resolveModel(model);
  if (layers === undefined || qubits > MOST_QUBITS) return undefined;
  const depths: NoisyDepth[] = [];
  for (const l of [...new Set([1, 2, layers, 2 * layers])].sort((a, b) => a - b)) {
    const changed = { ...model, layers: l };
    try {
      const without = await gradientVariance(changed, dataset, { draws, seed });
      // The same draws: the ratio moves less than either.
      const withNoise = await gradientVariance(changed, dataset, { draws, seed, noise });
      depths.push({ layers: l, noiseless: without.mean, noisy: withNoise.mean });
    } catch (error) {
      if (!(error instanceof OptionError || error instanceof CoreError)) throw error;
    }
  }
  const ratios = depths.flatMap(({ layers: l, noiseless, noisy }) =>
    noiseless > 0 && noisy > 0 ? [{ l, log: Math.log(noisy / noiseless), size: Math.log(noiseless) }] : [],
  );
  if (ratios.length < 2) return { depths, rate: null, layersToFloor: null };
  // Through the origin: without layers there is no noise.
  const squares = ratios.reduce((all, { l }) => all + l * l, 0);
  const rate = -ratios.reduce((all, { l, log }) => all + l * log, 0) / squares;
  // Deep circuits are no longer smaller without noise: the last depth stands for all beyond.
  const deepest = ratios[ratios.length - 1];
  const left = (deepest.size - Math.log(floor)) / Math.max(rate, 1e-12);
  const layersToFloor = left < 1000 ? Math.max(1, Math.ceil(left)) : null;
  return { depths, rate, layersToFloor };
}
