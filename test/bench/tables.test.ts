/** The tables of the pages, from recorded results of every form. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { beforeTable, type RecordedFinding } from '../../bench/results/tables.ts';

const finding: RecordedFinding = {
  what: 'a step',
  found: { median: 3.456, lower: 3.1, upper: 3.9 },
  unit: 'x as fast',
  bar: { least: 3 },
  met: true,
  before: { median: 7e6 },
  now: { median: 2.0255e6 },
};

describe('the table against the version before', () => {
  it('has a line for each figure with a bar, with the quartiles of its rounds', () => {
    assert.equal(
      beforeTable([finding, { ...finding, what: 'without a bar', bar: undefined }], []),
      `| what | before | now | found | quartiles | bar |  |
|---|---|---|---|---|---|---|
| a step | 7 ms | 2.03 ms | 3.46 x as fast | 3.1 to 3.9 | >= 3 | met |`,
    );
  });

  it('has the least and the greatest of several runs, what is short, and what was not measured', () => {
    const most = { ...finding, bar: { most: 0.4 }, met: false, runs: [3.2, 4.4, 3.6], before: undefined };
    const lines = beforeTable([most], [{ name: 'one-shot', skipped: 'no such option' }]).split('\n');
    assert.match(lines[0], /run to run/);
    assert.equal(lines[2], '| a step | - | 2.03 ms | 3.46 x as fast | 3.2 to 4.4 | <= 0.4 | short |');
    assert.equal(lines[3], '| one-shot | - | - | - | - | - | not measured: no such option |');
  });
});
