/** The speed suite's clock and arithmetic: medians, ratios and verdicts, with a clock that does as told. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { byRound, quantile, race, ratios, repeated, summarise, turns } from '../../bench/speed/timing.ts';
import fc from '../support/property.ts';

const times = fc.array(fc.double({ min: 1e-3, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 40 });

test('timing: the median is the middle value, or half way between the two', () => {
  assert.equal(quantile([7], 0.5), 7);
  assert.equal(quantile([9, 1, 5], 0.5), 5);
  assert.equal(quantile([4, 1, 3, 2], 0.5), 2.5);
  assert.equal(quantile([50, 10, 40, 20, 30], 0.25), 20);
  assert.throws(() => quantile([], 0.5), RangeError);
});

test('timing: quantiles grow with the share, from the least to the greatest', () => {
  fc.assert(
    fc.property(times, fc.double({ min: 0, max: 1, noNaN: true }), (values, share) => {
      const found = quantile(values, share);
      assert.equal(quantile(values, 0), Math.min(...values));
      assert.equal(quantile(values, 1), Math.max(...values));
      assert.ok(found >= quantile(values, share / 2) && found <= quantile(values, (1 + share) / 2));
    }),
  );
});

test('timing: a summary does not depend on the order, and is in order itself', () => {
  fc.assert(
    fc.property(times, (values) => {
      const { least, lower, median, upper } = summarise(values);
      assert.ok(least <= lower && lower <= median && median <= upper);
      assert.deepEqual(summarise([...values].reverse()), { least, lower, median, upper });
    }),
  );
});

test('timing: ratios are taken round by round, so that a load on both cancels', () => {
  fc.assert(
    fc.property(times, (loads) => {
      const slow = loads.map((load) => 3 * load);
      for (const ratio of ratios(slow, loads)) assert.ok(Math.abs(ratio - 3) < 1e-12);
    }),
  );
  assert.deepEqual(
    byRound([5, 7], [2, 3], (a, b) => a - b),
    [3, 4],
  );
  assert.throws(() => ratios([1, 2], [1]), RangeError);
});

test('timing: in every round all come once, and every one is first at times', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 12 }), (count) => {
      const rounds = Array.from({ length: 2 * count }, (_, round) => turns(count, round));
      for (const order of rounds)
        assert.deepEqual(
          [...order].sort((a, b) => a - b),
          [...Array(count).keys()],
        );
      assert.equal(new Set(rounds.map(([first]) => first)).size, count);
    }),
  );
});

test('timing: an action is repeated as often as asked', () => {
  let done = 0;
  const took = repeated(() => done++)(17);
  assert.equal(done, 17);
  assert.ok((took as number) >= 0);
});

test('timing: a race finds the cost of one repetition, whatever the load between the rounds', async () => {
  let runs = 0;
  // A clock of its own: every third run is interrupted for a long time.
  const interrupted = (cost: number) => (repetitions: number) =>
    repetitions * cost + (++runs % 3 === 0 ? 1e7 : 0);
  const found = await race(
    [
      { name: 'short', run: interrupted(20) },
      { name: 'long', run: async (repetitions) => interrupted(50)(repetitions) },
    ],
    { rounds: 15, bursts: 3 },
  );
  assert.deepEqual(found, [Array(15).fill(20), Array(15).fill(50)]);
});

test('timing: one repetition that is longer than a burst is run once a round', async () => {
  const asked: number[] = [];
  const run = (repetitions: number) => {
    asked.push(repetitions);
    return 4e9 * repetitions;
  };
  const [found] = await race([{ name: 'slow', run }], { rounds: 15 });
  assert.deepEqual(found, Array(15).fill(4e9));
  assert.deepEqual(asked, Array(16).fill(1));
});

test('timing: what is shorter than a tick of the clock has a cost all the same', async () => {
  // 1.5 ns a repetition, and a clock that moves every 4 ms.
  let time = 0;
  const run = (repetitions: number) => {
    const tick = () => Math.floor(time / 4e6) * 4e6;
    const start = tick();
    time += 1.5 * repetitions;
    return tick() - start;
  };
  const [found] = await race([{ name: 'tiny', run }], { rounds: 15, burst: 4e7 });
  for (const cost of found) assert.ok(Math.abs(cost - 1.5) < 0.4, `${cost}`);
});
