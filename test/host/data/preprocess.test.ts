/** Preprocessing applied to rows, and read back from files. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Dataset } from '../../../host/data/dataset.ts';
import {
  applyPipeline,
  type Pipeline,
  type Pool,
  parsePipeline,
  pipelineInputs,
  pipelineOutputs,
  transformDataset,
} from '../../../host/data/preprocess.ts';
import fc from '../../support/property.ts';

const pool = (height: number, width: number, toHeight: number, toWidth: number): Pool => ({
  kind: 'pool',
  height,
  width,
  toHeight,
  toWidth,
});

const ONE_OF_EACH: Pipeline = [
  { kind: 'crop', height: 3, width: 4, top: 1, left: 1, toHeight: 2, toWidth: 3 },
  pool(2, 3, 1, 3),
  { kind: 'standardise', mean: [1, 2, 3], scale: [1, 2, 4] },
  { kind: 'minmax', minimum: [0, 0, 0], scale: [10, 10, 10] },
  {
    kind: 'pca',
    mean: [0, 0, 0],
    components: [
      [1, 0, 0],
      [0, 0.6, 0.8],
    ],
  },
  { kind: 'constant', value: 5 },
  { kind: 'scale', factor: 2 },
  { kind: 'products', columns: 3 },
];

test('preprocess: pooling with whole bins averages blocks', () => {
  const image = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16];
  assert.deepEqual([...applyPipeline([pool(4, 4, 2, 2)], image)], [3.5, 5.5, 11.5, 13.5]);
  assert.deepEqual([...applyPipeline([pool(4, 4, 4, 4)], image)], image);
  assert.deepEqual([...applyPipeline([pool(2, 8, 1, 2)], image)], [6.5, 10.5]);
});

test('preprocess: pooling with fractional bins weighs by area', () => {
  assert.deepEqual([...applyPipeline([pool(1, 3, 1, 2)], [6, 3, 9])], [5, 7]);
  const [first] = applyPipeline([pool(3, 3, 2, 2)], [1, 0, 0, 0, 0, 0, 0, 0, 0]);
  assert(Math.abs(first - 4 / 9) < 1e-15);
});

test('preprocess: pooling agrees with sampling on the common refinement', () => {
  const [height, width, toHeight, toWidth] = [28, 28, 8, 8];
  const image = Array.from({ length: height * width }, (_, i) => (i * i) % 251);
  const pooled = applyPipeline([pool(height, width, toHeight, toWidth)], image);
  for (let y = 0; y < toHeight; y++) {
    for (let x = 0; x < toWidth; x++) {
      let sum = 0;
      // Half pixels: 7 x 7 of them make one bin of 3.5 pixels.
      for (let v = 7 * y; v < 7 * y + 7; v++) {
        for (let u = 7 * x; u < 7 * x + 7; u++) sum += image[(v >> 1) * width + (u >> 1)];
      }
      assert(Math.abs(pooled[y * toWidth + x] - sum / 49) < 1e-10);
    }
  }
});

test('preprocess: pooling preserves the mean, and a constant image', () => {
  const sizes = fc
    .integer({ min: 1, max: 12 })
    .chain((from) => fc.tuple(fc.constant(from), fc.integer({ min: 1, max: from })));
  const cases = fc.tuple(sizes, sizes).chain(([[h, toH], [w, toW]]) =>
    fc.record({
      step: fc.constant(pool(h, w, toH, toW)),
      image: fc.array(fc.integer({ min: 0, max: 255 }), { minLength: h * w, maxLength: h * w }),
    }),
  );
  const mean = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0) / values.length;
  fc.assert(
    fc.property(cases, ({ step, image }) => {
      assert(Math.abs(mean(applyPipeline([step], image)) - mean(image)) < 1e-10);
      assert(
        applyPipeline(
          [step],
          image.map(() => 7),
        ).every((x) => Math.abs(x - 7) < 1e-12),
      );
    }),
  );
});

test('preprocess: every step does what it says', () => {
  const image = [0, 0, 0, 0, 0, 1, 2, 3, 0, 3, 6, 25];
  const after = (steps: number) => [...applyPipeline(ONE_OF_EACH.slice(0, steps), image)];
  const near = (values: number[], expected: number[]) => {
    assert.equal(values.length, expected.length);
    for (const [i, x] of values.entries())
      assert(Math.abs(x - expected[i]) < 1e-12, `${values} is not ${expected}`);
  };
  near(after(0), image);
  near(after(1), [1, 2, 3, 3, 6, 25]);
  near(after(2), [2, 4, 14]);
  near(after(3), [1, 1, 2.75]);
  near(after(4), [0.1 * Math.PI, 0.1 * Math.PI, 0.275 * Math.PI]);
  near(after(5), [0.1 * Math.PI, 0.28 * Math.PI]);
  near(after(6), [0.1 * Math.PI, 0.28 * Math.PI, 5]);
  near(after(7), [0.2 * Math.PI, 0.56 * Math.PI, 10]);
  const [x, y] = [0.8 * Math.PI, 0.44 * Math.PI];
  near(after(8), [0.2 * Math.PI, 0.56 * Math.PI, 10, x * y, x * (Math.PI - 10), y * (Math.PI - 10)]);
});

test('preprocess: min-max clamps what lies outside the training range', () => {
  const step = { kind: 'minmax', minimum: [0, 0, 2], scale: [1, 1, 1] } as const;
  assert.deepEqual([...applyPipeline([step], [-1e300, 1e300, 2])], [0, Math.PI, 0]);
});

test('preprocess: widths are known and checked', () => {
  assert.equal(pipelineInputs(ONE_OF_EACH), 12);
  assert.equal(pipelineOutputs(ONE_OF_EACH, 12), 6);
  assert.equal(pipelineInputs([]), undefined);
  assert.equal(pipelineOutputs([], 9), 9);
  assert.equal(pipelineInputs(ONE_OF_EACH.slice(5, 7)), undefined);
  assert.equal(pipelineInputs(ONE_OF_EACH.slice(5)), 2);
  assert.equal(pipelineInputs([{ kind: 'constant', value: 1 }, pool(2, 2, 1, 1)]), 3);
  assert.throws(() => pipelineOutputs(ONE_OF_EACH, 13), {
    name: 'DataError',
    code: 'ERR_DATA_FEATURES',
    message: 'preprocessing step 1 (crop) takes 12 values, not 13',
  });
  assert.throws(() => applyPipeline(ONE_OF_EACH.slice(4), [1]), { code: 'ERR_DATA_FEATURES' });
});

test('preprocess: a data set keeps its labels, and its shape while pixels stay in place', () => {
  const data: Dataset = {
    features: Float64Array.from({ length: 24 }, (_, i) => i),
    rows: 2,
    columns: 12,
    labels: Int32Array.of(1, 0),
    classes: ['a', 'b'],
    name: 'd',
    shape: [3, 4],
  };
  const two = transformDataset(ONE_OF_EACH.slice(0, 3), data);
  assert.deepEqual([two.shape, two.columns, two.rows, two.labels], [[1, 3], 3, 2, data.labels]);
  const all = transformDataset(ONE_OF_EACH, data);
  assert.equal('shape' in all, false);
  assert.deepEqual(all.features.subarray(6), applyPipeline(ONE_OF_EACH, data.features.subarray(12)));
  assert.throws(
    () => transformDataset(ONE_OF_EACH, { ...data, rows: 3, columns: 8, labels: Int32Array.of(1, 0, 1) }),
    /^DataError: d: preprocessing step 1/,
  );
});

test('preprocess: a pipeline survives JSON', () => {
  assert.deepEqual(parsePipeline(JSON.parse(JSON.stringify(ONE_OF_EACH))), ONE_OF_EACH);
  assert.deepEqual(parsePipeline([]), []);
});

test('preprocess: whatever is not a pipeline is refused', () => {
  const refuses = (json: unknown) => {
    assert.throws(() => parsePipeline(json), { name: 'FormatError', code: 'ERR_FORMAT_PREPROCESSING' });
  };
  for (const json of [null, undefined, 1, 'pool', {}, [null], [[]], [1], [{}], [{ kind: 'tanh' }]])
    refuses(json);
  refuses(Array.from({ length: 33 }, () => ({ kind: 'scale', factor: 1 })));
  refuses([pool(2, 2, 3, 1)]);
  refuses([pool(2, 2, 0, 1)]);
  refuses([pool(2 ** 13, 2 ** 12, 1, 1)]);
  refuses([pool(1.5, 2, 1, 1)]);
  refuses([{ ...pool(2, 2, 1, 1), extra: 1 }]);
  refuses([JSON.parse('{"kind":"scale","factor":1,"__proto__":1}')]);
  refuses([{ kind: 'crop', height: 3, width: 3, top: 2, left: 0, toHeight: 2, toWidth: 1 }]);
  refuses([{ kind: 'crop', height: 3, width: 3, top: -1, left: 0, toHeight: 2, toWidth: 1 }]);
  refuses([{ kind: 'standardise', mean: [1], scale: [0] }]);
  refuses([{ kind: 'standardise', mean: [1, 2], scale: [1] }]);
  refuses([{ kind: 'standardise', mean: [], scale: [] }]);
  refuses([{ kind: 'minmax', minimum: [1], scale: [-1] }]);
  refuses([{ kind: 'minmax', minimum: ['1'], scale: [1] }]);
  refuses([{ kind: 'pca', mean: [1, 2], components: [] }]);
  refuses([{ kind: 'pca', mean: [1, 2], components: [[1]] }]);
  refuses([{ kind: 'pca', mean: [1], components: [[1], [1]] }]);
  refuses([{ kind: 'pca', mean: [1, 2], components: [[1, null]] }]);
  refuses([{ kind: 'constant', value: null }]);
  refuses([{ kind: 'constant' }]);
  refuses([{ kind: 'scale', factor: Infinity }]);
  refuses([{ kind: 'products', columns: 0 }]);
  refuses([{ kind: 'products', columns: 5000 }]);
  refuses([ONE_OF_EACH[7], ONE_OF_EACH[7]]);
  refuses([ONE_OF_EACH[4], ONE_OF_EACH[4]]);
  refuses([{ kind: 'constant', value: 1 }, pool(1, 1, 1, 1)]);
});

test('preprocess: any JSON either is a pipeline or is refused with its error', () => {
  const kinds = ONE_OF_EACH.map((step) => fc.constant<unknown>(step));
  const mutated = fc.tuple(
    fc.oneof(...kinds),
    fc.constantFrom('kind', 'height', 'toWidth', 'mean', 'scale', 'value'),
    fc.jsonValue(),
  );
  const steps = fc.array(
    fc.oneof(
      ...kinds,
      fc.jsonValue(),
      mutated.map(([step, key, value]) => ({ ...Object(step), [key]: value })),
    ),
  );
  fc.assert(
    fc.property(fc.oneof(steps, fc.jsonValue()), (json) => {
      try {
        const pipeline = parsePipeline(json);
        const inputs = pipelineInputs(pipeline) ?? 3;
        assert.equal(
          applyPipeline(pipeline, new Float64Array(inputs)).length,
          pipelineOutputs(pipeline, inputs),
        );
      } catch (error) {
        assert.equal(Object(error).code, 'ERR_FORMAT_PREPROCESSING');
      }
    }),
    { numRuns: 1000 },
  );
});
