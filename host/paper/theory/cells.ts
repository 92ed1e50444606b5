/** Cells of the theory: what runners work out, with the types that their answers have. */
import type { Json } from '../../study/cell.ts';
import type { Results, Scope, ValueCell } from '../experiment.ts';
import { commandOf } from '../judge.ts';
import type { RunnerName } from '../runners/names.ts';
import type { Verdict } from '../section.ts';

/** A cell whose answer is a `T`. */
export interface Asked<T> {
  readonly cell: ValueCell;
  /** Never there: the type of the answer. */
  readonly answer?: T;
}

/** A cell. @param seconds that it takes, about */
export function asked<T>(runner: RunnerName, name: string, input: object, seconds: number): Asked<T> {
  // What is undefined is no part of a cell's text.
  const plain = JSON.parse(JSON.stringify(input)) as Json;
  return { cell: { kind: 'value', runner, name, input: plain, seconds } };
}

/** What a cell came to; undefined where it has no value, and of a cell that says so itself. */
export function answered<T>(results: Results, { cell }: Asked<T>): T | undefined {
  return (results.value(cell) ?? undefined) as T | undefined;
}

/** What verdicts of an experiment share. */
export const judged = (
  id: string,
  scope: Scope,
  seeds = scope.seeds.length,
): Pick<Verdict, 'seeds' | 'command'> => ({
  seeds,
  command: commandOf(id, scope),
});

/** A share in a sentence. */
export const share = (value: number | null | undefined): string =>
  value === null || value === undefined
    ? '-'
    : `${(100 * value).toFixed(value !== 0 && value < 0.1 ? 1 : 0)} %`;
