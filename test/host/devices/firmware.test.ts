/**
 * The firmware under QEMU and the host in wasm3 do what they say: they end with the bits of this engine, through a
 * power cut in mid-step, within a watchdog's deadline, and trap where linear memory ends. What is not installed is
 * skipped, or fails when NLR_ALL_ENGINES is set, as in continuous integration.
 */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { applicationProgram, roomFor } from '../../../host/devices/application.ts';
import {
  buildProgram,
  missing,
  type Program,
  runProgram,
  type TargetName,
} from '../../../host/devices/build-c.ts';
import { digitsSource } from '../../../host/devices/digits.ts';
import { type Application, expectation } from '../../../host/devices/expected.ts';
import { needs } from '../../support/installed.ts';

const STEPS: Application = {
  steps: 6,
  checkpointEvery: 2,
  work: 20,
  shots: 'exact',
  engine: 'auto',
  cutInStep: 4,
};

/** Where, how, which build, and what differs from `STEPS`: what is slow there does little. */
const FIRMWARE: readonly (readonly [TargetName, Program['how'], string, Partial<Application>])[] = [
  ['cortex-m4f', 'wasm2c', 'device-fast-f32', {}],
  [
    'cortex-m4f',
    'wasm2c',
    'device-fast-f32',
    { engine: 'columns', shots: 50, steps: 2, cutInStep: 2, checkpointEvery: 1 },
  ],
  ['cortex-m4f', 'wasm2c', 'device-fast', {}],
  ['cortex-m4f', 'wasm2c', 'device-f32', { steps: 3, cutInStep: 3 }],
  ['cortex-m4f', 'wasm2c', 'device', { steps: 1, cutInStep: 0 }],
  ['cortex-m4f', 'wasm3', 'device-fast-f32', { engine: 'columns', steps: 3, cutInStep: 3 }],
  ['riscv-virt', 'wasm2c', 'device-fast-f32', {}],
  ['riscv-virt', 'wasm2c', 'device-fast', { steps: 3, cutInStep: 3 }],
];

describe('devices: the application as firmware', () => {
  for (const [target, how, build, changes] of FIRMWARE) {
    const application = { ...STEPS, ...changes };
    const { engine, shots, cutInStep } = application;
    it(`${target} ${how} ${build} ${engine} ${shots}: ends with the bits of this engine`, async (context) => {
      if (!needs(context, missing(target, how))) return;
      const program = await applicationProgram({ target, how, build, ...roomFor(how, build) }, application);
      const { lines, succeeded } = runProgram(target, buildProgram(program));
      assert.ok(succeeded, lines.join('\n'));
      assert.equal(lines.includes('the power fails'), cutInStep > 0);
      assert.equal(lines.includes('resumed from a checkpoint'), cutInStep > 0);
      assert.equal(lines.at(-1), 'as expected');
    });
  }

  it('notices other bits', async (context) => {
    if (!needs(context, missing('cortex-m4f', 'wasm2c'))) return;
    const build = 'device-fast-f32';
    const program = await applicationProgram(
      { target: 'cortex-m4f', how: 'wasm2c', build, ...roomFor('wasm2c', build) },
      STEPS,
    );
    const header = program.generated?.['expected.h'] ?? '';
    const flipped = header.replace(
      /(TRACE_LOW 0x\w*)(\w)u/,
      (_, start, digit) => `${start}${(Number.parseInt(digit, 16) ^ 1).toString(16)}u`,
    );
    assert.notEqual(flipped, header);
    const ran = runProgram(
      'cortex-m4f',
      buildProgram({ ...program, generated: { ...program.generated, 'expected.h': flipped } }),
    );
    assert.equal(ran.succeeded, false);
    assert.equal(ran.lines.at(-1), 'NOT as expected');
  });
});

/** A test program of test/devices. */
const testProgram = (name: string) => fileURLToPath(new URL(`${name}.c`, import.meta.url));

describe('devices: the end of linear memory', () => {
  for (const [target, how] of [
    ['cortex-m4f', 'wasm2c'],
    ['cortex-m4f', 'wasm3'],
    ['riscv-virt', 'wasm2c'],
  ] as const) {
    it(`${target} ${how}: is refused where asked for, and traps where not`, (context) => {
      if (!needs(context, missing(target, how))) return;
      const sources = [testProgram('exceeded'), 'paper.c', 'text.c'];
      const file = buildProgram({ target, how, build: 'device-f32', sources, memoryBytes: 8192 });
      const { lines, succeeded } = runProgram(target, file);
      assert.equal(lines[0], 'refused: out of memory');
      assert.match(lines[1], /^trapped: .*out of bounds/);
      assert.ok(succeeded);
    });
  }
});

describe('devices: a watchdog', () => {
  /** Instructions: 1 ms at one a cycle and 168 MHz. */
  const DEADLINE = 168_000;

  async function watchdog(deadline: number) {
    const file = buildProgram({
      target: 'cortex-m4f',
      how: 'wasm2c',
      build: 'device-fast-f32',
      sources: [testProgram('watchdog'), 'paper.c', 'text.c'],
      generated: { 'digits.c': await digitsSource() },
      defines: { WATCHDOG_DEADLINE: deadline },
      memoryBytes: 16384,
    });
    return runProgram('cortex-m4f', file);
  }

  it(`is fed within ${DEADLINE} instructions, in exact steps and in steps with shots`, async (context) => {
    if (!needs(context, missing('cortex-m4f', 'wasm2c'))) return;
    const { lines, succeeded } = await watchdog(DEADLINE);
    assert.ok(succeeded, lines.join('\n'));
    const [, longest, slices] = /^longest (\d+) slices (\d+)$/.exec(lines[0]) ?? [];
    assert.ok(Number(longest) <= DEADLINE && Number(slices) > 500, lines[0]);
  });

  it('bites when the deadline is shorter than a slice', async (context) => {
    if (!needs(context, missing('cortex-m4f', 'wasm2c'))) return;
    const { lines, succeeded } = await watchdog(1000);
    assert.equal(succeeded, false);
    assert.deepEqual(lines, ['the watchdog bites']);
  });
});

describe('devices: the host in wasm3', () => {
  it('resumes after a kill, with the bits of this engine', async (context) => {
    if (!needs(context, missing('linux', 'wasm3'))) return;
    const steps = 60;
    const module = fileURLToPath(new URL('../../../build/core.device-fast.wasm', import.meta.url));
    const file = buildProgram({
      target: 'linux',
      how: 'wasm3',
      build: 'device-fast',
      embedded: false,
      sources: ['wasm3/host.c', 'own-file.c', 'train.c', 'text.c', 'paper.c'],
      generated: { 'digits.c': await digitsSource() },
    });
    const folder = mkdtempSync(join(tmpdir(), 'nlr-vqa-'));
    try {
      const words = [module, join(folder, 'checkpoint'), String(steps)];
      const first = spawn(file, words, { stdio: ['ignore', 'pipe', 'inherit'] });
      const ended = new Promise<NodeJS.Signals | null>((resolve) =>
        first.on('close', (_, signal) => resolve(signal)),
      );
      for await (const line of createInterface(first.stdout))
        if (line.startsWith('step 11 ')) first.kill('SIGKILL');
      assert.equal(await ended, 'SIGKILL', 'it was killed before its end');
      assert.ok(statSync(words[1]).size > 0);
      const second = spawnSync(file, words, { encoding: 'utf8' });
      assert.equal(second.status, 0, second.stderr);
      const lines = second.stdout.trim().split('\n');
      assert.ok(lines.includes('resumed from a checkpoint'));
      const application = { ...STEPS, steps, cutInStep: 0 };
      const { trace, correct } = await expectation(new Uint8Array(readFileSync(module)), application);
      assert.equal(lines.at(-1), `trace ${trace}, ${correct} of 128 test digits right`);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
