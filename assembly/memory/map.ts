/**
 * The memory map: every buffer of the core, with its size formula, in one place.
 *
 *   [fixed block][ arena ............................................................... ]
 *    options      program | training | mini-batch | angles, states; images between steps
 *
 * The fixed block has a compile-time address. The arena is laid out once by `init` and nothing is
 * allocated afterwards. `plan` walks the same map without touching memory.
 */
import {
  ASK_COUNT,
  Answerer,
  Encoding,
  Engine,
  GREATEST_RATE,
  Gradient,
  Loss,
  MAX_QUBITS,
  OPTION_COUNT,
  Option,
  REPORT_COUNT,
  Rule,
  Status,
} from '../abi/codes';
import { inRange, integer, option, setOption } from './options';

/** Bytes of a real, of a pair of lanes, and of one amplitude of both lanes {re re im im}. */
export const REAL: usize = sizeof<real>();
export const PAIR: usize = 2 * REAL;
export const ROW: usize = 4 * REAL;

/** Operation and gate records: see circuit.ts. */
export const OPERATION_BYTES: usize = 8 + 2 * REAL;
export const GATE_BYTES: usize = 2;
/** Pauli term record: see observable.ts. */
export const TERM_BYTES: usize = 32;
/** Cosine and sine of half an operation's angle. */
export const ANGLE_BYTES: usize = 2 * REAL;

/** Header of every image: magic, version | kind | precision, length, checksum, configuration, 0. */
export const IMAGE_HEADER_BYTES: usize = 24;
/** The report, persistent, `REPORT_COUNT` 64-bit floats. */
const REPORT_BYTES: usize = 8 * REPORT_COUNT;

// ---- fixed block -----------------------------------------------------------------------------

const FIELD_COUNT: i32 = 47;
const BUFFER_COUNT: i32 = 29;
const PAIR_BYTES: i32 = 2 * sizeof<real>();

const FIELDS: usize = memory.data(4 * FIELD_COUNT, 16);
const BUFFERS: usize = memory.data(4 * BUFFER_COUNT, 16);
/** The open random stream: see random.ts. */
export const STREAM: usize = memory.data(48, 16);
/** Images of the row bits under a run of CNOTs: see circuit.ts. */
export const IMAGES: usize = memory.data(4 * MAX_QUBITS, 16);
/** The qubit of every row bit, u8 each: see arrangement.ts. */
export const QUBITS: usize = memory.data(MAX_QUBITS, 4);
/** Coefficients of the gate at hand {w w x x y y z z}, or a lane's environment where they are differentiated. */
export const COEFFICIENTS: usize = memory.data(4 * PAIR_BYTES, 16);
/** The environment of the gate at hand, or an angle set aside. */
export const ENVIRONMENT: usize = memory.data(4 * PAIR_BYTES, 16);
/** What each lane adds to the two gradients {loss loss observable observable}: see trainer.ts. */
export const LANE_WEIGHTS: usize = memory.data(2 * PAIR_BYTES, 16);
/** The Bloch vector of |0>: see heisenberg.ts. */
export const UP: usize = memory.data(4 * sizeof<real>(), 16);
/** A term's walk through the circuit: the row bit of every site u8, and where it stands: see pauli-steps.ts. */
export const SITES: usize = memory.data(16, 16);
export const CURSOR: usize = memory.data(48, 4);
/** Sums over the mini-batch: see trainer.ts. */
export const SUMS: usize = memory.data(4 * PAIR_BYTES, 16);
/** The question to the caller: see ask.ts. */
export const ASK: usize = memory.data(4 * ASK_COUNT, 16);

/** Scalars of the running program, one i32 each. */
export enum Field {
  /** A `Stage`. */
  Stage,
  OperationCount,
  TermCount,
  /** Operations inside the light cone; they come first in the table. */
  ActiveOperations,
  GateCount,
  /** Mask of the bits that the observable can see at the start of the circuit. */
  VisibleBits,
  /** 1 when all outputs can be estimated from one set of bitstrings. */
  JointShots,
  /** Circuits to run for one evaluation with shots: 1, or one per Pauli term. */
  Settings,
  ActiveParameters,
  ConfigurationHash,
  /** The `Engine` in use, and the work area that the configured or cheaper one wants and does not have. */
  Engine,
  WorkWanted,
  // The shape of the states at work (engine.ts).
  /** Amplitude bits of a state: 2^RowBits rows, or half as many where both lanes are one sample's (single.ts). */
  RowBits,
  Single,
  /** Low row bits that can be set so far: above them all amplitudes are still zero. */
  LiveBits,
  /** Bytes of one row: a lane pair, or all columns. */
  Stride,
  /** From the angles of the first lane to those of the second: 0 unless features drive some. */
  SecondAngles,
  /** Encoded basis states that the observable can tell apart: the columns. */
  Columns,
  /** Where a laid-out engine's lasting data begins, behind the image area; 0 without. */
  Kept,
  /** Feature bits, and those among the visible ones. */
  FeatureBits,
  ColumnBits,
  /** The Heisenberg engine's lists: bytes, strings that all steps go through, most sites of a vector. */
  StepBytes,
  StepWork,
  StepSites,
  // The step's program counter (trainer.ts).
  Phase,
  Pass,
  Count,
  Pair,
  Gate,
  Suffix,
  Operation,
  /** 0: no angle is displaced; 1, 2: by +pi/2, -pi/2. */
  Shift,
  Term,
  /** A run of turns is differentiated first (0), then pushed (1); how many of it are passed. */
  Sweep,
  Run,
  Shots,
  Purpose,
  /** The sample of the pair whose shots are being taken, and how many of them there are. */
  Lane,
  Taken,
  /** Whether a question to the caller stands: see ask.ts. */
  Asking,
  /** What is left of the work that this call may do, and how work on all columns is cut: see parts.ts. */
  Allowance,
  Slice,
  Part,
  PartBits,
  /** How the effective observable stands, 0 not at all: see effective.ts. */
  Effective,
}

export enum Stage {
  Configuring = 0,
  /** Arena laid out; circuit and observable may be added. */
  Building = 1,
  Compiled = 2,
}

/** The buffers, in the order of the map; those from `State` on overlap or move. */
export enum Buffer {
  Operations,
  Gates,
  Terms,
  /** Image header, report, parameters, first and second moment: what a checkpoint keeps. */
  Persistent,
  Gradient,
  /** Gradient of the batch mean of the observable, circuit parameters only. */
  ObservableGradient,
  Features,
  Labels,
  Indices,
  Outputs,
  /** Of the pair at hand [lane][output]. */
  Expectations,
  /** Weights v of the outputs in the observable that the loss reads [sample][output], and the slopes
   * kappa / B of the loss along it [sample]: see loss.ts. */
  OutputWeights,
  Slopes,
  /** Half angles of the operations; from here on everything is scratch between steps, and the image area. */
  Angles,
  /** The work area. Two states, and a scratch one for permutations and probabilities: see engine.ts. */
  State,
  Partner,
  Scratch,
  // Columns only: see columns.ts.
  /** A second observable pulled back. */
  Second,
  /** The mini-batch laid out. */
  Samples,
  /** One matrix per term, and one at work: the mixture of the batch, or the effective observable. */
  Matrices,
  Mixture,
  /** Heisenberg only: the turn of every gate, nine reals. */
  Turns,
  // What follows stays from `compile` on, behind the image area.
  /** Where each feature goes in a laid-out sample, u32. */
  Places,
  /** Sums over a fixed data set: see moments.ts. */
  Moments,
  /** Heisenberg only: the address of every term's list of steps u32, and the lists. */
  Steps,
  // Inside `Persistent`.
  Parameters,
  /** Momentum, RMSProp's and Adam's first slot; the tentative parameters of NLR. */
  FirstMoment,
  SecondMoment,
  /** Parameters in force: `Parameters`, or the tentative ones. */
  Active,
}

export function field(name: Field): i32 {
  return load<i32>(FIELDS + ((<usize>name) << 2));
}

export function setField(name: Field, value: i32): void {
  store<i32>(FIELDS + ((<usize>name) << 2), value);
}

/** Address of a buffer; 0 before `init`. */
export function buffer(name: Buffer): usize {
  return load<u32>(BUFFERS + ((<usize>name) << 2));
}

export function setBuffer(name: i32, address: usize): void {
  store<u32>(BUFFERS + ((<usize>name) << 2), <u32>address);
}

// ---- arrays of reals -------------------------------------------------------------------------

/** Address of element i. */
export function at(array: usize, i: i32): usize {
  return array + <usize>i * REAL;
}

export function get(array: usize, i: i32): real {
  return load<real>(at(array, i));
}

export function put(array: usize, i: i32, value: real): void {
  store<real>(at(array, i), value);
}

/** sum_i x_i^2, in order. */
export function sumOfSquares(array: usize, count: i32): real {
  let sum: real = 0;
  for (let i = 0; i < count; i++) {
    const x = get(array, i);
    sum += x * x;
  }
  return sum;
}

export function increase(array: usize, i: i32, amount: real): void {
  put(array, i, get(array, i) + amount);
}

/** One lane's or sample's row of a buffer [...][output]. */
export function outputsRow(name: Buffer, index: i32): usize {
  return at(buffer(name), index * integer(Option.Outputs));
}

// ---- options ---------------------------------------------------------------------------------

/**
 * Sets one option. The arena is void afterwards: call `init` again.
 * @returns `Status.BadOption` for an unknown key or a value out of range.
 */
export function configure(key: i32, value: f64): i32 {
  if (<u32>key >= <u32>OPTION_COUNT || !inRange(key, value)) return Status.BadOption;
  setOption(key, value);
  setField(Field.Stage, Stage.Configuring);
  if (COLUMNS) setField(Field.Effective, 0);
  return Status.Ok;
}

/** An option as it was set; 0 for one never set or unknown. */
export function optionValue(key: i32): f64 {
  return <u32>key < <u32>OPTION_COUNT ? option(key) : 0;
}

// ---- sizes -----------------------------------------------------------------------------------

/** Circuit parameters and the head's weights and biases. */
export function parameterCount(): i32 {
  return integer(Option.Parameters) + integer(Option.Logits) * (integer(Option.Outputs) + 1);
}

/** Numbers that the model puts out per sample: logits, or the bare expectation. */
export function outputWidth(): i32 {
  return max(integer(Option.Logits), 1);
}

/** Basis states of a state at work, a row each unless it runs alone. */
export function rowCount(): u32 {
  return (<u32>1) << field(Field.RowBits);
}

/** Bytes of one row of a state at work. */
export function stride(): usize {
  return COLUMNS ? <usize>field(Field.Stride) : ROW;
}

/** Whether the state at work is one sample over both lanes: see single.ts. */
export function isSingle(): bool {
  return GROWS && COLUMNS && field(Field.Single) != 0;
}

/** Bytes of the rows of a state that can be other than zero so far. */
export function liveBytes(): usize {
  return (stride() << field(Field.LiveBits)) >> (<usize>isSingle());
}

/** Bytes of a state at work. */
export function stateBytes(): usize {
  return (stride() << field(Field.RowBits)) >> (<usize>isSingle());
}

/** Fewest qubits of a state that runs alone: no device has room for so many. */
const LEAST_SINGLE: i32 = 10;

/** Whether a batch of one sample runs over both lanes. */
export function runsAlone(): bool {
  return GROWS && COLUMNS && integer(Option.Batch) == 1 && integer(Option.Qubits) >= LEAST_SINGLE;
}

/** Whether the caller measures the circuits: see ask.ts. */
export function isAsked(): bool {
  return COLUMNS && integer(Option.Answerer) != Answerer.Simulator;
}

/** Bytes of the counts of all outcomes of two samples, u32 each: see sampler.ts. */
export function countsBytes(bits: usize): usize {
  return (<usize>8) << bits;
}

/** Bytes of the work area: at least three states of two samples, and angles for each of them. */
export function workBytes(): usize {
  let least: usize = ((3 * ROW) << (<usize>integer(Option.Qubits))) >> (<usize>runsAlone());
  if (integer(Option.Encoding) == Encoding.Zero) least += secondAngleBytes();
  if (isAsked()) least = countsBytes(<usize>integer(Option.Qubits));
  // Where the laid-out engines are asked for by name, nothing is kept for the samples.
  if (COLUMNS && integer(Option.Engine) >= Engine.Columns) least = 0;
  return max<usize>(least, (<usize>integer(Option.Workspace)) & ~3);
}

/** Bytes of the angles of a second lane, where features drive some. */
export function secondAngleBytes(): usize {
  return (<usize>integer(Option.Operations) * ANGLE_BYTES + 15) & ~15;
}

/** Moments kept by the update rule; NLR keeps its tentative parameters in the first. */
function moments(): i32 {
  const rule = integer(Option.Rule);
  return rule == Rule.Adam ? 2 : rule == Rule.Sgd ? 0 : 1;
}

/** Bytes of a checkpoint: header, report, parameters and moments. */
export function checkpointBytes(): usize {
  return IMAGE_HEADER_BYTES + REPORT_BYTES + <usize>parameterCount() * REAL * (1 + moments());
}

/** Upper bound: every operation with its own scale and offset. See checkpoint.ts for the layout. */
function modelBytes(): usize {
  const records = integer(Option.Operations) + integer(Option.Terms) + 1;
  return IMAGE_HEADER_BYTES + <usize>(8 * (OPTION_COUNT + parameterCount()) + 24 * records);
}

/** Bytes of the larger of the two images. */
export function imageBytes(): usize {
  return max<usize>(checkpointBytes(), modelBytes());
}

/** First address behind the fixed block. */
function arenaBase(): usize {
  return (__heap_base + 15) & ~15;
}

/** Bytes of a buffer that stands on its own in the map. */
function bytesOf(name: i32): usize {
  const operations = <usize>integer(Option.Operations);
  const batch = <usize>integer(Option.Batch);
  switch (name) {
    case Buffer.Operations:
      return operations * OPERATION_BYTES;
    case Buffer.Gates:
      return (operations + 1) * GATE_BYTES;
    case Buffer.Terms:
      return <usize>integer(Option.Terms) * TERM_BYTES;
    case Buffer.Angles:
      return operations * ANGLE_BYTES;
    case Buffer.Persistent:
      return checkpointBytes();
    case Buffer.Gradient:
      return <usize>parameterCount() * REAL;
    case Buffer.ObservableGradient:
      return <usize>integer(Option.Parameters) * REAL;
    case Buffer.Features:
      return batch * <usize>integer(Option.Features) * REAL;
    case Buffer.Outputs:
      return batch * <usize>outputWidth() * REAL;
    case Buffer.Expectations:
      return <usize>integer(Option.Outputs) * PAIR;
    case Buffer.OutputWeights:
      return batch * <usize>integer(Option.Outputs) * REAL;
    case Buffer.Slopes:
      return batch * REAL;
    // Labels and indices.
    default:
      return batch * 4;
  }
}

/**
 * Walks the map; with `commit`, records every address. Angles and work area, the last of the arena, double
 * as the image area. No size overflows within the limits of the options.
 * @returns the end of the arena, which is the number of bytes of linear memory in use
 */
function layOut(commit: bool): usize {
  let at = arenaBase();
  // In the end, where the angles begin.
  let image = at;
  for (let name: i32 = 0; name < Buffer.State; name++) {
    image = at;
    if (commit) setBuffer(name, at);
    at = (at + bytesOf(name) + 15) & ~15;
  }
  if (commit) {
    setBuffer(Buffer.State, at);
    const parameters = buffer(Buffer.Persistent) + IMAGE_HEADER_BYTES + REPORT_BYTES;
    const bytes = bytesOf(Buffer.Gradient);
    setBuffer(Buffer.Parameters, parameters);
    setBuffer(Buffer.Active, parameters);
    setBuffer(Buffer.FirstMoment, parameters + bytes);
    setBuffer(Buffer.SecondMoment, parameters + 2 * bytes);
  }
  return max<usize>(at + workBytes(), (image + imageBytes() + 15) & ~15);
}

function consistent(): bool {
  // An option never set is 0, which is out of range wherever 0 makes no sense.
  for (let key = 0; key < OPTION_COUNT; key++) if (!inRange(key, option(key))) return false;
  const qubits = integer(Option.Qubits);
  if (integer(Option.Encoding) != Encoding.Zero) {
    const features = integer(Option.Features);
    if (features == 0 || features > 1 << qubits) return false;
  }
  const logits = integer(Option.Logits);
  if (logits == 0 && integer(Option.Outputs) != 1) return false;
  if (logits > 1 && integer(Option.Loss) != Loss.CrossEntropy) return false;
  if (integer(Option.Moments) != 0 && integer(Option.Loss) != Loss.MeanSquare) return false;
  const shots = integer(Option.Shots);
  // One shot has no spread to guard against; beyond this ratio a reversal could leave single precision.
  if (integer(Option.Rule) == Rule.NlrGuarded && shots == 1) return false;
  if (option(Option.NegativeRate) > GREATEST_RATE * option(Option.Rate)) return false;
  if (integer(Option.Gradient) == Gradient.Adjoint && shots > 0) return false;
  if (isAsked() && (shots == 0 || integer(Option.Engine) > Engine.Samples)) return false;
  const samples = integer(Option.Samples);
  return samples == 0 || integer(Option.Batch) <= samples;
}

/**
 * Bytes of linear memory that this configuration uses, before anything is touched.
 * @returns `Status.BadCombination` when the options contradict one another, or one that cannot be 0 was never set
 */
export function plan(): i32 {
  if (!consistent()) return Status.BadCombination;
  return <i32>layOut(false);
}

/** Bytes of linear memory present. The fixed-size builds never ask, so that a runtime may shrink the page. */
function memoryBytes(): usize {
  return GROWS ? (<usize>memory.size()) << 16 : 65536;
}

/** Makes room for `bytes` of linear memory if this build may grow. */
function reserve(bytes: usize): bool {
  const present = memoryBytes();
  if (bytes <= present) return true;
  if (GROWS) return memory.grow(<i32>((bytes - present + 0xffff) >> 16)) >= 0;
  return false;
}

/** Zeroes [from, to), whole words. */
export function clear(from: usize, to: usize): void {
  for (; from < to; from += 4) store<u32>(from, 0);
}

/** Moves bytes between regions that may overlap. */
export function move(to: usize, from: usize, bytes: usize): void {
  const forward = to < from;
  for (let left = bytes; left > 0; left--) {
    const i = forward ? bytes - left : left - 1;
    store<u8>(to + i, load<u8>(from + i));
  }
}

/**
 * Lays the arena out and clears it. An image of `keep` bytes waiting at the old image address is
 * carried over to the new one.
 */
export function layOutArena(keep: usize): i32 {
  if (!consistent()) return Status.BadCombination;
  const end = layOut(false);
  const held = imageAddress();
  if (!reserve(end)) return Status.OutOfMemory;
  layOut(true);
  const work = buffer(Buffer.Angles);
  if (keep > end - work) return Status.BadLength;
  move(work, held, keep);
  clear(arenaBase(), work);
  clear((work + keep + 3) & ~3, end);
  clear(FIELDS, FIELDS + <usize>(4 * FIELD_COUNT));
  if (COLUMNS) {
    const qubits = integer(Option.Qubits);
    for (let bit = 0; bit < qubits; bit++) store<u8>(QUBITS + bit, <u8>(qubits - 1 - bit));
  }
  setField(Field.Stage, Stage.Building);
  return Status.Ok;
}

/** Ok between steps of a compiled program, else NotReady or Busy. */
export function unready(): i32 {
  if (field(Field.Stage) != Stage.Compiled) return Status.NotReady;
  return field(Field.Phase) != 0 ? Status.Busy : Status.Ok;
}

/** Where images are written and read: angles and states, or the start of the arena before `init`. */
export function imageAddress(): usize {
  if (field(Field.Stage) == Stage.Configuring) return arenaBase();
  return buffer(Buffer.Angles);
}

/** Bytes of the image area: up to what a laid-out engine keeps, or to the end of the arena. */
export function imageCapacity(): i32 {
  if (field(Field.Stage) == Stage.Configuring) return <i32>(memoryBytes() - imageAddress());
  const kept: usize = COLUMNS ? <usize>field(Field.Kept) : 0;
  return <i32>((kept != 0 ? kept : layOut(false)) - imageAddress());
}

/**
 * Lays out and clears the arena for the options as they are.
 * @returns BadCombination, OutOfMemory
 */
export function init(): i32 {
  return layOutArena(0);
}
