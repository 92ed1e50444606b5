/** The paper against itself: what its printed figures come to. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { checks, CONSISTENCY, kappaOfEq10, largestLossNorm } from '../../../host/paper/consistency.ts';
import * as printed from '../../../host/paper/printed.ts';
import { assertGolden } from '../../support/golden.ts';
import { sectionText } from './section-text.ts';

describe('the consistency of the paper', () => {
  test('has formulas that agree with numbers worked out by hand', () => {
    // (1 + ln 1.25) / sqrt 5, and 2 sqrt(90 x 0.000155).
    assert.equal(kappaOfEq10(0.05, 5, 1).toFixed(6), '0.547006');
    assert.equal(largestLossNorm(0.000155).toFixed(6), '0.236220');
  });

  test('finds the contradictions that are known, and only in what it compares', () => {
    const found = new Map(checks().map((check) => [check.claim, check]));
    const disagree = [
      "Table I (by eta') and Table V (by the perturbation) are figures of different experiments",
      'Random Re-Init is another method than RMSProp',
      'NLR achieves stronger gradient signals than the other optimisers',
      'Eq. 13 is what its proof shows',
      'D of Eq. 16 is what its proof derives from D = E|step|^2 / (2 d)',
      'the noise of measured gradients falls like exp(-alpha d)',
    ];
    for (const claim of disagree) assert.equal(found.get(claim)?.agrees, false, claim);
    const fall = found.get('the largest fall of the loss is 8.2 %');
    // 1 - .004348 / .004614 and so on.
    for (const figure of ['MNIST 5.77 %', 'Fashion-MNIST 14.4 %', 'QDataSet 17.9 %', 'QSVM Toy 15.7 %'])
      assert.ok(fall?.found.includes(figure), fall?.found);
    assert.match(found.get('Random Re-Init is another method than RMSProp')?.found ?? '', /5 of 5/);
  });

  test('says the same of the same tables', () => {
    const scope = { seeds: [1], quick: false, images: { mnist: 'whole', 'fashion-mnist': 'whole' } } as const;
    const results = { training: () => undefined, value: () => undefined, has: () => false };
    assert.deepEqual(CONSISTENCY.cells(scope, results), []);
    assertGolden(
      new URL('consistency.txt', import.meta.url),
      sectionText(CONSISTENCY.summarise(scope, results)),
    );
  });

  test('would say so if the tables agreed', () => {
    const agreeing = (claim: string, change: () => void) => {
      change();
      const found = checks().find((check) => check.claim === claim);
      return found?.agrees;
    };
    /** Writes over rows of the printed tables, and back. */
    const over = (rows: readonly (readonly [row: object, like: object])[], claim: string) => {
      const before = rows.map(([row]) => ({ ...row }));
      try {
        return agreeing(claim, () => rows.forEach(([row, like]) => Object.assign(row, like)));
      } finally {
        rows.forEach(([row], i) => Object.assign(row, before[i]));
      }
    };
    const {
      TABLE_1,
      TABLE_2,
      TABLE_3,
      TABLE_4,
      TABLE_5,
      TABLE_6,
      TABLE_7,
      TABLE_8,
      TABLE_9,
      TABLE_10,
      TABLE_11,
    } = printed;
    const loss = { loss: 0.1, gradient: 1 };
    const defaults = [
      ...[TABLE_1['0.02'], TABLE_2['300'], TABLE_3['8'], TABLE_4['5'], TABLE_5['0.02'], TABLE_6.NLR],
      ...[TABLE_7['1000'], TABLE_8.NLR.gaussians, TABLE_9.NLR, TABLE_10.NLR.gaussians],
      TABLE_11['Negative learning rate'],
    ];
    const alike = defaults.map((row) => [row, loss] as const);
    const same = 'NLR at the default setting ends at the same';
    assert.equal(over(alike, `${same} loss in every table`), true);
    assert.equal(over(alike, `${same} gradient norm in every table`), true);
    // More than a twentieth more in one table is too much.
    const off = [
      ...alike.slice(0, -1),
      [TABLE_11['Negative learning rate'], { loss: 0.1051, gradient: 1.051 }] as const,
    ];
    assert.equal(over(off, `${same} loss in every table`), false);
    assert.equal(over(off, `${same} gradient norm in every table`), false);
    const others = Object.values(TABLE_8.RMSProp).map((row, i) => [row, { loss: 0.1 + i }] as const);
    assert.equal(over(others, 'Random Re-Init is another method than RMSProp'), true);
    const one = [[TABLE_1['0.02'], { loss: 0.5 }]] as const;
    assert.equal(
      over(one, "Table I (by eta') and Table V (by the perturbation) are figures of different experiments"),
      true,
    );
    const strong = (rows: readonly object[]) => rows.map((row) => [row, { gradient: 100 }] as const);
    assert.equal(
      over(strong([TABLE_6.NLR]), 'NLR achieves stronger gradient signals than the other optimisers'),
      true,
    );
    assert.equal(
      over(strong(Object.values(TABLE_8.NLR)), 'NLR has higher gradient magnitudes on every data set'),
      true,
    );
    const possible = 'the gradient norms are possible where they are those of <Z>, |grad f|';
    for (const row of [...defaults.slice(0, 8), defaults[10]])
      assert.equal(over(strong([row]), possible), false, JSON.stringify(row));
    const small = 'a gradient norm of 6.381 is possible at a loss of 0.000155 with the squared error of <Z>';
    assert.equal(over([[TABLE_1['0.02'], { gradient: 0.2 }]], small), true);
    assert.equal(over([[TABLE_1['0.02'], { gradient: 0.24 }]], small), false);
  });
});
