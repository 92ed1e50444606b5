/**
 * The host of host/devices/wasmtime trains, is killed again and again, resumes with the same bits, predicts. Skipped
 * without wasmtime for Python, or failed where all engines are wanted.
 */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { firstOf, ROOT } from './engine.ts';
import { PYTHON_PLACES } from './engines-scripted.ts';
import { ensureBuilt } from '../support/built.mjs';
import { without } from '../support/installed.ts';
import * as oracle from '../support/oracle/index.ts';

const SEED = 1401;
const KILLS = 6;
const STEPS = 120;

const python = firstOf(...PYTHON_PLACES);
const present = python !== undefined && spawnSync(python, ['-c', 'import wasmtime']).status === 0;
const skip = without(present ? undefined : 'wasmtime, by bash test/engines/install.sh');

const folder = mkdtempSync(join(tmpdir(), 'nlr-vqa-wasmtime-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const inFolder = (name: string) => join(folder, name);

// What the program looks for.
ensureBuilt('dist/core.device-fast.wasm');
const PROGRAM = [`${ROOT}host/devices/wasmtime/train.py`];

function run(...args: string[]) {
  return spawnSync(python ?? 'python3', [...PROGRAM, ...args], { encoding: 'utf8' });
}

/** Runs to the end. @returns stdout */
function done(...args: string[]): string {
  const { status, stdout, stderr } = run(...args);
  assert.equal(status, 0, stderr);
  return stdout;
}

const training = (name: string) => [
  'train',
  '--digits',
  ...['--rule', 'adam', '--rate', '0.03'],
  ...['--steps', String(STEPS), '--every', '1', '--model', inFolder(`${name}.model`)],
];

/** Starts a training and kills it after some checkpoints. @returns whether it was still running */
function killed(args: readonly string[], checkpoints: number): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(python ?? 'python3', [...PROGRAM, ...args]);
    let lines = 0;
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      lines += text.split('\n').length - 1;
      if (lines >= checkpoints) child.kill('SIGKILL');
    });
    child.on('close', (_, signal) => resolve(signal === 'SIGKILL'));
  });
}

describe('wasmtime host', { skip }, () => {
  it('is killed, resumes, and ends with the bits of the uninterrupted run', async () => {
    const whole = done(...training('whole'));
    const rng = oracle.seededRng(SEED);
    const args = [...training('cut'), '--checkpoint', inFolder('cut.checkpoint')];
    for (let kills = 0; kills < KILLS;) {
      if (await killed(args, 1 + Math.floor(rng() * 12))) kills += 1;
      // It was done before the signal came: from the beginning.
      else rmSync(inFolder('cut.checkpoint'));
    }
    assert.ok(existsSync(inFolder('cut.checkpoint')));
    const { stdout, stderr } = run(...args);
    assert.match(stderr, /^resumed from step [1-9]/);
    assert.equal(stdout, whole);
    assert.deepEqual(readFileSync(inFolder('cut.model')), readFileSync(inFolder('whole.model')));
    // What the killed runs left behind is gone.
    assert.deepEqual(readdirSync(folder).sort(), ['cut.checkpoint', 'cut.model', 'whole.model']);
  });

  it('keeps its files to itself, and refuses one file for two uses', async () => {
    const args = [...training('own'), '--checkpoint', inFolder('own.checkpoint')];
    const child = spawn(python ?? 'python3', [...PROGRAM, ...args, '--steps', '100000']);
    await once(child.stderr, 'data');
    for (const wanted of [args, training('own')]) {
      const { status, stderr } = run(...wanted);
      assert.equal(status, 1);
      assert.match(stderr, /^train\.py: .*another process is writing it: '.*own\.(checkpoint|model)'\n$/);
    }
    child.kill('SIGKILL');
    await once(child, 'close');
    rmSync(inFolder('own.checkpoint'), { force: true });
    done(...args);
    const { status, stderr } = run(...training('own'), '--checkpoint', inFolder('own.model'));
    assert.equal(status, 1);
    assert.match(
      stderr,
      /^train\.py: --checkpoint, --model, --csv and --module have to be different files\n$/,
    );
    for (const name of ['own.checkpoint', 'own.model']) rmSync(inFolder(name));
  });

  it('predicts the digits, and a table', () => {
    const [, right, of] =
      /^(\d+) of (\d+) right/.exec(done('predict', inFolder('whole.model'), '--digits')) ?? [];
    assert.equal(of, '1000');
    assert.ok(Number(right) > 800, right);
    const lines = Array.from({ length: 5 }, (_, i) =>
      Array.from({ length: 8 }, (_, k) => ((i + k) % 5) + 1).join(','),
    );
    writeFileSync(inFolder('rows.csv'), `a,b,c,d,e,f,g,h\n${lines.join('\n')}\n`);
    const outputs = done('predict', inFolder('whole.model'), '--csv', inFolder('rows.csv'))
      .trim()
      .split('\n');
    assert.equal(outputs.length, 5);
    for (const output of outputs) assert.ok(Math.abs(Number(output)) <= 1, output);
    // Rows that are five apart are the same sample.
    assert.equal(new Set(outputs).size, 5);
  });

  it('trains on a table with shots', () => {
    const rows = Array.from(
      { length: 20 },
      (_, i) => `${1 + (i % 2)},${2 - (i % 2)},1,${i % 2 === 0 ? 'left' : 'right'}`,
    );
    writeFileSync(inFolder('table.csv'), `x,y,z,side\n${rows.join('\n')}\n`);
    const table = ['--csv', inFolder('table.csv'), '--label', 'side'];
    const out = ['--model', inFolder('table.model')];
    const options = ['--steps', '40', '--shots', '100', '--rule', 'adam', '--rate', '0.1'];
    const first = done('train', ...table, ...out, ...options);
    assert.equal(done('train', ...table, ...out, ...options), first, 'one seed, one trace');
    assert.notEqual(done('train', ...table, ...out, ...options, '--seed', '2'), first);
    assert.match(
      done('predict', inFolder('table.model'), ...table),
      /^20 of 20 right, classes left and right$/m,
    );
  });

  it('refuses what is wrong in a sentence', () => {
    const image = readFileSync(inFolder('whole.model'));
    image[100] ^= 1;
    writeFileSync(inFolder('damaged.model'), image);
    writeFileSync(inFolder('bad.csv'), 'a,b,y\n1,2,no\n1,two,yes\n');
    const bad = (...args: string[]) => {
      const { status, stdout, stderr } = run(...args);
      assert.equal(stdout, '');
      assert.doesNotMatch(stderr, /Traceback/);
      return `${status} ${stderr}`;
    };
    assert.match(
      bad('predict', inFolder('damaged.model'), '--digits'),
      /^1 train.py: model_read: bad checksum/,
    );
    const checkpoint = ['--checkpoint', inFolder('damaged.model')];
    assert.match(bad(...training('other'), ...checkpoint), /^1 train.py: checkpoint_read: bad /);
    const table = ['--csv', inFolder('bad.csv'), '--label', 'y'];
    assert.match(
      bad('train', ...table, '--model', inFolder('x')),
      /^1 train.py: .*bad.csv:3: 'two' is not a finite number/,
    );
    assert.match(
      bad('train', '--csv', inFolder('bad.csv'), '--model', inFolder('x')),
      /^2 [^]*--csv needs --label/,
    );
    assert.match(
      bad('train', '--digits', '--module', inFolder('bad.csv'), '--model', inFolder('x')),
      /^1 train.py: /,
    );
    assert.ok(!existsSync(inFolder('x')));
  });
});
