/** What a claim's name says of the process that made it, and what has become of that process. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { describe, test } from 'node:test';
import { CLAIM, fateOf, newClaim, processOf } from '../../../host/files/claim.ts';

/** The parts of a claim of this process. */
async function ownParts() {
  const [pid = '', started = '', place = '', chance = ''] = (await newClaim()).split('-');
  return {
    ...{ pid, started, chance },
    ...{ machine: place.slice(0, 8), boot: place.slice(8, 16), numbering: place.slice(16) },
  };
}

type Parts = Awaited<ReturnType<typeof ownParts>>;

const written = ({ pid, started, machine, boot, numbering, chance }: Parts) =>
  `${pid}-${started}-${machine}${boot}${numbering}-${chance}`;

const OTHER = 'deadbeef';
const UNTOLD = '00000000';
/** No process has it: the system numbers none so high. */
const NOBODY = '4194305';
const skip = existsSync('/proc/self/stat') ? false : 'there is no /proc';

describe('a claim', { skip }, () => {
  test('is of this process, and never the same', async () => {
    const [one, other] = [await newClaim(), await newClaim()];
    for (const claim of [one, other]) {
      assert.match(claim, new RegExp(`^${CLAIM}$`));
      assert.equal(processOf(claim), process.pid);
      assert.equal(await fateOf(claim), 'alive');
    }
    assert.notEqual(one, other);
    assert.equal(one.slice(0, -8), other.slice(0, -8));
  });

  const FATES: Readonly<Record<string, readonly [change: Partial<Parts>, fate: string]>> = {
    'its number is nobody’s': [{ pid: NOBODY }, 'dead'],
    'another process of its number started since': [{ started: '1' }, 'dead'],
    'nothing says when it started': [{ started: '0' }, 'alive'],
    'the machine has started since': [{ boot: OTHER }, 'dead'],
    'the machine has another name now': [{ machine: OTHER }, 'alive'],
    'it was on another machine': [{ machine: OTHER, boot: OTHER }, 'unknown'],
    'nothing says when the machine started': [{ boot: UNTOLD }, 'alive'],
    'nothing says when another machine started': [{ boot: UNTOLD, machine: OTHER }, 'unknown'],
    'processes are numbered otherwise': [{ numbering: OTHER }, 'unknown'],
    'processes are numbered otherwise, and nobody has its number': [
      { numbering: OTHER, pid: NOBODY },
      'unknown',
    ],
  };
  for (const [what, [change, fate]] of Object.entries(FATES)) {
    test(`is ${fate} where ${what}`, async () => {
      assert.equal(await fateOf(written({ ...(await ownParts()), ...change })), fate);
    });
  }

  test('is of somebody who lives as long as that process, and dead once it has ended', async () => {
    const child = spawn(process.execPath, ['-e', 'process.stdin.resume()'], {
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    const claim = written({ ...(await ownParts()), pid: String(child.pid), started: '0' });
    assert.equal(await fateOf(claim), 'alive');
    child.stdin.end();
    await once(child, 'exit');
    assert.equal(await fateOf(claim), 'dead');
  });

  test('of a process whose parent has not asked how it ended is dead', async () => {
    // The shell's child ends at once, and what has taken the shell's place never asks.
    const shell = spawn('sh', ['-c', 'sh -c "exit 0" & echo $!; exec sleep 60'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    try {
      const [said] = (await once(shell.stdout, 'data')) as [Buffer];
      const claim = written({ ...(await ownParts()), pid: String(said).trim(), started: '0' });
      let fate = await fateOf(claim);
      for (let turn = 0; turn < 1000 && fate !== 'dead'; turn++) {
        await new Promise((resolve) => setTimeout(resolve, 5));
        fate = await fateOf(claim);
      }
      assert.equal(fate, 'dead');
    } finally {
      shell.kill('SIGKILL');
    }
  });
});
