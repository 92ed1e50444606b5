/**
 * Terms that are measured together. Strings that commute have a basis in common: a few turns by pi/2 make Z-type strings of
 * all of them, and then one bitstring says something of each. Groups by sorted insertion (Crawford et al., "Efficient
 * quantum measurement of Pauli operators", 2021): largest coefficients first, each into the first group that it fits.
 */
import type { PauliTerm } from '../api/circuit.ts';
import { pauliMasks } from '../api/circuit.ts';
import { commute, commuteOnEach, type Masks, type Phased, pauliText, times } from './pauli.ts';

/** Which terms may share their shots: all that commute, those that commute on every qubit, or none. */
export type Grouping = (typeof GROUPINGS)[number];
/** All of them. */
export const GROUPINGS = ['commuting', 'qubit-wise', 'none'] as const;

/** exp(-i sign pi/4 P) for a string P. */
export interface Turn extends Masks {
  readonly sign: 1 | -1;
}

/** Terms in a common basis: after the turns, in time order, each is a Z-type string. */
export interface Group {
  readonly turns: readonly Turn[];
  /** Of the terms as they were given. */
  readonly terms: readonly PauliTerm[];
  /** The same behind the turns: Z-type strings, with signs in their coefficients. */
  readonly diagonal: readonly PauliTerm[];
}

/** U P U+ for U = exp(-i sign pi/4 Q): P where they commute, else -i sign Q P. */
export function turned(string: Phased, turn: Turn): Phased {
  if (commute(string, turn)) return string;
  const product = times({ ...turn, phase: 0 }, string);
  return { ...product, phase: (product.phase + (turn.sign === 1 ? 3 : 1)) % 4 };
}

/**
 * A turn that makes Z of a qubit of a string with X or Y there: about Q = +-i Z P, which commutes with all that P and that Z
 * commute with, so that what is Z-type already stays so.
 */
function turnTo(string: Masks, qubit: number): Turn {
  const z = { x: 0, z: 1 << qubit, phase: 0 };
  const product = times(z, { ...string, phase: 0 });
  return { x: product.x, z: product.z, sign: 1 };
}

/** Turns that make all of some commuting strings Z-type: one for each that is not so yet, at most as many as qubits. */
function diagonalising(strings: readonly Masks[]): Turn[] {
  const turns: Turn[] = [];
  for (const string of strings) {
    const now = turns.reduce<Phased>(turned, { ...string, phase: 0 });
    if (now.x !== 0) turns.push(turnTo(now, 31 - Math.clz32(now.x & -now.x)));
  }
  return turns;
}

/** Turns of single qubits for strings that commute on each. */
function diagonalisingEach(strings: readonly Masks[]): Turn[] {
  const all = strings.reduce((one, { x, z }) => ({ x: one.x | x, z: one.z | (x & z) }), { x: 0, z: 0 });
  const turns: Turn[] = [];
  for (let qubit = 0; all.x >>> qubit !== 0; qubit++) {
    const bit = 1 << qubit;
    // Y becomes Z about X, and X about Y.
    if ((all.x & bit) !== 0)
      turns.push((all.z & bit) !== 0 ? { x: bit, z: 0, sign: 1 } : { x: bit, z: bit, sign: -1 });
  }
  return turns;
}

function groupOf(terms: readonly PauliTerm[], masks: readonly Masks[], each: boolean): Group {
  const turns = each ? diagonalisingEach(masks) : diagonalising(masks);
  const diagonal = terms.map(({ coefficient }, i) => {
    const string = turns.reduce<Phased>(turned, { ...masks[i], phase: 0 });
    // The string is Hermitian, so that its phase is a sign.
    return { pauli: pauliText(string), coefficient: string.phase === 0 ? coefficient : -coefficient };
  });
  return { turns, terms, diagonal };
}

/** Groups terms that are not the identity. @param qubits of the strings */
export function groupTerms(terms: readonly PauliTerm[], qubits: number, grouping: Grouping): Group[] {
  const each = grouping === 'qubit-wise';
  const fits = each ? commuteOnEach : commute;
  const groups: { terms: PauliTerm[]; masks: Masks[] }[] = [];
  const sorted = [...terms].sort((a, b) => Math.abs(b.coefficient) - Math.abs(a.coefficient));
  for (const term of sorted) {
    const masks = pauliMasks(term.pauli, qubits);
    const group =
      grouping === 'none' ? undefined : groups.find((one) => one.masks.every((other) => fits(masks, other)));
    if (group === undefined) groups.push({ terms: [term], masks: [masks] });
    else {
      group.terms.push(term);
      group.masks.push(masks);
    }
  }
  return groups.map((group) => groupOf(group.terms, group.masks, each || grouping === 'none'));
}
