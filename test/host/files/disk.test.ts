/** Files on disk: what is written is whole and goes where its name leads; what is read is text, or refused. */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { readBytes, textOf } from '../../../host/files/disk.ts';
import { OutputFile } from '../../../host/files/output-file.ts';

const bytes = Uint8Array.of(1, 2, 3);
let folder: string;
const inside = (name: string) => join(folder, name);

/** Takes a file, writes it and lets go of it. */
async function writeWhole(name: string, content: Uint8Array): Promise<void> {
  const file = await OutputFile.claim(name);
  try {
    await file.write(content);
  } finally {
    file.release();
  }
}

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nlr-vqa-'));
});
after(() => rm(folder, { recursive: true }));

test('a file goes through symbolic links, which stay, and keeps its permissions', async () => {
  await mkdir(inside('there'));
  await symlink('there/target', inside('link'));
  await symlink('link', inside('link2'));
  await writeWhole(inside('link2'), bytes);
  assert.deepEqual(await readdir(inside('there')), ['target']);
  await chmod(inside('there/target'), 0o640);
  await writeWhole(inside('link'), Uint8Array.of(9));
  assert.deepEqual([...(await readFile(inside('link2')))], [9]);
  assert.equal((await stat(inside('there/target'))).mode & 0o777, 0o640);
  assert.deepEqual(await readdir(inside('there')), ['target']);
  await symlink('circle', inside('circle'));
  await assert.rejects(writeWhole(inside('circle'), bytes), /written: its symbolic links go round/);
});

test('a file replaces neither a device nor a pipe', async () => {
  const pipe = inside('pipe');
  execFileSync('mkfifo', [pipe]);
  const message = (file: string) => `${file}: cannot be written: it is not a regular file`;
  await assert.rejects(writeWhole(pipe, bytes), { code: 'ERR_DATA_FILE', message: message(pipe) });
  for (const file of [pipe, '/dev/null']) {
    await assert.rejects(OutputFile.claim(file), { code: 'ERR_DATA_FILE', message: message(file) });
  }
  assert((await stat(pipe)).isFIFO());
});

test('a file is checked under the name that it has while it is written', async () => {
  await assert.rejects(OutputFile.claim(inside('x'.repeat(250))), /written: its name is too long/);
  const before = await readdir(folder);
  const file = await OutputFile.claim(inside('short'));
  assert.equal(file.path, inside('short'));
  assert.deepEqual((await readdir(folder)).sort(), [...before, '.short.lock'].sort());
  file.release();
  assert.deepEqual(await readdir(folder), before);
});

test('text that is too large is not called another encoding', () => {
  const says = { code: 'ERR_DATA_SYNTAX', message: /^big: the file has \d+ bytes, which is too large/ };
  assert.throws(() => textOf(new Uint8Array(2 ** 29), 'big'), says);
  assert.throws(() => textOf(Uint8Array.of(0xff), 'odd'), { message: 'odd: the file is not UTF-8 text' });
});

test('a file is read up to a bound, which is said', async () => {
  const path = inside('large');
  await writeWhole(path, new Uint8Array(11));
  assert.equal((await readBytes('large', folder, 11)).length, 11);
  await assert.rejects(readBytes('large', folder, 10), {
    code: 'ERR_DATA_FILE',
    message: 'large: cannot be read: it has 11 bytes, and at most 10 are read; split it',
  });
  const sparse = inside('sparse');
  await writeWhole(sparse, bytes);
  await truncate(sparse, 2 ** 30 + 1);
  await assert.rejects(readBytes(sparse), /it has 1073741825 bytes, and at most 1073741824 are read/);
});

test('what never ends is given up, or not begun', async () => {
  const endless = { code: 'ERR_DATA_FILE', message: /: it has more than 4096 bytes, and at most 4096 are/ };
  execFileSync('mkfifo', [inside('endless')]);
  const writer = spawn('sh', ['-c', 'yes > endless'], { cwd: folder, stdio: 'ignore' });
  await assert.rejects(readBytes('endless', folder, 4096), endless);
  // Its pipe has no reader any more.
  await once(writer, 'exit');
  for (const device of ['/dev/zero', '/dev/null', '/dev/urandom']) {
    await assert.rejects(readBytes(device), /cannot be read: it is a device, neither a file nor a pipe$/);
  }
  if (existsSync('/proc/self/maps')) {
    assert.ok((await readBytes('/proc/self/maps')).length > 0, 'the system says that it is empty');
    await assert.rejects(readBytes('/proc/self/maps', '.', 10), /it has more than 10 bytes/);
  }
});
