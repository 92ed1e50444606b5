/**
 * Commands when the system refuses, call by call, and when another process wants the same files: every file holds
 * its old bytes or new ones, whole, nothing else stays in the folder, and what went wrong is said.
 */
import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { after, before, describe, test } from 'node:test';
import { unpackContainer } from '../../host/files/container.ts';
import { clusters, failingAt, type Finished, Workshop } from '../support/cli-process.ts';

/** Steps that the commands train. */
const STEPS = 2;
const CODES = ['ENOSPC', 'EIO', 'EINTR', 'EACCES'];
const DATA = ['--csv', '../data.csv', '--label', 'kind', '--layers', '1', '--batch', '4', '--shots', 'exact'];
const TRAIN = [
  'train',
  ...DATA,
  '--steps',
  String(STEPS),
  '--every',
  '1',
  '--checkpoint',
  'run.ckpt',
  '--out',
  'model',
  '--log',
  'steps.jsonl',
  '--plot',
  'loss.svg',
  // What was there is no model, log or chart.
  '--force',
  '--json',
];
/** What it writes. */
const WRITES = ['run.ckpt', 'model', 'steps.jsonl', 'loss.svg'];
const OLD = 'what was there before';

/** Whether a text is that of a log's lines, for the first steps. @param least lines */
function isLog(text: string, least: number): boolean {
  const lines = text.split('\n');
  const steps = lines.slice(0, -1).map((line) => JSON.parse(line).step);
  return lines.at(-1) === '' && steps.length >= least && steps.every((step, i) => step === i + 1);
}

/** Whether bytes are all of what a command writes under a name; a model or a checkpoint under any other. */
const WHOLE: Readonly<Record<string, (text: string) => boolean>> = {
  'steps.jsonl': (text) => isLog(text, STEPS),
  'loss.svg': (text) => text.startsWith('<svg') && text.trimEnd().endsWith('</svg>'),
  predictions: (text) => /^([ab],[-.,e\d]+\n){20}$/.test(text),
};

/** Commands that write, and what they write. */
const COMMANDS: Readonly<
  Record<string, { readonly args: readonly string[]; readonly writes: readonly string[] }>
> = {
  train: {
    args: TRAIN,
    writes: WRITES,
  },
  'train --seeds': {
    args: [
      'train',
      ...DATA,
      '--steps',
      '1',
      '--seeds',
      '2',
      '--threads',
      '1',
      '--out',
      'model',
      '--force',
      '--json',
    ],
    writes: ['model.seed-1', 'model.seed-2'],
  },
  demo: { args: ['demo', '--steps', '1', '--out', 'model', '--force', '--json'], writes: ['model'] },
  predict: {
    args: [
      'predict',
      '../model',
      '--csv',
      '../data.csv',
      '--label',
      'kind',
      '--out',
      'predictions',
      '--force',
    ],
    writes: ['predictions'],
  },
};

let shop: Workshop;

before(async () => {
  shop = await Workshop.open();
  await shop.write('data.csv', clusters(['a', 'b'], 20));
  const { code, stderr } = await (
    await shop.folderIn('model-of')
  ).run(['train', ...DATA, '--steps', '1', '--out', '../model']);
  assert.equal(code, 0, stderr);
});
after(() => shop.close());

/** What a process said, without the name of the call that failed. */
function said({ stderr }: Finished): {
  readonly call: string | undefined;
  readonly lines: readonly string[];
} {
  const lines = stderr.split('\n').slice(0, -1);
  const fault = lines.find((line) => line.startsWith('fault: '));
  return { call: fault?.slice('fault: '.length), lines: lines.filter((line) => line !== fault) };
}

/** Whether a file is all of what a command writes. */
function isWhole(bytes: Uint8Array, name: string): boolean {
  const text = WHOLE[name];
  try {
    if (text !== undefined) return text(Buffer.from(bytes).toString());
    unpackContainer(bytes, name);
    return true;
  } catch {
    return false;
  }
}

/** Does work for 0, 1, 2 and so on, a few at a time, until one says that there is no more. */
async function forEvery(work: (n: number) => Promise<boolean>): Promise<void> {
  let next = 0;
  let more = true;
  const one = async () => {
    while (more) more = (await work(next++)) && more;
  };
  await Promise.all(Array.from({ length: availableParallelism() }, one));
}

describe('the n-th call fails', () => {
  for (const [command, { args, writes }] of Object.entries(COMMANDS)) {
    test(command, async (context) => {
      const seen = new Map<string, Set<string>>();
      await forEvery(async (n) => {
        const inside = await shop.folderIn(`${command.replaceAll(/\W+/g, '-')}-${n}`);
        // Some of the files are there already.
        const old = writes.filter((_, i) => (n + i) % 2 === 0);
        for (const name of old) await inside.write(name, OLD);
        const found = await inside.run(args, failingAt(n, CODES[n % CODES.length]));
        const { call, lines } = said(found);
        const what = `call ${n}, ${call}: ${found.stderr}`;
        for (const line of lines) assert.match(line, /^nlr-vqa: .+/, what);
        assert.doesNotMatch(found.stderr, /unexpected|\n\s+at |node:internal/, what);
        const names = await readdir(inside.folder);
        assert.deepEqual(
          names.filter((name) => !writes.includes(name)),
          [],
          what,
        );
        for (const name of names) {
          const bytes = await inside.read(name);
          const text = Buffer.from(bytes).toString();
          const kept = old.includes(name) && text === OLD;
          // A log grows line by line: of a command that has failed it may have the first ones.
          const begun = name === 'steps.jsonl' && found.code !== 0 && isLog(text, 0);
          assert.ok(kept || begun || isWhole(bytes, name), `${what}: ${name}`);
        }
        if (found.code === 0) {
          for (const name of writes) assert.ok(isWhole(await inside.read(name), name), `${what}: ${name}`);
        } else {
          assert.equal(found.code, 1, what);
          assert.ok(lines.length > 0, what);
        }
        if (found.stdout !== '' && args.includes('--json')) JSON.parse(found.stdout);
        const ends = seen.get(String(call)) ?? new Set();
        seen.set(String(call), ends.add(String(found.code)));
        return call !== undefined;
      });
      context.diagnostic([...seen].map(([call, codes]) => `${call} ${[...codes].join('/')}`).join(', '));
      for (const call of ['open', 'writeFile', 'rename', 'sync', 'close', 'link', 'unlinkSync', 'read'])
        assert.ok(seen.has(call) || (command === 'demo' && call === 'read'), call);
    });
  }
});

describe('a second process', () => {
  test('wants the files of a run at every change that it makes: one of them writes, the other says so', async (context) => {
    const turns: string[] = [];
    for (let n = 0; ; n++) {
      const inside = await shop.folderIn(`second-${n}`);
      const first = await inside.hold(TRAIN, n);
      if (!first.held) break;
      const before = new Map<string, Uint8Array>();
      for (const name of await readdir(inside.folder)) before.set(name, await inside.read(name));
      const second = await inside.run(TRAIN);
      const what = `change ${n}: ${second.stderr}`;
      if (second.code === 0) turns.push('wins');
      else {
        turns.push('loses');
        assert.equal(second.code, 1, what);
        assert.match(
          second.stderr,
          new RegExp(
            `^nlr-vqa: (run.ckpt|model|steps.jsonl|loss.svg): cannot be written: process ${first.child.pid} is writing it; wait until it has ended, or give another file\n$`,
          ),
        );
        // It has touched nothing.
        const names = await readdir(inside.folder);
        assert.deepEqual(names.sort(), [...before.keys()].sort(), what);
        for (const name of names)
          assert.deepEqual(await inside.read(name), before.get(name), `${what}: ${name}`);
      }
      if (n % 2 === 0) {
        await first.go();
        assert.equal((await first.finished).code, 0, what);
      } else {
        first.child.kill('SIGKILL');
        await first.finished;
        const next = await inside.run(TRAIN);
        assert.equal(next.code, 0, `after kill -9 at change ${n}: ${next.stderr}`);
      }
      const left = await readdir(inside.folder);
      assert.deepEqual(left.sort(), [...WRITES].sort(), what);
      for (const name of left) assert.ok(isWhole(await inside.read(name), name), `${what}: ${name}`);
    }
    context.diagnostic(turns.join(' '));
    assert.match(turns.join(' '), /^(wins )+(loses ?)+(wins ?)*$/);
    assert.ok(turns.filter((turn) => turn === 'loses').length > 20);
  });
});
