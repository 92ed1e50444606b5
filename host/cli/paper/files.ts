/** What `reproduce` leaves in its folder. */
import { join } from 'node:path';
import type { OutputFile } from '../../files/output-file.ts';
import type { Experiment, PaperCell, Report } from '../../paper/index.ts';
import { csv } from '../../study/csv.ts';
import type { Outputs } from '../training/outputs.ts';
import { kindOfReport } from '../training/replaceable.ts';
import { reportPage } from './page.ts';
import { drawn } from './pictures.ts';

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

const NAMES = ['report.json', 'times.csv', 'report.html'] as const;

/** The files of a folder. */
export class PaperFiles {
  private constructor(readonly files: ReadonlyMap<string, OutputFile>) {}

  /** Takes all of them. @param experiments whose pictures there will be @throws UsageError, DataError */
  static async claim(
    outputs: Outputs,
    folder: string,
    experiments: readonly Experiment[],
  ): Promise<PaperFiles> {
    const pictures = experiments.flatMap(({ pictures = [] }) => pictures);
    const files = new Map<string, OutputFile>();
    for (const name of [...NAMES, ...pictures.flatMap((each) => [`${each}.svg`, `${each}.png`])])
      files.set(name, await outputs.claim('--out', join(folder, name), kindOfReport(name)));
    return new PaperFiles(files);
  }

  async #write(name: string, content: string | Uint8Array): Promise<void> {
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
    await this.files.get(name)?.write(bytes);
  }

  /** Writes what experiments came to, the page last. @throws DataError */
  async write(report: Report, times: readonly CellTime[]): Promise<void> {
    const environment = { Node: process.version, system: `${process.platform} ${process.arch}` };
    const written: Report = { ...report, environment };
    await this.#write('times.csv', timesCsv(times));
    await this.#write('report.json', `${JSON.stringify(written)}\n`);
    const drawings = await drawn(report.sections.flatMap(({ plots }) => plots));
    if (drawings.length > 0) {
      // A chunk of its own, as that of charts.
      const { renderPng } = await import('../output/png.ts');
      for (const { name, svg } of drawings) {
        await this.#write(`${name}.svg`, svg);
        await this.#write(`${name}.png`, await renderPng(svg));
      }
    }
    await this.#write('report.html', reportPage(written, drawings));
  }
}
