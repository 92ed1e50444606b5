/** Training that is killed or interrupted goes on from its checkpoint, with the bits of an uninterrupted run. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import {
  clusters,
  lasting,
  resultOf,
  said,
  signalledAt,
  withoutReading,
  Workshop,
} from '../../support/cli-process.ts';

let shop: Workshop;
const steps = 600;
const data = ['--csv', 'data.csv', '--label', 'kind'];
const run = ['train', ...data, '--shots', '20', '--steps', String(steps), '--layers', '1', '--batch', '4'];
let uninterrupted: Record<string, unknown>;

before(async () => {
  shop = await Workshop.open();
  await shop.write('data.csv', clusters(['a', 'b', 'c'], 60));
  uninterrupted = await shop.json(run);
});
after(() => shop.close());

/** Changes to the file system after which one life after the other ends: at its start, and between steps. */
const DEATHS = [3, 100, 777, 1500];

describe('kill -9, again and again', () => {
  for (const rule of ['adam', 'nlr-guarded']) {
    test(`${rule}: going on from the checkpoint gives the bits of an uninterrupted run`, async () => {
      const file = `${rule}.ckpt`;
      const flags = [...run, '--rule', rule];
      const expected = rule === 'adam' ? uninterrupted : await shop.json(flags);
      const fresh = [...flags, '--checkpoint', file, '--every', '1', '--out', `${rule}.nlrvqa`];
      const next = () => (existsSync(shop.path(file)) ? ['train', '--resume', file] : fresh);
      for (const change of DEATHS) {
        const { signal } = await shop.run(next(), signalledAt(change));
        assert.equal(signal, 'SIGKILL');
      }
      assert.ok(existsSync(shop.path(file)));
      assert.deepEqual(lasting(await shop.json(next())), lasting(expected));
      const model = await shop.json(['inspect', `${rule}.nlrvqa`]);
      assert.equal(model.kind, 'model', 'the resumed run writes the model where the first one was to');
    });
  }
});

describe('signals', () => {
  test('SIGINT with a checkpoint: writes it, says how to go on, exit 130', async () => {
    const file = 'interrupted.ckpt';
    const flags = ['--checkpoint', file, '--every', '20', '--json'];
    const { code, stdout, stderr } = await shop.run([...run, ...flags], signalledAt(50, 'SIGINT'));
    assert.equal(code, 130, stderr);
    assert.equal(stdout, '');
    const [, step] =
      /^nlr-vqa: interrupted after step (\d+) of 600; --resume interrupted\.ckpt goes on/.exec(
        withoutReading(stderr),
      ) ?? [];
    assert.equal((await shop.json(['inspect', file])).step, Number(step));
    const resumed = await shop.run(['train', '--resume', file, '--json']);
    assert.match(resumed.stderr, new RegExp(`going on after step ${step}`));
    assert.deepEqual(lasting(resultOf(resumed)), lasting(uninterrupted));
  });

  test('SIGTERM without a checkpoint: stops, says that nothing was written, exit 143', async () => {
    const files = await readdir(shop.folder);
    const running = shop.start([
      ...run,
      '--steps',
      '1000000',
      '--out',
      'never.nlrvqa',
      '--evaluate-every',
      '1',
    ]);
    await said(running.child, /aggregate loss/);
    running.child.kill('SIGTERM');
    const { code, stderr } = await running.finished;
    assert.equal(code, 143);
    assert.match(stderr, /nlr-vqa: interrupted after step \d+ of 1000000; nothing was written\n$/);
    assert.deepEqual(await readdir(shop.folder), files);
  });
});

describe('resume', () => {
  before(async () => {
    resultOf(await shop.run([...run, '--steps', '30', '--checkpoint', 'done.ckpt', '--json']));
  });

  test('a finished run prints its result again', async () => {
    const expected = await shop.json([...run, '--steps', '30']);
    assert.deepEqual(lasting(await shop.json(['train', '--resume', 'done.ckpt'])), lasting(expected));
  });

  test('one model per class', async () => {
    const flags = [...run, '--steps', '40', '--multiclass', 'one-vs-rest'];
    const expected = await shop.json(flags);
    const file = 'rest.ckpt';
    const { signal } = await shop.run([...flags, '--checkpoint', file, '--every', '1'], signalledAt(100));
    assert.equal(signal, 'SIGKILL');
    assert.deepEqual(lasting(await shop.json(['train', '--resume', file])), lasting(expected));
  });

  test('other flags are refused: the checkpoint has them', async () => {
    const { code, stderr } = await shop.run(['train', '--resume', 'done.ckpt', '--rate', '0.1']);
    assert.equal(code, 2);
    assert.match(stderr, /^nlr-vqa: --rate cannot go with --resume/);
  });

  test('data that changed since is refused', async () => {
    const text = clusters(['a', 'b', 'c'], 60);
    for (const changed of [text.replace('3.', '2.'), text.replaceAll(',c\n', ',d\n')]) {
      await shop.write('data.csv', changed);
      const { code, stderr } = await shop.run(['train', '--resume', 'done.ckpt']);
      assert.equal(code, 1);
      assert.match(stderr, /^nlr-vqa: done\.ckpt: the checkpoint belongs to other training data\n$/);
    }
    await shop.write('data.csv', text);
  });
});
