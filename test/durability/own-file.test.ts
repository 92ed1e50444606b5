/** Files of the hosts in C: one process writes, others are refused, and a process that is killed has nothing. */
import assert from 'node:assert/strict';
import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { DEVICES, isThere } from '../../host/devices/tools.ts';
import { needs, without } from '../support/installed.ts';
import { compiler, NO_COMPILER, Programs } from './programs.ts';

const cc = compiler();
const skip = without(cc === undefined ? NO_COMPILER : undefined);

/** Takes a file as the host in Python does, says so, and waits for the end of its input. It needs no wasmtime for that. */
const PYTHON = `
import sys, types
from pathlib import Path
sys.dont_write_bytecode = True
sys.path.insert(0, ${JSON.stringify(`${DEVICES}wasmtime`)})
class Missing(types.ModuleType):
    def __getattr__(self, name): return type(name, (Exception,), {})
sys.modules["wasmtime"] = Missing("wasmtime")
import train
with train.owned(Path(sys.argv[1])):
    print("taken", flush=True)
    sys.stdin.read()
`;

describe('a file of a host in C', { skip }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'nlr-vqa-'));
  const path = join(folder, 'checkpoint');
  const programs = new Programs(cc ?? '');
  let program: string;

  before(() => {
    program = programs.compile('file-holder');
  });
  after(() => {
    programs.remove();
    rmSync(folder, { recursive: true });
  });

  /** Starts a process that has the file, and has written it. */
  async function holder(word: string): Promise<ChildProcessWithoutNullStreams> {
    const child = spawn(program, [path, word]);
    await once(child.stdout, 'data');
    return child;
  }

  /** Runs one to its end. */
  const run = (word: string) => spawnSync(program, [path, word], { input: '', encoding: 'utf8' });

  const python = () => spawnSync('python3', ['-c', PYTHON, path], { input: '', encoding: 'utf8' });

  const content = () => [...new Set(readFileSync(path, 'latin1'))].join('');

  it('is that of one process until it ends, however it does', async () => {
    for (const signal of [undefined, 'SIGKILL', 'SIGTERM'] as const) {
      const first = await holder('a');
      const second = run('b');
      assert.equal(second.status, 1);
      assert.match(second.stderr, /checkpoint: .*busy/i);
      assert.equal(content(), 'a');
      if (signal === undefined) first.stdin.end();
      else first.kill(signal);
      await once(first, 'exit');
      const third = run('c');
      assert.equal(third.status, 0, third.stderr);
      assert.equal(content(), 'c');
      assert.deepEqual(readdirSync(folder), ['checkpoint']);
    }
  });

  it('is that of one process, too, where the other host is in Python', async (context) => {
    if (!needs(context, isThere('python3') ? undefined : 'python3')) return;
    const first = await holder('a');
    const refused = python();
    assert.equal(refused.status, 1);
    assert.match(refused.stderr, /BlockingIOError: .*another process is writing it: '.*checkpoint'\n$/);
    first.stdin.end();
    await once(first, 'exit');
    const child = spawn('python3', ['-c', PYTHON, path]);
    await once(child.stdout, 'data');
    const second = run('b');
    assert.equal(second.status, 1);
    assert.match(second.stderr, /checkpoint: .*busy/i);
    child.stdin.end();
    await once(child, 'exit');
    assert.equal(python().status, 0);
    assert.deepEqual(readdirSync(folder), ['checkpoint']);
  });

  it('is whole, whoever wants it at the same time', async () => {
    const children = [...'abcdefgh'].map((word) =>
      spawn(program, [path, word], { stdio: ['ignore', 'ignore', 'ignore'] }),
    );
    const codes = await Promise.all(
      children.map((child) => once(child, 'exit').then(([code]) => code as number)),
    );
    assert.ok(codes.includes(0) && codes.every((code) => code === 0 || code === 1), `${codes}`);
    const found = content();
    assert.equal(found.length, 1, found);
    assert.equal(codes['abcdefgh'.indexOf(found)], 0);
    assert.deepEqual(readdirSync(folder), ['checkpoint']);
  });

  it('keeps its permissions, and its old bytes when it cannot be written', () => {
    chmodSync(path, 0o640);
    assert.equal(run('d').status, 0);
    assert.equal(statSync(path).mode & 0o777, 0o640);
    // Where the new bytes belong is a folder.
    mkdirSync(`${path}.partial`);
    const { status, stderr } = run('e');
    assert.deepEqual([status, content()], [1, 'd'], stderr);
    assert.deepEqual(readdirSync(folder).sort(), ['checkpoint', 'checkpoint.partial']);
    rmSync(`${path}.partial`, { recursive: true });
    const nowhere = spawnSync(program, [join(folder, 'no/such'), 'f'], { input: '', encoding: 'utf8' });
    assert.equal(nowhere.status, 1);
    assert.match(nowhere.stderr, /no\/such: No such file/);
  });

  it('may be named from where the process is', () => {
    const { status, stderr } = spawnSync(program, ['checkpoint', 'g'], {
      ...{ cwd: folder, input: '', encoding: 'utf8' },
    });
    assert.deepEqual([status, content()], [0, 'g'], stderr);
    assert.deepEqual(readdirSync(folder), ['checkpoint']);
  });

  it('is refused where its lock leads elsewhere, and nothing is made there', () => {
    symlinkSync('elsewhere', `${path}.lock`);
    const { status, stderr } = run('h');
    assert.equal(status, 1);
    assert.match(stderr, /checkpoint: .*symbolic links/);
    assert.deepEqual(readdirSync(folder).sort(), ['checkpoint', 'checkpoint.lock']);
    assert.equal(content(), 'g');
    rmSync(`${path}.lock`);
  });

  it('is refused where its name is longer than any path', () => {
    const long = join(folder, 'x/'.repeat(3000));
    const { status, stderr } = spawnSync(program, [long, 'i'], { input: '', encoding: 'utf8' });
    assert.equal(status, 1);
    assert.match(stderr, /File name too long\n$/);
  });
});
