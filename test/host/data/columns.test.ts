/** Columns by name, text as categories and missing values, fitted, applied and read back. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadModel } from '../../../host/api/model.ts';
import { Trainer } from '../../../host/api/trainer.ts';
import { DataError, FormatError, OptionError } from '../../../host/core/errors.ts';
import { type CsvOptions, parseCsv } from '../../../host/data/csv.ts';
import { type Dataset, subset } from '../../../host/data/dataset.ts';
import { fitPipeline, type Step } from '../../../host/data/fit.ts';
import { type Pipeline, parsePipeline, transformDataset } from '../../../host/data/preprocess.ts';
import fc from '../../support/property.ts';

const read = (text: string, options: Partial<CsvOptions> = {}) =>
  parseCsv(text, { name: 'data.csv', label: 'kind', use: () => 'either', ...options });

const fitted = (data: Dataset, ...steps: Step[]) => fitPipeline(data, steps).pipeline;

const seen = (pipeline: Pipeline, data: Dataset) => [...transformDataset(pipeline, data).features];

/** Asserts that work is refused by the data, and returns the sentence. */
function refusal(work: () => unknown, code: string): string {
  let message = '';
  assert.throws(work, (error) => {
    assert(error instanceof DataError, `${error}`);
    assert.equal(error.code, code, error.message);
    message = error.message;
    return true;
  });
  return message;
}

const SHOPS = read('age,city,spend,kind\n30,Ulm,1.5,a\n40,Bonn,2.5,b\n50,Ulm,3.5,a\n20,Kiel,4.5,b\n');

test('columns: a pipeline finds its columns by name, in any order and among others', () => {
  const pipeline = fitted(read('x,y,kind\n1,10,a\n2,20,b\n'), { kind: 'scale', factor: 2 });
  const other = read('kind,z,y,x\na,7,30,3\nb,8,40,4\n');
  assert.deepEqual(seen(pipeline, other), [6, 60, 8, 80]);
  const named = { ...other, columnNames: ['z', 'y', 'x'] };
  assert.deepEqual(seen(pipeline, named), [6, 60, 8, 80]);
  assert.deepEqual(seen(pipeline, read('5,50,a\n', { label: -1 })), [10, 100], 'without names, by place');
});

test('columns: the k-th column of a name is the k-th of that name elsewhere', () => {
  const pipeline = fitted(read('x,x,y,kind\n1,2,3,a\n4,5,6,b\n'));
  assert.deepEqual(seen(pipeline, read('y,x,x,kind\n9,7,8,a\n')), [7, 8, 9]);
  const message = refusal(() => seen(pipeline, read('y,x,kind\n9,7,a\n')), 'ERR_DATA_COLUMN');
  assert.match(message, /: the model takes 2 columns "x", the data has 1: "y", "x"$/);
});

test('columns: missing ones are refused with both headers, other widths without names too', () => {
  const pipeline = fitted(read('x,y,z,kind\n1,2,3,a\n4,5,6,b\n'));
  assert.match(
    refusal(() => seen(pipeline, read('z,w,kind\n1,2,a\n')), 'ERR_DATA_COLUMN'),
    /^data\.csv: there is no column "x", "y": the model takes "x", "y", "z"; the data has "z", "w"$/,
  );
  assert.match(
    refusal(() => seen(pipeline, read('1,2,a\n', { label: -1 })), 'ERR_DATA_FEATURES'),
    /^data\.csv: the data has 2 columns without names; the model takes 3: "x", "y", "z"$/,
  );
});

test('columns: a model keeps the names in its file and sorts rows by them', async () => {
  const text = 'x,y,kind\n3,1,a\n1,2,b\n4,1,a\n1,5,b\n';
  const swapped = 'y,kind,x\n1,a,3\n2,b,1\n1,a,4\n5,b,1\n';
  const rows = [Float64Array.of(3, 1), Float64Array.of(1, 2)];
  for (const pipeline of [undefined, fitted(read(text), { kind: 'constant', ratio: 1 })]) {
    const model = { qubits: 2, features: pipeline ? 3 : 2, layers: 1 };
    const options = { model, training: { steps: 5 }, dataset: read(text), ...(pipeline && { pipeline }) };
    const trainer = await Trainer.create(options);
    for await (const _ of trainer.fit({ until: 3 }));
    const resumed = await Trainer.resume(trainer.checkpoint(), { dataset: read(text) });
    for await (const _ of resumed.fit());
    const loaded = await loadModel(resumed.save());
    const expected = loaded.predict(read(text));
    assert.deepEqual(loaded.predict(read(swapped)), expected);
    assert.deepEqual(loaded.predict(rows), expected.slice(0, 2), 'bare rows go by place');
    assert.deepEqual(resumed.evaluate(read(swapped)), resumed.evaluate(read(text)));
    assert.throws(() => loaded.predict(read('x,kind\n1,a\n')), /no column "y"/);
  }
});

test('columns: text becomes a number for each category of the training data', () => {
  const pipeline = fitted(SHOPS);
  assert.deepEqual(pipeline, [
    {
      kind: 'columns',
      columns: [{ name: 'age' }, { name: 'city', categories: ['Bonn', 'Kiel', 'Ulm'] }, { name: 'spend' }],
      missing: 'refuse',
      unseen: 'zeros',
      label: 'kind',
    },
  ]);
  assert.deepEqual(seen(pipeline, subset(SHOPS, [0, 1])), [30, 0, 0, 1, 1.5, 40, 1, 0, 0, 2.5]);
  assert.deepEqual(seen(pipeline, read('spend,kind,city,age\n1,a,Köln,2\n')), [2, 0, 0, 0, 1]);
  const strict = fitted(SHOPS, { kind: 'columns', unseen: 'refuse' });
  const message = refusal(() => seen(strict, read('spend,kind,city,age\n1,a,Köln,2\n')), 'ERR_DATA_COLUMN');
  assert.match(message, /^data\.csv:2: the row has "Köln" in column "city", none of "Bonn", "Kiel", "Ulm"$/);
});

test('columns: categories are those of the training part alone', () => {
  const [step] = fitted(subset(SHOPS, [0, 1, 2]));
  assert.deepEqual(step?.kind === 'columns' && step.columns[1]?.categories, ['Bonn', 'Ulm']);
});

test('columns: numbers that were categories are found as text, and are refused where they are none', () => {
  const zip = (text: string) => read(text, { use: ({ name }) => (name === 'zip' ? 'text' : 'either') });
  const pipeline = fitted(zip('zip,x,kind\n53111,1,a\n89073,2,b\n'));
  assert.deepEqual(seen(pipeline, read('x,zip,kind\n5,89073.0,a\n')), [0, 1, 5]);
  assert.match(
    refusal(() => seen(pipeline, read('x,zip,kind\n5,12,a\n')), 'ERR_DATA_COLUMN'),
    /has "12" in column "zip", none of "53111", "89073"/,
  );
  assert.match(
    refusal(() => seen(pipeline, read('zip,x,kind\n53111,high,a\n')), 'ERR_DATA_NUMBER'),
    /has "high" in column "x", where the model takes a number/,
  );
});

test('columns: missing values become the mean, of text the share of each category', () => {
  const data = read('x,city,kind\n1,Ulm,a\n?,Bonn,b\n3,NA,a\n5,Ulm,b\n', { missing: 'keep' });
  const pipeline = fitted(data, { kind: 'columns', missing: 'mean' });
  const [, middle, third] = [0, 1, 2].map((i) => seen(pipeline, subset(data, [i])));
  assert.deepEqual(middle, [3, 1, 0]);
  assert.equal(third?.[0], 3);
  assert(Math.abs((third?.[1] ?? 0) - 1 / 3) < 1e-15 && Math.abs((third?.[2] ?? 0) - 2 / 3) < 1e-15);
  assert.match(
    refusal(() => fitted(data), 'ERR_DATA_MISSING'),
    /^data\.csv:3: the row has no value in column "x", and the model was trained without missing values$/,
  );
  const empty = read('x,y,kind\n1,?,a\n2,,b\n', { missing: 'keep' });
  const message = refusal(() => fitted(empty, { kind: 'columns', missing: 'mean' }), 'ERR_DATA_COLUMN');
  assert.match(message, /column "y" has no value at all/);
});

test('columns: values that are infinite are refused wherever the data came from', () => {
  const pipeline = fitted(read('x,y,kind\n1,2,a\n3,4,b\n'));
  const data = { ...read('x,y,kind\n1,2,a\n'), features: Float64Array.of(1, Infinity) };
  assert.match(
    refusal(() => seen(pipeline, data), 'ERR_DATA_FINITE'),
    /has Infinity in column "y"/,
  );
});

test('columns: more texts than categories are refused', () => {
  const rows = Array.from({ length: 65 }, (_, i) => `n${i},${i},${i % 2}`);
  const data = read(`who,x,kind\n${rows.join('\n')}\n`);
  const message = refusal(() => fitted(data), 'ERR_DATA_COLUMN');
  assert.match(message, /column "who" has 65 different texts in 65 rows, more than 64/);
});

test('columns: text without the step is refused, and the step is only first', async () => {
  const create = Trainer.create({ model: { qubits: 2, features: 3 }, dataset: SHOPS });
  await assert.rejects(
    create,
    (error) => error instanceof OptionError && /columns of text/.test(error.message),
  );
  assert.throws(() => fitted(SHOPS, { kind: 'standardise' }, { kind: 'columns' }), OptionError);
  assert.throws(
    () => fitted(SHOPS, { kind: 'columns', missing: 'median' as 'mean' }),
    /expected one of refuse, drop/,
  );
});

test('columns: what is fitted is read back from JSON, and lies are refused', () => {
  const data = read('a,b,c,kind\n1,Ulm,,x\n2,Bonn,3,y\n', {
    missing: 'keep',
    use: ({ name }) => (name === 'a' ? 'skip' : 'either'),
  });
  const pipeline = fitted(data, { kind: 'columns', missing: 'mean' });
  const json = JSON.stringify(pipeline);
  assert.deepEqual(parsePipeline(JSON.parse(json)), pipeline);
  assert.match(json, /"source":\{"columns":3,"at":\[1,2\]\}/);
  const lies = [
    [/"mean"/, '"median"'],
    [/"zeros"/, '"ones"'],
    [/"columns":\[.*\],"missing"/, '"columns":[],"missing"'],
    [/"name":"b"/, '"name":7'],
    [/"categories":\[/, '"categories":[7,'],
    [/\["Bonn","Ulm"\]/, '["Ulm","Ulm"]'],
    [/"fill":\[3\]/, '"fill":[]'],
    [/"fill":\[3\]/, '"fill":[null]'],
    [/,"fill":\[3\]/, ''],
    [/"label":"kind"/, '"label":null'],
    [/"at":\[1,2\]/, '"at":[1,1]'],
    [/"at":\[1,2\]/, '"at":[1,3]'],
    [/"columns":3/, '"columns":-1'],
    [/"kind":"columns"/, '"kind":"columns","more":1'],
    [/^\[/, '[{"kind":"scale","factor":1},'],
  ] as const;
  for (const [from, to] of lies) {
    const lie = json.replace(from, to);
    assert.notEqual(lie, json, `${from}`);
    assert.throws(() => parsePipeline(JSON.parse(lie)), FormatError, lie);
  }
});

test('columns: rows come out the same whatever the order of the columns', () => {
  const cell = fc.integer({ min: -9, max: 9 });
  const table = fc.array(fc.tuple(cell, cell, cell, fc.constantFrom('p', 'q', 'r')), {
    minLength: 2,
    maxLength: 6,
  });
  const order = fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 });
  fc.assert(
    fc.property(table, order, (rows, places) => {
      const names = ['u', 'v', 'w', 't'];
      const write = (columns: readonly number[]) =>
        [names, ...rows].map((line) => [...columns.map((j) => line[j]), 'k'].join(',')).join('\n');
      const options = { label: -1, header: true };
      const pipeline = fitted(read(write([0, 1, 2, 3]), options));
      assert.deepEqual(
        seen(pipeline, read(write(places), options)),
        seen(pipeline, read(write([0, 1, 2, 3]), options)),
      );
    }),
  );
});

test('columns without names are called by their field in the file, the label counted', () => {
  const text = 'a,1,,3\nb,2,,4\n';
  const data = read(text, { label: 0, header: false, missing: 'keep' });
  const message = refusal(() => fitted(data, { kind: 'columns', missing: 'mean' }), 'ERR_DATA_COLUMN');
  assert.match(message, /^data\.csv: column 3 has no value at all, so there is no mean: leave it out$/);
  const pipeline = fitted(read('a,1,2,3\nb,2,3,4\n', { label: 0, header: false }), { kind: 'columns' });
  assert.match(
    refusal(() => seen(pipeline, data), 'ERR_DATA_MISSING'),
    /has no value in column 3, and/,
  );
});
