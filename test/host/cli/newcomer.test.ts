/** What someone new to the command runs into: each is refused, or said, in a sentence that helps. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Workshop } from '../../support/cli-process.ts';

let shop: Workshop;
before(async () => {
  shop = await Workshop.open();
});
after(() => shop.close());

const quick = ['--steps', '3'];
const train = (file: string, label: string, ...flags: string[]) => [
  'train',
  '--csv',
  file,
  '--label',
  label,
  ...quick,
  ...flags,
];

/** Rows of `count`, each from its number. */
const rows = (count: number, row: (i: number) => string) =>
  `${Array.from({ length: count }, (_, i) => row(i)).join('\n')}\n`;

const yes = (i: number) => (i % 2 === 0 ? 'yes' : 'no');
const value = (i: number) => (((i * 37) % 50) / 4 + (i % 2)).toFixed(3);

async function done(args: readonly string[]): Promise<{ out: string; err: string }> {
  const { code, stdout, stderr } = await shop.run(args);
  assert.equal(code, 0, stderr);
  return { out: stdout, err: stderr };
}

/** @returns the last line on stderr */
async function refused(expected: 1 | 2, args: readonly string[]): Promise<string> {
  const { code, stderr } = await shop.run(args);
  assert.equal(code, expected, stderr);
  return stderr.trimEnd().split('\n').at(-1) as string;
}

describe('the flag that is named leaves out the column that is meant', () => {
  const FILES: Readonly<Record<string, { text: string; label: string; where: string; flag: string }>> = {
    'no header, the label first': {
      text: rows(40, (i) => `${yes(i)},${value(i)},${1000 + i},${value(i * 3)}`),
      label: '0',
      where: 'column 3',
      flag: '--ignore 2',
    },
    'no name in the header, the label first': {
      text: `y,,a\n${rows(40, (i) => `${yes(i)},${1000 + i},${value(i)}`)}`,
      label: 'y',
      where: 'column 2',
      flag: '--ignore 1',
    },
    'no name in the header, the label before it': {
      text: `a,b,y,\n${rows(40, (i) => `${value(i)},${value(i * 3)},${yes(i)},${1000 + i}`)}`,
      label: 'y',
      where: 'column 4',
      flag: '--ignore 3',
    },
    'no name, and another column is called by the index': {
      text: `y,,1\n${rows(40, (i) => `${yes(i)},${1000 + i},${value(i)}`)}`,
      label: 'y',
      where: 'column 2',
      flag: '--ignore -2',
    },
  };
  for (const [name, { text, label, where, flag }] of Object.entries(FILES)) {
    test(`identifiers: ${name}`, async () => {
      await shop.write('ids.csv', text);
      const { err } = await done(
        train('ids.csv', label, '--header').filter((arg) => arg !== '--header' || label !== '0'),
      );
      assert.ok(
        err.includes(
          `: ${where} looks like an identifier, every row has another whole number; ${flag} leaves`,
        ),
        err,
      );
      const { err: left } = await done(
        train('ids.csv', label, ...flag.split(' '), '--header').filter(
          (arg) => arg !== '--header' || label !== '0',
        ),
      );
      assert.doesNotMatch(left, /identifier/);
    });
    test(`names: ${name}`, async () => {
      await shop.write('names.csv', text.replaceAll(/\b1(0\d\d)\b/g, 'K$1'));
      const header = label === '0' ? [] : ['--header'];
      const message = await refused(1, train('names.csv', label, ...header));
      assert.ok(
        message.includes(
          `: ${where} has 40 different texts in 40 rows: names or identifiers, not categories; ${flag} leaves`,
        ),
        message,
      );
      await done(train('names.csv', label, ...header, ...flag.split(' ')));
    });
  }

  test('of columns of one name by the index; whole numbers that are not exact are none', async () => {
    await shop.write('twice.csv', `id,id,y\n${rows(40, (i) => `${value(i)},${1000 + i},${yes(i)}`)}`);
    assert.match(
      (await done(train('twice.csv', 'y'))).err,
      /column "id" looks like an identifier, every row .*; --ignore 1 /,
    );
    await shop.write('huge.csv', `x,y\n${rows(40, (i) => `${i + 1}e30,${yes(i)}`)}`);
    assert.doesNotMatch((await done(train('huge.csv', 'y'))).err, /identifier/);
  });
});

describe('numbers as their reader writes them', () => {
  const FILES: Readonly<
    Record<string, { cell: (i: number) => string; says: RegExp; flags?: readonly string[] }>
  > = {
    'three decimals behind a comma': {
      cell: (i) => `${i + 1},${250 + (i % 7)}`,
      says: /column "x" has text such as "1,250", which looks like numbers: --decimal , reads them so; .*; --text x takes them as categories$/,
      flags: ['--decimal', ','],
    },
    'the same three decimals over and over': {
      cell: (i) => ['1,250', '2,500'][i % 2] as string,
      says: /--decimal , reads them so/,
      flags: ['--text', 'x'],
    },
    'points and commas': {
      cell: (i) => `1.${234 + i},5`,
      says: /"1\.234,5", which looks like numbers: write them without marks between thousands/,
    },
    percent: {
      cell: (i) => `${i % 9} %`,
      says: /"0 %", which looks like numbers: write them without %/,
      flags: ['--text', 'x'],
    },
  };
  for (const [name, { cell, says, flags }] of Object.entries(FILES)) {
    test(name, async () => {
      await shop.write('marks.csv', `x;z;y\n${rows(40, (i) => `${cell(i)};${i % 5};${yes(i)}`)}`);
      assert.match(await refused(1, train('marks.csv', 'y')), says);
      if (flags !== undefined) await done(train('marks.csv', 'y', ...flags));
    });
  }

  test('versions and dates are none', async () => {
    await shop.write('versions.csv', `x;y\n${rows(40, (i) => `1.${i % 3}.2;${yes(i)}`)}`);
    await done(train('versions.csv', 'y'));
  });
});

describe('rows that all lack a value', () => {
  for (const [task, label] of [
    ['classification', yes],
    ['regression', value],
  ] as const) {
    test(`have a blank line each: ${task}`, async () => {
      const gaps = `x,z,y\n${rows(40, (i) => `${i === 3 ? '' : value(i)},${value(i * 3)},${label(i)}`)}`;
      await shop.write('gaps.csv', gaps);
      await done(train('gaps.csv', 'y', '--missing', 'drop', '--task', task, '--out', 'drop.nlrvqa'));
      await shop.write('blank.csv', 'x,z\n,1\n2,\n');
      const predict = ['predict', 'drop.nlrvqa', '--csv', 'blank.csv'];
      const { out, err } = await done(predict);
      assert.equal(out, task === 'regression' ? '""\n""\n' : ',\n,\n');
      assert.match(err, /no prediction for 2 rows/);
      assert.equal((await done([...predict, '--format', 'jsonl'])).out, 'null\nnull\n');
      assert.deepEqual((await shop.json(predict)).predictions, [null, null]);
    });
  }
});

describe('names of files', () => {
  const FLAGS: Readonly<Record<string, readonly string[]>> = {
    train: ['--out', '--checkpoint', '--log', '--plot', '--csv', '--resume', '--test-csv'],
    predict: ['--out', '--csv', '--idx'],
    evaluate: ['--csv'],
    demo: ['--out'],
    c: ['--out'],
  };
  for (const [command, flags] of Object.entries(FLAGS)) {
    test(`${command}: none is empty`, async () => {
      for (const flag of flags) {
        const message = await refused(2, [command, flag, '']);
        assert.equal(message, `nlr-vqa: ${flag} is ''; expected the name of a file`);
      }
    });
  }

  test('nor is that of a model', async () => {
    for (const command of ['predict', 'evaluate', 'inspect'])
      assert.match(
        await refused(2, [command, '']),
        /^nlr-vqa: the (model|file) is ''; expected the name of a file$/,
      );
  });

  test('- is no file to write', async () => {
    for (const [command, ...flags] of [
      ['train', '--out', '--checkpoint', '--log', '--plot'],
      ['predict', '--out'],
      ['demo', '--out'],
      ['c', '--out'],
    ] as const) {
      for (const flag of flags)
        assert.match(await refused(2, [command, flag, '-']), /is '-'; expected the name of a file: \w/);
    }
  });
});

test('columns of one name are pointed out, and fewer of them are refused', async () => {
  const text = `a,a,b,y\n${rows(40, (i) => `${value(i)},${value(i * 3)},${value(i * 7)},${yes(i)}`)}`;
  await shop.write('twins.csv', text);
  const { err } = await done(train('twins.csv', 'y', '--out', 'twins.nlrvqa'));
  assert.match(err, /twins\.csv: 2 columns are called "a": their order decides which is which\n/);
  await shop.write('single.csv', 'b,a\n1,2\n');
  assert.match(
    await refused(1, ['predict', 'twins.nlrvqa', '--csv', 'single.csv']),
    /single\.csv: the model takes 2 columns "a", the data has 1: "b", "a"$/,
  );
});

describe('flags that contradict one another', () => {
  const REFUSED: Readonly<Record<string, RegExp>> = {
    '--standardise --no-standardise': /--standardise and --no-standardise exclude each other$/,
    '--no-pca --pca 3': /--no-pca and --pca exclude each other$/,
    '--header --no-header': /--header and --no-header exclude each other$/,
    '--curve --no-curve': /--curve and --no-curve exclude each other$/,
    '--class-weights yes=2,yes=3': /--class-weights gives "yes" two weights: 'yes=2,yes=3'$/,
    '--class-weights 1=2,1.0=3': /--class-weights gives "1" two weights/,
    '--guard 2': /--guard is read by nlr-guarded and adam-reversal alone; the rule is adam$/,
    '--negative-rate 0.1':
      /--negative-rate is read by nlr, nlr-guarded, .* and perturb-uniform alone; the rule is adam$/,
    '--rule momentum --beta2 0.9':
      /--beta2 is read by rmsprop, adam, frugal, adam-reversal and sfgn alone; the rule is momentum$/,
    '--rule sgd --epsilon 1e-3':
      /--epsilon is read by rmsprop, adam, frugal and adam-reversal alone; the rule is sgd$/,
    '--displaced-shots 1': /--displaced-shots is 1, but without shots no displaced circuit is measured/,
    '--preset paper --head-rate 0.1': /--head-rate is the rate of a linear head; --head none has none$/,
    '--rule sfgn --head-rate 0.1': /--head-rate is not read by sfgn, whose steps of the head go by --rate$/,
    '--rule frugal --head-rate 0.1': /--head-rate is not read by frugal, .* unless by --head-step adam$/,
    '--rule nlr --refit-head 0.1': /--refit-head is 0.1, but there is no --shots-budget that/,
    '--initial-scale 0.1': /the initialisation uniform has no --initial-scale$/,
    '--csv x.csv --label y --image 2x2 --text a':
      /--image and --text exclude each other: pixels are numbers$/,
  };
  for (const [flags, message] of Object.entries(REFUSED)) {
    test(flags, async () => {
      assert.match(await refused(2, ['train', ...flags.split(' ')]), message);
    });
  }

  test('an engine that cannot run the circuit', async () => {
    for (const engine of ['heisenberg', 'columns']) {
      for (const command of ['plan', 'train']) {
        const message = await refused(2, [command, '--engine', engine, '--encoding', 'angle']);
        assert.match(
          message,
          /--engine contradicts the other options: .*'auto' takes the cheapest that can run it$/,
        );
      }
    }
  });

  test('text that is left out, and text in the columns of an image', async () => {
    await shop.write('text.csv', `a,b,y\n${rows(40, (i) => `${['u', 'v'][i % 2]},${value(i)},${yes(i)}`)}`);
    assert.match(
      await refused(2, train('text.csv', 'y', '--ignore', 'a', '--text', 'a')),
      /--text names "a", which --ignore leaves out$/,
    );
    assert.match(
      await refused(2, train('text.csv', 'y', '--columns', 'b', '--text', 'a')),
      /--text names "a", which --columns does not name$/,
    );
    assert.match(
      await refused(1, train('text.csv', 'y', '--image', '1x2')),
      /text\.csv: column "a" has text, but --image 1x2 takes columns of pixels, which are numbers$/,
    );
  });
});

test('a header of numbers is found by --header, which is said', async () => {
  await shop.write('years.csv', `2019,2020,2021\n${rows(40, (i) => `${value(i)},${value(i * 3)},${i % 2}`)}`);
  assert.match(
    await refused(1, train('years.csv', '2021')),
    /there is no column 2021; .*; --header says that the first row has the names of the columns$/,
  );
  await done(train('years.csv', '2021', '--header'));
  assert.doesNotMatch(await refused(1, train('years.csv', '77')), /--header/);
});

test('a checkpoint in place of a model is called one, with the way to its model', async () => {
  await shop.write('ok.csv', `a,b,y\n${rows(40, (i) => `${value(i)},${value(i * 3)},${yes(i)}`)}`);
  await done(train('ok.csv', 'y', '--checkpoint', 'run.ckpt', '--out', 'ok.nlrvqa'));
  assert.match(
    await refused(1, ['predict', 'run.ckpt', '--csv', 'ok.csv']),
    /run\.ckpt: this is a checkpoint; \S+ .*train --resume run\.ckpt --finish --out FILE makes a model of it as it is, without --finish after the steps that are left$/,
  );
  assert.match(
    await refused(1, ['train', '--resume', 'ok.nlrvqa']),
    /this is a model; expected a checkpoint$/,
  );
});

test('a column without any value is left out by name of its index, whatever --missing says', async () => {
  await shop.write('comma.csv', `a,b,y,\n${rows(40, (i) => `${value(i)},${value(i * 3)},${yes(i)},`)}`);
  for (const missing of ['refuse', 'drop', 'mean']) {
    assert.match(
      await refused(1, train('comma.csv', 'y', '--missing', missing)),
      /comma\.csv: column 4 has no value in any of the 40 rows; --ignore 3 leaves it out$/,
    );
  }
  await done(train('comma.csv', 'y', '--ignore', '3'));
});

test('classes that the test set lacks, and that are never predicted, are warned of', async () => {
  const header = 'a,b,y\n';
  const three = rows(60, (i) => `${value(i)},${value(i * 3)},${i % 20 === 19 ? 'rare' : yes(i)}`);
  await shop.write('rare.csv', `${header}${three}`);
  await shop.write('two.csv', `${header}${rows(20, (i) => `${value(i)},${value(i * 3)},${yes(i)}`)}`);
  const { out } = await done([...train('rare.csv', 'y'), '--test-csv', 'two.csv']);
  assert.match(
    out,
    /^warning: the test set has no row of "rare": it says nothing about how well that is recognised$/m,
  );
  const { out: said } = await done([
    ...train('rare.csv', 'y', '--out', 'rare.nlrvqa'),
    '--test-csv',
    'rare.csv',
  ]);
  assert.match(
    said,
    /^warning: "rare" is never predicted, though the test set has rows of it: see --class-weights$/m,
  );
  assert.match(
    (await done(['evaluate', 'rare.nlrvqa', '--csv', 'two.csv'])).out,
    /^warning: this data has no row of "rare": it says nothing/m,
  );
});

test('a log that ends before the checkpoint is refused when the run goes on', async () => {
  await shop.write('ok.csv', `a,b,y\n${rows(40, (i) => `${value(i)},${value(i * 3)},${yes(i)}`)}`);
  await done(train('ok.csv', 'y', '--checkpoint', 'log.ckpt', '--log', 'log.jsonl'));
  const lines = Buffer.from(await shop.read('log.jsonl'))
    .toString()
    .trimEnd()
    .split('\n');
  await shop.write('short.jsonl', `${lines.slice(0, 2).join('\n')}\n`);
  assert.match(
    await refused(1, ['train', '--resume', 'log.ckpt', '--log', 'short.jsonl']),
    /short\.jsonl: the log ends with step 2, but the run goes on after step 3; give --log another file, or the one of this run$/,
  );
  await done(['train', '--resume', 'log.ckpt', '--log', 'log.jsonl']);
});

test('inspect --json of a model that predicts numbers has no number of classes', async () => {
  await shop.write('numbers.csv', `a,b,y\n${rows(40, (i) => `${value(i)},${value(i * 3)},${value(i * 7)}`)}`);
  await done(train('numbers.csv', 'y', '--task', 'regression', '--out', 'numbers.nlrvqa'));
  const { model, classes } = await shop.json(['inspect', 'numbers.nlrvqa']);
  assert.deepEqual(classes, []);
  assert.ok(!('classes' in (model as object)), JSON.stringify(model));
});
