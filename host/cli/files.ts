/** Files of the command line: reading with clear refusals, writing all or nothing. */
import { access, constants, open, readFile, rename, stat, unlink } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { DataError } from '../errors.ts';

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  ENOTDIR: 'a part of its path is not a folder',
  EISDIR: 'it is a folder',
  EACCES: 'permission is denied',
  EPERM: 'permission is denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  ENAMETOOLONG: 'its name is too long',
  EMFILE: 'too many files are open',
};

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return REASONS[code ?? ''] ?? message;
}

function refuse(name: string, doing: string, cause: unknown): never {
  throw new DataError('ERR_DATA_FILE', `cannot be ${doing}: ${reasonOf(cause)}`, { file: name }, { cause });
}

/** A whole file. @param folder what `name` is relative to @throws DataError */
export async function readBytes(name: string, folder = '.'): Promise<Uint8Array> {
  try {
    return await readFile(resolve(folder, name));
  } catch (error) {
    return refuse(name, 'read', error);
  }
}

/** A whole text file, UTF-8. @throws DataError */
export async function readText(name: string, folder = '.'): Promise<string> {
  const bytes = await readBytes(name, folder);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new DataError('ERR_DATA_SYNTAX', 'the file is not UTF-8 text', { file: name }, { cause });
  }
}

/** Finds out before long work that a file could not be written after it. @throws DataError */
export async function checkWritable(name: string): Promise<void> {
  const folder = dirname(resolve(name));
  try {
    await access(folder, constants.W_OK);
    const file = await stat(resolve(name)).catch(() => undefined);
    if (file?.isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' });
  } catch (error) {
    refuse(name, 'written', error);
  }
}

/** Makes a rename last through a power cut, where the system can open folders. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Writes a file so that its name always holds the old bytes or the new ones, whole, even when the power
 * fails: a file beside it, fsync, rename, fsync of the folder. The name of the file beside it is always the
 * same, so that killed runs leave at most one behind.
 * @throws DataError
 */
export async function writeWhole(name: string, bytes: Uint8Array): Promise<void> {
  const path = resolve(name);
  const folder = dirname(path);
  const partial = resolve(folder, `.${basename(path)}.partial`);
  try {
    const handle = await open(partial, 'w');
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(partial, path);
    await syncFolder(folder);
  } catch (error) {
    await unlink(partial).catch(() => {});
    refuse(name, 'written', error);
  }
}
