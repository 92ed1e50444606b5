/**
 * Downloads a file so that what has come is never lost and nothing else is ever taken for it: into `.NAME.download`
 * beside its place, which another attempt, or another run, goes on with (HTTP ranges); then its content is checked,
 * and only then it appears under its name, at once. Whoever downloads has the file's lock.
 */
import { constants } from 'node:fs';
import { type FileHandle, open, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { DataError } from '../../core/errors.ts';
import { failed, readBytes, refuseFile } from '../../files/disk.ts';
import type { OutputFile } from '../../files/output-file.ts';

/** What is downloaded. */
export interface Download {
  readonly url: string;
  /** Where it goes, taken. */
  readonly file: OutputFile;
  /** Bytes at most. */
  readonly most: number;
  /** Throws for bytes that are not the file. */
  readonly check: (bytes: Uint8Array) => Promise<void>;
  readonly signal: AbortSignal;
  readonly progress: (done: number, of: number) => void;
}

/** Times that a connection may break before it is given up. */
const ATTEMPTS = 3;
/** Milliseconds without a byte after which a connection counts as broken. */
const SILENCE = 60_000;

/** The connection, not the file, is at fault: another attempt may do. */
class Broken extends Error {
  override readonly name = 'Broken';
}

/** Where the parts of a file are kept until it is whole. */
export function partialOf(path: string): string {
  return join(dirname(path), `.${basename(path)}.download`);
}

/** What was thrown by a connection, in words. */
function reasonOf(error: unknown): string {
  const { cause, message } = error as Error;
  const inner = cause instanceof Error ? ((cause as NodeJS.ErrnoException).code ?? cause.message) : undefined;
  return inner ?? message;
}

/** Aborts a request when its caller does, or when nothing comes for too long. */
class Watch {
  readonly #controller = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #silent = false;

  constructor(readonly outer: AbortSignal) {
    outer.addEventListener('abort', this.#abort);
    if (outer.aborted) this.#abort();
    this.heard();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  #abort = () => this.#controller.abort(this.outer.reason);

  /** Something has come. */
  heard(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#silent = true;
      this.#controller.abort();
    }, SILENCE);
  }

  /** What an error of the connection is. */
  explained(error: unknown): unknown {
    if (this.outer.aborted) return this.outer.reason;
    return new Broken(this.#silent ? `nothing came for ${SILENCE / 1000} seconds` : reasonOf(error));
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.outer.removeEventListener('abort', this.#abort);
  }
}

/** What an answer says of where it begins, and how long the whole is. */
function rangeOf(response: Response, size: number): { from: number; total: number } {
  if (response.status === 206) {
    const [, from, total] =
      /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(response.headers.get('content-range') ?? '') ?? [];
    return { from: from === undefined ? Number.NaN : Number(from), total: Number(total) };
  }
  return { from: 0, total: Number(response.headers.get('content-length') ?? Number.NaN) || size };
}

/** Writes all of some bytes. @throws DataError */
async function put(handle: FileHandle, chunk: Uint8Array, at: number, name: string): Promise<void> {
  try {
    for (let done = 0; done < chunk.length;) {
      const { bytesWritten } = await handle.write(chunk, done, chunk.length - done, at + done);
      done += bytesWritten;
    }
  } catch (error) {
    refuseFile(name, 'written', error);
  }
}

/** One attempt: what is not there yet. @throws Broken, DataError; the signal's reason */
async function attempt({ url, file, most, signal, progress }: Download, handle: FileHandle): Promise<void> {
  const { size } = await handle.stat();
  const watch = new Watch(signal);
  try {
    const headers = { 'accept-encoding': 'identity', ...(size > 0 && { range: `bytes=${size}-` }) };
    const response = await fetch(url, { headers, signal: watch.signal }).catch((error: unknown) => {
      throw watch.explained(error);
    });
    if (response.status === 416) {
      await response.body?.cancel();
      // Either all of it is there, or it is of another file.
      if (response.headers.get('content-range') === `bytes */${size}`) return;
      await handle.truncate(0);
      throw new Broken('the server has another file than the one that was begun');
    }
    if (response.status >= 500)
      throw new Broken(`the server answers ${response.status} ${response.statusText}`.trim());
    if (!response.ok || response.body === null) {
      const message = `the server answers ${response.status} ${response.statusText}`.trim();
      throw new DataError('ERR_DATA_FILE', message, { file: url });
    }
    const { from, total } = rangeOf(response, most);
    if (response.status === 206 && from !== size) {
      await response.body.cancel();
      await handle.truncate(0);
      throw new Broken('the server does not go on where it was asked to');
    }
    if (from === 0) await handle.truncate(0);
    let at = from;
    const reader = response.body.getReader();
    for (;;) {
      const { done, value } = await reader.read().catch((error: unknown) => {
        throw watch.explained(error);
      });
      if (done) break;
      watch.heard();
      if (at + value.length > most) {
        await reader.cancel();
        await handle.truncate(0);
        const message = `the server sends more than ${most} bytes, which the file cannot have`;
        throw new DataError('ERR_DATA_FILE', message, { file: url });
      }
      await put(handle, value, at, file.name);
      at += value.length;
      progress(at, Number.isNaN(total) ? most : total);
    }
  } finally {
    watch.dispose();
  }
}

/** As many attempts as it takes, within reason. @throws DataError; the signal's reason */
async function fill(download: Download, handle: FileHandle): Promise<void> {
  for (let left = ATTEMPTS - 1; ; left--) {
    try {
      return await attempt(download, handle);
    } catch (error) {
      if (!(error instanceof Broken)) throw error;
      if (left > 0) continue;
      const { size } = await handle.stat();
      const kept = size === 0 ? '' : `; ${size} bytes have come, and the same command goes on behind them`;
      const message = `cannot be downloaded: ${error.message}${kept}`;
      throw new DataError('ERR_DATA_FILE', message, { file: download.url }, { cause: error });
    }
  }
}

/** Opens what has come so far. @throws DataError */
async function openPartial(path: string, name: string): Promise<FileHandle> {
  const { O_RDWR, O_CREAT, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
  try {
    const handle = await open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o666);
    if ((await handle.stat()).isFile()) return handle;
    await handle.close();
    throw failed('IRREGULAR');
  } catch (error) {
    return refuseFile(name, 'written', error);
  }
}

/** Downloads a file. @returns its bytes @throws DataError; the signal's reason */
export async function download(given: Download): Promise<number> {
  const { file, check, most } = given;
  const partial = partialOf(file.path);
  for (let again = false; ; again = true) {
    const handle = await openPartial(partial, partial);
    let begun = 0;
    try {
      begun = (await handle.stat()).size;
      if (begun > most) await handle.truncate(0);
      await fill(given, handle);
    } finally {
      await handle.close();
    }
    const bytes = await readBytes(partial, '.', most);
    try {
      await check(bytes);
    } catch (error) {
      await unlink(partial).catch(() => {});
      // What an earlier run had left may have been of another file.
      if (begun > 0 && !again) continue;
      throw error;
    }
    await file.write(bytes);
    await unlink(partial).catch(() => {});
    return bytes.length;
  }
}
