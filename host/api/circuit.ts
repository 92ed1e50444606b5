/** Circuits and observables as plain data: what the core's program table is filled from. */
import { MAX_OUTPUTS, MAX_PARAMETERS, MAX_QUBITS, MAX_TERMS, Source } from '../../assembly/abi/codes.ts';
import { choice, integer, isListOf, known, refuse } from '../core/checks.ts';
import { OptionError } from '../core/errors.ts';
import { ALL_GATES, type GateName, hasAngle, isOnTwo, lengthOf } from './gates.ts';

export type { GateName } from './gates.ts';

/** angle = scale * v + offset, v a trainable parameter, an input feature or nothing. */
export interface Angle {
  /** Which trainable parameter v is, from 0. Not together with `feature`. */
  readonly parameter?: number;
  /** Which number of an input row v is, from 0. With neither the angle is `offset`. */
  readonly feature?: number;
  /** Default 1. */
  readonly scale?: number;
  /** Radians; default 0. */
  readonly offset?: number;
}

/** One operation, in time order. Of all gates a global phase is left out, which no measurement shows. */
export interface CircuitOperation {
  /**
   * Rotations about Pauli strings, exp(-i angle/2 P): `rx ry rz rxx ryy rzz`; the same under a control: `crx cry crz`, and
   * `cphase`, e^(i angle) on |11>. Without an angle: `h x y z s sdg t tdg sx`, `cnot cz swap`. With three: OpenQASM's `u`.
   */
  readonly gate: GateName;
  /** One qubit or two, from 0; of controlled gates the control comes first. */
  readonly qubits: readonly [number] | readonly [number, number];
  /** Of rotations and of `cphase`; absent: 0. */
  readonly angle?: Angle;
  /** Of `u`: theta, phi, lambda of OpenQASM's U, radians. */
  readonly angles?: readonly [number, number, number];
}

/** A whole circuit: operations in time order. */
export type Circuit = readonly CircuitOperation[];

/** coefficient * P, P a string such as 'Z0', 'X0 Y2' or '' for the identity. */
export interface PauliTerm {
  /** P: letters X, Y and Z with the number of their qubit, from 0, no qubit twice. */
  readonly pauli: string;
  /** What P is multiplied by: any finite number. */
  readonly coefficient: number;
}

/** One output: a Pauli sum. */
export type Observable = readonly PauliTerm[];

/** Z on each of the first `outputs` qubits, one output each. */
export function zOnEach(outputs: number): readonly Observable[] {
  integer('outputs', outputs, 1, MAX_QUBITS);
  return Array.from({ length: outputs }, (_, qubit) => [{ pauli: `Z${qubit}`, coefficient: 1 }]);
}

/** Operations of the core's table that a circuit fills. */
export function tableLength(circuit: Circuit): number {
  return circuit.reduce((count, { gate }) => count + lengthOf(gate), 0);
}

/** One past the largest parameter of a circuit. */
export function parametersOf(circuit: Circuit): number {
  return circuit.reduce((count, { angle }) => Math.max(count, (angle?.parameter ?? -1) + 1), 0);
}

/** Where an angle takes its value from, in the core's terms. */
export function angleSource({ parameter, feature }: Angle): { source: Source; index: number } {
  if (parameter !== undefined) return { source: Source.Parameter, index: parameter };
  if (feature !== undefined) return { source: Source.Feature, index: feature };
  return { source: Source.Constant, index: 0 };
}

const OPERATION_FIELDS = ['gate', 'qubits', 'angle', 'angles'];
const ANGLE_FIELDS = ['parameter', 'feature', 'scale', 'offset'];

/**
 * Checks a circuit of the caller's own, which may come from JavaScript or from a file.
 * @throws OptionError naming the operation
 */
export function checkCircuit(circuit: Circuit, width: number, features: number): void {
  if (!Array.isArray(circuit)) refuse('circuit', circuit, 'a list of operations');
  const below = (value: number, limit: number) => Number.isInteger(value) && value >= 0 && value < limit;
  for (const [i, operation] of (circuit as Circuit).entries()) {
    const at = `circuit[${i}]`;
    const { gate, qubits, angle = {}, angles } = known(at, operation, OPERATION_FIELDS);
    const single = !isOnTwo(choice(`${at}.gate`, gate, ALL_GATES));
    const { parameter, feature, scale = 1, offset = 0 } = known(`${at}.angle`, angle, ANGLE_FIELDS);
    const onQubits =
      isListOf(qubits, (qubit) => below(qubit as number, width)) &&
      qubits.length === (single ? 1 : 2) &&
      qubits[0] !== qubits[1];
    if (!onQubits) {
      const count = single ? 'one qubit' : 'two different qubits';
      refuse(`${at}.qubits`, qubits, `a list of ${count} from 0 to ${width - 1}`);
    }
    const own = gate === 'u' ? 'angles' : hasAngle(gate) ? 'angle' : undefined;
    for (const name of ['angle', 'angles'] as const) {
      if (operation[name] !== undefined && name !== own)
        refuse(`${at}.${name}`, operation[name], `none: ${gate} takes ${own ?? 'no angle'}`);
    }
    if (angles !== undefined && !(isListOf(angles, Number.isFinite) && angles.length === 3))
      refuse(`${at}.angles`, angles, 'three finite numbers: theta, phi, lambda');
    const source =
      (parameter === undefined || (feature === undefined && below(parameter, MAX_PARAMETERS))) &&
      (feature === undefined || below(feature, features));
    if (!source || ![scale, offset].every(Number.isFinite))
      refuse(
        `${at}.angle`,
        operation.angle,
        `finite numbers, of a parameter or of one of ${features} features`,
      );
  }
}

function unreadable(message: string): never {
  throw new OptionError('ERR_OPTION_VALUE', `observable: ${message}`, 'observable');
}

/** Checks the outputs of the caller's own. @throws OptionError */
export function checkObservables(observables: readonly Observable[], qubits: number): void {
  const sums = Array.isArray(observables) ? observables : [];
  const terms = sums.flat();
  const filled = sums.length > 0 && sums.every((sum) => Array.isArray(sum) && sum.length > 0);
  if (!filled || sums.length > MAX_OUTPUTS || terms.length > MAX_TERMS) {
    unreadable(`expected 1 to ${MAX_OUTPUTS} Pauli sums, none empty, of ${MAX_TERMS} terms at most`);
  }
  for (const term of terms) {
    const { pauli, coefficient } = known('observable', term, ['pauli', 'coefficient']);
    if (typeof pauli !== 'string' || !Number.isFinite(coefficient))
      refuse('observable', term, 'a Pauli string and a finite coefficient');
    pauliMasks(pauli, qubits);
  }
}

/** One Pauli of a string, such as 'Z0'. */
const FACTOR = /^([XYZI])(\d+)$/i;

/** Masks over qubits of a Pauli string such as 'X0 Z3'. @throws OptionError */
export function pauliMasks(pauli: string, qubits: number): { x: number; z: number } {
  let [x, z, seen] = [0, 0, 0];
  for (const factor of pauli.split(/[\s*@]+/).filter((part) => part !== '')) {
    const [, letter = '', digits] = FACTOR.exec(factor) ?? [];
    const qubit = Number(digits);
    if (!(qubit < qubits) || (seen >> qubit) & 1) {
      const expected = `a Pauli on one of the qubits 0 to ${qubits - 1}, each at most once and apart by spaces, such as 'Z0 Z1'`;
      unreadable(`'${factor}' in '${pauli}' is not ${expected}`);
    }
    const bit = 1 << qubit;
    seen |= bit;
    if (/[XY]/i.test(letter)) x |= bit;
    if (/[ZY]/i.test(letter)) z |= bit;
  }
  return { x, z };
}

/** A term: its sign, its coefficient without one, and whatever stands where its Paulis do. */
const TERM = /\s*([+-]?)\s*(?:(\d+\.?\d*(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?)(?![\d.]))?[\s*@]*([^+-]*)/iy;

/**
 * Reads a Pauli sum such as 'Z0', '0.5 Z0 Z1 - 1.2 X2' or 'Z0 + 0.5'.
 * @param qubits that there are, 1 to 20; default as many as there can be, for those of a model are counted where it is made
 * @throws OptionError that names the first character or Pauli that cannot be read
 */
export function parseObservable(text: string, qubits = MAX_QUBITS): Observable {
  if (typeof text !== 'string') refuse('observable', text, "a text such as 'Z0' or '0.5 Z0 Z1 - X2'");
  const terms: PauliTerm[] = [];
  for (let from = 0; from < text.length || terms.length === 0;) {
    TERM.lastIndex = from;
    const [whole = '', sign = '', magnitude, rest = ''] = TERM.exec(text) ?? [];
    const pauli = rest.trim();
    const coefficient = Number(`${sign}${magnitude ?? 1}`);
    if (magnitude === undefined && pauli === '') {
      const expected = "a Pauli sum such as 'Z0' or '0.5 Z0 Z1 - X2'";
      unreadable(`'${text}' has no term at character ${from + 1}; expected ${expected}`);
    }
    if (!Number.isFinite(coefficient)) unreadable(`${magnitude} in '${text}' is too large a coefficient`);
    pauliMasks(pauli, qubits);
    terms.push({ pauli, coefficient });
    from += whole.length;
  }
  return terms;
}
