/**
 * The worker example of host/devices/edge answers in Deno, Bun and workerd as it does here, bit for bit. A
 * runtime that is not installed is skipped, or fails where all are wanted.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { before, describe, it } from 'node:test';
import { loadModel, type Prediction, Trainer } from '../../host/index.ts';
import { needs } from '../support/installed.ts';
import { firstOf, INSTALLED, PATIENCE, ROOT } from './engine.ts';
import { findWorkerd, serve } from './engine-workerd.ts';
import { BUN_PLACES, DENO_PLACES } from './engines-scripted.ts';

/** As deep as host/devices/edge, so that what the example reads lies where it expects it. */
const FOLDER = `${INSTALLED}edge/`;

const ROWS = Array.from({ length: 40 }, (_, i) => [1, Math.sin(i), Math.cos(i), 0.3 * Math.sin(3 * i)]);
const LABELS = ROWS.map(([, a, b]) => (a + b > 0 ? 'above' : 'below'));
const STEPS = 30;

interface Server {
  /** Ends with a slash. */
  readonly address: string;
  stop(): unknown;
}

/** Starts a program that says its address. */
function start(program: string, args: readonly string[], env: Record<string, string> = {}): Promise<Server> {
  const child = spawn(program, args, { cwd: FOLDER, env: { ...process.env, ...env } });
  let said = '';
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${program} says no address: ${said}`)), PATIENCE);
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`${program} ended with ${code}: ${said}`)));
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        said += text;
        const [, port] = /http:\/\/[\w.]+:(\d+)/.exec(said) ?? [];
        if (port === undefined) return;
        clearTimeout(timer);
        resolve({ address: `http://127.0.0.1:${port}/`, stop: () => child.kill('SIGKILL') });
      });
    }
  });
}

const RUNTIMES: readonly {
  name: string;
  program: string | undefined;
  start(program: string): Promise<Server>;
}[] = [
  {
    name: 'Deno',
    program: firstOf(...DENO_PLACES),
    start: (program) =>
      start(program, ['serve', '--allow-read', '--host', '127.0.0.1', '--port', '0', 'deno.js']),
  },
  {
    name: 'Bun',
    program: firstOf(...BUN_PLACES),
    start: (program) => start(program, ['run', 'bun.js'], { PORT: '0', HOST: '127.0.0.1' }),
  },
  { name: 'workerd', program: findWorkerd(), start: (program) => serve(program, `${FOLDER}workerd.capnp`) },
];

/** Requests that cannot be served, their status, and what the sentence says. */
const REFUSED: readonly (readonly [path: string, body: string, status: number, sentence: RegExp])[] = [
  ['predict', '{"rows": [', 400, /^the body is no JSON: /],
  ['predict', '', 400, /^the body is no JSON: /],
  ['predict', '\u0000\ufffd', 400, /^the body is no JSON: /],
  ...['null', '[]', '7', '"rows"', 'true'].flatMap((body) =>
    ['predict', 'train'].map((path) => [path, body, 400, /^the body must be an object/] as const),
  ),
  ...['{}', '{"rows": null}', '{"rows": []}', '{"rows": {"length": 3}}', '{"rows": "ab"}'].flatMap((body) =>
    ['predict', 'train'].map(
      (path) => [path, body, 400, /^"rows" must be a list of 1 to 10000 rows$/] as const,
    ),
  ),
  ['predict', '{"rows": [7]}', 400, /^row 1 must be a list of 1 to 1024 numbers$/],
  ['predict', '{"rows": [[]]}', 400, /^row 1 must be/],
  ['predict', '{"rows": [null]}', 400, /^row 1 must be/],
  ['predict', '{"rows": [[1, 2, 3, 4], [1, 2]]}', 400, /^row 2 must be a list of 4 numbers, as the first$/],
  ['predict', '{"rows": [[1, 2, 3, 4], null]}', 400, /^row 2 must be/],
  ['predict', '{"rows": [[1, 2]]}', 400, /features?/],
  ['predict', '{"rows": [[0, 0, 0, 0]]}', 400, /\S/],
  ...['"NaN"', '"1"', 'null', 'true', '[1]', '{}', '1e999'].map(
    (value) => ['predict', `{"rows": [[1, 2, 3, ${value}]]}`, 400, /^row 1, number 4 is no number$/] as const,
  ),
  ['predict', `{"rows": [[1, 2, 3, 4]], "more": "${'x'.repeat(1 << 20)}"}`, 413, /more than 1048576 bytes$/],
  ['train', '{"rows": [[1, 2]], "labels": []}', 400, /^"labels" must be a list of 1 labels/],
  ['train', '{"rows": [[1, 2]]}', 400, /^"labels" must be/],
  ['train', '{"rows": [[1, 2], [1]], "labels": [0, 1]}', 400, /^row 2 must be a list of 2 numbers/],
  ['train', '{"rows": [[1, 2], [2, 1]], "labels": [0, {}]}', 400, /^label 2 must be a text or a number$/],
  ['train', '{"rows": [[1, 2], [2, 1]], "labels": [0, 0]}', 400, /^there are 1 classes; expected 2 to 32$/],
  ['train', `{"rows": [[${'1,'.repeat(64)}1]], "labels": [0]}`, 400, /^row 1 must be a list of 1 to 64/],
  ...['-1', '0', '2001', '1.5', '"50"', '[]'].map(
    (steps) =>
      [
        'train',
        `{"rows": [[1, 2], [2, 1]], "labels": [0, 1], "steps": ${steps}}`,
        400,
        /^"steps" must be/,
      ] as const,
  ),
  ['train', '{"rows": [[1, 2], [2, 1]], "labels": [0, 1], "seed": -1}', 400, /^"seed" must be/],
  ['elsewhere', '{}', 404, /^there are \/predict and \/train$/],
  ['constructor', '{}', 404, /^there are/],
  ['', '{}', 404, /^there are/],
];

/**
 * Checks predictions: what the core computes bit for bit, and probabilities nearly, which are made of scores by the
 * runtime's own exponential function.
 */
function areSame(found: readonly Prediction[], expected: readonly Prediction[]): void {
  const bits = (all: readonly Prediction[]) =>
    all.map(({ label, name, scores }) => ({ label, name, scores }));
  assert.deepEqual(bits(found), bits(expected));
  for (const [i, { probabilities }] of found.entries())
    for (const [j, probability] of probabilities.entries())
      assert.ok(Math.abs(probability - (expected[i].probabilities[j] ?? Number.NaN)) < 1e-14);
}

/** Checks that a request is refused with a sentence. */
async function isRefused(answer: Response, [path, body, status, sentence]: (typeof REFUSED)[number]) {
  const what = `${path} ${body.slice(0, 60)}`;
  const { error } = (await answer.json()) as { error: string };
  assert.equal(answer.status, status, `${what}: ${error}`);
  assert.match(error, sentence, what);
}

const post = (server: Server, path: string, body: string) =>
  fetch(server.address + path, { method: 'POST', body, signal: AbortSignal.timeout(PATIENCE) });

describe('edge', () => {
  let model: Uint8Array;
  let predictions: Prediction[];

  before(async () => {
    const wasm = readFileSync(`${ROOT}dist/core.wasm`);
    const classes = ['above', 'below'];
    const dataset = {
      features: Float64Array.from(ROWS.flat()),
      rows: ROWS.length,
      columns: 4,
      labels: Int32Array.from(LABELS, (label) => classes.indexOf(label)),
      classes,
      name: 'rows',
    };
    const training = { steps: STEPS, seed: 1 };
    const trainer = await Trainer.create({ model: { qubits: 2, features: 4 }, training, dataset, wasm });
    for await (const _ of trainer.fit());
    model = trainer.save();
    predictions = (await loadModel(model, { wasm })).predict(ROWS);
    mkdirSync(FOLDER, { recursive: true });
    cpSync(`${ROOT}host/devices/edge`, FOLDER, { recursive: true });
    writeFileSync(`${FOLDER}model.nlrvqa`, model);
  });

  it('the handler refuses with a sentence what it cannot serve, in this runtime too', async () => {
    const { createHandler } = await import(`${ROOT}host/devices/edge/handler.js`);
    const wasm = await WebAssembly.compile(readFileSync(`${ROOT}dist/core.wasm`));
    const handler = createHandler({ wasm, model });
    const ask = (path: string, init: RequestInit) =>
      handler.fetch(new Request(`http://device/${path}`, init)) as Promise<Response>;
    for (const bad of REFUSED) await isRefused(await ask(bad[0], { method: 'POST', body: bad[1] }), bad);
    assert.equal((await ask('predict', { method: 'GET' })).headers.get('allow'), 'POST');
    const served = await ask('predict', { method: 'POST', body: JSON.stringify({ rows: ROWS }) });
    areSame((await served.json()) as Prediction[], predictions);
  });

  it('a fault of its own is told without what is inside', async (context) => {
    const { createHandler } = await import(`${ROOT}host/devices/edge/handler.js`);
    const logged = context.mock.method(console, 'error', () => {});
    const handler = createHandler({ wasm: {}, model });
    const body = '{"rows": [[1, 2, 3, 4]]}';
    const answer: Response = await handler.fetch(
      new Request('http://device/predict', { method: 'POST', body }),
    );
    assert.equal(answer.status, 500);
    assert.deepEqual(await answer.json(), { error: 'the request failed' });
    assert.equal(logged.mock.callCount(), 1);
  });

  for (const { name, program, start } of RUNTIMES) {
    it(`${name} predicts and trains with the bits of this engine, and refuses what it cannot serve`, async (context) => {
      if (program === undefined) {
        needs(context, `${name}, by bash test/engines/install.sh`);
        return;
      }
      const server = await start(program);
      try {
        const predicted = await post(server, 'predict', JSON.stringify({ rows: ROWS }));
        areSame((await predicted.json()) as Prediction[], predictions);
        const trained = await post(
          server,
          'train',
          JSON.stringify({ rows: ROWS, labels: LABELS, steps: STEPS }),
        );
        assert.deepEqual(new Uint8Array(await trained.arrayBuffer()), new Uint8Array(model));
        for (const bad of REFUSED) await isRefused(await post(server, bad[0], bad[1]), bad);
        const got = await fetch(`${server.address}predict`, { signal: AbortSignal.timeout(PATIENCE) });
        assert.equal(got.status, 405);
        assert.match(await got.text(), /predict takes POST/);
        const again = await post(server, 'predict', JSON.stringify({ rows: ROWS.slice(0, 1) }));
        areSame((await again.json()) as Prediction[], predictions.slice(0, 1));
      } finally {
        server.stop();
      }
    });
  }
});
