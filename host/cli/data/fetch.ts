/** Fetches MNIST or Fashion-MNIST, from the web or a folder: the four files, each checked by SHA-256. */
import { stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { DataError, NlrError } from '../../core/errors.ts';
import { checkOriginal, ORIGINAL_FILES, type OriginalName, ORIGINALS } from '../../data/sets/originals.ts';
import { readBytes, makeFolder } from '../../files/disk.ts';
import type { OutputFile } from '../../files/output-file.ts';
import { placeOfOriginal } from '../input/made-sets.ts';
import type { Outputs } from '../training/outputs.ts';
import type { SetBar } from './bar.ts';
import { download, partialOf } from './download.ts';

/** One file of a set. */
export interface FetchedFile {
  readonly file: string;
  readonly bytes: number;
  /** Of the content, not gzipped. */
  readonly sha256: string;
  /** Whether it was there before. */
  readonly was: 'there' | 'downloaded' | 'copied';
}

/** Where a set comes from: a folder on the web, with a slash at its end, or one of this machine. */
export type FetchSource = { readonly url: string } | { readonly from: string };

/** How a set is fetched. */
export interface FetchRun {
  readonly folder: string;
  readonly source: FetchSource;
  readonly outputs: Outputs;
  readonly signal: AbortSignal;
  readonly bar: (title: string) => SetBar;
}

/** More than any of the files has, gzipped or not. */
const MOST_BYTES = 64 * 2 ** 20;

const gzipped = promisify(gzip);

/** Copies a file, gzipped or raw, into its place, gzipped. @returns its bytes @throws DataError */
async function copy(
  from: string,
  file: OutputFile,
  check: (bytes: Uint8Array) => Promise<void>,
): Promise<number> {
  const bytes = await readBytes(from, '.', MOST_BYTES);
  await check(bytes);
  const content = bytes[0] === 0x1f && bytes[1] === 0x8b ? bytes : await gzipped(bytes);
  await file.write(content);
  return content.length;
}

/** A file that is there already: its bytes, or undefined. @throws DataError when it is another one */
async function sizeOfOurs(
  path: string,
  check: (bytes: Uint8Array) => Promise<void>,
): Promise<number | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return undefined;
  try {
    const bytes = await readBytes(path, '.', MOST_BYTES);
    await check(bytes);
    return bytes.length;
  } catch (error) {
    if (!(error instanceof NlrError)) throw error;
    const message = `is there, but is not what is to be fetched; remove it, or name another folder with --out`;
    throw new DataError('ERR_DATA_CHECKSUM', message, { file: path }, { cause: error });
  }
}

/** Fetches what is not there yet. @throws UsageError, DataError; the signal's reason */
export async function fetchSet(
  name: OriginalName,
  { folder, source, outputs, signal, bar }: FetchRun,
): Promise<FetchedFile[]> {
  // All of them are looked for before the first is written.
  if ('from' in source)
    await outputs.reads(await Promise.all(ORIGINAL_FILES.map((file) => placeOfOriginal(source.from, file))));
  await makeFolder(folder);
  const fetched: FetchedFile[] = [];
  for (const original of ORIGINAL_FILES) {
    signal.throwIfAborted();
    const path = join(folder, `${original}.gz`);
    const output = await outputs.claim('--out', path, 'checked');
    const check = (bytes: Uint8Array) => checkOriginal(name, original, bytes);
    const sha256 = ORIGINALS[name].sums[original];
    const there = await sizeOfOurs(path, check);
    if (there !== undefined) {
      // A run that was killed between the last two steps has left it.
      await unlink(partialOf(output.path)).catch(() => {});
      fetched.push({ file: path, bytes: there, sha256, was: 'there' });
      continue;
    }
    if ('from' in source) {
      const bytes = await copy(await placeOfOriginal(source.from, original), output, check);
      fetched.push({ file: path, bytes, sha256, was: 'copied' });
      continue;
    }
    const progress = bar(original);
    try {
      const bytes = await download({
        url: `${source.url}${original}.gz`,
        file: output,
        most: MOST_BYTES,
        check,
        signal,
        progress: progress.update,
      });
      fetched.push({ file: path, bytes, sha256, was: 'downloaded' });
    } finally {
      progress.stop();
    }
  }
  return fetched;
}
