/** What tests keep of programs in OpenQASM: short texts of circuits, of values and of refusals. */
import type { Angle, Circuit } from '../../../host/api/circuit.ts';
import type { Affine } from '../../../host/qasm/affine.ts';
import type { Value } from '../../../host/qasm/evaluate.ts';
import { QasmError } from '../../../host/qasm/index.ts';

/** Six digits, which no engine rounds otherwise. */
export const rounded = (value: number): string => String(Number(value.toPrecision(6)));

/** `0.5 x1 + 2`: scale, driver and offset. */
function angleText({ parameter, feature, scale = 1, offset }: Angle): string {
  const driver =
    parameter !== undefined ? `p${parameter}` : feature !== undefined ? `f${feature}` : undefined;
  const parts = driver === undefined ? [] : [`${scale === 1 ? '' : `${rounded(scale)} `}${driver}`];
  return [...parts, ...(offset === undefined ? [] : [rounded(offset)])].join(' + ');
}

/** `rx(0.5 p1 + 2) 0; cnot 0 1`. */
export const circuitText = (circuit: Circuit): string =>
  circuit
    .map(({ gate, qubits, angle, angles }) => {
      const numbers = angles ? angles.map(rounded).join(', ') : angle && angleText(angle);
      return `${gate}${numbers === undefined ? '' : `(${numbers})`} ${qubits.join(' ')}`;
    })
    .join('; ');

const affineText = ({ constant, terms }: Affine): string =>
  [...Array.from(terms, ([input, scale]) => `${rounded(scale)} i${input}`), rounded(constant)].join(' + ');

/** `int 3`, `real 2 i0 + 0.5`, `qubits 0 1`, `list (int 1, int 2)`; -0 is told from 0. */
export function valueText(value: Value): string {
  switch (value.type) {
    case 'int':
      return `int ${Object.is(value.value, -0) ? '-0' : value.value}`;
    case 'bool':
      return `bool ${value.value}`;
    case 'real':
      return `real ${affineText(value.value)}`;
    case 'qubits':
      return `qubits ${value.qubits.join(' ')}${value.single ? ', single' : ''}`;
    case 'bits':
      return `bits ${value.bits.join(' ')}${value.single ? ', single' : ''}`;
    case 'list':
      return `list (${value.entries.map(valueText).join(', ')})`;
  }
}

/** What a call says, or the place, the sentence and, between quotes, the text above the carets of what it throws. */
export function said(call: () => string): string {
  try {
    return call();
  } catch (error) {
    if (!(error instanceof QasmError)) throw error;
    const [line, carets] = error.excerpt;
    const marked = Array.from(line).slice(carets.indexOf('^'), carets.length).join('');
    return `${error.code.replace('ERR_QASM_', '')} ${error.message} »${marked}«`;
  }
}

/** Cases, a line each, with what they say. */
export const table = (cases: readonly string[], say: (text: string) => string): string =>
  cases.map((text) => `${text.replaceAll('\n', '⏎').padEnd(24)} → ${said(() => say(text))}\n`).join('');
