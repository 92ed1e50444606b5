/** What is held against one another: rules with the settings that they keep, and those that are searched for them. */
import type { Setting } from './cells.ts';

/** One contestant. */
export interface Arm {
  /** What tables call it. */
  readonly title: string;
  /** What it keeps on every task and at every budget. */
  readonly fixed: Setting;
  /** What is searched first at a budget, every combination of each, by `FIRST`; nothing of an arm that is used as it is. */
  readonly coarse?: (budget: number) => readonly Axes[];
  /** What is searched then, for the best of those. */
  readonly fine?: Axes;
  /** An arm that `frugal` has to beat; those that are not say what a part of it is worth. */
  readonly rival?: true;
}

/** Values of some options. */
export type Axes = { readonly [K in keyof Setting]?: readonly Setting[K][] };

const RATES = [0.02, 0.05, 0.1, 0.2, 0.4];
const HEAD_RATES = [0.03, 0.1, 0.3, 1];

/** What the first search leaves as it is. */
export const FIRST: Setting = { beta2: 0.99, schedule: 'linear' };

const ADAM_FINE: Axes = { beta2: [0.9, 0.99, 0.999], schedule: ['constant', 'linear', 'cosine'] };

/** Budgets at which a training with few shots a circuit, which has the most steps, becomes dear, and very dear. */
export const DEAR_FROM = 1e6;
const VERY_DEAR_FROM = 1e7;

/** Adam's: where they are dear, few shots, which come nowhere near there, are tried with one head rate. */
function adamAxes(budget: number): Axes[] {
  const [rate, headRate] = [RATES, HEAD_RATES];
  if (budget < DEAR_FROM) return [{ rate, headRate, shots: [1, 2, 5, 20, 100] }];
  const few = { rate, headRate: [0.3], shots: [1, 2] };
  if (budget < VERY_DEAR_FROM) return [{ rate, headRate, shots: [5, 20, 100] }, few];
  return [
    { rate, headRate: [0.1, 0.3, 1], shots: [20, 100] },
    { rate: [0.05, 0.1], headRate: [0.3], shots: [1, 2, 5] },
  ];
}

/** The rule without draws and without Newton steps is Adam, and takes the shot noise off the head's gradient. */
const ADAM_WITHOUT_HEAD_NOISE: Setting = { rule: 'frugal', batch: 32, draws: 'all', headStep: 'adam' };

/** Where a part is looked at: what Adam is found to want nearly everywhere. */
const FEW_RATES: Axes = { rate: [0.05, 0.1, 0.2], headRate: [0.1, 0.3, 1] };

/** Every arm, by its name. */
export const ARMS: Readonly<Record<string, Arm>> = {
  adam: {
    title: 'Adam',
    fixed: { rule: 'adam', batch: 32 },
    coarse: adamAxes,
    fine: ADAM_FINE,
    rival: true,
  },
  'adam-allocated': {
    title: "Adam, frugal's allocation",
    fixed: { rule: 'adam', batch: 32, displacedShots: 1 },
    coarse: () => [{ rate: RATES, headRate: HEAD_RATES, shots: [32, 100, 320] }],
    fine: ADAM_FINE,
    rival: true,
  },
  frugal: { title: 'frugal', fixed: { rule: 'frugal' } },
  // Where the credit belongs: the rule without one of its parts, and Adam with one of them. As many samples are
  // differentiated in a step as the rule draws.
  'frugal-all': { title: 'frugal, no draws', fixed: { rule: 'frugal', batch: 32, draws: 'all' } },
  'frugal-noise-kept': { title: 'frugal, head noise kept', fixed: { rule: 'frugal', headNoise: 'kept' } },
  'frugal-adam-head': {
    title: 'frugal, head by Adam',
    fixed: { rule: 'frugal', headStep: 'adam' },
    coarse: () => [{ headRate: HEAD_RATES }],
  },
  'frugal-refit': { title: 'frugal, head refit', fixed: { rule: 'frugal', refitHead: 0.1 } },
  'frugal-five': { title: 'frugal, five shots a sign', fixed: { rule: 'frugal', displacedShots: 5 } },
  'adam-refit': {
    title: 'Adam, head refit',
    fixed: { rule: 'adam', batch: 32, refitHead: 0.1 },
    coarse: () => [{ ...FEW_RATES, shots: [1, 5, 20] }],
  },
  'adam-covariance': {
    title: 'Adam, head noise removed',
    fixed: { ...ADAM_WITHOUT_HEAD_NOISE, displacedShots: 'same' },
    coarse: () => [{ ...FEW_RATES, shots: [5, 20] }],
  },
  'adam-allocated-covariance': {
    title: "Adam, frugal's allocation, head noise removed",
    fixed: { ...ADAM_WITHOUT_HEAD_NOISE, displacedShots: 1 },
    coarse: () => [{ ...FEW_RATES, shots: [32, 100] }],
  },
};

/** Every combination of the values of some options. */
export function combinations(axes: Axes): Setting[] {
  return Object.entries(axes).reduce<Setting[]>(
    (settings, [name, values]) =>
      settings.flatMap((setting) =>
        (values as readonly unknown[]).map((value) => ({ ...setting, [name]: value })),
      ),
    [{}],
  );
}
