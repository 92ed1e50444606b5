/** Which branches the tests take: a table of what was recorded last. */

/** Branches of a folder or a file. */
interface RecordedRoom {
  readonly room: string;
  readonly branches: number;
  readonly taken: number;
}

/** What was counted in one way, as recorded. */
export interface RecordedCoverage {
  readonly what: string;
  /** Files of tests, and how many of them failed while it was counted. */
  readonly tests: number;
  readonly failed: number;
  /** Files of tests that there was no time for. */
  readonly unrun?: number;
  /** Sources that were looked at, where that is not all of them. */
  readonly sources?: { readonly counted: number; readonly all: number };
  readonly rows: readonly RecordedRoom[];
}

const sumOf = (rows: readonly RecordedRoom[], of: 'branches' | 'taken') =>
  rows.reduce((sum, row) => sum + row[of], 0);

const shareOf = (taken: number, branches: number) =>
  `${((100 * taken) / branches).toFixed(1)} % of ${branches.toLocaleString('en-US')}`;

/** A row for each way, with the rooms that are covered least. */
export function coverageTable(parts: readonly RecordedCoverage[]): string {
  const rows = parts.map(({ what, tests, failed, unrun = 0, sources, rows: rooms }) => {
    const name = sources === undefined ? what : `${what}, ${sources.counted} of ${sources.all} sources`;
    const least = [...rooms].sort((a, b) => a.taken / a.branches - b.taken / b.branches).slice(0, 3);
    const named = least.map(
      ({ room, taken, branches }) => `${room.split('/').slice(1).join('/')} ${((100 * taken) / branches).toFixed(1)} %`,
    );
    const ran = [
      unrun === 0 ? `${tests}` : `${tests} of ${tests + unrun}`,
      ...(failed === 0 ? [] : [`${failed} of which failed`]),
    ].join(', ');
    return `| ${name} | ${shareOf(sumOf(rooms, 'taken'), sumOf(rooms, 'branches'))} | ${named.join(', ')} | ${ran} |`;
  });
  return ['| what | branches taken | least | test files |', '|---|---|---|---|', ...rows].join('\n');
}
