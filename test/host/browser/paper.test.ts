/** The Paper page says the same of the claims as the front page of the repository. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { frontVerdicts, readReport } from '../../../bench/results/paper.ts';
import { summary } from '../../../host/browser/page/paper.tsx';

test('claims are counted as on the front page: without the checks of the paper against itself', () => {
  const recorded = readReport('quick');
  assert.ok(recorded);
  const numbers = (text: string) => text.match(/\d+/g);
  const [, front = ''] = /^(Of all .*? fail\.)/m.exec(frontVerdicts(recorded)) ?? [];
  assert.deepEqual(numbers(summary(recorded.report.sections)), numbers(front));
});
