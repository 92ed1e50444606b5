/**
 * Advisory locks: files beside those that they are for, which say who writes them. They hold between processes of
 * one machine, and a process that ends, however it does, holds nothing any more.
 *
 * A lock is a list of lines, a claim each. Whoever wants it appends a line, and has it when every line above is of
 * a process that has ended; so of two who find the lock of a dead process, one has it, whatever the order of their
 * steps. A lock that is not there appears with its first line in it, by a hard link. Only who has it removes it.
 */
import { constants, lstatSync, readFileSync, unlinkSync } from 'node:fs';
import { type FileHandle, link, lstat, open } from 'node:fs/promises';
import { CLAIM, fateOf, processOf } from './claim.ts';

/** Somebody else has a lock, or something else has its name. The message says which, and what to do. */
class LockRefused extends Error {
  override readonly name = 'LockRefused';
}

/** More than all the lines that there will ever be. */
const MOST_BYTES = 2 ** 20;
/** Locks that may vanish one after the other while they are looked at. */
const MOST_TRIES = 100;
/** What file systems without hard links answer. */
const NO_LINKS = ['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP'];

/** How every line of a lock begins. */
const START = '\nnlr-vqa ';
const LINE = new RegExp(`^nlr-vqa (wants|leaves) (${CLAIM})$`);

/** A line of a lock. A torn line above it ends at its own line end. */
export function lineOf(what: 'wants' | 'leaves', claim: string): string {
  return `\nnlr-vqa ${what} ${claim}\n`;
}

/** Whether a text begins as a lock does: with a line, maybe after some of which only the first letters were written. */
function isOfLock(text: string): boolean {
  for (let at = 0; ;) {
    let same = 0;
    while (same < START.length && text[at + same] === START[same]) same++;
    if (same === START.length || at + same === text.length) return true;
    if (same === 0) return false;
    at += same;
  }
}

function ignore(code: string): (error: NodeJS.ErrnoException) => undefined {
  return (error) => {
    if (error.code !== code) throw error;
  };
}

/** Claims in their order, without those that were given up. @throws LockRefused for another kind of file */
async function claimsIn(handle: FileHandle, path: string): Promise<string[]> {
  const { size } = await handle.stat();
  const foreign = new LockRefused(`${path}, where its lock belongs, is another file`);
  if (size > MOST_BYTES) throw foreign;
  const bytes = Buffer.alloc(size);
  const { bytesRead } = await handle.read(bytes, 0, size, 0);
  // A power cut can leave zeros where a line was.
  const text = bytes.toString('utf8', 0, bytesRead).replaceAll('\0', '');
  const lines = text.split('\n').flatMap((line) => {
    const [, what, claim] = LINE.exec(line) ?? [];
    return claim === undefined ? [] : [{ what, claim }];
  });
  if (!isOfLock(text)) throw foreign;
  const left = new Set(lines.flatMap(({ what, claim }) => (what === 'leaves' ? [claim] : [])));
  return lines.flatMap(({ what, claim }) => (what === 'wants' && !left.has(claim) ? [claim] : []));
}

/** The first claim above one's own whose process has not certainly ended. */
async function holderIn(claims: readonly string[], own: string): Promise<string | undefined> {
  for (const claim of claims) {
    if (claim === own) return undefined;
    if ((await fateOf(claim)) !== 'dead') return claim;
  }
  return undefined;
}

/** Why a lock cannot be had. */
async function refusal(path: string, holder: string): Promise<LockRefused> {
  const pid = processOf(holder);
  if ((await fateOf(holder)) === 'unknown') {
    return new LockRefused(
      `process ${pid} of another machine or container may be writing it; when that has ended, remove ${path}`,
    );
  }
  if (pid === process.pid) return new LockRefused('this process is writing it already');
  return new LockRefused(`process ${pid} is writing it; wait until it has ended, or give another file`);
}

/** Whether a name means a file that was opened. */
async function isAt(handle: FileHandle, path: string): Promise<boolean> {
  const opened = await handle.stat({ bigint: true });
  const named = await lstat(path, { bigint: true }).catch(ignore('ENOENT'));
  return named !== undefined && named.dev === opened.dev && named.ino === opened.ino;
}

/** Wants a lock that is there already. @returns false when it has gone meanwhile @throws LockRefused */
async function takeOver(path: string, claim: string): Promise<boolean> {
  const { O_RDWR, O_APPEND, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
  const handle = await open(path, O_RDWR | O_APPEND | O_NOFOLLOW | O_NONBLOCK).catch(ignore('ENOENT'));
  if (handle === undefined) return false;
  let wanted = false;
  let had = false;
  try {
    if (!(await handle.stat()).isFile())
      throw new LockRefused(`${path}, where its lock belongs, is no regular file`);
    let holder = await holderIn(await claimsIn(handle, path), claim);
    if (holder === undefined) {
      wanted = true;
      await handle.appendFile(lineOf('wants', claim));
      holder = await holderIn(await claimsIn(handle, path), claim);
    }
    // A holder that has ended meanwhile has taken it along.
    if (!(await isAt(handle, path))) return false;
    if (holder !== undefined) throw await refusal(path, holder);
    had = true;
    return true;
  } finally {
    if (wanted && !had) await handle.appendFile(lineOf('leaves', claim)).catch(() => {});
    await handle.close().catch(() => {});
  }
}

/** Gives a file a second name, where none has it. @returns whether it has it @throws of the file system */
async function appears(file: string, path: string): Promise<boolean> {
  try {
    await link(file, path);
    return true;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (code === 'EEXIST') return false;
    if (!NO_LINKS.includes(code)) throw error;
  }
  // Without hard links it appears empty, which is a lock that nobody has yet.
  await (await open(path, 'wx').catch(ignore('EEXIST')))?.close();
  return false;
}

/**
 * Takes a lock, or says who has it; waits for nobody.
 * @param claim of this process
 * @param first a file beside the lock that has the claim's line in it, and nothing else
 * @throws LockRefused; errors of the file system
 */
export async function takeLock(path: string, claim: string, first: string): Promise<void> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    if ((await appears(first, path)) || (await takeOver(path, claim))) return;
  }
  throw new LockRefused('other processes keep taking its lock; wait until they have ended');
}

/** Gives a lock back, unless it has been removed by hand and is somebody else's now. @throws of the file system */
export function leaveLock(path: string, claim: string): void {
  if (lstatSync(path).isFile() && readFileSync(path, 'utf8').includes(lineOf('wants', claim)))
    unlinkSync(path);
}
