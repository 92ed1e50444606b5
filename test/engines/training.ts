/** Trainings in the script language: options, a circuit, an observable, steps. */
import { Encoding, Engine, Gradient, Rule, Schedule } from '../../assembly/abi/codes.ts';
import {
  advance,
  configure,
  features,
  labels,
  must,
  type Options,
  readDoubles,
  readReals,
  call,
  type Case,
  RECORDED_SLOTS,
  writeReal,
} from './script.ts';

/** Amplitude-encoded samples through two layers of the paper's ansatz on three qubits, by the samples engine. */
const SMALL = {
  Qubits: 3,
  Features: 8,
  Encoding: Encoding.Amplitude,
  Operations: 22,
  Parameters: 18,
  Terms: 1,
  Outputs: 1,
  Batch: 3,
  Gradient: Gradient.Adjoint,
  Rule: Rule.Nlr,
  Schedule: Schedule.Constant,
  Steps: 8,
  Engine: Engine.Samples,
  ObservableNorm: 1,
  SeedLow: 0xfedcba98,
  SeedHigh: 7,
  Rate: 0.05,
  NegativeRate: 0.1,
  HeadRate: 0.2,
  Beta1: 0.9,
  Beta2: 0.999,
  Epsilon: 1e-8,
  Guard: 3,
} as const satisfies Options;

/** What a training is made of. */
export interface Training {
  /** Beside or instead of those of `SMALL`. */
  readonly options?: Options;
  /** Commands that add the circuit and the observable. */
  readonly program?: readonly string[];
  /** Steps. Default 3. */
  readonly steps?: number;
  /** Work of one slice. Default 7. */
  readonly work?: number;
}

/** <Z0> of two layers of the paper's ansatz. */
export const PAPER_PROGRAM = [must('circuit_ansatz', 2), must('observable_add', 0, 0, 1, 1)];

/** The paper's model: six qubits, five layers, eight features, thirty-two samples. */
export const PAPER: Training = {
  options: {
    Qubits: 6,
    Operations: 115,
    Parameters: 90,
    Batch: 32,
    Steps: 500,
    Rate: 0.01,
    NegativeRate: 0.02,
  },
  program: [must('circuit_ansatz', 5), must('observable_add', 0, 0, 1, 1)],
  steps: 2,
  work: 1000,
};

/** The options of a training. */
export function optionsOf({ options = {} }: Training): Options & typeof SMALL {
  return { ...SMALL, ...options } as Options & typeof SMALL;
}

/** Up to a compiled program. */
export function compiled(training: Training): string[] {
  return [
    ...configure(optionsOf(training)),
    must('init'),
    ...(training.program ?? PAPER_PROGRAM),
    must('compile'),
  ];
}

/** Up to the first step. */
export function started(training: Training): string[] {
  return [...compiled(training), must('parameters_initialise')];
}

/** A mini-batch in its buffers. */
export function batch(training: Training, step = 0): string[] {
  const { Batch, Features, Logits = 0, Targets = 0, Weights = 0 } = optionsOf(training);
  const rows = [...Array(Batch).keys()];
  return [
    features(Batch * Features, step),
    labels(Batch, Math.max(Logits, 2)),
    ...(Targets ? rows.map((i) => writeReal('targets_ptr', i, ((5 * i + 3 * step) % 7) / 4 - 0.6)) : []),
    ...(Weights ? rows.map((i) => writeReal('weights_ptr', i, ((3 * i + step) % 5) / 2)) : []),
  ];
}

/** The steps from one to another, each in slices, with its report. */
export function steps(training: Training, from = 0, to = training.steps ?? 3): string[] {
  const { Batch } = optionsOf(training);
  return Array.from({ length: to - from }, (_, i) => [
    must('step_begin', Batch),
    ...batch(training, from + i),
    advance(training.work ?? 7),
    readDoubles('report_ptr', 0, RECORDED_SLOTS),
  ]).flat();
}

/** How a training ends: parameters, gradient, and the trace in the last line. */
export function results(training: Training): string[] {
  const count = optionsOf(training).Parameters;
  return [readReals('parameters_ptr', 0, count), readReals('gradient_ptr', 0, count), 'trace'];
}

/** A whole training. */
export function trained(training: Training): string[] {
  return [...started(training), ...steps(training), ...results(training)];
}

/** Steps before a checkpoint. */
const HALF = 2;

/** The case of a name with a checkpoint in the midst, then nothing but a new instance and the checkpoint. */
export function resumed(name: string, training: Training): Case {
  return {
    name: `${name}, resumed from a checkpoint`,
    endsAs: name,
    lines: [
      ...started(training),
      ...steps(training, 0, HALF),
      call('checkpoint_write'),
      'keep',
      // A step is under way when the power goes.
      must('step_begin', optionsOf(training).Batch),
      'reset',
      ...compiled(training),
      'put',
      call('checkpoint_read', '$'),
      ...steps(training, HALF),
      ...results(training),
    ],
  };
}
