/** The theory's experiments: what has to be run, and which verdicts come of what numbers. No cell is run here. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  hashOfPaperCell,
  type PaperCell,
  type Results,
  type Scope,
} from '../../../../host/paper/experiment.ts';
import { EXPERIMENTS } from '../../../../host/paper/index.ts';
import type { DescentInput } from '../../../../host/paper/runners/descent.ts';
import type { Section } from '../../../../host/paper/section.ts';
import type { Json } from '../../../../host/study/cell.ts';
import { ANSWERS, FULL, known, NOTHING, QUICK, result, type World } from './worlds.ts';

const OURS = EXPERIMENTS.filter(({ id }) => /^(figure|theory)-/.test(id));

const sections = (scope: Scope, world: World): Map<string, Section> =>
  new Map(OURS.map((experiment) => [experiment.id, experiment.summarise(scope, known(world))]));

/** Verdicts of a section, by the beginnings of their claims. */
function verdictOf(all: Map<string, Section>, id: string, claim: string) {
  const found = all.get(id)?.verdicts.filter((verdict) => verdict.claim.startsWith(claim)) ?? [];
  assert.equal(found.length, 1, `${id}: ${claim}`);
  return found[0];
}

describe('the theory', () => {
  test('has all its parts', () => {
    assert.deepEqual(
      OURS.map(({ id }) => id),
      [
        ...['figure-1', 'figure-2', 'figure-3', 'figure-4'],
        ...['theory-lemma-1', 'theory-lemma-2', 'theory-theorem-1', 'theory-remark-1', 'theory-theorem-2'],
        ...['theory-minimum', 'theory-variance', 'theory-noise', 'theory-clients', 'theory-claim'],
      ],
    );
  });

  for (const scope of [QUICK, FULL]) {
    test(`names cells that can be run and shows a picture of each name, quick: ${scope.quick}`, () => {
      for (const experiment of OURS) {
        const cells = new Map<string, PaperCell>();
        for (const results of [NOTHING, known('as it is')])
          for (const cell of experiment.cells(scope, results)) cells.set(JSON.stringify(cell), cell);
        assert.ok(cells.size > 0 || experiment.id === 'figure-1', experiment.id);
        for (const cell of [...cells.values()].slice(0, 40))
          assert.match(hashOfPaperCell(cell), /^[0-9a-f]{64}$/);
        const section = experiment.summarise(scope, known('as it is'));
        assert.deepEqual(
          section.plots.map(({ name }) => name),
          experiment.pictures ?? [],
        );
        for (const { rows, columns, name } of section.tables)
          for (const row of rows) assert.equal(row.cells.length, columns.length, `${experiment.id}, ${name}`);
        // Plain data, as JSON has it.
        assert.deepEqual(JSON.parse(JSON.stringify(section)), section);
      }
    });
  }

  test('asks for what rates are chosen by before anything else', () => {
    const claim = OURS.find(({ id }) => id === 'theory-claim');
    const seedsOf = (results: Results) =>
      new Set(
        claim
          ?.cells(QUICK, results)
          .map((cell) =>
            cell.kind === 'training' ? 0 : (cell.input as unknown as DescentInput).training.seed,
          ),
      );
    assert.deepEqual([...seedsOf(NOTHING)].sort(), [0, 1000, 1001]);
    assert.deepEqual([...seedsOf(known('as it is'))].sort(), [0, 1, 1000, 1001, 2, 3, 4, 5]);
  });
});

describe('verdicts', () => {
  const [paper, real] = [sections(QUICK, 'as the paper has it'), sections(QUICK, 'as it is')];
  for (const [id, claim, good, bad] of [
    ['figure-2', 'NLR goes on descending', 'holds', 'does not hold'],
    ['figure-3', 'the gradient norm of standard', 'holds', 'does not hold'],
    ['figure-3', 'NLR keeps larger gradients', 'holds', 'does not hold'],
    ['theory-lemma-1', 'in training, violations come', 'holds', 'does not hold'],
    ['theory-theorem-1', 'a larger diffusion coefficient', 'holds only if', 'does not hold'],
    ['theory-remark-1', 'the larger diffusion coefficient', 'holds', 'does not hold'],
    ['theory-theorem-2', 'with a Robbins-Monro schedule NLR', 'holds', 'holds only if'],
    ['theory-theorem-2', 'with a Robbins-Monro schedule SGD', 'holds', 'holds'],
    ['theory-noise', 'NLR stays effective', 'holds', 'does not hold'],
    ['theory-noise', "eta'_eff", 'holds', 'does not hold'],
    ['theory-noise', 'noise makes plateaus', 'does not hold', 'holds'],
    ['theory-clients', 'Eq. 8 and 9', 'holds', 'does not hold'],
    ['theory-claim', 'reversals escape', 'holds only if', 'does not hold'],
    ['theory-claim', 'reversals are better than plain', 'holds only if', 'does not hold'],
    ['theory-claim', 'the sign flip', 'holds', 'does not hold'],
  ] as const) {
    test(`${id}: ${claim}`, () => {
      assert.equal(verdictOf(paper, id, claim).verdict, good, verdictOf(paper, id, claim).number);
      assert.equal(verdictOf(real, id, claim).verdict, bad, verdictOf(real, id, claim).number);
    });
  }

  test('say what they are of', () => {
    for (const { id, verdicts } of real.values()) {
      for (const { number, command, condition, verdict, claim } of verdicts) {
        assert.match(command, new RegExp(`^nlr-vqa reproduce ${id.startsWith('theory') ? 'theory' : id}`));
        assert.equal(condition !== undefined, verdict === 'holds only if', claim);
        assert.doesNotMatch(number, /NaN|undefined|Infinity/, claim);
        assert.ok(number.length > 20, claim);
      }
    }
  });

  test('allow for the number of comparisons: one seed of five on the other side decides nothing', () => {
    const lucky: Results = {
      ...known('as the paper has it'),
      value: (cell) => {
        const { training } = cell.input as unknown as DescentInput;
        const world = training.seed === 3 ? 'as it is' : 'as the paper has it';
        return ANSWERS[cell.runner](cell.input as never, world) as Json;
      },
      training: ({ rule, seed }) => result(rule, seed, 'as it is'),
    };
    const claim = OURS.find(({ id }) => id === 'theory-claim')?.summarise(QUICK, lucky);
    assert.equal(claim?.verdicts[0].verdict, 'does not hold', claim?.verdicts[0].number);
  });
});
