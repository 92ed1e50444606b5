/** Files of the command line: reading with clear refusals, writing all or nothing. */
import { constants } from 'node:buffer';
import { type FileHandle, open, readFile, readlink, realpath, rename, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { DataError } from '../core/errors.ts';

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  ENOTDIR: 'a part of its path is not a folder',
  EISDIR: 'it is a folder',
  IRREGULAR: 'it is not a regular file',
  ELOOP: 'its symbolic links go round in a circle',
  EACCES: 'permission is denied',
  EPERM: 'permission is denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  ENAMETOOLONG: 'its name is too long',
  EMFILE: 'too many files are open',
};

/** Links that a name may go through, as many as Linux allows. */
const MOST_LINKS = 40;

function failed(code: keyof typeof REASONS): Error {
  return Object.assign(new Error(code), { code });
}

/** Why the file system refused, for people. */
export function reasonOf(error: unknown): string {
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

/** The text of a file, UTF-8. @throws DataError */
export function textOf(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    const large = bytes.length > constants.MAX_STRING_LENGTH;
    const message = large
      ? `the file has ${bytes.length} bytes, which is too large to read as text; split it`
      : 'the file is not UTF-8 text';
    throw new DataError('ERR_DATA_SYNTAX', message, { file: name }, { cause });
  }
}

/** A whole text file. @throws DataError */
export async function readText(name: string, folder = '.'): Promise<string> {
  return textOf(await readBytes(name, folder), name);
}

/** The path behind a name's symbolic links, whether or not there is a file. @throws of the file system */
async function followed(name: string): Promise<string> {
  let path = resolve(name);
  for (let links = 0; links < MOST_LINKS; links++) {
    const folder = await realpath(dirname(path));
    path = join(folder, basename(path));
    const link = await readlink(path).catch(() => undefined);
    if (link === undefined) return path;
    path = resolve(folder, link);
  }
  throw failed('ELOOP');
}

/** What a name that is read stands for, to compare it with names that are written. */
export function realName(name: string): Promise<string> {
  return followed(name).catch(() => resolve(name));
}

/** Whether a file, if it is there, can be read more than once. */
export function isRepeatable(name: string): Promise<boolean> {
  return stat(name).then(
    (found) => found.isFile() || found.isDirectory(),
    () => true,
  );
}

/** Where a file goes. */
interface Target {
  readonly path: string;
  /** The file beside it that is written first. */
  readonly partial: string;
  /** Permissions of the file that is there already. */
  readonly mode: number | undefined;
}

/** Only a regular file may be replaced: a device or a pipe would be lost. @throws of the file system */
async function targetOf(name: string): Promise<Target> {
  const old = await stat(name).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  if (old?.isDirectory()) throw failed('EISDIR');
  if (old && !old.isFile()) throw failed('IRREGULAR');
  const path = await followed(name);
  return { path, partial: join(dirname(path), `.${basename(path)}.partial`), mode: old?.mode };
}

/** Opens a file that must not be there yet; what a killed run left behind is in nobody's way. */
async function openNew(partial: string): Promise<FileHandle> {
  await unlink(partial).catch(() => {});
  return open(partial, 'wx');
}

/**
 * Finds out before long work that a file could not be written after it.
 * @returns the path behind the name's symbolic links
 * @throws DataError
 */
export async function checkWritable(name: string): Promise<string> {
  try {
    const { path, partial } = await targetOf(name);
    await (await openNew(partial)).close();
    await unlink(partial);
    return path;
  } catch (error) {
    return refuse(name, 'written', error);
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
 * same, so that killed runs leave at most one behind. Symbolic links and permissions stay as they are.
 * @throws DataError
 */
export async function writeWhole(name: string, bytes: Uint8Array): Promise<void> {
  let written: string | undefined;
  try {
    const { path, partial, mode } = await targetOf(name);
    const handle = await openNew(partial);
    written = partial;
    try {
      // Not every file system has permissions.
      if (mode !== undefined) await handle.chmod(mode & 0o7777).catch(() => {});
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(partial, path);
    await syncFolder(dirname(path));
  } catch (error) {
    if (written !== undefined) await unlink(written).catch(() => {});
    refuse(name, 'written', error);
  }
}
