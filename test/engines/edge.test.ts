/**
 * The worker example of host/devices/edge answers in Deno, Bun and workerd as it does here, bit for bit. A
 * runtime that is not installed is skipped, or fails where all are wanted.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { before, describe, it } from 'node:test';
import { loadModel, type Prediction, Trainer } from '../../host/index.ts';
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

  for (const { name, program, start } of RUNTIMES) {
    it(`${name} predicts and trains with the bits of this engine, and refuses what it cannot serve`, async (context) => {
      if (program === undefined) {
        const missing = `${name} is not installed: bash test/engines/install.sh`;
        if (process.env.NLR_ALL_ENGINES === undefined) return context.skip(missing);
        return assert.fail(missing);
      }
      const server = await start(program);
      try {
        const predicted = await post(server, 'predict', JSON.stringify({ rows: ROWS }));
        assert.deepEqual(await predicted.json(), predictions);
        const trained = await post(
          server,
          'train',
          JSON.stringify({ rows: ROWS, labels: LABELS, steps: STEPS }),
        );
        assert.deepEqual(new Uint8Array(await trained.arrayBuffer()), new Uint8Array(model));
        for (const [path, body, status] of [
          ['predict', '{"rows": [', 400],
          ['predict', '{"rows": [[1, 2]]}', 400],
          ['train', '{"rows": [[1, 2]], "labels": []}', 400],
          ['train', '{"rows": [[1, 2], [1]], "labels": [0, 1]}', 400],
          ['train', JSON.stringify({ rows: ROWS, labels: LABELS, steps: -1 }), 400],
          ['elsewhere', '{}', 404],
        ] as const) {
          const refused = await post(server, path, body);
          assert.equal(refused.status, status, `${path} ${body.slice(0, 40)}`);
          assert.equal(typeof ((await refused.json()) as { error: unknown }).error, 'string');
        }
        const again = await post(server, 'predict', JSON.stringify({ rows: ROWS.slice(0, 1) }));
        assert.deepEqual(await again.json(), predictions.slice(0, 1), 'it still answers');
      } finally {
        server.stop();
      }
    });
  }
});
