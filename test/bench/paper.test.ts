/** What the pages say of the paper's claims, and the recorded report that they are from. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { allVerdicts, frontVerdicts, readReport, type RecordedReport } from '../../bench/results/paper.ts';
import type { Verdict } from '../../host/paper/index.ts';
import { EXPERIMENTS } from '../../host/paper/index.ts';

const verdict = (claim: string, found: Verdict['verdict'], condition?: string): Verdict => ({
  ...{ claim, where: 'Table VI', verdict: found, number: '1', seeds: 5, command: 'nlr-vqa reproduce' },
  ...(condition !== undefined && { condition }),
});
const section = (id: string, verdicts: readonly Verdict[]) => ({
  ...{ id, title: id, about: '', tables: [], plots: [], notes: [], verdicts },
});
const MADE: RecordedReport = {
  commit: '0123456789abcdef',
  machine: { node: 'v20', cpu: 'a processor', cores: 2 },
  report: {
    ...{ format: 1, version: '0', command: 'nlr-vqa reproduce all --quick --seeds 5', hashes: {} },
    scope: { seeds: [1], quick: true, images: { mnist: 'whole', 'fashion-mnist': 'whole' } },
    sections: [
      section('table-1', [verdict('not in front', 'holds')]),
      section('table-6', [
        verdict('a | b', 'does not hold'),
        verdict('c_d', 'holds only if', 'steps, shots, <Z0>, a < b'),
      ]),
      section('consistency', [verdict('agrees', 'holds'), verdict('does not agree', 'does not hold')]),
    ],
  },
};

describe('the verdicts of the pages', () => {
  test('have on the front page the claims of NLR against others, and how many there are', () => {
    assert.equal(
      frontVerdicts(MADE),
      `| claim of the paper | where | found |
|---|---|---|
| a \\| b | Table VI | does not hold |
| c\\_d | Table VI | holds only if: steps, shots, ⟨Z₀⟩, a \\< b |

Of all 3 claims that were tried 1 hold, 1 hold only in some readings, 1 do not hold; of 2 checks of the paper against itself 1 fail. Made by \`nlr-vqa reproduce all --quick --seeds 5\` at commit 0123456789.`,
    );
  });

  test('have all claims on the page of figures', () => {
    const lines = allVerdicts(MADE).split('\n');
    assert.equal(lines.length, 2 + 5 + 2);
  });
});

describe('the recorded report', () => {
  for (const name of ['quick', 'full'] as const) {
    const found = readReport(name);
    if (found === undefined) continue;
    test(`${name} has every table, a commit and a command, and no place of the machine that made it`, () => {
      const { commit, report } = found;
      assert.match(commit, /^[0-9a-f]{40}$/);
      assert.match(report.command, /^nlr-vqa reproduce all /);
      assert.equal(report.scope.quick, name === 'quick');
      const ids = report.sections.map(({ id }) => id);
      for (const { id } of EXPERIMENTS.filter((each) => each.id.startsWith('table-')))
        assert.ok(ids.includes(id), id);
      for (const { id, tables } of report.sections)
        for (const { name: table, rows } of tables) assert.ok(rows.length > 0, `${id} ${table}`);
      assert.doesNotMatch(JSON.stringify(found), /\/(work|tmp|usr|home)\//);
    });
  }
});
