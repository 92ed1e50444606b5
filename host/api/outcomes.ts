/** From expectations of Z strings to probabilities of bit strings, and to draws from them. */
import { HostRandom } from '../data/philox.ts';

/** What measuring some qubits gave, shot by shot. */
export interface Sample {
  /** The outcome of each shot, in the order drawn: bits as in `probabilities`. */
  readonly outcomes: Uint32Array;
  /** How often each outcome came that came at all, by its text: the first measured qubit first. In ascending order. */
  readonly counts: ReadonlyMap<string, number>;
}

/** The Z string of a set of measured qubits, such as 'Z0 Z3': the first of them is the highest bit of the set. */
export function zString(set: number, measured: readonly number[]): string {
  const top = measured.length - 1;
  return measured.flatMap((qubit, place) => ((set >> (top - place)) & 1 ? [`Z${qubit}`] : [])).join(' ');
}

/**
 * Probabilities of all outcomes, by the fast Walsh-Hadamard transform p(k) = 2^-m sum_S (-1)^|S & k| <Z_S>.
 * @param expectations of all 2^m sets of the m qubits, the first of them 1; becomes the probabilities
 */
export function transform(expectations: Float64Array): Float64Array {
  const size = expectations.length;
  for (let half = 1; half < size; half *= 2) {
    for (let from = 0; from < size; from += 2 * half) {
      for (let i = from; i < from + half; i++) {
        const [a, b] = [expectations[i] as number, expectations[i + half] as number];
        expectations[i] = a + b;
        expectations[i + half] = a - b;
      }
    }
  }
  // Rounding may leave an impossible outcome a little below zero.
  return expectations.map((sum) => Math.max(0, sum / size));
}

/** Uniform over [0, 1), 53 bits. */
const uniform = (random: HostRandom) => ((random.next() >>> 5) * 2 ** 26 + (random.next() >>> 6)) / 2 ** 53;

/** Draws outcomes from their probabilities, from the host's stream of a seed. @throws OptionError for a seed that is none */
export function draw(probabilities: Float64Array, shots: number, seed: number): Sample {
  const random = new HostRandom(seed);
  const width = Math.log2(probabilities.length);
  let total = 0;
  const sums = probabilities.map((probability) => (total += probability));
  const outcomes = Uint32Array.from({ length: shots }, () => {
    const u = uniform(random) * total;
    let outcome = 0;
    // The first whose running sum is beyond u; all below `outcome` are not.
    for (let half = sums.length / 2; half >= 1; half /= 2) {
      if ((sums[outcome + half - 1] as number) <= u) outcome += half;
    }
    return outcome;
  });
  const tally = new Map<number, number>();
  for (const outcome of Uint32Array.from(outcomes).sort()) tally.set(outcome, (tally.get(outcome) ?? 0) + 1);
  const counts = new Map([...tally].map(([outcome, n]) => [outcome.toString(2).padStart(width, '0'), n]));
  return { outcomes, counts };
}
