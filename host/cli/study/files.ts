/** What a comparison leaves in its folder: tables, figures and a page of both. */
import { join } from 'node:path';
import { curvesCsv, pairedCsv, runsCsv } from '../../study/csv.ts';
import { readText } from '../../files/disk.ts';
import type { OutputFile } from '../../files/output-file.ts';
import { UsageError } from '../output/failure.ts';
import { plain } from '../output/plain.ts';
import type { Outputs } from '../training/outputs.ts';
import { kindOfReport } from '../training/replaceable.ts';
import { FIGURE_NAMES, figuresOf } from './figures/index.ts';
import type { Shown } from './figures/shown.ts';
import type { Drawing } from '../output/page.ts';
import { reportHtml } from './report.ts';
import type { ComparisonResult } from './result.ts';
import type { Compared } from './run.ts';
import { tuningCsv } from './tune.ts';

/** Files of every comparison. */
const ALWAYS = ['report.html', 'result.json', 'runs.csv', 'paired.csv', 'tuning.csv', 'curves.csv'] as const;

/** The problem of the comparison whose report is in a folder; undefined of a folder without one. */
async function problemIn(folder: string): Promise<string | undefined> {
  try {
    const found: unknown = JSON.parse(await readText('result.json', folder));
    const { problem } = (found ?? {}) as Partial<ComparisonResult>;
    return typeof problem === 'string' ? problem : undefined;
  } catch {
    return undefined;
  }
}

/** The files of a folder. */
export class StudyFiles {
  private constructor(readonly files: ReadonlyMap<string, OutputFile>) {}

  /**
   * Takes all that there may be. A comparison may get more rules and seeds; one of another problem is left as it is.
   * @param problem what the comparison calls it
   * @throws UsageError, DataError
   */
  static async claim(outputs: Outputs, folder: string, problem: string): Promise<StudyFiles> {
    const there = await problemIn(folder);
    if (there !== undefined && there !== problem)
      throw new UsageError(
        `--out ${plain(folder)} has the report of a comparison on ${plain(there)}, and this one is on ${plain(problem)}: give it a folder of its own`,
      );
    const figures = FIGURE_NAMES.flatMap((name) => [`${name}.svg`, `${name}.png`]);
    const files = new Map<string, OutputFile>();
    for (const name of [...ALWAYS, ...figures])
      files.set(name, await outputs.claim('--out', join(folder, name), kindOfReport(name)));
    return new StudyFiles(files);
  }

  async #write(name: string, content: string | Uint8Array): Promise<void> {
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
    await this.files.get(name)?.write(bytes);
  }

  /** Draws the figures. @throws DataError */
  async #draw(shown: Shown): Promise<Drawing[]> {
    // Chunks of their own, larger than the command: who does not draw does not load them.
    const { renderSvg } = await import('../output/charts.ts');
    const { renderPng } = await import('../output/png.ts');
    const drawings: Drawing[] = [];
    for (const figure of figuresOf(shown)) {
      const svg = await renderSvg(figure.spec, figure);
      await this.#write(`${figure.name}.svg`, svg);
      await this.#write(`${figure.name}.png`, await renderPng(svg));
      drawings.push({ ...figure, svg });
    }
    return drawings;
  }

  /**
   * Writes what a comparison came to, the page last.
   * @param args of the command
   * @throws DataError
   */
  async write({ result, runs, shown }: Compared, args: readonly string[]): Promise<void> {
    const named = runs.map(({ rule: arm, cell, outcome }) => ({ arm, cell, outcome }));
    await this.#write('runs.csv', runsCsv(named));
    await this.#write('paired.csv', pairedCsv(result.problem, result.paired));
    await this.#write('tuning.csv', tuningCsv(result.problem, result.tuning));
    await this.#write('curves.csv', curvesCsv(named));
    await this.#write('result.json', `${JSON.stringify(result)}\n`);
    const drawings = await this.#draw(shown);
    await this.#write('report.html', reportHtml(result, drawings, args));
  }
}
