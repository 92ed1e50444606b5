/** Whether molecules come within chemical accuracy: what is recorded, and its table. */

/** A molecule at a number of shots, from many seeds. Energies in millihartree. */
export interface MoleculeFinding {
  readonly hamiltonian: string;
  readonly circuit: string;
  readonly shotsPerCircuit: number | 'exact';
  /** Shots of one training. */
  readonly shots: number;
  readonly bar: number;
  readonly seeds: number;
  readonly within: number;
  readonly median: number;
  readonly worst: number;
  readonly met: boolean;
}

/** A row for each. */
export function problemsTable(rows: readonly MoleculeFinding[]): string {
  const title = ['molecule', 'circuit', 'shots of a training', 'bar, mHa', 'within', 'median', 'worst', ''];
  const cells = rows.map((row) => [
    ...[row.hamiltonian, row.circuit, row.shots === 0 ? 'exact' : row.shots.toLocaleString('en-US')],
    ...[String(row.bar), `${row.within} of ${row.seeds}`, row.median.toFixed(4), row.worst.toFixed(4)],
    row.met ? 'met' : 'short',
  ]);
  const line = (each: readonly string[]) => `| ${each.join(' | ')} |`;
  return [line(title), `|${'---|'.repeat(title.length)}`, ...cells.map(line)].join('\n');
}
