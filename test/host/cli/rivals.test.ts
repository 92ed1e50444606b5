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

test('--blocks measures a part of the parameters, gcans allots shots, and a budget holds for both', async () => {
  const shots = [...run, '--shots', '20'];
  const whole = await shop.json(shots);
  const blocks = await shop.json([...shots, '--blocks', '2']);
  assert.ok((blocks.shots as number) < (whole.shots as number) / 2);
  const gcans = ['--rule', 'gcans', '--rate', '0.5'];
  const free = await shop.json([...shots, ...gcans, '--steps', '30']);
  const least = await shop.json([...shots, ...gcans, '--steps', '1']);
  assert.ok((free.shots as number) > 30 * (least.shots as number));
  const budgeted = run.slice(0, -2);
  for (const method of [['--blocks', '3'], gcans]) {
    const budget = ['--shots', '20', '--shots-budget', '20000', ...method];
    const found = await shop.json([...budgeted, ...budget]);
    assert.ok((found.shots as number) <= 20000 && (found.shots as number) > 15000, `${found.shots}`);
    const first = await shop.run([...budgeted, ...budget, '--checkpoint', 'part.ckpt', '--every', '7']);
    assert.equal(first.code, 0, first.stderr);
    assert.deepEqual(lasting(await shop.json(['train', '--resume', 'part.ckpt'])), lasting(found));
  }
});

test('rotosolve trains pure expectations, and says what it needs of others', async () => {
  const rotosolve = [...run, '--rule', 'rotosolve'];
  const hinge = [...rotosolve, '--loss', 'hinge', '--head', 'none'];
  const found = await shop.json(hinge);
  // Three circuits a step, of four samples.
  assert.equal(found.evaluations, 20 * 3 * 4);
  for (const [args, sentence] of [
    [rotosolve, /rotosolve minimises pure expectations, but the model has a linear head; use the loss hinge/],
    [[...rotosolve, '--head', 'none', '--loss', 'mse'], /but the loss is mse/],
    [
      [...hinge, '--gradient', 'adjoint'],
      /displaced angles one by one; use the gradient parameter-shift, not adjoint/,
    ],
    [[...hinge, '--correlated', '--layers', '3'], /moves parameters that turn one gate each/],
    [[...run, '--rule', 'gcans', '--shots', 'exact', '--gradient', 'parameter-shift'], /allots shots/],
    [[...run, '--rule', 'gcans', '--rate', '3'], /needs a rate below 2 \/ lipschitz = 2, but it is 3/],
    [[...run, '--lipschitz', '3'], /--lipschitz is read by gcans alone/],
  ] as const) {
    const { code, stderr } = await shop.run([...args]);
    assert.equal(code, 2, stderr);
    assert.match(stderr, sentence);
  }
});
