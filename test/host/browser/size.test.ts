/** What a visitor waits for before the data comes: the page, and the library as far as a training needs it. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { ROOT } from '../../engines/engine.ts';
import { ensureBuilt } from '../../support/built.mjs';

/** Bytes: 150 KiB, and what the core has grown by since that was set. */
const BUDGET = 156 * 1024;

const PAGE = ['index.html', 'lab.css'];
const SCRIPTS = ['lab.js', 'worker.js'];
const LIBRARY = ['index', 'training', 'release-core'].map((name) => `nlr-vqa/${name}.js`);

/** Scripts of the page with those that they import before anything runs; what is imported later comes later. */
function withImports(names: readonly string[]): string[] {
  const all = new Set(names);
  for (const name of all) {
    const code = readFileSync(`${ROOT}dist/lab/${name}`, 'utf8');
    for (const [, other] of code.matchAll(/(?:from|import)\s*"\.\/([\w-]+\.js)"/g)) all.add(other as string);
  }
  return [...all];
}

test('the page and the library in it are under 156 KiB compressed', () => {
  ensureBuilt('dist/lab/index.html');
  const sizes = [...PAGE, ...withImports(SCRIPTS), ...LIBRARY].map(
    (name) => gzipSync(readFileSync(`${ROOT}dist/lab/${name}`), { level: 9 }).length,
  );
  const sum = sizes.reduce((a, b) => a + b, 0);
  assert.ok(sum < BUDGET, `${sum} bytes: ${sizes}`);
});

test('nothing in the page is inline or from elsewhere', () => {
  ensureBuilt('dist/lab/index.html');
  const text = (name: string) => readFileSync(`${ROOT}dist/lab/${name}`, 'utf8');
  const html = text('index.html');
  assert.match(html, /default-src 'none'; script-src 'self' 'wasm-unsafe-eval'/);
  assert.doesNotMatch(html, /<script>|<style|\sstyle=|\son\w+=|https?:/);
  assert.doesNotMatch(text('lab.css'), /url\((?!data:)/);
});
