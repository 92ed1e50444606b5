/** The plan of one model per class. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ModelOptions, plan, Trainer } from '../../../host/index.ts';
import { finish, MODEL, rowsOf, TRAINING, trainerOf } from '../../support/host-data.ts';

test('models multiply memory and work, and count against the budgets', async () => {
  const training = { shots: 10, batch: 4 };
  const one = await plan(MODEL, training);
  const three = await plan(MODEL, training, { models: 3 });
  for (const key of ['arenaBytes', 'memoryPages', 'evaluationsPerStep', 'shotsPerStep'] as const) {
    assert.equal(three[key], 3 * one[key], key);
  }
  assert.equal(three.gateApplicationsPerStep, 3 * one.gateApplicationsPerStep);
  assert.equal(three.circuitParameters, one.circuitParameters);
  const trainer = await trainerOf(training, true);
  assert.equal(three.arenaBytes, trainer.arenaBytes);
  assert.equal(three.memoryPages, trainer.memoryPages);
  const budgetBytes = 2 * one.arenaBytes;
  assert.equal((await plan(MODEL, training, { budgetBytes })).fits, true);
  const tight = await plan(MODEL, training, { budgetBytes, models: 3 });
  assert.equal(tight.fits, false);
  assert.notDeepEqual(tight.advice, []);
  const time = { nanosecondsPerGate: 1000, models: 3 };
  assert.equal(
    (await plan(MODEL, training, time)).millisecondsPerStep,
    (3 * one.gateApplicationsPerStep) / 1000,
  );
  await assert.rejects(plan(MODEL, training, { models: 0 }), { option: 'models' });
});

test('shots of displaced circuits are planned and spent as they are said', async () => {
  for (const rule of ['adam', 'nlr'] as const) {
    const training = { rule, shots: 10, displacedShots: 1, batch: 4, steps: 2 };
    const same = await plan(MODEL, { ...training, displacedShots: 10 });
    assert.equal(same.shotsPerStep, 10 * same.evaluationsPerStep);
    const found = await plan(MODEL, training);
    assert.equal(found.evaluationsPerStep, same.evaluationsPerStep);
    const losses = (rule === 'nlr' ? 2 : 1) * 4;
    assert.equal(found.shotsPerStep, found.evaluationsPerStep + 9 * losses);
    const trainer = await finish(await trainerOf(training));
    assert.equal(trainer.report?.shots, 2 * found.shotsPerStep);
  }
});

test('class weights and numbers to predict cost what they cost a trainer', async () => {
  const rows = rowsOf(['no', 'yes']);
  const dataset = { ...rows, targets: Float64Array.from(rows.labels, (label, i) => label + i) };
  const training = { batch: 12 };
  const plain = await plan(MODEL, training);
  for (const options of [
    { classWeights: 'balanced' },
    { classWeights: [1, 2] },
    { task: 'regression' },
  ] as const) {
    const trainer = await Trainer.create({ model: MODEL, training, dataset, ...options });
    const found = await plan(MODEL, training, options);
    assert.equal(found.arenaBytes, trainer.arenaBytes);
    assert(found.arenaBytes > plain.arenaBytes);
  }
  const refused = { code: 'ERR_OPTION_COMBINATION' };
  await assert.rejects(plan(MODEL, {}, { task: 'regression', classWeights: 'balanced' }), refused);
  await assert.rejects(plan(MODEL, {}, { task: 'regression', models: 3 }), refused);
  await assert.rejects(plan({ ...MODEL, loss: 'bce' }, {}, { task: 'regression' }), refused);
  await assert.rejects(plan({ ...MODEL, classes: 3 }, {}, { task: 'regression' }), refused);
});

test('the two-point gradient takes two losses more, whatever the number of parameters', async () => {
  const training = { rule: 'nlr', batch: 4 } as const;
  for (const shots of ['exact', 10] as const) {
    const gradient = 'two-point' as const;
    const two = await plan({ ...MODEL, observable: 'z0', head: 'none' }, { ...training, shots, gradient });
    assert.equal(two.evaluationsPerStep, 4 * 4);
    assert.match(`${two.notes}`, /outside the observable's light cone and move without effect$/);
    const trainer = await finish(await trainerOf({ ...TRAINING, ...training, shots, gradient }));
    assert.equal(trainer.steps, TRAINING.steps);
    assert.equal(trainer.report?.evaluations, 6 * 4 * 4);
    assert.equal(trainer.report?.gradientNorm.observable, null);
  }
});

test('few shots of the cross-entropy without a head are warned of, and no others', async () => {
  const bare = { ...MODEL, observable: 'z0', head: 'none' } as const;
  const warned = async (model: ModelOptions, shots: number | 'exact') =>
    `${(await plan(model, { shots })).warnings}`.includes('few for the cross-entropy without a head');
  for (const shots of [1, 20, 99]) assert.ok(await warned({ ...bare, loss: 'bce' }, shots), `${shots} shots`);
  for (const shots of [100, 1000, 'exact'] as const)
    assert.ok(!(await warned({ ...bare, loss: 'bce' }, shots)), `${shots} shots`);
  assert.ok(!(await warned({ ...bare, loss: 'mse' }, 20)));
  assert.ok(!(await warned({ ...MODEL, loss: 'bce' }, 20)), 'with a head');
});

test('an observable that the cross-entropy without a head cannot take is refused in a sentence', async () => {
  const observable = [[{ coefficient: 1.5, pauli: 'Z0' }]];
  await assert.rejects(plan({ ...MODEL, observable, head: 'none', loss: 'bce' }), {
    code: 'ERR_CORE_BAD_OBSERVABLE',
    message: /divide its coefficients by the sum of their absolute values, or use a head$/,
  });
});

test('options that contradict one another are refused by name, with a remedy', async () => {
  const angle = { qubits: 2, features: 2, encoding: 'angle' } as const;
  const amplitude = { qubits: 2, features: 2 } as const;
  const refused: readonly (readonly [
    string,
    Parameters<typeof plan>[0],
    Parameters<typeof plan>[1],
    RegExp,
  ])[] = [
    [
      'engine',
      angle,
      { engine: 'columns' },
      /^engine contradicts .* 'auto' takes the cheapest that can run it$/,
    ],
    ['engine', angle, { engine: 'heisenberg' }, /^engine contradicts/],
    ['engine', amplitude, { engine: 'columns', answerer: 'caller', shots: 10 }, /^engine contradicts/],
    [
      'shots',
      amplitude,
      { answerer: 'caller' },
      /^shots contradicts .*: the answerer 'caller' needs shots, and so does the engine 'trajectories'$/,
    ],
    ['loss', amplitude, { moments: true }, /^loss contradicts .*: moments need the loss 'mse'$/],
  ];
  for (const [option, model, training, message] of refused) {
    await assert.rejects(plan(model, training), {
      name: 'OptionError',
      code: 'ERR_OPTION_COMBINATION',
      option,
      message,
    });
  }
});
