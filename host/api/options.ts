/** The options of a model and of its training: defaults, checks, and the two named configurations. */
import {
  DISPLACING_GRADIENTS,
  EXACT_GRADIENTS,
  GREATEST_RATE,
  LEAST_RATE,
  MAX_COUNT,
  MAX_FEATURES,
  MAX_LOGITS,
  MAX_OPERATIONS,
  MAX_PARAMETERS,
  MAX_QUBITS,
  MAX_SHOTS,
  PASSING_GRADIENTS,
  POOLING_RULES,
} from '../../assembly/abi/codes.ts';
import {
  angleEncoding,
  anglesOf,
  layOut,
  STRUCTURE_FIELDS,
  type Structure,
  type StructureOptions,
  zzFeatureMap,
} from './ansatz.ts';
import {
  type Circuit,
  checkCircuit,
  checkObservables,
  type Observable,
  parametersOf,
  tableLength,
} from './circuit.ts';
import {
  type EncodingName,
  ENCODINGS,
  type GradientName,
  GRADIENTS,
  LEAST_SHOTS,
  LOSSES,
  type LossName,
  type RuleName,
  RULES,
} from './choices.ts';
import { choice, contradiction, frozen, integer, known, oneOf, refuse, snapshot } from '../core/checks.ts';
import type { Noise } from './noise.ts';
import {
  MODEL_DEFAULTS,
  TRAINING,
  type TrainingOptions as TableOptions,
  type TrainingRange,
} from './training-options.ts';

export type {
  AnswererName,
  EncodingName,
  EngineName,
  GradientName,
  LossName,
  RuleName,
  ScheduleName,
} from './choices.ts';
export type { Noise, NoiseChannel } from './noise.ts';

/** Models in one at most: one per class against the rest. */
export const MAX_MODELS = 256;

/** Encodings of the core, and 'zz', which is a circuit: the ZZ feature map. */
export type ModelEncoding = EncodingName | 'zz';

/** How the circuit's parameters start: see `ModelOptions.initialisation`. */
export type InitialisationName = (typeof INITIALISATIONS)[number];
/** All of them. */
export const INITIALISATIONS = ['uniform', 'gaussian', 'small-angles', 'identity-blocks', 'zero'] as const;

/** What is trained. */
export interface ModelOptions extends StructureOptions {
  /** Number of qubits n, 1 to 20. */
  readonly qubits: number;
  /** Features per sample; with amplitude encoding at most 2^n, with 'zz' d angles and their d (d - 1) / 2 products, d <= n. */
  readonly features: number;
  /**
   * Default 'amplitude'. 'angle': feature i turns qubit i mod n. 'zz': the ZZ feature map of d angles x_i and the products
   * (pi - x_i)(pi - x_j) behind them, as the step 'products' of a pipeline makes them.
   */
  readonly encoding?: ModelEncoding;
  /**
   * Layers; default 5, of the layout 'mirrored' the next multiple of a block. Of a QCNN its rounds, by default as many as
   * leave one qubit. Not together with `circuit`.
   */
  readonly layers?: number;
  /** A circuit of your own, angle encoding included. */
  readonly circuit?: Circuit;
  /**
   * 'z0'; 'all-z', one output a qubit; 'mean-z', (Z_0 + ... + Z_(n-1)) / n, and 'parity', Z_0 Z_1 ... Z_(n-1), one output each,
   * the local and the global one of the literature; or a Pauli sum per output. Of a QCNN they are of the qubits that are
   * left. Default 'all-z' with a head, 'z0' without.
   */
  readonly observable?: ObservableName | readonly Observable[];
  /** 'linear' puts logits W f + b on the outputs; 'none' reads the single output. Default 'linear'. */
  readonly head?: 'linear' | 'none';
  /** Classes of the task, 2 to 64; more than two need the linear head (softmax) or one model per class. Default 2. */
  readonly classes?: number;
  /**
   * Default 'bce': cross-entropy, of a softmax with more than two classes. 'energy' is the output itself, to be made small
   * whatever the label: without a head there may be an observable per class, of which each sample has its label's.
   */
  readonly loss?: LossName;
  /**
   * How the circuit's parameters start; a head's start the same way always. 'uniform', the default: over [-pi, pi].
   * 'gaussian': N(0, 1 / (4 S (L + 2))), S the most qubits in a string of the observables, L the layers (Zhang et al.,
   * arXiv:2203.09376, theorem 4.1), or N(0, initialScale^2). 'small-angles': uniform over [-initialScale, initialScale].
   * 'identity-blocks', for the layout 'mirrored': the first half of each block uniform over [-pi, pi], the second half what
   * undoes it (Grant et al., arXiv:1903.05076). 'zero'.
   */
  readonly initialisation?: InitialisationName;
  /** Of 'gaussian' the standard deviation, of 'small-angles' the half width, radians, 0 to pi; default of the latter 0.1. */
  readonly initialScale?: number;
}

/** Observables by name. */
export type ObservableName = (typeof OBSERVABLES)[number];

/** All options of a model, checked. */
export interface ResolvedModel extends Partial<Structure> {
  readonly qubits: number;
  readonly features: number;
  readonly encoding: ModelEncoding;
  /** As the structure, undefined for a circuit of the caller's own. */
  readonly layers?: number;
  readonly circuit: Circuit;
  readonly observables: readonly Observable[];
  readonly head: 'linear' | 'none';
  readonly classes: number;
  readonly loss: LossName;
  /** Trainable parameters of the circuit. */
  readonly circuitParameters: number;
  /** Logits of the head: 0, 1, or the number of classes. */
  readonly logits: number;
  /** Absent: uniform. */
  readonly initialisation?: InitialisationName;
  /** Radians; absent where nothing has one. */
  readonly initialScale?: number;
}

/** How it is trained. */
export interface TrainingOptions extends TableOptions {
  /**
   * The noise of the processor that it trains on, in the order in which it stands behind each gate; default none. It is
   * simulated exactly, or with shots by trajectories, and is no part of the model that is saved.
   */
  readonly noise?: Noise;
  /**
   * Share of `shotsBudget`, above 0 and below 1, that the steps leave for the head: behind the last of them the outputs of all
   * training samples are measured by it, and the linear head that fits them best is worked out. 0.1 is a good one. Default
   * 'none'.
   */
  readonly refitHead?: number | 'none';
}

/** All options of training, checked, but for noise, which is held against the circuit when that is compiled. */
export type ResolvedTraining = Required<TrainingOptions>;

/** No noise. */
const NOISELESS: Noise = Object.freeze([]);

/**
 * The paper's model and training (section V.A): 6 qubits, L = 5, 8 features in the first amplitudes, the
 * bare <Z0> with the squared error, eta = 0.01, eta' = 0.02, B = 32, M = 1000, T = 500. Made to
 * reproduce the paper, not to classify well: its observable hardly sees its data.
 */
export const PAPER: { readonly model: ModelOptions; readonly training: TrainingOptions } = snapshot('PAPER', {
  model: {
    qubits: 6,
    features: 8,
    layers: 5,
    encoding: 'amplitude',
    observable: 'z0',
    head: 'none',
    loss: 'mse',
  },
  training: {
    rule: 'nlr',
    steps: 500,
    batch: 32,
    rate: 0.01,
    negativeRate: 0.02,
    shots: 1000,
    schedule: 'constant',
  },
});

function within(option: string, value: number, least: number, most: number, open = false): number {
  if (Number.isFinite(value) && value >= least && (open ? value < most : value <= most)) return value;
  return refuse(option, value, `a number from ${least} to ${open ? 'below ' : ''}${most}`);
}

const MODEL_FIELDS = [
  ...'qubits features encoding layers circuit observable head classes loss initialisation initialScale'.split(
    ' ',
  ),
  ...STRUCTURE_FIELDS,
];

/** Encodings that a model has. */
export const MODEL_ENCODINGS: Readonly<Record<ModelEncoding, unknown>> = { ...ENCODINGS, zz: 0 };

const OBSERVABLES = ['z0', 'all-z', 'mean-z', 'parity'] as const;

/** Whether a text is the name of observables. */
export const isObservableName = (text: string): text is ObservableName =>
  OBSERVABLES.includes(text as ObservableName);

/** Observables of some qubits by their name. */
function observablesOf(name: ObservableName, qubits: readonly number[]): readonly Observable[] {
  const z = qubits.map((qubit) => `Z${qubit}`);
  if (name === 'mean-z') return [z.map((pauli) => ({ pauli, coefficient: 1 / z.length }))];
  const strings = name === 'z0' ? z.slice(0, 1) : name === 'parity' ? [z.join(' ')] : z;
  return strings.map((pauli) => [{ pauli, coefficient: 1 }]);
}

/** The operations that encode the features; undefined of amplitudes. @throws OptionError */
function encodingOf(encoding: ModelEncoding, qubits: number, features: number): Circuit | undefined {
  if (encoding === 'amplitude') return undefined;
  if (encoding === 'angle') return angleEncoding(qubits, features);
  const angles = anglesOf(features);
  if (Number.isInteger(angles) && angles <= qubits) return zzFeatureMap(angles);
  return refuse(
    'features',
    features,
    `d + d (d - 1) / 2 for the encoding zz, d at most the ${qubits} qubits`,
  );
}

/** How parameters start. @throws OptionError */
function startOf(
  { initialisation: name, initialScale: scale, circuit }: ModelOptions,
  layout: Structure['layout'] | undefined,
): Pick<ResolvedModel, 'initialisation' | 'initialScale'> {
  const initialisation = oneOf(...INITIALISATIONS)(name ?? 'uniform', 'initialisation');
  const isSmall = initialisation === 'small-angles';
  if (initialisation === 'identity-blocks' && layout !== 'mirrored')
    contradiction('the initialisation identity-blocks needs the layout mirrored', 'initialisation');
  const isGaussian = initialisation === 'gaussian';
  if (isGaussian && scale === undefined && (circuit !== undefined || layout === 'qcnn'))
    contradiction('gaussian without layers needs an initialScale', 'initialisation');
  if (scale !== undefined && !isSmall && !isGaussian)
    contradiction(`the initialisation ${initialisation} has no initialScale`, 'initialScale');
  const initialScale = scale ?? (isSmall ? 0.1 : undefined);
  if (initialScale === undefined) return { initialisation };
  return { initialisation, initialScale: within('initialScale', initialScale, 0, Math.PI) };
}

/** Fills in the defaults of a model and checks it. @throws OptionError naming the option */
export function resolveModel(given: ModelOptions): ResolvedModel {
  const options = snapshot('the model', known('the model', given, MODEL_FIELDS));
  const qubits = integer('qubits', options.qubits, 1, MAX_QUBITS);
  const features = integer('features', options.features, 1, MAX_FEATURES);
  const encoding = choice('encoding', options.encoding ?? MODEL_DEFAULTS.encoding, MODEL_ENCODINGS);
  if (encoding === 'amplitude' && features > 2 ** qubits) {
    contradiction(
      `features is ${features}, but ${qubits} qubits have only ${2 ** qubits} amplitudes; reduce the features or use ${Math.ceil(Math.log2(features))} qubits`,
      'features',
    );
  }
  const head = oneOf('linear', 'none')(options.head ?? 'linear', 'head');
  const classes = integer('classes', options.classes ?? 2, 2, MAX_LOGITS);
  const loss = choice('loss', options.loss ?? MODEL_DEFAULTS.loss, LOSSES);
  const chosen = head === 'none' && loss === 'energy';
  if (classes > 2 && head === 'none' && !chosen)
    contradiction(`${classes} classes need the linear head or one model per class`, 'head');
  if (classes > 2 && loss !== 'bce' && !chosen)
    contradiction(`${classes} classes with one head need the loss bce, not ${loss}`, 'loss');
  const own = options.circuit;
  const built = (['layers', ...STRUCTURE_FIELDS] as const).find((name) => options[name] !== undefined);
  if (own !== undefined && built !== undefined)
    contradiction(`${built} belongs to the built-in ansatz and cannot be combined with a circuit`, built);
  if (own !== undefined && encoding === 'zz')
    contradiction(
      'the encoding zz is a circuit, and cannot be combined with one; zzFeatureMap is it',
      'encoding',
    );
  if (own !== undefined) checkCircuit(own, qubits, features);
  const ansatz =
    own === undefined
      ? layOut(options, qubits, options.layers, encodingOf(encoding, qubits, features))
      : undefined;
  const circuit = own ?? (ansatz?.circuit as Circuit);
  const circuitParameters = parametersOf(circuit);
  if (circuitParameters < 1) contradiction('the circuit has no trainable parameter', 'circuit');
  if (tableLength(circuit) > MAX_OPERATIONS || circuitParameters > MAX_PARAMETERS) {
    const place = options.circuit === undefined ? 'layers' : 'circuit';
    contradiction(
      `${place}: the circuit has ${tableLength(circuit)} operations and ${circuitParameters} parameters; at most ${MAX_OPERATIONS} and ${MAX_PARAMETERS} fit`,
      place,
    );
  }
  const observable = options.observable ?? (head === 'linear' ? 'all-z' : 'z0');
  if (typeof observable !== 'string') checkObservables(observable, qubits);
  const observables =
    typeof observable === 'string'
      ? observablesOf(
          oneOf(...OBSERVABLES)(observable, 'observable'),
          ansatz?.observed ?? Array.from({ length: qubits }, (_, qubit) => qubit),
        )
      : observable;
  if (head === 'none' && observables.length !== 1 && !(chosen && observables.length === classes))
    contradiction('without a head there is exactly one observable', 'observable');
  const logits = head === 'none' ? 0 : classes === 2 ? 1 : classes;
  return Object.freeze({
    ...{ qubits, features, encoding },
    ...(ansatz && { layers: ansatz.layers, ...ansatz.structure }),
    // Of the caller's own there is a snapshot already.
    circuit: options.circuit === undefined ? frozen(circuit) : circuit,
    observables: typeof observable === 'string' ? frozen(observables) : observables,
    head,
    classes,
    loss,
    circuitParameters,
    logits,
    ...startOf(options, ansatz?.structure.layout),
  });
}

/** The value of an option of training, if it may be that. @throws OptionError */
function checked(
  name: string,
  value: unknown,
  { choices, flag, whole, least, most, open, word }: TrainingRange,
) {
  if (choices !== undefined) return choice(name, value, choices);
  if (flag) return typeof value === 'boolean' ? value : refuse(name, value, 'true or false');
  if (value === word) return value;
  const [number, from, to] = [value as number, least as number, most as number];
  return whole ? integer(name, number, from, to) : within(name, number, from, to, open);
}

/** Whether a gradient needs exact expectations. */
const isExact = (name: GradientName) => ((EXACT_GRADIENTS >> GRADIENTS[name]) & 1) !== 0;

/** Whether a gradient runs circuits with displaced angles. */
const isDisplacing = (name: GradientName) => ((DISPLACING_GRADIENTS >> GRADIENTS[name]) & 1) !== 0;

/** Whether a gradient is made of passes over the whole batch. */
const isMadeOfPasses = (name: GradientName) => ((PASSING_GRADIENTS >> GRADIENTS[name]) & 1) !== 0;

/** Whether a rule draws the samples of its gradient from the mini-batch. */
const isPooling = (name: RuleName) => ((POOLING_RULES >> RULES[name]) & 1) !== 0;

/** Defaults that go by options before them. */
const WORKED_OUT: Readonly<Record<string, (before: ResolvedTraining) => unknown>> = {
  negativeRate: ({ rate }) => Math.min(2 * rate, GREATEST_RATE),
  kappa: ({ reversal }) => (reversal === 'kappa' ? 2 : 0),
  gradient: ({ shots }) => (shots === 'exact' ? 'adjoint' : 'parameter-shift'),
};

/** Whether there is a budget of shots. */
const isBudget = (budget: TrainingOptions['shotsBudget']) => budget !== undefined && budget !== 'none';

/** Budgets up to which `frugal` has its largest default rate, from which it has its least, and these. */
const FEW_SHOTS = 3e6;
const MANY_SHOTS = 3e7;
const LARGEST_RATE = 0.05;
const LEAST_DRAWN_RATE = 0.02;

/** The rate of `frugal` for a budget of shots: log-linear in between. */
function frugalRate(shots: number): number {
  const way = Math.log(shots / FEW_SHOTS) / Math.log(MANY_SHOTS / FEW_SHOTS);
  return LARGEST_RATE * (LEAST_DRAWN_RATE / LARGEST_RATE) ** Math.min(Math.max(way, 0), 1);
}

/** Shots of each sample of the pool, up to a budget of so many and then by its square root, and the most. */
const LEAST_BUDGET = 3e5;
const [LEAST_POOL_SHOTS, MOST_POOL_SHOTS] = [32, 320];

/** Those of `frugal` for a budget: the longer it trains, the less its head may be led astray by their noise. */
function frugalShots(budget: number): number {
  const shots = LEAST_POOL_SHOTS * Math.sqrt(budget / LEAST_BUDGET);
  return Math.round(Math.min(Math.max(shots, LEAST_POOL_SHOTS), MOST_POOL_SHOTS));
}

/** What an option is that nobody gave; undefined where other options decide. */
function usual(
  name: string,
  { byRule, value }: TrainingRange,
  rule: RuleName,
  { shotsBudget }: TrainingOptions,
  { shots }: ResolvedTraining,
) {
  // Who has a budget trains as long as it lasts.
  if (name === 'steps' && isBudget(shotsBudget)) return MAX_COUNT;
  if (name === 'displacedShots' && shots === 'exact') return value;
  if (rule === 'frugal' && typeof shotsBudget === 'number') {
    if (name === 'rate') return frugalRate(shotsBudget);
    if (name === 'shots') return frugalShots(shotsBudget);
  }
  return byRule?.[rule] ?? value;
}

/** Fills in the defaults of training and checks them. @throws OptionError naming the option */
export function resolveTraining(given: TrainingOptions = {}): ResolvedTraining {
  const options = snapshot(
    'the training',
    known('the training', given, [...Object.keys(TRAINING), 'noise', 'refitHead']),
  );
  const rule = choice('rule', options.rule ?? (TRAINING.rule.value as RuleName), RULES);
  const resolved: Record<string, unknown> = {};
  for (const [name, range] of Object.entries(TRAINING)) {
    const before = resolved as unknown as ResolvedTraining;
    const value = options[name as keyof TrainingOptions] ?? usual(name, range, rule, options, before);
    resolved[name] = checked(name, value ?? WORKED_OUT[name]?.(before), range);
  }
  resolved.noise = options.noise ?? NOISELESS;
  const { refitHead = 'none' } = options;
  resolved.refitHead = refitHead === 'none' ? refitHead : within('refitHead', refitHead, 0, 1, true);
  const training = resolved as unknown as ResolvedTraining;
  const { rate, shots, displacedShots, shotsBudget, gradient } = training;
  if (shots !== 'exact') {
    integer('shots', shots, LEAST_SHOTS[rule] ?? 1, MAX_SHOTS);
    if (isExact(gradient)) {
      const others = (Object.keys(GRADIENTS) as GradientName[]).filter((name) => !isExact(name));
      contradiction(
        `the ${gradient} gradient needs exact expectations; with shots use ${others.join(' or ')}`,
        'gradient',
      );
    }
  }
  if (isPooling(rule) && isMadeOfPasses(gradient)) {
    contradiction(
      `the rule ${rule} needs the slopes of single samples, which the ${gradient} gradient does not know; use adjoint or parameter-shift`,
      'gradient',
    );
  }
  if (displacedShots !== 'same' && (shots === 'exact' || !isDisplacing(gradient))) {
    const lacking = shots === 'exact' ? 'shots' : 'the gradient parameter-shift';
    contradiction(
      `displacedShots is ${displacedShots}, but without ${lacking} no displaced circuit is measured; leave it 'same'`,
      'displacedShots',
    );
  }
  if (isBudget(shotsBudget) && shots === 'exact') {
    contradiction(
      `shotsBudget is ${shotsBudget}, but exact expectations take no shots; give shots, or leave it 'none'`,
      'shotsBudget',
    );
  }
  // Beyond this ratio a reversal could leave single precision.
  within('negativeRate', training.negativeRate, LEAST_RATE, GREATEST_RATE * Math.min(rate, 1));
  return Object.freeze(training);
}
