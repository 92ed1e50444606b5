/** Files that are written: by one process at a time, all or nothing. */
import { unlinkSync } from 'node:fs';
import { type FileHandle, open, readdir, readFile, rename, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { onExit } from 'signal-exit';
import { CLAIM, fateOf, newClaim } from './claim.ts';
import { failed, followed, refuseFile } from './disk.ts';
import { leaveLock, lineOf, takeLock } from './lock.ts';

/** What is written first, and who has the file; both beside it, and neither outlasts the writer's work. */
const PARTIAL = new RegExp(`^\\.(.+)\\.(${CLAIM})\\.partial$`, 's');
const LOCK = /^\.(.+)\.lock$/s;

/** Where the file is that a lock or a half-written file of this name belongs to; undefined for other names. */
export function writtenBeside(path: string): string | undefined {
  const [, name] = PARTIAL.exec(basename(path)) ?? LOCK.exec(basename(path)) ?? [];
  return name === undefined ? undefined : join(dirname(path), name);
}

/**
 * Permissions of the file that is there already. Only a regular one may be replaced: a device or a pipe would be
 * lost. @throws of the file system
 */
async function permissions(path: string): Promise<number | undefined> {
  const old = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  if (old?.isDirectory()) throw failed('EISDIR');
  if (old && !old.isFile()) throw failed('IRREGULAR');
  return old?.mode;
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

/** Makes sure that something is gone. @returns whether it is */
function isGone(remove: () => void): boolean {
  try {
    remove();
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT';
  }
}

/** The claims of half-written files, by what they belong to. */
type Partials = ReadonlyMap<string, readonly string[]>;

/** Of folders, kept while this process has files: a run from many seeds takes many at once. */
const listings = new Map<string, Partials>();

async function partialsIn(folder: string): Promise<Partials> {
  const found = new Map<string, string[]>();
  for (const name of await readdir(folder)) {
    const [, owner, claim] = PARTIAL.exec(name) ?? [];
    if (owner !== undefined) found.set(owner, [...(found.get(owner) ?? []), claim]);
  }
  return found;
}

/** The claims of half-written files that processes which have ended have left beside a path. */
async function leftBeside(path: string): Promise<string[]> {
  const folder = dirname(path);
  if (!listings.has(folder)) {
    // Not every folder that can be written can be listed.
    const found = await partialsIn(folder).catch(() => undefined);
    if (found !== undefined) listings.set(folder, found);
  }
  const left: string[] = [];
  for (const claim of listings.get(folder)?.get(basename(path)) ?? []) {
    if ((await fateOf(claim)) === 'dead') left.push(claim);
  }
  return left;
}

/** What this process has, and lets go of when it ends in any way that it can notice. */
const held = new Set<OutputFile>();
let forget: (() => void) | undefined;

/** A file that this process alone writes, until it lets go of it. */
export class OutputFile {
  /** The path behind the name's symbolic links. */
  readonly path: string;
  /** Called instead of replacing a file by other bytes. Absent: it is replaced. */
  keep: (() => never) | undefined;
  readonly #lock: string;
  #locked = false;
  /** Files beside that this process, or one that has ended, has made, and that are still there. */
  readonly #beside = new Set<string>();

  private constructor(
    readonly name: string,
    path: string,
    readonly claim: string,
  ) {
    this.path = path;
    this.#lock = join(dirname(path), `.${basename(path)}.lock`);
  }

  /**
   * Takes a file for this process, and finds out before long work that it could not be written after it. What a
   * process that was killed has left beside it goes.
   * @throws DataError, also when another process has it
   */
  static async claim(name: string): Promise<OutputFile> {
    let file: OutputFile | undefined;
    try {
      await permissions(name);
      file = new OutputFile(name, await followed(name), await newClaim());
      held.add(file);
      forget ??= onExit(() => {
        for (const each of held) each.release();
      });
      await file.#enter();
      return file;
    } catch (error) {
      file?.release();
      return refuseFile(name, 'written', error);
    }
  }

  #partialOf(claim: string): string {
    return join(dirname(this.path), `.${basename(this.path)}.${claim}.partial`);
  }

  /** Begins the file beside, which must not be there yet, and fills it. @throws of the file system */
  async #fill(work: (handle: FileHandle) => Promise<void>): Promise<string> {
    this.#clear();
    const partial = this.#partialOf(this.claim);
    const handle = await open(partial, 'wx');
    this.#beside.add(partial);
    try {
      await work(handle);
    } finally {
      await handle.close();
    }
    return partial;
  }

  /** The first line of the lock shows that the file beside can be written. */
  async #enter(): Promise<void> {
    // First, so that runs that are killed one after the other leave one behind, and not one each.
    for (const claim of await leftBeside(this.path)) this.#beside.add(this.#partialOf(claim));
    this.#clear();
    const partial = await this.#fill((handle) => handle.writeFile(lineOf('wants', this.claim)));
    await takeLock(this.#lock, this.claim, partial);
    this.#locked = true;
    await unlink(partial);
    this.#beside.delete(partial);
  }

  /**
   * Writes the file so that its name always holds the old bytes or the new ones, whole, even when the power
   * fails: a file beside it, fsync, rename, fsync of the folder. Symbolic links and permissions stay as they are.
   * @throws DataError; whatever it was, the name holds whole bytes, and this may be called again
   */
  async write(bytes: Uint8Array): Promise<void> {
    if (await this.holds(bytes)) return;
    try {
      const mode = await permissions(this.path);
      const partial = await this.#fill(async (handle) => {
        // Not every file system has permissions.
        if (mode !== undefined) await handle.chmod(mode & 0o7777).catch(() => {});
        await handle.writeFile(bytes);
        await handle.sync();
      });
      await rename(partial, this.path);
      this.#beside.delete(partial);
      await syncFolder(dirname(this.path));
    } catch (error) {
      this.#clear();
      refuseFile(this.name, 'written', error);
    }
  }

  /** Whether a file that is to be kept has these bytes already. @throws what `keep` does, of a file with others */
  async holds(bytes: Uint8Array): Promise<boolean> {
    if (this.keep === undefined) return false;
    const there = await readFile(this.path).catch(() => undefined);
    if (there === undefined || there.length === 0) return false;
    return there.equals(bytes) || this.keep();
  }

  /** Removes the files beside. What cannot be removed is tried again later. */
  #clear(): void {
    for (const partial of this.#beside) if (isGone(() => unlinkSync(partial))) this.#beside.delete(partial);
  }

  /** Lets others write the file. What cannot be removed now is tried again when the process ends. */
  release(): void {
    this.#clear();
    if (this.#locked && isGone(() => leaveLock(this.#lock, this.claim))) this.#locked = false;
    if (this.#beside.size > 0 || this.#locked) return;
    held.delete(this);
    if (held.size > 0) return;
    listings.clear();
    forget?.();
    forget = undefined;
  }
}
