/**
 * Writing a file when the system refuses, call by call: whatever fails, the name holds the old bytes or the new ones,
 * nothing half-written and no lock stays, and what is thrown says the file and the reason.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { link, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { newClaim } from '../../host/files/claim.ts';
import { lineOf } from '../../host/files/lock.ts';
import { OutputFile } from '../../host/files/output-file.ts';
import { deadClaim } from '../support/claims.ts';
import { type Call, failCall, systemError, watchFiles } from '../support/fs-calls.mjs';

const CODES = ['ENOSPC', 'EIO', 'EINTR', 'EACCES'];
const OLD = new TextEncoder().encode('the old bytes');
const NEW = new TextEncoder().encode('the new bytes, which are more');

let folder: string;
/** A claim of a process that has ended. */
let dead: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nlr-vqa-'));
  dead = await deadClaim();
});
after(() => rm(folder, { recursive: true }));

/** What a folder can look like before. */
const SCENES: Readonly<Record<string, (path: string, beside: (name: string) => string) => Promise<unknown>>> =
  {
    'a new file': async () => {},
    'a file that is there': (path) => writeFile(path, OLD),
    'a file that a killed process was writing': async (path, beside) => {
      await writeFile(path, OLD);
      await writeFile(beside('lock'), lineOf('wants', dead));
      await writeFile(beside(`${dead}.partial`), 'half of');
    },
    'a file whose lock a power cut has torn': async (path, beside) => {
      await writeFile(path, OLD);
      await writeFile(beside('lock'), `${lineOf('wants', dead).slice(0, -20)}\0\0\0`);
    },
  };

/** Writes a file twice. */
async function write(path: string): Promise<{ error: unknown }> {
  let file: OutputFile | undefined;
  try {
    file = await OutputFile.claim(path);
    await file.write(NEW);
    await file.write(NEW);
    return { error: undefined };
  } catch (error) {
    return { error };
  } finally {
    file?.release();
  }
}

describe('the n-th call fails', () => {
  for (const [scene, prepare] of Object.entries(SCENES)) {
    for (const code of CODES) {
      test(`${scene}: ${code}`, async (context) => {
        const seen = new Set<string>();
        let more = true;
        for (let n = 0; more; n++) {
          const place = await mkdtemp(join(folder, 'scene-'));
          const path = join(place, 'model');
          await prepare(path, (name) => join(place, `.model.${name}`));
          const names = await readdir(place);
          const before = await readFile(path).catch(() => undefined);
          let left = n;
          let failed: Call | undefined;
          const stop = watchFiles((call: Call) => {
            if (left-- !== 0) return undefined;
            failed = call;
            return failCall(call, code);
          });
          const { error } = await write(path).finally(stop);
          more = failed !== undefined;
          const what = `call ${n}, ${failed?.name}`;
          if (failed !== undefined) seen.add(failed.name);
          const found = await readFile(path).catch(() => undefined);
          const whole = [before, NEW].some(
            (bytes) => bytes === found || (bytes && found && Buffer.compare(bytes, found) === 0),
          );
          assert.ok(whole, `${what}: ${found}`);
          if (error === undefined) assert.deepEqual(found, Buffer.from(NEW), what);
          else assert.match(String(error), /^DataError: .*model: cannot be written: [^\n]+$/, what);
          const rest = (await readdir(place)).filter((name) => name !== 'model' && !names.includes(name));
          // What could not be removed is tried again when the process ends.
          if (failed?.name.endsWith('Sync')) continue;
          assert.deepEqual(rest, [], what);
          assert.equal((await write(path)).error, undefined, what);
          assert.deepEqual(await readdir(place), ['model'], what);
        }
        const changes = [
          'open',
          'writeFile',
          'close',
          'link',
          'unlink',
          'rename',
          'sync',
          'chmod',
          'unlinkSync',
          'readdir',
        ];
        const expected =
          scene.includes('killed') || scene.includes('torn') ? [...changes, 'appendFile', 'read'] : changes;
        for (const name of expected) assert.ok(seen.has(name), `${name} was not among ${[...seen]}`);
        context.diagnostic(`${[...seen].join(' ')}`);
      });
    }
  }
});

test('a file system without hard links has locks too', async () => {
  for (const code of ['EPERM', 'ENOTSUP']) {
    const place = await mkdtemp(join(folder, 'links-'));
    const path = join(place, 'model');
    const stop = watchFiles((call: Call) => {
      if (call.name === 'link') throw systemError(code);
    });
    try {
      const file = await OutputFile.claim(path);
      await assert.rejects(OutputFile.claim(path), /cannot be written: this process is writing it already/);
      await file.write(NEW);
      file.release();
    } finally {
      stop();
    }
    assert.deepEqual(await readdir(place), ['model']);
  }
});

test('what is no lock is left alone, and so are half-written files of others', async () => {
  const place = await mkdtemp(join(folder, 'foreign-'));
  const path = join(place, 'model');
  const lock = join(place, '.model.lock');
  for (const content of ['mine', '\nnlr-vqb wants', 'x'.repeat(2 ** 20 + 1)]) {
    await writeFile(lock, content);
    await assert.rejects(OutputFile.claim(path), /\.model\.lock, where its lock belongs, is another file$/);
    assert.equal(await readFile(lock, 'utf8'), content);
  }
  await rm(lock);
  spawnSync('mkfifo', [lock]);
  await assert.rejects(OutputFile.claim(path), /\.model\.lock, where its lock belongs, is no regular file$/);
  await rm(lock);
  const living = await newClaim();
  const elsewhere = dead.replace(/-[0-9a-f]{24}-/, `-${'1'.repeat(24)}-`);
  const others = [
    '.model.partial',
    `.model.${living}.partial`,
    `.model.${elsewhere}.partial`,
    `.other.${dead}.partial`,
  ];
  for (const name of others) await writeFile(join(place, name), 'mine');
  assert.equal((await write(path)).error, undefined);
  assert.deepEqual((await readdir(place)).sort(), [...others, 'model'].sort());
  // Whether that process runs cannot be seen from here.
  await writeFile(lock, lineOf('wants', elsewhere));
  await assert.rejects(
    OutputFile.claim(path),
    /process \d+ of another machine or container may be writing it; when that has ended, remove .*\.model\.lock$/,
  );
  // After the machine has started again nothing of before runs.
  if (process.platform === 'linux') {
    const [, machine] = /^\d+-\d+-([0-9a-f]{8})/.exec(living) ?? [];
    await writeFile(lock, lineOf('wants', dead.replace(/-[0-9a-f]{24}-/, `-${machine}${'1'.repeat(16)}-`)));
    assert.equal((await write(path)).error, undefined);
  }
});

test("a lock that was removed by hand, and is somebody else's now, stays", async () => {
  const place = await mkdtemp(join(folder, 'removed-'));
  const path = join(place, 'model');
  const file = await OutputFile.claim(path);
  await rm(join(place, '.model.lock'));
  const other = await OutputFile.claim(path);
  file.release();
  assert.deepEqual(await readdir(place), ['.model.lock']);
  other.release();
  assert.deepEqual(await readdir(place), []);
  // A hard link to a lock is no lock of its own.
  const again = await OutputFile.claim(path);
  await link(join(place, '.model.lock'), join(place, 'kept'));
  again.release();
  assert.deepEqual(await readdir(place), ['kept']);
});
