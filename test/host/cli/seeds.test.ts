/** `train --seeds`: several runs at once, each the same as on its own. */
import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import { fileOfSeed, seedsFrom } from '../../../host/cli/training/seeds.ts';
import type { SeedsResult } from '../../../host/cli/training/seeds-result.ts';
import { spreadOf } from '../../../host/cli/training/seeds-result.ts';
import {
  clusters,
  lasting,
  said,
  WITHOUT_RENAME,
  withoutReading,
  Workshop,
} from '../../support/cli-process.ts';

let shop: Workshop;
const data = ['--csv', 'data.csv', '--label', 'kind'];
const quick = ['--shots', 'exact', '--steps', '20'];

before(async () => {
  shop = await Workshop.open();
  await shop.write('data.csv', clusters(['a', 'b', 'c'], 60));
});
after(() => shop.close());

async function fromSeeds(args: readonly string[]): Promise<SeedsResult> {
  return (await shop.json(['train', ...args])) as unknown as SeedsResult;
}

describe('every seed is its single run', () => {
  const kinds: Record<string, string[]> = {
    'the built-in digits': quick,
    'a test set drawn from each seed': [...data, ...quick, '--evaluate-every', '8', '--quiet'],
    'a test set of its own': [...data, ...quick, '--test-csv', 'data.csv'],
    'no test set': [...data, ...quick, '--test-fraction', '0'],
    'shots, guarded': [...data, '--shots', '20', '--steps', '15', '--rule', 'nlr-guarded', '--layers', '1'],
    'one model per class': [...data, ...quick, '--multiclass', 'one-vs-rest'],
  };
  for (const [kind, args] of Object.entries(kinds)) {
    test(`${kind}: numbers, trace and model file`, async () => {
      const several = ['--seeds', '3', '--seed', '7', '--out', 'several.nlrvqa'];
      const { seeds, failures, ...shared } = await fromSeeds([...args, ...several]);
      assert.deepEqual(
        seeds.map(({ seed, model }) => [seed, model]),
        [7, 8, 9].map((seed) => [seed, `several.seed-${seed}.nlrvqa`]),
      );
      assert.deepEqual(failures, []);
      for (const run of seeds) {
        const flags = ['--seed', String(run.seed), '--out', 'single.nlrvqa'];
        const single = await shop.json(['train', ...args, ...flags]);
        assert.deepEqual(lasting({ ...single, ...run }), lasting(single));
        const { threads: _, seconds: __, summary: ___, ...common } = shared;
        assert.deepEqual({ ...single, ...common }, single);
        assert.deepEqual(Object.keys({ ...run, ...common }).sort(), Object.keys(single).sort());
        assert.deepEqual(await shop.read(run.model ?? ''), await shop.read('single.nlrvqa'));
      }
    });
  }

  test('whatever the number of threads', async () => {
    const [one, more] = await Promise.all(
      ['1', '3'].map((threads) => fromSeeds([...data, ...quick, '--seeds', '3', '--threads', threads])),
    );
    assert.deepEqual([one.threads, more.threads], [1, 3]);
    assert.deepEqual(one.seeds.map(lasting), more.seeds.map(lasting));
  });
});

describe('the summary', () => {
  test('is over the seeds', async () => {
    const { seeds, summary, seconds } = await fromSeeds([...data, ...quick, '--seeds', '4']);
    const { loss, accuracy } = summary;
    const losses = seeds.map((run) => run.loss);
    assert.equal(loss.mean, losses.reduce((sum, value) => sum + value, 0) / 4);
    assert.deepEqual([loss.least, loss.greatest], [Math.min(...losses), Math.max(...losses)]);
    assert.equal(accuracy.test?.greatest, Math.max(...seeds.map((run) => run.accuracy.test ?? Number.NaN)));
    assert(Number.isFinite(seconds) && summary.seconds.mean >= 0);
    const { summary: without } = await fromSeeds([...data, ...quick, '--seeds', '2', '--test-fraction', '0']);
    assert.deepEqual([without.lossTest, without.accuracy.test], [null, null]);
  });

  test('has the mean, the standard deviation of a sample, and the range', () => {
    assert.deepEqual(spreadOf([2, 4, 4, 4, 5, 5, 7, 9]), {
      mean: 5,
      deviation: Math.sqrt(32 / 7),
      least: 2,
      greatest: 9,
    });
    assert.deepEqual(spreadOf([3]), { mean: 3, deviation: null, least: 3, greatest: 3 });
  });

  test('is a table for people', async () => {
    const args = ['train', ...data, ...quick, '--seeds', '2', '--out', 'table.nlrvqa'];
    const { code, stdout, stderr } = await shop.run(args, { NO_COLOR: '1' });
    assert.equal(code, 0);
    assert.equal(
      withoutReading(stderr),
      'nlr-vqa: wrote 2 models, table.seed-1.nlrvqa to table.seed-2.nlrvqa\n',
    );
    const lines = stdout.split('\n');
    assert.match(
      lines[0],
      /^seed +loss, train +accuracy, train +loss, test +accuracy, test +seconds +trace$/,
    );
    const titles = lines.slice(1, 7).map((line) => line.split(/ {2,}/)[0]);
    assert.deepEqual(titles, ['1', '2', 'mean', 'standard deviation', 'least', 'greatest']);
    assert.match(lines[1], / [0-9a-f]{16}$/);
    assert.match(stdout, /^threads +[12]$/m);
    assert.match(stdout, /^seconds +\d+\.\d\d for 2 seeds$/m);
    assert.doesNotMatch(stdout, /[\u0000-\u0009\u000b-\u001f]/);
    const quiet = await shop.run([...args.slice(0, -2), '--quiet', '--evaluate-every', '5', '--seeds', '1']);
    assert.deepEqual([quiet.code, quiet.stderr], [0, '']);
    assert.match(quiet.stdout, /^standard deviation +- +- +- +- +-$/m);
  });

  test('--evaluate-every says how each seed fares', async () => {
    const { stderr } = await shop.run(['train', ...data, ...quick, '--seeds', '2', '--evaluate-every', '10']);
    const lines = withoutReading(stderr).trimEnd().split('\n').sort();
    assert.equal(lines.length, 4);
    for (const [i, line] of lines.entries()) {
      const [seed, step] = [1 + Math.floor(i / 2), 10 * (1 + (i % 2))];
      assert.match(line, new RegExp(`^seed ${seed} step ${step}/20 {2}aggregate loss 0\\.\\d{6}$`));
    }
  });
});

describe('a seed that fails', () => {
  const diverging = [...data, '--classes', 'a,b', '--shots', 'exact', '--layers', '1', '--loss', 'mse'];
  const how = [
    '--rule',
    'sgd',
    '--schedule',
    'constant',
    '--rate',
    '0.1',
    '--head-rate',
    '1',
    '--batch',
    '4',
  ];
  const args = (steps: number) => ['train', ...diverging, ...how, '--seeds', '5', '--steps', String(steps)];

  test('is named, counts as a failure, and leaves the others alone', async () => {
    let [least, most] = [1, 4096];
    let found: SeedsResult | undefined;
    let stderr = '';
    while (most - least > 1 && found === undefined) {
      const steps = Math.floor((least + most) / 2);
      const ended = await shop.run([...args(steps), '--json', '--out', `${steps}.nlrvqa`]);
      if (ended.code === 0) least = steps;
      else if (ended.stdout === '') most = steps;
      else [found, stderr] = [JSON.parse(ended.stdout), ended.stderr];
      if (found) assert.equal(ended.code, 1);
    }
    assert(found !== undefined, 'no number of steps tells the seeds apart');
    const { seeds, failures } = found;
    assert.equal(seeds.length + failures.length, 5);
    for (const { seed, code, message } of failures) {
      assert.equal(code, 'ERR_CORE_DIVERGED');
      assert.match(message, new RegExp(`^seed ${seed}: while training: training left the finite numbers`));
    }
    for (const { model } of seeds) assert.equal((await shop.json(['inspect', model ?? ''])).kind, 'model');
    const said = stderr.trimEnd().split('\n').at(-1);
    const count = failures.length > 1 ? `${failures.length} of 5 seeds failed: ` : '';
    assert.equal(said, `nlr-vqa: ${count}${failures[0].message}`);
  });

  test('with all the others: no result', async () => {
    const { code, stdout, stderr } = await shop.run(args(100_000));
    assert.deepEqual([code, stdout], [1, '']);
    assert.match(withoutReading(stderr), /^nlr-vqa: 5 of 5 seeds failed: seed 1: while training: [^\n]+\n$/);
  });
});

describe('refused before any work', () => {
  const refusals: [string[], RegExp][] = [
    [['--seeds', '0'], /^nlr-vqa: --seeds is '0'; expected a whole number from 1/],
    [['--seeds', 'many'], /^nlr-vqa: --seeds is 'many'; expected a whole number/],
    [['--seeds', '10001'], /^nlr-vqa: --seeds is 10001; expected at most 10000/],
    [['--seeds', '2', '--seed', '9007199254740991'], /^nlr-vqa: --seeds 2 from --seed 9007199254740991 on/],
    [['--seeds', '2', '--threads', '0'], /^nlr-vqa: --threads is '0'; expected a whole number from 1/],
    [['--seeds', '300', '--threads', '300'], /^nlr-vqa: --threads is 300; expected .* from 1 to 256/],
    [['--threads', '2'], /^nlr-vqa: --threads needs --seeds N/],
    [['--seeds', '2', '--checkpoint', 'c'], /^nlr-vqa: --checkpoint cannot go with --seeds/],
    [['--seeds', '2', '--every', '5'], /^nlr-vqa: --every cannot go with --seeds/],
    [['--seeds', '2', '--resume', 'c'], /^nlr-vqa: --seeds cannot go with --resume/],
    [['--threads', '2', '--resume', 'c'], /^nlr-vqa: --threads cannot go with --resume/],
    [['--seeds', '2', '--rate', '-1'], /^nlr-vqa: --rate is -1/],
    [
      [...data, '--seeds', '2', '--out', 'x', '--test-csv', 'x.seed-2'],
      /^nlr-vqa: --out names x\.seed-2, wh/,
    ],
  ];
  for (const [args, says] of refusals) {
    test(args.slice(-4).join(' '), async () => {
      const files = await readdir(shop.folder);
      const { code, stdout, stderr } = await shop.run(['train', ...args]);
      assert.match(stderr, says);
      assert.deepEqual([code, stdout], [2, '']);
      assert.deepEqual(await readdir(shop.folder), files);
    });
  }

  test('a folder that is not there', async () => {
    const { code, stderr } = await shop.run(['train', '--seeds', '2', '--out', 'nowhere/m.nlrvqa']);
    assert.equal(code, 1);
    assert.match(stderr, /nowhere\/m\.seed-1\.nlrvqa: cannot be written: there is no such/);
  });
});

test('a signal stops all seeds, and nothing is written', async () => {
  for (const [signal, exit] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    const files = await readdir(shop.folder);
    const endless = ['--steps', '100000000', '--seeds', '3', '--out', 'never', '--evaluate-every', '1'];
    const { child, finished } = shop.start(['train', ...data, '--shots', 'exact', ...endless]);
    await said(child, /aggregate loss/);
    child.kill(signal);
    const { code, stdout, stderr } = await finished;
    assert.deepEqual([code, stdout], [exit, '']);
    assert.match(stderr, /\nnlr-vqa: interrupted after 0 of 3 seeds; nothing was written\n$/);
    assert.deepEqual(await readdir(shop.folder), files);
  }
});

test('models that cannot be written do not cost the result', async () => {
  const flags = ['--seeds', '2', '--out', 'm', '--json', '--quiet'];
  const { code, stdout, stderr } = await shop.run(['train', ...data, ...quick, ...flags], WITHOUT_RENAME);
  const { seeds } = JSON.parse(stdout) as SeedsResult;
  assert.deepEqual(
    [code, ...seeds.map(({ seed, model }) => [seed, model])],
    [1, [1, undefined], [2, undefined]],
  );
  assert.equal(stderr, 'nlr-vqa: m.seed-1: cannot be written: there is no such file or folder\n');
});

test('the seed goes before the ending of the name', () => {
  assert.equal(fileOfSeed('model.nlrvqa', 3), 'model.seed-3.nlrvqa');
  assert.equal(fileOfSeed('./runs.d/model', 12), './runs.d/model.seed-12');
  assert.equal(fileOfSeed('/abs/a.b.c', 0), '/abs/a.b.seed-0.c');
  assert.deepEqual(seedsFrom(4, 3), [4, 5, 6]);
});
