/** The paper against itself: what its printed figures come to. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { checks, kappaOfEq10, largestLossNorm } from '../../../host/paper/consistency.ts';

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
});
