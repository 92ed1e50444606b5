/** Long series in little room, and the drawings of them. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { curveLines } from '../../../host/cli/output/curve.ts';
import { isThinnedState, Thinned } from '../../../host/cli/output/thinned.ts';

describe('a thinned series', () => {
  test('is exact while it fits, then has means of neighbours', () => {
    const series = new Thinned();
    for (let step = 1; step <= 400; step++) series.add(step, [step, null]);
    assert.deepEqual(series.points[399], { step: 400, values: [400, null] });
    for (let step = 401; step <= 1000; step++) series.add(step, [step, null]);
    assert(series.points.length <= 400);
    assert.deepEqual(series.points[0], { step: 4, values: [2.5, null] });
    assert.equal(series.points.at(-1)?.step, 1000);
  });

  test('goes on from its state as if nothing had been', () => {
    const whole = new Thinned();
    let other = new Thinned();
    for (let step = 1; step <= 3000; step++) {
      whole.add(step, [Math.sin(step)]);
      other.add(step, [Math.sin(step)]);
      if (step % 7 !== 0) continue;
      const state = JSON.parse(JSON.stringify(other.state));
      assert(isThinnedState(state, 1));
      other = new Thinned(state);
    }
    assert.deepEqual(other.points, whole.points);
  });

  test('a state that is none is told', () => {
    const good = { width: 2, buckets: [{ step: 2, count: 2, sums: [1, null] }] };
    assert(isThinnedState(good, 2));
    const bad = [
      undefined,
      { ...good, width: 0 },
      { ...good, buckets: {} },
      { ...good, buckets: [null] },
      { ...good, buckets: [{ step: 2, count: 2, sums: [1] }] },
      { ...good, buckets: [{ step: 2.5, count: 2, sums: [1, 1] }] },
      { ...good, buckets: [{ step: 2, count: 2, sums: [1, 'x'] }] },
      { ...good, buckets: Array.from({ length: 401 }, () => good.buckets[0]) },
    ];
    for (const each of bad) assert(!isThinnedState(each, 2), JSON.stringify(each));
  });
});

describe('a curve of characters', () => {
  const points = (values: number[]) => values.map((value, i) => ({ step: i + 1, value }));
  const falling = {
    name: 'falling',
    points: points(Array.from({ length: 500 }, (_, i) => Math.exp(-i / 100))),
  };

  test('is no wider than the terminal', () => {
    for (const columns of [40, 80, 200])
      for (const line of curveLines([falling], columns, false))
        assert(line.length <= Math.min(columns, 111), line);
  });

  test('has colours only where there may be some, and then one drawing', () => {
    const series = [falling, { ...falling, name: 'other' }];
    const plain = curveLines(series, 80, false).join('\n');
    assert.doesNotMatch(plain, /\u001b/);
    assert.equal(plain.match(/Loss by step/g)?.length, 2);
    const coloured = curveLines(series, 80, true).join('\n');
    assert.match(coloured, /^Loss by step: falling \(blue\), other \(yellow\)\n/);
    assert.equal(coloured.match(/Loss by step/g)?.length, 1);
  });

  test('begins at its first step, and shows nothing of a series before that one begins', () => {
    const from = (step: number, name: string) => ({
      name,
      points: falling.points.filter((point) => point.step >= step),
    });
    const plain = curveLines([from(301, 'late')], 70, false);
    assert.match(plain.at(-1) ?? '', /^ {10}301 +500$/);
    // A whole scale down: no level line in front.
    assert.match(plain[1], /^ +\d\.\d{4} ┼─{1,9}╮$/);
    const lines = curveLines([from(1, 'all'), from(251, 'half')], 70, true).slice(1, -1);
    const yellow = lines.flatMap((line) => {
      const at = line.indexOf('\u001b[33m');
      return at < 0 ? [] : [line.slice(0, at).replaceAll(/\u001b\[\d+m/g, '').length];
    });
    assert.equal(Math.min(...yellow), 11 + Math.floor((250 * 59) / 500), `${yellow}`);
  });

  test('has labels of one width, whatever the numbers', () => {
    for (const scale of [1.44e-6, 1e-300, 1e7, 1e300, -1e-5, -123456789]) {
      const scaled = falling.points.map(({ step, value }) => ({ step, value: scale * value }));
      const lines = curveLines([{ name: 'scaled', points: scaled }], 80, false).slice(1, -1);
      for (const line of lines) assert.match(line, /^[ \d.e+-]{10}[┼┤]/, `${scale}`);
    }
  });

  test('of less than two points is none; a constant one is a line', () => {
    assert.deepEqual(curveLines([{ name: 'one', points: points([1]) }], 80, true), []);
    assert(curveLines([{ name: 'flat', points: points([0.5, 0.5, 0.5]) }], 80, false).length >= 3);
  });
});
