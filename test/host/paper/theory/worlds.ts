/** Made-up outcomes of the theory's cells, in a world where reversing is good and in one where it is not. */
import type { Results } from '../../../../host/paper/experiment.ts';
import type { ClientsInput } from '../../../../host/paper/runners/clients.ts';
import type { DescentInput } from '../../../../host/paper/runners/descent.ts';
import type { ExitInput } from '../../../../host/paper/runners/exit.ts';
import type { TentativeInput } from '../../../../host/paper/runners/tentative.ts';
import type { VarianceInput } from '../../../../host/paper/runners/variance.ts';
import type { Json } from '../../../../host/study/cell.ts';
import type { CellResult } from '../../../../host/study/result.ts';

/** Whether reversing is a good thing in the world of some numbers. */
export type World = 'as the paper has it' | 'as it is';

const isReversing = (rule: unknown) => rule === 'nlr';

/** What cells come to in a world. A little of the seed keeps numbers apart. */
export const ANSWERS: Readonly<Record<string, (input: never, world: World) => object>> = {
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

/** What a training comes to in a world. */
export const result = (rule: string, seed: number, world: World) => {
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
export const known = (world: World): Results => ({
  has: () => true,
  training: ({ rule, seed }) => result(rule, seed, world),
  value: ({ runner, input }) => ANSWERS[runner](input as never, world) as Json,
});
