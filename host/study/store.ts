/**
 * Finished cells on disk: a folder of files with a line of JSON each, so that a study that was interrupted, or that gets more
 * rules, does nothing twice. One process at a time adds to a file; several have a file each, and a folder that has all of
 * them is their union.
 */
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isFields } from '../core/checks.ts';
import { makeFolder, refuseFile, readText } from '../files/disk.ts';
import { LineLog } from '../files/line-log.ts';
import { OutputFile } from '../files/output-file.ts';
import { DataError } from '../index.ts';
import type { Cell, Json } from './cell.ts';
import type { CellFailure, CellOutcome } from './result.ts';

/** The file that a study adds to unless it has another name for it. */
export const CELLS_FILE = 'cells.jsonl';
const LINES = /\.jsonl$/;

/** What became of something else than a training: plain data, or no value whoever works it out. */
export type KeptValue =
  | {
      /** Of what was worked out. */
      readonly hash: string;
      /** What it came to. */
      readonly value: Json;
      /** Seconds that it took on its thread. */
      readonly seconds: number;
    }
  | {
      /** Of what was to be worked out. */
      readonly hash: string;
      /** Why it has no value. */
      readonly failure: CellFailure;
      /** Seconds until it failed. */
      readonly seconds: number;
    };

/** A line: the cell for people and programs that come later, and what became of it. */
type Line = (CellOutcome | KeptValue) & { readonly cell: Cell | Json };

const isText = (value: unknown) => typeof value === 'string';

/** Reads a line. @throws DataError */
function readLine(text: string, file: string, line: number): Line {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {}
  const good =
    isFields(found) &&
    /^[0-9a-f]{64}$/.test(`${found.hash}`) &&
    isFields(found.cell) &&
    typeof found.seconds === 'number' &&
    ((isFields(found.result) && isFields(found.result.curve)) ||
      found.value !== undefined ||
      (isFields(found.failure) && isText(found.failure.code) && isText(found.failure.message)));
  if (good) return found as unknown as Line;
  const message = 'this is no line of finished cells; take it away, or give the study another folder';
  throw new DataError('ERR_DATA_SYNTAX', message, { file, line });
}

/** Takes a file away that has nothing in it; one that cannot be is no loss. */
async function removeEmpty(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found?.size === 0) await rm(path, { force: true }).catch(() => undefined);
}

/** The finished cells of a folder. Close it. */
export class CellStore {
  readonly #outcomes = new Map<string, CellOutcome | KeptValue>();
  #log: LineLog | undefined;
  #file: OutputFile | undefined;
  /** The file that this process adds to. */
  #own: string | undefined;
  /** The line that is being written: one after another. */
  #writing: Promise<unknown> = Promise.resolve();

  private constructor(
    /** The folder, as it was given. */
    readonly folder: string,
  ) {}

  /**
   * Reads what is in a folder, which is made where there is none.
   * @param file of the folder to add to, which this process then has for itself
   * @throws DataError for a folder that cannot be read or written, a file that another process has, and a damaged line
   */
  static async open(folder: string, file = CELLS_FILE): Promise<CellStore> {
    const store = new CellStore(folder);
    try {
      await makeFolder(folder);
      store.#file = await OutputFile.claim(join(folder, file));
      store.#own = file;
      await store.#readOthers(file);
      store.#log = await LineLog.resume(store.#file, (text, line) => {
        store.#keep(readLine(text, join(folder, file), line));
        return true;
      });
      return store;
    } catch (error) {
      store.#file?.release();
      throw error;
    }
  }

  /**
   * Reads what is in a folder, to look at alone.
   * @throws DataError for a folder or a file that cannot be read, and a damaged line
   */
  static async read(folder: string): Promise<CellStore> {
    const store = new CellStore(folder);
    await store.#readOthers();
    return store;
  }

  /** Reads what other processes have added to files of theirs. @throws DataError */
  async refresh(): Promise<void> {
    await this.#readOthers(this.#own);
  }

  async #readOthers(own?: string): Promise<void> {
    const names = await readdir(this.folder).catch((error: unknown) =>
      refuseFile(this.folder, 'read', error),
    );
    for (const name of names.filter((each) => LINES.test(each) && each !== own).sort()) {
      const path = join(this.folder, name);
      // What follows the last line's end was cut off, or is being written.
      const lines = (await readText(path)).split('\n').slice(0, -1);
      lines.forEach((text, i) => this.#keep(readLine(text, path, i + 1)));
    }
  }

  #keep({ cell: _, ...outcome }: Line): void {
    this.#outcomes.set(outcome.hash, outcome);
  }

  /** What became of a cell, by its hash; undefined of one that is not finished. */
  get(hash: string): CellOutcome | undefined {
    const found = this.#outcomes.get(hash);
    return found === undefined || 'value' in found ? undefined : found;
  }

  /** What became of something that is no training, by its hash. */
  valueOf(hash: string): KeptValue | undefined {
    const found = this.#outcomes.get(hash);
    return found === undefined || 'result' in found ? undefined : found;
  }

  /** Cells that are finished. */
  get size(): number {
    return this.#outcomes.size;
  }

  /** Adds a cell; when this is done, a power cut cannot undo it. @throws DataError */
  add(cell: Cell, outcome: CellOutcome): Promise<void> {
    return this.#add({ cell, ...outcome });
  }

  /** Adds what became of something else, of which `what` says what it is. @throws DataError */
  addValue(what: Json, outcome: KeptValue): Promise<void> {
    return this.#add({ cell: what, ...outcome });
  }

  async #add(line: Line): Promise<void> {
    const written = this.#writing.then(() => this.#write(line));
    this.#writing = written.catch(() => {});
    await written;
  }

  async #write(line: Line): Promise<void> {
    if (this.#log === undefined) throw new Error('the store is closed');
    await this.#log.add(JSON.stringify(line));
    await this.#log.flush(true);
    if (this.#log.failure !== undefined) throw this.#log.failure;
    this.#keep(line);
  }

  /** Lets others add to the file. One without a cell, of a study that was refused or stopped at once, does not stay. */
  async close(): Promise<void> {
    await this.#writing;
    await this.#log?.close();
    if (this.#own !== undefined) await removeEmpty(join(this.folder, this.#own));
    this.#file?.release();
    this.#log = this.#file = undefined;
  }
}
