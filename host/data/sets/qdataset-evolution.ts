/**
 * One qubit under pulses and noise for a time of 1, step by step: H_j = (Omega + n_z) Z/2 + (f_x + n_x) X/2 + f_y Y/2,
 * U = product of exp(-i H_j / M), later steps to the left.
 */
import type { HostRandom } from '../philox.ts';
import { STEPS, timeOf } from './qdataset-noise.ts';

/** How a pulse looks. */
export type PulseShape = 'gaussian' | 'square';

/** Pulses on one axis. */
export interface Pulses {
  readonly amplitudes: readonly number[];
  /** Their middles. */
  readonly times: readonly number[];
}

/** Pulses on an axis, and their width. */
export const PULSES = 5;
const WIDTH = 1 / (2 * PULSES);
const STRONGEST = 100;
const GAP = 12;

/** Random pulses: A ~ U(-100, 100), at times that leave them apart. */
export function drawPulses(random: HostRandom): Pulses {
  const amplitudes = Array.from({ length: PULSES }, () => STRONGEST * (2 * random.uniform() - 1));
  const room = (1 - PULSES * WIDTH) / (PULSES + 1) - WIDTH / 2;
  let shift = 0;
  const times = Array.from({ length: PULSES }, (_, k) => {
    shift += WIDTH / 2 + random.uniform() * room;
    return shift + (k + 0.5) * WIDTH;
  });
  return { amplitudes, times };
}

/** The strength of pulses at every step. */
export function waveform({ amplitudes, times }: Pulses, shape: PulseShape): Float64Array {
  const deviation = WIDTH / 6;
  const pulse = {
    gaussian: (distance: number) => Math.exp(-((distance / deviation) ** 2) / 2),
    square: (distance: number) => (Math.abs(distance) < WIDTH / 2 ? 1 : 0),
  }[shape];
  return Float64Array.from({ length: STEPS }, (_, j) =>
    amplitudes.reduce((sum, amplitude, k) => sum + amplitude * pulse(timeOf(j) - times[k]), 0),
  );
}

/** What drives a qubit, a number a step each; noise is added to x and z. */
export interface Drive {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly noiseX: Float64Array;
  readonly noiseZ: Float64Array;
}

/** Squares of angles up to which the series below are exact in double precision. */
const SMALL = 0.05;

/**
 * Adds to `sum`, 3 x 3 and row-major, how U turns the Bloch vector: row i, column j is tr[s_i U s_j U^dagger] / 2 of
 * the Pauli matrices s.
 */
export function addRotation({ x, y, noiseX, noiseZ }: Drive, sum: Float64Array): void {
  const half = 0.5 / STEPS;
  // U = a - i (b X + c Y + d Z).
  let a = 1;
  let b = 0;
  let c = 0;
  let d = 0;
  for (let j = 0; j < STEPS; j++) {
    const hx = half * (x[j] + noiseX[j]);
    const hy = half * y[j];
    const hz = half * (GAP + noiseZ[j]);
    const square = hx * hx + hy * hy + hz * hz;
    let cos: number;
    let sinc: number;
    if (square < SMALL) {
      cos =
        1 +
        square * (-1 / 2 + square * (1 / 24 + square * (-1 / 720 + square * (1 / 40320 - square / 3628800))));
      sinc =
        1 +
        square *
          (-1 / 6 + square * (1 / 120 + square * (-1 / 5040 + square * (1 / 362880 - square / 39916800))));
    } else {
      const angle = Math.sqrt(square);
      cos = Math.cos(angle);
      sinc = Math.sin(angle) / angle;
    }
    const p = sinc * hx;
    const q = sinc * hy;
    const r = sinc * hz;
    const a1 = cos * a - p * b - q * c - r * d;
    const b1 = cos * b + a * p + q * d - r * c;
    const c1 = cos * c + a * q + r * b - p * d;
    d = cos * d + a * r + p * c - q * b;
    a = a1;
    b = b1;
    c = c1;
  }
  sum[0] += a * a + b * b - c * c - d * d;
  sum[1] += 2 * (b * c - a * d);
  sum[2] += 2 * (b * d + a * c);
  sum[3] += 2 * (b * c + a * d);
  sum[4] += a * a - b * b + c * c - d * d;
  sum[5] += 2 * (c * d - a * b);
  sum[6] += 2 * (b * d - a * c);
  sum[7] += 2 * (c * d + a * b);
  sum[8] += a * a - b * b - c * c + d * d;
}
