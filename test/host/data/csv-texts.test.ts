/** Dialects of CSV, what is made of each, and every refusal with its place and whole sentence, against texts that are kept. */
import { test } from 'node:test';
import { type CsvColumn, type CsvOptions, readCsv } from '../../../host/data/csv.ts';
import { toCsv, toIdx } from '../../../host/data/write.ts';
import { assertGolden, outcomes } from '../../support/golden.ts';

/** A file in a line: its rows, and whatever it has beside them. */
function line(text: string, options: Partial<CsvOptions>): string {
  const { dataset, layout } = readCsv(text, { name: 'd.csv', label: -1, ...options });
  const { features, rows, columns, labels, classes, targets, lines, name, ...more } = dataset;
  const list = Array.from({ length: rows }, (_, i) => {
    const values = Array.from(features.subarray(i * columns, (i + 1) * columns)).join(' ');
    const label = targets ? targets[i] : labels[i];
    return `${lines?.[i]}: ${values} -> ${label}`;
  });
  const { delimiter, decimal, fields, skipped, dropped } = layout;
  const left = [
    ...skipped.map(({ field }) => `without field ${field}`),
    ...(dropped ? [`${dropped} dropped`] : []),
  ];
  const how = `${JSON.stringify(delimiter)} ${decimal} ${fields} fields${left.map((each) => `, ${each}`).join('')}`;
  return `${name} of [${classes.join('|')}] by ${how}: ${list.join('; ')}: ${JSON.stringify(more)}`;
}

const reading = (cases: readonly (string | readonly [text: string, options: Partial<CsvOptions>])[]) =>
  outcomes(
    Object.fromEntries(
      cases.map((each) => {
        const [text, options] = typeof each === 'string' ? [each, {}] : each;
        const shown = JSON.stringify(options, (_, value: unknown) =>
          typeof value === 'function' ? value.name : value,
        );
        return [`${JSON.stringify(text)}${shown === '{}' ? '' : ` ${shown}`}`, () => line(text, options)];
      }),
    ),
  );

const golden = (name: string) => new URL(name, import.meta.url);
const either = () => 'either' as const;
const asText = () => 'text' as const;
const nothing = () => 'skip' as const;
const withoutFirst = ({ field }: CsvColumn) => (field === 0 ? 'skip' : 'number');
const onlyY = ({ name }: CsvColumn) => (name === 'y' ? 'number' : 'skip');
const onlySecond = ({ position }: CsvColumn) => (position === 1 ? 'number' : 'skip');

test('CSV: separators, line ends, quotes, headers and labels', () => {
  assertGolden(
    golden('csv-dialects.txt'),
    reading([
      ...[
        '1,2,a\n3,4,b',
        '1;2;a\r\n3;4;b\r\n',
        '1\t2\ta\r3\t4\tb\r',
        '\ufeff1,2,a\n',
        ' 1 , 2 , a \n',
        '\n\n1,2,a\n \n\n3,4,b\n\n',
      ],
      ...[
        '"1","2","a"\n"3","4","b"',
        '1,2,"a,b"\n',
        '1,2,"a ""b"""\n',
        '1,2,"a\nb"\n3,4,c\n',
        '\n"1",2,a\n\n3,4,b\n',
        '"1;2";a\n',
        '"a;b",k\n1,2\n',
      ],
      ...[
        'x,y,k\n1,2,a\n',
        'x,,k\n1,2,a\n',
        ',,k\n1,2,a\n',
        'x,1,k\n1,2,a\n',
        'inf,x,k\n1,2,a\n',
        'nan,x,k\n1,2,a\n',
        'NaNs,x,k\n1,2,a\n',
        '"x","x",k\n1,2,a\n',
      ],
      '1,2,"a\r\n\r\nb"\r\n\r\n3,4,c\r\n',
      '1,2,"\na\n"\n3,4,"b\rc"\n5,6,d\n',
      ['1,2,a\n', { header: true }],
      ['x,y,k\n1,2,a\n', { header: false }],
      ['x,y,k\n1,2,a\n', { label: 'k' }],
      ['1,2,k\n1,2,a\n', { label: 'k' }],
      ['0,1,k\n1,2,a\n', { label: '2' }],
      ['0,1,2\n1,2,a\n', { label: '2', header: true }],
      ['a,1,2\nb,3,4\n', { label: 0 }],
      ['a,1,2\nb,3,4\n', { label: -3 }],
      ['1,a,2\n3,b,4\n', { label: '1' }],
      ['1,a,2\n3,b,4\n', { label: '-2' }],
      ['1,2\n3,4\n', { label: undefined }],
      ['x,y\n3,4\n', { label: undefined }],
      ['1|2|a\n', { delimiter: '|' }],
      ['1 2 a\n', { delimiter: ' ' }],
      ['1]2]a\n', { delimiter: ']' }],
      ['1,5^2^a\n', { delimiter: '^' }],
      ['1,2,a\n3,4,b\n', { classes: ['b', 'a', 'c'] }],
      ['1,2,1.0\n3,4,+1\n5,6,10\n7,8,9\n', {}],
      ['1,1e400\n2,x\n', {}],
      ['1,9007199254740993\n2,9007199254740991\n3,9007199254740992\n', {}],
      ['x,y,k\n1,2,a\n3,4,b\n', { use: withoutFirst }],
      ['k,x,y\na,2,1\nb,4,3\n', { label: 'k', use: onlyY }],
      ['k,x,y\na,2,1\nb,4,3\n', { label: 'k', use: onlySecond }],
      ['1,u,a\n2,v,b\n3,u,a\n', { use: either }],
      ['1,u,a\n1.0,v,b\n01,u,a\n', { use: asText }],
      ['1,,a\n2,NA,b\n3,v,b\n', { use: either, missing: 'keep' }],
      ['1,,a\n2,na,b\n3,4,b\nn/a,4,b\nNull,1,a\n?,1,a\n4,4,\n', { missing: 'drop' }],
      ['1,NaN,a\n2,4,b\n', { missing: 'keep' }],
      ['x,y\n1,2\n3,4.5\n', { task: 'regression' }],
      ['x,y\n1,2\n3,?\n', { task: 'regression', missing: 'drop' }],
    ]),
  );
});

test('CSV: numbers, with a point or a comma', () => {
  const number = (cell: string): [string, Partial<CsvOptions>] => [`${cell};k\n1;k\n`, { header: false }];
  assertGolden(
    golden('csv-numbers.txt'),
    reading([
      ...[
        '1',
        '+1',
        '-1',
        '1.',
        '.1',
        '.',
        '-.5',
        '12.50',
        '1e3',
        '1E-3',
        '1e',
        'e1',
        '1e1.5',
        '0x10',
        '1_0',
        '--1',
        '+ 1',
        '1 2',
        '00.10',
        '1e308',
      ].map(number),
      ...[
        '1e309',
        '-1e309',
        'inf',
        '-Infinity',
        '+INF',
        'infinit',
        'NaN',
        'nan',
        'NA',
        'N/A',
        'n/a',
        'na',
        'NULL',
        '?',
        '??',
        'none',
        '-',
        "1'000",
      ].map(number),
      ...[
        '1,5',
        '1,',
        ',5',
        '-1,5e2',
        '1,500',
        '12,500',
        '0,500',
        '1234,500',
        '1,5000',
        '1,50',
        ',500',
        '1,5;2,500',
        '1,500;2.5',
        '1.5;2,5',
        '1,2,3',
      ].map(number),
      ['1,5;k\n2;k\n', { decimal: '.' }],
      ['1,5;k\n2;k\n', { decimal: ',' }],
      ['1,500;k\n', { decimal: ',' }],
      ['1.5;k\n', { decimal: ',' }],
      ['1,5e400;k\n', { decimal: ',' }],
      ['x;k\n', { decimal: ',', header: false }],
      ['"1,5",k\n', { header: false }],
      ['"1,5",k\n', { decimal: ',' }],
      ['1,5\t2,5\tk\n', {}],
      ['1,5\t2.5\tk\n', {}],
      ['x;y\n1;2,5\n', { task: 'regression' }],
      ['-1,5;a\n"2,5";b\n', {}],
      ['x1,5;a\n1,5x;b\n', { use: asText, header: false }],
    ]),
  );
});

test('CSV: what is wrong, and where', () => {
  assertGolden(
    golden('csv-refusals.txt'),
    reading([
      ...[
        '',
        '\n \n',
        'x,k\n',
        'x,k',
        '1,2,a\n3,4\n',
        '1,2,a\n3,4,b,5\n',
        '1,2,a\n3\n',
        '1,2,a\n\n \n3,4\n',
        '"1",2,a\n3,4\n',
        '1,2,a\n,\n',
        'a\n',
      ],
      ...[
        '1,2,a\n3,x,b\n',
        '1,2,a\nx,y,b\n',
        '1,2,a\n  3 ,   x,b\n',
        '1,2,a\r\n3,x,b\r\n',
        '1,2,a\r3,x,b\r',
        '"é",2,a\n3,4,b\n',
        '1,"é""é",a\n',
        '😀1,2,a\n',
      ],
      ...[
        '1,2,a\n"é",x,b\n',
        '"1",2,"é"\n\n3,"x",b\n',
        '1,2,"a\nb"\n3,x,c\n',
        '1,2,a\n3,,b\n',
        '1,2,a\n3,?,b\n',
        '1,2,a\n3,inf,b\n',
        '1,2,a\n3,1e999,b\n',
        '1,2,\n',
        'x,y,k\n1,2,\n',
      ],
      ...[
        '1,2,"a\n',
        '1,"2,a\n3,4,b\n',
        '1,2"3,a\n',
        '1,"2"3,a\n',
        '1,2,a\n"3" 4,5,b\n',
        '"1",2,a\n3,4"5,b\n',
        `1,2,a\n${'x'.repeat(40)},2,a\n`,
        `1,2,a\n${'x'.repeat(41)},2,a\n`,
      ],
      ['k\na\n', { label: 'k' }],
      ['a\nb\n', { label: 0 }],
      ['x,k\n1,a\n', { use: nothing }],
      ['k,y,k\n1,2,3\n', { label: 'k' }],
      ['x,y\n1,2\n', { label: 'k' }],
      [`${Array.from({ length: 14 }, (_, i) => `x${i}`).join(',')}\n1,2\n`, { label: 'k' }],
      ['1,2\n', { label: 'k', header: false }],
      ...([2, -3, 1.5, Number.NaN, '2', '-3', '', ' 1'] as const).map(
        (label): [string, Partial<CsvOptions>] => ['1,2\n3,4\n', { label }],
      ),
      ...([1, -2, '1', '-2'] as const).map((label): [string, Partial<CsvOptions>] => [
        '1,2\n3,4\n',
        { label },
      ]),
      ['1,2,a\n3,4,c\n', { classes: ['a', 'b'] }],
      ['1,2,c\n3,4,a\n', { classes: Array.from({ length: 13 }, (_, i) => `class ${i}`) }],
      ['a,1\nb,x\n', { label: 0, classes: ['a'] }],
      ['a,x\nb,1\n', { label: 0, classes: ['a'], header: false }],
      ['x,a\n1,b\n', { classes: ['a'], header: false }],
      ['1,u,a\n2,3,b\n', { use: either }],
      ['1,2,a\n2,v,b\n', { use: either }],
      ['x,y,k\n1,u,a\n2,v,b\n3,4,c\n', { use: either }],
      ['"x",y,k\n1,"é, u",a\n2,v,b\n3,4,c\n', { use: either }],
      ['1,inf,a\n', { use: either }],
      ['1,inf,a\n', { use: asText }],
      ['1,,a\n', { use: asText }],
      ['1,,a\n', { missing: 'drop' }],
      ['x,k\n,a\n?,b\n', { missing: 'drop' }],
      ['1,inf,a\n', { missing: 'keep' }],
      ['1,2,\n', { missing: 'keep' }],
      ['x,y\n1,x\n', { task: 'regression' }],
      ['x,y\n1,\n', { task: 'regression' }],
      ['x,y\n1,?\n', { task: 'regression', missing: 'keep' }],
      ['x,y\n1,1e999\n', { task: 'regression' }],
      ['1,inf\n', { task: 'regression' }],
      ['1,500;a\n', { header: false }],
      ['x;k\n1,500;a\n', {}],
      ...['', ',,', '"', '\n', '\r', '😀'].map((delimiter): [string, Partial<CsvOptions>] => [
        '1,2',
        { delimiter },
      ]),
      ...(
        [
          { name: 7 },
          { label: {} },
          { label: null },
          { header: 'perhaps' },
          { header: null },
          { task: '' },
          { task: 'other' },
        ] as never[]
      ).map((options): [string, Partial<CsvOptions>] => ['1,a', options]),
      ...(
        [
          { classes: 'ab' },
          { classes: [] },
          { classes: ['a', 'a'] },
          { classes: ['1', '1.0'] },
          { classes: [1] },
          { delimiter: 1 },
          { decimal: ';' },
          { decimal: '' },
        ] as never[]
      ).map((options): [string, Partial<CsvOptions>] => ['1,a', options]),
      ...([{ use: 'text' }, { missing: 'ignore' }, { missing: '' }, { more: 1 }] as never[]).map(
        (options): [string, Partial<CsvOptions>] => ['1,a', options],
      ),
      [7 as never, {}],
      ['1,a', { task: 'classification', missing: 'refuse', header: 'auto' }],
    ]),
  );
});

test('files that are written: quotes where they are needed, and names that nobody has', () => {
  const base = {
    features: Float64Array.of(1, -0.5, 1e21, 0),
    ...{ rows: 2, columns: 2, labels: Int32Array.of(1, 0), classes: ['a', 'b'], name: 'd' },
  };
  const written = (more: object) => () => toCsv({ ...base, ...more });
  const bytes = (more: object) => () => {
    const { images, labels } = toIdx({ ...base, ...more });
    return [[...images].join(' '), [...labels].join(' ')];
  };
  assertGolden(
    golden('csv-written.txt'),
    outcomes({
      plain: written({}),
      'an image': written({ shape: [1, 2] }),
      named: written({ columnNames: ['x', 'y'], labelName: 'kind' }),
      'a label named as a column': written({ columnNames: ['class', 'class_'] }),
      quoted: written({
        columnNames: ['x,y', 'a"b'],
        classes: ['line\nbreak', 'carriage\rreturn'],
        labelName: ' blank',
      }),
      'blanks at an end': written({ columnNames: ['x ', '\ty'], classes: ['a b', ' '] }),
      'without a label': written({ labels: Int32Array.of(-1, 0) }),
      numbers: written({ targets: Float64Array.of(0.1, Number.NaN) }),
      missing: written({ features: Float64Array.of(Number.NaN, 1, 2, Number.NaN) }),
      texts: written({ features: Float64Array.of(1, 0, 0, 7), categories: [['u', 'v,w'], ['z']] }),
      'texts of one column': written({
        features: Float64Array.of(1, 0, 0, 7),
        categories: [undefined, ['z']],
      }),
      'no rows': written({ rows: 0 }),
      'IDX of doubles': bytes({}),
      'IDX of bytes': bytes({ features: Float64Array.of(0, 255, 1, 2) }),
      'IDX of an image': bytes({ features: Float64Array.of(0, 255, 1, 2), shape: [2, 1] }),
      'IDX of 256': bytes({ features: Float64Array.of(0, 256, 1, 2) }),
      'IDX of -1': bytes({ features: Float64Array.of(0, -1, 1, 2) }),
      'IDX of 0.5': bytes({ features: Float64Array.of(0, 0.5, 1, 2) }),
      'IDX without a label': bytes({ labels: Int32Array.of(0, -1) }),
      'IDX of label 255': bytes({ labels: Int32Array.of(255, 0) }),
      'IDX of label 256': bytes({ labels: Int32Array.of(0, 256) }),
    }),
  );
});
