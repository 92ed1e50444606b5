/** The two cores of the library: the one inside its entry, which only predicts, and the one that trains. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { runInNewContext } from 'node:vm';
import { Option, Status } from '../../../assembly/abi/codes.ts';
import { EXPORTS } from '../../../host/build/profiles.mjs';
import { CoreError, loadCore, loadModel, plan, Trainer } from '../../../host/index.ts';
import { ensureBuilt } from '../../support/built.mjs';
import { finish, MODEL, rowsOf, TRAINING, trainerOf } from '../../support/host-data.ts';

const dataset = rowsOf(['no', 'yes']);

/** What training is refused with by a core that only predicts. */
const refused = (name: string) => (error: unknown) => {
  assert(error instanceof CoreError);
  assert.equal(error.code, 'ERR_CORE_MODULE');
  assert.equal(error.message, `this core only predicts and has no ${name}; load one with engines 'all'`);
  return true;
};

test('the core inside the entry refuses to train, in a sentence', async () => {
  const core = await loadCore({ engines: 'samples' });
  assert.throws(() => core.trace(), refused('trace_high'));
  for (const name of EXPORTS.TRAINS) {
    assert.ok(!(name in core.abi), name);
    assert.throws(() => (core.abi[name] as () => number)(), refused(name));
  }
  const options = { model: MODEL, training: TRAINING, dataset, engines: 'samples' } as const;
  await assert.rejects(Trainer.create(options), refused('parameters_initialise'));
  const { engines } = options;
  const file = (await finish(await trainerOf(), 1)).checkpoint();
  await assert.rejects(Trainer.resume(file, { dataset, engines }), refused('parameters_initialise'));
});

test('it predicts as the one that trains does', async () => {
  const trainer = await finish(await trainerOf({ ...TRAINING, engine: 'samples' }));
  const file = trainer.save();
  const small = await loadModel(file);
  const large = await loadModel(file, { engines: 'all' });
  for (const shots of ['exact', 30] as const) {
    const expected = large.evaluate(dataset, { shots });
    assert.deepEqual(small.evaluate(dataset, { shots }), expected, `${shots}`);
  }
  assert.deepEqual(small.predict([[1, 2, 3]]), trainer.predict([[1, 2, 3]]));
});

test('a model that only predicts can be printed, awaited and turned into JSON', async () => {
  const model = await loadModel((await finish(await trainerOf())).save());
  assert.equal(typeof JSON.stringify(model), 'string');
  assert.match(inspect(model, { depth: 5, showProxy: false }), /^Model/);
  const { abi } = await loadCore({ engines: 'samples' });
  assert.equal(await abi, abi);
  assert.equal(typeof JSON.stringify(abi), 'string');
  assert.match(`${Object.prototype.toString.call(abi)}`, /object/);
});

test('a plan for it counts with the one that trains', async () => {
  const training = { ...TRAINING, engine: 'samples' } as const;
  const { arenaBytes, ...found } = await plan(MODEL, training, { build: { engines: 'samples' } });
  const { arenaBytes: most, ...expected } = await plan(MODEL, training);
  assert.deepEqual(found, expected);
  assert.ok(arenaBytes > 0 && arenaBytes <= most, `${arenaBytes}, ${most}`);
});

test('a refusal of the options names the one at fault', async () => {
  for (const engines of ['samples', 'all'] as const) {
    const core = await loadCore({ engines });
    const saying = (pattern: RegExp) => (error: unknown) => {
      assert(error instanceof CoreError);
      assert.match(error.message, pattern);
      return true;
    };
    assert.throws(
      () => core.check(core.abi.plan(), 'planning'),
      saying(/contradict one another: see Qubits$/),
    );
    assert.throws(() => core.configure(Option.Beta1, 1), saying(/out of range: see Beta1$/));
    assert.throws(() => core.configure(999 as Option, 1), saying(/unknown or out of range$/));
    assert.throws(() => core.check(Status.NotReady, 'this'), saying(/not ready for this call$/));
  }
});

test('a module is taken as bytes and compiled, also in another frame', async () => {
  ensureBuilt('build/core.device.wasm');
  const bytes = readFileSync(new URL('../../../build/core.device.wasm', import.meta.url));
  const foreign = runInNewContext('new WebAssembly.Module(bytes)', { bytes }) as object;
  assert.ok(!(foreign instanceof WebAssembly.Module));
  const sizes = [];
  for (const wasm of [bytes, new WebAssembly.Module(bytes), foreign])
    sizes.push((await loadCore({ wasm })).memoryBytes);
  assert.deepEqual(sizes, [65536, 65536, 65536]);
});

test('an engine without SIMD is told which module to pass, and others what is wrong', async (t) => {
  t.mock.method(WebAssembly, 'Module', function refuse() {
    throw new WebAssembly.CompileError('invalid value type');
  } as never);
  await assert.rejects(
    loadCore({ engines: 'samples' }),
    /^CoreError: the module cannot be instantiated: invalid/,
  );
  t.mock.method(WebAssembly, 'validate', () => false);
  const message = 'this engine has no SIMD; pass core.device-fast.wasm as `wasm`';
  for (const engines of ['samples', 'all'] as const)
    await assert.rejects(loadCore({ engines }), { name: 'CoreError', message });
  await assert.rejects(loadCore({ wasm: new Uint8Array(8) }), /cannot be instantiated/);
});
