/** The main entry and its chunks: what is loaded when, what they share, and that bundlers keep them together. */
import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import * as api from '../../../host/index.ts';
import { ensureBuilt } from '../../support/built.mjs';
import { MODEL, rowsOf, trainerOf } from '../../support/host-data.ts';

const dist = fileURLToPath(new URL('../../../dist/', import.meta.url));
const dataset = rowsOf(['no', 'yes']);

/** What takes names from the entry that are no part of the API. */
const BESIDE = ['training.js', 'head-refit.js', 'early-stopping.js'];

type Library = typeof api;

/** A training whose head is fitted behind it, by a chunk of its own. */
const FITTED = { shots: 10, shotsBudget: 100_000, refitHead: 0.2 };

const load = (path: string) => import(pathToFileURL(path).href) as Promise<Library>;

let folder = '';

before(() => {
  for (const name of BESIDE) ensureBuilt(`dist/${name}`);
  ensureBuilt('dist/index.js');
  folder = mkdtempSync(join(tmpdir(), 'nlr-vqa-'));
});
after(() => rmSync(folder, { recursive: true, force: true }));

/** The files that a built file imports: at once, and when it needs them. */
async function importsOf(name: string): Promise<{ atOnce: string[]; later: string[] }> {
  const { metafile } = await build({
    entryPoints: [join(dist, name)],
    bundle: true,
    platform: 'browser',
    format: 'esm',
    external: ['./*'],
    write: false,
    metafile: true,
  });
  const found = Object.values(metafile.outputs).flatMap(({ imports }) => imports);
  const ofKind = (kind: string) => [
    ...new Set(found.filter((one) => one.kind === kind).map(({ path }) => path)),
  ];
  return { atOnce: ofKind('import-statement'), later: ofKind('dynamic-import').sort() };
}

describe('the main entry', () => {
  test('is one file, and knows its chunks by their names', async () => {
    const expected = { atOnce: [], later: ['./release-core.js', './training.js'] };
    assert.deepEqual(await importsOf('index.js'), expected);
    const ofTraining = { atOnce: ['./index.js'], later: ['./head-refit.js'] };
    assert.deepEqual(await importsOf('training.js'), ofTraining);
    assert.deepEqual(await importsOf('head-refit.js'), {
      atOnce: ['./index.js', './training.js'],
      later: [],
    });
  });

  test('predicts alone; what needs a chunk that is not there is refused, in a sentence', async () => {
    const alone = join(folder, 'index.mjs');
    copyFileSync(join(dist, 'index.js'), alone);
    const { loadModel, Trainer, plan, CoreError } = await load(alone);
    const trainer = await trainerOf();
    const model = await loadModel(trainer.save());
    assert.deepEqual(model.evaluate(dataset), trainer.evaluate(dataset));
    const missing = (error: unknown) => {
      assert.ok(error instanceof CoreError);
      assert.equal(error.code, 'ERR_CORE_MODULE');
      assert.match(error.message, /^training\.js cannot be loaded, which belongs beside index\.js: /);
      return true;
    };
    await assert.rejects(Trainer.create({ model: MODEL, dataset }), missing);
    await assert.rejects(Trainer.resume(trainer.checkpoint(), { dataset }), missing);
    await assert.rejects(plan(MODEL), missing);
    assert.deepEqual(Trainer.contextOf(trainer.checkpoint(7)), 7);
  });

  test('trains without what fits a head, which is refused in a sentence where it is asked for', async () => {
    const part = mkdtempSync(join(folder, 'part-'));
    for (const name of ['index.js', 'training.js', 'release-core.js'])
      copyFileSync(join(dist, name), join(part, name));
    writeFileSync(join(part, 'package.json'), '{"type":"module"}');
    const { Trainer, CoreError } = await load(join(part, 'index.js'));
    await Trainer.create({ model: MODEL, dataset });
    await assert.rejects(
      Trainer.create({ model: MODEL, training: FITTED, dataset }),
      (error: unknown) =>
        error instanceof CoreError && /^head-refit\.js cannot be loaded/.test(error.message),
    );
  });

  test('shares its classes with the chunk', async () => {
    const library = await load(join(dist, 'index.js'));
    const trainer = await library.Trainer.create({ model: MODEL, dataset });
    assert.ok(trainer instanceof library.Trainer);
    assert.ok(!((await library.loadModel(trainer.save())) instanceof library.Trainer));
    for (const strange of [undefined, null, 7, {}, library.Trainer, { checkpoint: 1 }])
      assert.ok(!((strange as unknown) instanceof library.Trainer));
    await assert.rejects(
      library.Trainer.create({ model: { ...MODEL, qubits: 0 }, dataset }),
      library.OptionError,
    );
    await assert.rejects(
      library.Trainer.create({ model: MODEL, dataset: { ...dataset, labels: new Int32Array(dataset.rows) } }),
      library.DataError,
    );
    await assert.rejects(library.Trainer.resume(new Uint8Array(9), { dataset }), library.FormatError);
    await assert.rejects(library.plan(MODEL, { shots: 0 }), library.OptionError);
    await assert.rejects(library.plan(MODEL, {}, { build: { wasm: new Uint8Array(9) } }), library.CoreError);
    library.Trainer.contextOf(trainer.checkpoint());
    const beside = (await import(
      pathToFileURL(join(dist, 'early-stopping.js')).href
    )) as typeof import('../../../host/early-stopping.ts');
    new beside.EarlyStopping(trainer, { dataset }).look();
    assert.throws(() => new beside.EarlyStopping(trainer, { dataset, every: 0 }), library.OptionError);
  });

  test('hands out no more than its API and what is beside it takes', async () => {
    const taken = BESIDE.flatMap((name) => [
      ...readFileSync(join(dist, name), 'utf8').matchAll(/import\{([\w$]+)[^}]*\}from"\.\/index\.js"/g),
    ]);
    const needed = new Set([...Object.keys(api), ...taken.map(([, name]) => name)]);
    const library = await load(join(dist, 'index.js'));
    assert.deepEqual(Object.keys(library).sort(), [...needed].sort());
  });
});

describe('a bundler', () => {
  for (const splitting of [false, true]) {
    test(`makes a program that trains and predicts, ${splitting ? 'with chunks' : 'in one file'}`, async () => {
      const program = `
        import { loadModel, Trainer } from ${JSON.stringify(join(dist, 'index.js'))};
        export async function run(options) {
          const trainer = await Trainer.create(options);
          for await (const _ of trainer.fit({ ascent: true }));
          return { trace: trainer.trace, found: (await loadModel(trainer.save())).evaluate(options.dataset) };
        }`;
      const outdir = join(folder, splitting ? 'chunks' : 'one');
      await build({
        stdin: { contents: program, resolveDir: dist },
        bundle: true,
        platform: 'browser',
        format: 'esm',
        minify: true,
        splitting,
        outExtension: { '.js': '.mjs' },
        outdir,
      });
      assert.equal(readdirSync(outdir).length > 1, splitting);
      const { run } = (await import(pathToFileURL(join(outdir, 'stdin.mjs')).href)) as {
        run(options: unknown): Promise<unknown>;
      };
      const options = { model: MODEL, training: { ...FITTED, steps: 3 }, dataset };
      const trainer = await api.Trainer.create(options);
      for await (const _ of trainer.fit());
      const found = (await api.loadModel(trainer.save())).evaluate(dataset);
      assert.deepEqual(await run(options), { trace: trainer.trace, found });
    });
  }
});
