/** Methods to compare with, from the command line. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { clusters, lasting, Workshop } from '../../support/cli-process.ts';

let shop: Workshop;
const run = [
  'train',
  '--csv',
  'data.csv',
  '--label',
  'kind',
  '--layers',
  '1',
  '--batch',
  '4',
  '--steps',
  '20',
];

before(async () => {
  shop = await Workshop.open();
  await shop.write('data.csv', clusters(['a', 'b'], 40));
});
after(() => shop.close());

test('--averaged-share predicts by the average, and goes on with it after an interruption', async () => {
  const averaged = [...run, '--averaged-share', '0.5'];
  const whole = await shop.json([...averaged, '--out', 'mean.nlrvqa']);
  const plain = await shop.json(run);
  assert.equal(whole.trace, plain.trace);
  assert.notEqual(whole.loss, plain.loss);
  const first = await shop.run([...averaged, '--checkpoint', 'run.ckpt', '--every', '12']);
  assert.equal(first.code, 0, first.stderr);
  assert.deepEqual(lasting(await shop.json(['train', '--resume', 'run.ckpt'])), lasting({ ...whole }));
  const found = await shop.json(['evaluate', 'mean.nlrvqa', '--csv', 'data.csv', '--label', 'kind']);
  assert.equal(typeof found.accuracy, 'number');
});

test("SPSA with Spall's gains", async () => {
  const spsa = [...run, '--rule', 'sgd', '--gradient', 'two-point', '--schedule', 'spall', '--shots', '50'];
  const found = await shop.json([...spsa, '--displacement', '0.2']);
  // Three passes of four samples.
  assert.equal(found.shots, 20 * 3 * 4 * 50);
  assert.notEqual(found.trace, (await shop.json(spsa)).trace);
  const plan = await shop.run(['plan', '--gradient', 'two-point', '--schedule', 'spall', '--json']);
  assert.equal(plan.code, 0, plan.stderr);
});

test('a flag that nothing would read is a usage error', async () => {
  const { code, stderr } = await shop.run([...run, '--displacement', '0.2']);
  assert.equal(code, 2);
  assert.match(stderr, /displacement is 0.2, but the gradient adjoint/);
});
