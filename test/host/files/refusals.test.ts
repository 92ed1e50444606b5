/** Files and their locks as somebody finds them: what is done with each, which sentence refuses it, and that nothing stays open or behind. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { newClaim } from '../../../host/files/claim.ts';
import {
  followed,
  isRepeatable,
  makeFolder,
  readBytes,
  readText,
  reasonOf,
  refuseFile,
  textOf,
} from '../../../host/files/disk.ts';
import { LineLog } from '../../../host/files/line-log.ts';
import { leaveLock, lineOf, takeLock } from '../../../host/files/lock.ts';
import { OutputFile, writtenBeside } from '../../../host/files/output-file.ts';
import { deadClaim } from '../../support/claims.ts';
import { failCall, systemError, watchFiles } from '../../support/fs-calls.mjs';
import { assertGolden, outcomes } from '../../support/golden.ts';

let folder: string;
const inside = (name: string) => join(folder, name);
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nlr-vqa-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Files of the folder that this process has open, where the system says so. */
function open(): string[] {
  if (!existsSync('/proc/self/fd')) return [];
  return readdirSync('/proc/self/fd').flatMap((number) => {
    try {
      const path = readlinkSync(`/proc/self/fd/${number}`);
      return path === folder || path.startsWith(`${folder}/`) ? [path] : [];
    } catch {
      return [];
    }
  });
}

/** A text without what is otherwise on every machine; of errors of the system the code alone. */
const plain = (text: string) =>
  text
    .replaceAll(/(Error E[A-Z]+): .*/g, '$1')
    .replaceAll(folder, 'FOLDER')
    .replaceAll(String(process.pid), 'PID');

/** What becomes of a promise, for a golden text. */
async function settled(work: () => Promise<unknown>): Promise<() => unknown> {
  try {
    const value = await work();
    return () => value;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

/** @param cases one after the other */
async function results(cases: Readonly<Record<string, () => Promise<unknown>>>): Promise<string> {
  const done: Record<string, () => unknown> = {};
  for (const [what, work] of Object.entries(cases)) done[what] = await settled(work);
  return plain(outcomes(done));
}
const golden = (name: string, text: string) =>
  assertGolden(new URL(`golden/${name}.txt`, import.meta.url), text);

describe('a lock that is found', () => {
  test('is taken, taken over or refused, by what is in it', async () => {
    const own = await newClaim();
    const dead = await deadClaim();
    const far = own.replace(/^(\d+-\d+-)[0-9a-f]{24}/, `7$1${'f'.repeat(24)}`).replace(/^\d+/, '4242');
    const other = own.replace(/[0-9a-f]{8}$/, '00000000');
    const wants = (claim: string) => lineOf('wants', claim);
    const leaves = (claim: string) => lineOf('leaves', claim);
    const START = '\nnlr-vqa ';
    const found: Readonly<Record<string, string | undefined>> = {
      'no lock': undefined,
      empty: '',
      'the first letter of a line': '\n',
      'the beginning of a line': START.slice(0, 5),
      'a torn line': wants(dead).slice(0, -10),
      'a torn line, and one of a process that has ended': wants(dead).slice(0, -10) + wants(dead),
      'of a process that has ended': wants(dead),
      'of two that have ended': wants(dead) + wants(dead),
      'of this process': wants(other),
      'of this process, which has given it up': wants(other) + leaves(other),
      'given up before it was wanted': leaves(other) + wants(other),
      'of another machine': wants(far),
      'of another machine, which has given it up': wants(far) + leaves(far),
      'of one that has ended, then of this process': wants(dead) + wants(other),
      'of this process, then of one that has ended': wants(other) + wants(dead),
      'given up by somebody else': wants(other) + leaves(dead),
      'with zeros of a power cut': `${wants(dead)}\0\0\0\0`,
      'of zeros': '\0\0\0\0',
      'zeros in a line': wants(other).replace('wants', '\0wants'),
      'with lines of another kind': `${wants(dead)}whatever\nnlr-vqa waits ${other}\n`,
      'with more in its line': `\nnlr-vqa wants ${other} now\n`,
      'the beginnings of two lines': '\n\nnlr-v',
      'the beginnings of two lines, then one of this process': `\nn\nnlr-${wants(other)}`,
      'another file': 'something else\n',
      'another file, behind an empty line': '\nsomething else\n',
      'another file that begins as one': '\nnlr-vqb ',
      'a file that is as long as may be':
        wants(dead) + '\n'.repeat(2 ** 20 - wants(dead).length - wants(own).length),
      'a file that is too long': wants(dead) + '\n'.repeat(2 ** 20 + 1 - wants(dead).length),
    };
    const cases: Record<string, () => Promise<unknown>> = {};
    for (const [what, text] of Object.entries(found)) {
      cases[what] = async () => {
        const [lock, first] = [inside('lock'), inside('first')];
        await rm(lock, { force: true });
        await writeFile(first, wants(own));
        if (text !== undefined) await writeFile(lock, text);
        const names: readonly (readonly [string, string])[] = [
          [own, 'OWN'],
          [dead, 'DEAD'],
          [far, 'FAR'],
          [other, 'OTHER'],
        ];
        const left = async () => {
          const after = (await readFile(lock, 'utf8')).replace(text ?? '', '');
          return names.reduce((all, [claim, name]) => all.replaceAll(claim, name), after);
        };
        try {
          await takeLock(lock, own, first);
        } catch (error) {
          throw Object.assign(error as Error, {
            message: `${(error as Error).message}; then adds ${JSON.stringify(await left())}`,
          });
        } finally {
          assert.deepEqual(open(), [], what);
        }
        const added = await left();
        leaveLock(lock, own);
        return `taken, adds ${added}, and is ${existsSync(lock) ? 'there' : 'gone'} when it is left`;
      };
    }
    golden('locks', await results(cases));
  });

  test('is refused where it is no file', async () => {
    const own = await newClaim();
    await writeFile(inside('first'), lineOf('wants', own));
    await mkdir(inside('folder'));
    await writeFile(inside('target'), '');
    await symlink('target', inside('link'));
    await symlink('nowhere', inside('dangling'));
    const take = (name: string) => () => takeLock(inside(name), own, inside('first'));
    golden(
      'locks-of-another-kind',
      await results({
        'a folder': take('folder'),
        'a link': take('link'),
        'a link to nothing': take('dangling'),
        'in no folder': take('none/lock'),
      }),
    );
    assert.equal(await readFile(inside('target'), 'utf8'), '');
    assert.deepEqual(open(), []);
  });

  test('is left only by who has it', async () => {
    const own = await newClaim();
    const lock = inside('lock');
    assert.throws(() => leaveLock(lock, own), { code: 'ENOENT' });
    await writeFile(lock, lineOf('wants', await newClaim()));
    leaveLock(lock, own);
    assert.ok(existsSync(lock));
    await writeFile(lock, lineOf('leaves', own));
    leaveLock(lock, own);
    assert.ok(existsSync(lock));
    await mkdir(inside('folder'));
    leaveLock(inside('folder'), own);
    assert.ok(existsSync(inside('folder')));
  });

  test('that goes whenever it is looked at is given up', async () => {
    const own = await newClaim();
    await writeFile(inside('first'), lineOf('wants', own));
    let links = 0;
    const stop = watchFiles(({ name }) => {
      if (name !== 'link') return;
      links++;
      throw systemError('EEXIST');
    });
    try {
      const message = 'other processes keep taking its lock; wait until they have ended';
      await assert.rejects(takeLock(inside('lock'), own, inside('first')), { name: 'LockRefused', message });
    } finally {
      stop();
    }
    assert.equal(links, 100);
  });

  test('goes without hard links where there are none, and not where they fail', async () => {
    const own = await newClaim();
    await writeFile(inside('first'), lineOf('wants', own));
    const given: string[] = [];
    for (const code of ['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EIO', 'EACCES']) {
      await rm(inside('lock'), { force: true });
      const stop = watchFiles((call) => (call.name === 'link' ? failCall(call, code) : undefined));
      const work = await settled(() => takeLock(inside('lock'), own, inside('first')));
      stop();
      assert.deepEqual(open(), []);
      given.push(
        plain(outcomes({ [code]: work })) + (existsSync(inside('lock')) ? '  a lock\n' : '  no lock\n'),
      );
    }
    golden('locks-without-links', given.join(''));
  });
});

describe('a file that is written', () => {
  const bytes = Uint8Array.of(1, 2, 3);

  test('is refused where it cannot be, and leaves nothing', async () => {
    await mkdir(inside('folder'));
    await writeFile(inside('file'), 'old');
    const cases = ['folder', 'none/file', 'file/below', 'x'.repeat(300)].map(
      (name) => [name.slice(0, 20), () => OutputFile.claim(inside(name))] as const,
    );
    const text = await results({
      ...Object.fromEntries(cases),
      twice: async () => {
        const first = await OutputFile.claim(inside('file'));
        try {
          await OutputFile.claim(inside('file'));
        } finally {
          first.release();
        }
      },
    });
    golden('claims-refused', text.replaceAll(/x{20,}/g, 'x...'));
    assert.deepEqual((await readdir(folder)).sort(), ['file', 'folder']);
    assert.deepEqual(open(), []);
  });

  test('takes away what one that was killed has left, and what is another’s stays', async () => {
    const dead = await deadClaim();
    const alive = await newClaim();
    const names = [
      `.file.${dead}.partial`,
      `.file.${alive}.partial`,
      `.other.${dead}.partial`,
      `.file.x.partial`,
      'file.partial',
    ];
    for (const name of names) await writeFile(inside(name), 'left');
    const file = await OutputFile.claim(inside('file'));
    assert.deepEqual((await readdir(folder)).sort(), [...names.slice(1), '.file.lock'].sort());
    assert.equal(await readFile(inside('.file.lock'), 'utf8'), lineOf('wants', file.claim));
    await file.write(bytes);
    await file.write(Uint8Array.of(4));
    assert.deepEqual([...(await readFile(inside('file')))], [4]);
    assert.deepEqual(open(), []);
    file.release();
    assert.deepEqual((await readdir(folder)).sort(), [...names.slice(1), 'file'].sort());
  });

  test('keeps its permissions, all of them', async () => {
    for (const mode of [0o600, 0o644, 0o755, 0o4755]) {
      await writeFile(inside('file'), 'old');
      await chmod(inside('file'), mode);
      const file = await OutputFile.claim(inside('file'));
      await file.write(bytes);
      file.release();
      assert.equal((await stat(inside('file'))).mode & 0o7777, mode);
    }
  });

  test('is kept where it has other bytes and is to be kept', async () => {
    const file = await OutputFile.claim(inside('file'));
    const refusal = new Error('it is there already');
    file.keep = () => {
      throw refusal;
    };
    try {
      assert.equal(await file.holds(bytes), false);
      await writeFile(inside('file'), '');
      assert.equal(await file.holds(bytes), false);
      await file.write(bytes);
      assert.equal(await file.holds(bytes), true);
      const { mtimeMs, ino } = await stat(inside('file'));
      await file.write(bytes);
      const after = await stat(inside('file'));
      assert.deepEqual([after.mtimeMs, after.ino], [mtimeMs, ino]);
      await assert.rejects(file.holds(Uint8Array.of(1)), (error) => error === refusal);
      await assert.rejects(file.write(Uint8Array.of(1)), (error) => error === refusal);
      assert.deepEqual([...(await readFile(inside('file')))], [1, 2, 3]);
      file.keep = undefined;
      assert.equal(await file.holds(bytes), false);
    } finally {
      file.release();
    }
  });

  test('holds old bytes or new ones, and nothing stays open, whichever call fails', async () => {
    const text: string[] = [];
    for (const failing of ['stat', 'open', 'chmod', 'writeFile', 'sync', 'close', 'rename']) {
      await writeFile(inside('file'), 'old');
      const file = await OutputFile.claim(inside('file'));
      let failed = 0;
      const stop = watchFiles((call) =>
        call.name === failing && failed++ === 0 ? failCall(call, 'ENOSPC') : undefined,
      );
      const work = await settled(() => file.write(bytes));
      stop();
      const kept = await readFile(inside('file'), 'latin1');
      assert.deepEqual((await readdir(folder)).sort(), ['.file.lock', 'file']);
      assert.deepEqual(open(), [], failing);
      file.release();
      assert.deepEqual(await readdir(folder), ['file']);
      text.push(
        `${plain(outcomes({ [failing]: work }))}  ${kept === 'old' ? 'the old bytes' : 'the new bytes'}\n`,
      );
    }
    golden('writes-that-fail', text.join(''));
  });

  test('belongs to its lock and to what is written beside it', async () => {
    const claim = '4242-31415926-0123456789abcdef01234567-89abcdef';
    const names = [
      '.a.lock',
      '.a.b.lock',
      '.lock',
      '..lock',
      'a.lock',
      '.a.lock2',
      '.a\nb.lock',
      `.a.${claim}.partial`,
      `.a.b.${claim}.partial`,
      `.${claim}.partial`,
      `a.${claim}.partial`,
    ];
    const others = [
      `.a.${claim}0.partial`,
      `.a.${claim.slice(1)}.partial`,
      `.a.${claim.toUpperCase()}.partial`,
      `.a.12345678901-1-0123456789abcdef01234567-89abcdef.partial`,
      `.a\nb.${claim}.partial`,
      `.a.${claim}.partial.lock`,
      'a',
      '.a.partial',
    ];
    golden(
      'beside',
      outcomes(
        Object.fromEntries(
          [...names, ...others].map((name) => [JSON.stringify(name), () => writtenBeside(`d/${name}`)]),
        ),
      ),
    );
  });
});

describe('the disk', () => {
  test('says why it refuses, for people', () => {
    const codes =
      'ENOENT ENOTDIR EISDIR EEXIST IRREGULAR DEVICE ELOOP EACCES EPERM EROFS ENOSPC EDQUOT EFBIG EIO EINTR ENAMETOOLONG EMFILE ENFILE EOTHER'.split(
        ' ',
      );
    const refused = (error: unknown) => () => refuseFile('a.csv', 'read', error);
    const calls = Object.fromEntries(codes.map((code) => [code, refused(systemError(code))]));
    golden('reasons', outcomes({ ...calls, 'no code': refused(new Error('it is so')) }));
    assert.equal(reasonOf(systemError('EIO')), 'the disk or the terminal reports an error');
  });

  test('makes folders, those above them too, where it can', async () => {
    await writeFile(inside('file'), '');
    await mkdir(inside('there'));
    await symlink('there', inside('link'));
    await symlink('nowhere', inside('dangling'));
    const make = (name: string) => async () => {
      await makeFolder(inside(name));
      return (await stat(inside(name))).isDirectory();
    };
    const names = [
      'a',
      'a',
      'b/c/d',
      'there',
      'there/e',
      'link',
      'link/f',
      'file',
      'file/g',
      'file/g/h',
      'dangling',
      'dangling/i',
      'b/../j',
      'y'.repeat(300),
      'k/n/',
    ];
    const text = await results(Object.fromEntries(names.map((name, i) => [`${i}: ${name}`, make(name)])));
    golden('folders', text.replaceAll(/y{20,}/g, 'y...'));
  });

  test('follows links as far as a system does', async () => {
    await mkdir(inside('d'));
    await symlink('../target', inside('d/0'));
    for (let i = 1; i < 42; i++) await symlink(String(i - 1), inside(`d/${i}`));
    await symlink(inside('d/0'), inside('absolute'));
    await symlink('d', inside('alias'));
    const follow = (name: string) => () => followed(inside(name));
    const names = ['new', 'd', 'd/0', 'd/38', 'd/39', 'd/40', 'absolute', 'alias/0', 'alias/new', 'none/new'];
    golden('followed', await results(Object.fromEntries(names.map((name) => [name, follow(name)]))));
  });

  test('tells what can be read more than once', async () => {
    await writeFile(inside('file'), '');
    for (const [name, wanted] of [
      [inside('file'), true],
      [folder, true],
      [inside('none'), true],
      ['/dev/null', false],
    ] as const)
      assert.equal(await isRepeatable(name), wanted, name);
  });

  test('reads whole files up to a bound, and closes them', async () => {
    await writeFile(inside('file'), 'ä\n');
    await writeFile(inside('empty'), '');
    await writeFile(inside('marked'), '\uFEFFa');
    await writeFile(inside('odd'), Uint8Array.of(0x61, 0xc3));
    const cases = {
      'a file': async () => [...(await readBytes('file', folder))],
      'an empty file': async () => [...(await readBytes('empty', folder))],
      'as much as it may have': async () => [...(await readBytes('file', folder, 3))],
      'more than it may have': () => readBytes('file', folder, 2),
      'by its whole name': async () => [...(await readBytes(inside('file')))],
      'no file': () => readBytes('none', folder),
      'a folder': () => readBytes('.', folder),
      'below a file': () => readBytes('file/a', folder),
      'a text': () => readText('file', folder),
      'a text with a mark': () => readText('marked', folder),
      'no text': () => readText('odd', folder),
    };
    golden('reads', await results(cases));
    assert.deepEqual(open(), []);
    assert.equal(textOf(Uint8Array.of(0x61), 'a'), 'a');
    // Cut while it is read, it is as short as it is then.
    const stop = watchFiles(({ name, args }) =>
      name === 'read' && args[1] > 0 ? writeFile(inside('file'), 'ä') : undefined,
    );
    const short = await readBytes('file', folder);
    stop();
    assert.ok(short.length <= 3);
    const failing = watchFiles((call) => (call.name === 'read' ? failCall(call, 'EIO') : undefined));
    await assert.rejects(readBytes('file', folder), {
      message: 'file: cannot be read: the disk or the terminal reports an error',
    });
    failing();
    assert.deepEqual(open(), []);
  });
});

describe('a log of lines', () => {
  const placed = (name: string) => ({ name, path: inside(name) });

  test('is closed whatever happens, and says why it cannot be', async () => {
    await mkdir(inside('folder'));
    await writeFile(inside('file'), 'one\ntwo\n');
    const cases = {
      'begun in no folder': () => LineLog.begin(placed('none/file')),
      'begun as a folder': () => LineLog.begin(placed('folder')),
      'resumed as a folder': () => LineLog.resume(placed('folder'), () => true),
      'resumed in no folder': () => LineLog.resume(placed('none/file'), () => true),
      'resumed, with a line that is refused': () =>
        LineLog.resume(placed('file'), () => {
          throw new Error('it is no line');
        }),
    };
    golden('logs', await results(cases));
    assert.deepEqual(open(), []);
    const failing = watchFiles((call) => (call.name === 'truncate' ? failCall(call, 'EIO') : undefined));
    await assert.rejects(
      LineLog.resume(placed('file'), () => true),
      /cannot be written: the disk or the terminal/,
    );
    failing();
    assert.deepEqual(open(), []);
    const log = await LineLog.resume(placed('file'), (line, number) => line === 'one' && number === 1);
    assert.equal(open().length, existsSync('/proc/self/fd') ? 1 : 0);
    await log.add('three');
    await log.close();
    assert.equal(await readFile(inside('file'), 'utf8'), 'one\nthree\n');
    assert.deepEqual(open(), []);
  });

  test('keeps its first failure', async () => {
    const log = await LineLog.begin(placed('file'));
    const write = log.handle.write;
    for (const code of ['ENOSPC', 'EIO']) {
      log.handle.write = (async () => {
        throw systemError(code);
      }) as typeof write;
      await log.add('one');
      await log.flush();
    }
    log.handle.write = write;
    await log.add('two');
    await log.close();
    assert.equal((log.failure as Error).message, 'file: cannot be written: the disk is full');
    assert.equal(await readFile(inside('file'), 'utf8'), '');
  });
});
