/** `compare --shard` and `merge`: a comparison on several machines is that of one. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import type { ComparisonResult } from '../../../host/cli/study/result.ts';
import type { ShardResult } from '../../../host/cli/study/shard.ts';
import { clusters, signalledAt, Workshop } from '../../support/cli-process.ts';

let shop: Workshop;
const data = ['--csv', 'data.csv', '--label', 'kind', '--layers', '1', '--batch', '4'];
const study = [
  'compare',
  ...data,
  '--rules',
  'nlr,adam,sgd',
  '--steps',
  '6',
  '--shots',
  '10',
  '--seeds',
  '3',
];

before(async () => {
  shop = await Workshop.open();
  await shop.write('data.csv', clusters(['a', 'b'], 40));
  const { code, stderr } = await shop.run([...study, '--out', 'whole']);
  assert.equal(code, 0, stderr);
});
after(() => shop.close());

const text = async (name: string) => new TextDecoder().decode(await shop.read(name));
const CSV = ['runs.csv', 'paired.csv', 'tuning.csv', 'curves.csv'];
const csvOf = (folder: string) => Promise.all(CSV.map((name) => text(`${folder}/${name}`)));

async function shard(args: readonly string[], index: number, of: number, out: string): Promise<ShardResult> {
  const found = await shop.json([...args, '--shard', `${index}/${of}`, '--out', out, '--threads', '1']);
  return found as unknown as ShardResult;
}

describe('a comparison in shards', () => {
  test('has the CSV of one run, byte for byte, from one folder or several, in any order', async () => {
    for (const index of [3, 1, 2, 4]) {
      const { trainings, shards, failed, awaited } = await shard(study, index, 4, 'shared');
      assert.deepEqual([shards, failed, awaited], [4, 0, 0]);
      assert.ok(trainings === 2 || trainings === 3);
      await mkdir(shop.path(`own-${index}`));
      for (const name of [`shard-${index}-of-4.json`, `cells-${index}-of-4.jsonl`])
        await copyFile(shop.path(`shared/${name}`), shop.path(`own-${index}/${name}`));
    }
    assert.ok(!existsSync(shop.path('shared/runs.csv')));
    const merged = (await shop.json(['merge', 'shared', '--out', 'shared'])) as unknown as ComparisonResult;
    const other = await shop.run(['merge', 'own-4', 'own-2', 'own-1', 'own-3', '--out', 'merged']);
    assert.equal(other.code, 0, other.stderr);
    const whole = JSON.parse(await text('whole/result.json')) as ComparisonResult;
    assert.deepEqual(merged.paired, whole.paired);
    for (const folder of ['shared', 'merged']) assert.deepEqual(await csvOf(folder), await csvOf('whole'));
    assert.match(await text('merged/report.html'), /nlr-vqa compare (?!.*--shard)/);
    // The same command without a shard has nothing left to train.
    const { code, stderr } = await shop.run([...study, '--out', 'merged']);
    assert.deepEqual([code, /9 of them finished already/.test(stderr)], [0, true], stderr);
    // And nothing at all has to be written.
    const names = await readdir(shop.folder);
    const { stdout } = await shop.run(['merge', 'own-1', 'own-2', 'own-3', 'own-4']);
    assert.match(stdout, /3 seeds from 1 on/);
    assert.deepEqual(await readdir(shop.folder), names);
  });

  test('goes on after it was killed, and has nothing twice', async () => {
    const args = [...study, '--out', 'killed', '--threads', '1'];
    let last = await shop.run([...args, '--shard', '1/2'], signalledAt(14));
    assert.equal(last.signal, 'SIGKILL');
    for (const index of [1, 2]) last = await shop.run([...args, '--shard', `${index}/2`]);
    assert.equal((await shop.run(['merge', 'killed', '--out', 'killed'])).code, 0, last.stderr);
    assert.deepEqual(await csvOf('killed'), await csvOf('whole'));
    const lines = await Promise.all([1, 2].map((index) => text(`killed/cells-${index}-of-2.jsonl`)));
    assert.equal(lines.join('').trim().split('\n').length, 9);
  });

  test('that tunes takes two rounds, and says so', async () => {
    const tuned = [...study, '--tune', 'rate=0.01/0.1', '--tune-seeds', '2', '--seeds', '2'];
    await shop.run([...tuned, '--out', 'tuned-whole']);
    const first = [await shard(tuned, 1, 2, 'tuned'), await shard(tuned, 2, 2, 'tuned')];
    assert.deepEqual(
      first.map(({ awaited }) => awaited),
      [6, 0],
    );
    const early = await shop.run(['merge', 'tuned']);
    assert.equal(early.code, 1);
    assert.match(
      early.stderr,
      /\d of 6 trainings for comparing are not finished, of shard 1 of 2; run the shards/,
    );
    const [again] = [await shard(tuned, 1, 2, 'tuned')];
    assert.deepEqual([again.awaited, again.trainings], [0, 9]);
    assert.equal((await shop.run(['merge', 'tuned', '--out', 'tuned'])).code, 0);
    assert.deepEqual(await csvOf('tuned'), await csvOf('tuned-whole'));
  });
});

describe('what cannot be merged', () => {
  const merge = async (...folders: string[]) => {
    const { code, stderr, stdout } = await shop.run(['merge', ...folders, '--out', 'refused']);
    assert.deepEqual([code, stdout, existsSync(shop.path('refused'))], [1, '', false], stderr);
    return stderr;
  };

  test('is refused with what is lacking', async () => {
    await shard(study, 2, 3, 'lacking');
    assert.match(
      await merge('lacking'),
      /6 of 9 trainings for comparing are not finished, of shard 1, 3 of 3/,
    );
    assert.match(await merge('whole'), /whole: it has no shard of a comparison: compare --shard I\/N/);
    assert.match(await merge('nowhere'), /nowhere: cannot be read: there is no such file/);
    await shard([...study, '--steps', '5'], 1, 3, 'other');
    assert.match(
      await merge('lacking', 'other'),
      /other\/shard-1-of-3\.json: it is of another comparison than/,
    );
  });

  test('is refused when a file was changed', async () => {
    await shard(study, 1, 2, 'good');
    const good = await text('good/shard-1-of-2.json');
    const about = JSON.parse(good) as { version: string; study: object };
    const changes: Record<string, string> = {
      empty: '',
      list: '[]',
      seed: good.replace('"seeds":[1,2,3]', '"seeds":[1,2,4]'),
      study: JSON.stringify({ ...about, study: {} }),
      cut: good.slice(0, -20),
    };
    for (const [name, content] of Object.entries(changes)) {
      await mkdir(shop.path(`changed-${name}`));
      await shop.write(`changed-${name}/shard-1-of-2.json`, content);
      assert.match(
        await merge(`changed-${name}`),
        /this is no file that a shard of a comparison has written/,
      );
    }
    await mkdir(shop.path('old'));
    await shop.write(
      'old/shard-1-of-2.json',
      good.replace(`"version":"${about.version}"`, '"version":"0.0.1"'),
    );
    assert.match(await merge('old'), /it is of version 0\.0\.1, and this is \d/);
  });

  for (const [flags, message] of [
    [['--shard', '0/3', '--out', 'none'], /--shard is '0\/3'; expected I\/N, I from 1 to N, such as 3\/8/],
    [['--shard', '4/3', '--out', 'none'], /--shard is '4\/3'/],
    [['--shard', 'a', '--out', 'none'], /--shard is 'a'/],
    [['--shard', '1/3'], /--shard needs --out/],
  ] as const)
    test(`refused: ${flags.join(' ')}`, async () => {
      const { code, stderr } = await shop.run([...study, ...flags]);
      assert.equal(code, 2);
      assert.match(stderr, message);
      assert.ok(!existsSync(shop.path('none')));
    });
});
