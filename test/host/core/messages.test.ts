/** What the core is asked in vain: refusals, views out of bounds, modules that are none, with every sentence whole. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Option, Status } from '../../../assembly/abi/codes.ts';
import type { CoreExports } from '../../../host/core/abi.ts';
import { Core } from '../../../host/core/core.ts';
import { CoreError, DataError, FormatError, OptionError } from '../../../host/core/errors.ts';
import { REFUSALS } from '../../../host/core/refusals.ts';
import { prepareCore } from '../../../host/api/program.ts';
import {
  type LoadOptions,
  loadCore,
  resolveModel,
  resolveTraining,
  supportsSimd,
} from '../../../host/index.ts';
import { assertGolden } from '../../support/golden.ts';
import { MODEL, TRAINING } from '../../support/host-data.ts';
import { settled } from '../../support/settled.ts';

const golden = (name: string) => new URL(`messages-${name}.txt`, import.meta.url);
const loose = (value: unknown) => value as never;

test('every refusal has its sentence, and those of options name one', async () => {
  const core = await loadCore();
  core.configure(Option.Qubits, 3);
  const calls: Record<string, () => unknown> = {};
  for (const status of Object.values(Status).filter((each) => typeof each === 'number'))
    calls[Status[status]] = () => core.check(status, 'doing this');
  calls['a status that nobody knows'] = () => core.check(-999, 'doing this');
  calls['a count'] = () => core.check(7, 'doing this');
  calls['no number'] = () => core.check(loose('7'), 'doing this');
  calls['nothing'] = () => core.check(loose(undefined), 'doing this');
  calls['a key that nobody knows'] = () => core.configure(loose(999), 1);
  calls['a key of a text'] = () => core.configure(loose('3'), 1);
  calls['a value of a text'] = () => core.configure(Option.Qubits, loose('3'));
  calls['a value out of range'] = () => core.configure(Option.Beta1, 1);
  calls['a good value'] = () => core.configure(Option.Beta1, 0.5) ?? core.abi.option_value(Option.Beta1);
  assert.equal(REFUSALS[0], undefined);
  assertGolden(golden('statuses'), await settled(calls));
});

test('views are inside the memory, whole numbers of their kind', async () => {
  const core = await loadCore();
  const end = core.memoryBytes;
  const view = (made: { readonly length: number; readonly byteOffset: number }) =>
    `${Object.prototype.toString.call(made).slice(8, -1)} ${made.length} at ${made.byteOffset}`;
  assert.equal(end, 65536);
  assert.equal(core.realBytes, 8);
  const text = await settled({
    reals: () => view(core.reals(64, 3)),
    doubles: () => view(core.doubles(8, 2)),
    integers: () => view(core.integers(4, 2)),
    none: () => view(core.integers(4, 0)),
    'the last': () => view(core.doubles(end - 8, 1)),
    'one too many': () => core.doubles(end - 8, 2),
    'behind the last': () => view(core.doubles(end, 0)),
    beyond: () => core.doubles(end + 8, 0),
    below: () => core.doubles(-8, 1),
    'between doubles': () => core.doubles(4, 1),
    'between integers': () => core.integers(2, 1),
    'half a count': () => core.integers(4, 0.5),
    'less than none': () => core.integers(4, -1),
    'an address of a text': () => core.integers(loose('4'), 1),
    'an image of a list': () => core.putImage(loose([1])),
    'an image too large': () => core.putImage(new Uint8Array(end)),
    'an image': () => {
      prepareCore(core, resolveModel(MODEL), resolveTraining(TRAINING), 0);
      core.putImage(Uint8Array.of(1, 2, 3));
      const taken = core.takeImage(3);
      core.putImage(Uint8Array.of(9, 9, 9));
      return Array.from(taken);
    },
    'a trace': () => core.trace().length,
  });
  assertGolden(golden('views'), text);
  const hex = new Core(
    {
      abi_version: core.abi.abi_version,
      step_begin: 0,
      trace_high: () => -1,
      trace_low: () => 0xab,
    } as never,
    0,
  );
  assert.equal(hex.trace(), 'ffffffff000000ab');
});

test('modules that are none, or of another version, are refused', async () => {
  const load = (options: unknown) => async () => (await loadCore(options as LoadOptions)).memoryBytes;
  const own = (await loadCore()).abi;
  const made = (abi: unknown) => () => new Core(abi as CoreExports, 0).wasmBytes;
  const response = (change: object) => ({
    ...{ ok: true, status: 200, url: 'core.wasm', arrayBuffer: async () => new ArrayBuffer(3) },
    ...change,
  });
  /** Engines say in words of their own why a module is none. */
  const refused = async (options: unknown) => {
    try {
      await loadCore(options as LoadOptions);
      return 'loads';
    } catch (error) {
      assert.ok(error instanceof CoreError);
      return `${error.code} ${error.status}: ${error.message.replace(/(instantiated: ).*/, '$1why')}${error.cause ? ', with a cause' : ''}`;
    }
  };
  const empty = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0);
  const text = await settled({
    'the own one': load({}),
    'all engines': load({ engines: 'all' }),
    'one engine': load({ engines: 'samples' }),
    'no options': load(undefined),
    'options of null': load(null),
    'strange engines': load({ engines: 'none' }),
    'a strange option': load({ module: 1 }),
    'a module of a text': load({ wasm: 'core.wasm' }),
    'a module of null': load({ wasm: null }),
    'bytes of nothing': () => refused({ wasm: new Uint8Array(0) }),
    'bytes of something else': () => refused({ wasm: new Uint8Array(8) }),
    'an empty module': () => refused({ wasm: empty }),
    'a compiled module without exports': () => refused({ wasm: new WebAssembly.Module(empty) }),
    'a page that is not there': () => refused({ wasm: response({ ok: false, status: 404 }) }),
    'a page of something else': () => refused({ wasm: Promise.resolve(response({})) }),
    'a page that cannot be read': () =>
      refused({ wasm: response({ arrayBuffer: () => Promise.reject(new Error('cut off')) }) }),
    'exports of another version': made({ ...own, abi_version: () => 1 }),
    'exports without a version': made({ memory: own.memory }),
    'no exports': made(undefined),
    'exports that cannot be read': made(
      new Proxy(
        {},
        {
          get: () => {
            throw new Error('no');
          },
        },
      ),
    ),
    SIMD: supportsSimd,
  });
  // The version changes with the core.
  assertGolden(golden('modules'), text.replace(/(this host version )\d+/g, '$1now'));
});

test('errors say where, and have the code of what they are about', () => {
  const of = (error: Error & { code?: string }) => [error.name, error.code, error.message];
  assert.deepEqual(of(new DataError('ERR_DATA_ROWS', 'few', { line: 3 })), [
    'DataError',
    'ERR_DATA_ROWS',
    '3: few',
  ]);
  assert.deepEqual(of(new FormatError('ERR_FORMAT_MAGIC', 'odd')), [
    'FormatError',
    'ERR_FORMAT_MAGIC',
    'odd',
  ]);
  assert.deepEqual(of(new CoreError(Number.NaN, 'none')), ['CoreError', 'ERR_CORE_MODULE', 'none']);
  assert.deepEqual(of(new OptionError('ERR_OPTION_VALUE', 'bad')), [
    'OptionError',
    'ERR_OPTION_VALUE',
    'bad',
  ]);
  assert.equal(new OptionError('ERR_OPTION_VALUE', 'bad').option, undefined);
  assert.equal(new FormatError('ERR_FORMAT_MAGIC', 'odd', 'a.nlr').file, 'a.nlr');
});
