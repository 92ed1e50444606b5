/** What follows from an option's row: whether it has to be set, its range in words, its default as a number. */
import { ENUMERATIONS, type MemberRow } from '../../../assembly/abi/enumerations.table.ts';
import { type LimitRow, LIMITS } from '../../../assembly/abi/limits.table.ts';
import { type OptionRow, OPTIONS } from '../../../assembly/abi/options.table.ts';
import { byNumber } from './text.ts';

/** All options, by their keys. */
export const ROWS: readonly OptionRow[] = byNumber<OptionRow>(OPTIONS);

/** A limit as a literal, in C and TypeScript alike. */
export function literal({ value, float }: LimitRow): string {
  return float && Number.isInteger(value) ? value.toFixed(1) : String(value);
}

/** The value of a limit. */
export function limit(name: string): number {
  const row = LIMITS.find((each) => each.name === name);
  if (row === undefined) throw new Error(`there is no limit ${name}`);
  return row.value;
}

/** The members of the enumeration of a choice. */
export function membersOf(name: string): readonly MemberRow[] {
  const row = ENUMERATIONS.find((each) => each.name === name);
  if (row === undefined) throw new Error(`there is no enumeration ${name}`);
  return row.members;
}

/** Whether 0, which an option is that was never set, is out of its range. */
export function isRequired(row: OptionRow): boolean {
  return row.kind === 'rate' || (row.kind === 'whole' && row.least === 1);
}

/** The range in words; undefined of a choice, whose members say it. */
export function rangeText(row: OptionRow): string | undefined {
  switch (row.kind) {
    case 'whole':
      return `${row.least} to ${row.most}`;
    case 'rate':
      return 'LEAST_RATE to GREATEST_RATE';
    case 'decay':
      return '0 to below 1';
    case 'share':
      return `0 to ${row.most}`;
    case 'count':
      return 'a whole number from 0 to 2^53';
    case 'flag':
      return '0 or 1';
    case 'seed word':
      return '0 to 2^32 - 1';
    case 'choice':
      return undefined;
  }
}

/** The member that is the default of a choice. */
export function defaultMember(row: OptionRow): MemberRow | undefined {
  if (row.kind !== 'choice') return undefined;
  return membersOf(row.of).find(({ word }) => word === row.default);
}
