/** The command line on files as people have them: names, text, blanks, commas, identifiers. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { clusters, Workshop } from '../../support/cli-process.ts';

let shop: Workshop;
const quick = ['--shots', 'exact', '--steps', '20'];

/** Customers with a column of each sort. */
const ROWS = Array.from({ length: 60 }, (_, i) => {
  const age = 20 + ((i * 37) % 50);
  const spend = ((i * 53) % 97) / 4;
  const city = ['Ulm', 'Bonn', 'Kiel'][(i * 7) % 3] as string;
  return { id: `${1000 + i}`, age: `${age}`, spend: `${spend}`, city, churn: age > 44 ? 'yes' : 'no' };
});

type Name = keyof (typeof ROWS)[number];

/** Some columns of the rows as CSV. */
function csv(names: readonly Name[], { delimiter = ',', header = true, rows = ROWS } = {}): string {
  const lines = rows.map((row) => names.map((name) => row[name]).join(delimiter));
  return `${(header ? [names.join(delimiter), ...lines] : lines).join('\n')}\n`;
}

const ALL: readonly Name[] = ['id', 'age', 'spend', 'city', 'churn'];

/** Runs a command that must do. @returns its lines on stdout and stderr */
async function done(...args: string[]): Promise<{ out: string[]; err: string }> {
  const { code, stdout, stderr } = await shop.run(args);
  assert.equal(code, 0, stderr);
  return { out: stdout.trimEnd().split('\n'), err: stderr };
}

/** Runs a command that must refuse. @returns the last line on stderr */
async function refused(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await shop.run(args);
  assert.equal(code, 1, stderr);
  assert.equal(stdout, '');
  return stderr.trimEnd().split('\n').at(-1) as string;
}

const train = (file: string, ...flags: string[]) => [
  'train',
  '--csv',
  file,
  '--label',
  'churn',
  ...quick,
  ...flags,
];

before(async () => {
  shop = await Workshop.open();
  await shop.write('all.csv', csv(ALL));
  await done(...train('all.csv', '--ignore', 'id', '--out', 'm.nlrvqa'));
});
after(() => shop.close());

describe('columns by name', () => {
  test('predict, evaluate and --test-csv go by the header, whatever the order', async () => {
    await shop.write('other.csv', csv(['churn', 'city', 'spend', 'id', 'age']));
    await shop.write('bare.csv', csv(['city', 'spend', 'age']));
    const { out, err } = await done('predict', 'm.nlrvqa', '--csv', 'all.csv');
    assert.match(err, /all\.csv: not used by the model: "id"\n$/);
    for (const file of ['other.csv', 'bare.csv']) {
      assert.deepEqual((await done('predict', 'm.nlrvqa', '--csv', file)).out, out, file);
    }
    const evaluated = (file: string) => shop.json(['evaluate', 'm.nlrvqa', '--csv', file]);
    const { accuracy, loss } = await evaluated('all.csv');
    const other = await evaluated('other.csv');
    assert.deepEqual([other.accuracy, other.loss], [accuracy, loss]);
    for (const seeds of [[], ['--seeds', '2']]) {
      const tested = (file: string) =>
        shop.json([...train('all.csv', '--ignore', 'id', '--test-csv', file), ...seeds]);
      const summary = ({ lossTest, summary }: Record<string, unknown>) =>
        (lossTest ?? (summary as { lossTest: unknown }).lossTest) as unknown;
      assert.deepEqual(summary(await tested('other.csv')), summary(await tested('all.csv')));
    }
  });

  test('what is missing is refused by name, with both headers', async () => {
    await shop.write('lacking.csv', csv(['city', 'age', 'churn']));
    for (const command of ['predict', 'evaluate']) {
      assert.equal(
        await refused(command, 'm.nlrvqa', '--csv', 'lacking.csv'),
        'nlr-vqa: lacking.csv: there is no column "spend": the model takes "age", "spend", "city"; the data has "city", "age", "churn"'.replace(
          ', "churn"',
          command === 'predict' ? ', "churn"' : '',
        ),
      );
    }
  });

  test('files without a header go by place, also beside columns that were left out', async () => {
    const { out } = await done('predict', 'm.nlrvqa', '--csv', 'all.csv');
    await shop.write('places.csv', csv(['age', 'spend', 'city'], { header: false }));
    await shop.write('more.csv', csv(['id', 'age', 'spend', 'city'], { header: false }));
    for (const file of ['places.csv', 'more.csv']) {
      assert.deepEqual((await done('predict', 'm.nlrvqa', '--csv', file)).out, out, file);
    }
    await shop.write('whole.csv', csv(ALL, { header: false }));
    assert.match(
      await refused('predict', 'm.nlrvqa', '--csv', 'whole.csv'),
      /whole\.csv: the data has 5 columns without names; the model takes 3, or the 4 of its training file: "age", "spend", "city"; --label COLUMN leaves the labels out$/,
    );
    assert.deepEqual((await done('predict', 'm.nlrvqa', '--csv', 'whole.csv', '--label', '-1')).out, out);
  });
});

describe('columns that are chosen', () => {
  test('--ignore and --columns say the same in two ways, by name or by index', async () => {
    const loss = async (...flags: string[]) => (await shop.json(train('all.csv', ...flags))).loss;
    const expected = await loss('--ignore', 'id');
    for (const flags of [
      ['--ignore', '0'],
      ['--ignore', '-5'],
      ['--columns', 'age,spend,city'],
      ['--columns', '1,2,3,4'],
    ]) {
      assert.equal(await loss(...flags), expected, flags.join(' '));
    }
    assert.match(
      await refused(...train('all.csv', '--ignore', 'ids')),
      /--ignore names "ids", but the columns are "id"/,
    );
    assert.match(
      await refused(...train('all.csv', '--columns', '7')),
      /--columns names "7", but the columns are/,
    );
  });

  test('an identifier is pointed out, a name is refused, and each names the flag', async () => {
    const { err } = await done(...train('all.csv'));
    assert.match(
      err,
      /column "id" looks like an identifier, every row has another whole number; --ignore id leaves it out\n/,
    );
    await shop.write('names.csv', csv(ALL).replaceAll(/^(1\d+),/gm, 'K$1,'));
    assert.match(
      await refused(...train('names.csv')),
      /column "id" has 60 different texts in 60 rows: names or identifiers, not categories; --ignore id leaves it out$/,
    );
  });

  test('the flag for a column is one to copy, whatever the column is called', async () => {
    for (const [name, flag] of [
      ['customer id', "--ignore 'customer id'"],
      ["the buyer's id", "--ignore 'the buyer'\\''s id'"],
      ['"row, id"', '--ignore 0'],
    ] as const) {
      await shop.write('named.csv', csv(ALL).replace(/^id/, name));
      const { err } = await done(...train('named.csv'));
      assert.ok(err.includes(`; ${flag} leaves it out\n`), err);
    }
  });

  test('text among numbers is refused at its place, and --text takes it', async () => {
    await shop.write('grades.csv', csv(ALL).replace(',Ulm,', ',7,'));
    const message = await refused(...train('grades.csv', '--ignore', 'id'));
    assert.match(
      message,
      /grades\.csv:3:\d+: "Bonn" in column "city" .* --text COLUMN takes a column as text/,
    );
    const { err } = await done(
      ...train('grades.csv', '--ignore', 'id', '--text', 'city', '--out', 'g.nlrvqa'),
    );
    assert.match(err, /wrote g\.nlrvqa/);
    await done('predict', 'g.nlrvqa', '--csv', 'grades.csv');
  });

  test('text that training did not see counts as none, with a note, or is refused', async () => {
    await shop.write('new.csv', csv(ALL).replace(',Kiel,', ',Köln,'));
    const { err } = await done('predict', 'm.nlrvqa', '--csv', 'new.csv');
    assert.match(err, /new\.csv: "Köln" in column "city" was not in the training data/);
    await done(...train('all.csv', '--ignore', 'id', '--unseen', 'refuse', '--out', 'strict.nlrvqa'));
    assert.match(
      await refused('predict', 'strict.nlrvqa', '--csv', 'new.csv'),
      /new\.csv:\d+: the row has "Köln" in column "city", none of "Bonn", "Kiel", "Ulm"$/,
    );
  });
});

describe('missing values', () => {
  const GAPS = ROWS.map((row, i) =>
    i % 10 === 4 ? { ...row, age: 'NA' } : i % 10 === 7 ? { ...row, city: '' } : row,
  );
  before(() => shop.write('gaps.csv', csv(ALL, { rows: GAPS })));

  test('are refused at their place, with the flags that help', async () => {
    assert.match(
      await refused(...train('gaps.csv', '--ignore', 'id')),
      /gaps\.csv:6:6: "NA" in column "age" .*; --missing drop leaves such rows out, --missing mean fills the mean in$/,
    );
    const { err } = await done(...train('gaps.csv', '--ignore', 'id,age,city'));
    assert.doesNotMatch(err, /left out/, 'a column that is not used may lack values');
    assert.match(
      await refused('predict', 'm.nlrvqa', '--csv', 'gaps.csv'),
      /gaps\.csv:6:6: "NA" in column "age" .* the model was trained without missing values/,
    );
  });

  test('mean: the model fills them in by itself', async () => {
    await done(...train('gaps.csv', '--ignore', 'id', '--missing', 'mean', '--out', 'mean.nlrvqa'));
    const { out } = await done('predict', 'mean.nlrvqa', '--csv', 'gaps.csv');
    assert.equal(out.length, 60);
    for (const line of out) assert.match(line, /^(yes|no),-?\d/);
  });

  test('drop: no training on such rows, and no prediction, but their line is there', async () => {
    const { err } = await done(
      ...train('gaps.csv', '--ignore', 'id', '--missing', 'drop', '--out', 'drop.nlrvqa'),
    );
    assert.match(err, /gaps\.csv: 48 rows .*; 12 rows left out, where a value is missing\n/);
    const { out, err: said } = await done('predict', 'drop.nlrvqa', '--csv', 'gaps.csv');
    assert.match(said, /no prediction for 12 rows, where a value is missing/);
    assert.equal(out.length, 60);
    out.forEach((line, i) =>
      assert.match(line, i % 10 === 4 || i % 10 === 7 ? /^,$/ : /^(yes|no),-?\d/, `${i}`),
    );
    const { predictions } = await shop.json(['predict', 'drop.nlrvqa', '--csv', 'gaps.csv']);
    assert.deepEqual(
      (predictions as unknown[]).flatMap((each, i) => (each === null ? [i] : [])),
      GAPS.flatMap((_, i) => (i % 10 === 4 || i % 10 === 7 ? [i] : [])),
    );
    assert.equal((await shop.json(['evaluate', 'drop.nlrvqa', '--csv', 'gaps.csv'])).rows, 48);
  });

  test('a run is resumed with the rows it was begun with', async () => {
    const flags = ['--ignore', 'id', '--missing', 'drop', '--checkpoint', 'run.ckpt'];
    const whole = await shop.json(train('gaps.csv', ...flags));
    assert.equal((await shop.json(['train', '--resume', 'run.ckpt'])).trace, whole.trace);
  });
});

describe('how a file is written', () => {
  test('semicolons and decimal commas are found and said', async () => {
    const text = csv(ALL, { delimiter: ';' }).replaceAll('.', ',');
    await shop.write('german.csv', text);
    const { err } = await done(...train('german.csv', '--ignore', 'id'));
    assert.match(
      err,
      /^nlr-vqa: german\.csv: 60 rows separated by semicolons, with decimal commas, the header "id", "age", "spend", "city", "churn"\n/,
    );
    const { out } = await done('predict', 'm.nlrvqa', '--csv', 'all.csv');
    assert.deepEqual((await done('predict', 'm.nlrvqa', '--csv', 'german.csv')).out, out);
    const quiet = await done(...train('german.csv', '--ignore', 'id', '--quiet'));
    assert.equal(quiet.err, '');
  });

  test('--csv - is stdin, for train, predict and evaluate', async () => {
    const { out } = await done('predict', 'm.nlrvqa', '--csv', 'all.csv');
    assert.deepEqual(
      (await shop.fed(csv(ALL), 'predict', 'm.nlrvqa', '--csv', '-')).stdout.trimEnd().split('\n'),
      out,
    );
    const { loss } = await shop.json(['evaluate', 'm.nlrvqa', '--csv', 'all.csv']);
    const evaluated = await shop.fed(csv(ALL), 'evaluate', 'm.nlrvqa', '--csv', '-', '--json');
    assert.equal(JSON.parse(evaluated.stdout).loss, loss);
    const trained = await shop.fed(csv(ALL), ...train('-', '--ignore', 'id', '--json'));
    assert.match(trained.stderr, /^nlr-vqa: stdin: 60 rows/);
    assert.equal(JSON.parse(trained.stdout).steps, 20);
    const { code, stderr } = await shop.fed('', ...train('-', '--checkpoint', 'x.ckpt'));
    assert.equal(code, 2);
    assert.match(stderr, /stdin could not be read again to resume/);
  });
});

test('labels that are numbers to predict, or no labels, are asked about', async () => {
  const rows = ROWS.map((row, i) => ({ ...row, churn: `${i * 1.25}` }));
  await shop.write('prices.csv', csv(ALL, { rows }));
  assert.match(
    await refused(...train('prices.csv', '--ignore', 'id')),
    /prices\.csv: "churn" has 60 classes in 60 rows: is this a number to predict\? --task regression does that/,
  );
  assert.match(
    await refused('train', '--csv', 'names.csv', '--label', 'id', ...quick),
    /names\.csv: "id" has 60 classes in 60 rows: is this the column with the labels\? --task classification takes them as classes$/,
  );
});

test('more classes than qubits are read from products too, which is said', async () => {
  const names = ['a', 'b', 'c', 'd', 'e'];
  await shop.write('five.csv', clusters(names, 100));
  const five = ['--csv', 'five.csv', '--label', 'kind', ...quick];
  const { err } = await done('train', ...five, '--out', 'five.nlrvqa');
  assert.match(
    err,
    /5 classes are more than 4 qubits have <Z_i> for: they are read from 6 <Z_i Z_j> too.*one-vs-rest/,
  );
  const observables = async () => {
    const { model } = await shop.json(['inspect', 'five.nlrvqa']);
    return (model as { observables: { pauli: string }[][] }).observables.map(([{ pauli }]) => pauli);
  };
  const z = ['Z0', 'Z1', 'Z2', 'Z3'];
  assert.deepEqual(await observables(), [...z, 'Z0 Z1', 'Z0 Z2', 'Z0 Z3', 'Z1 Z2', 'Z1 Z3', 'Z2 Z3']);
  for (const flags of [
    ['--observable', 'all-z'],
    ['--classes', 'a,b,c,d'],
    ['--multiclass', 'one-vs-rest'],
  ]) {
    const { err: said } = await done('train', ...five, ...flags, '--out', 'five.nlrvqa');
    assert.doesNotMatch(said, /Z_i Z_j/);
    assert.deepEqual(await observables(), z);
  }
  const seeds = await done('train', ...five, '--seeds', '3');
  assert.equal(seeds.err.match(/Z_i Z_j/g)?.length, 1);
  assert.match((await done('plan', '--classes', names.join(','))).err, /Z_i Z_j/);
});

test('train is exact unless it is told the shots, the demo is not', async () => {
  assert.equal((await shop.json(['train', '--csv', 'all.csv', '--label', 'churn', '--steps', '2'])).shots, 0);
  const { runs } = await shop.json(['demo', '--steps', '1']);
  const recommended = (runs as { evaluations: number; shots: number }[]).at(-2);
  assert.equal(recommended?.shots, 20 * (recommended?.evaluations ?? 0));
});
