/** Where the command line writes: files that it may replace, streams that go away, numbers in words. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createWriteStream, existsSync } from 'node:fs';
import { link, mkdir, open, readdir, symlink } from 'node:fs/promises';
import { resolve } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { callOf } from '../../../host/cli/output/commands.ts';
import { fixed, table } from '../../../host/cli/output/format.ts';
import { measure } from '../../../host/cli/training/result.ts';
import type { Trainer } from '../../../host/index.ts';
import { clusters, type Finished, WITHOUT_RENAME, Workshop } from '../../support/cli-process.ts';
import { finish, rowsOf, trainerOf } from '../../support/host-data.ts';

let shop: Workshop;
const data = ['--csv', 'data.csv', '--label', 'kind', '--shots', 'exact', '--steps', '3'];

before(async () => {
  shop = await Workshop.open();
  await shop.write('data.csv', clusters(['a', 'b'], 40));
  await shop.run(['train', ...data, '--checkpoint', 'run.ckpt', '--out', 'model']);
});
after(() => shop.close());

/** The command must refuse before it works: this code, one sentence, nothing on stdout, no new file. */
async function refused(args: readonly string[], code: 1 | 2, says: RegExp): Promise<void> {
  const files = await readdir(shop.folder);
  const found = await shop.run(args);
  assert.match(found.stderr, says);
  assert.match(found.stderr, /^nlr-vqa: [^\n]+\n$/);
  assert.deepEqual([found.code, found.stdout], [code, '']);
  assert.deepEqual(await readdir(shop.folder), files, 'nothing half-written');
}

describe('a command to copy', () => {
  test('is what finds the program again', () => {
    assert.equal(callOf('/usr/local/bin/nlr-vqa', false), 'nlr-vqa');
    assert.equal(callOf('/app/node_modules/.bin/nlr-vqa', true), 'npx nlr-vqa');
    assert.equal(callOf(resolve('dist/cli.js'), false), 'node dist/cli.js');
    assert.equal(callOf(resolve('my files/cli.js'), false), "node 'my files/cli.js'");
  });

  test('and a word that an argument cannot be is refused with those that it can', async () => {
    await refused(['completion', 'tcsh'], 2, /<shell> is 'tcsh'; expected one of bash, zsh, fish$/m);
  });
});

describe('a table', () => {
  test('has words flush left and numbers flush right, and no blanks behind', () => {
    const rows = [
      ['adam', 'made here', '9', '2 to 4', 'rate=0.1', '- (never: 4)', ''],
      ['sgd', 'from a file', '-', '10', '-', '1,220', ''],
    ];
    assert.deepEqual(table(['rule', 'how', 'n', 'classes', 'setting', 'half at', ''], rows), [
      'rule  how          n  classes  setting        half at',
      'adam  made here    9   2 to 4  rate=0.1  - (never: 4)',
      'sgd   from a file  -       10  -                1,220',
    ]);
  });
});

describe('a file that is written', () => {
  test('is not where none can be', async () => {
    execFileSync('mkfifo', [shop.path('pipe')]);
    await refused(['train', '--out', 'pipe'], 1, /pipe: cannot be written: it is not a regular file/);
    const nowhere = /nowhere\/model: cannot be written: there is no such/;
    await refused(['train', '--out', 'nowhere/model'], 1, nowhere);
    await refused(['train', '--checkpoint', '.'], 1, /\.: cannot be written: it is a folder/);
  });

  test('is no folder for what a folder is made for', async () => {
    const there = /data\.csv: cannot be written: it is there already, and is no folder$/m;
    const compare = ['compare', '--rules', 'adam,sgd', '--data', 'moons', '--steps', '2', '--seeds', '2'];
    for (const command of [['c'], compare, ['reproduce', 'consistency']])
      await refused([...command, '--quiet', '--out', 'data.csv'], 1, there);
  });

  test('is none that the run reads', async () => {
    await symlink('data.csv', shop.path('alias'));
    const reads = (flag: string, file: string) =>
      new RegExp(`${flag} names ${file}, which this run reads; give another file`);
    await refused(['train', ...data, '--out', 'alias'], 2, reads('--out', 'alias'));
    await refused(['train', ...data, '--checkpoint', './data.csv'], 2, reads('--checkpoint', './data.csv'));
    await refused(
      ['train', ...data, '--test-csv', 'run.ckpt', '--out', 'run.ckpt'],
      2,
      /which this run reads/,
    );
    const resume = ['train', '--resume', 'run.ckpt', '--out'];
    await refused([...resume, 'run.ckpt'], 2, reads('--out', 'run.ckpt'));
    await refused([...resume, 'run.ckpt', '--checkpoint', 'other'], 2, reads('--out', 'run.ckpt'));
    await refused([...resume, 'data.csv'], 2, reads('--out', 'data.csv'));
    await refused(
      ['train', '--out', 'x', '--checkpoint', './x'],
      2,
      /--out and --checkpoint name the same file/,
    );
  });
});

describe('a file by another name', () => {
  test('is the same file: a hard link of what is read, or of the other output', async () => {
    await link(shop.path('data.csv'), shop.path('linked.csv'));
    await refused(
      ['train', ...data, '--out', 'linked.csv'],
      2,
      /--out names linked\.csv, which this run reads; give another file/,
    );
    await link(shop.path('model'), shop.path('linked-model'));
    const both = ['--out', 'model', '--checkpoint', 'linked-model'];
    await refused(['train', ...data, ...both], 2, /--out and --checkpoint name the same file, linked-model/);
    await refused(
      ['predict', 'model', ...data.slice(0, 4), '--out', 'linked-model'],
      2,
      /--out names linked-model, which this run reads/,
    );
  });

  test('is needed: the lock of another output, and what is written before it', async () => {
    const claim = `4242-1-${'0'.repeat(24)}-00000000`;
    const needs = (name: string, written: string) =>
      new RegExp(`${name.replaceAll('.', '\\.')} is a name that writing ${written} needs; give another file`);
    for (const name of ['.model.lock', `.model.${claim}.partial`]) {
      await refused(['train', ...data, '--out', 'model', '--checkpoint', name], 2, needs(name, 'model'));
      await refused(['train', ...data, '--out', name, '--checkpoint', 'model'], 2, needs(name, 'model'));
      await refused(['train', '--csv', name, ...data.slice(2), '--out', 'model'], 2, needs(name, 'model'));
    }
    // The name of nothing that is written is free.
    assert.equal((await shop.run(['train', ...data, '--out', '.other.lock'])).code, 0);
    assert(existsSync(shop.path('.other.lock')));
  });

  test('goes round in a circle, is too long, or has a line end in it: one sentence', async () => {
    await symlink('circle', shop.path('circle'));
    await refused(
      ['train', ...data, '--out', 'circle'],
      1,
      /circle: cannot be written: its symbolic links go round/,
    );
    await refused(['inspect', 'circle'], 1, /circle: cannot be read: its symbolic links go round/);
    await refused(['train', ...data, '--out', 'x'.repeat(230)], 1, /cannot be written: its name is too long/);
    assert.equal((await shop.run(['train', ...data, '--out', 'x'.repeat(190), '--quiet'])).code, 0);
    await refused(['inspect', 'two\nlines'], 1, /two.*lines: cannot be read: there is no such file/);
    const { code, stderr } = await shop.run(['train', ...data, '--out', 'two\nlines']);
    assert.equal(code, 0);
    assert.match(stderr, /^nlr-vqa: wrote two[^\n]*lines\n$/m);
    assert.equal((await shop.json(['inspect', 'two\nlines'])).kind, 'model');
  });
});

describe('a model that cannot be written', () => {
  test('is found out before a run is resumed', async () => {
    await mkdir(shop.path('gone'));
    const flags = ['--checkpoint', 'late.ckpt', '--out', 'gone/model'];
    assert.equal((await shop.run(['train', ...data, ...flags])).code, 0);
    execFileSync('rm', ['-r', shop.path('gone')]);
    await refused(
      ['train', '--resume', 'late.ckpt', '--out', 'gone/model'],
      1,
      /gone\/model: cannot be written: there is no such/,
    );
  });

  test('does not cost the result', async () => {
    const flags = ['--out', 'late-model', '--steps', '20', '--json', '--quiet'];
    const { code, stdout, stderr } = await shop.run(['train', ...data, ...flags], WITHOUT_RENAME);
    const { loss, model } = JSON.parse(stdout);
    assert.equal(typeof loss, 'number');
    assert.deepEqual([code, model], [1, undefined]);
    assert.match(stderr, /^nlr-vqa: late-model: cannot be written: there is no such/);
  });
});

test('a checkpoint of data from a pipe is refused at once', async () => {
  const fifo = ['--csv', 'rows.fifo', '--label', 'kind', '--checkpoint', 'new.ckpt'];
  execFileSync('mkfifo', [shop.path('rows.fifo')]);
  await refused(
    ['train', ...fifo],
    2,
    /--checkpoint needs data in files: .*rows\.fifo could not be read again/,
  );
  const { child, finished } = shop.start(['train', ...data.slice(2), '--csv', 'rows.fifo', '--json']);
  const text = createWriteStream(shop.path('rows.fifo'));
  text.end(clusters(['a', 'b'], 40));
  assert.equal((await finished).code, 0, child.spawnargs.join(' '));
});

describe('a stream that goes away', () => {
  const demo = ['demo', '--steps', '1', '--out'];

  /** Runs a command and closes one of its streams at once. */
  async function closing(stream: 'stdout' | 'stderr', args: readonly string[]): Promise<Finished> {
    const { child, finished } = shop.start(args);
    child[stream]?.destroy();
    return finished;
  }

  test('stdout closed by its reader: the files are written, quietly, exit 0', async () => {
    const { code, stderr } = await closing('stdout', [...demo, 'head.nlrvqa', '--quiet']);
    assert.deepEqual([code, stderr], [0, '']);
    assert(existsSync(shop.path('head.nlrvqa')));
    assert.equal((await closing('stdout', ['train', '--help'])).code, 0);
  });

  test('stderr closed: everything else goes on', async () => {
    const evaluated = ['--evaluate-every', '1', '--out', 'deaf'];
    const { code, stdout } = await closing('stderr', ['train', ...data, ...evaluated]);
    assert.equal(code, 0);
    assert.match(stdout, /^accuracy, train/m);
    assert.equal((await closing('stderr', ['train', '--frobnicate'])).code, 2);
  });

  test('stdout on a full disk: one sentence, exit 1, and the files all the same', async (context) => {
    if (!existsSync('/dev/full')) return context.skip('there is no /dev/full here');
    const full = await open('/dev/full', 'w');
    try {
      for (const args of [['inspect', 'model'], ['train', ...data, '--out', 'full', '--quiet'], ['--help']]) {
        const { code, stderr } = await shop.start(args, {}, full.fd).finished;
        assert.equal(stderr, 'nlr-vqa: the result cannot be written to stdout: the disk is full\n');
        assert.equal(code, 1);
      }
    } finally {
      await full.close();
    }
    assert(existsSync(shop.path('full')));
  });
});

describe('in words', () => {
  test('small numbers are written out', () => {
    assert.equal(fixed(0.05, 1), '0.05');
    assert.equal(fixed(0.00123, 2), '0.001');
    assert.equal(fixed(-0.0000456), '-0.0000456');
    assert.equal(fixed(1.5e-9, 6), '1.5e-9');
    assert.equal(fixed(0), '0.0000');
    assert.equal(fixed(0.3), '0.3000');
    assert.equal(fixed(Number.NaN), '-');
  });

  /** The warnings of a run whose latest report is changed to raise the alarm. */
  async function alarm(trainer: Trainer, report: object): Promise<string> {
    const set = rowsOf(trainer.classes);
    await finish(trainer);
    const alarmed = { ...trainer.report, alarm: true, ...report };
    Object.defineProperty(trainer, 'report', { value: alarmed });
    const { warnings } = await measure(trainer, { train: set, test: undefined }, { seconds: 1, history: [] });
    return warnings.at(-1) ?? '';
  }

  test('the alarm names its threshold only where it is one', async () => {
    const report = { violationRate: 0.4, meanRate: -0.002 };
    const training = { steps: 2, rate: 0.01, schedule: 'constant' } as const;
    const rest =
      'the mean signed rate is -0.0020, below zero; whether the mean step went uphill, --ascent measures';
    assert.equal(
      await alarm(await trainerOf({ ...training, rule: 'nlr' }), report),
      `reversals outweighed descent in rate: 40.0 % of the tentative steps raised the loss, above 33.3 % = eta / (eta + eta'), and ${rest}`,
    );
    for (const other of [{ rule: 'nlr-guarded' }, { rule: 'nlr', schedule: 'cosine' }] as const) {
      const text = await alarm(await trainerOf({ ...training, ...other }), report);
      assert.equal(text, `reversals outweighed descent in rate: ${rest}`);
    }
    const several = await trainerOf({ ...training, rule: 'nlr' }, true);
    const text = await alarm(several, { ...report, meanRate: 0.001 });
    assert.match(
      text,
      /^reversals outweighed descent in rate for at least one class: its mean signed rate is below/,
    );
  });
});
