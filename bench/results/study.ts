/** What a training of a study costs beside its steps: what is recorded, and its table. */

/** One way of running a comparison. */
export interface StudyFinding {
  readonly way: string;
  /** Of processors, for a training of one step. */
  readonly milliseconds: number;
  /** On disk, with a curve of few looks. */
  readonly bytes: number;
  /** Of Redis. */
  readonly redisBytes?: number;
}

/** A row for each. */
export function studyTable(rows: readonly StudyFinding[]): string {
  const count = (value: number) => value.toLocaleString('en-US');
  const lines = rows.map(
    ({ way, milliseconds, bytes, redisBytes }) =>
      `| ${way} | ${milliseconds.toFixed(1)} | ${count(bytes)} | ${redisBytes === undefined ? '' : count(redisBytes)} |`,
  );
  return ['| trained by | processor ms | bytes on disk | bytes in Redis |', '|---|---|---|---|', ...lines].join('\n');
}
