/** Where the time of a step goes: what is recorded, and its table. */

/** One kind of step. */
export interface ProfileFinding {
  readonly title: string;
  /** Floating-point operations of a step, per lane. */
  readonly operations: number;
  /** Shares of its time, by functions, the largest first. */
  readonly shares: readonly { readonly name: string; readonly share: number }[];
}

/** Functions that a line names. */
const NAMED = 6;

/** A line for each kind of step. */
export function profileTable(rows: readonly ProfileFinding[]): string {
  const lines = rows.map(({ title, operations, shares }) => {
    const named = shares
      .slice(0, NAMED)
      .map(({ name, share }) => `\`${name}\` ${(100 * share).toFixed(0)} %`)
      .join(', ');
    return `| ${title} | ${operations.toLocaleString('en')} | ${named} |`;
  });
  return ['| step | operations | where the time goes |', '|---|---|---|', ...lines].join('\n');
}
