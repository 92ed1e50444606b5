/** The paper's sets as problems: what each is drawn of, what it goes through before the model, and how long cells are said to take. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Dataset } from '../../../host/data/dataset.ts';
import { CellCosts } from '../../../host/paper/estimate.ts';
import type { Scope } from '../../../host/paper/experiment.ts';
import {
  preparer,
  problemOf,
  SETS,
  SET_TITLES,
  type SetUp,
  type Sources,
  trainRows,
} from '../../../host/paper/problems.ts';
import type { Cell } from '../../../host/study/cell.ts';
import { assertGolden } from '../../support/golden.ts';

const sample: Scope = { seeds: [1], quick: true, images: { mnist: 'sample', 'fashion-mnist': 'sample' } };
const whole: Scope = { seeds: [1], quick: false, images: { mnist: 'whole', 'fashion-mnist': 'whole' } };
const MODEL = { qubits: 4, layers: 2 } as const;

const SET_UPS: readonly SetUp[] = [
  ...SETS.flatMap((set) => [
    { set, encoding: 'amplitude' as const },
    { set, encoding: 'angle' as const },
    { set, encoding: 'amplitude' as const, recommended: true },
  ]),
  { set: 'ad-hoc', encoding: 'zz' },
  { set: 'gaussians', encoding: 'zz', features: 4 },
  { set: 'gaussians', encoding: 'zz', features: 4, recommended: true },
  { set: 'gaussians', encoding: 'amplitude', rows: 40, features: 16, separation: 4 },
  { set: 'gaussians', encoding: 'amplitude', rows: 40, features: 16, recommended: true },
  { set: 'gaussians', encoding: 'amplitude', rows: 10, features: 16, recommended: true },
];

const titleOf = ({ set, encoding, recommended, ...others }: SetUp) =>
  `${set}, ${encoding}${recommended ? ', recommended' : ''} ${JSON.stringify(others)}`;

/** Images that are all different: 28 x 28 pixels. */
function images(rows: number, name: string): Dataset {
  const features = Float64Array.from({ length: rows * 784 }, (_, i) => ((i * i + 7 * i) % 251) / 250);
  const labels = Int32Array.from({ length: rows }, (_, i) => i % 2);
  return { features, rows, columns: 784, labels, classes: ['0', '1'], name, shape: [28, 28] };
}

/** Sources that say what they are asked. */
function listening() {
  const asked: string[] = [];
  const split = { train: images(40, 'train'), test: images(6, 'test') };
  const sources: Sources = {
    originals(...all) {
      asked.push(`originals ${JSON.stringify(all)}`);
      return Promise.resolve(split);
    },
    digits() {
      asked.push('digits');
      return Promise.resolve(split);
    },
  };
  return { asked, prepare: preparer(sources) };
}

const written = ({ rows, columns, features, shape, name }: Dataset) =>
  `${rows} x ${columns} of ${name}${shape === undefined ? '' : ', images'}, ${[...features.subarray(0, 3)].map((value) => value.toPrecision(4)).join(' ')}`;

describe('problems of the paper', () => {
  test('are described as they always were', () => {
    const lines = SET_UPS.flatMap((setUp) =>
      [sample, whole].map(
        (scope) =>
          `${titleOf(setUp)}, ${scope.quick ? 'quick' : 'full'}: ${trainRows(setUp, scope)} rows\n  ${JSON.stringify(problemOf(setUp, MODEL, scope))}\n`,
      ),
    );
    assertGolden(new URL('problems.txt', import.meta.url), lines.join(''));
  });

  test('ask for the images that they say, and take them through the steps before the model', async () => {
    const lines: string[] = [];
    // What is drawn is small here, and seconds in the report.
    for (const setUp of SET_UPS.filter(({ set, rows = 1000 }) => set !== 'qdataset' && rows > 10)) {
      const { asked, prepare } = listening();
      const { dataset, test: other, model } = await prepare(problemOf(setUp, MODEL, sample), 7);
      lines.push(
        `${titleOf(setUp)}: ${asked.join('; ')}\n  ${written(dataset)}\n  ${written(other as Dataset)}\n  ${JSON.stringify(model)}\n`,
      );
    }
    assertGolden(new URL('prepared.txt', import.meta.url), lines.join(''));
  });

  test('are made once where no seed changes them, and anew where one does', async () => {
    const { asked, prepare } = listening();
    for (const scope of [sample, whole]) {
      const problem = problemOf({ set: 'mnist', encoding: 'amplitude' }, MODEL, scope);
      const [one, other] = [await prepare(problem, 1), await prepare({ ...problem, name: 'else' }, 2)];
      assert.equal(one, other);
    }
    assert.deepEqual(asked, ['digits', 'originals ["mnist",{"classes":["0","1"],"perClass":500},"whole"]']);
    const drawn = problemOf({ set: 'gaussians', encoding: 'amplitude', rows: 40 }, MODEL, sample);
    const [first, again, other] = [await prepare(drawn, 1), await prepare(drawn, 1), await prepare(drawn, 2)];
    assert.deepEqual(first, again);
    assert.notDeepEqual(first.dataset.features, other.dataset.features);
  });

  test('have the names of the paper', () => {
    assert.deepEqual(Object.values(SET_TITLES), [
      ...['Synthetic (Gaussian)', 'MNIST', 'Fashion-MNIST', 'QDataSet', 'QSVM Toy'],
    ]);
  });
});

describe('what cells should take', () => {
  const problem = problemOf({ set: 'gaussians', encoding: 'amplitude' }, { ...MODEL, qubits: 3 }, whole);
  const cell = (others: Partial<Cell>) => ({
    kind: 'training' as const,
    cell: { problem, rule: 'nlr', setting: { steps: 100 }, seed: 1, ...others } as Cell,
  });

  test('goes by the work of a step, its shots and its engine', async () => {
    const costs = new CellCosts();
    const lines = [];
    for (const [what, asked] of Object.entries({
      exact: cell({}),
      'twice the steps': cell({ setting: { steps: 200 } }),
      'another rate': cell({ setting: { steps: 100, rate: 0.3 } }),
      'another rule': cell({ rule: 'adam' }),
      'a budget of shots': cell({ rule: 'adam', setting: { shots: 100, shotsBudget: 1e6 } }),
      '100 shots': cell({ setting: { steps: 100, shots: 100 } }),
      '1000 shots': cell({ setting: { steps: 100, shots: 1000 } }),
      'joint shots': cell({
        setting: { steps: 100, shots: 100 },
        model: { head: 'linear', observable: 'all-z' },
      }),
      'one output': cell({
        setting: { steps: 100, shots: 100 },
        model: { head: 'linear', observable: 'z0' },
      }),
      'every amplitude': cell({ setting: { steps: 100, engine: 'samples' } }),
      'more layers': cell({ model: { layers: 5 } }),
    }))
      lines.push(`${what}: ${(await costs.of(asked)).toPrecision(6)} s\n`);
    assertGolden(new URL('seconds.txt', import.meta.url), lines.join(''));
    const value = { kind: 'value', name: 'a walk', runner: 'exit', input: {}, seconds: 12.5 } as const;
    assert.equal(await costs.of(value), 12.5);
  });

  test('refuses what cannot be', async () => {
    await assert.rejects(new CellCosts().of(cell({ setting: { steps: -1 } })), { option: 'steps' });
  });
});
