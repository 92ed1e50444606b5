/** When a training is looked at, and what areas and crossings the looks come to. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { looksAt, meanOver, spentOf, spentUntil } from '../../../host/study/looks.ts';

test('looks are steps in order, more of them early, the last one among them', () => {
  for (const steps of [1, 2, 3, 10, 53, 500, 100_000]) {
    for (const looks of [0, 1, 2, 5, 40]) {
      const found = looksAt(steps, looks);
      assert.deepEqual(
        found,
        [...new Set(found)].sort((a, b) => a - b),
      );
      assert.equal(found.at(-1), steps);
      assert.ok(found[0] >= 1 && found.length <= Math.max(1, looks + 1), `${steps}, ${looks}: ${found}`);
    }
  }
  assert.deepEqual(looksAt(7, 0), [7]);
  // Five evenly, then four by factors of the fourth root.
  assert.deepEqual(looksAt(10_000, 9), [10, 100, 1000, 2000, 4000, 6000, 8000, 10_000]);
  const many = looksAt(1000, 40);
  assert.ok(many.filter((step) => step <= 100).length > many.filter((step) => step > 900).length);
  assert.ok(many.filter((step) => step > 500).length >= 10);
});

test('the mean over what was spent is the area under straight lines', () => {
  assert.equal(meanOver([0, 10], [1, 0]), 0.5);
  assert.equal(meanOver([0, 1, 10], [1, 0, 0]), 0.05);
  assert.equal(meanOver([0, 10], [1, 0.5], 20), (7.5 + 5) / 20);
  assert.equal(meanOver([0, 10], [1, 0.5], 5), 0.75);
  assert.equal(meanOver([0], [0.7]), 0.7);
  // A line is its own trapezia, wherever it is cut.
  const spent = [0, 1, 2.5, 7, 8, 30];
  const mean = meanOver(
    spent,
    spent.map((x) => 3 - x / 15),
  );
  assert.ok(Math.abs(mean - 2) < 1e-12);
});

test('what had been spent at a level is on the line between two looks', () => {
  assert.equal(spentUntil([0, 100, 200], [1, 0.8, 0.4], 0.6), 150);
  assert.equal(spentUntil([0, 100, 200], [1, 0.8, 0.4], 0.4), 200);
  assert.equal(spentUntil([0, 100, 200], [1, 0.4, 0.8], 0.5), 100 * (0.5 / 0.6));
  assert.equal(spentUntil([0, 100], [1, 0.8], 0.5), null);
  assert.equal(spentUntil([0, 100], [0, 0], 0), 0);
});

test('a training without shots is charged by its circuits', () => {
  assert.deepEqual(spentOf({ shots: [0, 0], evaluations: [0, 9] }), [0, 9]);
  assert.deepEqual(spentOf({ shots: [0, 7], evaluations: [0, 9] }), [0, 7]);
});
