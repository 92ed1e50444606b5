/** Early stopping: when it stops, which parameters it keeps, and that a checkpoint carries it. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { EarlyStopping } from '../../../host/early-stopping.ts';
import { loadModel, Trainer } from '../../../host/index.ts';
import { rowsOf } from '../../support/host-data.ts';

const classes = ['a', 'b', 'c'];
const dataset = rowsOf(classes, 30);
/** The same rows with most of their labels wrong: the better the model learns, the worse it does here. */
const validation = {
  ...dataset,
  labels: dataset.labels.map((label, i) => (i % 5 === 0 ? label : (label + 1) % 3)),
};
const options = (oneVsRest = false) => ({
  ...{ model: { qubits: 2, features: 3, layers: 2 }, training: { steps: 60, batch: 8 }, dataset, oneVsRest },
});

/** Trains with a look at every other step, until a step or the end. */
async function train(trainer: Trainer, early: EarlyStopping, until?: number) {
  const looks = [];
  for await (const _ of trainer.fit({ until })) {
    const found = early.look();
    if (found) looks.push(found);
    if (early.stop) break;
  }
  return looks;
}

describe('early stopping', () => {
  for (const oneVsRest of [false, true]) {
    const title = oneVsRest ? ', one model a class' : '';
    test(`stops after patience looks without a lower loss, and keeps the best parameters${title}`, async () => {
      const trainer = await Trainer.create(options(oneVsRest));
      const early = new EarlyStopping(trainer, { dataset: validation, every: 2, patience: 3 });
      const looks = await train(trainer, early);
      const least = Math.min(...looks.map(({ loss }) => loss));
      assert.equal(early.best?.loss, least);
      assert.equal(trainer.steps, (early.best?.step as number) + 6, 'three looks after the best');
      assert(trainer.steps < 60);
      assert.notEqual(trainer.evaluate(validation).loss, least);
      early.restore();
      assert.equal(trainer.evaluate(validation).loss, least);
      const model = await loadModel(trainer.save());
      assert(Math.abs(model.evaluate(validation).loss - least) < 1e-12, 'what is saved is the best');
    });

    test(`a checkpoint carries it: the same looks, the same bits${title}`, async () => {
      const whole = await Trainer.create(options(oneVsRest));
      const early = new EarlyStopping(whole, { dataset: validation, every: 2, patience: 3 });
      const looks = await train(whole, early);
      const first = await Trainer.create(options(oneVsRest));
      const half = new EarlyStopping(first, { dataset: validation, every: 2, patience: 3 });
      const until = (early.best?.step as number) + 3;
      const before = await train(first, half, until);
      const file = first.checkpoint({ early: half.state });
      const second = await Trainer.resume(file, { dataset });
      const context = Trainer.contextOf(file) as { early: unknown };
      const rest = new EarlyStopping(second, { dataset: validation, every: 2, patience: 3 }).resume(
        context.early,
      );
      const after = await train(second, rest);
      assert.deepEqual([...before, ...after], looks);
      assert.deepEqual(rest.state, early.state);
      rest.restore();
      early.restore();
      assert.equal(second.trace, whole.trace);
    });
  }

  test('without patience it never stops, and looks at the last step too', async () => {
    const trainer = await Trainer.create({ ...options(), training: { steps: 15, batch: 8 } });
    const looks = await train(trainer, new EarlyStopping(trainer, { dataset: validation }));
    assert.deepEqual(
      looks.map(({ step }) => step),
      [10, 15],
    );
  });

  test('changes no bit of the training', async () => {
    const [plain, watched] = [await Trainer.create(options()), await Trainer.create(options())];
    for await (const _ of plain.fit());
    await train(watched, new EarlyStopping(watched, { dataset: validation, every: 1 }));
    assert.equal(watched.trace, plain.trace);
  });

  test('bad options and states are refused', async () => {
    const trainer = await Trainer.create(options());
    const make = (change: object) => new EarlyStopping(trainer, { dataset: validation, ...change });
    assert.throws(() => make({ every: 0 }), { code: 'ERR_OPTION_VALUE', message: /^every is 0/ });
    assert.throws(() => make({ patience: 1.5 }), { code: 'ERR_OPTION_VALUE', message: /^patience is 1.5/ });
    assert.throws(() => make({ patients: 1 }), { name: 'OptionError' });
    assert.throws(() => make({ dataset: { ...validation, classes: ['x', 'y', 'z'] } }), {
      code: 'ERR_DATA_LABEL',
    });
    const early = make({ every: 1 });
    await train(trainer, early, 3);
    const { state } = early;
    const bad = [
      undefined,
      { ...state, misses: -1 },
      { ...state, best: { ...state.best, step: 4000 } },
      { ...state, best: { ...state.best, loss: null } },
      { ...state, parameters: [] },
      { ...state, parameters: [state.parameters?.[0].slice(16)] },
      { ...state, parameters: [state.parameters?.[0].replace(/^.{16}/, '000000000000f07f')] },
    ];
    for (const each of bad) assert.throws(() => make({}).resume(each), { code: 'ERR_FORMAT_CONFIGURATION' });
    assert.deepEqual(make({}).resume(state).state, state);
  });

  test('of a model that predicts numbers goes by their loss', async () => {
    const targets = Float64Array.from(dataset.labels, (label, i) => 10 * label + Math.sin(i));
    const counted = { ...dataset, targets };
    const held = { ...counted, targets: targets.map((target, i) => target + 8 * Math.sin(7 * i)) };
    const trainer = await Trainer.create({ ...options(), dataset: counted, task: 'regression' });
    const early = new EarlyStopping(trainer, { dataset: held, every: 2, patience: 3 });
    const looks = await train(trainer, early);
    const least = Math.min(...looks.map(({ loss }) => loss));
    assert(looks.length > 3);
    assert.deepEqual([early.best?.loss, early.best?.accuracy], [least, null]);
    early.restore();
    assert.equal(trainer.evaluateValues(held).loss, least);
    const carried = JSON.parse(JSON.stringify(early.state));
    const again = new EarlyStopping(trainer, { dataset: held }).resume(carried);
    assert.deepEqual(again.state, early.state);
    assert.throws(() => new EarlyStopping(trainer, { dataset }), { code: 'ERR_DATA_LABEL' });
  });
});
