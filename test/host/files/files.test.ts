/** Model and checkpoint files in memory: their bytes, and descriptions that do not fit their images. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, describe, test } from 'node:test';
import { runInNewContext } from 'node:vm';
import { unpackContainer } from '../../../host/files/container.ts';
import { CoreError, loadCore, loadModel, Trainer } from '../../../host/index.ts';
import { finish, MODEL, rowsOf, trainerOf, withDescription } from '../../support/host-data.ts';

let model: Uint8Array;
let many: Uint8Array;
let checkpoint: Uint8Array;
const dataset = rowsOf(['no', 'yes']);

before(async () => {
  const trainer = await finish(await trainerOf());
  [model, checkpoint] = [trainer.save(), trainer.checkpoint()];
  many = (await finish(await trainerOf({ steps: 2 }, true))).save();
});

describe('the bytes of a file', () => {
  test('come as a view or as a buffer, of whatever context', async () => {
    const expected = (await loadModel(model)).predict([[1, 2, 3]]);
    const padded = new Uint8Array(model.length + 8);
    padded.set(model, 8);
    const foreign: ArrayBuffer = runInNewContext(`new ArrayBuffer(${model.length})`);
    new Uint8Array(foreign).set(model);
    for (const file of [
      await new Response(new Uint8Array(model)).arrayBuffer(),
      foreign,
      padded.subarray(8),
      new DataView(padded.buffer, 8),
      Buffer.from(model),
    ]) {
      assert.deepEqual((await loadModel(file)).predict([[1, 2, 3]]), expected);
    }
    const { buffer } = new Uint8Array(checkpoint);
    assert.equal((await Trainer.resume(buffer, { dataset })).steps, 6);
    assert.equal(Trainer.contextOf(buffer), undefined);
  });

  test('are nothing else', async () => {
    for (const [file, shown] of [
      ['model.nlrvqa', '"model.nlrvqa"'],
      [new Response(), '{}'],
      [undefined, 'undefined'],
      [[1, 2], '[1,2]'],
    ] as const) {
      await assert.rejects(loadModel(file as unknown as ArrayBuffer), {
        name: 'OptionError',
        message: `model is ${shown}; expected bytes: an ArrayBuffer or a view of one`,
      });
    }
  });
});

describe('a module that is fetched', () => {
  const bytes = readFileSync(new URL('../../../build/core.wasm', import.meta.url));

  test('is used when the answer is good', async () => {
    const core = await loadCore({ wasm: Promise.resolve(new Response(new Uint8Array(bytes))) });
    assert.equal(core.wasmBytes, bytes.length);
    assert.equal((await loadCore({ wasm: new WebAssembly.Module(bytes) })).realBytes, 8);
  });

  test('is refused with the status when it is not', async () => {
    const response = Object.defineProperty(new Response('<html>', { status: 404 }), 'url', {
      value: 'https://x/y',
    });
    await assert.rejects(loadCore({ wasm: response }), (error) => {
      assert(error instanceof CoreError);
      assert.equal(error.message, 'the module cannot be fetched: https://x/y gives 404');
      return error.code === 'ERR_CORE_MODULE';
    });
  });
});

describe('a description whose checksum is right', () => {
  type Fields = Record<string, unknown>;
  const hostile: Readonly<Record<string, (description: Fields) => object>> = {
    'of more qubits': (d) => ({ ...d, model: { ...MODEL, qubits: 3 } }),
    'of fewer features': (d) => ({ ...d, model: { ...MODEL, features: 2 } }),
    'of more classes': (d) => ({ ...d, model: { ...MODEL, classes: 3 }, classes: ['a', 'b', 'c'] }),
    'of more class names': (d) => ({ ...d, classes: ['a', 'b', 'c'] }),
    'of one class': (d) => ({ ...d, classes: ['a'] }),
    'of the same class twice': (d) => ({ ...d, classes: ['a', 'a'] }),
    'of classes that are no names': (d) => ({ ...d, classes: [1, 2] }),
    'of classes that are no list': (d) => ({ ...d, classes: 'no' }),
    'with a circuit that is none': (d) => ({ ...d, model: { ...MODEL, layers: undefined, circuit: [null] } }),
    'with observables that are none': (d) => ({ ...d, model: { ...MODEL, observable: [[{ pauli: {} }]] } }),
    'with an object where a word belongs': (d) => ({ ...d, model: { ...MODEL, head: { toString: 1 } } }),
    'with an unknown option': (d) => ({ ...d, model: { ...MODEL, depth: 2 } }),
    'without a model': (d) => ({ ...d, model: null }),
    'without training': (d) => ({ ...d, training: 'adam' }),
    'with preprocessing for another width': (d) => ({ ...d, pipeline: 'none' }),
    'with half a sample': (d) => ({ ...d, samples: 0.5 }),
    'with samples beyond all count': (d) => ({ ...d, samples: 1e300 }),
    'without samples': (d) => ({ ...d, samples: 0 }),
    'with a checksum that is none': (d) => ({ ...d, data: -1 }),
    'with a checksum of more than 32 bits': (d) => ({ ...d, data: 2 ** 32 }),
    'with steps beyond all count': (d) => ({ ...d, training: { steps: 1e300 } }),
    'with a batch of millions': (d) => ({ ...d, training: { batch: 2 ** 24 } }),
    'with a million layers': (d) => ({ ...d, model: { ...MODEL, layers: 1e6 } }),
    'with an angle that is no number': (d) => ({
      ...d,
      model: {
        ...MODEL,
        layers: undefined,
        circuit: [{ gate: 'rx', qubits: [0], angle: { parameter: 0, scale: 'endless' } }],
      },
    }),
    'with a circuit beyond all room': (d) => ({
      ...d,
      model: {
        ...MODEL,
        layers: undefined,
        circuit: Array.from({ length: 5000 }, () => ({ gate: 'rx', qubits: [0], angle: { parameter: 0 } })),
      },
    }),
    'nested deeply': (d) => ({ ...d, model: { ...MODEL, circuit: nested(100) } }),
    'with preprocessing nested deeply': (d) => ({ ...d, pipeline: nested(500) }),
    'with preprocessing that gives another width': (d) => ({
      ...d,
      pipeline: [{ kind: 'pool', height: 3, width: 1, toHeight: 2, toWidth: 1 }],
    }),
    'with preprocessing of a huge declared size': (d) => ({
      ...d,
      pipeline: [{ kind: 'pool', height: 2 ** 24, width: 2 ** 24, toHeight: 3, toWidth: 1 }],
    }),
    'with a prototype for its options': (d) => ({
      ...d,
      model: JSON.parse('{"__proto__": {"qubits": 2, "features": 3}}'),
    }),
    'with a constructor among its training': (d) => ({
      ...d,
      training: JSON.parse('{"constructor": {"prototype": {}}}'),
    }),
    'with class weights that are none': (d) => ({ ...d, classWeights: [1, -1] }),
    'of another kind': (d) => ({ ...d, kind: { toString: 1 } }),
    'that is a list': () => [],
  };
  const nested = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth));
  for (const [what, change] of Object.entries(hostile)) {
    test(`${what} is refused with the name of the file`, async () => {
      const refused = { name: 'FormatError', message: /^bad\.nlr: [^\n]+$/ };
      await assert.rejects(loadModel(withDescription(model, change), { name: 'bad.nlr' }), refused);
      const changed = withDescription(checkpoint, change);
      await assert.rejects(
        async () => {
          const name = 'bad.nlr';
          const trainer = await Trainer.resume(changed, { dataset, name });
          assert.fail(`resumed at step ${trainer.steps}`);
        },
        (error: Error) => {
          // Other widths are noticed at the data, which then does not fit.
          assert.match(error.name, /FormatError|DataError/, `${error.stack}`);
          return true;
        },
      );
    });
  }

  test('of as many classes as there are models passes, of another number does not', async () => {
    assert.deepEqual((await loadModel(many)).classes, ['a', 'b', 'c']);
    for (const classes of [
      ['a', 'b'],
      ['a', 'b', 'c', 'd'],
    ]) {
      const file = withDescription(many, (d) => ({ ...d, classes }));
      await assert.rejects(loadModel(file), { code: 'ERR_FORMAT_CONFIGURATION' });
    }
  });
});

test('what a file needs that this library does not know is named, as a newer version', async () => {
  const changes: [string, (description: Record<string, unknown>) => object][] = [
    ['future', (d) => ({ ...d, future: 1 })],
    ['teleport', (d) => ({ ...d, training: { ...(d.training as object), teleport: true } })],
    ['wings', (d) => ({ ...d, model: { ...(d.model as object), wings: 2 } })],
  ];
  for (const [field, change] of changes) {
    await assert.rejects(loadModel(withDescription(model, change), { name: 'new.nlr' }), {
      code: 'ERR_FORMAT_VERSION',
      message: new RegExp(
        `^new\\.nlr: the file needs a newer nlr-vqa, or is malformed: .* has no '${field}'`,
      ),
    });
  }
});

test('a file names the options of version 0.1.0, and younger ones only where they are not at their default', () => {
  const first =
    'rule steps batch rate negativeRate headRate shots gradient schedule readoutError beta1 beta2 epsilon guard seed engine workspace observableNorm moments answerer';
  for (const file of [model, checkpoint]) {
    const { training } = unpackContainer(file, 'file').description as Record<string, object>;
    assert.deepEqual(Object.keys(training).sort(), first.split(' ').sort());
  }
});

test('a checkpoint that the core refuses is refused as a file', async () => {
  // The image's configuration is another one, because its rate is.
  const training = { steps: 6, batch: 4, rate: 0.5 };
  const changed = withDescription(checkpoint, (d) => ({ ...d, training }));
  await assert.rejects(Trainer.resume(changed, { dataset, name: 'run.nlr' }), {
    name: 'FormatError',
    code: 'ERR_FORMAT_CONFIGURATION',
    message: 'run.nlr: while reading a checkpoint: the image belongs to another configuration',
  });
});

test('the seed of a loaded model is checked, and is that of its shots', async () => {
  for (const seed of [-1, 0.5, 2 ** 53]) {
    await assert.rejects(loadModel(model, { seed }), { name: 'OptionError', option: 'seed' });
  }
  const losses = await Promise.all(
    [3, 3, 3 + 2 ** 40].map(
      async (seed) => (await loadModel(model, { seed })).evaluate(dataset, { shots: 5 }).loss,
    ),
  );
  assert.equal(losses[0], losses[1]);
  assert.notEqual(losses[0], losses[2]);
});
