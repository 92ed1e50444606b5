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
  const blocks = await shop.json([...shots, '--blocks', '4']);
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
    const first = await shop.run([
      ...budgeted,
      ...budget,
      '--checkpoint',
      'part.ckpt',
      '--every',
      '7',
      '--force',
    ]);
    assert.equal(first.code, 0, first.stderr);
    assert.deepEqual(lasting(await shop.json(['train', '--resume', 'part.ckpt'])), lasting(found));
  }
});

test('rotosolve trains expectations, and says what it needs of others', async () => {
  const rotosolve = [...run, '--rule', 'rotosolve'];
  const hinge = [...rotosolve, '--loss', 'hinge', '--head', 'none'];
  const found = await shop.json(hinge);
  // Three circuits a step, of four samples.
  assert.equal(found.evaluations, 20 * 3 * 4);
  const noisy = await shop.json([...hinge, '--noise', 'depolarizing:0.01,damping:0.02']);
  assert.equal(noisy.evaluations, found.evaluations);
  for (const [args, sentence] of [
    [rotosolve, /rotosolve minimises expectations, but the model has a linear head; use the loss hinge/],
    [[...rotosolve, '--head', 'none', '--loss', 'mse'], /but the loss is mse/],
    [[...hinge, '--gradient', 'adjoint'], /displaced angles one by one; use the gradient parameter-shift/],
    [[...hinge, '--blocks', '3'], /blocks is 3, but the rule rotosolve moves one angle a step/],
    [[...hinge, '--rate', '0.1'], /--rate is read by .* alone; the rule is rotosolve/],
    [[...hinge, '--correlated', '--layers', '3'], /moves parameters that turn one gate each/],
    [[...hinge, '--noise', 'damping:0.01', '--extrapolation', 'linear'], /finds no sinusoid/],
    [
      [...hinge, '--noise', 'readout:0.01', '--shots', '50', '--calibration-shots', '500'],
      /where the hinge has a corner/,
    ],
    [[...run, '--rule', 'gcans', '--shots', 'exact', '--gradient', 'parameter-shift'], /allots shots/],
    [[...run, '--rule', 'gcans', '--rate', '3'], /needs a rate below 2 \/ lipschitz = 2, but it is 3/],
    [[...run, '--lipschitz', '3'], /--lipschitz is read by gcans alone/],
  ] as const) {
    const { code, stderr } = await shop.run([...args]);
    assert.equal(code, 2, stderr);
    assert.match(stderr, sentence);
  }
});

test('sfgn trains circuit and head together, and says what it needs of others', async () => {
  const sfgn = [...run, '--rule', 'sfgn'];
  const shots = [...sfgn, '--shots', '20'];
  const found = await shop.json(shots);
  const adam = await shop.json([...run, '--shots', '20']);
  assert.equal(found.shots, adam.shots);
  assert.ok((found.loss as number) < (adam.loss as number));
  const first = await shop.run([...shots, '--checkpoint', 'half.ckpt', '--every', '11']);
  assert.equal(first.code, 0, first.stderr);
  assert.deepEqual(lasting(await shop.json(['train', '--resume', 'half.ckpt'])), lasting(found));
  await shop.json([...sfgn, '--noise', 'depolarizing:0.01', '--steps', '2']);
  await shop.write('three.csv', clusters(['a', 'b', 'c'], 40));
  const three = sfgn.map((word) => (word === 'data.csv' ? 'three.csv' : word));
  await shop.json([...three, '--multiclass', 'one-vs-rest', '--steps', '2']);
  const folded = [...sfgn, '--noise', 'damping:0.01', '--extrapolation', 'linear'];
  const calibrated = [...shots, '--noise', 'readout:0.01', '--calibration-shots', '500'];
  for (const [args, sentence] of [
    [three, /derivatives of one output number, but the softmax of 3 classes has 3; train a model for each/],
    [[...sfgn, '--blocks', '3'], /blocks is 3, but the matrix of the rule sfgn is of all parameters/],
    [[...sfgn, '--damping', '0'], /damping is 0, but without any the matrix/],
    [[...sfgn, '--gradient', 'adjoint'], /displaced angles one by one; use the gradient parameter-shift/],
    [[...sfgn, '--layers', '90'], /keeps a matrix of 1024 parameters at most, but the model has 1085/],
    [[...sfgn, '--shots', '1'], /--shots is 1; expected a whole number from 2/],
    [[...shots, '--displaced-shots', '1'], /--displaced-shots is 1; expected a whole number from 2/],
    [folded, /takes the curvature from single circuits/],
    [calibrated, /goes by the variance of shots as they are read/],
    [[...run, '--damping', '0.1'], /--damping is read by sfgn alone/],
  ] as const) {
    const { code, stderr } = await shop.run([...args]);
    assert.equal(code, 2, stderr);
    assert.match(stderr, sentence);
  }
  const energy = ['vqe', '--hamiltonian', 'tfim:3,1', '--rule', 'sfgn', '--steps', '60'];
  assert.ok(((await shop.json(energy)).energy as number) < -3);
});

test('both are rules of vqe and of compare', async () => {
  const energy = await shop.json([
    'vqe',
    '--hamiltonian',
    'tfim:3,1',
    '--rule',
    'rotosolve',
    '--steps',
    '90',
  ]);
  assert.ok((energy.energy as number) < -3, `${energy.energy}`);
  const measured = ['vqe', '--hamiltonian', 'h2', '--shots', '50', '--steps', '10'];
  const chain = ['vqe', '--hamiltonian', 'tfim:3,1', '--shots', '50', '--steps', '10'];
  for (const args of [
    [...chain, '--rule', 'rotosolve'],
    [...measured, '--rule', 'gcans'],
  ]) {
    const found = await shop.json(args);
    assert.ok((found.shots as number) > 0);
  }
  const shared = await shop.run([...measured, '--rule', 'rotosolve']);
  assert.equal(shared.code, 2);
  assert.match(shared.stderr, /moves parameters that turn one gate each/);
  const steep = await shop.run([...measured, '--rule', 'gcans', '--rate', '1.9']);
  assert.equal(steep.code, 2);
  assert.match(steep.stderr, /rate contradicts .* below 2 \/ lipschitz, which of an energy is the sum/);
  const both = ['compare', '--rules', 'rotosolve,gcans', '--csv', 'data.csv', '--label', 'kind'];
  const small = ['--loss', 'hinge', '--head', 'none', '--layers', '1', '--batch', '4', '--seeds', '2'];
  const shots = ['--shots', '20', '--shots-budget', '5000', '--json'];
  const { code, stdout, stderr } = await shop.run([...both, ...small, ...shots]);
  assert.equal(code, 0, stderr);
  const { rules } = JSON.parse(stdout) as { rules: { rule: string; shots: { greatest: number } }[] };
  assert.deepEqual(
    rules.map(({ rule }) => rule),
    ['rotosolve', 'gcans'],
  );
  for (const { shots: spent } of rules) assert.ok(spent.greatest <= 5000 && spent.greatest > 4000);
});
