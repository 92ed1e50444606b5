/** Preprocessing fitted to data: scales, bins, principal components, and what a pipeline may hold. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Dataset, row } from '../../../host/data/dataset.ts';
import { fitPipeline, type Step } from '../../../host/data/fit.ts';
import { applyPipeline, type Pca, parsePipeline, transformDataset } from '../../../host/data/preprocess.ts';
import { trainTestSplit } from '../../../host/data/split.ts';
import fc from '../../support/property.ts';

function dataset(rows: readonly (readonly number[])[], shape?: readonly [number, number]): Dataset {
  return {
    features: Float64Array.from(rows.flat()),
    rows: rows.length,
    columns: rows[0].length,
    labels: new Int32Array(rows.length),
    classes: ['a', 'b'],
    name: 'd',
    ...(shape && { shape }),
  };
}

const column = (data: Dataset, j: number) => Array.from({ length: data.rows }, (_, i) => row(data, i)[j]);
const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
const dot = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((sum, x, i) => sum + x * b[i], 0);
const near = (a: number, b: number, tolerance = 1e-9) =>
  assert(Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(a), Math.abs(b)), `${a} is not near ${b}`);

/** Matrices of 3 to 12 rows and 1 to 6 columns. */
const value = fc.integer({ min: -1000, max: 1000 }).map((n) => n / 8);
const matrices = fc
  .tuple(fc.integer({ min: 3, max: 12 }), fc.integer({ min: 1, max: 6 }))
  .chain(([rows, columns]) =>
    fc.array(fc.array(value, { minLength: columns, maxLength: columns }), {
      minLength: rows,
      maxLength: rows,
    }),
  );

function fitPca(data: Dataset, components: number): Pca {
  const [step] = fitPipeline(data, [{ kind: 'pca', components }]).pipeline;
  assert(step.kind === 'pca');
  return step;
}

test('fit: standardised columns have mean 0 and variance 1, constant ones are 0', () => {
  fc.assert(
    fc.property(matrices, (rows) => {
      const data = dataset(rows.map((values) => [...values, 0.1]));
      const { training } = fitPipeline(data, [{ kind: 'standardise' }]);
      for (let j = 0; j < data.columns; j++) {
        const values = column(training, j);
        const constant = new Set(column(data, j)).size === 1;
        if (constant) assert(values.every((x) => x === 0));
        else {
          assert(Math.abs(mean(values)) < 1e-9);
          near(mean(values.map((x) => x * x)), 1);
        }
      }
    }),
  );
});

test('fit: min-max columns span 0 to pi, constant ones are 0', () => {
  fc.assert(
    fc.property(matrices, (rows) => {
      const data = dataset(rows);
      const { training } = fitPipeline(data, [{ kind: 'minmax' }]);
      for (let j = 0; j < data.columns; j++) {
        const values = column(training, j);
        assert.equal(Math.min(...values), 0);
        assert.equal(Math.max(...values), new Set(column(data, j)).size === 1 ? 0 : Math.PI);
      }
    }),
  );
});

test('fit: principal components are orthonormal, their signs fixed', () => {
  fc.assert(
    fc.property(matrices, (rows) => {
      const data = dataset(rows);
      const { components } = fitPca(data, Math.min(data.columns, data.rows - 1));
      for (const [i, a] of components.entries()) {
        for (const [j, b] of components.entries()) near(dot(a, b), i === j ? 1 : 0);
        assert(Math.max(...a) >= Math.max(...a.map((x) => -x)));
      }
    }),
  );
});

test('fit: all components capture the whole variance, uncorrelated and in descending order', () => {
  fc.assert(
    fc.property(matrices, (rows) => {
      const data = dataset(rows);
      fc.pre(data.columns < data.rows);
      const { training } = fitPipeline(data, [{ kind: 'pca', components: data.columns }]);
      const variance = (values: readonly number[]) =>
        values.reduce((sum, x) => sum + (x - mean(values)) ** 2, 0) / (values.length - 1);
      const columns = Array.from({ length: data.columns }, (_, j) => j);
      const total = columns.reduce((sum, j) => sum + variance(column(data, j)), 0);
      const captured = columns.map((j) => variance(column(training, j)));
      near(
        captured.reduce((a, b) => a + b),
        total,
      );
      for (const [k, v] of captured.entries()) {
        if (k > 0) assert(v <= captured[k - 1] + 1e-9 * total);
        for (let l = 0; l < k; l++)
          assert(Math.abs(dot(column(training, k), column(training, l))) <= 1e-8 * (1 + total));
      }
    }),
  );
});

test('fit: the leading component agrees with power iteration', () => {
  const rows = Array.from({ length: 40 }, (_, i) => [
    3 * Math.sin(i),
    Math.sin(i) + 0.3 * Math.cos(5 * i),
    i % 3,
  ]);
  const data = dataset(rows);
  const means = [0, 1, 2].map((j) => mean(column(data, j)));
  let direction = [1, 1, 1];
  for (let turn = 0; turn < 500; turn++) {
    const next = [0, 0, 0];
    for (const values of rows) {
      const centred = values.map((x, j) => x - means[j]);
      const weight = dot(centred, direction);
      for (const j of [0, 1, 2]) next[j] += weight * centred[j];
    }
    const norm = Math.sqrt(dot(next, next));
    direction = next.map((x) => x / norm);
  }
  const [leading] = fitPca(data, 1).components;
  for (const j of [0, 1, 2]) near(leading[j], direction[j]);
});

test('fit: more components than columns or samples allow are refused', () => {
  const data = dataset([
    [1, 2, 3],
    [4, 5, 7],
    [0, 1, 0],
  ]);
  for (const components of [0, 3, 1.5, Number.NaN]) {
    assert.throws(() => fitPca(data, components), {
      name: 'OptionError',
      option: 'pca',
      message: /1 to 2 components/,
    });
  }
  assert.equal(fitPca(data, 2).components.length, 2);
});

test('fit: rows that are all zero, or too small to square, have no norm to take a constant from', () => {
  const flat = { features: new Float64Array(6).fill(7), rows: 3, columns: 2, labels: new Int32Array(3) };
  const steps = [{ kind: 'standardise' }, { kind: 'constant', ratio: 1 }] as const;
  const refused = {
    code: 'ERR_DATA_ZERO_VECTOR',
    message: /^flat: .* no column varies, or the values are too/,
  };
  const data = { ...flat, classes: ['a'], name: 'flat' };
  assert.throws(() => fitPipeline(data, steps), refused);
  const tiny = { ...data, features: data.features.map((x) => x * 1e-200) };
  assert.throws(() => fitPipeline(tiny, steps.slice(1)), refused);
  fitPipeline(data, steps.slice(1));
});

test('fit: the constant component is a multiple of the root mean square norm', () => {
  const data = dataset([
    [3, 4],
    [0, 0],
    [5, 0],
  ]);
  const { pipeline, training } = fitPipeline(data, [{ kind: 'constant', ratio: 2 }]);
  const expected = 2 * Math.sqrt(50 / 3);
  assert.deepEqual(pipeline, [{ kind: 'constant', value: expected }]);
  assert.deepEqual([...row(training, 1)], [0, 0, expected]);
});

test('fit: steps see what the ones before them make of the training set', () => {
  const images = Array.from({ length: 12 }, (_, i) =>
    Array.from({ length: 30 }, (_, p) => Math.sin(i * p + i)),
  );
  const data = dataset(images, [5, 6]);
  const steps: Step[] = [
    { kind: 'crop', top: 1, left: 0, to: [4, 6] },
    { kind: 'pool', to: [3, 4] },
    { kind: 'standardise' },
    { kind: 'pca', components: 7 },
    { kind: 'constant', ratio: 1 },
    { kind: 'scale', factor: 0.5 },
  ];
  const { pipeline, training } = fitPipeline(data, steps);
  assert.deepEqual(
    pipeline.map(({ kind }) => kind),
    steps.map(({ kind }) => kind),
  );
  assert.equal(training.columns, 8);
  assert.deepEqual(transformDataset(pipeline, data), training);
  const reread = parsePipeline(JSON.parse(JSON.stringify(pipeline)));
  assert.deepEqual(reread, pipeline);
  for (let i = 0; i < data.rows; i++) assert.deepEqual(applyPipeline(reread, row(data, i)), row(training, i));
});

test('fit: nothing is fitted to the test part, and nothing of it leaks', () => {
  const data = dataset(Array.from({ length: 20 }, (_, i) => [i, i * i, Math.sin(i)]));
  const steps: Step[] = [
    { kind: 'standardise' },
    { kind: 'pca', components: 2 },
    { kind: 'constant', ratio: 1 },
  ];
  const { train, test: held } = trainTestSplit(data, { testFraction: 0.3, seed: 4 });
  assert.throws(() => fitPipeline(held, steps), { name: 'OptionError', message: /test part/ });
  const { pipeline } = fitPipeline(train, steps);
  const altered = { ...data, features: data.features.slice() };
  for (const i of held.features.filter((_, k) => k % 3 === 0))
    altered.features.fill(1e6, i * 3 + 1, i * 3 + 3);
  const again = trainTestSplit(altered, { testFraction: 0.3, seed: 4 });
  assert.notDeepEqual(again.test.features, held.features);
  assert.deepEqual(fitPipeline(again.train, steps).pipeline, pipeline);
  assert.throws(() => fitPipeline(transformDataset(pipeline, held), steps), { name: 'OptionError' });
});

test('fit: image steps need an image of that size', () => {
  const flat = dataset([
    [1, 2, 3, 4],
    [5, 6, 7, 8],
  ]);
  const refuses = (step: Step, code: string, data = flat) =>
    assert.throws(() => fitPipeline(data, [step]), { name: 'OptionError', code });
  refuses({ kind: 'pool', to: [1, 1] }, 'ERR_OPTION_COMBINATION');
  refuses({ kind: 'pool', to: [1, 1], from: [2, 3] }, 'ERR_OPTION_COMBINATION');
  assert.deepEqual(
    [...fitPipeline(flat, [{ kind: 'pool', to: [1, 1], from: [2, 2] }]).training.features],
    [2.5, 6.5],
  );
  const image = { ...flat, shape: [2, 2] as const };
  for (const to of [
    [3, 1],
    [0, 1],
    [1.5, 1],
  ] as const)
    refuses({ kind: 'pool', to }, 'ERR_OPTION_VALUE', image);
  refuses({ kind: 'crop', top: 1, left: 0, to: [2, 2] }, 'ERR_OPTION_VALUE', image);
  refuses({ kind: 'crop', top: -1, left: 0, to: [1, 1] }, 'ERR_OPTION_VALUE', image);
  refuses({ kind: 'constant', ratio: Infinity }, 'ERR_OPTION_VALUE');
  refuses({ kind: 'scale', factor: Number.NaN }, 'ERR_OPTION_VALUE');
});

test('fit: features that are not finite, or whose squares are not, are refused', () => {
  const steps: Step[] = [
    { kind: 'standardise' },
    { kind: 'pca', components: 1 },
    { kind: 'constant', ratio: 1 },
  ];
  for (const step of steps) {
    for (const extreme of [Number.NaN, 1e300]) {
      const data = dataset([
        [1, 2],
        [extreme, 4],
        [-extreme, 7],
      ]);
      assert.throws(() => fitPipeline(data, [step]), { name: 'DataError', code: 'ERR_DATA_FINITE' });
    }
  }
});
