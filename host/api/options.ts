/** The options of a model and of its training: defaults, checks, and the two named configurations. */
import {
  Answerer,
  Encoding,
  Engine,
  GREATEST_RATE,
  Gradient,
  LEAST_RATE,
  Loss,
  MAX_BATCH,
  MAX_FEATURES,
  MAX_LOGITS,
  MAX_OPERATIONS,
  MAX_PARAMETERS,
  MAX_QUBITS,
  MAX_SHOTS,
  MAX_WORKSPACE,
  Rule,
  Schedule,
} from '../../assembly/abi/codes.ts';
import {
  angleEncoding,
  type Circuit,
  chainAnsatz,
  checkCircuit,
  checkObservables,
  type Observable,
  parametersOf,
  tableLength,
  zOnEach,
} from './circuit.ts';
import { choice, integer, known, OptionError, refuse } from '../core/errors.ts';

export const ENCODINGS = { amplitude: Encoding.Amplitude, angle: Encoding.Zero } as const;
export const LOSSES = { mse: Loss.MeanSquare, bce: Loss.CrossEntropy, hinge: Loss.Hinge } as const;
export const RULES = {
  nlr: Rule.Nlr,
  'nlr-guarded': Rule.NlrGuarded,
  sgd: Rule.Sgd,
  momentum: Rule.Momentum,
  rmsprop: Rule.RmsProp,
  adam: Rule.Adam,
} as const;
export const GRADIENTS = { adjoint: Gradient.Adjoint, 'parameter-shift': Gradient.ParameterShift } as const;
export const SCHEDULES = { constant: Schedule.Constant, cosine: Schedule.Cosine } as const;

export const ENGINES = {
  auto: Engine.Auto,
  samples: Engine.Samples,
  columns: Engine.Columns,
  heisenberg: Engine.Heisenberg,
} as const;

export const ANSWERERS = { simulator: Answerer.Simulator, caller: Answerer.Caller } as const;

export type EncodingName = keyof typeof ENCODINGS;
export type LossName = keyof typeof LOSSES;
export type RuleName = keyof typeof RULES;
export type GradientName = keyof typeof GRADIENTS;
export type ScheduleName = keyof typeof SCHEDULES;
export type EngineName = keyof typeof ENGINES;
export type AnswererName = keyof typeof ANSWERERS;

/** What is trained. */
export interface ModelOptions {
  /** Number of qubits n, 1 to 20. */
  readonly qubits: number;
  /** Features per sample; with amplitude encoding at most 2^n. */
  readonly features: number;
  /** Default 'amplitude'. */
  readonly encoding?: EncodingName;
  /** Layers of the chain ansatz; default 5. Not together with `circuit`. */
  readonly layers?: number;
  /** A circuit of your own, angle encoding included. */
  readonly circuit?: Circuit;
  /** 'z0', 'all-z', or a Pauli sum per output. Default 'all-z' with a head, 'z0' without. */
  readonly observable?: 'z0' | 'all-z' | readonly Observable[];
  /** 'linear' puts logits W f + b on the outputs; 'none' reads the single output. Default 'linear'. */
  readonly head?: 'linear' | 'none';
  /** Classes of the task, 2 to 64; more than two need the linear head (softmax) or one model per class. Default 2. */
  readonly classes?: number;
  /** Default 'bce': cross-entropy, of a softmax with more than two classes. */
  readonly loss?: LossName;
}

/** How it is trained. */
export interface TrainingOptions {
  /** Update rule; default 'adam'. */
  readonly rule?: RuleName;
  /** Steps T; default 500. */
  readonly steps?: number;
  /** Mini-batch size B, 1 to 1024; default 32. */
  readonly batch?: number;
  /** Learning rate eta; default 0.03. */
  readonly rate?: number;
  /** Negative learning rate eta'; default 2 eta, as the paper suggests. */
  readonly negativeRate?: number;
  /** Learning rate of the head; default 0.1. */
  readonly headRate?: number;
  /** Shots M per circuit, or 'exact'; default 'exact'. */
  readonly shots?: number | 'exact';
  /** Default 'adjoint' when exact, 'parameter-shift' with shots. */
  readonly gradient?: GradientName;
  /** Default 'cosine'. */
  readonly schedule?: ScheduleName;
  /** Probability that a measured bit flips, 0 to 0.5; default 0. */
  readonly readoutError?: number;
  /** First decay (momentum, Adam); default 0.9. */
  readonly beta1?: number;
  /** Second decay (RMSProp, Adam); default 0.999. */
  readonly beta2?: number;
  /** Default 1e-8 (1e-6 keeps its meaning in single precision). */
  readonly epsilon?: number;
  /** nlr-guarded: standard errors a rise must exceed to be reversed; default 3. */
  readonly guard?: number;
  /** Seed of every random draw, 0 to 2^53 - 1; default 1. */
  readonly seed?: number;
  /**
   * How a batch goes through the circuit: 'samples', two at a time; 'columns', once for all samples, where
   * no feature drives a gate; 'heisenberg', by the observable pulled back, for such circuits with a small
   * light cone and exact gradients; 'auto', the cheapest. Results differ by rounding only. Default 'auto'.
   */
  readonly engine?: EngineName;
  /** Bytes for states at work; default 'auto', what the engine wants while the arena stays within one page. */
  readonly workspace?: number | 'auto';
  /** Report the gradient norm of the observable too; default true. Exact steps in columns are faster without. */
  readonly observableNorm?: boolean;
  /**
   * Keep the second moments of the training set in the core, so that `trainingLoss` costs one evaluation
   * whatever its size: with the loss 'mse' and the engines 'columns' and 'heisenberg'. Default false.
   */
  readonly moments?: boolean;
  /**
   * Who measures the circuits: the built-in 'simulator', or the 'caller', who gives `fit` an `answer` (see
   * nlr-vqa/qpu). Needs shots. Default 'simulator'.
   */
  readonly answerer?: AnswererName;
}

/** All options of a model, checked. */
export interface ResolvedModel {
  readonly qubits: number;
  readonly features: number;
  readonly encoding: EncodingName;
  /** Of the chain ansatz; undefined for a circuit of the caller's own. */
  readonly layers: number | undefined;
  readonly circuit: Circuit;
  readonly observables: readonly Observable[];
  readonly head: 'linear' | 'none';
  readonly classes: number;
  readonly loss: LossName;
  /** Trainable parameters of the circuit. */
  readonly circuitParameters: number;
  /** Logits of the head: 0, 1, or the number of classes. */
  readonly logits: number;
}

/** All options of training, checked. */
export type ResolvedTraining = Required<TrainingOptions>;

/**
 * The paper's model and training (section V.A): 6 qubits, L = 5, 8 features in the first amplitudes, the
 * bare <Z0> with the squared error, eta = 0.01, eta' = 0.02, B = 32, M = 1000, T = 500. Made to
 * reproduce the paper, not to classify well: its observable hardly sees its data.
 */
export const PAPER: { readonly model: ModelOptions; readonly training: TrainingOptions } = {
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
};

function within(option: string, value: number, least: number, most: number, open = false): number {
  if (Number.isFinite(value) && value >= least && (open ? value < most : value <= most)) return value;
  return refuse(option, value, `a number from ${least} to ${open ? 'below ' : ''}${most}`);
}

function positive(option: string, value: number): number {
  return within(option, value, LEAST_RATE, GREATEST_RATE);
}

function contradiction(message: string, option: string): never {
  throw new OptionError('ERR_OPTION_COMBINATION', message, option);
}

const MODEL_FIELDS = 'qubits features encoding layers circuit observable head classes loss'.split(' ');

/** Fills in the defaults of a model and checks it. @throws OptionError naming the option */
export function resolveModel(options: ModelOptions): ResolvedModel {
  known('the model', options, MODEL_FIELDS);
  const qubits = integer('qubits', options.qubits, 1, MAX_QUBITS);
  const features = integer('features', options.features, 1, MAX_FEATURES);
  const encoding = choice('encoding', options.encoding ?? 'amplitude', ENCODINGS);
  if (encoding === 'amplitude' && features > 2 ** qubits) {
    contradiction(
      `features is ${features}, but ${qubits} qubits have only ${2 ** qubits} amplitudes; reduce the features or use ${Math.ceil(Math.log2(features))} qubits`,
      'features',
    );
  }
  const head = choice('head', options.head ?? 'linear', { linear: 0, none: 0 });
  const classes = integer('classes', options.classes ?? 2, 2, MAX_LOGITS);
  const loss = choice('loss', options.loss ?? 'bce', LOSSES);
  if (classes > 2 && head === 'none')
    contradiction(`${classes} classes need the linear head or one model per class`, 'head');
  if (classes > 2 && loss !== 'bce')
    contradiction(`${classes} classes with one head need the loss bce, not ${loss}`, 'loss');
  if (options.circuit !== undefined && options.layers !== undefined) {
    contradiction('layers belongs to the built-in ansatz and cannot be combined with a circuit', 'layers');
  }
  const layers =
    options.circuit === undefined ? integer('layers', options.layers ?? 5, 1, MAX_OPERATIONS) : undefined;
  if (options.circuit !== undefined) checkCircuit(options.circuit, qubits, features);
  const circuit = options.circuit ?? [
    ...(encoding === 'angle' ? angleEncoding(qubits, features) : []),
    ...chainAnsatz(qubits, Math.min(layers ?? 1, MAX_OPERATIONS / qubits)),
  ];
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
  if (typeof observable === 'string') choice('observable', observable, { z0: 0, 'all-z': 0 });
  else checkObservables(observable, qubits);
  const observables =
    observable === 'z0' ? zOnEach(1) : observable === 'all-z' ? zOnEach(qubits) : observable;
  if (head === 'none' && observables.length !== 1)
    contradiction('without a head there is exactly one observable', 'observable');
  const logits = head === 'none' ? 0 : classes === 2 ? 1 : classes;
  return {
    qubits,
    features,
    encoding,
    layers,
    circuit,
    observables,
    head,
    classes,
    loss,
    circuitParameters,
    logits,
  };
}

/** Fills in the defaults of training and checks them. @throws OptionError naming the option */
export function resolveTraining(options: TrainingOptions = {}): ResolvedTraining {
  const rate = positive('rate', options.rate ?? 0.03);
  const shots = options.shots ?? 'exact';
  const rule = choice('rule', options.rule ?? 'adam', RULES);
  // The guard needs the spread of the shots, which a single one does not have.
  if (shots !== 'exact') integer('shots', shots, rule === 'nlr-guarded' ? 2 : 1, MAX_SHOTS);
  const gradient = choice(
    'gradient',
    options.gradient ?? (shots === 'exact' ? 'adjoint' : 'parameter-shift'),
    GRADIENTS,
  );
  if (gradient === 'adjoint' && shots !== 'exact') {
    contradiction(
      'the adjoint gradient needs exact expectations; with shots use parameter-shift',
      'gradient',
    );
  }
  const workspace = options.workspace ?? 'auto';
  if (workspace !== 'auto') integer('workspace', workspace, 0, MAX_WORKSPACE);
  const resolved = {
    rule,
    steps: integer('steps', options.steps ?? 500, 1, 0x7fffffff),
    batch: integer('batch', options.batch ?? 32, 1, MAX_BATCH),
    rate,
    // Beyond this ratio a reversal could leave single precision.
    negativeRate: within(
      'negativeRate',
      options.negativeRate ?? Math.min(2 * rate, GREATEST_RATE),
      LEAST_RATE,
      GREATEST_RATE * Math.min(rate, 1),
    ),
    headRate: positive('headRate', options.headRate ?? 0.1),
    shots,
    gradient,
    schedule: choice('schedule', options.schedule ?? 'cosine', SCHEDULES),
    readoutError: within('readoutError', options.readoutError ?? 0, 0, 0.5),
    beta1: within('beta1', options.beta1 ?? 0.9, 0, 1, true),
    beta2: within('beta2', options.beta2 ?? 0.999, 0, 1, true),
    epsilon: positive('epsilon', options.epsilon ?? 1e-8),
    guard: within('guard', options.guard ?? 3, 0, 1000),
    seed: integer('seed', options.seed ?? 1, 0, Number.MAX_SAFE_INTEGER),
    engine: choice('engine', options.engine ?? 'auto', ENGINES),
    workspace,
    observableNorm: options.observableNorm ?? true,
    moments: options.moments ?? false,
    answerer: choice('answerer', options.answerer ?? 'simulator', ANSWERERS),
  };
  known('the training', options, Object.keys(resolved));
  return resolved;
}
