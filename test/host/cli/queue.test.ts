/** `compare --queue` and `work`: whatever becomes of workers and of Redis, nothing is lost, nothing is done twice. */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { clusters, resultOf, type Running, Workshop } from '../../support/cli-process.ts';
import { without } from '../../support/installed.ts';
import { lackingForRedis, RedisServer } from '../../support/redis-server.ts';

let shop: Workshop;
const CSV = ['runs.csv', 'paired.csv', 'tuning.csv', 'curves.csv'];
const data = ['--csv', 'data.csv', '--label', 'kind', '--layers', '1', '--batch', '4'];
const study = ['compare', ...data, '--rules', 'nlr,adam', '--shots', '10', '--steps', '6', '--seeds', '3'];
/** Trainings that take long enough to be interrupted. */
const slow = ['compare', ...data, '--rules', 'nlr,adam', '--shots', '100', '--steps', '1500', '--seeds', '2'];

before(async () => {
  shop = await Workshop.open();
  await shop.write('data.csv', clusters(['a', 'b'], 40));
});
after(() => shop.close());

const text = async (name: string) => new TextDecoder().decode(await shop.read(name));
const csvOf = (folder: string) => Promise.all(CSV.map((name) => text(`${folder}/${name}`)));
const lines = async (folder: string) =>
  (await text(`${folder}/cells.jsonl`).catch(() => '')).split('\n').length - 1;

/** Waits until a comparison has so many trainings. */
async function reached(folder: string, count: number): Promise<void> {
  while ((await lines(folder)) < count) await sleep(20);
}

/** Hashes of finished trainings, as they are kept. */
async function kept(folder: string): Promise<string[]> {
  const all = (await text(`${folder}/cells.jsonl`)).trim().split('\n');
  return all.map((line) => (JSON.parse(line) as { hash: string }).hash);
}

/** Ends a worker in good order. @returns how many trainings it has done */
async function stopped({ child, finished }: Running): Promise<number> {
  child.kill('SIGTERM');
  const { trained } = resultOf(await finished);
  return trained as number;
}

describe('a queue that is not there', () => {
  test('is said in a sentence, and nothing is written', async () => {
    const url = 'redis://user:secret@127.0.0.1:1';
    const ordered = await shop.run([...study, '--queue', url, '--out', 'nowhere']);
    const worker = await shop.run(['work', url]);
    for (const { code, stderr, stdout } of [ordered, worker]) {
      assert.deepEqual([code, stdout], [1, '']);
      assert.match(stderr, /^nlr-vqa: redis:\/\/127\.0\.0\.1:1 does not answer: ECONNREFUSED$/m);
      assert.doesNotMatch(stderr, /secret/);
    }
    assert.ok(!existsSync(shop.path('nowhere')));
  });

  for (const [args, message] of [
    [['work', 'localhost'], /the queue is 'localhost'; expected redis:\/\/HOST/],
    [['work', 'http://localhost'], /expected redis:\/\/HOST/],
    [['work', 'redis://localhost', '--lock', '0'], /--lock is '0'; expected seconds above 0/],
    [[...study, '--queue', 'x'], /--queue is 'x'; expected redis:\/\/HOST/],
    [[...study, '--queue', 'redis://h', '--shard', '1/2', '--out', 'none'], /--queue and --shard exclude/],
    [[...study, '--queue', 'redis://h', '--threads', '2'], /--queue and --threads exclude/],
    [[...study, '--queue', 'redis://h', '--csv', '-'], /--queue needs data that its workers can read/],
  ] as const)
    test(`refused: ${args.join(' ')}`, async () => {
      const { code, stderr } = await shop.run(args);
      assert.equal(code, 2, stderr);
      assert.match(stderr, message);
    });
});

describe('a queue', { skip: without(lackingForRedis()) }, () => {
  let redis: RedisServer;
  const folder = mkdtempSync(join(tmpdir(), 'redis-'));
  /** Those that a test which failed has left running would keep the file from ending. */
  const started: ReturnType<typeof shop.start>[] = [];
  const work = (...args: string[]) => {
    const worker = shop.start(['work', redis.url, '--lock', '1', '--json', ...args]);
    started.push(worker);
    return worker;
  };
  const ordered = (args: readonly string[], out: string) =>
    shop.start([...args, '--queue', redis.url, '--out', out]);

  before(async () => {
    redis = await RedisServer.start(folder);
  });
  after(async () => {
    for (const { child } of started) child.kill('SIGKILL');
    await redis.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('has the CSV of one run, byte for byte, tuned too, and trains what is ordered twice once', async () => {
    const tuned = [...study, '--tune', 'rate=0.1/0.2', '--tune-seeds', '1'];
    await shop.run([...tuned, '--out', 'whole']);
    const workers = [work('--threads', '1'), work('--threads', '1')];
    // Two that order the same at the same time.
    const orders = [ordered(tuned, 'one'), ordered(tuned, 'two')];
    for (const { finished } of orders) {
      const { code, stderr } = await finished;
      assert.equal(code, 0, stderr);
    }
    for (const out of ['one', 'two']) assert.deepEqual(await csvOf(out), await csvOf('whole'));
    // What was done is not done again for who comes later.
    const { code } = await ordered(tuned, 'three').finished;
    assert.equal(code, 0);
    const done = [await stopped(workers[0]), await stopped(workers[1])];
    assert.equal(done[0] + done[1], 10, `${done}`);
  });

  test('loses nothing to a worker that is killed in a training, and does nothing twice', async () => {
    await shop.run([...slow, '--out', 'slow']);
    const first = work('--threads', '1');
    const order = ordered(slow, 'killed');
    await reached('killed', 1);
    first.child.kill('SIGKILL');
    assert.equal((await first.finished).signal, 'SIGKILL');
    const before = await lines('killed');
    const second = work('--threads', '1');
    const { code, stderr } = await order.finished;
    assert.equal(code, 0, stderr);
    assert.equal(await stopped(second), 4 - before);
    assert.deepEqual(await csvOf('killed'), await csvOf('slow'));
    assert.equal(new Set(await kept('killed')).size, 4);
  });

  test('goes on with a Redis that was restarted, even one that has lost its memory', async () => {
    for (const forgets of [false, true]) {
      const out = `restarted-${forgets}`;
      const seeds = ['--seed', forgets ? '31' : '21'];
      await shop.run([...slow, ...seeds, '--out', `${out}-whole`]);
      const worker = work('--threads', '1');
      const order = ordered([...slow, ...seeds], out);
      await reached(out, 1);
      await redis.stop();
      if (forgets) await rm(join(folder, 'appendonlydir'), { recursive: true, force: true });
      await sleep(300);
      await redis.go();
      const { code, stderr } = await order.finished;
      assert.equal(code, 0, stderr);
      assert.match(stderr, /does not answer: ECONN\w+; waiting for it/);
      assert.match(stderr, /answers again/);
      assert.deepEqual(await csvOf(out), await csvOf(`${out}-whole`));
      assert.equal((await kept(out)).length, 4);
      const trained = await stopped(worker);
      if (!forgets) assert.equal(trained, 4);
    }
  });

  test('says which training failed for good, keeps the others, and gives it again later', async () => {
    const other = await shop.folderIn('elsewhere');
    await other.write('data.csv', clusters(['a', 'b'], 44));
    const worker = shop.start(['work', redis.url, '--json', '--folder', other.folder, '--threads', '1']);
    const failed = await ordered([...study, '--seed', '41', '--seeds', '1'], 'failed').finished;
    assert.equal(failed.code, 1);
    assert.match(
      failed.stderr,
      /data\.csv, \w+, seed 41: the data of data\.csv are not those of the comparison here, and 1 more training/,
    );
    assert.ok(!existsSync(shop.path('failed/runs.csv')));
    assert.equal(await stopped(worker), 0);
    const good = work('--threads', '1');
    const { code, stderr } = await ordered([...study, '--seed', '41', '--seeds', '1'], 'failed').finished;
    assert.equal(code, 0, stderr);
    assert.equal(await stopped(good), 2);
  });

  test('ends a worker that has had nothing to do for a while', async () => {
    assert.equal(resultOf(await work('--idle', '0.2').finished).trained, 0);
  });

  test('keeps what was done when the comparison is stopped', async () => {
    const worker = work('--threads', '1');
    const order = ordered([...slow, '--seed', '51'], 'stopped');
    await reached('stopped', 1);
    order.child.kill('SIGINT');
    const { code, stderr } = await order.finished;
    assert.equal(code, 130, stderr);
    assert.match(
      stderr,
      /interrupted; \d trainings? of this part done: (they are|it is) in stopped|interrupted before a training/,
    );
    const { code: again } = await ordered([...slow, '--seed', '51'], 'stopped').finished;
    assert.equal(again, 0);
    assert.equal(await stopped(worker), 4);
  });
});
