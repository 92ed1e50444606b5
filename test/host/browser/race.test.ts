/** The race of the page, in Node: its rules train as the library alone does, to the bit, in steps of any number. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { readLink, readSettings } from '../../../host/browser/settings/link.ts';
import type { Batch } from '../../../host/browser/work/messages.ts';
import { workbench } from '../../../host/browser/work/workbench.ts';
import { fitPipeline, mnist01, moons, parseCsv, trainTestSplit } from '../../../host/data/index.ts';
import { loadModel, type ModelOptions, Trainer, type TrainingOptions } from '../../../host/index.ts';
import { readOpenQasm } from '../../../host/qasm/index.ts';

const folder = new URL('../../../host/data/mnist-0-1/', import.meta.url);
const digits = async (name: string) => new Uint8Array(await readFile(new URL(name, folder)));

/** A bench with what it has told. */
function bench() {
  const told: Batch[] = [];
  const { calls } = workbench(digits, (batch) => told.push(batch));
  const open = async (link: string) => {
    const { settings, table, wrong } = await readLink(link);
    assert.deepEqual(wrong, []);
    return calls.open(1, settings, table);
  };
  const standings = () => told.at(-1)?.arms.map(({ standing }) => standing) ?? [];
  return { calls, told, open, standings };
}

/** Waits until the race is over. */
async function runToEnd({ calls, told }: ReturnType<typeof bench>): Promise<void> {
  await calls.run(0);
  while (told.at(-1)?.running || told.at(-1)?.arms.some(({ standing }) => !standing.finished))
    await new Promise((resolve) => setTimeout(resolve, 5));
}

async function traceOf(
  model: ModelOptions,
  training: TrainingOptions,
  data: Pick<Parameters<typeof Trainer.create>[0], 'dataset' | 'pipeline'>,
) {
  const trainer = await Trainer.create({ model, training, ...data });
  for await (const _ of trainer.fit());
  return trainer.trace;
}

describe('a race', () => {
  test('has the traces of the library alone, with shots, on the moons', async () => {
    const page = bench();
    await page.open(
      '#train?rows=80&steps=6&shots=20&layers=2&reuploads=2&rules=nlr:negative-rate=0.1,adam:beta1=0.8&seed=5',
    );
    await runToEnd(page);
    const made = moons({ rows: 80, noise: 0.2, seed: 1, testFraction: 0.25 }).train;
    // Engines differ in the last bit of a sine.
    const train = { ...made, features: Float64Array.from(made.features, Math.fround) };
    const { pipeline } = fitPipeline(train, [
      { kind: 'columns' },
      { kind: 'standardise' },
      { kind: 'minmax' },
    ]);
    const model = { qubits: 2, features: 2, encoding: 'angle', layers: 2, reuploads: 2 } as const;
    const common = { steps: 6, shots: 20, schedule: 'constant', seed: 5 } as const;
    const data = { dataset: train, pipeline };
    assert.deepEqual(
      page.standings().map(({ trace }) => trace),
      [
        await traceOf(model, { ...common, rule: 'nlr', negativeRate: 0.1 }, data),
        await traceOf(model, { ...common, rule: 'adam', beta1: 0.8 }, data),
      ],
    );
  });

  test('has the trace of the paper’s model on the digits, however it is stepped', async () => {
    const page = bench();
    await page.open(
      '#train?data=digits&encoding=amplitude&qubits=6&reuploads=1&head=none&observable=z0&loss=mse&steps=8&shots=1000&rules=nlr:rate=0.01:negative-rate=0.02',
    );
    for (let step = 0; step < 3; step++) await page.calls.step();
    await page.calls.run(2000);
    await page.calls.pause();
    await runToEnd(page);
    const { train } = await mnist01(digits);
    const { pipeline } = fitPipeline(train, [
      { kind: 'pool', to: [14, 14] },
      { kind: 'pca', components: 8 },
    ]);
    const model = { qubits: 6, features: 8, observable: 'z0', head: 'none', loss: 'mse' } as const;
    const training = {
      rule: 'nlr',
      steps: 8,
      shots: 1000,
      rate: 0.01,
      negativeRate: 0.02,
      schedule: 'constant',
    } as const;
    assert.equal(page.standings()[0]?.trace, await traceOf(model, training, { dataset: train, pipeline }));
  });

  test('pauses within a step that would take minutes, and is laid out anew from there', async () => {
    const page = bench();
    await page.open('#train?qubits=10&layers=40&rules=nlr,adam');
    await page.calls.run(0);
    await page.calls.pause();
    assert.deepEqual(
      page.standings().map(({ step }) => step),
      [0, 0],
    );
    await page.calls.run(0);
    await page.open('#train?rows=60&steps=3&shots=0&rules=sgd&layers=1&reuploads=1');
    await runToEnd(page);
    assert.equal(page.standings()[0]?.step, 3);
  });

  test('has the same bits when it is paused within its steps, and answers and saves in the midst of them', async () => {
    const link =
      '#train?data=digits&encoding=amplitude&qubits=6&reuploads=1&steps=4&shots=1000&rules=nlr,adam';
    const [whole, page] = [bench(), bench()];
    await whole.open(link);
    await runToEnd(whole);
    await page.open(link);
    const { row } = await page.calls.sample(1);
    const rest = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
    // Steps of some tenths of a second, each given up a few times, by either rule.
    for (const ms of [20, 40, 80, 160, 30, 60]) {
      await page.calls.run(0);
      await rest(ms);
      const looks = [page.calls.classify(row), page.calls.file('model', 0)] as const;
      await page.calls.pause();
      const [shares, { bytes }] = await Promise.all(looks);
      assert.equal(shares.length, 2);
      assert.equal((await loadModel(bytes)).classes.length, 2);
    }
    await runToEnd(page);
    assert.deepEqual(
      page.standings().map(({ trace }) => trace),
      whole.standings().map(({ trace }) => trace),
    );
    for (const arm of [0, 1])
      assert.equal(page.told.flatMap(({ arms }) => [...(arms[arm]?.columns.loss ?? [])]).length, 4);
  });

  test('tells a number for every step once, and how the test rows fare', async () => {
    const page = bench();
    const { points, classes, rows } = await page.open(
      '#train?rows=60&steps=40&shots=0&rules=sgd,adam&layers=1&reuploads=1',
    );
    await runToEnd(page);
    for (const arm of [0, 1]) {
      const losses = page.told.flatMap(({ arms }) => [...(arms[arm]?.columns.loss ?? [])]);
      assert.equal(losses.length, 40);
      assert.ok(losses.every(Number.isFinite));
      const { confusion = [], accuracy = 0 } = page.standings()[arm] ?? {};
      assert.equal(
        confusion.flat().reduce((a, b) => a + b, 0),
        rows.test,
      );
      assert.ok(accuracy > 0.5, `${accuracy}`);
    }
    assert.deepEqual(classes, ['0', '1']);
    assert.equal(points?.labels.length, 60);
    const { values } = page.told.at(-1)?.surface ?? { values: [] };
    assert.ok(values.every((value) => value >= 0 && value <= 1) && values.length > 1000);
  });

  test('trains on a table of the user’s own, with text among its columns', async () => {
    const page = bench();
    const lines = Array.from(
      { length: 60 },
      (_, i) => `${Math.cos(i)},${Math.sin(i)},${i % 3 ? 'red' : 'blue'},${i % 2 ? 'worn' : 'fine'}`,
    );
    const table = { name: 'pumps.csv', text: ['a,b,colour,state', ...lines, ''].join('\n') };
    const { settings } = readSettings('#train?data=csv&qubits=3&steps=5&shots=0&rules=sgd&label=state');
    const { classes } = await page.calls.open(1, settings, table);
    assert.deepEqual(classes, ['fine', 'worn']);
    await runToEnd(page);
    const parsed = parseCsv(table.text, { name: 'pumps.csv', label: 'state', use: () => 'either' });
    const { train } = trainTestSplit(parsed, { testFraction: 0.25, seed: 1 });
    const { pipeline } = fitPipeline(train, [
      ...[{ kind: 'columns', missing: 'mean' } as const, { kind: 'standardise' } as const],
      ...[{ kind: 'pca', components: 3 } as const, { kind: 'minmax' } as const],
    ]);
    const model = { qubits: 3, features: 3, encoding: 'angle', layers: 5, reuploads: 5 } as const;
    const training = { rule: 'sgd', steps: 5, schedule: 'constant' } as const;
    assert.equal(page.standings()[0]?.trace, await traceOf(model, training, { dataset: train, pipeline }));
  });

  test('says what is wrong with a table, and where', async () => {
    const { calls } = bench();
    const { settings } = readSettings('#train?data=csv');
    const open = (text: string) => calls.open(1, settings, { name: 'bad.csv', text });
    await assert.rejects(open('a,b,kind\n1,2,x\n3,y\n'), {
      code: 'ERR_DATA_RAGGED',
      message: /^bad\.csv:3:4: the row has 2 fields/,
    });
    await assert.rejects(calls.open(1, settings, undefined), {
      code: 'ERR_DATA_FILE',
      message: /drop the file/,
    });
    await assert.rejects(open('a,b,y\n1,2,0.1\n2,3,0.2\n4,5,0.3\n'), {
      code: 'ERR_DATA_ROWS',
      message: /^bad\.csv: no two of the 3 rows are of one class/,
    });
    await assert.rejects(calls.run(0), /there is no race/);
  });

  test('keeps the sentence of a rule that cannot go on, and lets the others', async () => {
    const page = bench();
    await page.open(
      '#train?rows=60&steps=5&shots=0&rules=sgd:rate=1000:head-rate=1000,adam&loss=mse&layers=1&reuploads=1',
    );
    await runToEnd(page);
    const [, adam] = page.standings();
    assert.equal(adam?.step, 5);
  });
});

describe('what is taken home', () => {
  test('a model that predicts as the race does, its circuit, its array and its parameters', async () => {
    const page = bench();
    await page.open('#train?rows=60&steps=10&shots=0&rules=adam&layers=2&reuploads=1');
    await runToEnd(page);
    const text = async (kind: 'qasm' | 'c' | 'parameters') =>
      new TextDecoder().decode((await page.calls.file(kind, 0)).bytes);
    const { name, bytes } = await page.calls.file('model', 0);
    assert.equal(name, 'moons-adam.nlrvqa');
    const model = await loadModel(bytes);
    const { row } = await page.calls.sample(3);
    assert.deepEqual(model.predict([row])[0]?.probabilities, await page.calls.classify(row));
    const { circuit } = readOpenQasm(await text('qasm'));
    assert.equal(circuit.length, model.model.circuit.length);
    const array = await text('c');
    const numbers = [...array.matchAll(/0x([0-9a-f]{2})/g)].map(([, hex]) =>
      Number.parseInt(hex as string, 16),
    );
    assert.deepEqual(Uint8Array.from(numbers), bytes);
    assert.match(array, new RegExp(`nlr_model\\[${bytes.length}\\]`));
    const lines = (await text('parameters')).trim().split('\n').slice(1);
    assert.deepEqual(
      lines.map((line) => Number(line.split(',')[1])),
      [...(model.modelParameters[0] ?? [])],
    );
  });
});
