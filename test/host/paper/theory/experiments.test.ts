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
import type { ExitInput } from '../../../../host/paper/runners/exit.ts';
import type { TentativeInput } from '../../../../host/paper/runners/tentative.ts';
import type { VarianceInput } from '../../../../host/paper/runners/variance.ts';
import type { ClientsInput } from '../../../../host/paper/runners/clients.ts';
import type { Section } from '../../../../host/paper/section.ts';
import type { Json } from '../../../../host/study/cell.ts';
import type { CellResult } from '../../../../host/study/result.ts';

const images = { mnist: 'sample', 'fashion-mnist': 'sample' } as const;
const QUICK: Scope = { seeds: [1, 2, 3, 4, 5], quick: true, images };
const FULL: Scope = { seeds: [1, 2], quick: false, images };

const OURS = EXPERIMENTS.filter(({ id }) => /^(figure|theory)-/.test(id));

/** Whether reversing is a good thing in the world of some numbers. */
type World = 'as the paper has it' | 'as it is';

const isReversing = (rule: unknown) => rule === 'nlr';

/** What cells come to in a world. A little of the seed keeps numbers apart. */
const ANSWERS: Readonly<Record<string, (input: never, world: World) => object>> = {
  tentative: ({ rate, shots, steeper, problem }: TentativeInput, world) => {
    const isNoise = problem.qubits === 12;
    const noticed = shots === 'exact' ? 0 : world === 'as it is' ? 0.5 - 0.4 * Math.min(1, rate) : 0.2 * rate;
    const counted = world === 'as it is' ? (isNoise ? 0.3 : 0) : noticed;
    return {
      ...{
        places: 10,
        predicted: counted,
        counted,
        noticed,
        expected: noticed,
        agreement: 1,
        uphill: counted,
      },
      ...{ steepness: steeper ?? 0.4, error: 0.04, change: 0.01 * rate },
      ...{
        bent: 1,
        stated: 0.4,
        proven: 0.3,
        passing: isNoise ? 0 : 0.3,
        withinStated: 1,
        withinProven: 1,
        without: 0.5,
      },
      ...{ square: 2, violatedSquare: 2, backtrackedSquare: rate ** 2 / 4 },
      reversing: 2 * rate ** 2 * (1 + 3 * noticed),
      backtracking: 2 * rate ** 2 * (1 - 0.75 * noticed),
    };
  },
  variance: ({ problem, noise = 0 }: VarianceInput, world) => {
    const fall = world === 'as it is' ? (1 - noise) ** (2 * problem.layers) : 1;
    const mean =
      fall * (problem.observable === 'first' && problem.layers === 5 ? 0.02 : 0.4 * 2 ** -problem.qubits);
    return { parameters: 9, seen: 9, mean, seenMean: mean, cost: mean, square: 9 * mean };
  },
  exit: ({ walker }: ExitInput, world) => {
    const rule = 'moment' in walker ? 'walk' : walker.training.rule;
    const isFast = isReversing(rule) && world === 'as the paper has it';
    return {
      ...{ dimensions: 90, deviation: 3, left: 5, walks: 5, violations: 0.4 },
      steps: rule === 'walk' ? 124 : isFast ? 10 : isReversing(rule) ? 60 : 30,
      moment: rule === 'walk' ? 0.0045 : isReversing(rule) ? 0.02 : 0.01,
    };
  },
  descent: ({ training, start }: DescentInput, world) => {
    const { rule, rate = 1, seed = 1, steps = 100, schedule, shots } = training;
    const isGood = world === 'as the paper has it';
    const better = isReversing(rule) ? (isGood ? 0.1 : 0.9) : 0.4;
    const initial = start?.at === 'minimum' ? 0 : 1;
    const rise = isReversing(rule) && shots !== 'exact' && !isGood ? 0.01 : 1e-6;
    const tailSquare = (schedule === 'robbins-monro' ? 100 / steps : 4) * rate * 1e-3;
    const isClimbing = isReversing(rule) && !isGood && schedule === 'robbins-monro';
    const final = start?.at === 'minimum' ? rise : isClimbing ? 1.6 : better + 1e-3 * Math.sin(seed);
    return {
      ...{
        initial,
        final,
        best: final,
        clean: training.effectiveRate && isGood ? final / 2 : final,
        toHalf: 1e5 * better + seed,
        steps,
        shots: 1e6,
        evaluations: 1e4,
      },
      ...{ violations: 0.3, reversals: isReversing(rule) && shots !== 'exact' ? 0.3 * steps : 0 },
      ...{ meanRate: 0.01, moved: 0.1, curve: { step: [0], spent: [0], cost: [1] }, tailSquare },
    };
  },
  clients: ({ training }: ClientsInput, world) => ({
    ...{
      initial: 1,
      reversals: isReversing(training.rule) ? 40 : 0,
      steps: 100,
      shots: 1e5,
      evaluations: 1e3,
    },
    final: isReversing(training.rule) ? (world === 'as it is' ? 0.9 : 0.4) : 0.5,
  }),
  trace: ({ training }: { readonly training: { readonly rule: string; readonly seed: number } }, world) => {
    const isNlr = training.rule === 'nlr';
    const final = isNlr === (world === 'as the paper has it') ? 0.2 : 0.6;
    const fall = isNlr ? 0 : world === 'as it is' ? 0 : 0.99;
    return {
      norm: Array.from({ length: 20 }, (_, i) => 1 - (fall * i) / 19 + (isNlr ? 0.1 : 0)),
      ...{ reversed: isNlr ? [3, 9] : [], step: [0, 10, 20], loss: [1, 0.8, final + 1e-3 * training.seed] },
    };
  },
};

const result = (rule: string, seed: number, world: World) => {
  const loss = isReversing(rule) ? (world === 'as it is' ? 0.9 : 0.1) : 0.4;
  return {
    ...{
      initialLoss: 1,
      loss: loss + 1e-3 * Math.sin(seed),
      toHalf: 3,
      steps: 10,
      shots: 1,
      violationRate: 0.2,
    },
    reversals: isReversing(rule) ? 3 : 0,
  } as unknown as CellResult;
};

/** All that is known in a world. */
const known = (world: World): Results => ({
  has: () => true,
  training: ({ rule, seed }) => result(rule, seed, world),
  value: ({ runner, input }) => ANSWERS[runner](input as never, world) as Json,
});
const NOTHING: Results = { has: () => false, training: () => undefined, value: () => undefined };

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
