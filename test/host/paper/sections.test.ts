/**
 * Tables, figures and the paper against itself as the report writes them, of made-up outcomes: in a world where reversing is
 * bad whole, in one where it is good by their verdicts; pictures and lists of cells by their hashes. The theory is in theory/.
 */
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';
import type { PaperCell, Results, Scope } from '../../../host/paper/experiment.ts';
import { EXPERIMENTS } from '../../../host/paper/index.ts';
import { assertGolden } from '../../support/golden.ts';
import { madeUp } from './made-up.ts';
import { rounded, sectionText, verdictsText } from './section-text.ts';

const images = { mnist: 'sample', 'fashion-mnist': 'sample' } as const;
const QUICK: Scope = { seeds: [1, 2, 3], quick: true, images };
const FULL: Scope = { seeds: [1, 2], quick: false, images: { mnist: 'whole', 'fashion-mnist': 'whole' } };
const NOTHING: Results = { has: () => false, training: () => undefined, value: () => undefined };

const OURS = EXPERIMENTS.filter(({ id }) => !id.startsWith('theory-'));
const hashOf = (value: unknown) =>
  createHash('sha256').update(JSON.stringify(value, rounded)).digest('hex').slice(0, 16);

/** What an experiment asks to be run. */
function cellsText(cells: readonly PaperCell[]): string {
  const texts = cells.map((cell) => (cell.kind === 'training' ? cell.cell : cell));
  return `${cells.length} cells, ${hashOf(texts)}`;
}

describe('sections of the report', () => {
  for (const experiment of OURS) {
    test(experiment.id, () => {
      const [bad, good] = (['as it is', 'as the paper has it'] as const).map((world) =>
        experiment.summarise(QUICK, madeUp(world)),
      );
      const pictures = bad.plots.map((plot) => `picture ${plot.name}: ${hashOf(plot)}\n`).join('');
      const text = `${sectionText({ ...bad, plots: [] })}${pictures}\n-- where reversing is good --\n${verdictsText(good)}`;
      assertGolden(new URL(`sections/${experiment.id}.txt`, import.meta.url), text);
    });
  }

  test('ask for the same cells, before and after anything is known', () => {
    const lines = OURS.flatMap(({ id, cells }) =>
      [QUICK, FULL, { ...FULL, epochShots: false }].map((scope) => {
        const asked = [NOTHING, madeUp('as it is')].map((results) => cellsText(cells(scope, results)));
        return `${id}, ${scope.quick ? 'quick' : 'full'}${scope.epochShots === false ? ' without epochs with shots' : ''}: ${asked.join(' and then ')}\n`;
      }),
    );
    assertGolden(new URL('sections/cells.txt', import.meta.url), lines.join(''));
  });
});
