/** What a visitor waits for before the data comes: the page, and the library as far as a training needs it. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { LAB_BUDGET, labBytes, labFiles } from '../../../bench/budgets/entries.ts';
import { ROOT } from '../../engines/engine.ts';
import { ensureBuilt } from '../../support/built.mjs';

test('the page and the library in it are within their budget, compressed', () => {
  ensureBuilt('dist/lab/index.html');
  const files = labFiles();
  for (const wanted of ['lab.css', 'nlr-vqa/index.js', 'nlr-vqa/training.js', 'nlr-vqa/core.wasm'])
    assert.ok(files.includes(wanted), `${wanted} is counted: ${files}`);
  assert.ok(
    files.every((name) => !/data\.js|head-refit|mnist|paper/.test(name)),
    `data, and what few ask for, come later: ${files}`,
  );
  const bytes = labBytes();
  assert.ok(bytes < LAB_BUDGET, `${bytes} bytes of ${files}`);
});

test('nothing in the page is inline or from elsewhere', () => {
  ensureBuilt('dist/lab/index.html');
  const text = (name: string) => readFileSync(`${ROOT}dist/lab/${name}`, 'utf8');
  const html = text('index.html');
  assert.match(html, /default-src 'none'; script-src 'self' 'wasm-unsafe-eval'/);
  assert.doesNotMatch(html, /<script>|<style|\sstyle=|\son\w+=|https?:/);
  assert.doesNotMatch(text('lab.css'), /url\((?!data:)/);
});
