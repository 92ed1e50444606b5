/** What the core asks a quantum processor, in words that its programmers use. */
import {
  Ask,
  ASK_COUNT,
  MAX_FEATURES,
  MAX_QUBITS,
  MAX_SHOTS,
  Option,
  Report,
  Status,
  TWO_QUBIT_OPERATIONS,
} from '../../assembly/abi/codes.ts';
import { ENCODINGS, GATES, type OperationName } from '../api/choices.ts';
import { wordOf } from '../api/words.ts';
import { choice, isListOf, looking, record, refuse, type Table, that, whole } from '../core/checks.ts';
import { Core, type EncodingName } from '../index.ts';

/** One gate of the circuit, with its angle worked out. */
export interface QuestionOperation {
  /** Rotations are exp(-i angle/2 P): 'rx' and 'rxx' about X and XX, and so on. All other gates have become these. */
  readonly gate: OperationName;
  /** One qubit or two, from 0; of 'cnot' the control comes first. */
  readonly qubits: readonly [number] | readonly [number, number];
  /** Radians, any size; 0 for 'cnot' and 'cz', which have none. */
  readonly angle: number;
}

/** A Pauli letter to measure a qubit in; 'I': its outcome is not looked at. */
export type Basis = 'I' | 'X' | 'Y' | 'Z';

/** A circuit to run and to measure. Plain data, the caller's to keep; all but the features is frozen. */
export interface Question {
  /** Number of qubits n. */
  readonly qubits: number;
  /**
   * How to start: 'amplitude', in the state of `amplitudes(question)`; 'angle', in |0...0>, where the features
   * are already in the angles.
   */
  readonly encoding: EncodingName;
  /** The sample's features after preprocessing. */
  readonly features: Float64Array;
  /** The circuit in time order, without what the observable cannot see. */
  readonly operations: readonly QuestionOperation[];
  /** What to measure qubit q in, n of them. */
  readonly bases: readonly Basis[];
  /** How often to run and measure it: the counts have to sum to this. */
  readonly shots: number;
  /** The step under way, from 1; while predicting, the one that would be next. */
  readonly step: number;
  /**
   * Which circuit of the step this is: 0 the loss, or a prediction, 1 the tentative loss, then two for each displaced
   * angle; from 12288 on the passes of a gradient that is made of them.
   */
  readonly evaluation: number;
  /** Row of the mini-batch, from 0. */
  readonly sample: number;
}

/** By the bit of the X mask, and twice that of the Z mask. */
const BASES = ['I', 'X', 'Z', 'Y'] as const;

function readOperation({ abi }: Core, index: number): QuestionOperation {
  const packed = abi.ask_operation(index);
  const kind = packed & 0xff;
  const [first, second] = [(packed >> 8) & 0xff, (packed >> 16) & 0xff];
  return Object.freeze({
    gate: wordOf(GATES, kind),
    qubits: Object.freeze(
      (TWO_QUBIT_OPERATIONS >> kind) & 1 ? ([first, second] as const) : ([first] as const),
    ),
    angle: abi.ask_angle(index),
  });
}

/** The question that is open in a core: only after `Status.Asked`. @throws OptionError for what is no core, CoreError */
export function readQuestion(core: Core): Question {
  that('a core', (value) => value instanceof Core)(core, 'core');
  const { abi } = core;
  if (abi.ask_ptr() === 0) core.check(Status.NotReady, 'reading a question');
  const slots = core.integers(abi.ask_ptr(), ASK_COUNT);
  const slot = (name: Ask) => slots[name] as number;
  const qubits = abi.option_value(Option.Qubits);
  const width = abi.option_value(Option.Features);
  const sample = slot(Ask.Sample);
  const rows = core.reals(abi.features_ptr(), (sample + 1) * width);
  const letter = (qubit: number) =>
    BASES[((slot(Ask.XMask) >> qubit) & 1) | (((slot(Ask.ZMask) >> qubit) & 1) << 1)] as Basis;
  return Object.freeze({
    qubits,
    encoding: wordOf(ENCODINGS, abi.option_value(Option.Encoding)),
    features: Float64Array.from(rows.subarray(sample * width)),
    operations: Object.freeze(
      Array.from({ length: slot(Ask.Operations) }, (_, index) => readOperation(core, index)),
    ),
    bases: Object.freeze(Array.from({ length: qubits }, (_, qubit) => letter(qubit))),
    shots: slot(Ask.Shots),
    step: (core.doubles(abi.report_ptr(), Report.Step + 1)[Report.Step] as number) + 1,
    evaluation: slot(Ask.Evaluation),
    sample,
  });
}

const OPERATION: Table<QuestionOperation> = {
  gate: (gate, at) => choice(at, gate, GATES),
  qubits: that('a list of one qubit or two', (value) => isListOf(value, Number.isInteger)),
  angle: that('a finite number', Number.isFinite),
};

const isFeatures = (value: unknown) =>
  value instanceof Float64Array && value.length <= MAX_FEATURES && value.every(Number.isFinite);

/** A list, entry by entry. */
function listOf<T>(read: (entry: T, at: string) => T): (value: unknown, at: string) => readonly T[] {
  return (value, at) =>
    looking(at, value, () =>
      Array.isArray(value)
        ? Array.from(value as T[], (entry, i) => read(entry, `${at}[${i}]`))
        : refuse(at, value, 'a list'),
    );
}

const QUESTION: Table<Question> = {
  qubits: whole(1, MAX_QUBITS),
  encoding: (encoding, at) => choice(at, encoding, ENCODINGS),
  features: that('a Float64Array of finite numbers', isFeatures),
  operations: listOf((operation: QuestionOperation, at) => record(at, operation, OPERATION)),
  bases: listOf((basis: Basis, at) => choice(at, basis, { I: 0, X: 0, Y: 0, Z: 0 })),
  shots: whole(1, MAX_SHOTS),
  step: whole(1),
  evaluation: whole(0),
  sample: whole(0),
};

/** A question of the caller's, every field of its type. @throws OptionError */
export function checkQuestion(given: Question): Question {
  const question = record('question', given, QUESTION);
  const { qubits, bases, features, encoding } = question;
  if (bases.length !== qubits) refuse('bases', bases, `a letter for each of ${qubits} qubits`);
  if (encoding === 'amplitude' && features.length > 2 ** qubits)
    refuse('features', features, `${2 ** qubits} at most, one for each amplitude`);
  return question;
}

/** Euclidean norm, of any number of values, without overflow on the way. */
export function normOf(values: Float64Array): number {
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (largest === 0) return 0;
  return largest * Math.sqrt(values.reduce((sum, value) => sum + (value / largest) ** 2, 0));
}

/**
 * The amplitudes of the state to start in, 2^n of them, real and with the squares' sum 1. Qubit 0 is the most
 * significant bit of the index.
 * @throws OptionError
 */
export function amplitudes(question: Question): Float64Array {
  const { encoding, features, qubits } = checkQuestion(question);
  const state = new Float64Array(2 ** qubits);
  if (encoding === 'angle') state[0] = 1;
  else {
    const norm = normOf(features);
    if (norm === 0) refuse('features', features, 'a direction: not all of them zero');
    features.forEach((value, index) => {
      state[index] = value / norm;
    });
  }
  return state;
}
