import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { clusters, type Finished, type Running, Workshop } from '../../support/cli-process.ts';

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

/** Waits until a checkpoint is there and newer than `than`, or the process has ended. */
async function progressed({ finished }: Running, file: string, than: number): Promise<void> {
  let ended = false;
  finished.then(() => {
    ended = true;
  });
  while (!ended) {
    const time = await stat(shop.path(file)).then(
      ({ mtimeMs }) => mtimeMs,
      () => Number.NEGATIVE_INFINITY,
    );
    if (time > than) return;
    await sleep(5);
  }
}

/** The result of a run whose process printed JSON. */
function resultOf({ code, stdout, stderr }: Finished): Record<string, unknown> {
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout);
}

/** What must not depend on interruptions. */
function lasting({ seconds: _, model: __, ...rest }: Record<string, unknown>): Record<string, unknown> {
  return rest;
}

describe('kill -9 at random moments', () => {
  for (const rule of ['adam', 'nlr-guarded']) {
    test(`${rule}: going on from the checkpoint gives the bits of an uninterrupted run`, async () => {
      const file = `${rule}.ckpt`;
      const flags = [...run, '--rule', rule];
      const expected = rule === 'adam' ? uninterrupted : await shop.json(flags);
      const fresh = [...flags, '--checkpoint', file, '--every', '1', '--out', `${rule}.nlrvqa`, '--json'];
      let kills = 0;
      let last: Finished | undefined;
      for (let round = 0; round < 5; round++) {
        const before = existsSync(shop.path(file)) ? (await stat(shop.path(file))).mtimeMs : 0;
        const running = shop.start(before > 0 ? ['train', '--resume', file, '--json'] : fresh);
        await progressed(running, file, before);
        await sleep(Math.random() * 150);
        running.child.kill('SIGKILL');
        const ended = await running.finished;
        if (ended.signal === 'SIGKILL') kills++;
        else last = ended;
        if (last) break;
      }
      assert(kills > 0, 'no process was killed in time');
      last ??= await shop.run(['train', '--resume', file, '--json']);
      assert.deepEqual(lasting(resultOf(last)), lasting(expected));
      const model = await shop.json(['inspect', `${rule}.nlrvqa`]);
      assert.equal(model.kind, 'model', 'the resumed run writes the model where the first one was to');
    });
  }
});

describe('signals', () => {
  test('SIGINT with a checkpoint: writes it, says how to go on, exit 130', async () => {
    const file = 'interrupted.ckpt';
    const running = shop.start([...run, '--checkpoint', file, '--every', '20', '--json']);
    await progressed(running, file, 0);
    running.child.kill('SIGINT');
    const { code, stdout, stderr } = await running.finished;
    assert.equal(code, 130, stderr);
    assert.equal(stdout, '');
    const [, step] =
      /^nlr-vqa: interrupted after step (\d+) of 600; --resume interrupted\.ckpt goes on/.exec(stderr) ?? [];
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
    await new Promise((resolve) => running.child.stderr?.once('data', resolve));
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
    const running = shop.start([...flags, '--checkpoint', file, '--every', '1']);
    await progressed(running, file, 0);
    running.child.kill('SIGKILL');
    await running.finished;
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
