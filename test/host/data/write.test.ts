/** Data sets written as CSV and IDX are what the readers read back. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCsv } from '../../../host/data/csv.ts';
import type { Dataset } from '../../../host/data/dataset.ts';
import { idxDataset, parseIdx } from '../../../host/data/idx.ts';
import { toCsv, toIdx } from '../../../host/data/write.ts';
import fc from '../../support/property.ts';

const base: Dataset = {
  features: Float64Array.of(1, 2.5, -3e-300, 1 / 3),
  rows: 2,
  columns: 2,
  labels: Int32Array.of(1, 0),
  classes: ['a', 'b'],
  name: 'x',
};

test('write: CSV reads back to the last bit', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 6, maxLength: 6 }),
      (values) => {
        const features = Float64Array.from(values, (value) => value + 0);
        const dataset = { ...base, features, rows: 3, labels: Int32Array.of(0, 1, 1) };
        const read = parseCsv(toCsv(dataset), { name: 'x', label: 'class', classes: ['a', 'b'] });
        assert.deepEqual(read.features, features);
        assert.deepEqual(read.labels, dataset.labels);
      },
    ),
  );
});

test('write: names and classes with commas and quotes, a column called class, missing values, text', () => {
  const dataset: Dataset = {
    ...base,
    features: Float64Array.of(1, Number.NaN, 0, 4),
    columnNames: ['class', 'a "b", c'],
    classes: ['x,y', ' "z" '],
    categories: [['one', 'two,three'], undefined],
  };
  assert.equal(toCsv(dataset), 'class,"a ""b"", c",class_\n"two,three",," ""z"" "\none,4,"x,y"\n');
  const targets = { ...base, targets: Float64Array.of(0.5, -2), classes: [], labels: Int32Array.of(-1, -1) };
  assert.equal(toCsv({ ...targets, labelName: 'price' }).split('\n')[1], '1,2.5,0.5');
});

test('write: IDX in bytes where they hold it, else in double precision', () => {
  const bytes = { ...base, features: Float64Array.of(0, 255, 7, 9), shape: [1, 2] as const };
  for (const [dataset, length] of [
    [bytes, 16 + 4],
    [base, 12 + 32],
  ] as const) {
    const { images, labels } = toIdx(dataset);
    assert.equal(images.length, length);
    const read = idxDataset(parseIdx(images, 'i'), parseIdx(labels, 'l'));
    assert.deepEqual(
      [read.features, read.labels, read.shape],
      [dataset.features, dataset.labels, dataset.shape],
    );
  }
  assert.throws(() => toIdx({ ...base, labels: Int32Array.of(0, -1) }), {
    code: 'ERR_DATA_LABEL',
    message: 'x: row 2 has label -1; an IDX file has labels from 0 to 255',
  });
});
