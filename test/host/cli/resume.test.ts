/** Training that is killed or interrupted goes on from its checkpoint, with the bits of an uninterrupted run. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import type { Context } from '../../../host/cli/input/source.ts';
import {
  clusters,
  lasting,
  resultOf,
  said,
  signalledAt,
  withoutReading,
  Workshop,
} from '../../support/cli-process.ts';
import { withDescription } from '../../support/host-data.ts';

let shop: Workshop;
const steps = 600;
const data = ['--csv', 'data.csv', '--label', 'kind'];
const run = ['train', ...data, '--shots', '20', '--steps', String(steps), '--layers', '1', '--batch', '4'];
let uninterrupted: Record<string, unknown>;

before(async () => {
  shop = await Workshop.open();
  await shop.write('data.csv', clusters(['a', 'b', 'c'], 60));
  uninterrupted = await shop.json(run);
});
after(() => shop.close());

/** Changes to the file system after which one life after the other ends: at its start, and between steps. */
const DEATHS = [3, 100, 777, 1500];

describe('kill -9, again and again', () => {
  for (const rule of ['adam', 'nlr-guarded']) {
    test(`${rule}: going on from the checkpoint gives the bits of an uninterrupted run`, async () => {
      const file = `${rule}.ckpt`;
      const flags = [...run, '--rule', rule];
      const expected = rule === 'adam' ? uninterrupted : await shop.json(flags);
      const fresh = [...flags, '--checkpoint', file, '--every', '1', '--out', `${rule}.nlrvqa`];
      const again = ['train', '--resume', file, '--out', `${rule}.nlrvqa`];
      const next = () => (existsSync(shop.path(file)) ? again : fresh);
      for (const change of DEATHS) {
        const { signal } = await shop.run(next(), signalledAt(change));
        assert.equal(signal, 'SIGKILL');
      }
      assert.ok(existsSync(shop.path(file)));
      assert.deepEqual(lasting(await shop.json(next())), lasting(expected));
      const model = await shop.json(['inspect', `${rule}.nlrvqa`]);
      assert.equal(model.kind, 'model', 'the resumed run writes the model where it is told to');
    });
  }
});

/** The changes that claiming a file makes: its first half-written line, the lock, and the line gone. */
const CLAIM = ['open', 'writeFile', 'close', 'link', 'unlink'];
/** The last of them, when the lock is there. */
const STOPS_AT = CLAIM.length - 1;
/** A change in the middle of a run. */
const MIDDLE = 50;

describe('signals', () => {
  test('SIGINT with a checkpoint: writes it, says how to go on, exit 130', async () => {
    const file = 'interrupted.ckpt';
    const flags = ['--checkpoint', file, '--every', '20', '--json'];
    const { code, stdout, stderr } = await shop.run([...run, ...flags], signalledAt(50, 'SIGINT'));
    assert.equal(code, 130, stderr);
    assert.equal(stdout, '');
    const [, step] =
      /^nlr-vqa: interrupted after step (\d+) of 600; --resume interrupted\.ckpt goes on/.exec(
        withoutReading(stderr),
      ) ?? [];
    assert.equal((await shop.json(['inspect', file])).step, Number(step));
    const resumed = await shop.run(['train', '--resume', file, '--json']);
    assert.match(resumed.stderr, new RegExp(`going on after step ${step}`));
    assert.deepEqual(lasting(resultOf(resumed)), lasting(uninterrupted));
  });

  test('SIGHUP with a checkpoint: writes it, says how to go on, exit 129, also when its terminal is gone', async () => {
    for (const deaf of [false, true]) {
      const file = `hung-up-${deaf}.ckpt`;
      const flags = ['--checkpoint', file, '--every', '20', '--evaluate-every', '1'];
      const environment = signalledAt(MIDDLE, 'SIGHUP', deaf ? { NLR_DEAF: '1' } : {});
      const { code, signal, stdout, stderr } = await shop.run([...run, ...flags], environment);
      // A shell calls both 129.
      assert.deepEqual([code, signal], deaf ? [null, 'SIGHUP'] : [129, null], stderr);
      assert.equal(stdout, '');
      if (deaf) assert.equal(stderr, '');
      else assert.match(stderr, /interrupted after step \d+ of 600; --resume hung-up-false\.ckpt goes on/);
      const { step } = await shop.json(['inspect', file]);
      assert.ok(Number(step) > 0 && Number(step) < steps, `${step}`);
      // The looks at the whole loss go on too.
      const { history, ...resumed } = await shop.json(['train', '--resume', file]);
      assert.equal((history as unknown[]).length, steps - Number(step));
      assert.deepEqual(lasting(resumed), lasting(uninterrupted));
    }
  });

  test('SIGHUP never hurries: a terminal that closes is told of twice, and a shutdown brings two signals', async () => {
    const flags = ['--checkpoint', 'twice.ckpt', '--every', '20'];
    const { child, finished, go } = await shop.hold([...run, ...flags], MIDDLE);
    for (const signal of ['SIGHUP', 'SIGTERM', 'SIGHUP'] as const) child.kill(signal);
    await go();
    const { code, stderr } = await finished;
    assert.ok(code === 129 || code === 143, stderr);
    assert.match(stderr, /--resume twice\.ckpt goes on from there\n$/);
    assert.deepEqual(
      (await readdir(shop.folder)).filter((name) => name.startsWith('.')),
      [],
    );
  });

  test('--finish makes a model of a checkpoint as it is', async () => {
    const running = shop.start([...run, '--steps', '1000000', '--checkpoint', 'early.ckpt', '--every', '1']);
    const there = () => readdir(shop.folder).then((files) => files.includes('early.ckpt'));
    while (!(await there())) await new Promise((resolve) => setTimeout(resolve, 20));
    running.child.kill('SIGKILL');
    await running.finished;
    const flags = ['train', '--resume', 'early.ckpt', '--finish', '--out', 'early.nlrvqa'];
    const result = await shop.json(flags);
    const { step, values } = await shop.json(['inspect', 'early.ckpt']);
    assert.equal(result.steps, step);
    assert.deepEqual((await shop.json(['inspect', 'early.nlrvqa'])).values, values);
    const refused = await shop.run(['train', '--finish']);
    assert.deepEqual([refused.code, /--finish needs --resume FILE/.test(refused.stderr)], [2, true]);
  });

  test('SIGTERM without a checkpoint: stops, says that nothing was written, exit 143', async () => {
    const files = await readdir(shop.folder);
    const running = shop.start([
      ...run,
      '--steps',
      '1000000',
      '--out',
      'never.nlrvqa',
      '--evaluate-every',
      '1',
    ]);
    await said(running.child, /aggregate loss/);
    running.child.kill('SIGTERM');
    const { code, stderr } = await running.finished;
    assert.equal(code, 143);
    assert.match(
      stderr,
      /nlr-vqa: interrupted after step \d+ of 1000000; nothing was written; --checkpoint FILE keeps .*\n$/,
    );
    assert.deepEqual(await readdir(shop.folder), files);
  });

  test('SIGTERM without a checkpoint, with a log: names the log, which has whole lines', async () => {
    const flags = ['--steps', '1000000', '--log', 'until.jsonl', '--evaluate-every', '1'];
    const running = shop.start([...run, ...flags]);
    await said(running.child, /aggregate loss/);
    running.child.kill('SIGTERM');
    const { code, stderr } = await running.finished;
    assert.equal(code, 143);
    const [, step] =
      /nlr-vqa: interrupted after step (\d+) of 1000000; nothing was written but the log, until\.jsonl\n$/.exec(
        stderr,
      ) ?? [];
    const lines = Buffer.from(await shop.read('until.jsonl'))
      .toString()
      .trimEnd()
      .split('\n');
    assert.equal(JSON.parse(lines.at(-1) ?? '').step, Number(step));
  });
});

/** A checkpoint with another context, and the right checksum. */
function resealedContext(file: Uint8Array, change: (context: Context) => object): Uint8Array {
  return withDescription(file, (d) => ({ ...d, context: change(d.context as Context) }));
}

describe('resume', () => {
  before(async () => {
    resultOf(await shop.run([...run, '--steps', '30', '--checkpoint', 'done.ckpt', '--json']));
  });

  test('a finished run prints its result again', async () => {
    const expected = await shop.json([...run, '--steps', '30']);
    assert.deepEqual(lasting(await shop.json(['train', '--resume', 'done.ckpt'])), lasting(expected));
  });

  test('one model per class', async () => {
    const flags = [...run, '--steps', '40', '--multiclass', 'one-vs-rest'];
    const expected = await shop.json(flags);
    const file = 'rest.ckpt';
    const { signal } = await shop.run([...flags, '--checkpoint', file, '--every', '1'], signalledAt(100));
    assert.equal(signal, 'SIGKILL');
    assert.deepEqual(lasting(await shop.json(['train', '--resume', file])), lasting(expected));
  });

  test('other flags are refused: the checkpoint has them', async () => {
    const { code, stderr } = await shop.run(['train', '--resume', 'done.ckpt', '--rate', '0.1']);
    assert.equal(code, 2);
    assert.match(stderr, /^nlr-vqa: --rate cannot go with --resume/);
  });

  test('the file that a checkpoint names for the model is written only when it is named again', async () => {
    const profile = await shop.write('profile', 'export PATH\n');
    const named = { out: shop.path(profile) };
    await shop.write(
      'sealed.ckpt',
      resealedContext(await shop.read('done.ckpt'), (c) => ({ ...c, ...named })),
    );
    for (const quiet of [[], ['--quiet']]) {
      const { code, stdout, stderr } = await shop.run([
        'train',
        '--resume',
        'sealed.ckpt',
        '--json',
        ...quiet,
      ]);
      assert.equal(code, 0, stderr);
      assert.equal(JSON.parse(stdout).model, undefined);
      const says =
        'nlr-vqa: sealed.ckpt: it names "profile" for the model, which is written only when asked for: --resume sealed.ckpt --out FILE\n';
      assert.equal(stderr.endsWith(says), true, stderr);
    }
    assert.equal(Buffer.from(await shop.read(profile)).toString(), 'export PATH\n');
    const asked = ['train', '--resume', 'sealed.ckpt', '--out', profile];
    // And a profile is no model, so that naming it takes --force.
    assert.equal((await shop.run(asked)).code, 2);
    const { model } = await shop.json([...asked, '--force']);
    assert.equal(model, profile);
    assert.equal((await shop.json(['inspect', profile])).kind, 'model');
  });

  test('a log and a chart are gone on with only when they are named again, and that is said', async () => {
    const flags = ['--log', 'gone on.jsonl', '--plot', 'chart.svg', '--checkpoint', 'a run.ckpt'];
    const first = await shop.run([...run, ...flags, '--every', '20'], signalledAt(MIDDLE, 'SIGINT'));
    assert.match(first.stderr, /--resume 'a run\.ckpt' goes on from there\n$/);
    const log = Buffer.from(await shop.read('gone on.jsonl')).toString();
    for (const quiet of [[], ['--quiet']]) {
      await shop.write('copy.ckpt', await shop.read('a run.ckpt'));
      const { code, stderr } = await shop.run(['train', '--resume', 'copy.ckpt', ...quiet]);
      assert.equal(code, 0, stderr);
      const [says, also] = stderr.split('\n').slice(quiet.length > 0 ? 0 : 2);
      const asked = (file: string, flag: string) =>
        `${file}, which is written only when asked for: --resume copy.ckpt ${flag} FILE`;
      assert.equal(says, `nlr-vqa: copy.ckpt: it names ${asked('"gone on.jsonl" for the log', '--log')}`);
      assert.equal(also, `nlr-vqa: copy.ckpt: it names ${asked('"chart.svg" for the chart', '--plot')}`);
      assert.equal(Buffer.from(await shop.read('gone on.jsonl')).toString(), log);
      assert.equal(existsSync(shop.path('chart.svg')), false);
    }
    const again = ['--log', 'gone on.jsonl', '--plot', 'chart.svg'];
    const whole = await shop.run(['train', '--resume', 'a run.ckpt', ...again]);
    assert.equal(whole.code, 0, whole.stderr);
    assert.doesNotMatch(whole.stderr, /it names/);
    assert.match(whole.stdout, /\nNext: --resume 'a run\.ckpt' --out FILE to keep the model\.\n$/);
    const lines = Buffer.from(await shop.read('gone on.jsonl'))
      .toString()
      .trimEnd()
      .split('\n');
    assert.equal(lines.length, steps);
    assert.ok(existsSync(shop.path('chart.svg')));
  });

  test('a run that is refused cuts no log', async () => {
    const watching = [...run, '--steps', '10', '--validation-fraction', '0.2', '--evaluate-every', '2'];
    resultOf(await shop.run([...watching, '--checkpoint', 'lying.ckpt', '--log', 'kept.jsonl', '--json']));
    const longer = `${Buffer.from(await shop.read('kept.jsonl'))}{"step":11}\n`;
    await shop.write('kept.jsonl', longer);
    const lie = resealedContext(await shop.read('lying.ckpt'), (context) => ({
      ...context,
      watch: { ...context.watch, early: { misses: -1 } },
    }));
    await shop.write('lying.ckpt', lie);
    const { code, stderr } = await shop.run(['train', '--resume', 'lying.ckpt', '--log', 'kept.jsonl']);
    assert.match(stderr, /lying\.ckpt: the state of early stopping is malformed/);
    assert.equal(code, 1);
    assert.equal(Buffer.from(await shop.read('kept.jsonl')).toString(), longer);
  });

  test('the data that a checkpoint names is said before it is read, and has to be in files', async () => {
    const done = await shop.read('done.ckpt');
    const naming = (file: string) =>
      resealedContext(done, ({ source, ...context }) => ({
        ...context,
        source: { ...source, set: { ...source.set, file } },
      }));
    const { stderr } = await shop.run(['train', '--resume', 'done.ckpt']);
    assert.match(stderr, /^nlr-vqa: done\.ckpt: reads "data\.csv"\n/);
    execFileSync('mkfifo', [shop.path('never')]);
    for (const file of ['never', '/dev/zero', '/dev/tty']) {
      await shop.write('sealed.ckpt', naming(file));
      const found = await shop.run(['train', '--resume', 'sealed.ckpt']);
      assert.match(
        found.stderr,
        /^nlr-vqa: sealed\.ckpt: it names "[^"\n]+", which is not a regular file\n$/,
      );
      assert.deepEqual([found.code, found.stdout], [1, '']);
    }
    await shop.write('sealed.ckpt', naming('\u001b[2Jgone\nnlr-vqa: done'));
    const [first] = (await shop.run(['train', '--resume', 'sealed.ckpt'])).stderr.split('\n');
    assert.equal(first, 'nlr-vqa: sealed.ckpt: reads "\\u001b[2Jgone\\nnlr-vqa: done"');
  });

  test('a checkpoint that another run goes on from is not read', async () => {
    const { child, finished, go } = await shop.hold(['train', '--resume', 'done.ckpt'], STOPS_AT);
    const second = await shop.run(['train', '--resume', 'done.ckpt']);
    assert.equal(second.code, 1);
    const says = `nlr-vqa: done.ckpt: cannot be written: process ${child.pid} is writing it; wait until it has ended, or give another file\n`;
    assert.equal(second.stderr, says);
    await go();
    assert.equal((await finished).code, 0);
  });

  test('data that changed since is refused', async () => {
    const text = clusters(['a', 'b', 'c'], 60);
    for (const changed of [text.replace('3.', '2.'), text.replaceAll(',c\n', ',d\n')]) {
      await shop.write('data.csv', changed);
      const { code, stderr } = await shop.run(['train', '--resume', 'done.ckpt']);
      assert.equal(code, 1);
      assert.match(
        stderr,
        /^nlr-vqa: done\.ckpt: reads "data\.csv"\nnlr-vqa: done\.ckpt: the checkpoint belongs to other training data\n$/,
      );
    }
    await shop.write('data.csv', text);
  });
});
