/**
 * The same training run on another engine gives the same trace. Needs Python with the packages of
 * test/engines/requirements.txt; without them it is skipped, or fails when NLR_ALL_ENGINES is set, as in
 * continuous integration.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { CoreExports } from '../host/abi.ts';
import { PAPER, resolveModel, resolveTraining } from '../host/options.ts';
import { coreOptions } from '../host/program.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const venv = `${root}build/engines/bin/python`;
const python = existsSync(venv) ? venv : 'python3';
const STEPS = 10;

/** Exact and with shots; a rule with a test and two without. */
const RUNS = [
  { rule: 'nlr', shots: 1000 },
  { rule: 'nlr-guarded', shots: 'exact' },
  { rule: 'adam', shots: 20 },
] as const satisfies readonly { rule: 'nlr' | 'nlr-guarded' | 'adam'; shots: number | 'exact' }[];

/** All options of the ABI, in the order of their keys (integer keys list themselves so); batches are streamed. */
function options(run: (typeof RUNS)[number]): number[] {
  const training = resolveTraining({ ...PAPER.training, ...run, seed: 2 ** 33 + 5, readoutError: 0.01 });
  return Object.values(coreOptions(resolveModel(PAPER.model), training, 0));
}

/** The run in this engine. */
function trace(module: string, values: readonly number[]): string {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(module)));
  const core = exports as unknown as CoreExports;
  const done = (status: number) => assert.equal(status, 0);
  for (const [key, value] of values.entries()) done(core.configure(key, value));
  done(core.init());
  done(core.circuit_ansatz(5));
  done(core.observable_add(0, 0, 1, 1));
  done(core.compile());
  done(core.parameters_initialise());
  const Reals = core.real_bytes() === 8 ? Float64Array : Float32Array;
  for (let step = 0; step < STEPS; step++) {
    done(core.step_begin(32));
    const features = new Reals(core.memory.buffer, core.features_ptr(), 32 * 8);
    for (let i = 0; i < features.length; i++) features[i] = ((i * 7 + step * 3) % 23) / 23 - 0.4;
    new Int32Array(core.memory.buffer, core.labels_ptr(), 32).forEach((_, i, labels) => {
      labels[i] = i % 2;
    });
    let status = core.step_advance(77);
    while (status > 0) status = core.step_advance(77);
    done(status);
  }
  const hex = (word: number) => (word >>> 0).toString(16).padStart(8, '0');
  return hex(core.trace_high()) + hex(core.trace_low());
}

for (const build of ['core', 'core.device', 'core.device-f32', 'core.device-fast', 'core.device-fast-f32']) {
  test(`engines: ${build} has the same bits in wasmtime`, (context) => {
    const module = `${root}build/${build}.wasm`;
    if (spawnSync(python, ['-c', 'import wasmtime']).status !== 0) {
      const missing = 'wasmtime for Python is not installed: pip install -r test/engines/requirements.txt';
      if (process.env.NLR_ALL_ENGINES === undefined) return context.skip(missing);
      return assert.fail(missing);
    }
    const runs = RUNS.map(options);
    const found = spawnSync(
      python,
      [
        'test/engines/wasmtime_trace.py',
        module,
        String(STEPS),
        ...runs.map((values) => JSON.stringify(values)),
      ],
      { cwd: root, encoding: 'utf8' },
    );
    assert.equal(found.status, 0, found.stderr);
    const traces = runs.map((values) => trace(module, values));
    assert.deepEqual(found.stdout.trim().split('\n'), traces);
    assert.equal(new Set(traces).size, traces.length);
  });
}
