/** What is said of data that is none, of steps and pipelines that cannot be, and of the options of every set. */
import { describe, test } from 'node:test';
import {
  checkClassNames,
  className,
  columnIn,
  type Dataset,
  decimal,
  listed,
  orderClasses,
  quoted,
  readClasses,
  readDataset,
  rowError,
  selectClasses,
  subset,
} from '../../../host/data/dataset.ts';
import { fitPipeline } from '../../../host/data/fit.ts';
import {
  applyPipeline,
  parsePipeline,
  pipelineInputs,
  pipelineOutputs,
} from '../../../host/data/preprocess.ts';
import { DATA_SETS, makeData } from '../../../host/data/sets/catalogue.ts';
import { trainTestSplit } from '../../../host/data/split.ts';
import { assertGolden } from '../../support/golden.ts';

const file = (name: string) => new URL(`said/${name}.txt`, import.meta.url);

const plain = (value: unknown) =>
  JSON.stringify(value, (_, each: unknown) => {
    if (ArrayBuffer.isView(each))
      return [...(each as Float64Array)].slice(0, 12).map((x) => Number(x.toPrecision(8)));
    return typeof each === 'number' && !Number.isInteger(each) ? Number(each.toPrecision(8)) : each;
  }) ?? 'undefined';

async function lineOf(what: string, call: () => unknown): Promise<string> {
  try {
    return `${what}: ${plain(await call())}\n`;
  } catch (error) {
    const { name, code, option, message } = error as Error & { code?: string; option?: string };
    return `${what}: ${name} ${code}${option === undefined ? '' : ` of ${option}`}: ${message}\n`;
  }
}

async function linesOf(calls: readonly (readonly [what: string, call: () => unknown])[]): Promise<string> {
  const lines: string[] = [];
  for (const [what, call] of calls) lines.push(await lineOf(what, call));
  return lines.join('');
}

const DATA: Dataset = {
  features: Float64Array.of(1, 2, 3, 4, 5, 6),
  ...{ rows: 3, columns: 2, labels: Int32Array.of(0, 1, 0), classes: ['no', 'yes'], name: 'three rows' },
};

describe('data', () => {
  test('that is none', async () => {
    const changes: readonly object[] = [
      ...[
        {},
        { features: [1, 2] },
        { features: new Float32Array(6) },
        { rows: -1 },
        { rows: 2.5 },
        { columns: '2' },
      ],
      ...[
        { labels: [0] },
        { labels: new Uint8Array(3) },
        { classes: 'no' },
        { classes: [1] },
        { classes: ['a', 'a'] },
      ],
      ...[
        { name: 7 },
        { shape: [1] },
        { shape: [0, 2] },
        { shape: [1, 2.5] },
        { shape: [1, 2] },
        { shape: 'x' },
        { targets: [1] },
      ],
      ...[
        { lines: [1] },
        { columnNames: 'a' },
        { columnNames: ['a', 7] },
        { categories: [['a'], 7] },
        { categories: [['a'], undefined] },
      ],
      ...[
        { labelName: 1 },
        { source: 7 },
        { source: { columns: 1 } },
        { source: { columns: 3, at: [0.5] } },
        { source: { columns: 3, at: [0, 2] } },
      ],
      ...[
        { source: { columns: 3, at: [0], more: 1 } },
        { fields: 'x' },
        { fields: [1] },
        { angles: 1 },
        { part: 'all' },
        { part: 'test' },
        { part: 'train' },
      ],
    ];
    const calls = changes.map(
      (change) => [plain(change), () => readDataset({ ...DATA, ...change } as never)] as const,
    );
    const odd = [null, 7, 'x', []].map(
      (given) => [plain(given), () => readDataset(given as never, 'test')] as const,
    );
    assertGolden(file('datasets'), await linesOf([...calls, ...odd]));
  });

  test('by its parts, names and numbers', async () => {
    const texts = [
      '1',
      '12',
      '+1',
      '-1.5',
      '.5',
      '1.',
      '.',
      '1e3',
      '1e',
      'e3',
      '1E-3',
      '0x1',
      ' 1',
      '1 ',
      '',
      'Infinity',
      'NaN',
      '1_0',
      '--1',
    ];
    const calls = [
      ...texts.map((text) => [`decimal ${plain(text)}`, () => decimal(text)] as const),
      ...['1', '1.0', '01', '-0', ' a', 'a b', '', '1e3'].map(
        (text) => [`class ${plain(text)}`, () => className(text)] as const,
      ),
      ...[['b', 'a'], ['10', '9', '1'], ['10', 'a', '9'], ['1.5', '1'], []].map(
        (names) => [`order ${plain(names)}`, () => orderClasses(names)] as const,
      ),
      ...[['a', 'b'], [], 'ab', ['a', 'a'], ['a', 1], ['']].map(
        (names) => [`classes ${plain(names)}`, () => checkClassNames(names)] as const,
      ),
      ...[['a', 'a'], 7, ['a', 7], ['a']].map(
        (names) => [`read ${plain(names)}`, () => readClasses(names, 'classes')] as const,
      ),
      ...[[], [0], [2, 0], [3], [-1], [0.5]].map(
        (rows) => [`rows ${plain(rows)}`, () => subset(DATA, rows)] as const,
      ),
      ...[['no'], ['yes', 'no'], ['maybe'], [], ['no', 'no']].map(
        (names) => [`only ${plain(names)}`, () => selectClasses(DATA, names)] as const,
      ),
      ...['a', 'a "b"', 'a\nb', 'x'.repeat(100)].map(
        (text) => [`quoted ${plain(text)}`, () => quoted(text)] as const,
      ),
      ...[['a'], ['a', 'b'], Array.from({ length: 30 }, (_, i) => `n${i}`)].map(
        (names) => [`listed ${names.length}`, () => listed(names)] as const,
      ),
      ...[0, 1].map((j) => [`column ${j}`, () => columnIn(DATA, j)] as const),
      ['a named column', () => columnIn({ ...DATA, columnNames: ['x', ''] }, 0)],
      ['one without a name', () => columnIn({ ...DATA, columnNames: ['x', ''], fields: [3, 7] }, 1)],
      ['a row', () => rowError(DATA, 1, 'ERR_DATA_FINITE', 'is odd').message],
      [
        'a row of a file',
        () => rowError({ ...DATA, lines: Int32Array.of(2, 5, 9) }, 1, 'ERR_DATA_FINITE', 'is odd').message,
      ],
      ...[
        {},
        { testFraction: 0.5, seed: 1 },
        { testFraction: 0 },
        { testFraction: 1 },
        { testFraction: -0.1 },
        { testFraction: 'x' },
        { more: 1 },
        { testFraction: 0.34, seed: -1 },
      ].map((options) => [`split ${plain(options)}`, () => trainTestSplit(DATA, options as never)] as const),
    ] as const;
    assertGolden(file('parts'), await linesOf(calls as never));
  });
});

describe('steps', () => {
  test('that are fitted, and that cannot be', async () => {
    const image: Dataset = {
      ...DATA,
      features: Float64Array.from({ length: 48 }, (_, i) => i % 7),
      columns: 16,
      shape: [4, 4],
    };
    const steps: readonly unknown[] = [
      ...[
        7,
        [7],
        [null],
        [{}],
        [{ kind: 'x' }],
        [{ kind: 'scale' }],
        [{ kind: 'scale', factor: 'x' }],
        [{ kind: 'scale', factor: 2, more: 1 }],
      ],
      ...[
        [{ kind: 'scale', factor: 2 }],
        [{ kind: 'scale', factor: Infinity }],
        [{ kind: 'standardise' }],
        [{ kind: 'minmax' }],
        [{ kind: 'products' }],
      ],
      ...[
        [{ kind: 'constant', ratio: 1 }],
        [{ kind: 'constant', ratio: 0 }],
        [{ kind: 'constant' }],
        [{ kind: 'pca', components: 1 }],
        [{ kind: 'pca', components: 0 }],
      ],
      ...[
        [{ kind: 'pca', components: 3 }],
        [{ kind: 'pca', components: 'x' }],
        [{ kind: 'pca', components: 1.5 }],
        [{ kind: 'columns' }],
        [{ kind: 'scale', factor: 1 }, { kind: 'columns' }],
      ],
      ...[
        [{ kind: 'columns', missing: 'x' }],
        [{ kind: 'columns', unseen: 'x' }],
        [{ kind: 'columns', missing: 'drop', unseen: 'refuse' }],
        [{ kind: 'pool', to: [1, 1] }],
      ],
      ...[
        [{ kind: 'pool', to: [1, 2], from: [1, 2] }],
        [{ kind: 'pool', to: 7 }],
        [{ kind: 'pool', to: [2, 2], from: [3, 3] }],
        [{ kind: 'crop', top: 0, left: 0, to: [1, 1] }],
      ],
      ...[[], [{ kind: 'products' }, { kind: 'products' }, { kind: 'minmax' }]],
    ];
    const pooled: readonly unknown[] = [
      ...[
        [{ kind: 'pool', to: [2, 2] }],
        [{ kind: 'pool', to: [4, 4] }],
        [{ kind: 'pool', to: [3, 3] }],
        [{ kind: 'pool', to: [5, 5] }],
        [{ kind: 'pool', to: [0, 1] }],
        [{ kind: 'pool', to: [1.5, 1] }],
      ],
      ...[
        [{ kind: 'crop', top: 1, left: 2, to: [3, 2] }],
        [{ kind: 'crop', top: 1, left: 2, to: [4, 2] }],
        [{ kind: 'crop', top: -1, left: 0, to: [1, 1] }],
        [{ kind: 'crop', top: 1, left: 3, to: [3, 2] }],
      ],
      ...[
        [
          { kind: 'pool', to: [2, 2] },
          { kind: 'constant', ratio: 0.5 },
        ],
        [
          { kind: 'crop', top: 0, left: 0, to: [2, 2] },
          { kind: 'pca', components: 2 },
        ],
      ],
    ];
    const calls = [
      ...steps.map((each) => [plain(each), () => fitPipeline(DATA, each as never)] as const),
      ...pooled.map(
        (each) => [`image ${plain(each)}`, () => fitPipeline(image, each as never).pipeline] as const,
      ),
      ['the test part', () => fitPipeline({ ...DATA, part: 'test' }, [])],
      [
        'zeros',
        () => fitPipeline({ ...DATA, features: new Float64Array(6) }, [{ kind: 'constant', ratio: 1 }]),
      ],
      [
        'no number',
        () => fitPipeline({ ...DATA, features: new Float64Array(6).fill(Number.NaN) }, [{ kind: 'minmax' }]),
      ],
      [
        'all alike',
        () => fitPipeline({ ...DATA, features: new Float64Array(6).fill(2) }, [{ kind: 'standardise' }]),
      ],
      ['names', () => fitPipeline({ ...DATA, columnNames: ['a', 'b'] }, [{ kind: 'minmax' }])],
      [
        'categories',
        () =>
          fitPipeline(
            { ...DATA, features: Float64Array.of(0, 2, 1, 4, 0, 6), categories: [['x', 'y'], undefined] },
            [],
          ),
      ],
    ] as const;
    assertGolden(file('steps'), await linesOf(calls as never));
  });

  test('as a model file has them', async () => {
    const good: Readonly<Record<string, object>> = {
      standardise: { kind: 'standardise', mean: [1, 2], scale: [1, 2] },
      minmax: { kind: 'minmax', minimum: [0, 1], scale: [1, 2] },
      pca: { kind: 'pca', mean: [0, 0], components: [[1, 0]] },
      products: { kind: 'products', columns: 2 },
      constant: { kind: 'constant', value: 2 },
      scale: { kind: 'scale', factor: 2 },
      pool: { kind: 'pool', height: 2, width: 2, toHeight: 1, toWidth: 1 },
      crop: { kind: 'crop', height: 2, width: 3, top: 1, left: 1, toHeight: 1, toWidth: 2 },
      columns: fitPipeline(
        { ...DATA, columnNames: ['a', 'b'], categories: [['x', 'y', 'z', 'u', 'v', 'w'], undefined] },
        [],
      ).pipeline[0] as object,
    };
    const values: readonly unknown[] = [
      undefined,
      null,
      7,
      -1,
      0,
      1.5,
      'x',
      [],
      [1],
      [1, 'x'],
      [1, 0],
      [[1, 0]],
      {},
      1e9,
    ];
    const changes = Object.entries(good).flatMap(([kind, step]) =>
      Object.keys(step).flatMap((field) =>
        values.map((value) => [`${kind}.${field} = ${plain(value)}`, { ...step, [field]: value }] as const),
      ),
    );
    const calls = [
      ...Object.entries(good).map(
        ([kind, step]) =>
          [
            kind,
            () => {
              const pipeline = parsePipeline([step]);
              return [pipelineInputs(pipeline), pipelineOutputs(pipeline, 2)];
            },
          ] as const,
      ),
      ...changes.map(([what, step]) => [what, () => parsePipeline([step]).length] as const),
      ...[null, 7, {}, 'x', [null], [7], [{}], [{ kind: 'x' }]].map(
        (json) => [plain(json), () => parsePipeline(json)] as const,
      ),
      [
        'two that do not fit',
        () =>
          parsePipeline([
            { kind: 'standardise', mean: [1, 2, 3], scale: [1, 2, 3] },
            { kind: 'pca', mean: [0, 0], components: [[1, 0]] },
          ]),
      ],
      ...[[1], [1, 2, 3], [1, Number.NaN], 'x', [1, 2]].map(
        (row) =>
          [
            `a row ${plain(row)}`,
            () =>
              applyPipeline([{ kind: 'standardise', mean: [1, 2], scale: [1, 2] }] as never, row as never),
          ] as const,
      ),
    ] as const;
    assertGolden(file('pipelines'), await linesOf(calls as never));
  });
});

describe('sets', () => {
  test('have options that are looked at', async () => {
    const values: readonly unknown[] = [
      null,
      'x',
      -1,
      0,
      0.5,
      1,
      1.5,
      2,
      1e9,
      Number.NaN,
      true,
      [],
      ['x'],
      [1],
    ];
    const lines: string[] = [];
    for (const [name, { options, columns, classes, from }] of Object.entries(DATA_SETS)) {
      lines.push(`${name}: ${columns} columns, ${classes} classes, ${from}\n`);
      for (const [option, { kind, argument, help, value, read }] of Object.entries(options)) {
        lines.push(`  ${option} ${kind} ${argument}: ${help}; ${plain(value)}\n`);
        const taken: string[] = [];
        const said = new Set<string>();
        for (const each of values) {
          try {
            (read as (value: unknown, at: string) => unknown)(each, option);
            taken.push(plain(each));
          } catch (error) {
            said.add((error as Error).message.replace(/ is .*?; expected/, ' is -; expected'));
          }
        }
        lines.push(`    takes ${taken.join(' ')}\n`, ...[...said].map((each) => `    ${each}\n`));
      }
    }
    assertGolden(file('sets'), lines.join(''));
  });

  test('that formulas make are the same every time', async () => {
    const calls = [
      ['gaussians', { rows: 40, seed: 3 }],
      ['gaussians', { rows: 40, dimensions: 3, separation: 2, testFraction: 0.5, seed: 3 }],
      ['moons', { rows: 40, seed: 3 }],
      ['moons', { rows: 40, noise: 0, testFraction: 0, seed: 3 }],
      ['ad-hoc', { train: 5, test: 2, seed: 3 }],
      ['vibration', { rows: 8, seed: 3 }],
      ['qdataset', { rows: 4, realisations: 3, seed: 3 }],
      ['gaussians', { more: 1 }],
      ['none', {}],
    ].map(
      ([name, options]) =>
        [`${name} ${plain(options)}`, () => makeData(name as never, options as never)] as const,
    );
    assertGolden(file('made'), await linesOf(calls));
  });
});
