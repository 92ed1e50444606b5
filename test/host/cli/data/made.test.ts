/** `--data`: train and evaluate on a set that is made, with its options, through a checkpoint too. */
import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import { Workshop } from '../../../support/cli-process.ts';

let shop: Workshop;
before(async () => {
  shop = await Workshop.open();
});
after(() => shop.close());

const quick = ['--shots', 'exact', '--steps', '12'];
const trained = ({ trace, loss, accuracy, lossTest }: Record<string, unknown>) => ({
  trace,
  loss,
  accuracy,
  lossTest,
});

describe('train --data', () => {
  test('trains on what data make writes', async () => {
    await shop.json(['data', 'make', 'gaussians', '--rows', '200', '--separation', '3', '--out', 'g.csv']);
    const csv = ['--csv', 'g.csv', '--label', 'class', '--test-csv', 'g.test.csv'];
    const data = ['--data', 'gaussians:rows=200:separation=3'];
    const [written, made] = [
      await shop.json(['train', ...csv, ...quick]),
      await shop.json(['train', ...data, ...quick, '--out', 'g.nlrvqa']),
    ];
    assert.deepEqual(trained(made), trained(written));
    const [one, other] = [
      await shop.json(['evaluate', 'g.nlrvqa', '--csv', 'g.test.csv']),
      await shop.json(['evaluate', 'g.nlrvqa', ...data]),
    ];
    assert.deepEqual([other.accuracy, other.loss, other.rows], [one.accuracy, one.loss, 40]);
  });

  test('takes lists, flags, classes and files that come along', async () => {
    const { accuracy, classes } = (await shop.json([
      'train',
      '--data',
      'mnist:sample:classes=3,6:side=8',
      ...quick,
    ])) as {
      accuracy: { train: number };
      classes: string[];
    };
    assert.deepEqual(classes, ['3', '6']);
    assert(accuracy.train > 0.8, `${accuracy.train}`);
    await shop.json(['train', '--data', 'ad-hoc:distinct:train=20:test=5', '--encoding', 'angle', ...quick]);
    const machine = ['--data', 'vibration:classes=healthy,bearing,misaligned:per-class=20'];
    const kept = await shop.json(['train', ...machine, '--classes', 'misaligned,healthy', ...quick]);
    assert.deepEqual(kept.classes, ['misaligned', 'healthy']);
    const { stdout } = await shop.run([
      'train',
      '--data',
      'moons:test-fraction=0',
      ...quick,
      '--out',
      'm.nlrvqa',
    ]);
    assert.match(stdout, /predict m\.nlrvqa --csv NEW\.csv/);
  });

  test('goes on from a checkpoint with the trace of a run that was never stopped', async () => {
    const args = ['train', '--data', 'moons:rows=60:seed=4', ...quick];
    const through = await shop.json(args);
    const place = await shop.folderIn('resumed');
    await place.json([...args, '--checkpoint', 'run.ckpt', '--every', '5']);
    const resumed = await place.json(['train', '--resume', 'run.ckpt']);
    assert.equal(resumed.trace, through.trace);
    assert.deepEqual(await readdir(place.folder), ['run.ckpt']);
  });

  test('refuses what it does not know, in one sentence', async () => {
    const refused = async (args: readonly string[], code: number, says: RegExp) => {
      const found = await shop.run(['train', ...args]);
      assert.match(found.stderr, says);
      assert.match(found.stderr, /^nlr-vqa: [^\n]+\n$/);
      assert.deepEqual([found.code, found.stdout], [code, '']);
    };
    await refused(['--data', 'cifar'], 2, /--data is 'cifar'; expected NAME or .* one of gaussians, mnist/);
    await refused(['--data', 'nab'], 2, /--data is 'nab'/);
    await refused(['--data', '__proto__'], 2, /--data is '__proto__'/);
    await refused(
      ['--data', 'moons:size=3'],
      2,
      /--data has 'size=3'; expected option=value, option one of rows, noise/,
    );
    await refused(['--data', 'moons:rows'], 2, /--data has 'rows'/);
    await refused(['--data', 'moons:rows='], 2, /--data has 'rows='/);
    await refused(['--data', 'moons:rows=few'], 2, /--data moons:rows is 'few'; expected a number/);
    await refused(['--data', 'moons:rows=4:rows=5'], 2, /--data gives rows twice/);
    await refused(['--data', 'moons:noise=-1'], 2, /noise is -1; expected a number from 0/);
    await refused(['--data', 'ad-hoc:distinct=yes'], 2, /--data has 'distinct=yes'/);
    await refused(['--data', 'mnist'], 2, /mnist needs its four files, which .* downloads/);
    await refused(['--data', 'mnist:sample:from=x'], 2, /--data has both from and sample/);
    await refused(['--data', 'mnist:from=nowhere'], 1, /nowhere: there is neither/);
    await refused(['--data', 'moons', '--csv', 'x.csv'], 2, /--csv and --data exclude each other/);
    await refused(['--data', 'moons', '--label', 'class'], 2, /--label needs --csv FILE/);
    await refused(['--data', 'moons', '--test-fraction', '0.5'], 2, /--data has a test part of its own/);
    await refused(['--data', 'moons', '--classes', '0,5'], 1, /no row has the label "5"/);
  });
});
