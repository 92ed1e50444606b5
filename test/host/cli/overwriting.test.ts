/** No command loses a file that it could not have written itself, unless it is told to. */
import assert from 'node:assert/strict';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { clusters, signalledAt, Workshop } from '../../support/cli-process.ts';

let shop: Workshop;
const train = ['train', '--csv', 'data.csv', '--label', 'kind', '--steps', '2'];

before(async () => {
  shop = await Workshop.open();
  await shop.write('data.csv', clusters(['a', 'b'], 20));
  const { code, stderr } = await shop.run([...train, '--out', 'model.nlrvqa']);
  assert.equal(code, 0, stderr);
});
after(() => shop.close());

const PRECIOUS = 'a thesis\n';
const growth = ['--data', 'moons', '--entangler-gate', 'cz', '--grow-layers', '1,2', '--steps', '2'];
const study = [
  'compare',
  '--csv',
  'data.csv',
  '--label',
  'kind',
  '--rules',
  'sgd',
  '--steps',
  '1',
  '--seeds',
  '1',
];

/** Commands whose last word names what is written, and one of the files that they write. */
const COMMANDS: readonly (readonly [readonly string[], string])[] = [
  [[...train, '--out', 'mine.nlrvqa'], 'mine.nlrvqa'],
  [[...train, '--checkpoint', 'mine.ckpt'], 'mine.ckpt'],
  [[...train, '--log', 'mine.jsonl'], 'mine.jsonl'],
  [[...train, '--plot', 'mine.svg'], 'mine.svg'],
  [[...train, '--seeds', '2', '--out', 'many.nlrvqa'], 'many.seed-2.nlrvqa'],
  [['train', ...growth, '--out', 'grown.nlrvqa'], 'grown.nlrvqa'],
  [['demo', '--steps', '1'], 'recommended.nlrvqa'],
  [['predict', 'model.nlrvqa', '--csv', 'data.csv', '--out', 'answers.csv'], 'answers.csv'],
  [['export', 'model.nlrvqa', '--out', 'mine.qasm'], 'mine.qasm'],
  [['data', 'make', 'moons', '--rows', '20', '--out', 'moons.csv'], 'moons.csv'],
  [['data', 'make', 'moons', '--rows', '20', '--out', 'halves.csv'], 'halves.test.csv'],
  [['data', 'make', 'mnist', '--sample', '--out', 'digits.idx'], 'digits.labels.idx'],
  [['plateau', '--no-sizes', '--starts', '20', '--html', 'page.html'], 'page.html'],
  [[...study, '--out', 'study'], 'study/report.html'],
  [[...study, '--out', 'tables'], 'tables/runs.csv'],
  [[...study, '--shard', '1/2', '--out', 'shards'], 'shards/shard-1-of-2.json'],
  [['reproduce', 'consistency', '--out', 'paper'], 'paper/report.json'],
  [['c', '--out', 'core'], 'core/example.c'],
];

describe('a file of something else', () => {
  for (const [command, file] of COMMANDS) {
    test(`${command.join(' ')}: refuses ${file}, which stays; --force replaces it`, async () => {
      const inFolder = file.includes('/');
      if (inFolder) await mkdir(shop.path(dirname(file)));
      await shop.write(file, PRECIOUS);
      const there = await readdir(shop.folder);
      const { code, stdout, stderr } = await shop.run(command);
      assert.equal(code, 2, `${stdout}${stderr}`);
      assert.match(stderr, /is there already and (is no \w+ of nlr-vqa|has another content);/);
      assert.match(stderr, /--force/);
      assert.equal(await readFile(shop.path(file), 'utf8'), PRECIOUS);
      assert.deepEqual(await readdir(shop.folder), there, 'nothing else was written');
      const forced = await shop.run([...command, '--force']);
      assert.equal(forced.code, 0, forced.stderr);
      assert.notEqual(await readFile(shop.path(file), 'utf8'), PRECIOUS);
      const again = await shop.run(command);
      assert.equal(again.code, 0, `what it wrote itself it writes again: ${again.stderr}`);
    });
  }

  test('an empty file is nobody’s loss', async () => {
    await shop.write('empty.nlrvqa', '');
    const { code, stderr } = await shop.run([...train, '--out', 'empty.nlrvqa']);
    assert.equal(code, 0, stderr);
  });

  test('a checkpoint does not replace a model', async () => {
    const { code, stderr } = await shop.run([...train, '--checkpoint', 'model.nlrvqa']);
    assert.match(stderr, /--checkpoint names model\.nlrvqa, .* is no checkpoint of nlr-vqa/);
    assert.equal(code, 2);
  });

  test('a data set is not replaced by another one', async () => {
    const made = ['data', 'make', 'moons', '--out', 'set.csv', '--rows'];
    assert.equal((await shop.run([...made, '20'])).code, 0);
    const { code, stderr } = await shop.run([...made, '30']);
    assert.equal(code, 2);
    assert.match(stderr, /^nlr-vqa: set\.test\.csv is there already and has another content;/m);
  });
});

describe('a training that has not ended', () => {
  test('is kept by who begins anew, and goes on by --resume', async () => {
    const long = [...train.slice(0, -1), '40', '--checkpoint', 'run.nlrvqa', '--every', '5'];
    const killed = await shop.run(long, signalledAt(60));
    assert.equal(killed.signal, 'SIGKILL', killed.stderr);
    for (const flag of [long, [...train, '--out', 'run.nlrvqa']]) {
      const { code, stderr } = await shop.run(flag);
      assert.equal(code, 2, stderr);
      assert.match(
        stderr,
        /is a training after step \d+ of 40: --resume goes on with it, --force replaces it/,
      );
    }
    assert.equal((await shop.run(['train', '--resume', 'run.nlrvqa'])).code, 0);
    // It has ended now.
    const { stderr } = await shop.run([...train, '--out', 'run.nlrvqa']);
    assert.match(stderr, /is no model of nlr-vqa/);
    assert.equal((await shop.run(long)).code, 0);
  });
});
