/** What has become of the process that made a claim, in every case that its name and the system can tell apart. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readlinkSync } from 'node:fs';
import promises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { hostname } from 'node:os';
import { afterEach, describe, test } from 'node:test';
import { CLAIM, fateOf, newClaim, processOf } from '../../../host/files/claim.ts';

const isLinux = existsSync('/proc/self/stat');
const original = { readFile: promises.readFile, readlink: promises.readlink, kill: process.kill };

/** What a system that there is none of says: by the path, its text; undefined where it says nothing. */
function tell(told: Readonly<Record<string, string | undefined>>): void {
  const say = (real: (...args: never[]) => Promise<unknown>) =>
    async function (path: string, ...rest: unknown[]) {
      if (!Object.hasOwn(told, path)) return real(...([path, ...rest] as never[]));
      if (told[path] === undefined) throw new Error('nothing is told');
      return told[path];
    };
  promises.readFile = say(original.readFile as never) as never;
  promises.readlink = say(original.readlink as never) as never;
  syncBuiltinESMExports();
}

afterEach(() => {
  Object.assign(promises, { readFile: original.readFile, readlink: original.readlink });
  process.kill = original.kill;
  syncBuiltinESMExports();
});

const BOOT = '/proc/sys/kernel/random/boot_id';
const NUMBERING = '/proc/self/ns/pid';
const OTHER = 'ffffffff';
const UNTOLD = '00000000';
const digest = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 8);
/** A process in /proc, whose program has a name that is hard to read. */
const stat = (state: string, started: string) => `77 (a) b (c) ${state} ${'0 '.repeat(18)}${started} 0 0`;

interface Parts {
  readonly pid: number | string;
  readonly started: string;
  readonly machine: string;
  readonly boot: string;
  readonly numbering: string;
}

/** A claim of this process, but for what is otherwise. */
async function claimWith(changes: Partial<Parts>): Promise<string> {
  const [pid, started, place, chance] = (await newClaim()).split('-') as [string, string, string, string];
  const own = {
    pid,
    started,
    machine: place.slice(0, 8),
    boot: place.slice(8, 16),
    numbering: place.slice(16),
  };
  const all = { ...own, ...changes };
  return `${all.pid}-${all.started}-${all.machine}${all.boot}${all.numbering}-${chance}`;
}

describe('a claim', () => {
  test('says who made it, when and where, and is no other', async () => {
    const [first, second] = [await newClaim(), await newClaim()];
    assert.notEqual(first, second);
    assert.match(first, new RegExp(`^${CLAIM}$`));
    assert.equal(processOf(first), process.pid);
    assert.equal(processOf('12-3-abc-4'), 12);
    const [pid, started, place, chance] = first.split('-');
    assert.equal(pid, String(process.pid));
    assert.equal(place?.slice(0, 8), digest(hostname()));
    assert.equal(chance?.length, 8);
    if (!isLinux) return;
    assert.equal(place?.slice(8, 16), digest(readFileSync(BOOT, 'utf8')));
    assert.equal(place?.slice(16), digest(readlinkSync(NUMBERING)));
    const fields = readFileSync('/proc/self/stat', 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    assert.equal(started, fields[19]);
  });

  test('is of zeros where the system tells nothing', async () => {
    tell({ '/proc/self/stat': undefined, [BOOT]: undefined, [NUMBERING]: undefined });
    const [pid, started, place] = (await newClaim()).split('-');
    assert.deepEqual([pid, started], [String(process.pid), '0']);
    assert.equal(place, `${digest(hostname())}${UNTOLD}${UNTOLD}`);
  });
});

describe('the fate of who made a claim', () => {
  const PID = 77;
  const STAT = `/proc/${PID}/stat`;
  /** The claim by what is otherwise than here, what the system tells, whether the number is one, and the fate. */
  const CASES: readonly (readonly [
    string,
    Partial<Parts>,
    Record<string, string | undefined>,
    number | string,
    string,
  ])[] = [
    ['of this process', { pid: process.pid }, {}, 'real', 'alive'],
    ['of one that runs', { pid: PID, started: '5' }, { [STAT]: stat('S', '5') }, 'there', 'alive'],
    [
      'of one that runs and is another user’s',
      { pid: PID, started: '5' },
      { [STAT]: stat('R', '5') },
      'EPERM',
      'alive',
    ],
    ['of one that is not there', { pid: PID, started: '5' }, { [STAT]: stat('R', '5') }, 'ESRCH', 'dead'],
    [
      'of one whose number another has',
      { pid: PID, started: '5' },
      { [STAT]: stat('S', '6') },
      'there',
      'dead',
    ],
    [
      'of one that has ended and was not asked how',
      { pid: PID, started: '5' },
      { [STAT]: stat('Z', '5') },
      'there',
      'dead',
    ],
    ['of one that is ending', { pid: PID, started: '5' }, { [STAT]: stat('X', '5') }, 'there', 'dead'],
    [
      'that does not know when it started',
      { pid: PID, started: '0' },
      { [STAT]: stat('S', '6') },
      'there',
      'alive',
    ],
    [
      'of which the system tells nothing',
      { pid: PID, started: '5' },
      { [STAT]: undefined },
      'there',
      'alive',
    ],
    [
      'of another machine and another start of it',
      { pid: PID, machine: OTHER, boot: OTHER },
      {},
      'ESRCH',
      'unknown',
    ],
    ['of the same start of a machine by another name', { pid: PID, machine: OTHER }, {}, 'ESRCH', 'dead'],
    [
      'of the same, that runs',
      { pid: PID, machine: OTHER, started: '5' },
      { [STAT]: stat('S', '5') },
      'there',
      'alive',
    ],
    ['of an earlier start of this machine', { pid: process.pid, boot: OTHER }, {}, 'real', 'dead'],
    ['of this machine, of whose start it knows nothing', { pid: PID, boot: UNTOLD }, {}, 'ESRCH', 'dead'],
    [
      'of the same, that runs',
      { pid: PID, boot: UNTOLD, started: '0' },
      { [STAT]: stat('S', '5') },
      'there',
      'alive',
    ],
    [
      'of another machine, of whose start it knows nothing',
      { pid: PID, machine: OTHER, boot: UNTOLD },
      {},
      'ESRCH',
      'unknown',
    ],
    ['of another container', { pid: PID, numbering: OTHER }, {}, 'ESRCH', 'unknown'],
    [
      'of another container of an earlier start',
      { pid: PID, numbering: OTHER, boot: OTHER },
      {},
      'ESRCH',
      'dead',
    ],
    ['of a container that it does not know', { pid: PID, numbering: UNTOLD }, {}, 'ESRCH', 'unknown'],
    ['where the start is not told', { pid: PID }, { [BOOT]: undefined }, 'ESRCH', 'dead'],
    [
      'of another machine where the start is not told',
      { pid: PID, machine: OTHER },
      { [BOOT]: undefined },
      'ESRCH',
      'unknown',
    ],
    ['where neither start is told', { pid: PID, boot: UNTOLD }, { [BOOT]: undefined }, 'ESRCH', 'dead'],
    [
      'of another machine where neither start is told',
      { pid: PID, machine: OTHER, boot: UNTOLD },
      { [BOOT]: undefined },
      'ESRCH',
      'unknown',
    ],
  ];
  for (const [i, [what, changes, told, number, fate]] of CASES.entries()) {
    test(`${i}: ${what}, is ${fate}`, { skip: !isLinux }, async () => {
      const claim = await claimWith(changes);
      tell(told);
      const asked: unknown[] = [];
      if (number !== 'real')
        process.kill = ((pid: number, signal: number) => {
          asked.push([pid, signal]);
          if (number !== 'there') throw Object.assign(new Error('no'), { code: number });
          return true;
        }) as typeof process.kill;
      assert.equal(await fateOf(claim), fate);
      // Nobody is ever sent a signal.
      for (const each of asked) assert.deepEqual(each, [changes.pid, 0]);
    });
  }
});
