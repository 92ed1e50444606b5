/** Data sets in memory, and the steps that are fitted to them: what is made, and every refusal with its whole sentence. */
import { test } from 'node:test';
import type { Column, Columns } from '../../../host/data/columns.ts';
import { parseCsv } from '../../../host/data/csv.ts';
import {
  checkDataset,
  checkEncodable,
  checkFeatures,
  checkLabels,
  className,
  columnIn,
  type Dataset,
  decimal,
  listed,
  numbered,
  orderClasses,
  quoted,
  readClasses,
  readDataset,
  rowOf,
  selectClasses,
  subset,
} from '../../../host/data/dataset.ts';
import { fitPipeline, type Step } from '../../../host/data/fit.ts';
import { parseColumns } from '../../../host/data/parse-columns.ts';
import {
  applyPipeline,
  checkRaw,
  parsePipeline,
  type Pipeline,
  pipelineInputs,
  pipelineOutputs,
  transformDataset,
  withNames,
} from '../../../host/data/preprocess.ts';
import { assertGolden, outcomes } from '../../support/golden.ts';

/** Enough digits to tell a mistake by, and none that only rounding decides. */
const rounded = (value: number) => Number(value.toPrecision(9));

const golden = (name: string) => new URL(name, import.meta.url);

const DATA: Dataset = {
  features: Float64Array.of(1, 2, 3, 4, 5, 6),
  ...{ rows: 3, columns: 2, labels: Int32Array.of(0, 1, 0), classes: ['a', 'b'], name: 'd' },
};

const changed = (more: object): Dataset => ({ ...DATA, ...more });

/** A name for each of some values. */
const each = <T>(what: string, values: readonly T[], call: (value: T) => unknown) =>
  Object.fromEntries(values.map((value) => [`${what} ${JSON.stringify(value)}`, () => call(value)]));

/** What a data set is, without its name. */
const shown = ({ features, labels, lines, targets, ...rest }: Dataset) => ({
  ...{
    features: [...features].map((value) => (Number.isNaN(value) ? 'missing' : value)),
    labels: [...labels],
  },
  ...(lines && { lines: [...lines] }),
  ...(targets && { targets: [...targets] }),
  ...rest,
});

test('data sets: fields of the wrong type, sizes that do not go together, and what is kept', () => {
  const wrong: Readonly<Record<string, readonly unknown[]>> = {
    ...{ features: [[1, 2], new Float32Array(6), 7], rows: [-1, 0, 1.5, 2, '3'], columns: [-1, 0, 3] },
    ...{
      labels: [[0, 1, 0], new Uint8Array(3), new Int32Array(2)],
      classes: ['ab', [1], ['a', 'a'], [], undefined],
    },
    ...{
      targets: [[1, 2, 3], new Float64Array(2), new Float64Array(3)],
      name: [7, undefined],
      shape: [[1], [1, 0], [2, 1], [1, 2, 3], '12'],
    },
    ...{
      lines: [[1, 2, 3], new Int32Array(2), Int32Array.of(5, 6, 9)],
      columnNames: ['xy', [1, 2], ['x']],
      labelName: [7],
    },
    ...{
      categories: ['u', [['u'], 7], [['u']], [undefined, ['u']]],
      source: [
        7,
        {},
        { columns: 1.5, at: [] },
        { columns: 3, at: [0.5] },
        { columns: 3, at: [0, 2], more: 1 },
      ],
    },
    ...{ fields: ['01', [0.5], [0, 2]], angles: [1, true], part: ['', 'train', 'test', 'both'], more: [1] },
  };
  const fields = Object.entries(wrong).flatMap(([field, values]) =>
    values.map((value, i): [string, () => unknown] => [
      `${field} ${i}`,
      () => shown(readDataset(changed({ [field]: value }))),
    ]),
  );
  assertGolden(
    golden('data-fields.txt'),
    outcomes({
      ...Object.fromEntries(fields),
      ...each('a data set', [null, 7, {}, []], (value) => readDataset(value as never)),
      'none, by another name': () => readDataset(7 as never, 'data'),
      'classes of another name': () => readClasses(['a', 'b', 'b'], 'names'),
      ...each('row', [0, 2, 3, -1, 0.5, '0', null], (i) => [...rowOf(DATA, i as number)]),
      'rows 2, 0, 0': () =>
        shown(
          subset(changed({ lines: Int32Array.of(5, 6, 9), targets: Float64Array.of(7, 8, 9) }), [2, 0, 0]),
        ),
      ...each('rows', [[], [3], ['0'], 7, [-1]], (list) => shown(subset(DATA, list as never))),
    }),
  );
});

test('data sets: classes, labels and features that a model could not be trained on', () => {
  const named = changed({ lines: Int32Array.of(5, 6, 9) });
  const many = Array.from({ length: 13 }, (_, i) => `c${i}`);
  assertGolden(
    golden('data-checks.txt'),
    outcomes({
      ...each(
        'classes',
        [['b', 'a'], ['a', 'b', 'c'], ['a'], ['a', 'a'], [], ['a', 1], 7, ['1', '1.0'], [' a ', 'b']],
        (names) => shown(selectClasses(DATA, names as string[])),
      ),
      'classes with a row that has none': () =>
        shown(selectClasses(changed({ labels: Int32Array.of(0, 1, -1) }), ['b', 'a'])),
      'a class without a row': () => shown(selectClasses(changed({ classes: ['a', 'b', 'c'] }), ['a', 'c'])),
      'one of many classes': () => shown(selectClasses(changed({ classes: many }), ['c0', 'x'])),
      'numbered anew': () => shown(numbered(DATA, ['b', 'a', 'c'])),
      'numbered, one unknown': () => shown(numbered(DATA, ['a', 'c'], '; so there')),
      'numbered, one unknown, by line': () => shown(numbered(named, ['b'])),
      'numbered, without a label': () =>
        shown(numbered(changed({ labels: Int32Array.of(0, -1, 0) }), ['a', 'b'])),
      good: () => checkDataset(DATA),
      ...each(
        'labels',
        [
          [0, 0, 0],
          [1, 1, 1],
          [0, 1, 2],
          [0, -1, 1],
          [0, 1, 1],
        ],
        (labels) => checkDataset(changed({ labels: Int32Array.from(labels) })),
      ),
      'one class, where that is enough': () => checkLabels(changed({ labels: new Int32Array(3) }), 1),
      ...each('feature 4 by row and line', ['NaN', 'Infinity', '-Infinity'], (value) => {
        const features = Float64Array.of(1, 2, 3, Number(value), 5, 6);
        return [changed({ features }), { ...named, features }].map((data) =>
          outcomes({ it: () => checkFeatures(data) }),
        );
      }),
      ...each(
        'shape',
        [
          [1, 2],
          [2, 1],
          [2, 2],
          [1, 1],
        ],
        (shape) => checkFeatures(changed({ shape })),
      ),
      ...each('column names', [['x', 'y'], ['x'], ['x', 'y', 'z']], (columnNames) =>
        checkFeatures(changed({ columnNames })),
      ),
      ...each('categories', [[null, ['u']], [['u']]], (categories) =>
        checkFeatures(changed({ categories: categories.map((list) => list ?? undefined) })),
      ),
      ...each('amplitudes', [0, 1, 2, 3, 1.5], (amplitudes) => checkEncodable(DATA, { amplitudes })),
      'amplitudes and more': () => checkEncodable(DATA, { amplitudes: 2, more: 1 } as never),
      'a row of zeros': () =>
        checkEncodable(changed({ features: Float64Array.of(1, 2, 0, 0, 5, 6) }), { amplitudes: 2 }),
      'a row too small': () =>
        checkEncodable(changed({ features: Float64Array.of(1, 2, 3, 4, 1e-170, 0) }), { amplitudes: 2 }),
      'a row too long': () =>
        checkEncodable({ ...named, features: Float64Array.of(1e200, 2, 3, 4, 5, 6) }, { amplitudes: 4 }),
    }),
  );
});

test('words: numbers, names of classes and columns, and what messages quote', () => {
  const texts = [
    '1',
    '-1.5',
    '+.5e-3',
    '5.',
    '.',
    '',
    ' 1',
    '1 ',
    '12e3',
    '1e',
    '0x1',
    'Infinity',
    '٣',
    '1e999',
    '1,5',
    '--1',
    '12345.678',
  ];
  const names = [
    '1.0',
    '+1',
    ' 1 ',
    '-0',
    '1e3',
    '9007199254740991',
    '9007199254740992',
    '-9007199254740993',
    'a b ',
    '',
    '0.10',
    '1e400',
  ];
  const column = (named: Parameters<typeof columnIn>[0]) => [0, 1, 2].map((j) => columnIn(named, j));
  assertGolden(
    golden('data-words.txt'),
    outcomes({
      ...each('decimal', texts, (text) => String(decimal(text))),
      ...each('class', names, className),
      ...each(
        'order',
        [['b', 'a', 'B', 'b'], ['10', '9', '-1', '9'], ['10', '9', 'x'], ['é', 'z', 'e'], []],
        orderClasses,
      ),
      'columns of nothing': () => column({}),
      'columns by field': () => column({ fields: [0, 3] }),
      'columns by name': () => column({ columnNames: ['x', ''], fields: [4, 5, 6] }),
      ...each('quoted', [40, 41], (length) => quoted('x'.repeat(length))),
      ...each('listed', [0, 1, 2, 12, 13, 14], (count) =>
        listed(Array.from({ length: count }, (_, i) => `n${i}`)),
      ),
    }),
  );
});

const TABLE = parseCsv('x,city,y,kind\n1,Ulm,3,a\n2,Bonn,5,b\n4,Ulm,7,a\n', {
  name: 't.csv',
  label: 'kind',
  use: () => 'either',
});
const HOLES = parseCsv('x,city,kind\n1,Ulm,a\n,Bonn,b\n4,,a\n', {
  name: 'h.csv',
  label: 'kind',
  use: () => 'either',
  missing: 'keep',
});

test('steps that are fitted: what each learns, and what it cannot', () => {
  const image = changed({ columns: 6, rows: 1, labels: Int32Array.of(0), shape: [2, 3] });
  const fitted = (data: Dataset, steps: readonly unknown[]) => () => {
    const { pipeline, training } = fitPipeline(data, steps as Step[]);
    return JSON.parse(JSON.stringify({ pipeline, training: shown(training) }), (_, value: unknown) =>
      typeof value === 'number' ? rounded(value) : value,
    );
  };
  const size = (kind: string) => [
    ...[[1, 1], [2, 3], [2, 1], [3, 1], [1, 4], [0, 1], [1, 0], [1.5, 1], [1, 1.5], [1], 'x'].map((to) => ({
      kind,
      to,
      ...(kind === 'crop' && { top: 0, left: 0 }),
    })),
    ...[[2, 3], [1, 6], [3, 3], [0, 6], [1.5, 4], [-2, -3], [6]].map((from) => ({
      kind,
      to: [1, 1],
      from,
      ...(kind === 'crop' && { top: 0, left: 0 }),
    })),
  ];
  const crops = [
    [1, 0, 1, 3],
    [1, 0, 2, 3],
    [0, 1, 2, 2],
    [0, 1, 2, 3],
    [1, 2, 1, 1],
    [2, 0, 1, 1],
    [0, 3, 1, 1],
    [-1, 0, 1, 1],
    [0, 0.5, 1, 1],
  ].map(([top, left, height, width]) => ({ kind: 'crop', top, left, to: [height, width] }));
  const others = [
    ...[
      { kind: 'standardise' },
      { kind: 'minmax' },
      { kind: 'products' },
      { kind: 'scale', factor: 2 },
      { kind: 'scale', factor: -0.5 },
      { kind: 'constant', ratio: 2 },
    ],
    ...[
      { kind: 'scale' },
      { kind: 'scale', factor: 'x' },
      { kind: 'constant', ratio: null },
      { kind: 'minmax', more: 1 },
      { kind: 'tanh' },
      {},
      null,
      7,
      [],
    ],
    ...[
      { kind: 'columns', missing: 'mean' },
      { kind: 'columns', missing: 'median' },
      { kind: 'columns', unseen: 'ones' },
      { kind: 'columns', unseen: 'refuse', missing: 'drop' },
    ],
    ...[
      ...[0, 1, 2, 3, 1.5].map((components) => ({ kind: 'pca', components })),
      { kind: 'pca', components: '1' },
    ],
  ];
  const constant = changed({ features: Float64Array.of(0.1, 2, 0.1, 4, 0.1, 9) });
  const mean: Step = { kind: 'columns', missing: 'mean' };
  const one = (data: Dataset) => (step: unknown) => fitted(data, [step])();
  assertGolden(
    golden('data-steps.txt'),
    outcomes({
      ...each('an image:', [...size('pool'), ...size('crop'), ...crops], one(image)),
      ...each(
        'no image:',
        [
          { kind: 'pool', to: [1, 1] },
          { kind: 'crop', top: 0, left: 0, to: [1, 1] },
        ],
        one(DATA),
      ),
      ...each('numbers:', others, one(DATA)),
      ...each('a constant column:', [{ kind: 'standardise' }, { kind: 'minmax' }], one(constant)),
      ...each(
        'zeros:',
        [{ kind: 'constant', ratio: 1 }, { kind: 'standardise' }, { kind: 'minmax' }],
        one(changed({ features: new Float64Array(6) })),
      ),
      ...each(
        'too large:',
        [
          { kind: 'constant', ratio: 1 },
          { kind: 'standardise' },
          { kind: 'minmax' },
          { kind: 'pca', components: 1 },
        ],
        one(changed({ features: Float64Array.of(1e308, 1, -1e308, 2, 1e308, 3) })),
      ),
      'sums too large': fitted(changed({ features: Float64Array.of(1e308, 1, 1e308, 2, 1e308, 3) }), [
        { kind: 'pca', components: 1 },
      ]),
      'no list of steps': () => fitPipeline(DATA, 7 as never),
      'no steps': fitted(DATA, []),
      'not finite': fitted(changed({ features: Float64Array.of(1, 2, Number.NaN, 4, 5, 6) }), []),
      'a test part': fitted(changed({ part: 'test' }), []),
      'a training part': fitted(changed({ part: 'train' }), []),
      'columns second': fitted(DATA, [{ kind: 'scale', factor: 1 }, { kind: 'columns' }]),
      'columns twice': fitted(TABLE, [{ kind: 'columns' }, { kind: 'columns' }]),
      'columns behind a step of named ones': fitted(TABLE, [
        { kind: 'scale', factor: 1 },
        { kind: 'columns' },
      ]),
      'a table': fitted(TABLE, [{ kind: 'scale', factor: 2 }]),
      'holes, filled': fitted(HOLES, [mean]),
      'holes, refused': fitted(HOLES, []),
      'two steps in order': fitted(DATA, [
        { kind: 'scale', factor: 2 },
        { kind: 'products' },
        { kind: 'minmax' },
      ]),
      'nothing in a column': fitted(
        { ...HOLES, features: Float64Array.of(Number.NaN, 0, Number.NaN, 1, Number.NaN, 0) },
        [mean],
      ),
      'nothing in a column of text': fitted(
        { ...HOLES, features: Float64Array.of(1, Number.NaN, 2, Number.NaN, 3, Number.NaN) },
        [],
      ),
      'nothing in a column of text, to be filled': fitted(
        { ...HOLES, features: Float64Array.of(1, Number.NaN, 2, Number.NaN, 3, Number.NaN) },
        [mean],
      ),
      ...each('different texts:', [64, 65], (count) => {
        const rows = Array.from({ length: count }, (_, i) => `n${i},${i % 2}`);
        const data = parseCsv(`who,kind\n${rows.join('\n')}\n`, {
          name: 'w.csv',
          label: 'kind',
          use: () => 'either',
        });
        return fitPipeline(data, []).training.columns;
      }),
    }),
  );
});

test('columns: which are found by name and by place, and what stands in them', () => {
  const step = (columns: readonly Column[], more: Partial<Columns> = {}): Columns => ({
    kind: 'columns',
    columns,
    missing: 'refuse',
    unseen: 'zeros',
    ...more,
  });
  const city: Column = { name: 'city', categories: ['Bonn', 'Ulm'] };
  const seen = (of: Columns, data: Dataset) => () => shown(transformDataset([of], data));
  const bare = (columns: number, more: object = {}) =>
    changed({
      rows: 1,
      columns,
      features: Float64Array.from({ length: columns }, (_, j) => j + 1),
      labels: Int32Array.of(0),
      ...more,
    });
  const xy = [{ name: 'x' }, { name: 'y' }];
  const source = { columns: 4, at: [1, 3] };
  assertGolden(
    golden('data-columns.txt'),
    outcomes({
      'by name': seen(step([{ name: 'y' }, city, { name: 'x' }]), TABLE),
      'one name absent': seen(step([{ name: 'x' }, { name: 'z' }]), TABLE),
      'two names absent': seen(step([{ name: 'z' }, { name: 'x' }, { name: 'w' }, { name: 'z' }]), TABLE),
      'a name twice, once there': seen(
        step([{ name: 'x' }, { name: 'y' }, { name: 'x' }]),
        bare(3, { columnNames: ['y', 'x', 'w'] }),
      ),
      'a name twice behind another, once there': seen(
        step([{ name: 'y' }, { name: 'x' }, { name: 'x' }]),
        bare(3, { columnNames: ['w', 'y', 'x'] }),
      ),
      'a name twice, both there': seen(
        step([{ name: 'x' }, { name: 'y' }, { name: 'x' }]),
        bare(4, { columnNames: ['x', 'w', 'x', 'y'] }),
      ),
      'by place': seen(step(xy), bare(2)),
      'by place in the training file': seen(step(xy, { source }), bare(4)),
      'by place, where one has no name': seen(
        step([{ name: 'x' }, {}]),
        bare(2, { columnNames: ['y', 'x'] }),
      ),
      'one column': seen(step(xy), bare(1)),
      'three columns': seen(step(xy), bare(3)),
      'three columns, of four': seen(step(xy, { source }), bare(3)),
      'three named columns, of names and none': seen(
        step([{ name: 'x' }, {}], { source }),
        bare(3, { columnNames: ['a', 'b', 'c'] }),
      ),
      'three columns, without any name': seen(step([{}, {}]), bare(3)),
      'a number where text was': seen(step([{ name: 'x', categories: ['1', '2'] }]), TABLE),
      'a number that was a text': seen(step([{ name: 'x', categories: ['1', '2', '4'] }]), TABLE),
      'text where a number was': seen(step([{ name: 'city' }]), TABLE),
      'text that was not there': seen(step([{ name: 'city', categories: ['Ulm'] }]), TABLE),
      'text that was not there, refused': seen(
        step([{ name: 'city', categories: ['Ulm'] }], { unseen: 'refuse' }),
        TABLE,
      ),
      'text without a place in its list': seen(step([{ name: 'city' }]), {
        ...TABLE,
        features: Float64Array.of(1, 9, 3, 2, 0, 5, 4, 0, 7),
      }),
      'a value missing': seen(step([{ name: 'x' }]), HOLES),
      'a value missing and filled': seen(
        step(
          [
            { name: 'x', fill: [9] },
            { ...city, fill: [0.25, 0.75] },
          ],
          { missing: 'mean' },
        ),
        HOLES,
      ),
      'text missing': seen(step([city]), HOLES),
      'a value infinite, by line': seen(step([{ name: 'x' }]), {
        ...TABLE,
        features: Float64Array.of(1, 0, 3, Infinity, 0, 5, 4, 0, 7),
      }),
      'a value infinite, by row and field': seen(
        step([{}, {}]),
        bare(2, { features: Float64Array.of(1, -Infinity), fields: [1, 4] }),
      ),
      'a value infinite, by row and place': seen(
        step([{}, {}]),
        bare(2, { features: Float64Array.of(1, -Infinity) }),
      ),
    }),
  );
});

test('pipelines of files: what is one, and every reason why another is none', () => {
  const columns = (more: object) => ({
    kind: 'columns',
    columns: [{ name: 'x' }],
    missing: 'refuse',
    unseen: 'zeros',
    ...more,
  });
  const column = (...list: readonly object[]) => columns({ columns: list });
  const filled = (...list: readonly object[]) => columns({ columns: list, missing: 'mean' });
  const pool = { kind: 'pool', height: 2, width: 3, toHeight: 1, toWidth: 2 };
  const crop = { kind: 'crop', height: 2, width: 3, top: 1, left: 1, toHeight: 1, toWidth: 2 };
  const steps: readonly unknown[] = [
    ...[
      columns({}),
      columns({ missing: 'drop' }),
      columns({ missing: 'median' }),
      columns({ missing: undefined }),
      columns({ unseen: 'refuse' }),
      columns({ unseen: '' }),
    ],
    ...[
      columns({ columns: [] }),
      columns({ columns: 7 }),
      column(7 as never),
      column({ name: 7 }),
      column({ colour: 1 }),
      column({ fill: [1] }),
      column({}, {}),
    ],
    ...[
      column({ categories: [] }),
      column({ categories: ['a', 'a'] }),
      column({ categories: [1] }),
      column({ categories: ['a', 'b'] }),
      filled({ fill: [1] }),
    ],
    ...[
      filled({}),
      filled({ fill: [] }),
      filled({ fill: [1, 2] }),
      filled({ fill: ['1'] }),
      filled({ categories: ['a', 'b'], fill: [0, 1] }),
      filled({ categories: ['a', 'b'], fill: [1] }),
    ],
    ...[
      columns({ label: 'k' }),
      columns({ label: 7 }),
      columns({ source: { columns: 2, at: [1] } }),
      columns({ source: { columns: 1, at: [1] } }),
      columns({ source: 7 }),
    ],
    ...[
      columns({ source: { columns: 2, at: [0, 1] } }),
      columns({ source: { columns: 2.5, at: [0] } }),
      columns({ source: { columns: 2, at: [-1] } }),
      columns({ source: { columns: 2, at: [0.5] } }),
      columns({ more: 1 }),
    ],
    ...[
      pool,
      { ...pool, height: 0 },
      { ...pool, toHeight: 2, toWidth: 3 },
      { ...pool, toHeight: 3 },
      { ...pool, toWidth: 4 },
      { ...pool, toHeight: 0 },
      { ...pool, height: 2 ** 24, width: 2 },
    ],
    ...[
      crop,
      { ...crop, top: 2 },
      { ...crop, top: -1 },
      { ...crop, left: 3 },
      { ...crop, toHeight: 2 },
      { ...crop, toWidth: 3 },
      { ...crop, toWidth: 0 },
      { ...crop, top: 0, left: 0, toHeight: 2, toWidth: 3 },
    ],
    ...[
      { kind: 'standardise', mean: [1, 2], scale: [1, 0.5] },
      { kind: 'standardise', mean: [1], scale: [0] },
      { kind: 'standardise', mean: [1], scale: [-1] },
      { kind: 'standardise', mean: [1], scale: [1, 1] },
    ],
    ...[
      { kind: 'standardise', mean: [], scale: [] },
      { kind: 'standardise', mean: 7, scale: [1] },
      { kind: 'standardise', mean: ['1'], scale: [1] },
      { kind: 'standardise', mean: [1] },
    ],
    ...[
      { kind: 'minmax', minimum: [1, 2], scale: [1, 2] },
      { kind: 'minmax', minimum: [1, 2], scale: [1, 0] },
      { kind: 'minmax', minimum: [null], scale: [1] },
    ],
    ...[
      { kind: 'pca', mean: [1, 2], components: [[1, 0]] },
      {
        kind: 'pca',
        mean: [1, 2],
        components: [
          [1, 0],
          [0, 1],
        ],
      },
      { kind: 'pca', mean: [1, 2], components: [] },
      { kind: 'pca', mean: [1, 2], components: [[1]] },
    ],
    ...[
      { kind: 'pca', mean: [1], components: [[1], [1]] },
      { kind: 'pca', mean: [1, 2], components: 7 },
      { kind: 'constant', value: -1 },
      { kind: 'constant', value: '1' },
      { kind: 'constant' },
    ],
    ...[
      { kind: 'products', columns: 1 },
      { kind: 'products', columns: 0 },
      { kind: 'products', columns: 4096 },
      { kind: 'products', columns: 4097 },
      { kind: 'scale', factor: 0 },
      { kind: 'scale', factor: null },
    ],
    ...[{ kind: 'tanh' }, {}, null, 7, [], 'scale', { kind: 'scale', factor: 1, more: 1 }],
  ];
  const scale = { kind: 'scale', factor: 1 };
  const constant = { kind: 'constant', value: 1 };
  const lists: readonly unknown[] = [
    ...[
      [],
      null,
      7,
      {},
      'x',
      [scale, columns({})],
      [pool, pool],
      [pool, { ...pool, height: 1, width: 2 }],
      [constant, constant, { kind: 'products', columns: 2 }],
    ],
    ...[
      [constant, { kind: 'products', columns: 1 }],
      [constant, { kind: 'products', columns: 3 }],
      [{ kind: 'pca', mean: [1, 2], components: [[1, 0]] }, pool],
      [pool, { kind: 'minmax', minimum: [1], scale: [1] }],
    ],
  ];
  const used = (pipeline: Pipeline) => [
    ...[pipelineInputs(pipeline) ?? 'any', pipelineOutputs(pipeline, pipelineInputs(pipeline) ?? 3)],
    Array.from(
      applyPipeline(
        pipeline,
        Array.from({ length: pipelineInputs(pipeline) ?? 3 }, (_, i) => i + 1),
      ).subarray(0, 9),
      rounded,
    ).join(' '),
  ];
  const apply = (pipeline: unknown, values: unknown) => () => [
    ...applyPipeline(pipeline as Pipeline, values as number[]),
  ];
  assertGolden(
    golden('data-pipelines.txt'),
    outcomes({
      ...each('step', steps, (step) => used(parsePipeline([step]))),
      ...each('list', lists, (list) => used(parsePipeline(list))),
      ...each('scalings', [32, 33], (count) => used(parsePipeline(new Array(count).fill(scale)))),
      ...each(
        'at most 2 values:',
        [[{}, {}], [{}, {}, {}], [{ categories: ['a', 'b'] }], [{}, { categories: ['a', 'b'] }]],
        (list) => parseColumns(columns({ columns: list }), 2),
      ),
      'of nobody': apply([{ kind: 'tanh' }], [1]),
      'to no list': apply([scale], 7),
      'to an empty row': apply([scale], []),
      'to too few': apply([pool], [1, 2, 3]),
      'to too few, second': apply([scale, pool], [1, 2, 3]),
      ...each('outputs of', [0, 1, 1.5, 2 ** 24, 2 ** 24 + 1], (inputs) =>
        pipelineOutputs([scale] as Pipeline, inputs),
      ),
      'outputs of products': () => pipelineOutputs([{ kind: 'products', columns: 3 }], 4),
      'a data set through no step': () => shown(transformDataset([], TABLE)),
      'a data set that does not fit': () => transformDataset([pool] as Pipeline, DATA),
      'names are known': () => withNames([scale] as Pipeline, { ...DATA, columnNames: ['x', 'y'] }),
      'names are not known': () => withNames([scale] as Pipeline, DATA),
      'names are known already': () => withNames([columns({})] as Pipeline, TABLE),
      'columns of text': () => withNames([scale] as Pipeline, TABLE),
      'raw data, filled': () => checkRaw([columns({})] as Pipeline, HOLES),
      'raw data, not filled': () => checkRaw([scale] as Pipeline, HOLES),
    }),
  );
});
