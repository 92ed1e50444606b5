/** Files on disk: what is written is whole and goes where its name leads; what is read is text, or refused. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { checkWritable, textOf, writeWhole } from '../../../host/files/disk.ts';

const bytes = Uint8Array.of(1, 2, 3);
let folder: string;
const inside = (name: string) => join(folder, name);

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
    await assert.rejects(checkWritable(file), { code: 'ERR_DATA_FILE', message: message(file) });
  }
  assert((await stat(pipe)).isFIFO());
});

test('a file is checked under the name that it has while it is written', async () => {
  await assert.rejects(checkWritable(inside('x'.repeat(250))), /written: its name is too long/);
  assert.equal(await checkWritable(inside('short')), inside('short'));
  assert(!existsSync(inside('short')) && !existsSync(inside('.short.partial')));
});

test('text that is too large is not called another encoding', () => {
  const says = { code: 'ERR_DATA_SYNTAX', message: /^big: the file has \d+ bytes, which is too large/ };
  assert.throws(() => textOf(new Uint8Array(2 ** 29), 'big'), says);
  assert.throws(() => textOf(Uint8Array.of(0xff), 'odd'), { message: 'odd: the file is not UTF-8 text' });
});
