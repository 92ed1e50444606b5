/** A file of lines that grows: whole lines only, and one that a resumed run goes on with. */
import { type FileHandle, open, stat } from 'node:fs/promises';
import { DataError } from '../core/errors.ts';
import { failed, reasonOf, refuseFile } from './disk.ts';

/** Characters that are kept back at most, and for how long, milliseconds: a reader wants to follow. */
const MOST_KEPT = 65536;
const LONGEST_KEPT = 1000;

/** Bytes that are read at once. */
const CHUNK = 65536;
const LINE_END = 10;

/** A file, and what messages call it. */
interface Place {
  readonly path: string;
  readonly name: string;
}

/** The lines of a file as bytes, without their ends; not one that has no end, which was cut off. */
async function* wholeLines(handle: FileHandle): AsyncGenerator<Buffer> {
  let rest = Buffer.alloc(0);
  const chunk = Buffer.alloc(CHUNK);
  for (let at = 0; ;) {
    const { bytesRead } = await handle.read(chunk, 0, CHUNK, at);
    if (bytesRead === 0) return;
    at += bytesRead;
    rest = Buffer.concat([rest, chunk.subarray(0, bytesRead)]);
    let from = 0;
    for (let end = rest.indexOf(LINE_END); end >= 0; end = rest.indexOf(LINE_END, from)) {
      yield rest.subarray(from, end);
      from = end + 1;
    }
    rest = rest.subarray(from);
  }
}

/**
 * A file to which lines are added. What cannot be written is no reason to stop: the first failure is kept, and nothing
 * more is written.
 */
export class LineLog {
  #kept = '';
  #since = performance.now();
  #failure: unknown;

  private constructor(
    readonly name: string,
    readonly handle: FileHandle,
    private length: number,
  ) {}

  /** Begins a file; what was in it is gone. @throws DataError */
  static async begin({ path, name }: Place): Promise<LineLog> {
    try {
      const found = await stat(path).catch(() => undefined);
      if (found && !found.isFile()) throw failed('IRREGULAR');
      return new LineLog(name, await open(path, 'w'), 0);
    } catch (error) {
      return refuseFile(name, 'written', error);
    }
  }

  /**
   * Goes on with a file behind the last line that is to be kept; what comes after is cut off. A file that is not there
   * is begun.
   * @param keep whether a line stays, by its text and its number from 1; from the first that does not, none does
   * @throws DataError as `keep` throws it, and for whatever else goes wrong; the file then is as it was
   */
  static async resume(place: Place, keep: (line: string, number: number) => boolean): Promise<LineLog> {
    const { path, name } = place;
    const found = await stat(path).catch(() => undefined);
    if (!found?.isFile()) return LineLog.begin(place);
    const handle = await open(path, 'r+').catch((error: unknown) => refuseFile(name, 'written', error));
    try {
      let length = 0;
      let number = 0;
      for await (const line of wholeLines(handle)) {
        if (!keep(line.toString('utf8'), ++number)) break;
        length += line.length + 1;
      }
      await handle.truncate(length);
      return new LineLog(name, handle, length);
    } catch (error) {
      await handle.close();
      if (error instanceof DataError) throw error;
      return refuseFile(name, 'written', error);
    }
  }

  /** Why nothing is written any more; undefined as long as all is well. A DataError. */
  get failure(): unknown {
    return this.#failure;
  }

  /** Adds a line, without its end. It is in the file after a second, or after `flush`. */
  async add(line: string): Promise<void> {
    this.#kept += `${line}\n`;
    if (this.#kept.length >= MOST_KEPT || performance.now() - this.#since >= LONGEST_KEPT) await this.flush();
  }

  /** Writes what was added. @param sync until a power cut cannot undo it */
  async flush(sync = false): Promise<void> {
    const bytes = Buffer.from(this.#kept);
    this.#kept = '';
    this.#since = performance.now();
    if (this.#failure !== undefined) return;
    try {
      for (let at = 0; at < bytes.length;) {
        const { bytesWritten } = await this.handle.write(bytes, at, bytes.length - at, this.length + at);
        at += bytesWritten;
      }
      this.length += bytes.length;
      if (sync) await this.handle.sync();
    } catch (cause) {
      const message = `cannot be written: ${reasonOf(cause)}`;
      this.#failure = new DataError('ERR_DATA_FILE', message, { file: this.name }, { cause });
      // A line of which a part is there would be taken for a damaged file.
      await this.handle.truncate(this.length).catch(() => {});
    }
  }

  /** Writes the rest and closes the file, which may be when the system says that it could not keep what it took. */
  async close(): Promise<void> {
    await this.flush();
    await this.handle.close().catch((cause: unknown) => {
      const message = `cannot be written: ${reasonOf(cause)}`;
      this.#failure ??= new DataError('ERR_DATA_FILE', message, { file: this.name }, { cause });
    });
  }
}
