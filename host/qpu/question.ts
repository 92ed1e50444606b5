/** What the core asks a quantum processor, in words that its programmers use. */
import { Ask, ASK_COUNT, Option, Report, TWO_QUBIT_OPERATIONS } from '../../assembly/abi/codes.ts';
import { ENCODINGS, GATES, type OperationName } from '../api/choices.ts';
import { wordOf } from '../api/words.ts';
import type { Core, EncodingName } from '../index.ts';

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

/** A circuit to run and to measure. Plain data, the caller's to keep. */
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
  return {
    gate: wordOf(GATES, kind),
    qubits: (TWO_QUBIT_OPERATIONS >> kind) & 1 ? [first, second] : [first],
    angle: abi.ask_angle(index),
  };
}

/** The question that stands in a core: only after `Status.Asked`. */
export function readQuestion(core: Core): Question {
  const { abi } = core;
  const slots = core.integers(abi.ask_ptr(), ASK_COUNT);
  const slot = (name: Ask) => slots[name] as number;
  const qubits = abi.option_value(Option.Qubits);
  const width = abi.option_value(Option.Features);
  const sample = slot(Ask.Sample);
  const rows = core.reals(abi.features_ptr(), (sample + 1) * width);
  const letter = (qubit: number) =>
    BASES[((slot(Ask.XMask) >> qubit) & 1) | (((slot(Ask.ZMask) >> qubit) & 1) << 1)] as Basis;
  return {
    qubits,
    encoding: wordOf(ENCODINGS, abi.option_value(Option.Encoding)),
    features: Float64Array.from(rows.subarray(sample * width)),
    operations: Array.from({ length: slot(Ask.Operations) }, (_, index) => readOperation(core, index)),
    bases: Array.from({ length: qubits }, (_, qubit) => letter(qubit)),
    shots: slot(Ask.Shots),
    step: (core.doubles(abi.report_ptr(), Report.Step + 1)[Report.Step] as number) + 1,
    evaluation: slot(Ask.Evaluation),
    sample,
  };
}

/**
 * The amplitudes of the state to start in, 2^n of them, real and with the squares' sum 1. Qubit 0 is the most
 * significant bit of the index.
 */
export function amplitudes({ encoding, features, qubits }: Question): Float64Array {
  const state = new Float64Array(2 ** qubits);
  if (encoding === 'angle') state[0] = 1;
  else {
    const norm = Math.hypot(...features);
    features.forEach((value, index) => {
      state[index] = value / norm;
    });
  }
  return state;
}
