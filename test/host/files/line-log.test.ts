/** A file of lines: whole ones, the right ones after a resumption, and no harm from a disk that fails. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { DataError } from '../../../host/core/errors.ts';
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

  test('keeps lines back for a second, or until they are many', async ({ mock }) => {
    let now = 5000;
    mock.method(performance, 'now', () => now);
    const name = join(folder, 'kept');
    const log = await LineLog.begin(placed(name));
    await log.add('one');
    now += 999;
    await log.add('two');
    assert.equal(await text(name), '');
    now += 1;
    await log.add('three');
    assert.equal(await text(name), 'one\ntwo\nthree\n');
    // The second begins anew.
    now += 999;
    await log.add('four');
    assert.equal(await text(name), 'one\ntwo\nthree\n');
    // With its end, and the line that waits, as many as are kept at most.
    await log.add('x'.repeat(65536 - 'four\n\n'.length));
    assert.equal((await text(name)).length, 'one\ntwo\nthree\n'.length + 65536);
    await log.close();
  });

  test('is safe from a power cut where that is asked for, and nowhere else', async () => {
    const log = await LineLog.begin(placed(join(folder, 'synced')));
    const { sync } = log.handle;
    let synced = 0;
    log.handle.sync = async () => {
      synced++;
      await sync.call(log.handle);
    };
    await log.add('one');
    await log.flush();
    assert.equal(synced, 0);
    await log.add('two');
    await log.flush(true);
    assert.equal(synced, 1);
    await log.close();
    assert.equal(synced, 1);
  });

  test('is whole where the system takes a part at a time', async () => {
    const name = join(folder, 'in-parts');
    const log = await LineLog.begin(placed(name));
    const write = log.handle.write.bind(log.handle);
    log.handle.write = ((bytes: Buffer, at: number, length: number, place: number) =>
      write(bytes, at, Math.min(length, 3), place)) as typeof write;
    for (const lines of [['one', 'two and a half'], ['drei ü']]) {
      for (const line of lines) await log.add(line);
      await log.flush();
    }
    await log.close();
    assert.equal(await text(name), 'one\ntwo and a half\ndrei ü\n');
    assert.equal(log.failure, undefined);
  });

  test('says so when the system could not keep what it took', async () => {
    const log = await LineLog.begin(placed(join(folder, 'closed')));
    const { close } = log.handle;
    const cause = Object.assign(new Error('late'), { code: 'EDQUOT' });
    log.handle.close = async () => {
      await close.call(log.handle);
      throw cause;
    };
    await log.add('one');
    await log.close();
    const failure = log.failure;
    assert(failure instanceof DataError);
    assert.deepEqual([failure.code, failure.file, failure.cause], ['ERR_DATA_FILE', log.name, cause]);
    assert.match(failure.message, /closed: cannot be written: the quota of the disk is used up$/);
  });

  test('the reader of the lines says itself what is wrong with one', async () => {
    const name = join(folder, 'refused');
    await writeFile(name, 'one\ntwo\n');
    const refusal = new DataError('ERR_DATA_CELLS', 'not of this study', { file: name, line: 2 });
    const keep = (_: string, number: number) => {
      if (number === 2) throw refusal;
      return true;
    };
    await assert.rejects(LineLog.resume(placed(name), keep), (error) => error === refusal);
    assert.equal(await text(name), 'one\ntwo\n');
  });

  test('a folder or a device is no log', async () => {
    for (const name of [folder, '/dev/null']) {
      const message = `${name}: cannot be written: it is not a regular file`;
      await assert.rejects(LineLog.begin(placed(name)), { code: 'ERR_DATA_FILE', message });
      await assert.rejects(
        LineLog.resume(placed(name), () => true),
        { code: 'ERR_DATA_FILE', message },
      );
    }
  });
});
