/**
 * The noise of the QDataSet, in the form of its published code: a number b_j for each of M time steps.
 *
 *   N1, N5: b_j = 2 cos(pi j / M) sum over k < M/2 of sqrt(S_k) cos(phi_k + 2 pi j (k + 1/2) / M), phi_k ~ U(0, 2 pi);
 *           S(f) of N1: f <= 15 ? 1/(f + 1) : 1/16, and a bump e^(-(f - 30)^2 / 50) / 2; of N5: 1/(f + 1)
 *   N2:     0.1 s_j, s_j = sum over i < M/4 of w_(j + i), w ~ N(0, 1)
 *   N3:     0.2 s_j m_j, m_j = 1 - 2 |t_j - 1/2|
 *   N4:     0.01 (s_j m_j)^2
 *   N6:     0.3 times the square of the noise on the axis before
 */
import type { HostRandom } from '../philox.ts';
import { Fourier } from './fft.ts';
import { Normals } from './normal.ts';

/** Kinds of noise on an axis. */
export const NOISES = ['N1', 'N2', 'N3', 'N4', 'N5', 'N6'] as const;
/** One of them. */
export type Noise = (typeof NOISES)[number];

/** Time steps, of a time of 1. */
export const STEPS = 1024;

/** The time of a step: the middle of it. */
export const timeOf = (step: number): number => (step + 0.5) / STEPS;

/** Fills `out`, a number a step. @param before the noise on the axis before, if there is one */
export type NoiseSource = (out: Float64Array, before: Float64Array | undefined) => void;

const HALF = STEPS / 2;
const fourier = /* @__PURE__ */ new Fourier(STEPS);

/** Square roots of a spectral density at the whole frequencies. */
function roots(density: (frequency: number) => number): Float64Array {
  return Float64Array.from({ length: HALF }, (_, f) => Math.sqrt(density(f)));
}

const bumped = (f: number) => (f <= 15 ? 1 / (f + 1) : 1 / 16) + Math.exp(-((f - 30) ** 2) / 50) / 2;
const falling = (f: number) => 1 / (f + 1);

/** Two realisations at a time: they are the real and the imaginary part of one transform. */
function spectral(density: (frequency: number) => number, random: HostRandom): NoiseSource {
  const amplitudes = roots(density);
  const [re, im] = [new Float64Array(STEPS), new Float64Array(STEPS)];
  const spare = new Float64Array(STEPS);
  const table = (of: (angle: number) => number) =>
    Float64Array.from({ length: STEPS }, (_, j) => of((Math.PI * j) / STEPS));
  const [cos, sin] = [table(Math.cos), table(Math.sin)];
  let kept = false;
  const turn = (2 * Math.PI) / 2 ** 32;
  return (out) => {
    if (kept) {
      out.set(spare);
      kept = false;
      return;
    }
    for (let k = 0; k < HALF; k++) {
      const first = turn * random.next();
      const second = turn * random.next();
      const half = amplitudes[k] / 2;
      const c1 = Math.cos(first);
      const s1 = Math.sin(first);
      const c2 = Math.cos(second);
      const s2 = Math.sin(second);
      // (e^(i phi) + i e^(i phi')) / 2 at k + 1/2, and the same of the conjugates at -(k + 1/2).
      re[k] = half * (c1 - s2);
      im[k] = half * (s1 + c2);
      re[STEPS - 1 - k] = half * (c1 + s2);
      im[STEPS - 1 - k] = half * (c2 - s1);
    }
    fourier.transform(re, im);
    for (let j = 0; j < STEPS; j++) {
      out[j] = 2 * cos[j] * (cos[j] * re[j] - sin[j] * im[j]);
      spare[j] = 2 * cos[j] * (cos[j] * im[j] + sin[j] * re[j]);
    }
    kept = true;
  };
}

const WINDOW = STEPS / 4;

/** Sums of a sliding window over normal draws. @param of what a step makes of its sum */
function coloured(of: (sum: number, step: number) => number, random: HostRandom): NoiseSource {
  const normals = new Normals(random);
  const drawn = new Float64Array(STEPS + WINDOW - 1);
  return (out) => {
    for (let i = 0; i < drawn.length; i++) drawn[i] = normals.next();
    let sum = 0;
    for (let i = 0; i < WINDOW - 1; i++) sum += drawn[i];
    for (let j = 0; j < STEPS; j++) {
      sum += drawn[j + WINDOW - 1];
      out[j] = of(sum, j);
      sum -= drawn[j];
    }
  };
}

const swell = (step: number) => 1 - 2 * Math.abs(timeOf(step) - 0.5);

const SOURCES: Readonly<Record<Noise, (random: HostRandom) => NoiseSource>> = {
  N1: (random) => spectral(bumped, random),
  N2: (random) => coloured((sum) => 0.1 * sum, random),
  N3: (random) => coloured((sum, step) => 0.2 * sum * swell(step), random),
  N4: (random) => coloured((sum, step) => 0.01 * (sum * swell(step)) ** 2, random),
  N5: (random) => spectral(falling, random),
  N6: () => (out, before) => {
    for (let j = 0; j < out.length; j++) out[j] = 0.3 * (before as Float64Array)[j] ** 2;
  },
};

/** A source of noise that draws from a stream. N6 needs the axis before. */
export function noiseSource(noise: Noise, random: HostRandom): NoiseSource {
  return SOURCES[noise](random);
}
