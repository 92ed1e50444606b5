/** Series as a line of blocks, and the losses of a comparison by them. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sparkline } from '../../../host/cli/output/sparkline.ts';
import { lossesAtAGlance } from '../../../host/cli/study/glance.ts';
import type { ComparedRun } from '../../../host/cli/study/result.ts';

describe('a line of blocks', () => {
  test('goes from the lowest block to the highest, evenly', () => {
    assert.equal(sparkline([0, 1, 2, 3, 4, 5, 6, 7], 0, 7), '▁▂▃▄▅▆▇█');
    assert.equal(sparkline([7, 3.4, 3.6, 0], 0, 7), '█▄▅▁');
  });

  test('has a blank where there is no value, and holds what is outside of its scale', () => {
    assert.equal(sparkline([null, -3, 12, null], 0, 7), ' ▁█ ');
  });

  test('is flat where all is alike, and empty of nothing', () => {
    assert.equal(sparkline([2, 2, 2], 2, 2), '▁▁▁');
    assert.equal(sparkline([], 0, 1), '');
  });
});

/** A run with a loss at each number of evaluations, as far as it is looked at. */
function run(rule: string, seed: number, points: readonly (readonly [number, number])[], shots = false) {
  const x = points.map(([at]) => at);
  const curve = {
    evaluations: x,
    shots: x.map((at) => (shots ? 10 * at : 0)),
    loss: points.map(([, y]) => y),
  };
  const result = { curve, shots: shots ? 10 * (x.at(-1) ?? 0) : 0 };
  return { rule, seed, cell: {}, outcome: { hash: '', seconds: 0, result } } as unknown as ComparedRun;
}

describe('a comparison at a glance', () => {
  const FALLS = [0, 10, 20, 30, 40].map((at) => [at, 1 - at / 40] as const);

  test('has a line a rule on one scale, which ends where the rule did', () => {
    const lines = lossesAtAGlance([
      run('adam', 1, FALLS),
      run('nlr:rate=0.1', 1, [
        [0, 1],
        [20, 1],
      ]),
    ]);
    assert.equal(lines[1], 'loss of the training set over 40 evaluations, 0.0000 to 1.0000');
    assert.match(lines[2] ?? '', /^adam {10}█{10}▆{10}▅{10}▃{9}▁ {2}1\.0000 to 0\.0000$/);
    assert.match(lines[3] ?? '', /^nlr:rate=0\.1 {2}█{20} {20} {2}1\.0000 to 1\.0000$/);
    assert.equal(lines.length, 4);
  });

  test('shows the median of the seeds, by shots where all were charged in shots', () => {
    const lines = lossesAtAGlance(
      [0, 0.1, 0.5].map((more, seed) =>
        run(
          'adam',
          seed,
          FALLS.map(([at, loss]) => [at, loss + more] as const),
          true,
        ),
      ),
    );
    assert.equal(lines[1], 'loss of the training set over 400 shots, 0.1000 to 1.1000, median of 3 seeds');
    assert.match(lines[2] ?? '', / {2}1\.1000 to 0\.1000$/);
  });

  test('says nothing where there is nothing to see: no run, one look, or runs that failed', () => {
    const failed = {
      ...run('adam', 1, FALLS),
      outcome: { hash: '', seconds: 0, failure: { code: 'ERR_DATA', message: '' } },
    } as unknown as ComparedRun;
    assert.deepEqual(lossesAtAGlance([]), []);
    assert.deepEqual(lossesAtAGlance([failed]), []);
    assert.deepEqual(lossesAtAGlance([run('adam', 1, [[0, 1]])]), []);
  });
});
