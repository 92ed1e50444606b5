/** A file of lines: whole ones, the right ones after a resumption, and no harm from a disk that fails. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { LineLog } from '../../../host/files/line-log.ts';

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nlr-vqa-'));
});
after(() => rm(folder, { recursive: true, force: true }));

/** A file that is called as it is. */
const placed = (name: string) => ({ name, path: name });
const text = (name: string) => readFile(name, 'utf8');

describe('a log of lines', () => {
  test('has whole lines, and begins anew', async () => {
    const name = join(folder, 'begun');
    await writeFile(name, 'old\n');
    const log = await LineLog.begin(placed(name));
    for (const line of ['one', 'two ä', 'three']) await log.add(line);
    await log.close();
    assert.equal(await text(name), 'one\ntwo ä\nthree\n');
    assert.equal(log.failure, undefined);
  });

  test('goes on behind the last line to keep, whatever comes after or was cut off', async () => {
    const name = join(folder, 'resumed');
    // Longer than what is read at once, and with a last line that was cut off.
    const lines = Array.from({ length: 9000 }, (_, i) => `${i + 1} ${'ü'.repeat(i % 40)}`);
    await writeFile(name, `${lines.join('\n')}\n9001 cut o`);
    for (const kept of [9000, 8123, 1, 0]) {
      const log = await LineLog.resume(placed(name), (line, number) => {
        assert.equal(Number.parseInt(line, 10), number);
        return number <= kept;
      });
      await log.add('new');
      await log.close();
      assert.equal(await text(name), [...lines.slice(0, kept), 'new', ''].join('\n'));
      await writeFile(name, `${lines.slice(0, kept).join('\n')}${kept > 0 ? '\n' : ''}`);
    }
    const missing = await LineLog.resume(placed(join(folder, 'missing')), () => assert.fail());
    await missing.close();
    assert.equal(await text(join(folder, 'missing')), '');
  });

  test('what keep throws leaves the file as it was', async () => {
    const name = join(folder, 'strange');
    await writeFile(name, 'a,b\n1,2\n');
    const refusal = new RangeError('no');
    await assert.rejects(
      LineLog.resume(placed(name), () => {
        throw refusal;
      }),
      { code: 'ERR_DATA_FILE' },
    );
    assert.equal(await text(name), 'a,b\n1,2\n');
  });

  test('a failure to write is kept, not thrown, and leaves whole lines', async () => {
    const name = join(folder, 'failing');
    const log = await LineLog.begin(placed(name));
    await log.add('one');
    await log.flush();
    const { write } = log.handle;
    log.handle.write = (async () => {
      await (write as (...args: unknown[]) => Promise<unknown>).call(log.handle, Buffer.from('tw'), 0, 2, 4);
      throw Object.assign(new Error('full'), { code: 'ENOSPC' });
    }) as typeof write;
    await log.add('two');
    await log.flush();
    log.handle.write = write;
    await log.add('three');
    await log.close();
    assert.equal(await text(name), 'one\n');
    assert.match(String(log.failure), /failing: cannot be written: the disk is full$/);
  });

  test('a folder or a device is no log', async () => {
    for (const name of [folder, '/dev/null'])
      await assert.rejects(LineLog.begin(placed(name)), { code: 'ERR_DATA_FILE' });
  });
});
