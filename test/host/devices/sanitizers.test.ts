/**
 * The C sources under the address and undefined-behaviour sanitizers: everything that they find ends a program. The
 * translated core trains and goes through the cases of the matrix, the store through its power cuts, the programs
 * through what they do.
 */
import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { buildProgram, missing, type Program } from '../../../host/devices/build-c.ts';
import { digitsSource } from '../../../host/devices/digits.ts';
import { expectation } from '../../../host/devices/expected.ts';
import { needs, without } from '../../support/installed.ts';
import { HERE, ROOT, type Task } from '../../engines/engine.ts';
import { expectedOf, writeTasks } from '../../engines/matrix.ts';

const SANITIZERS = ['-fsanitize=address,undefined', '-fno-sanitize-recover=all', '-g', '-O1'];
const folder = mkdtempSync(join(tmpdir(), 'nlr-vqa-'));
after(() => rmSync(folder, { recursive: true }));

/** Whether the compiler has the sanitizers' libraries, too. */
function absent(): string | undefined {
  const input = 'int main(void) { return 0; }';
  const args = [...SANITIZERS, '-x', 'c', '-', '-o', join(folder, 'empty')];
  return spawnSync('cc', args, { input }).status === 0
    ? undefined
    : 'cc with the libraries of its sanitizers: libasan and libubsan';
}

const skip = without(absent());

const built = (program: Omit<Program, 'target'>) =>
  buildProgram({ ...program, target: 'linux', flags: [...SANITIZERS, ...(program.flags ?? [])] });

/** What a program prints; it fails with what a sanitizer has found. */
async function output(program: string, args: readonly string[]): Promise<string> {
  const { stdout, stderr } = await promisify(execFile)(program, [...args], { cwd: ROOT, maxBuffer: 1 << 28 });
  assert.equal(stderr, '');
  return stdout;
}

describe('C under sanitizers', { skip }, () => {
  let tasks: readonly Task[];
  before(() => {
    tasks = writeTasks();
  });

  it('they are at work: an overflow of each kind ends a program', async () => {
    for (const [wrong, found] of [
      ['int a[2] = {0}; return a[count + 1];', /runtime error: index 2 out of bounds/],
      ['int n = 2147483647; n += count; return n == 0;', /signed integer overflow/],
      ['char *p = malloc(2); p[count + 1] = 1; return p[0];', /heap-buffer-overflow|with insufficient space/],
    ] as const) {
      const source = join(folder, 'wrong.c');
      writeFileSync(
        source,
        `#include <stdlib.h>\nint main(int count, char **words) { (void)words; ${wrong} }\n`,
      );
      const { status, stderr } = spawnSync('cc', [...SANITIZERS, source, '-o', join(folder, 'wrong')], {
        encoding: 'utf8',
      });
      assert.equal(status, 0, stderr);
      const ran = spawnSync(join(folder, 'wrong'), { encoding: 'utf8' });
      assert.notEqual(ran.status, 0);
      assert.match(ran.stderr, found);
    }
  });

  for (const [name, list] of [
    ['device-f32', 'common'],
    ['device-fast', 'all engines'],
  ]) {
    it(`the core ahead of time, transcript.c, core-call.c: ${name}, ${list} cases`, async () => {
      const task = tasks.find((each) => each.build.name === name && each.list.name === list);
      assert.ok(task);
      const program = built({
        how: 'wasm2c',
        build: name,
        sources: ['core-call.c', `${HERE}transcript.c`, `${HERE}transcript-linux.c`],
        flags: [`-I${HERE}`],
      });
      assert.equal((await output(program, [task.script])).trimEnd(), expectedOf([task])[0]);
    });
  }

  for (const memoryBytes of [undefined, 24576]) {
    it(`train.c, paper.c, text.c, core-wasm3.c, the host in wasm3, ${memoryBytes ?? 'all'} bytes: a training with checkpoints, resumed`, async (context) => {
      if (!needs(context, missing('linux', 'wasm3'))) return;
      const build = 'device-fast-f32';
      const module = `${ROOT}build/core.${build}.wasm`;
      const program = built({
        how: 'wasm3',
        build,
        memoryBytes,
        embedded: false,
        sources: ['wasm3/host.c', 'own-file.c', 'train.c', 'text.c', 'paper.c'],
        generated: { 'digits.c': await digitsSource() },
      });
      const checkpoint = join(folder, `checkpoint-${memoryBytes}`);
      await output(program, [module, checkpoint, '20']);
      const lines = (await output(program, [module, checkpoint, '25'])).trim().split('\n');
      assert.ok(lines.includes('resumed from a checkpoint'));
      const application = { steps: 25, checkpointEvery: 10, work: 1000, cutInStep: 0 } as const;
      const found = await expectation(new Uint8Array(readFileSync(module)), {
        ...application,
        shots: 'exact',
        engine: 'auto',
      });
      assert.equal(lines.at(-1), `trace ${found.trace}, ${found.correct} of 128 test digits right`);
    });
  }

  it('qpu.c, train_with_qpu.c: a training with a processor that fails in every way', async () => {
    const program = built({
      how: 'wasm2c',
      build: 'device-fast',
      sources: ['qpu/train_with_qpu.c', 'qpu/qpu.c', 'own-file.c'],
    });
    const standIn = [process.execPath, `${ROOT}host/devices/qpu/stand-in.mjs`];
    const faults = '--die-after 97 --fail-every 7 --wrong-every 11 --stale-every 5'.split(' ');
    const traces = await Promise.all(
      [[], faults].map(async (options, i) => {
        const lines = (await output(program, ['2', join(folder, `qpu-${i}`), ...standIn, ...options])).trim();
        return lines.split('\n').at(-1);
      }),
    );
    assert.match(traces[0] ?? '', /^trace \w{16}$/);
    assert.equal(traces[1], traces[0]);
  });

  it('slots.c: every write torn, random cuts, garbage, failing writes', async () => {
    const program = join(folder, 'slots-power');
    const sources = ['test/durability/slots-power.c', 'test/durability/flash-sim.c', 'host/devices/slots.c'];
    const include = ['-Ihost/devices', '-Itest/durability'];
    await output('cc', [...SANITIZERS, '-std=c11', ...include, ...sources, '-o', program]);
    assert.match(await output(program, ['7', '200']), /\d/);
  });
});
