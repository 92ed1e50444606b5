/**
 * What `configure(key, value)` sets. Numbers are append-only, and a later option has to take 0 and mean by it "as before
 * it existed": 0 is what an option is that was never set, or that a model image from before does not have.
 */
import type { EnumerationName } from './enumerations.table.ts';
import type { LimitName } from './limits.table.ts';
import { type RuleRow, RULES, type RuleWord } from './rules.table.ts';

/** The values that an option takes. */
export type Kind =
  /** Whole numbers from 0 or 1 up to a limit. */
  | { readonly kind: 'whole'; readonly least: 0 | 1; readonly most: LimitName }
  /** LEAST_RATE to GREATEST_RATE. */
  | { readonly kind: 'rate' }
  /** From 0 to below 1, when rounded to single precision too. */
  | { readonly kind: 'decay' }
  /** From 0 to a number. */
  | { readonly kind: 'share'; readonly most: number | LimitName }
  /** A whole number from 0 to 2^53, as far as they are exact. */
  | { readonly kind: 'count' }
  /** 0 or 1. */
  | { readonly kind: 'flag' }
  /** A member of an enumeration. */
  | { readonly kind: 'choice'; readonly of: EnumerationName }
  /** 32 bits of the seed. */
  | { readonly kind: 'seed word' };

/** A value as a user of the library gives it. */
export type Given = number | boolean | string;

/** How users of the library know an option of training. */
export interface TrainingRow {
  readonly name: string;
  /** What it is, for users; range and default follow. Empty of a choice whose name says it. */
  readonly doc: string;
  /** The word that users give for 0. */
  readonly word?: string;
  /** The least number, where not the core's: 0 has its word. */
  readonly least?: number;
  /** What its default is, where that is not one value or means something: the library works it out. */
  readonly otherwise?: string;
  /** Its flag on the command line; absent: none. */
  readonly flag?: {
    /** What its argument is called; absent of options that are true by default: the flag turns them off. */
    readonly argument?: string;
    /** What it is; choices, word and default follow. Empty of a choice whose name says it. */
    readonly help: string;
    /** What is shown as the default, where not the preset's value. */
    readonly otherwise?: string;
  };
}

/** One option. */
export type OptionRow = Kind & {
  readonly name: string;
  readonly number: number;
  readonly doc?: string;
  /** What the library sets where its user says nothing; absent: something that follows from other things. */
  readonly default?: Given;
  /** The compile-time switch of the builds that know it; absent: all of them. Those with one come last. */
  readonly feature?: string;
  /** Other defaults for some rules, by their words. */
  readonly byRule?: Readonly<Partial<Record<RuleWord, number | string>>>;
  /** Absent: the model or the data decide. */
  readonly training?: TrainingRow;
};

/** Texts say {rules} where the words of the rules that read the option go. */
export const OPTIONS = [
  // The model and its data.
  { name: 'Qubits', number: 0, doc: 'Number of qubits n.', kind: 'whole', least: 1, most: 'MAX_QUBITS' },
  {
    name: 'Features',
    number: 1,
    doc: 'Features per sample d; with amplitude encoding d <= 2^n.',
    kind: 'whole',
    least: 0,
    most: 'MAX_FEATURES',
  },
  {
    name: 'Encoding',
    number: 2,
    doc: 'An `Encoding`.',
    kind: 'choice',
    of: 'Encoding',
    default: 'amplitude',
  },
  {
    name: 'Operations',
    number: 3,
    doc: 'Room for this many circuit operations.',
    kind: 'whole',
    least: 1,
    most: 'MAX_OPERATIONS',
  },
  {
    name: 'Parameters',
    number: 4,
    doc: 'Number of trainable circuit parameters.',
    kind: 'whole',
    least: 1,
    most: 'MAX_PARAMETERS',
  },
  {
    name: 'Terms',
    number: 5,
    doc: 'Room for this many Pauli terms, over all outputs.',
    kind: 'whole',
    least: 1,
    most: 'MAX_TERMS',
  },
  {
    name: 'Outputs',
    number: 6,
    doc: 'Number of measured outputs K, each a Pauli sum.',
    kind: 'whole',
    least: 1,
    most: 'MAX_OUTPUTS',
  },
  {
    name: 'Logits',
    number: 7,
    doc: 'Logits of the linear head: 0 no head, 1 one logit (two classes), C >= 2 softmax over C classes.',
    kind: 'whole',
    least: 0,
    most: 'MAX_LOGITS',
  },
  { name: 'Loss', number: 9, doc: 'A `Loss`.', kind: 'choice', of: 'Loss', default: 'bce' },
  {
    name: 'Samples',
    number: 15,
    doc: 'Samples in the training set, from which the core draws mini-batches; 0: the caller streams.',
    kind: 'whole',
    least: 0,
    most: 'MAX_COUNT',
  },

  // Training.
  {
    name: 'Rule',
    number: 12,
    doc: 'A `Rule`.',
    kind: 'choice',
    of: 'Rule',
    default: 'adam',
    training: { name: 'rule', doc: 'Update rule', flag: { argument: 'name', help: '' } },
  },
  {
    name: 'Steps',
    number: 14,
    doc: 'Total steps T: the length of the schedule, where `ShotsBudget` is not. Training may stop earlier or go on.',
    kind: 'whole',
    least: 1,
    most: 'MAX_COUNT',
    default: 500,
    training: {
      name: 'steps',
      doc: 'Steps T at most',
      otherwise: '500; with `shotsBudget` as many as it pays for',
      flag: {
        argument: 'n',
        help: 'training steps',
        otherwise: '500; with --shots-budget as many as it pays for',
      },
    },
  },
  {
    name: 'Batch',
    number: 8,
    doc: 'Mini-batch size B.',
    kind: 'whole',
    least: 1,
    most: 'MAX_BATCH',
    default: 32,
    // Half of it are differentiated.
    byRule: { frugal: 64 },
    training: {
      name: 'batch',
      doc: 'Mini-batch size B',
      flag: { argument: 'n', help: 'samples in a mini-batch' },
    },
  },
  {
    name: 'Rate',
    number: 23,
    doc: 'Learning rate eta.',
    kind: 'rate',
    default: 0.03,
    byRule: { frugal: 0.05, sfgn: 0.4 },
    training: {
      name: 'rate',
      doc: 'Learning rate eta',
      flag: { argument: 'eta', help: 'learning rate' },
    },
  },
  {
    name: 'NegativeRate',
    number: 24,
    doc: "Negative learning rate eta'.",
    kind: 'rate',
    training: {
      name: 'negativeRate',
      doc: "Negative learning rate eta'",
      otherwise: '2 eta, as the paper suggests',
      flag: { argument: 'eta', help: 'rate of a reversal', otherwise: 'twice the rate' },
    },
  },
  {
    name: 'HeadRate',
    number: 25,
    doc: 'Learning rate of the classical head.',
    kind: 'rate',
    default: 0.1,
    training: {
      name: 'headRate',
      doc: 'Learning rate of the head',
      flag: { argument: 'eta', help: 'learning rate of the head' },
    },
  },
  {
    name: 'Shots',
    number: 11,
    doc: 'Shots M per circuit evaluation; 0 means exact expectations. `nlr-guarded`, `frugal`, `gcans` and `sfgn` need two or more.',
    kind: 'whole',
    least: 0,
    most: 'MAX_SHOTS',
    default: 'exact',
    byRule: { frugal: 32, gcans: 32 },
    training: {
      name: 'shots',
      doc: 'Shots M per circuit',
      word: 'exact',
      least: 1,
      flag: { argument: 'm', help: 'shots per circuit' },
    },
  },
  {
    name: 'DisplacedShots',
    number: 33,
    doc: 'Shots of each circuit with a displaced angle, where the gradient is the parameter shift with shots; 0: as many as `Shots`.',
    kind: 'whole',
    least: 0,
    most: 'MAX_SHOTS',
    default: 'same',
    byRule: { frugal: 1, gcans: 2 },
    training: {
      name: 'displacedShots',
      doc: 'Shots of each displaced circuit of the parameter shift',
      word: 'same',
      least: 1,
      otherwise: "'same', as many as `shots`",
      flag: {
        argument: 'm',
        help: 'shots of each displaced circuit of the parameter shift',
        otherwise: 'as many as --shots',
      },
    },
  },
  {
    name: 'ShotsBudget',
    number: 34,
    doc: 'Shots that the training may take in all, which its schedule then goes by; 0: no budget, and the schedule goes by `Steps`. A caller makes no step that `Report.Shots` and `step_shots` would take beyond it: the core counts, and makes every step that is begun.',
    kind: 'count',
    default: 'none',
    training: {
      name: 'shotsBudget',
      doc: 'Shots of all steps together, which are never exceeded: training ends at the last step that they pay for, and the schedule goes by the share that is spent',
      word: 'none',
      least: 1,
      flag: {
        argument: 'n',
        help: 'shots of all steps together: train as long as they last',
      },
    },
  },
  {
    name: 'Gradient',
    number: 10,
    doc: 'A `Gradient`.',
    kind: 'choice',
    of: 'Gradient',
    training: {
      name: 'gradient',
      doc: '',
      otherwise: "'adjoint' when exact, 'parameter-shift' with shots",
      flag: { argument: 'name', help: '', otherwise: 'adjoint; with shots parameter-shift' },
    },
  },
  {
    name: 'Schedule',
    number: 13,
    doc: 'A `Schedule`.',
    kind: 'choice',
    of: 'Schedule',
    default: 'cosine',
    byRule: { frugal: 'linear', sfgn: 'linear' },
    training: { name: 'schedule', doc: '', flag: { argument: 'name', help: '' } },
  },
  {
    name: 'ReadoutError',
    number: 30,
    doc: 'Probability that a measured bit flips.',
    kind: 'share',
    most: 0.5,
    default: 0,
    training: {
      name: 'readoutError',
      doc: 'Probability that a measured bit flips',
      flag: { argument: 'p', help: 'probability that a measured bit flips' },
    },
  },
  {
    name: 'Beta1',
    number: 26,
    doc: 'First decay, of {rules}.',
    kind: 'decay',
    default: 0.9,
    byRule: { gcans: 0.99 },
    training: {
      name: 'beta1',
      doc: 'First decay ({rules})',
      flag: { argument: 'x', help: 'first decay of {rules}' },
    },
  },
  {
    name: 'Beta2',
    number: 27,
    doc: 'Second decay, of {rules}.',
    kind: 'decay',
    default: 0.999,
    // Without a bias correction the first step is eta / sqrt(1 - beta2): 3.2 eta, and not 32.
    byRule: { rmsprop: 0.9, frugal: 0.99, sfgn: 0.99 },
    training: {
      name: 'beta2',
      doc: 'Second decay ({rules})',
      flag: { argument: 'x', help: 'second decay of {rules}' },
    },
  },
  {
    name: 'Epsilon',
    number: 28,
    doc: 'Added to the denominator of {rules}.',
    kind: 'rate',
    default: 1e-8,
    training: {
      name: 'epsilon',
      doc: 'Added to the denominator of {rules} (1e-6 keeps its meaning in single precision)',
      flag: { argument: 'x', help: 'added to the denominator of {rules}' },
    },
  },
  {
    name: 'Guard',
    number: 29,
    doc: 'Of {rules}: reverse only above this many standard errors.',
    kind: 'share',
    most: 'GREATEST_RATE',
    default: 3,
    byRule: { 'adam-reversal': 2 },
    training: {
      name: 'guard',
      doc: 'Of {rules}: standard errors a rise must exceed to be reversed',
      flag: { argument: 'k', help: 'of {rules}: reverse above this many standard errors' },
    },
  },
  {
    name: 'SeedLow',
    number: 21,
    doc: 'The seed of every random draw: its low 32 bits, and the rest.',
    kind: 'seed word',
    default: 1,
    training: { name: 'seed', doc: 'Seed of every random draw' },
  },
  { name: 'SeedHigh', number: 22, kind: 'seed word', default: 0 },
  {
    name: 'Engine',
    number: 16,
    doc: 'An `Engine`.',
    kind: 'choice',
    of: 'Engine',
    default: 'auto',
    training: {
      name: 'engine',
      doc: "How a batch goes through the circuit: 'samples', two at a time; 'columns', once for all samples, where no feature drives a gate; 'heisenberg', by the observable pulled back, for such circuits with a small light cone where no angle is displaced; 'auto', the cheapest. Results differ by rounding only",
      flag: { argument: 'name', help: '' },
    },
  },
  {
    name: 'Workspace',
    number: 17,
    doc: 'Bytes for states at work; 0 gives what the samples engine needs, but for amplitude-encoded samples whose features drive gates too. More lets `Engine.Auto` choose a faster engine: see `workspace_wanted`.',
    kind: 'whole',
    least: 0,
    most: 'MAX_WORKSPACE',
    default: 'auto',
    training: {
      name: 'workspace',
      doc: 'Bytes for states at work',
      word: 'auto',
      otherwise: "'auto', what the engine wants while the arena stays within one page",
      flag: {
        argument: 'bytes',
        help: 'for states at work',
        otherwise: 'what the engine wants within a page',
      },
    },
  },
  {
    name: 'ObservableNorm',
    number: 18,
    doc: '1: report |grad <O>| too; an exact step in columns then pulls a second observable back.',
    kind: 'flag',
    default: true,
    training: {
      name: 'observableNorm',
      doc: 'Report the gradient norm of the observable too; exact steps in columns are faster without',
      flag: { help: 'do not report |grad <O>|, for faster exact steps' },
    },
  },
  {
    name: 'Moments',
    number: 19,
    doc: '1: keep room for the second moments of a fixed data set, for the squared error over all of it.',
    kind: 'flag',
    default: false,
    training: {
      name: 'moments',
      doc: "Keep the second moments of the training set in the core, so that `trainingLoss` costs one evaluation whatever its size: with the loss 'mse' and the engines 'columns' and 'heisenberg'",
    },
  },
  {
    name: 'Answerer',
    number: 20,
    doc: 'An `Answerer`.',
    kind: 'choice',
    of: 'Answerer',
    default: 'simulator',
    training: {
      name: 'answerer',
      doc: "Who measures the circuits: the built-in 'simulator', or the 'caller', who gives `fit` an `answer` (see nlr-vqa/qpu). Needs shots",
    },
  },
  {
    name: 'Targets',
    number: 31,
    doc: '1: the mean square loss compares z with a number of each sample, from `targets_ptr`, and reads no labels. With the loss `MeanSquare`, which has one logit or none. A build without `targets_ptr` predicts with such a model, and makes no step.',
    kind: 'flag',
    default: false,
  },
  {
    name: 'Weights',
    number: 32,
    doc: '1: the loss of each sample counts by a weight of its own, from `weights_ptr`. With any loss. A build without `weights_ptr` predicts with such a model, and makes no step.',
    kind: 'flag',
    default: false,
  },
  // The paper's family of rules: what they have beside Algorithm 1.
  {
    name: 'Reversal',
    number: 35,
    doc: "A `Reversal`: where eta' comes from, for every rule that reads it.",
    kind: 'choice',
    of: 'Reversal',
    default: 'constant',
    feature: 'PAPER_FAMILY',
    training: {
      name: 'reversal',
      doc: "Where eta' comes from: 'constant', `negativeRate`; 'kappa', `kappa` times eta; 'eq-10', Eq. 10 of the paper with the Hamiltonian variance tr H^2 / 2^n - (tr H / 2^n)^2; 'eq-10-state', with <H^2> - <H>^2 at the parameters",
      flag: { argument: 'name', help: '' },
    },
  },
  {
    name: 'Kappa',
    number: 36,
    doc: "eta' / eta for `Reversal.Kappa`, 1.5 to 3 there.",
    kind: 'share',
    most: 3,
    feature: 'PAPER_FAMILY',
    training: {
      name: 'kappa',
      doc: "eta' / eta, from 1.5 on, where `reversal` is 'kappa'",
      otherwise: "2 where `reversal` is 'kappa', else 0",
      flag: { argument: 'x', help: "eta' / eta where --reversal is kappa, 1.5 to 3", otherwise: '2' },
    },
  },
  {
    name: 'NoiseRate',
    number: 37,
    doc: 'nu, the mean error probability of a gate, for Eq. 10 and `EffectiveRate`.',
    kind: 'share',
    most: 1,
    default: 0,
    feature: 'PAPER_FAMILY',
    training: {
      name: 'noiseRate',
      doc: 'nu, the mean error probability of a gate, for Eq. 10 and `effectiveRate`',
      flag: { argument: 'nu', help: 'mean error probability of a gate, for eq-10 and --effective-rate' },
    },
  },
  {
    name: 'Depth',
    number: 38,
    doc: 'L, the layers of the circuit, for Eq. 10 and `EffectiveRate`.',
    kind: 'whole',
    least: 0,
    most: 'MAX_OPERATIONS',
    default: 'layers',
    feature: 'PAPER_FAMILY',
    training: {
      name: 'depth',
      doc: 'L, for Eq. 10 and `effectiveRate`',
      word: 'layers',
      least: 1,
      otherwise: "'layers', those of the model; a circuit of your own needs a number",
      flag: { argument: 'L', help: 'L of eq-10 and --effective-rate', otherwise: '--layers' },
    },
  },
  {
    name: 'EffectiveRate',
    number: 39,
    doc: "1: reversals go by eta'_eff = eta' / (1 + nu L).",
    kind: 'flag',
    default: false,
    feature: 'PAPER_FAMILY',
    training: {
      name: 'effectiveRate',
      doc: "Reversals go by eta'_eff = eta' / (1 + nu L), nu `noiseRate` and L `depth`",
      flag: { help: "reversals by eta' / (1 + nu L)" },
    },
  },
  {
    name: 'Threshold',
    number: 40,
    doc: 'tau of {rules}: a rise of the loss, or a gradient norm.',
    kind: 'share',
    most: 'GREATEST_RATE',
    default: 0,
    byRule: { 'nlr-threshold': 0.1, 'nlr-plateau': 0.1, 'sgd-restart': 0.001 },
    feature: 'PAPER_FAMILY',
    training: {
      name: 'threshold',
      doc: 'tau of {rules}: a rise must exceed it to be reversed; |grad L| must be below it for that; |grad L| below it is a stall',
      flag: { argument: 'tau', help: 'tau of {rules}' },
    },
  },
  {
    name: 'Deviation',
    number: 41,
    doc: 'sigma of {rules}: standard deviation of the noise in every coordinate, before the schedule.',
    kind: 'share',
    most: 'GREATEST_RATE',
    default: 0,
    byRule: { 'nlr-noise': 0.05 },
    feature: 'PAPER_FAMILY',
    training: {
      name: 'deviation',
      doc: 'sigma of {rules}: standard deviation of the noise on a reversal in every coordinate, before the schedule',
      flag: { argument: 'sigma', help: 'sigma of {rules}' },
    },
  },
  {
    name: 'Perturbation',
    number: 42,
    doc: 'A `Perturbation`, of {rules}.',
    kind: 'choice',
    of: 'Perturbation',
    default: 'rate',
    feature: 'PAPER_FAMILY',
    training: {
      name: 'perturbation',
      doc: "How large a perturbation of {rules} is: 'rate', a standard deviation of eta' in every coordinate; 'gradient', as large as the reversal in its place, E|delta|^2 = eta'^2 |g|^2",
      flag: { argument: 'name', help: '' },
    },
  },
  {
    name: 'Fallback',
    number: 43,
    doc: 'A `Fallback`, of {rules}.',
    kind: 'choice',
    of: 'Fallback',
    default: 'reverse',
    feature: 'PAPER_FAMILY',
    training: {
      name: 'fallback',
      doc: 'Of {rules}: what a rise beyond the guard leads to',
      flag: { argument: 'name', help: '' },
    },
  },
  {
    name: 'Doubt',
    number: 44,
    doc: 'A `Doubt`, of {rules}.',
    kind: 'choice',
    of: 'Doubt',
    default: 'halve',
    feature: 'PAPER_FAMILY',
    training: {
      name: 'doubt',
      doc: 'Of {rules}: what a rise within the guard leads to',
      flag: { argument: 'name', help: '' },
    },
  },
  {
    name: 'StallSteps',
    number: 45,
    doc: 'Of {rules}: steps in a row below `Threshold` that are a stall; 0: none is.',
    kind: 'whole',
    least: 0,
    most: 'MAX_COUNT',
    default: 0,
    byRule: { 'sgd-restart': 20 },
    feature: 'PAPER_FAMILY',
    training: {
      name: 'stallSteps',
      doc: 'Of {rules}: steps in a row with |grad L| below `threshold` behind which all parameters are drawn again; 0: never',
      flag: { argument: 'n', help: 'of {rules}: draw again behind so many steps below tau' },
    },
  },
  {
    name: 'Backtracks',
    number: 46,
    doc: 'Of {rules}: how often a step is halved before none is taken.',
    kind: 'whole',
    least: 0,
    most: 'MAX_BACKTRACKS',
    default: 0,
    byRule: { armijo: 10 },
    feature: 'PAPER_FAMILY',
    training: {
      name: 'backtracks',
      doc: 'Of {rules}: how often a step is halved before none is taken',
      flag: { argument: 'n', help: 'of {rules}: halve a step so often' },
    },
  },
  {
    name: 'Decrease',
    number: 47,
    doc: 'c of {rules}: the loss has to fall by at least c eta |g|^2.',
    kind: 'decay',
    default: 0,
    byRule: { armijo: 0.0001 },
    feature: 'PAPER_FAMILY',
    training: {
      name: 'decrease',
      doc: 'c of {rules}: the loss has to fall by at least c eta |g|^2',
      flag: { argument: 'c', help: 'c of {rules}: the least share of the fall that the gradient promises' },
    },
  },
  // What is held against the rest.
  {
    name: 'AveragedShare',
    number: 48,
    doc: 'Share a of the training, from its end, over which the parameters are averaged: 1 is the average of Polyak and Ruppert (1992), less than 1 that of a suffix (Rakhlin, Shamir and Sridharan 2012). Predictions, losses over a data set and model images are by the average, `average_ptr`; steps go on from the parameters themselves. 0: none.',
    kind: 'share',
    most: 1,
    default: 0,
    feature: 'RIVAL_METHODS',
    training: {
      name: 'averagedShare',
      doc: 'Share of the training, from its end, over which the parameters are averaged, to predict and to be saved: 1 is Polyak averaging, less is that of a suffix; 0 takes them as they are',
      flag: {
        argument: 'share',
        help: 'average the parameters over this share of the training, from its end',
      },
    },
  },
  {
    name: 'Displacement',
    number: 49,
    doc: 'How far each parameter is displaced by the two-point gradient, c; 0: 0.1. With the schedule of Spall it is that of the first step.',
    kind: 'share',
    most: 'GREATEST_RATE',
    default: 'usual',
    feature: 'RIVAL_METHODS',
    training: {
      name: 'displacement',
      doc: 'How far the two-point gradient displaces each parameter',
      word: 'usual',
      otherwise: "'usual', 0.1",
      flag: { argument: 'c', help: 'how far two-point displaces each parameter', otherwise: '0.1' },
    },
  },
  {
    name: 'Extrapolation',
    number: 50,
    doc: 'An `Extrapolation`: zero-noise extrapolation by global folding.',
    kind: 'choice',
    of: 'Extrapolation',
    default: 'none',
    feature: 'NOISE',
    training: {
      name: 'extrapolation',
      doc: 'Zero-noise extrapolation: each circuit runs folded, U (U* U)^k, at 1, 3, 5, ... times its noise, and each output is what a fit to those says of no noise. Losses and gradients are those of the extrapolated outputs, every circuit and shot counts',
      flag: { argument: 'fit', help: 'zero-noise extrapolation by this fit: of folded circuits' },
    },
  },
  {
    name: 'Scales',
    number: 51,
    doc: 'Scales of the noise that an extrapolation measures: 1, 3, 5, ...; at least 2.',
    kind: 'whole',
    least: 0,
    most: 'MAX_SCALES',
    default: 3,
    feature: 'NOISE',
    training: {
      name: 'scales',
      doc: 'Scales of the noise that an extrapolation measures, the first of 1, 3, 5, ...',
      flag: { argument: 'n', help: 'scales of the noise for an extrapolation: the first of 1, 3, 5, ...' },
    },
  },
  {
    name: 'ExtrapolationOrder',
    number: 52,
    doc: 'Degree of the polynomial extrapolation, less than there are scales.',
    kind: 'whole',
    least: 0,
    most: 'MAX_SCALES',
    default: 1,
    feature: 'NOISE',
    training: {
      name: 'extrapolationOrder',
      doc: 'Degree of the polynomial extrapolation, less than there are scales',
      flag: { argument: 'd', help: 'degree of the polynomial extrapolation, below the scales' },
    },
  },
  {
    name: 'CalibrationShots',
    number: 53,
    doc: 'Shots of each of the two circuits, |0...0> and |1...1>, that calibrate the readout before the first step: what is read wrong is estimated from them and inverted in every measurement. 0: it is not. They count among the shots.',
    kind: 'whole',
    least: 0,
    most: 'MAX_SHOTS',
    default: 'none',
    feature: 'NOISE',
    training: {
      name: 'calibrationShots',
      doc: 'Shots of each of the two circuits that calibrate the readout before the first step, and count among its shots; its errors, estimated from them, are inverted in every measurement',
      word: 'none',
      least: 1,
      flag: { argument: 'm', help: 'calibrate the readout by so many shots, twice, and invert its errors' },
    },
  },
  {
    name: 'Draws',
    number: 54,
    doc: 'A `Draws`, of {rules}.',
    kind: 'choice',
    of: 'Draws',
    default: 'by-slope',
    feature: 'RIVAL_METHODS',
    training: {
      name: 'draws',
      doc: 'Of {rules}: which samples of the mini-batch it differentiates',
      flag: { argument: 'name', help: 'of {rules}: which samples it differentiates' },
    },
  },
  {
    name: 'HeadStep',
    number: 55,
    doc: 'A `HeadStep`, of {rules}.',
    kind: 'choice',
    of: 'HeadStep',
    default: 'newton',
    feature: 'RIVAL_METHODS',
    training: {
      name: 'headStep',
      doc: 'Of {rules}: how it fits the head',
      flag: { argument: 'name', help: 'of {rules}: how it fits the head' },
    },
  },
  {
    name: 'HeadNoise',
    number: 56,
    doc: 'A `HeadNoise`, of {rules}.',
    kind: 'choice',
    of: 'HeadNoise',
    default: 'removed',
    feature: 'RIVAL_METHODS',
    training: {
      name: 'headNoise',
      doc: "Of {rules}: what becomes of the shot noise in the head's gradient",
      flag: { argument: 'name', help: "of {rules}: the shot noise in the head's gradient" },
    },
  },
  {
    name: 'Blocks',
    number: 57,
    doc: 'Blocks K of the circuit parameters inside the light cone, divided at random and anew for each sweep through them: a step measures and moves one block, and the head. More than there are parameters: one each. 0 and 1: all of them; of `rotosolve`, which moves one parameter a step, 0; of `sfgn`, whose matrix is of all of them, 0 or 1.',
    kind: 'whole',
    least: 0,
    most: 'MAX_PARAMETERS',
    default: 'none',
    feature: 'RIVAL_METHODS',
    training: {
      name: 'blocks',
      doc: 'Blocks into which the circuit parameters in the light cone are divided at random: a step measures and moves one of them, and the head',
      word: 'none',
      least: 1,
      flag: { argument: 'k', help: 'move one of so many random blocks of the parameters a step' },
    },
  },
  {
    name: 'Lipschitz',
    number: 58,
    doc: "Of {rules}: the Lipschitz constant L of the loss's gradient, by which it allots shots; `Rate` has to be below 2 / L. 0: of an energy the sum of its coefficients' sizes, of several their mean; 1 of other losses.",
    kind: 'share',
    most: 'GREATEST_RATE',
    default: 'usual',
    feature: 'RIVAL_METHODS',
    training: {
      name: 'lipschitz',
      doc: "Of {rules}: Lipschitz constant of the loss's gradient, by which it allots shots; the rate has to be below 2 / lipschitz",
      word: 'usual',
      otherwise: "'usual', the sum of the coefficients' sizes of an energy, 1 of other losses",
      flag: {
        argument: 'l',
        help: "of {rules}: Lipschitz constant of the loss's gradient",
        otherwise: "the sum of an energy's coefficients; 1",
      },
    },
  },
  {
    name: 'Damping',
    number: 59,
    doc: 'Of {rules}, above 0: lambda, added to the diagonal of the matrix.',
    kind: 'share',
    most: 'GREATEST_RATE',
    default: 0,
    byRule: { sfgn: 0.05 },
    feature: 'RIVAL_METHODS',
    training: {
      name: 'damping',
      doc: 'Of {rules}: lambda, added to the diagonal of its matrix; above 0 there',
      flag: { argument: 'lambda', help: 'of {rules}: added to the diagonal of its matrix' },
    },
  },
] as const satisfies readonly OptionRow[];

/** The words of the rules that read an option which not all do; none of one that all read. */
export function readersOf(option: string): string[] {
  const isRead = ({ reads, tentative, backtracks }: RuleRow) =>
    option === 'NegativeRate'
      ? tentative === true && backtracks !== true
      : reads?.some((name) => name === option) === true;
  if (option === 'Rate' || option === 'Schedule')
    return (RULES as readonly RuleRow[]).filter(({ rateless }) => !rateless).map(({ word }) => word);
  return (RULES as readonly RuleRow[]).filter(isRead).map(({ word }) => word);
}

/** `a, b and c` */
export function listing(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`;
}

/** A text of an option with the rules that read it. */
export function namingRules(text: string, option: string): string {
  return text.replace('{rules}', listing(readersOf(option)));
}

/** A default and those of some rules, as texts say them: `0.999; 0.99 for lion`. */
export function withRules(value: string, { byRule = {} }: OptionRow): string {
  return [value, ...Object.entries(byRule).map(([rule, other]) => `${other} for ${rule}`)].join('; ');
}
