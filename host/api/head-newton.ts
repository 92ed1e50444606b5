/**
 * The linear head that fits measured outputs best, by Newton's method. With phi = (f, 1) of a sample whose outputs f were
 * measured, V the covariance of f, l' and l'' the derivatives of its loss by its logits z_c = w_c . f + b_c, and w its weight,
 *
 *   g_c  = mean w [ l'_c phi - (V q_c, 0) ] + r (w_c, 0),     q_c = sum_d l''_cd w_d
 *   H_cd = mean w [ l''_cd (phi phi^T - V (+) 0) ] + r I of c = d
 *
 * where V takes off what shot noise adds, as in assembly/loss/head-sums.ts: E[l'(z) f] of noisy f has l'' V w more than of the
 * true outputs. Of the squared error both are unbiased; of the cross-entropy l''' (w . V w) / 2 is left, which with the ridge
 * fits better than without it. Of all iterates the one with the least |g|
 * is taken, so that the head is never worse than it was by that.
 */
import { exponential } from './exponential.ts';

/** What was measured. */
export interface MeasuredOutputs {
  /** Outputs f: samples x width, row-major. */
  readonly means: Float64Array;
  /** Of each sample the lower half of V, row by row. */
  readonly covariances: Float64Array;
  readonly width: number;
}

/** What they are held against. */
export interface HeadTask {
  readonly logits: number;
  readonly loss: 'mse' | 'bce';
  /** Of each sample its class, or of the squared error what z is to be. */
  readonly wanted: ArrayLike<number>;
  /** Of each sample, of mean 1; absent: all alike. */
  readonly weights?: ArrayLike<number>;
  /** r */
  readonly ridge: number;
}

const MOST_ITERATIONS = 50;

/** A step is at most so long, and one that is shorter is the last. */
const LONGEST = 1;
const SHORTEST = 1e-9;

/** Where H is not positive definite: what is added to its diagonal at first, and how often it may be doubled. */
const DAMPING = 1e-3;
const DOUBLINGS = 30;

/** g and H of a head. */
interface Score {
  readonly gradient: Float64Array;
  /** The whole matrix, row-major. */
  readonly curvature: Float64Array;
}

/** l' of each logit. @param bends filled with l'', row-major */
function slopesOf(
  z: Float64Array,
  wanted: number,
  loss: HeadTask['loss'],
  bends: Float64Array,
): Float64Array {
  if (loss === 'mse') {
    bends[0] = 2;
    return z.map((value) => 2 * (value - wanted));
  }
  if (z.length === 1) {
    const [value] = z as unknown as [number];
    const e = exponential(-Math.abs(value));
    const chance = (value > 0 ? 1 : e) / (1 + e);
    bends[0] = e / (1 + e) ** 2;
    return z.map(() => chance - wanted);
  }
  const top = z.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const powers = z.map((value) => exponential(value - top));
  const all = powers.reduce((sum, power) => sum + power, 0);
  const chances = powers.map((power) => power / all);
  chances.forEach((p, c) => {
    chances.forEach((q, d) => {
      bends[c * z.length + d] = p * (Number(c === d) - q);
    });
  });
  return chances.map((p, c) => p - Number(c === wanted));
}

/** g and H. @param head of each logit its weights, then its bias */
function scoreOf({ means, covariances, width }: MeasuredOutputs, task: HeadTask, head: Float64Array): Score {
  const { logits, loss, wanted, weights, ridge } = task;
  const each = width + 1;
  const size = logits * each;
  const gradient = new Float64Array(size);
  const curvature = new Float64Array(size * size);
  const samples = means.length / width;
  const bends = new Float64Array(logits * logits);
  const phi = new Float64Array(each).fill(1);
  const half = (width * (width + 1)) / 2;
  for (let sample = 0; sample < samples; sample++) {
    const share = (weights?.[sample] ?? 1) / samples;
    phi.set(means.subarray(sample * width, (sample + 1) * width));
    const noise = (i: number, j: number) => {
      const [a, b] = i < j ? [j, i] : [i, j];
      return covariances[sample * half + (a * (a + 1)) / 2 + b] as number;
    };
    const z = Float64Array.from({ length: logits }, (_, c) =>
      phi.reduce((sum, value, i) => sum + value * (head[c * each + i] as number), 0),
    );
    const slopes = slopesOf(z, wanted[sample] as number, loss, bends);
    for (let c = 0; c < logits; c++) {
      for (let i = 0; i < each; i++) {
        const row = c * each + i;
        let slope = (slopes[c] as number) * (phi[i] as number);
        for (let d = 0; d < logits; d++) {
          const bend = bends[c * logits + d] as number;
          for (let j = 0; j < each; j++) {
            const spread = i < width && j < width ? noise(i, j) : 0;
            slope -= bend * spread * (head[d * each + j] as number);
            const at = row * size + d * each + j;
            curvature[at] =
              (curvature[at] as number) + share * bend * ((phi[i] as number) * (phi[j] as number) - spread);
          }
        }
        gradient[row] = (gradient[row] as number) + share * slope;
      }
    }
  }
  for (let row = 0; row < size; row++) {
    if (row % each < width) gradient[row] = (gradient[row] as number) + ridge * (head[row] as number);
    curvature[row * size + row] = (curvature[row * size + row] as number) + ridge;
  }
  return { gradient, curvature };
}

/** (H + d I)^-1 g by Cholesky; undefined where the matrix is not positive definite. */
function solved({ gradient, curvature }: Score, damping: number): Float64Array | undefined {
  const size = gradient.length;
  const factor = new Float64Array(size * size);
  const step = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    let right = gradient[i] as number;
    for (let j = 0; j <= i; j++) {
      let value = (curvature[i * size + j] as number) + (i === j ? damping : 0);
      for (let k = 0; k < j; k++)
        value -= (factor[i * size + k] as number) * (factor[j * size + k] as number);
      if (i === j && !(value > 0)) return undefined;
      factor[i * size + j] = i === j ? Math.sqrt(value) : value / (factor[j * size + j] as number);
      if (j < i) right -= (factor[i * size + j] as number) * (step[j] as number);
    }
    step[i] = right / (factor[i * size + i] as number);
  }
  for (let i = size - 1; i >= 0; i--) {
    let value = step[i] as number;
    for (let k = i + 1; k < size; k++) value -= (factor[k * size + i] as number) * (step[k] as number);
    step[i] = value / (factor[i * size + i] as number);
  }
  return step;
}

/** A Newton step, with as much damping as it takes; undefined where none helps. */
function stepOf(score: Score): Float64Array | undefined {
  for (let i = 0, damping = 0; i <= DOUBLINGS; i++, damping = damping === 0 ? DAMPING : 2 * damping) {
    const step = solved(score, damping);
    if (step?.every(Number.isFinite)) return step;
  }
  return undefined;
}

const lengthOf = (vector: Float64Array) => Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));

/**
 * Fits a head.
 * @param start of each logit its weights, then its bias: where the iteration starts
 * @returns the head that fits best, in the same order
 */
export function fittedHead(measured: MeasuredOutputs, task: HeadTask, start: Float64Array): Float64Array {
  let head = start;
  let [best, least] = [start, Number.POSITIVE_INFINITY];
  for (let i = 0; i <= MOST_ITERATIONS; i++) {
    const score = scoreOf(measured, task, head);
    const size = lengthOf(score.gradient);
    if (size < least) [best, least] = [head, size];
    const step = stepOf(score);
    if (step === undefined) break;
    const length = lengthOf(step);
    if (length < SHORTEST) break;
    const share = Math.min(1, LONGEST / length);
    head = head.map((value, k) => value - share * (step[k] as number));
  }
  return best;
}
