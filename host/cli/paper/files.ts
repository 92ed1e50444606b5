/** What `reproduce` leaves in its folder. */
import { join } from 'node:path';
import type { OutputFile } from '../../files/output-file.ts';
import type { PaperCell, Report } from '../../paper/index.ts';
import { csv } from '../../study/csv.ts';
import type { Outputs } from '../training/outputs.ts';

/** How long a cell of an experiment took. */
export interface CellTime {
  readonly id: string;
  readonly cell: PaperCell;
  readonly seconds: number;
}

/** Seconds of every cell: beside the report, which is the same whatever ran it. */
function timesCsv(times: readonly CellTime[]): string {
  const rows = times.map(({ id, cell, seconds }) => {
    if (cell.kind === 'value') return [id, cell.name, cell.runner, null, null, seconds];
    const { problem, rule, seed, setting } = cell.cell;
    return [id, problem.name, rule, seed, setting.steps ?? null, seconds];
  });
  return csv(['experiment', 'problem', 'rule', 'seed', 'steps', 'seconds'], rows);
}

const NAMES = ['report.json', 'times.csv'] as const;

/** The files of a folder. */
export class PaperFiles {
  private constructor(readonly files: ReadonlyMap<string, OutputFile>) {}

  /** Takes all of them. @throws UsageError, DataError */
  static async claim(outputs: Outputs, folder: string): Promise<PaperFiles> {
    const files = new Map<string, OutputFile>();
    for (const name of NAMES) files.set(name, await outputs.claim('--out', join(folder, name)));
    return new PaperFiles(files);
  }

  async #write(name: (typeof NAMES)[number], text: string): Promise<void> {
    await this.files.get(name)?.write(new TextEncoder().encode(text));
  }

  /** Writes what experiments came to. @throws DataError */
  async write(report: Report, times: readonly CellTime[]): Promise<void> {
    await this.#write('times.csv', timesCsv(times));
    await this.#write('report.json', `${JSON.stringify(report)}\n`);
  }
}
