/** The Plateau page's work, in Node: the landscape as a circuit, ways over it, a slice of a real loss, variances. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { expectation } from '../../../host/circuits.ts';
import { Trainer } from '../../../host/index.ts';
import { cost, DOMAIN } from '../../../host/paper/landscape.ts';
import { readSettings } from '../../../host/browser/settings/link.ts';
import { CIRCUIT, energyAt, QUBITS, series } from '../../../host/browser/work/cave.ts';
import { prepareData } from '../../../host/browser/work/data.ts';
import { modelOf } from '../../../host/browser/work/options.ts';
import { sliceOf, type Variance, variances, waysOf } from '../../../host/browser/work/plateau.ts';
import { assertClose } from '../../support/close.ts';

const folder = new URL('../../../host/data/mnist-0-1/', import.meta.url);
const digits = async (name: string) => new Uint8Array(await readFile(new URL(name, folder)));
const settingsOf = (link: string) => readSettings(link).settings;

describe('Figure 1’s landscape as a circuit', () => {
  const terms = series();

  test('has the energies of its series', async () => {
    const constant = terms[0]?.coefficient ?? Number.NaN;
    const others = terms.slice(1);
    for (const place of [
      [0.3, -1.2],
      [-2, -2],
      [2, 2],
    ] as [number, number][]) {
      const energy = constant + (await expectation(CIRCUIT, others, place, undefined, { qubits: QUBITS }));
      assertClose(energy, energyAt(terms, ...place), 1e-12, `${place}`);
    }
  });

  test('differs from the formula by no more than the page says', () => {
    let worst = 0;
    for (let x = DOMAIN[0]; x <= DOMAIN[1]; x += 0.1)
      for (let y = DOMAIN[0]; y <= DOMAIN[1]; y += 0.1)
        worst = Math.max(worst, Math.abs(energyAt(terms, x, y) - cost([x, y])));
    assert.ok(worst <= 0.05, `${worst}`);
  });

  test('is gone over by every rule, from the start, downhill', async () => {
    const ways = await waysOf(
      settingsOf(
        '#plateau?start-x=0.4&start-y=0.2&cave-steps=60&rules=nlr:rate=0.1,sgd:rate=0.1,adam:rate=0.1',
      ),
    );
    for (const { at, reversed, energy, failed } of ways) {
      assert.equal(failed, undefined);
      assert.deepEqual([...at.slice(0, 2)], [0.4, 0.2].map(Math.fround));
      assert.equal(at.length, 2 * 61);
      assert.equal(reversed.length, 60);
      assert.ok(energy < 0.1, `${energy}`);
      const [x = 0, y = 0] = at.slice(-2);
      assertClose(energy, energyAt(terms, x, y), 1e-4, 'the end');
    }
  });

  test('of a rule that cannot go over it is a sentence', async () => {
    const [way] = await waysOf(settingsOf('#plateau?cave-steps=5&rules=frugal'));
    assert.match(way?.failed ?? '', /frugal/);
  });
});

test('a slice is the loss of the model with two of its parameters turned', async () => {
  const settings = settingsOf('#plateau?rows=40&layers=1&reuploads=1&slice-a=2&slice-b=4');
  const prepared = await prepareData(settings, undefined, digits);
  const model = modelOf(settings, prepared.features);
  const { train: dataset, pipeline } = prepared;
  const trainer = await Trainer.create({ model, dataset, pipeline, training: { seed: 3 } });
  const from = Float64Array.from(trainer.parameters);
  const { side, values, parameters, along } = await sliceOf(settings, prepared, from);
  assert.equal(parameters, 6);
  assert.deepEqual(along, [2, 4]);
  const far = await sliceOf({ ...settings, sliceB: 99 }, prepared, from);
  assert.deepEqual(far.along, [2, 5], 'what is beyond the last one is the last one, and is called so');
  await assert.rejects(sliceOf({ ...settings, sliceB: 2 }, prepared, from), {
    message: 'both parameters of the slice are θ2; expected two of the 6',
  });
  for (const [i, j] of [
    [0, 0],
    [16, 16],
    [20, 3],
  ] as const) {
    trainer.parameters.set(from);
    trainer.parameters[2] += 2 * Math.PI * (i / (side - 1) - 0.5);
    trainer.parameters[4] += 2 * Math.PI * (j / (side - 1) - 0.5);
    assertClose(values[j * side + i] as number, trainer.trainingLoss(), 1e-6, `${i}, ${j}`);
  }
});

test('variances of the global observable fall faster than those of the local one', async () => {
  const all: Variance[] = [];
  await variances(
    settingsOf('#plateau?layers=3'),
    (one) => all.push(one),
    () => all.length < 5,
  );
  assert.deepEqual(
    all.map(({ qubits }) => qubits),
    [2, 3, 4, 5, 6],
  );
  const [first, last] = [all[0] as Variance, all[4] as Variance];
  assert.ok(last.global / first.global < 0.5 * (last.local / first.local), JSON.stringify(all));
});
