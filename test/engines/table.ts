/** The matrix as text. */
import { BUILDS, LISTS, runs } from './builds.ts';
import type { Row } from './matrix.ts';

const NAME_WIDTH = 20;
const CELL_WIDTH = 18;

/** The columns: every list on every build that runs it. */
const COLUMNS = LISTS.flatMap((list) =>
  BUILDS.filter((build) => runs(build, list)).map((build) => ({ list, build })),
);

/** Short names for narrow columns. */
const SHORT: Readonly<Record<string, string>> = {
  'device-columns-f32': 'columns-f32',
  'device-fast': 'fast',
  'device-fast-f32': 'fast-f32',
  'device-f32': 'dev-f32',
};

/** The two lines above the rows. */
export function heading(): string {
  const lists = LISTS.map((list) => {
    const width = COLUMNS.filter((column) => column.list === list).length * CELL_WIDTH;
    return `${list.name} cases (${list.cases.length})`.padEnd(width);
  });
  const builds = COLUMNS.map(({ build }) => (SHORT[build.name] ?? build.name).padEnd(CELL_WIDTH));
  const indent = ' '.repeat(NAME_WIDTH);
  return `${indent}${lists.join('')}\n${'engine'.padEnd(NAME_WIDTH)}${builds.join('')}`.replace(/ +$/gm, '');
}

/** A row: the hashes of numbers and of shape a cell, `!` where it differs, `-` where it was not run. */
export function line({ engine, verdict, detail, seconds, cells }: Row): string {
  const name = engine.padEnd(NAME_WIDTH);
  if (verdict === 'missing') return `${name}skipped, not installed: ${detail}`;
  if (verdict === 'failed') return `${name}FAILED ${detail}`;
  const shown = COLUMNS.map(({ list, build }) => {
    const { hashes, fault } =
      cells.find((cell) => cell.list === list.name && cell.build === build.name) ?? {};
    return `${hashes === undefined ? '-' : `${hashes.numbers}+${hashes.shape}`}${fault === undefined ? '' : '!'}`.padEnd(
      CELL_WIDTH,
    );
  });
  return `${name}${shown.join('')}${detail}, ${seconds.toFixed(1)} s`;
}

/** Why cells differ or are empty, a line each. */
export function notes(rows: readonly Row[]): string[] {
  return rows.flatMap(({ engine, cells }) => {
    const faults = cells
      .filter(({ fault }) => fault !== undefined)
      .map(({ build, list, fault }) => `${engine}, ${build}, ${list} cases: ${fault}`);
    const skips = cells
      .filter(({ skipped, list }) => skipped !== undefined && list === LISTS[0].name)
      .map(({ build, skipped }) => `${engine}, ${build}: not run, ${skipped}`);
    return [...faults, ...skips];
  });
}
