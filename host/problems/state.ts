/**
 * The state that a circuit ends in, for what the core does not hand out: bitstrings of all qubits. Amplitude b has qubit q in
 * bit q. Rotations are exp(-i angle/2 P), as everywhere.
 */
import type { OperationName } from '../api/choices.ts';
import { type Circuit, pauliMasks } from '../api/circuit.ts';
import { tableOperations } from '../api/gates.ts';
import { bitCount, type Masks } from './pauli.ts';

/** Amplitudes, real and imaginary parts apart. */
export interface State {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

/** The letters of each rotation of the core's table. */
const LETTERS: Readonly<Record<Exclude<OperationName, 'cnot' | 'cz'>, string>> = {
  ...{ rx: 'X', ry: 'Y', rz: 'Z', rxx: 'X', ryy: 'Y', rzz: 'Z' },
};

/** exp(-i angle/2 P) for a diagonal P: a phase for each sign. */
function turnDiagonal({ re, im }: State, z: number, cos: number, sin: number): void {
  for (let b = 0; b < re.length; b++) {
    const s = (bitCount(b & z) & 1) === 0 ? -sin : sin;
    const [x, y] = [re[b], im[b]];
    re[b] = cos * x - s * y;
    im[b] = cos * y + s * x;
  }
}

/** The same for any other: P|b> = i^|x & z| (-1)^|b & z| |b ^ x>. */
function turnPairs({ re, im }: State, { x, z }: Masks, cos: number, sin: number): void {
  const pivot = x & -x;
  const odd = (bitCount(x & z) & 1) === 1;
  // -i times i^|x & z| is -i, 1, i or -1: imaginary where |x & z| is even.
  const factor = odd ? [0, 1, 0, -1][bitCount(x & z) % 4] : [-1, 0, 1, 0][bitCount(x & z) % 4];
  for (let b = 0; b < re.length; b++) {
    if ((b & pivot) !== 0) continue;
    const c = b ^ x;
    // What b gives to c, and c to b.
    const to = (bitCount(b & z) & 1) === 0 ? sin * factor : -sin * factor;
    const back = (bitCount(c & z) & 1) === 0 ? sin * factor : -sin * factor;
    const [br, bi, cr, ci] = [re[b], im[b], re[c], im[c]];
    if (odd) {
      re[b] = cos * br + back * cr;
      im[b] = cos * bi + back * ci;
      re[c] = cos * cr + to * br;
      im[c] = cos * ci + to * bi;
    } else {
      re[b] = cos * br - back * ci;
      im[b] = cos * bi + back * cr;
      re[c] = cos * cr - to * bi;
      im[c] = cos * ci + to * br;
    }
  }
}

function flip({ re, im }: State, control: number, target: number): void {
  const [on, bit] = [1 << control, 1 << target];
  for (let b = 0; b < re.length; b++) {
    if ((b & on) === 0 || (b & bit) !== 0) continue;
    const c = b | bit;
    [re[b], re[c]] = [re[c], re[b]];
    [im[b], im[c]] = [im[c], im[b]];
  }
}

function sign({ re, im }: State, mask: number): void {
  for (let b = 0; b < re.length; b++) {
    if ((b & mask) !== mask) continue;
    re[b] = -re[b];
    im[b] = -im[b];
  }
}

/** The state behind a circuit without features that starts in |0...0>. */
export function stateOf(circuit: Circuit, qubits: number, parameters: ArrayLike<number>): State {
  const state = { re: new Float64Array(2 ** qubits), im: new Float64Array(2 ** qubits) };
  state.re[0] = 1;
  for (const { gate, qubits: on, angle = {}, angles } of circuit) {
    const value = angle.parameter === undefined ? 0 : parameters[angle.parameter];
    for (const part of tableOperations(gate, on, angle, angles)) {
      const [a, b = a] = part.qubits;
      if (part.operation === 'cnot') flip(state, a, b);
      else if (part.operation === 'cz') sign(state, (1 << a) | (1 << b));
      else {
        const half = ((part.driven ? part.scale * value : 0) + part.offset) / 2;
        const letter = LETTERS[part.operation];
        const masks = pauliMasks(a === b ? `${letter}${a}` : `${letter}${a} ${letter}${b}`, qubits);
        if (masks.x === 0) turnDiagonal(state, masks.z, Math.cos(half), Math.sin(half));
        else turnPairs(state, masks, Math.cos(half), Math.sin(half));
      }
    }
  }
  return state;
}

/** Probabilities of all bitstrings; bit q of an index is qubit q. */
export function probabilitiesOf({ re, im }: State): Float64Array {
  return re.map((value, b) => value * value + im[b] * im[b]);
}
