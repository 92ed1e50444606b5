/** Imports go downward only, in the written order; the library runs in browsers. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** assembly/, from the bottom up. A file imports files above its own line only. */
const ASSEMBLY = [
  'abi/codes',
  'memory/options',
  'memory/map',
  'kernels/slices',
  'number/math',
  'number/random',
  'number/binomial',
  'kernels/state',
  'kernels/wide',
  'program/observable',
  'kernels/gates',
  'program/circuit',
  'memory/report',
  'program/initialise',
  'engines/engine',
  'program/row-bits',
  'kernels/pauli-vector',
  'engines/heisenberg/steps',
  'engines/choose',
  'model/compile',
  'model/images',
  'engines/columns/columns',
  'measure/shots',
  'engines/caller',
  'loss/loss',
  'engines/gradient',
  'engines/columns/columns-pass',
  'engines/heisenberg/heisenberg',
  'rules/optimizer',
  'train/cost',
  'train/pass',
  'engines/parameter-shift',
  'engines/heisenberg/heisenberg-pass',
  'train/step',
  'model/effective',
  'model/data-set-loss',
  'model/getters',
  'index',
];

/** host/, from the bottom up; `data/` is all of that folder, and so are `parallel/` and `cli/`. */
const HOST = [
  'core/wasm.d',
  'core/errors',
  'core/abi',
  'core/release-core',
  'core/embedded',
  'core/core',
  'api/pacer',
  'api/circuit',
  'api/options',
  'data/',
  'files/container',
  'files/disk',
  'api/file-description',
  'api/report',
  'api/program',
  'api/plan',
  'api/one-model',
  'api/classifier',
  'api/model',
  'api/trainer',
  'index',
  'qpu/',
  'parallel/',
  'cli/',
  'devices/',
];

/** host/data/, from the bottom up. */
const DATA = [
  'csv-place',
  'dataset',
  'philox',
  'transform',
  'csv',
  'idx',
  'split',
  'preprocess',
  'fit',
  'fixture',
  'index',
];

/** Every module that a source file names in an import, export-from or import(). */
function imports(file: string): string[] {
  const source = readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
  const statements = source.matchAll(
    /(?:^|\n)\s*(?:import|export)\s(?:[^'"`;]*?\sfrom\s)?\s*(['"])([^'"\n]+)\1/g,
  );
  const calls = source.matchAll(/\bimport\(\s*(['"])([^'"\n]+)\1/g);
  return [...statements, ...calls].map(([, , name]) => name);
}

/** The file that a relative import means. */
function resolved(from: string, name: string): string {
  const path = join(dirname(from), name);
  return existsSync(path) ? path : `${path}.ts`;
}

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(root, folder, file));
}

/** The place of a file in an order, by the longest entry that names it; -1 without one. */
function place(order: readonly string[], folder: string, file: string): number {
  const path = relative(join(root, folder), file).replaceAll('\\', '/').replace(/\.ts$/, '');
  const names = (entry: string) => (entry.endsWith('/') ? path.startsWith(entry) : path === entry);
  return order.findIndex(names);
}

/** Asserts that a folder follows its order; files of one entry (a subfolder) may import each other. */
function checkOrder(folder: string, order: readonly string[]): number {
  let seen = 0;
  for (const file of sources(folder)) {
    const own = place(order, folder, file);
    const name = relative(root, file);
    assert.ok(own >= 0, `${name} has no place in the order of ${folder}/`);
    for (const imported of imports(file).filter((other) => other.startsWith('.'))) {
      const target = resolved(file, imported);
      assert.ok(existsSync(target), `${name} imports ${imported}, which is not there`);
      if (relative(join(root, folder), target).startsWith('..')) continue;
      const below = place(order, folder, target);
      const allowed = below < own || (below === own && order[own].endsWith('/'));
      assert.ok(allowed, `${name} imports ${imported}, which is not below it`);
      seen += 1;
    }
  }
  return seen;
}

/** Every file and package that a file reaches. */
function reached(file: string, found = new Set<string>()): Set<string> {
  for (const name of imports(file)) {
    const target = name.startsWith('.') ? resolved(file, name) : name;
    if (found.has(target)) continue;
    found.add(target);
    if (target.endsWith('.ts')) reached(target, found);
  }
  return found;
}

describe('layering', () => {
  it('assembly/', () => {
    assert.ok(checkOrder('assembly', ASSEMBLY) > 40);
    for (const file of sources('assembly')) {
      for (const name of imports(file)) assert.match(name, /^\.{1,2}\/[a-z./-]+$/, `${file} imports ${name}`);
    }
  });

  it('host/', () => {
    assert.ok(checkOrder('host', HOST) > 40);
  });

  it('host/data/', () => {
    assert.ok(checkOrder('host/data', DATA) > 10);
  });

  it('of assembly/ the host reads abi/codes.ts alone', () => {
    for (const file of sources('host')) {
      for (const name of imports(file).filter((other) => other.includes('assembly/'))) {
        assert.match(name, /assembly\/abi\/codes\.ts$/, `${relative(root, file)} imports ${name}`);
      }
    }
  });

  it('the library entry reaches no module of Node, no command line and one package', () => {
    const found = [...reached(join(root, 'host/index.ts'))];
    assert.ok(found.length > 15);
    const packages = found.filter((name) => !name.startsWith(root));
    assert.deepEqual(packages, ['@assemblyscript/loader']);
    assert.ok(!found.some((name) => name.includes('/host/cli/')));
  });

  it('the qpu entry takes all of the library from the main entry', () => {
    for (const file of sources('host/qpu')) {
      for (const name of imports(file)) {
        assert.match(
          name,
          /^(\.\/[a-z-]+|\.\.\/index|\.\.\/\.\.\/assembly\/abi\/codes)\.ts$/,
          relative(root, file),
        );
      }
    }
  });

  it('the data entry reaches no module of Node', () => {
    const packages = [...reached(join(root, 'host/data/index.ts'))].filter((name) => !name.startsWith(root));
    assert.ok(
      packages.every((name) => !name.startsWith('node:')),
      `${packages}`,
    );
  });
});
