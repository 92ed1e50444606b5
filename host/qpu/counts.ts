/** What a quantum processor answers: how often it measured which outcome. */
import { shown } from '../core/checks.ts';
import type { Question } from './question.ts';

/**
 * Counts of outcomes, as entries (a `Map` is such) or as a record of texts.
 *
 * An outcome is a number, a mask in which bit q is set where qubit q gave -1 (its |1>), or a text of n
 * characters '0' and '1', by default qubit 0 first. Qubits that were not asked for may be anything. An outcome
 * may come more than once: its counts are added up.
 */
export type Counts =
  Iterable<readonly [outcome: number | string, count: number]> | Readonly<Record<string, number>>;

/** Where the character of qubit 0 can be in an outcome's text. */
export const BIT_ORDERS = ['qubit-0-first', 'qubit-0-last'] as const;

/** Where the character of qubit 0 is in an outcome's text; Qiskit has it last. */
export type BitOrder = (typeof BIT_ORDERS)[number];

/** Counts that cannot be the answer; the message says what was wrong and what was expected. */
export class BadCounts extends Error {}

/** An outcome as a mask over qubits. @throws BadCounts */
function maskOf(outcome: number | string, qubits: number, order: BitOrder): number {
  if (typeof outcome === 'string' && outcome.length === qubits && /^[01]*$/.test(outcome)) {
    // In a binary number the first character is the highest bit.
    return Number.parseInt(order === 'qubit-0-last' ? outcome : [...outcome].reverse().join(''), 2);
  }
  if (Number.isInteger(outcome) && (outcome as number) >= 0 && (outcome as number) < 2 ** qubits) {
    return outcome as number;
  }
  const expected = `a mask from 0 to ${2 ** qubits - 1} or a text of ${qubits} characters 0 and 1`;
  throw new BadCounts(`there is no outcome ${shown(outcome)}; expected ${expected}`);
}

function entriesOf(counts: Counts): Iterable<readonly [number | string, number]> {
  if (typeof counts !== 'object' || counts === null) {
    throw new BadCounts(`the answer is ${shown(counts)}; expected counts of outcomes`);
  }
  return Symbol.iterator in counts ? (counts as Iterable<readonly [number, number]>) : Object.entries(counts);
}

/**
 * Checks counts and adds them up by their outcomes.
 * @returns counts by masks over qubits, none of them zero
 * @throws BadCounts
 */
export function tally(counts: Counts, { qubits, shots }: Question, order: BitOrder): Map<number, number> {
  const sums = new Map<number, number>();
  let total = 0;
  for (const entry of entriesOf(counts)) {
    if (!Array.isArray(entry) || entry.length !== 2) {
      throw new BadCounts(
        `the answer has an entry ${shown(entry)}; expected pairs of an outcome and a count`,
      );
    }
    const [outcome, count] = entry as [number | string, number];
    const mask = maskOf(outcome, qubits, order);
    if (!Number.isInteger(count) || count < 0 || count > shots) {
      const expected = `a whole number from 0 to ${shots}`;
      throw new BadCounts(`the count of outcome ${shown(outcome)} is ${shown(count)}; expected ${expected}`);
    }
    if (count > 0) sums.set(mask, (sums.get(mask) ?? 0) + count);
    total += count;
  }
  if (total !== shots) throw new BadCounts(`the counts sum to ${total}; expected the ${shots} shots`);
  return sums;
}
