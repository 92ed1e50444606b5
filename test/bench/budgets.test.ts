/** Which budgets break a run, and which only warn. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { ENTRY_BUDGETS } from '../../bench/budgets/entries.ts';
import { differences, judgement } from '../../bench/budgets/judge.ts';

const row = (what: string, unit: string, found: number) => ({ what, unit, budget: 5, found });
const size = (found: number) => row('core.wasm, raw', 'B', found);
const compressed = (found: number) => row('library entry, minified + gzip', 'B', found);
const times = (found: number) => [row('first prediction', 'ms', found), row('fresh clone', 's', found)];

describe('a budget', () => {
  test('is kept up to its figure', () => {
    for (const kept of [size(5), compressed(5), ...times(5)])
      assert.equal(judgement(kept, { time: true, compressed: true }), 'ok');
  });

  test('of a time breaks nothing unless asked to: the machine may be slow', () => {
    for (const slow of times(1e9)) {
      assert.equal(judgement(slow, {}), 'over');
      assert.equal(judgement(slow, { compressed: true }), 'over');
      assert.equal(judgement(slow, { time: true }), 'BROKEN');
    }
  });

  test('of a compressed size breaks where the compressor is known', () => {
    assert.equal(judgement(compressed(6), {}), 'over');
    assert.equal(judgement(compressed(6), { time: true }), 'over');
    assert.equal(judgement(compressed(6), { compressed: true }), 'BROKEN');
  });

  test('of anything else always does, and what is not measured keeps none', () => {
    assert.equal(judgement(size(6), {}), 'BROKEN');
    assert.equal(judgement(size(Number.NaN), {}), 'BROKEN');
  });
});

test('what is recorded has to be what is found, where it is alike everywhere', () => {
  const known = [size(4), compressed(4), ...times(4)];
  assert.deepEqual(differences([size(4), compressed(3), ...times(3)], known), []);
  assert.deepEqual(differences([size(3)], known), ['core.wasm, raw: 4 is recorded, of 5; npm run record']);
  assert.deepEqual(differences([{ ...size(4), budget: 9 }], known).length, 1);
  assert.match(differences([size(4)], [])[0], /nothing is recorded, of nothing/);
});

test('every entry of the package that is a program has a budget', () => {
  const { exports } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    exports: Record<string, string | object>;
  };
  const programs = Object.keys(exports).filter((name) => typeof exports[name] === 'object' && name !== '.');
  assert.deepEqual(Object.keys(ENTRY_BUDGETS).sort(), programs.sort());
});
