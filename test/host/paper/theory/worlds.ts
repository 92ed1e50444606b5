/** Worlds that the theory's experiments are asked about: what their cells come to, made up, with verdicts either way. */
import type { Results, Scope } from '../../../../host/paper/experiment.ts';
import type { ClientsInput } from '../../../../host/paper/runners/clients.ts';
import type { DescentInput } from '../../../../host/paper/runners/descent.ts';
import type { ExitInput } from '../../../../host/paper/runners/exit.ts';
import type { TentativeInput } from '../../../../host/paper/runners/tentative.ts';
import type { VarianceInput } from '../../../../host/paper/runners/variance.ts';
import type { Json } from '../../../../host/study/cell.ts';
import type { CellResult } from '../../../../host/study/result.ts';

const images = { mnist: 'sample', 'fashion-mnist': 'sample' } as const;
export const QUICK: Scope = { seeds: [1, 2, 3, 4, 5], quick: true, images };
export const FULL: Scope = { seeds: [1, 2], quick: false, images };

/** Whether reversing is a good thing in the world of some numbers. */
export type World = 'as the paper has it' | 'as it is';

const isReversing = (rule: unknown) => rule === 'nlr';

/** Keeps seeds apart, and otherwise for every rule: differences that are all alike have no deviation but rounding. */
const little = (rule: string, seed: number) => 1e-3 * ((seed * (1 + (rule.charCodeAt(0) % 7))) % 5);

/** What cells come to in a world, by who works them out. */
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
    const { rule = 'sgd', rate = 1, seed = 1, steps = 100, schedule, shots } = training;
    const isGood = world === 'as the paper has it';
    const better = isReversing(rule) ? (isGood ? 0.1 : 0.9) : 0.4;
    const initial = start?.at === 'minimum' ? 0 : 1;
    const rise = isReversing(rule) && shots !== 'exact' && !isGood ? 0.01 : 1e-6;
    const tailSquare = (schedule === 'robbins-monro' ? 100 / steps : 4) * rate * 1e-3;
    const isClimbing = isReversing(rule) && !isGood && schedule === 'robbins-monro';
    const final = start?.at === 'minimum' ? rise : isClimbing ? 1.6 : better + little(rule, seed);
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
      loss: loss + little(rule, seed),
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
/** Nothing is known. */
export const NOTHING: Results = { has: () => false, training: () => undefined, value: () => undefined };

/** FNV-1a of a text, on from the hash of what stands before it. */
function hashed(text: string, before: number): number {
  let hash = before;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash;
}

/** A number from 0 to 1 of a hash. */
function chanceOf(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return ((mixed ^ (mixed >>> 13)) >>> 0) / 2 ** 32;
}

/**
 * A world of chance: what a cell comes to is drawn by all that decides it, so that no two settings have the same numbers, and a
 * claim holds in some of them. One training in thirty leaves the finite numbers.
 */
export function byChance(salt: number): Results {
  const hashOf = (text: string) => hashed(text, 0x811c9dc5 ^ salt);
  const draw = (text: string) => {
    // Cells that differ in their seed alone are alike, but for three hundredths.
    const [all, shared] = [hashOf(text), hashOf(text.replace(/"seed":\d+/, ''))];
    return (name: string, least: number, greatest: number) =>
      least +
      (greatest - least) * (0.97 * chanceOf(hashed(name, shared)) + 0.03 * chanceOf(hashed(name, all)));
  };
  const drawn = new Map<string, unknown>();
  /** What a text came to, once drawn. */
  const once = <T>(text: string, make: () => T) => {
    if (!drawn.has(text)) drawn.set(text, make());
    return drawn.get(text) as T;
  };
  const answers: Readonly<Record<string, (of: ReturnType<typeof draw>, input: never) => object>> = {
    tentative: (of) => ({
      ...{ places: 10, predicted: of('predicted', 0, 0.6), counted: of('counted', 0, 0.2) },
      ...{ noticed: of('noticed', 0, 0.6), expected: of('expected', 0, 0.6) },
      ...{ agreement: of('agreement', 0.92, 1), uphill: of('uphill', 0, 0.5) },
      ...{ steepness: of('steepness', 0, 2), error: of('error', 0, 0.1), change: of('change', 0, 0.1) },
      ...{ bent: of('bent', 0, 1), stated: of('stated', 0, 1), proven: of('proven', 0, 1) },
      ...{ passing: of('passing', 0, 1), withinStated: of('stated', 0.9, 1) },
      ...{ withinProven: of('within', 0, 1), without: of('without', 0, 0.05) },
      ...{ square: of('square', 0.1, 4), violatedSquare: of('violated', 0.1, 4) },
      ...{ backtrackedSquare: of('back', 0, 0.1), reversing: of('reversing', 0.1, 2) },
      backtracking: of('backtracking', 0.1, 1),
    }),
    variance: (of, { problem }: VarianceInput) => {
      const mean = of('mean', 0.2, 0.4) * 2 ** (-problem.qubits * of('fall', 0.4, 1));
      return { parameters: 9, seen: 9, mean, seenMean: mean, cost: mean, square: 9 * mean };
    },
    exit: (of, { walks }: ExitInput) => ({
      ...{ dimensions: Math.round(of('dimensions', 20, 99)), deviation: of('deviation', 1, 9), walks },
      ...{ left: Math.round(walks * of('left', 0, 1)), violations: of('violations', 0, 0.6) },
      ...{ steps: of('steps', 5, 200), moment: of('moment', 0.001, 0.02) },
    }),
    descent: (of) => ({
      ...{ initial: of('initial', 0.8, 1), final: of('final', 0, 1.2), best: of('best', 0, 1) },
      ...{
        clean: of('clean', 0, 0.6),
        toHalf: of('half', 0, 1) < 0.2 ? null : Math.round(of('toHalf', 1e3, 1e6)),
      },
      ...{ steps: 100, shots: Math.round(of('shots', 1e3, 1e6)), evaluations: 1e4 },
      ...{ violations: of('violations', 0, 0.6), reversals: Math.round(of('reversals', 0, 60)) },
      ...{ meanRate: of('rate', -0.1, 0.1), moved: of('moved', 0, 3), tailSquare: of('tail', 0.001, 0.1) },
      curve: { step: [0], spent: [0], cost: [1] },
    }),
    clients: (of) => ({
      ...{
        initial: of('initial', 0.8, 1),
        final: of('final', 0, 1),
        reversals: Math.round(of('back', 0, 60)),
      },
      ...{
        steps: 150,
        shots: Math.round(of('shots', 1e3, 1e6)),
        evaluations: Math.round(of('runs', 1e3, 1e5)),
      },
    }),
  };
  return {
    has: () => true,
    training: (cell) =>
      once(JSON.stringify(cell), () => {
        const of = draw(JSON.stringify(cell));
        return {
          ...{ initialLoss: 1, loss: of('loss', 0, 1), toHalf: null, steps: 100, shots: 1 },
          ...{ violationRate: of('violations', 0, 0.6), reversals: Math.round(of('reversals', 0, 60)) },
        } as unknown as CellResult;
      }),
    value: ({ runner, input }) => {
      const text = runner + JSON.stringify(input);
      return once(text, () =>
        chanceOf(hashed('diverged', hashOf(text))) < 1 / 30
          ? undefined
          : (answers[runner](draw(text), input as never) as Json),
      );
    },
  };
}
