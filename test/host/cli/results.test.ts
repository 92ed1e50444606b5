/** What a run comes to, as people and programs read it: metrics by class, predictions in files and in formats. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { clusters, Workshop } from '../../support/cli-process.ts';

let shop: Workshop;
const quick = ['--shots', 'exact', '--steps', '60'];
const labelled = ['--csv', 'three.csv', '--label', 'kind'];

interface Found {
  readonly classes: { name: string; precision: number | null; recall: number | null; support: number }[];
  readonly confusion: number[][];
}

before(async () => {
  shop = await Workshop.open();
  await shop.write('three.csv', clusters(['red', 'green', 'blue'], 90));
  await shop.write('named.csv', clusters(['"a ""quoted"", name"', 'b'], 60));
  await shop.json(['train', ...labelled, ...quick, '--out', 'three.nlrvqa']);
  const named = ['train', '--csv', 'named.csv', '--label', 'kind', ...quick, '--out', 'named.nlrvqa'];
  await shop.json(named);
});
after(() => shop.close());

describe('evaluate', () => {
  test('has precision, recall and F1 of every class, and what was taken for what', async () => {
    const { metrics, accuracy, rows } = await shop.json(['evaluate', 'three.nlrvqa', ...labelled]);
    const { classes, confusion } = metrics as Found;
    assert.deepEqual(
      classes.map(({ name, support }) => [name, support]),
      [
        ['blue', 30],
        ['green', 30],
        ['red', 30],
      ],
    );
    const right = confusion.reduce((sum, row, c) => sum + row[c], 0);
    assert.equal(right / Number(rows), accuracy);
    const { stdout } = await shop.run(['evaluate', 'three.nlrvqa', ...labelled]);
    assert.match(stdout, /^accuracy +\d+\.\d\d %\n/, 'what matters most comes first');
    assert.match(stdout, /\nclass +precision +recall +F1 +rows\nblue( +[\d.]+ %){3} +30\n/);
    assert.match(stdout, /\ntrue \\ predicted +blue +green +red\nblue( +\d+){3}\n/);
  });

  test('of many classes shows the worst, and names the commonest mistakes', async () => {
    const classes = Array.from({ length: 24 }, (_, i) => `c${i}`);
    const rows = Array.from({ length: 96 }, (_, i) => `${Math.sin(i)},${Math.cos(3 * i)},${classes[i % 24]}`);
    await shop.write('many.csv', ['x,y,kind', ...rows, ''].join('\n'));
    const data = ['--csv', 'many.csv', '--label', 'kind'];
    await shop.json(['train', ...data, '--steps', '3', '--shots', 'exact', '--out', 'many.nlrvqa']);
    const { stdout } = await shop.run(['evaluate', 'many.nlrvqa', ...data]);
    assert.match(stdout, /the 20 of 24 classes with the lowest F1; --json has all/);
    assert.match(
      stdout,
      /of 24 classes the matrix is in --json; the commonest mistakes:\n {2}c\d+ taken for c\d+: /,
    );
    const { metrics } = await shop.json(['evaluate', 'many.nlrvqa', ...data]);
    assert.equal((metrics as Found).confusion.length, 24);
  });
});

describe('predict', () => {
  const predict = ['predict', 'three.nlrvqa', ...labelled];

  test('--probabilities: a column a class below a quoted header, which adds up to 1', async () => {
    const { stdout } = await shop.run([...predict, '--probabilities']);
    const [header, ...lines] = stdout.trimEnd().split('\n');
    assert.equal(header, '"prediction","blue","green","red"');
    assert.equal(lines.length, 90);
    for (const line of lines) {
      const [name, ...probabilities] = line.split(',');
      const values = probabilities.map(Number);
      assert(Math.abs(values.reduce((sum, value) => sum + value, 0) - 1) < 1e-12);
      assert.equal(['blue', 'green', 'red'][values.indexOf(Math.max(...values))], name);
    }
    const bare = await shop.run([...predict, '--probabilities', '--no-column-names']);
    assert.equal(bare.stdout, `${lines.join('\n')}\n`);
  });

  test('a class may be called anything: it is quoted in CSV and escaped in JSON', async () => {
    const args = ['predict', 'named.nlrvqa', '--csv', 'named.csv', '--label', 'kind', '--probabilities'];
    const csv = await shop.run(args);
    assert.match(
      csv.stdout,
      /^"prediction","a ""quoted"", name","b"\n"a ""quoted"", name",0\.\d+,0\.\d+\nb,/,
    );
    const [first] = (await shop.run([...args, '--format', 'jsonl'])).stdout.split('\n');
    const { label, probabilities } = JSON.parse(first);
    assert.equal(label, 'a "quoted", name');
    assert.deepEqual(Object.keys(probabilities), ['a "quoted", name', 'b']);
  });

  test('--format jsonl is a line a row, json the object of --json', async () => {
    const { predictions } = await shop.json(predict);
    const jsonl = await shop.run([...predict, '--format', 'jsonl']);
    assert.deepEqual(
      jsonl.stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
      predictions,
    );
    const { stdout } = await shop.run([...predict, '--format', 'json']);
    assert.deepEqual(JSON.parse(stdout).predictions, predictions);
    const mixed = await shop.run([...predict, '--json', '--format', 'csv']);
    assert.equal(mixed.code, 2);
    assert.match(mixed.stderr, /--json and --format csv exclude each other/);
  });

  test('--out writes the file whole, and over none that is read', async () => {
    const { stdout, stderr } = await shop.run([...predict, '--format', 'csv', '--out', 'answers.csv']);
    assert.equal(stdout, '');
    assert.match(stderr, /^nlr-vqa: wrote answers\.csv: 90 predictions$/m);
    const text = new TextDecoder().decode(await shop.read('answers.csv'));
    assert.equal(text, (await shop.run([...predict, '--format', 'csv'])).stdout);
    const before = await shop.read('three.csv');
    for (const file of ['three.csv', './three.nlrvqa']) {
      const { code, stderr } = await shop.run([...predict, '--out', file]);
      assert.equal(code, 2);
      assert.match(stderr, /which this run reads; give another file/);
    }
    assert.deepEqual(await shop.read('three.csv'), before);
  });

  test('120,000 rows are as many lines', async () => {
    const rows = 120_000;
    const body = Array.from({ length: rows }, (_, i) => `${i % 7},${i % 5},${i % 3}\n`).join('');
    await shop.write('large.csv', `a,b,c\n${body}`);
    const args = ['predict', 'three.nlrvqa', '--csv', 'large.csv', '--probabilities'];
    const { code, stdout, stderr } = await shop.run(args);
    assert.equal(code, 0, stderr);
    assert.equal(stdout.split('\n').length, rows + 2);
  });
});
