/** A question as an OpenQASM 3 program, for services that take such. */
import {
  amplitudes,
  type Basis,
  checkQuestion,
  normOf,
  type Question,
  type QuestionOperation,
} from './question.ts';

/** Two-qubit rotations, which stdgates.inc does not have: ZZ by CNOTs, the others by turning both axes to Z. */
const DEFINITIONS = {
  rzz: 'gate rzz(theta) a, b { cx a, b; rz(theta) b; cx a, b; }',
  rxx: 'gate rxx(theta) a, b { h a; h b; cx a, b; rz(theta) b; cx a, b; h a; h b; }',
  ryy: 'gate ryy(theta) a, b { rx(pi/2) a; rx(pi/2) b; cx a, b; rz(theta) b; cx a, b; rx(-pi/2) a; rx(-pi/2) b; }',
} as const;

/** What turns an axis to Z, before the measurement. */
const TURNS: Readonly<Record<Basis, readonly string[]>> = { I: [], X: ['h'], Y: ['sdg', 'h'], Z: [] };

/** A number as OpenQASM writes it: all digits, and a sign of its own. */
function number(value: number): string {
  const text = String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

/** Euclidean norm of a part of the amplitudes. */
function norm(state: Float64Array, from: number, to: number): number {
  return normOf(state.subarray(from, to));
}

/**
 * The start state out of |0...0>: RY on every qubit in turn, controlled by the qubits before it, one for each of
 * their values (M. Mottonen et al., quant-ph/0407010, before the controls are taken apart).
 */
function preparation(state: Float64Array, qubits: number): string[] {
  const lines: string[] = [];
  for (let qubit = 0; qubit < qubits; qubit++) {
    const width = 2 ** (qubits - qubit);
    for (let value = 0; value < 2 ** qubit; value++) {
      const from = value * width;
      const middle = from + width / 2;
      // The last qubit's amplitudes have signs; further up, only sizes are to be split.
      const last = width === 2;
      const zero = last ? (state[from] as number) : norm(state, from, middle);
      const one = last ? (state[middle] as number) : norm(state, middle, from + width);
      const angle = 2 * Math.atan2(one, zero);
      if (angle === 0) continue;
      const controls = Array.from({ length: qubit }, (_, q) =>
        (value >> (qubit - 1 - q)) & 1 ? 'ctrl @' : 'negctrl @',
      );
      const operands = Array.from({ length: qubit + 1 }, (_, q) => `q[${q}]`);
      lines.push([...controls, `ry(${number(angle)})`, `${operands.join(', ')};`].join(' '));
    }
  }
  return lines;
}

function statement({ gate, qubits, angle }: QuestionOperation): string {
  const operands = qubits.map((qubit) => `q[${qubit}]`).join(', ');
  if (gate === 'cnot') return `cx ${operands};`;
  return gate === 'cz' ? `cz ${operands};` : `${gate}(${number(angle)}) ${operands};`;
}

/**
 * The question as an OpenQASM 3.0 program: the start state prepared by rotations, the circuit, the turns of the
 * bases, and all qubits measured, qubit q into c[q]. How often to run it is the caller's: `question.shots`.
 *
 * Amplitude-encoded samples take up to 2^n - 1 rotations with up to n - 1 controls: exact, but for few qubits only.
 * Services that write c as a text have c[0] last: give `qpu` the `bitOrder` 'qubit-0-last'.
 */
export function toOpenQasm(question: Question): string {
  const { qubits, operations, bases, encoding, step, evaluation, sample } = checkQuestion(question);
  const used = new Set<string>(operations.map(({ gate }) => gate));
  return [
    'OPENQASM 3.0;',
    'include "stdgates.inc";',
    `// step ${step}, sample ${sample}, evaluation ${evaluation}`,
    ...Object.entries(DEFINITIONS).flatMap(([gate, definition]) => (used.has(gate) ? [definition] : [])),
    `qubit[${qubits}] q;`,
    `bit[${qubits}] c;`,
    ...(encoding === 'amplitude' ? preparation(amplitudes(question), qubits) : []),
    ...operations.map(statement),
    ...bases.flatMap((basis, qubit) => TURNS[basis].map((gate) => `${gate} q[${qubit}];`)),
    'c = measure q;',
    '',
  ].join('\n');
}
