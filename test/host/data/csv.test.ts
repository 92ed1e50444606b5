/** CSV: what is read, bit for bit, and what is refused, with line and column. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type CsvColumn,
  type CsvHeader,
  type CsvOptions,
  parseCsv,
  readCsv,
} from '../../../host/data/csv.ts';
import { fieldPlace } from '../../../host/data/csv-place.ts';
import { type Cursor, eachRecord } from '../../../host/data/csv-records.ts';
import { DataError, OptionError } from '../../../host/core/errors.ts';
import fc from '../../support/property.ts';

const read = (text: string, options: Partial<CsvOptions> = {}) =>
  parseCsv(text, { name: 'data.csv', label: -1, ...options });

/** Asserts that reading fails with this code at this place, and that the message says so. */
function refuses(
  text: string,
  options: Partial<CsvOptions>,
  code: string,
  line?: number,
  column?: number,
): string {
  let message = '';
  assert.throws(
    () => read(text, options),
    (error) => {
      assert(error instanceof DataError, `${error}`);
      assert.deepEqual([error.code, error.line, error.column], [code, line, column], error.message);
      const place = ['data.csv', line, column].filter((part) => part !== undefined).join(':');
      assert(error.message.startsWith(`${place}: `), error.message);
      assert(!error.message.includes('\n'));
      message = error.message;
      return true;
    },
  );
  return message;
}

test('csv: numbers, labels and standard class order', () => {
  const data = read('1,2,b\n-3.5,4e1,a\n.5,+6.,b\n');
  assert.deepEqual([data.rows, data.columns, data.name], [3, 2, 'data.csv']);
  assert.deepEqual([...data.features], [1, 2, -3.5, 40, 0.5, 6]);
  assert.deepEqual(data.classes, ['a', 'b']);
  assert.deepEqual([...data.labels], [1, 0, 1]);
  assert.deepEqual([...(data.lines ?? [])], [1, 2, 3]);
});

test('csv: numeric class names are one class in any spelling and sort by value', () => {
  const data = read('1,10\n2,9\n3,1.0\n4,+1\n5,1\n6,-1');
  assert.deepEqual(data.classes, ['-1', '1', '9', '10']);
  assert.deepEqual([...data.labels], [3, 2, 1, 1, 1, 0]);
});

test('csv: integers beyond 2^53 stay distinct class names', () => {
  assert.equal(read('1,9007199254740993\n2,9007199254740992').classes.length, 2);
});

test('csv: byte order mark, CRLF, CR, quotes, spaces and blank lines', () => {
  const expected = read('x,y,label\n1,2,"a ""b"", c"\n3,4,d', { label: 'label' });
  const texts = [
    '\ufeffx,y,label\r\n1,2,"a ""b"", c"\r\n\r\n3,4,d\r\n\r\n',
    'x,y,label\r1,2,"a ""b"", c"\r3,4,d\r',
    '\n  \n"x", "y" ,label\n 1 ,\t2, "a ""b"", c" \n3,4,d \n   \n',
  ];
  for (const text of texts) {
    const data = read(text, { label: 'label' });
    assert.deepEqual(data.features, expected.features);
    assert.deepEqual(data.classes, ['a "b", c', 'd']);
    assert.deepEqual(data.labels, expected.labels);
  }
});

test('csv: the separator is found or given', () => {
  for (const text of ['1\t2\ta\n3\t4\tb', '1;2;a\n3;4;b', '"1",2,"x;y"\n3,4,b']) {
    assert.equal(read(text).columns, 2, text);
  }
  assert.equal(read('1|2|a\n3|4|b', { delimiter: '|' }).columns, 2);
  assert.equal(read('1 2 a\n3 4 b', { delimiter: ' ' }).columns, 2);
  for (const delimiter of ['', ',,', '"', '\n', '😀']) {
    assert.throws(() => read('1,2', { delimiter }), { name: 'OptionError', option: 'delimiter' });
  }
});

test('csv: the header is recognised', () => {
  assert.equal(read('length,width,kind\n1,2,a').rows, 1);
  assert.equal(read(',width,kind\n1,2,a').rows, 1, 'an index column without a name');
  assert.equal(read('1,2,a\n3,4,b').rows, 2);
  assert.equal(read('0,1,kind\n3,4,b', { label: 'kind' }).rows, 1, 'numbers as names');
  assert.equal(read('0,1,kind\n3,4,b', { header: true }).rows, 1);
  assert.equal(read('a,1,2\nb,3,4', { label: 0 }).rows, 2, 'text in the label column alone');
  refuses('nan,inf,a\n3,4,b', {}, 'ERR_DATA_MISSING', 1, 1);
  refuses('1,abc,a\n3,4,b', {}, 'ERR_DATA_NUMBER', 1, 3);
  refuses('x,y,kind\n3,4,b', { header: false }, 'ERR_DATA_NUMBER', 1, 1);
});

test('csv: the label column by name, index and index from the end', () => {
  const text = 'a,b,c\n1,2,3\n4,5,6';
  const features = (label: string | number) => [...read(text, { label }).features];
  assert.deepEqual(features('b'), [1, 3, 4, 6]);
  assert.deepEqual(features(0), [2, 3, 5, 6]);
  assert.deepEqual(features('0'), [2, 3, 5, 6]);
  assert.deepEqual(features(-1), [1, 2, 4, 5]);
  assert.deepEqual(features('-3'), [2, 3, 5, 6]);
  // A name comes before an index.
  assert.deepEqual(read('0,a,1\n1,2,3', { label: '1', header: true }).classes, ['3']);
});

test('csv: without a label everything is a feature', () => {
  const data = read('x,y\n1,2\n3,4', { label: undefined });
  assert.deepEqual([data.rows, data.columns, [...data.labels], data.classes], [2, 2, [-1, -1], []]);
});

test('csv: the classes of the caller, in their order', () => {
  assert.deepEqual([...read('1,a\n2,b', { classes: ['b', 'c', 'a'] }).labels], [2, 0]);
  const message = refuses('x,kind\n1,a\n2,d', { classes: ['b', 'a'] }, 'ERR_DATA_LABEL', 3, 3);
  assert.match(message, /"d" is none of the classes "b", "a"/);
  assert.throws(() => read('1,a', { classes: ['1', '1.0'] }), OptionError);
  assert.throws(() => read('1,a', { classes: [] }), OptionError);
});

test('csv: what is wrong and where', () => {
  refuses('', {}, 'ERR_DATA_EMPTY');
  refuses('\ufeff\n \n', {}, 'ERR_DATA_EMPTY');
  refuses('x,y,kind\n', {}, 'ERR_DATA_EMPTY');
  refuses('kind\na\nb', { label: 'kind' }, 'ERR_DATA_EMPTY', 1);
  assert.match(
    refuses('x,y,kind\n1,2,a\n3,  abc,b', {}, 'ERR_DATA_NUMBER', 3, 5),
    /"abc" in column "y" \(field 2\) is not a decimal number/,
  );
  refuses('1,0x10,a', { header: false }, 'ERR_DATA_NUMBER', 1, 3);
  refuses('1,2,a\n3,,b', {}, 'ERR_DATA_MISSING', 2, 3);
  refuses('1,2,a\n\n  \n3,NaN,b', {}, 'ERR_DATA_MISSING', 4, 3);
  refuses('1,2,a\n-inf,4,b', {}, 'ERR_DATA_FINITE', 2, 1);
  refuses('1,2,a\n1e999,4,b', {}, 'ERR_DATA_FINITE', 2, 1);
  refuses('1,2,a\n3,4,', {}, 'ERR_DATA_LABEL', 2, 5);
  refuses('1,2,a\n3,4', {}, 'ERR_DATA_RAGGED', 2, 4);
  refuses('1,2,a\n3,4,b,5\n', {}, 'ERR_DATA_RAGGED', 2, 7);
  refuses('1,2,a\n3', {}, 'ERR_DATA_RAGGED', 2, 2);
  refuses('1,2,a\n3,"4,b\n5,6,a\n', {}, 'ERR_DATA_SYNTAX', 2, 3);
  refuses('1,2,a\n3,4"5,b', {}, 'ERR_DATA_SYNTAX', 2, 3);
  refuses('1,2,a\n3,"4"5,b', {}, 'ERR_DATA_SYNTAX', 2, 3);
  refuses('\n\nx,y\n1,2', { label: 'kind' }, 'ERR_DATA_COLUMN', 3);
  refuses('kind,y,kind\n1,2,3', { label: 'kind' }, 'ERR_DATA_COLUMN', 1);
  for (const label of [3, -4, 1.5, '3']) refuses('1,2,a', { label }, 'ERR_DATA_COLUMN', 1);
  assert.throws(() => read('x,y\n1,2', { label: 'y', header: false }), OptionError);
});

test('csv: columns count characters, also after other scripts and quoted lines', () => {
  refuses('\ufeff"Länge 😀",y,kind\n1,2,a\n"é😀",2,b', { header: true }, 'ERR_DATA_NUMBER', 3, 1);
  refuses('1,2,"é😀"\n3,4,"é\r\n😀,"\n5,6\n', {}, 'ERR_DATA_RAGGED', 4, 4);
  refuses('x,kind,y\n1,"a\nb",z\n', { label: 1, header: true }, 'ERR_DATA_NUMBER', 3, 4);
  refuses('1\t2\ta\n\t\t\n', {}, 'ERR_DATA_MISSING', 2, 1);
  refuses('1,é😀é,a\n', { header: false }, 'ERR_DATA_NUMBER', 1, 3);
  refuses('é,😀,x\n', { label: 0, header: false, classes: ['é'] }, 'ERR_DATA_NUMBER', 1, 3);
});

test('csv: mixed line ends count as any editor counts them', () => {
  const data = read('1,2,a\n3,4,b\r\n\r\n5,6,a\r7,8,b\n');
  assert.deepEqual([...data.features], [1, 2, 3, 4, 5, 6, 7, 8]);
  assert.deepEqual([...(data.lines ?? [])], [1, 2, 4, 5]);
  refuses('1,2,a\r\n3,4,b\n5,6,a\rx,8,b\n', {}, 'ERR_DATA_NUMBER', 4, 1);
});

test('csv: a million digits followed by text are refused', () => {
  // In work that grows as the square of their number this would take hours.
  refuses(`${'1'.repeat(1e6)}x,2,a`, { header: false }, 'ERR_DATA_NUMBER', 1, 1);
});

test('csv: a long cell is cut in the message', () => {
  const message = refuses(`1,2,a\n3,${'z'.repeat(1e5)},b`, {}, 'ERR_DATA_NUMBER', 2, 3);
  assert(message.length < 200);
});

test('csv: what is written is read, bit for bit', () => {
  const value = fc.double({ noNaN: true, noDefaultInfinity: true });
  const label = fc
    .string({ unit: 'binary', minLength: 1 })
    .filter((text) => text === text.trim() && text !== '');
  const rows = fc.integer({ min: 1, max: 5 }).chain((columns) =>
    fc.array(fc.tuple(fc.array(value, { minLength: columns, maxLength: columns }), label), {
      minLength: 1,
    }),
  );
  const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const write = (x: number) => (Object.is(x, -0) ? '-0' : String(x));
  fc.assert(
    fc.property(rows, fc.constantFrom('\n', '\r\n'), (data, end) => {
      const lines = data.map(([values, name]) => [...values.map(write), quote(`.${name}`)].join(','));
      const back = read(lines.join(end), { header: false, delimiter: ',' });
      assert.deepEqual(
        [...back.features],
        data.flatMap(([values]) => values),
      );
      assert.deepEqual(
        [...back.labels].map((i) => back.classes[i]),
        data.map(([, name]) => (Number.isNaN(Number(`.${name}`)) ? `.${name}` : String(Number(`.${name}`)))),
      );
    }),
  );
});

test('csv: any text either is data or is refused in one line', () => {
  const text = fc
    .array(fc.constantFrom(',', ';', '\t', '"', '\n', '\r\n', ' ', '1', '-2.5', 'a', 'é', 'nan', ''))
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(text, fc.constantFrom(-1, 0, 'a', '1', undefined), (source, label) => {
      try {
        const data = read(source, { label });
        assert.equal(data.features.length, data.rows * data.columns);
        assert(data.features.every(Number.isFinite));
      } catch (error) {
        assert(error instanceof DataError, `${error}`);
        assert(!error.message.includes('\n'));
        const lines = source.split(/\r\n|\n|\r/);
        if (error.line !== undefined && error.column !== undefined) {
          assert(error.line <= lines.length);
          assert(error.column <= [...lines[error.line - 1]].length + 1);
        }
      }
    }),
    { numRuns: 2000 },
  );
});

test('csv: text without quotes is cut as the parser would', () => {
  const cell = fc.constantFrom('1', ' 2.5', '-3e2\t', '', ' ', 'a b', 'é😀', 'nan', '?', '4,5');
  const line = fc.array(cell, { minLength: 1, maxLength: 4 });
  const end = fc.constantFrom('\n', '\r\n', '\r', '\n\n', '\r\n \r\n');
  const text = fc.array(fc.tuple(line, end), { maxLength: 8 });
  fc.assert(
    fc.property(text, fc.constantFrom(',', ';', '\t'), (lines, delimiter) => {
      const source = lines.map(([cells, stop]) => cells.join(delimiter) + stop).join('');
      const records = (inBytes: boolean) => {
        const found: unknown[] = [];
        const cursor: Cursor = { at: 0, inBytes };
        eachRecord(source, delimiter, cursor, (cells, at) => {
          found.push([cells, at, fieldPlace(source, delimiter, cursor, cells.length - 1)]);
        });
        return found;
      };
      assert.deepEqual(records(false), records(true));
    }),
    { numRuns: 2000 },
  );
});

test('csv: decimal commas are found where fields are separated by something else', () => {
  assert.deepEqual([...read('a;b;k\n1,5;2;x\n,25;-3,0e2;y\n').features], [1.5, 2, 0.25, -300]);
  assert.deepEqual([...read('a\tb\tk\n1,55\t2\tx\n').features], [1.55, 2]);
  assert.deepEqual([...read('a;b;k\n1,234;2\t;x\n', { decimal: ',' }).features], [1.234, 2]);
  assert.deepEqual([...read('a,b,k\n"1,5",2,x\n', { decimal: ',' }).features], [1.5, 2]);
  assert.match(
    refuses('a;b;k\n1,234;2;x\n', {}, 'ERR_DATA_NUMBER', 2, 1),
    /"1,234" in column "a" .* not a decimal number; say whether a comma is the decimal mark/,
  );
  assert.match(
    refuses('a;b;k\n1,5;2.5;x\n', {}, 'ERR_DATA_NUMBER', 2, 1),
    /"1,5" .* say whether a comma is the decimal mark/,
  );
  assert.match(
    refuses('a;b;k\n1,5;2.5;x\n', { decimal: ',' }, 'ERR_DATA_NUMBER', 2, 5),
    /"2\.5" .* is not a number with a decimal comma/,
  );
  refuses('a;b;k\n1.234,5;2;x\n', {}, 'ERR_DATA_NUMBER', 2, 1);
});

test('csv: missing values are refused, kept or drop their rows', () => {
  for (const cell of ['', '  ', 'NA', 'n/a', 'NaN', 'NULL', '?']) {
    const text = `x,y,k\n1,2,p\n3,${cell},q\n5,6,p\n`;
    assert.match(
      refuses(text, {}, 'ERR_DATA_MISSING', 3, cell === '  ' ? 5 : 3),
      /in column "y" \(field 2\) .* value/,
    );
    const kept = read(text, { missing: 'keep' });
    assert.deepEqual([...kept.features], [1, 2, 3, NaN, 5, 6]);
    const dropped = read(text, { missing: 'drop' });
    assert.deepEqual([...dropped.features, ...dropped.labels], [1, 2, 5, 6, 0, 0]);
    assert.deepEqual([...(dropped.lines ?? [])], [2, 4]);
  }
  assert.equal(read('1,2,p\n3,4,\n', { missing: 'drop' }).rows, 1, 'a label that is missing');
  refuses('1,2,p\n3,4,\n', { missing: 'keep' }, 'ERR_DATA_LABEL', 2, 5);
  assert.throws(() => read('1,,p\n', { missing: 'drop' }), /each of the 1 rows lacks a value/);
});

test('csv: a column of either is text or numbers, never both', () => {
  const either: Partial<CsvOptions> = { use: () => 'either' };
  const data = read('x,t,k\n1,red,p\n2,?,q\n3,green,p\n', { ...either, missing: 'keep' });
  assert.deepEqual(data.categories, [undefined, ['red', 'green']]);
  assert.deepEqual([...data.features], [1, 0, 2, NaN, 3, 1]);
  assert.deepEqual(data.columnNames, ['x', 't']);
  refuses('x,k\n1,p\n2,p\nred,p\n', either, 'ERR_DATA_NUMBER', 4, 1);
  const message = refuses('x,k\nred,p\n\n"é",p\n2,p\n', either, 'ERR_DATA_NUMBER', 2, 1);
  assert.match(message, /"red" in column "x" \(field 1\) .* other cells of the column are numbers/);
  assert.deepEqual(read('x,k\n1,p\n2.0,p\n', { use: () => 'text' }).categories, [['1', '2']]);
});

test('csv: columns that are skipped may hold anything', () => {
  const use = ({ field }: CsvColumn) => (field === 0 ? 'skip' : 'number');
  const data = read('id,x,y,k\nA7,1,2,p\n8,3,4,q\n', { use });
  assert.deepEqual([...data.features], [1, 2, 3, 4]);
  assert.deepEqual([data.columnNames, data.source], [['x', 'y'], { columns: 3, at: [1, 2] }]);
  refuses('id,x,k\n1,2,p\n', { use: () => 'skip' }, 'ERR_DATA_EMPTY', 1);
});

test('a data set says which field of the file each column is, unless they are the first ones', () => {
  const use = ({ name }: CsvColumn) => (name === 'skip' ? 'skip' : 'number');
  const fields = (text: string, label: string) => read(text, { label, use }).fields;
  assert.equal(fields('a,b,y\n1,2,u\n3,4,v\n', 'y'), undefined);
  assert.deepEqual(fields('y,a,b\nu,1,2\nv,3,4\n', 'y'), [1, 2]);
  assert.deepEqual(fields('a,skip,y,b\n1,7,u,2\n3,7,v,4\n', 'y'), [0, 3]);
});

test('csv: numbers to predict, in place of classes', () => {
  const regression: Partial<CsvOptions> = { task: 'regression', label: 'y' };
  const data = read('x,y\n1,2.5\n3,-4e1\n5,2.5\n', regression);
  assert.deepEqual([...(data.targets ?? [])], [2.5, -40, 2.5]);
  assert.deepEqual([[...data.labels], data.classes, data.labelName], [[-1, -1, -1], [], 'y']);
  assert.deepEqual([...(read('x;y\n1;2,5\n', regression).targets ?? [])], [2.5], 'a decimal comma');
  assert.match(
    refuses('x,y\n1,2\n3,tall\n', regression, 'ERR_DATA_LABEL', 3, 3),
    /"tall" in column "y" \(field 2\) is not a number to predict$/,
  );
  refuses('x,y\n1,1e999\n', regression, 'ERR_DATA_LABEL', 2, 3);
  for (const missing of ['refuse', 'keep'] as const)
    assert.match(
      refuses('x,y\n1,2\n3,NA\n', { ...regression, missing }, 'ERR_DATA_LABEL', 3, 3),
      /the number to predict in column "y" \(field 2\) is missing$/,
    );
  const whole = read('x,y\n1,2\n3,NA\n?,4\n5,6\n', { ...regression, missing: 'drop' });
  assert.deepEqual(
    [[...whole.features], [...(whole.targets ?? [])]],
    [
      [1, 5],
      [2, 6],
    ],
  );
  assert.equal(read('x,y\n1,2\n').targets, undefined, 'classes, unless it is said');
  assert.equal(read('x,y\n1,2\n', { task: 'regression', label: undefined }).targets, undefined);
});

test('csv: how the file is laid out', () => {
  const layout = (text: string, options: Partial<CsvOptions> = {}) =>
    readCsv(text, { name: 'data.csv', label: -1, ...options }).layout;
  assert.deepEqual(layout('x;k\n1,5;a\n2,5;b\n'), {
    ...{ delimiter: ';', decimal: ',', names: ['x', 'k'], fields: 2, skipped: [], dropped: 0 },
    columns: [{ name: 'x', field: 0, position: 0 }],
  });
  const seen: [CsvColumn, CsvHeader][] = [];
  const use = (column: CsvColumn, header: CsvHeader) => {
    seen.push([column, header]);
    return column.field === 2 ? 'skip' : 'number';
  };
  const text = '1,p,A7,2\n3,q,A8,?\n?,p,A9,5\n7,q,,8\n';
  const found = layout(text, { label: 1, use, missing: 'drop' });
  const columns = [0, 2, 3].map((field, position) => ({ name: undefined, field, position }));
  const header = { columns, names: undefined, fields: 4 };
  assert.deepEqual(found, { ...header, delimiter: ',', decimal: '.', skipped: [columns[1]], dropped: 2 });
  assert.deepEqual(
    seen,
    columns.map((column) => [column, header]),
  );
});

test('csv: a separator counts in the first line that has anything, outside of quotes', () => {
  assert.equal(read('\n \n1;2;a\n3;4;b').columns, 2);
  assert.equal(read('1,2,a\n3,4,"x;y"').columns, 2);
  assert.equal(read('"a;b","c;d",k\n1,2,x\n').columns, 2);
  assert.equal(
    read('1\t2;\tx\n', { header: false, use: () => 'text' }).columns,
    2,
    'a tab before a semicolon',
  );
});

test('csv: what nobody can read is said in words', () => {
  const says = (text: string, options: Partial<CsvOptions>, message: RegExp) =>
    assert.throws(() => read(text, options), { message });
  says('', {}, /the file has no rows$/);
  says('x,k\n', {}, /the file has a header but no rows$/);
  says('kind\na\n', { label: 'kind' }, /the label column is the only column; features are needed$/);
  says('x,k\n1,a\n', { use: () => 'skip' }, /every column is left out; features are needed$/);
  says('1,2,a\n3,4\n', {}, /the row has 2 fields, expected 3 as in the first row$/);
  says('x,k\n1,\n', {}, /the label in column "k" \(field 2\) is missing$/);
  says('1,a\n2,\n', {}, /the label in field 2 is missing$/);
  says('k,y,k\n1,2,3\n', { label: 'k' }, /two columns have the name "k"$/);
  says('x,y\n1,2\n', { label: 'k' }, /no column has the name "k"; the columns are "x", "y"$/);
  says('1,2,3\n', { label: 7 }, /there is no column 7; columns count from 0 to 2, or -1 back to -3$/);
  says('1,2\n', { label: 'k', header: false }, /label "k" is a column name, but the file is read without a/);
  says(
    '1,2,a\n',
    { delimiter: '::' },
    /delimiter must be one character, neither quote nor line end, not "::"$/,
  );
  for (const cell of ['inf', '-Infinity', '+INF'])
    says(`1,2,a\n${cell},4,b\n`, {}, /" in field 1 is not a finite number$/);
  says('1,2,a\n-1e999,4,b\n', {}, /"-1e999" in field 1 is out of range$/);
  says(
    'x,y,k\n1,,a\n',
    {},
    /the cell in column "y" \(field 2\) is empty, without a value; every feature must/,
  );
  says(
    'x,y,k\n1,null,a\n',
    {},
    /"null" in column "y" \(field 2\) says that there is no value; every feature/,
  );
  says('1,abc,a\n', {}, /"abc" in field 2 is not a decimal number; every feature must be one$/);
});

test('csv: options that are none are refused by name', () => {
  const wrong: Record<string, unknown> = {
    ...{ name: 7, label: {}, header: 'perhaps', task: 'guessing', classes: 'ab' },
    ...{ delimiter: 1, decimal: ';', use: 'text', missing: 'ignore' },
  };
  for (const [option, value] of Object.entries(wrong))
    assert.throws(() => read('1,a', { [option]: value } as never), { name: 'OptionError', option });
  assert.throws(() => read('1,a', { seperator: ';' } as never), { code: 'ERR_OPTION_UNKNOWN' });
  assert.throws(() => read(7 as never), { message: /the CSV text is 7/ });
});

test('csv: as many rows as there are, not one lost where more memory is needed', () => {
  const rows = Array.from({ length: 2500 }, (_, i) => `${i},${i / 8},${-i},k${i % 3}`);
  const data = read(rows.join('\n'));
  assert.equal(data.rows, 2500);
  assert.deepEqual(
    [...data.features],
    rows.flatMap((row) => row.split(',').slice(0, 3).map(Number)),
  );
  // One row that is longer than twice what there was room for.
  const wide = Array.from({ length: 5000 }, (_, i) => i);
  assert.deepEqual([...read(`${wide.join(',')},a\n`).features], wide);
});
