/** Qubits and bits by their names in a program. */
import type { Operand } from './ast.ts';
import { indexed, type Value } from './evaluate.ts';
import type { Machine } from './machine.ts';

/** Some qubits; a single one is no register of one. */
interface Qubits {
  readonly qubits: readonly number[];
  readonly single: boolean;
}

function valueOf(machine: Machine, operand: Operand): Value {
  if (operand.name.startsWith('$')) return machine.hardwareQubit(operand.name, operand);
  const name = { text: operand.name, from: operand.from, to: operand.from + operand.name.length };
  let value = machine.lookup(name);
  for (const index of operand.indices) value = indexed(value, index, operand, machine);
  return value;
}

/** The qubits of an operand. @throws QasmError */
export function qubitsOf(machine: Machine, operand: Operand): Qubits {
  const value = valueOf(machine, operand);
  if (value.type === 'qubits') return value;
  return machine.fail('ERR_QASM_TYPE', `'${operand.name}' is not made of qubits`, operand);
}

/** The bits of an operand. @throws QasmError */
export function bitsOf(machine: Machine, operand: Operand): readonly number[] {
  const value = valueOf(machine, operand);
  if (value.type === 'bits') return value.bits;
  return machine.fail('ERR_QASM_TYPE', `'${operand.name}' is not made of classical bits`, operand);
}
