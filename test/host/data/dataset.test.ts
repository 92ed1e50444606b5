/** Data sets: rows, subsets, classes, and what is no data set. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  checkDataset,
  checkEncodable,
  checkFeatures,
  type Dataset,
  numbered,
  readDataset,
  row,
  selectClasses,
  subset,
} from '../../../host/data/dataset.ts';

const data: Dataset = {
  features: Float64Array.of(1, 2, 3, 4, 5, 6),
  rows: 3,
  columns: 2,
  labels: Int32Array.of(0, 1, 0),
  classes: ['a', 'b'],
  name: 'd.csv',
  lines: Int32Array.of(2, 3, 5),
};
const { lines: _, ...unnumbered } = data;

test('dataset: rows are views, subsets are copies that keep their lines', () => {
  assert.deepEqual([...row(data, 1)], [3, 4]);
  assert.equal(row(data, 1).buffer, data.features.buffer);
  const part = subset(data, [2, 0, 2]);
  assert.deepEqual([...part.features], [5, 6, 1, 2, 5, 6]);
  assert.deepEqual([...part.labels], [0, 0, 0]);
  assert.deepEqual([...(part.lines ?? [])], [5, 2, 5]);
  assert.equal('lines' in subset(unnumbered, [0]), false);
  for (const index of [-1, 3, 0.5, Number.NaN])
    assert.throws(() => subset(data, [index]), { code: 'ERR_DATA_ROWS' });
});

test('dataset: selected classes are relabelled in the order asked for', () => {
  const part = selectClasses(data, ['b', 'a']);
  assert.deepEqual(
    [part.classes, [...part.labels], [...part.features]],
    [['b', 'a'], [1, 0, 1], [...data.features]],
  );
  assert.throws(
    () => selectClasses(data, ['a', 'c']),
    /DataError: d\.csv: no row has the label "c"; .*"a", "b"$/,
  );
  const unlabelled = { ...data, labels: Int32Array.of(-1, -1, 1) };
  assert.throws(() => selectClasses(unlabelled, ['b', 'c']), { code: 'ERR_DATA_LABEL' });
});

test('dataset: labels are renumbered by name', () => {
  const renumbered = numbered(data, ['c', 'b', 'a']);
  assert.deepEqual(
    [[...renumbered.labels], renumbered.classes],
    [
      [2, 1, 2],
      ['c', 'b', 'a'],
    ],
  );
  const code = 'ERR_DATA_LABEL';
  const message = 'd.csv:3: the row has the label "b", none of the classes "a"; so what';
  assert.throws(() => numbered(data, ['a'], '; so what'), { code, message });
  const bare = { ...data, labels: Int32Array.of(0, 1, -1) };
  assert.throws(() => numbered(bare, ['a', 'b']), { code, message: 'd.csv:5: the row has no label' });
});

test('dataset: good data passes', () => {
  checkDataset(data);
  checkEncodable(data, { amplitudes: 2 });
  checkFeatures({ ...data, labels: Int32Array.of(-1, -1, -1), classes: [] });
});

test('dataset: what is wrong is named', () => {
  const refuses = (change: Partial<Dataset>, code: string, message: RegExp) => {
    assert.throws(() => checkDataset({ ...data, ...change }), { name: 'DataError', code, message });
  };
  refuses({ rows: 0 }, 'ERR_DATA_EMPTY', /^d\.csv: the data has 0 rows and 2 feature columns/);
  refuses({ rows: 2 }, 'ERR_DATA_ROWS', /6 features and 3 labels/);
  refuses({ shape: [2, 2] }, 'ERR_DATA_FEATURES', /2 x 2/);
  refuses({ labels: Int32Array.of(0, 0, 0) }, 'ERR_DATA_ONE_CLASS', /every row has the label "a"/);
  refuses(
    { labels: Int32Array.of(0, 2, 0) },
    'ERR_DATA_LABEL',
    /^d\.csv:3: the row has label 2, expected 0 to 1/,
  );
  const hole = { features: Float64Array.of(1, 2, 3, 4, 5, Number.NaN) };
  refuses(hole, 'ERR_DATA_FINITE', /^d\.csv:5: the row has NaN as feature 2/);
  assert.throws(
    () => checkDataset({ ...unnumbered, ...hole }),
    /^DataError: d\.csv: row 3 has NaN as feature 2/,
  );
});

test('dataset: rows without a direction cannot be encoded', () => {
  const zero = { ...data, features: Float64Array.of(1, 2, 0, -0, 5, 6) };
  checkDataset(zero);
  assert.throws(() => checkEncodable(zero, { amplitudes: 2 }), {
    code: 'ERR_DATA_ZERO_VECTOR',
    message:
      /^d\.csv:3: the row has no direction to encode: all its features are zero, or too small to square/,
    line: 3,
  });
  const { lines, ...rest } = zero;
  assert.throws(() => checkEncodable(rest, { amplitudes: 2 }), /d\.csv: row 2 has no direction/);
  const large = { ...data, features: Float64Array.of(1, 2, 3, 4, 1e200, 6) };
  assert.throws(() => checkEncodable(large, { amplitudes: 2 }), { code: 'ERR_DATA_FINITE', line: 5 });
  assert.throws(() => checkEncodable(data, { amplitudes: 1 }), { code: 'ERR_DATA_FEATURES' });
});

test('dataset: what has been read is read once, and its numbers are looked at again', () => {
  let reads = 0;
  const given = {
    ...data,
    get features() {
      reads++;
      return data.features.slice();
    },
  };
  const read = readDataset(given);
  assert.equal(readDataset(read), read);
  checkDataset(read);
  checkEncodable(read, { amplitudes: 2 });
  assert.equal(reads, 1);
  assert.throws(() => Object.assign(read, { rows: 2 }), TypeError);
  structuredClone(read.features, { transfer: [read.features.buffer as ArrayBuffer] });
  assert.throws(() => readDataset(read), { code: 'ERR_DATA_ROWS' });
});
