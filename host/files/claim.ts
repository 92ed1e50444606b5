/**
 * Names of claims to a file. A name says which process made it, so that whoever finds it can tell whether that
 * process has ended: `4242-31415926-` its number and when it started, 24 hexadecimal digits for the machine, the
 * time since the machine started and the numbering of processes (every container has its own), `-` and 8 of chance.
 */
import { createHash, randomBytes } from 'node:crypto';
import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';

/** How a name looks. */
export const CLAIM = String.raw`\d{1,10}-\d{1,20}-[0-9a-f]{24}-[0-9a-f]{8}`;

/** `unknown`: the process runs, if it does, where this one cannot look. */
type Fate = 'alive' | 'dead' | 'unknown';

/** A process, by what a name says of it; what the system did not tell is all zeros. */
interface Maker {
  readonly pid: number;
  /** In the system's ticks: another process of the same number has another start. */
  readonly started: string;
  readonly machine: string;
  readonly boot: string;
  readonly numbering: string;
}

const UNTOLD = '00000000';

function digest(text: string | undefined): string {
  return text === undefined
    ? UNTOLD
    : createHash('sha256').update(text).digest('hex').slice(0, UNTOLD.length);
}

/** Fields behind the name of a program in /proc/PID/stat, which may itself have blanks and brackets: proc(5). */
const STATE_FIELD = 0;
const START_FIELD = 19;

async function stateOf(pid: number | 'self') {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { state: fields[STATE_FIELD], started: fields[START_FIELD] };
}

function answer(question: Promise<string>): Promise<string | undefined> {
  return question.catch(() => undefined);
}

async function self(): Promise<Maker> {
  return {
    pid: process.pid,
    started: (await stateOf('self')).started ?? '0',
    machine: digest(hostname()),
    boot: digest(await answer(readFile('/proc/sys/kernel/random/boot_id', 'utf8'))),
    numbering: digest(await answer(readlink('/proc/self/ns/pid'))),
  };
}

/** A name of this process that nobody has used. */
export async function newClaim(): Promise<string> {
  const { pid, started, machine, boot, numbering } = await self();
  return `${pid}-${started}-${machine}${boot}${numbering}-${randomBytes(4).toString('hex')}`;
}

function makerOf(claim: string): Maker {
  const [pid, started, place] = claim.split('-');
  const [machine, boot, numbering] = [place.slice(0, 8), place.slice(8, 16), place.slice(16)];
  return { pid: Number(pid), started, machine, boot, numbering };
}

/** The number of the process that made a claim. */
export function processOf(claim: string): number {
  return makerOf(claim).pid;
}

function isNumbered(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It is there, and somebody else's.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** What has become of the process that made a claim. `dead` is certain. */
export async function fateOf(claim: string): Promise<Fate> {
  const [maker, own] = [makerOf(claim), await self()];
  const told = maker.boot !== UNTOLD && own.boot !== UNTOLD;
  const sameBoot = told && maker.boot === own.boot;
  if (!sameBoot && maker.machine !== own.machine) return 'unknown';
  if (told && !sameBoot) return 'dead';
  if (maker.numbering !== own.numbering) return 'unknown';
  if (!isNumbered(maker.pid)) return 'dead';
  const { state, started } = await stateOf(maker.pid);
  // A process that has ended keeps its number until its parent has asked how.
  if (state === 'Z' || state === 'X') return 'dead';
  const another = maker.started !== '0' && started !== undefined && started !== maker.started;
  return another ? 'dead' : 'alive';
}
