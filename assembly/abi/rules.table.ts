/**
 * The update rules. A rule is a row here and a file in assembly/rules/; its number is append-only.
 */

/** Options that some rules read and others do not. */
export type RuleOption = 'Beta1' | 'Beta2' | 'Epsilon' | 'Guard' | 'Lipschitz';

/** One update rule. */
export interface RuleRow {
  readonly name: string;
  readonly number: number;
  /** Its name in the library and on the command line. */
  readonly word: string;
  readonly doc?: string;
  /** Vectors of the size of the parameters that it keeps from step to step, and a checkpoint with it. */
  readonly vectors: 0 | 1 | 2;
  /** The last of them is a mean of squares, never below 0. */
  readonly squares?: true;
  /** What it reads beside the rates: the texts of these options name it. */
  readonly reads?: readonly RuleOption[];
  /** It tries a step and looks at the loss behind it. */
  readonly tentative?: true;
  /** Its mini-batch is a pool: it draws the samples of its gradient from it, and fits the head by Newton steps. */
  readonly pooling?: true;
  /** It reads more of displaced angles than a gradient, so that it needs one that displaces them. */
  readonly displacing?: true;
  /** Fewest shots that mean something to it, where not 1. */
  readonly leastShots?: number;
  /** The file of assembly/rules/ that has it, as a function of the name of `word` in camel case. */
  readonly file: string;
  /** The compile-time switch of the builds that have it; absent: all of them. */
  readonly feature?: string;
}

export const RULES = [
  {
    name: 'Nlr',
    number: 0,
    word: 'nlr',
    doc: 'Algorithm 1 as printed.',
    vectors: 1,
    tentative: true,
    file: 'nlr',
  },
  {
    name: 'NlrGuarded',
    number: 1,
    word: 'nlr-guarded',
    doc: 'Algorithm 1 with a noise-aware test and a capped reversal.',
    vectors: 1,
    tentative: true,
    reads: ['Guard'],
    // A single shot has no spread to guard against.
    leastShots: 2,
    file: 'nlr-guarded',
  },
  { name: 'Sgd', number: 2, word: 'sgd', vectors: 0, file: 'sgd' },
  { name: 'Momentum', number: 3, word: 'momentum', vectors: 1, reads: ['Beta1'], file: 'momentum' },
  {
    name: 'RmsProp',
    number: 4,
    word: 'rmsprop',
    vectors: 1,
    squares: true,
    reads: ['Beta2', 'Epsilon'],
    file: 'rmsprop',
  },
  {
    name: 'Adam',
    number: 5,
    word: 'adam',
    vectors: 2,
    squares: true,
    reads: ['Beta1', 'Beta2', 'Epsilon'],
    file: 'adam',
  },
  {
    name: 'Frugal',
    number: 6,
    word: 'frugal',
    doc: 'Adam on samples that are drawn by the size of their slopes from a pool, and Newton steps of the head: for few shots.',
    vectors: 2,
    squares: true,
    reads: ['Beta1', 'Beta2', 'Epsilon'],
    pooling: true,
    // The covariance of outputs needs two.
    leastShots: 2,
    file: 'frugal',
    feature: 'SAMPLE_POOLS',
  },
  {
    name: 'Rotosolve',
    number: 7,
    word: 'rotosolve',
    doc: 'One angle a step, to the minimum of the sinusoid that the loss is in it (Nakanishi, Fujii and Todo 2020; Ostaszewski et al. 2021): for a loss that is a pure expectation, the hinge without a head.',
    vectors: 0,
    displacing: true,
    file: 'rotosolve',
    feature: 'RIVAL_METHODS',
  },
  {
    name: 'Gcans',
    number: 8,
    word: 'gcans',
    doc: 'Gradient descent whose displaced circuits get shots by the variance of each derivative (gCANS, Gu et al. 2021), `DisplacedShots` at least.',
    vectors: 2,
    squares: true,
    reads: ['Beta1', 'Lipschitz'],
    displacing: true,
    // The variance of a derivative needs two.
    leastShots: 2,
    file: 'gcans',
    feature: 'RIVAL_METHODS',
  },
] as const satisfies readonly RuleRow[];

/** The word of a rule. */
export type RuleWord = (typeof RULES)[number]['word'];
