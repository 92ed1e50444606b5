/** Files of the command line: what they are, reading them whole, and refusals for people. */
import { constants } from 'node:buffer';
import { type FileHandle, mkdir, open, readlink, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { DataError } from '../core/errors.ts';

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  ENOTDIR: 'a part of its path is not a folder',
  EISDIR: 'it is a folder',
  EEXIST: 'it is there already, and is no folder',
  IRREGULAR: 'it is not a regular file',
  DEVICE: 'it is a device, neither a file nor a pipe',
  ELOOP: 'its symbolic links go round in a circle',
  EACCES: 'permission is denied',
  EPERM: 'permission is denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of the disk is used up',
  EFBIG: 'it would be too large for the file system',
  EIO: 'the disk or the terminal reports an error',
  EINTR: 'the system has interrupted it',
  ENAMETOOLONG: 'its name is too long',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open',
};

/** Bytes of a file at most. */
const MAX_FILE_BYTES = 2 ** 30;

/** Links that a name may go through, as many as Linux allows. */
const MOST_LINKS = 40;

/** A refusal of this module, as the file system makes them. */
export function failed(code: keyof typeof REASONS): Error {
  return Object.assign(new Error(code), { code });
}

/** Why the file system refused, for people. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return REASONS[code ?? ''] ?? message;
}

/** Says that something cannot be done with a file. @throws DataError */
export function refuseFile(name: string, doing: string, cause: unknown): never {
  throw new DataError('ERR_DATA_FILE', `cannot be ${doing}: ${reasonOf(cause)}`, { file: name }, { cause });
}

function tooLarge(most: number, size?: number): Error {
  const has = size === undefined ? `it has more than ${most} bytes` : `it has ${size} bytes`;
  return new Error(`${has}, and at most ${most} are read; split it`);
}

/** All that comes, whoever writes it. @throws Error beyond the bound */
async function drained(handle: FileHandle, most: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of handle.createReadStream({ autoClose: false })) {
    length += chunk.length;
    if (length > most) throw tooLarge(most);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}

/** As many bytes as a file had when it was opened, or fewer when it was cut meanwhile. */
async function readSize(handle: FileHandle, size: number): Promise<Uint8Array> {
  const bytes = Buffer.alloc(size);
  for (let at = 0; at < size;) {
    const { bytesRead } = await handle.read(bytes, at, size - at, at);
    if (bytesRead === 0) return bytes.subarray(0, at);
    at += bytesRead;
  }
  return bytes;
}

/**
 * A whole file, or what comes out of a pipe until its end.
 * @param folder what `name` is relative to
 * @param most bytes; a pipe or a file without a size of its own is given up beyond them, another is not begun
 * @throws DataError also for a device
 */
export async function readBytes(name: string, folder = '.', most = MAX_FILE_BYTES): Promise<Uint8Array> {
  try {
    const path = resolve(folder, name);
    const found = await stat(path);
    // Opening a device may already do something, and most of them never end.
    if (found.isCharacterDevice() || found.isBlockDevice()) throw failed('DEVICE');
    if (found.size > most) throw tooLarge(most, found.size);
    const handle = await open(path, 'r');
    try {
      const { size } = await handle.stat();
      // A pipe has no size, nor has what a system makes up while it is read, as in /proc.
      if (!found.isFile() || size === 0) return await drained(handle, most);
      if (size > most) throw tooLarge(most, size);
      return await readSize(handle, size);
    } finally {
      await handle.close();
    }
  } catch (error) {
    return refuseFile(name, 'read', error);
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

/** @throws of the file system */
async function folderAt(path: string): Promise<void> {
  const error = await mkdir(path).then(
    () => undefined,
    (reason: NodeJS.ErrnoException) => reason,
  );
  const isThere = (place: string) =>
    stat(place)
      .then((found) => found.isDirectory())
      .catch(() => false);
  if (error === undefined || (error.code === 'EEXIST' && (await isThere(path)))) return;
  const above = dirname(path);
  // Where the folder above is there, this one cannot be; Node's recursive mkdir would try for ever.
  if (error.code !== 'ENOENT' || above === path || (await isThere(above))) throw error;
  await folderAt(above);
  await mkdir(path);
}

/** Makes a folder, and those above it, unless it is there. @throws DataError */
export function makeFolder(name: string): Promise<void> {
  return folderAt(resolve(name)).catch((error: unknown) => refuseFile(name, 'written', error));
}

/** The path behind a name's symbolic links, whether or not there is a file. @throws of the file system */
export async function followed(name: string): Promise<string> {
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

/** Whether a file, if it is there, can be read more than once. */
export function isRepeatable(name: string): Promise<boolean> {
  return stat(name).then(
    (found) => found.isFile() || found.isDirectory(),
    () => true,
  );
}
