/** Start states as circuits: what amplitude encoding does at once, gates have to do one after the other. */
import { MAX_QUBITS } from '../../assembly/abi/codes.ts';
import type { Circuit, CircuitOperation } from '../api/circuit.ts';
import { isNumbers, refuse } from '../core/checks.ts';

/**
 * A circuit that makes the state x / |x| of |0...0>, x real amplitudes, the first qubit the highest bit of their index:
 * RY on every qubit in turn, by an angle for each value of the qubits before it, taken apart into 2^k RY between CNOTs
 * (M. Mottonen et al., quant-ph/0407010). 2^n - 1 rotations and 2^n - 2 CNOTs at most; what turns nothing is left out.
 * @param amplitudes 2^n numbers, 1 <= n <= 20, or fewer, the rest of them 0
 * @throws OptionError
 */
export function prepareState(amplitudes: ArrayLike<number>, qubits: number): Circuit {
  const size = 2 ** qubits;
  if (!Number.isInteger(qubits) || qubits < 1 || qubits > MAX_QUBITS)
    refuse('qubits', qubits, `a whole number from 1 to ${MAX_QUBITS}`);
  const given = isNumbers(amplitudes) ? Array.from(amplitudes) : [];
  const largest = given.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (given.length > size || !given.every(Number.isFinite) || largest === 0)
    refuse('amplitudes', amplitudes, `at most ${size} finite numbers, not all of them 0`);
  // By the largest, so that no square is too large or too small.
  const state = Float64Array.from({ length: size }, (_, i) => (given[i] ?? 0) / largest);
  return Array.from({ length: qubits }, (_, qubit) => layer(state, qubit, qubits)).flat();
}

/** Euclidean norm of a part. */
const normOf = (state: Float64Array, from: number, to: number): number =>
  Math.hypot(...parts(state, from, to));

/** The norms of a part's pieces, few enough to be arguments. */
function parts(state: Float64Array, from: number, to: number): number[] {
  if (to - from <= 2) return Array.from(state.subarray(from, to));
  const middle = (from + to) / 2;
  return [normOf(state, from, middle), normOf(state, middle, to)];
}

/** RY on one qubit, controlled by all before it. */
function layer(state: Float64Array, qubit: number, qubits: number): CircuitOperation[] {
  const [count, width] = [2 ** qubit, 2 ** (qubits - qubit)];
  const angles = Float64Array.from({ length: count }, (_, value) => {
    const [from, middle, to] = [value * width, (value + 0.5) * width, (value + 1) * width];
    // The last qubit's amplitudes have signs; further up, only sizes are to be split.
    if (width === 2) return 2 * Math.atan2(state[middle] as number, state[from] as number);
    return 2 * Math.atan2(normOf(state, middle, to), normOf(state, from, middle));
  });
  const turns = inGrayOrder(angles);
  if (turns.every((turn) => turn === 0)) return [];
  return Array.from(turns, (offset, i): CircuitOperation[] => {
    const turn: CircuitOperation[] = offset === 0 ? [] : [{ gate: 'ry', qubits: [qubit], angle: { offset } }];
    if (count === 1) return turn;
    // The bit in which the next code differs; behind the last, the highest, which brings all back.
    const bit = i === count - 1 ? qubit - 1 : Math.log2((i + 1) & -(i + 1));
    return [...turn, { gate: 'cnot', qubits: [qubit - 1 - bit, qubit] }];
  }).flat();
}

/**
 * Rotations that between CNOTs in the order of a Gray code g add up to an angle for each value v of the controls: the sum
 * over v of (-1)^|g & v| angle(v), over their number. By the fast Walsh-Hadamard transform.
 */
function inGrayOrder(angles: Float64Array): Float64Array {
  const sums = Float64Array.from(angles);
  for (let half = 1; half < sums.length; half *= 2) {
    for (let from = 0; from < sums.length; from += 2 * half) {
      for (let i = from; i < from + half; i++) {
        const [a, b] = [sums[i] as number, sums[i + half] as number];
        sums[i] = a + b;
        sums[i + half] = a - b;
      }
    }
  }
  return sums.map((_, i) => (sums[i ^ (i >> 1)] as number) / sums.length);
}
