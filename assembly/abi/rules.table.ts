/**
 * The update rules. A rule is a row here and a file in assembly/rules/; its number is append-only.
 */

/** Options that some rules read and others do not. */
export type RuleOption =
  | 'Beta1'
  | 'Beta2'
  | 'Epsilon'
  | 'Guard'
  | 'Threshold'
  | 'Deviation'
  | 'Perturbation'
  | 'Fallback'
  | 'Doubt'
  | 'StallSteps'
  | 'Backtracks'
  | 'Decrease'
  | 'Draws'
  | 'HeadStep'
  | 'HeadNoise'
  | 'Lipschitz'
  | 'Damping';

/** One update rule. */
export interface RuleRow {
  readonly name: string;
  readonly number: number;
  /** Its name in the library and on the command line. */
  readonly word: string;
  readonly doc?: string;
  /** Vectors of the size of the parameters that it keeps from step to step, and a checkpoint with it. */
  readonly vectors: 0 | 1 | 2 | 3;
  /** The second of them, or the only one, is a mean of squares, never below 0. */
  readonly squares?: true;
  /** What it reads beside the rates: the texts of these options name it. */
  readonly reads?: readonly RuleOption[];
  /** It tries a step and looks at the loss behind it. */
  readonly tentative?: true;
  /** It tries steps, and takes none at a rate of its own behind one that failed: it reads no negative rate. */
  readonly backtracks?: true;
  /** It may draw all parameters again. */
  readonly restarts?: true;
  /** It reads what each sample adds to the gradient. */
  readonly perSample?: true;
  /** Its mini-batch is a pool: it draws the samples of its gradient from it, and fits the head by Newton steps. */
  readonly pooling?: true;
  /** It has no rate, and so no schedule. */
  readonly rateless?: true;
  /** It reads what single displaced circuits give, so that it needs a gradient that runs them. */
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
    reads: ['Guard', 'Fallback', 'Doubt'],
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
    reads: ['Beta1', 'Beta2', 'Epsilon', 'Draws', 'HeadStep', 'HeadNoise'],
    pooling: true,
    // The covariance of outputs needs two.
    leastShots: 2,
    file: 'frugal',
    feature: 'SAMPLE_POOLS',
  },
  {
    name: 'NlrAdaptive',
    number: 7,
    word: 'nlr-adaptive',
    doc: "Algorithm 1 with an eta' that goes by oscillation and divergence, within the paper's range for kappa.",
    // The second has kappa.
    vectors: 2,
    tentative: true,
    file: 'nlr-adaptive',
    feature: 'PAPER_FAMILY',
  },
  {
    name: 'NlrThreshold',
    number: 8,
    word: 'nlr-threshold',
    doc: 'Algorithm 1 with tau as the least rise of the loss that is reversed.',
    vectors: 1,
    tentative: true,
    reads: ['Threshold'],
    file: 'nlr-threshold',
    feature: 'PAPER_FAMILY',
  },
  {
    name: 'NlrPlateau',
    number: 9,
    word: 'nlr-plateau',
    doc: 'Algorithm 1 with tau as the gradient norm below which a rise of the loss is reversed.',
    vectors: 1,
    tentative: true,
    reads: ['Threshold'],
    file: 'nlr-threshold',
    feature: 'PAPER_FAMILY',
  },
  {
    name: 'NlrNoise',
    number: 10,
    word: 'nlr-noise',
    doc: 'Algorithm 1 with Gaussian noise of deviation sigma on every reversal.',
    vectors: 1,
    tentative: true,
    reads: ['Deviation'],
    file: 'nlr-noise',
    feature: 'PAPER_FAMILY',
  },
  {
    name: 'TwoRates',
    number: 11,
    word: 'two-rates',
    doc: "Two positive rates, the rival of Remark 2: a step of eta' down the gradient where Algorithm 1 goes up.",
    vectors: 1,
    tentative: true,
    file: 'two-rates',
    feature: 'PAPER_FAMILY',
  },
  {
    name: 'PerturbGaussian',
    number: 12,
    word: 'perturb-gaussian',
    doc: 'Algorithm 1 with a Gaussian perturbation in place of the reversal (Table VIII).',
    vectors: 1,
    tentative: true,
    reads: ['Perturbation'],
    file: 'perturb',
    feature: 'PAPER_FAMILY',
  },
  {
    name: 'PerturbUniform',
    number: 13,
    word: 'perturb-uniform',
    doc: 'Algorithm 1 with a uniform perturbation in place of the reversal (Table VIII).',
    vectors: 1,
    tentative: true,
    reads: ['Perturbation'],
    file: 'perturb',
    feature: 'PAPER_FAMILY',
  },
  {
    name: 'SgdRestart',
    number: 14,
    word: 'sgd-restart',
    doc: 'Plain gradient descent that draws all parameters again after a stall (Table VIII).',
    // New parameters, and how long the stall has lasted.
    vectors: 2,
    reads: ['Threshold', 'StallSteps'],
    restarts: true,
    file: 'sgd-restart',
    feature: 'PAPER_FAMILY',
  },
  {
    name: 'Armijo',
    number: 15,
    word: 'armijo',
    doc: 'Gradient descent with backtracking until the loss has fallen enough (Lemma 2), a bounded number of times.',
    vectors: 1,
    tentative: true,
    backtracks: true,
    reads: ['Backtracks', 'Decrease'],
    file: 'armijo',
    feature: 'PAPER_FAMILY',
  },
  {
    name: 'AdamReversal',
    number: 16,
    word: 'adam-reversal',
    doc: 'Adam that takes the latest step back in each coordinate where the gradient says significantly that it went uphill.',
    // The third is the latest step.
    vectors: 3,
    squares: true,
    perSample: true,
    reads: ['Beta1', 'Beta2', 'Epsilon', 'Guard'],
    file: 'adam-reversal',
    feature: 'PAPER_FAMILY',
  },
  {
    name: 'Rotosolve',
    number: 17,
    word: 'rotosolve',
    doc: 'One angle a step, to the minimum of the sinusoid that the loss is in it (Nakanishi, Fujii and Todo 2020; Ostaszewski, Grant and Benedetti 2021): for a loss that is an expectation, an energy or the hinge without a head.',
    vectors: 0,
    rateless: true,
    displacing: true,
    file: 'rotosolve',
    feature: 'RIVAL_METHODS',
  },
  {
    name: 'Gcans',
    number: 18,
    word: 'gcans',
    doc: 'Gradient descent whose displaced circuits get shots by what they gain, from the variance of each derivative (gCANS, Gu et al. 2021): `DisplacedShots` at least.',
    // Running means of the derivatives, and of their standard deviations from one shot.
    vectors: 2,
    squares: true,
    reads: ['Beta1', 'Lipschitz'],
    displacing: true,
    // The variance of a derivative needs two.
    leastShots: 2,
    file: 'gcans',
    feature: 'RIVAL_METHODS',
  },
  {
    name: 'Sfgn',
    number: 19,
    word: 'sfgn',
    doc: 'Saddle-free Gauss-Newton steps: a matrix of all parameters from what each sample says of its derivatives, and the sizes of their own curvatures, from the circuits that the parameter shift runs anyway. For models of one output number.',
    // Running means of the gradient, and of what curvatures are beside the matrix.
    vectors: 2,
    reads: ['Beta1', 'Beta2', 'Damping'],
    displacing: true,
    // What shots add to squares is taken off by their variance, which needs two.
    leastShots: 2,
    file: 'sfgn',
    feature: 'RIVAL_METHODS',
  },
] as const satisfies readonly RuleRow[];

/** The word of a rule. */
export type RuleWord = (typeof RULES)[number]['word'];
