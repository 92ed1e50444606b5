/** The bar of long work: its line at every width, and the time that is left by a clock of the test's own. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { barLine, Pace, span } from '../../../host/cli/output/bar.ts';

test('a time has its two largest units, none of them full', () => {
  const times: [number, string][] = [
    [0, '0s'],
    [0.2, '1s'],
    [59, '59s'],
    [59.5, '1m 0s'],
    [179.6, '3m 0s'],
    [3599.9, '1h 0m'],
    [3 * 3600 - 1, '3h 0m'],
    [86399, '24h 0m'],
    [86400 * 20 + 3 * 3600, '20d 3h'],
  ];
  for (const [seconds, shown] of times) assert.equal(span(seconds), shown, `${seconds} seconds`);
});

test('no time is said to be left before there is a pace', () => {
  const pace = new Pace();
  for (const elapsed of [0, 0.5, 1, 1.5]) assert.equal(pace.left(elapsed, 0, 100), undefined);
  assert.equal(pace.left(9, 0, 100), undefined, 'nothing is done');
  assert.equal(pace.left(11, 20, 100), 40);
});

test('the pace is the mean one: neither bursts nor a pause have it jump, and what was kept does not count', () => {
  const pace = new Pace();
  const kept = 500;
  assert.equal(pace.left(1, kept, 1000), undefined);
  // Ten a second, in bursts of a hundred.
  const said = [11, 21, 31, 31.5].map((elapsed) =>
    pace.left(elapsed, kept + 100 * Math.floor((elapsed - 1) / 10), 1000),
  );
  assert.deepEqual(said, [40, 30, 20, 20 * (30.5 / 30)]);
});

test('where it is narrow the bar gives way, then the title, not what is said', () => {
  const line = (columns: number) =>
    barLine({ title: 'training', words: 'step 50 of 100  loss 0.5000', share: 0.5, left: 65 }, columns);
  const said = 'step 50 of 100  loss 0.5000  1m 5s left';
  assert.equal(line(120), `training ${'='.repeat(15)}${' '.repeat(15)} ${said}`);
  for (let columns = 54; columns <= 120; columns++) assert(line(columns).length < columns, `${columns}`);
  assert.equal(line(50), `training ${said}`);
  assert.equal(line(48), said);
});
