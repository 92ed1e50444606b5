/** Tables as people export them, each trained on by one command and predicted by a second, with what these print. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Workshop } from '../../support/cli-process.ts';
import { FILES } from './messy/make.mjs';

let shop: Workshop;
before(async () => {
  shop = await Workshop.open();
  for (const [name, make] of Object.entries(FILES)) await shop.write(`${name}.csv`, make());
});
after(() => shop.close());

/** A table, and what is said and printed of it. */
interface Table {
  /** What the first attempt, without these flags, is refused with; absent: it is not. */
  readonly first?: RegExp;
  readonly label: string;
  readonly flags: readonly string[];
  /** On stderr, of training and of prediction. */
  readonly says: readonly RegExp[];
  readonly predictSays: readonly RegExp[];
  readonly predictFlags?: readonly string[];
  /** A line of the result, with a number, and the least that this may be. */
  readonly result: RegExp;
  readonly least: number;
  readonly rows: number;
  readonly line: RegExp;
}

const TABLES: Readonly<Record<string, Table>> = {
  customers: {
    label: 'churn',
    first: /customers\.csv:\d+:\d+: "N\/A" in column "age" .* --missing drop .* --missing mean/,
    flags: ['--ignore', 'customer_id,name', '--missing', 'mean'],
    says: [/160 rows separated by commas, the header "customer_id", "name", "age", "monthly spend"/],
    predictSays: [/not used by the model: "customer_id", "name"\n/],
    result: /^accuracy, test +([\d.]+) % of 32 rows$/m,
    least: 85,
    rows: 160,
    line: /^(yes|no),-?\d/,
  },
  sensors: {
    label: 'Zustand',
    flags: [],
    says: [/120 rows separated by semicolons, with decimal commas, the header "Temperatur", "Druck"/],
    predictSays: [/with decimal commas/],
    result: /^accuracy, test +([\d.]+) % of 24 rows$/m,
    least: 85,
    rows: 120,
    line: /^(gut|Störung),-?\d/,
  },
  parts: {
    label: '0',
    first: /parts\.csv:\d+:\d+: "\?" in field \d .* --missing drop/,
    flags: ['--missing', 'drop', '--class-weights', 'balanced'],
    says: [
      /176 rows separated by commas, no header, 4 columns; 24 rows left out, where a value is missing\n/,
    ],
    predictSays: [/no prediction for 24 rows, where a value is missing\n/],
    predictFlags: ['--label', '0'],
    result: /^cracked +\S+ % +([\d.]+) %/m,
    least: 50,
    rows: 200,
    line: /^((cracked|large|small)(,-?\d[^,]*){3}|,,,)$/,
  },
  flats: {
    label: 'price',
    first: /flats\.csv:\d+:\d+: "NaN" in column "rating"/,
    flags: ['--task', 'regression', '--ignore', 'Id', '--missing', 'mean'],
    says: [/150 rows separated by tabs, the header "Id", "size", "rooms"/],
    predictSays: [/not used by the model: "Id"\n/],
    result: /^R2, test +([\d.]+) of 30 rows$/m,
    least: 0.9,
    rows: 150,
    line: /^\d+\.\d+$/,
  },
  survey: {
    label: 'opinion',
    flags: ['--text', 'postcode'],
    says: [/240 rows separated by commas/, /5 classes are more than 4 qubits have <Z_i> for/],
    predictSays: [/the header "postcode", "transport"/],
    result: /^accuracy, test +([\d.]+) % of 48 rows$/m,
    least: 75,
    rows: 240,
    line: /^(very bad|bad|neutral|good|very good)(,-?\d[^,]*){5}$/,
  },
};

for (const [name, table] of Object.entries(TABLES)) {
  test(`${name}: trained by one command, predicted by a second`, async () => {
    const train = ['train', '--csv', `${name}.csv`, '--label', table.label];
    if (table.first) {
      const { code, stderr } = await shop.run(train);
      assert.equal(code, 1);
      assert.match(stderr, table.first);
    }
    const trained = await shop.run([...train, ...table.flags, '--out', `${name}.nlrvqa`]);
    assert.equal(trained.code, 0, trained.stderr);
    for (const says of table.says) assert.match(trained.stderr, says);
    const found = table.result.exec(trained.stdout)?.[1];
    assert(Number(found) >= table.least, trained.stdout);
    const predict = ['predict', `${name}.nlrvqa`, '--csv', `${name}.csv`, ...(table.predictFlags ?? [])];
    const predicted = await shop.run(predict);
    assert.equal(predicted.code, 0, predicted.stderr);
    for (const says of table.predictSays) assert.match(predicted.stderr, says);
    const lines = predicted.stdout.trimEnd().split('\n');
    assert.equal(lines.length, table.rows);
    for (const line of lines) assert.match(line, table.line);
  });
}

test('flats: evaluated in the units of the price, and asked about without the task', async () => {
  const { r2, rmse, rows } = await shop.json(['evaluate', 'flats.nlrvqa', '--csv', 'flats.csv']);
  assert(Number(r2) > 0.9 && Number(rmse) > 1000 && Number(rmse) < 20000 && rows === 150);
  const { code, stderr } = await shop.run([
    'train',
    '--csv',
    'flats.csv',
    '--label',
    'price',
    '--ignore',
    'Id,rating',
  ]);
  assert.equal(code, 1);
  assert.match(
    stderr,
    /"price" has 150 classes in 150 rows: is this a number to predict\? --task regression does that/,
  );
  const both = await shop.run([
    'train',
    '--csv',
    'flats.csv',
    '--label',
    'price',
    '--task',
    'regression',
    '--seeds',
    '2',
  ]);
  assert.equal(both.code, 2);
  assert.match(both.stderr, /--seeds is for classes; --task regression has none/);
  const ids = await shop.run([
    'train',
    '--csv',
    'flats.csv',
    '--label',
    'district',
    '--ignore',
    'rating',
    '--steps',
    '2',
  ]);
  assert.match(
    ids.stderr,
    /column "Id" looks like an identifier, every row has another whole number; --ignore Id/,
  );
});

test('the files in the folder are those that make.mjs writes', async () => {
  for (const [name, make] of Object.entries(FILES)) {
    const file = fileURLToPath(new URL(`messy/${name}.csv`, import.meta.url));
    assert.equal(await readFile(file, 'utf8'), make(), name);
  }
});
