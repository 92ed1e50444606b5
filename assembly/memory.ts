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
  GREATEST_RATE, LEAST_RATE, MAX_BATCH, MAX_FEATURES, MAX_LOGITS, MAX_OPERATIONS, MAX_OUTPUTS, MAX_PARAMETERS,
  MAX_QUBITS, MAX_SHOTS, MAX_TERMS, Encoding, Gradient, Loss, Option, OPTION_COUNT, REPORT_COUNT, Rule, Schedule, Status,
} from "./status";

/** Bytes of a real, of a pair of lanes, and of one amplitude of both lanes {re re im im}. */
export const REAL: usize = sizeof<real>();
export const PAIR: usize = 2 * REAL;
export const ROW: usize = 4 * REAL;

/** Operation and gate records: see circuit.ts. */
export const OPERATION_BYTES: usize = 8 + 2 * REAL;
export const GATE_BYTES: usize = 8;
/** Pauli term record: see observable.ts. */
export const TERM_BYTES: usize = 24;
/** Cosine and sine of half an operation's angle, both lanes {c c s s}. */
export const ANGLE_BYTES: usize = 4 * REAL;

/** Header of every image: magic, version | kind | precision, length, checksum, configuration, 0. */
export const IMAGE_HEADER_BYTES: usize = 24;
/** The report, persistent, `REPORT_COUNT` 64-bit floats. */
const REPORT_BYTES: usize = 8 * REPORT_COUNT;

// ---- fixed block -----------------------------------------------------------------------------

const OPTIONS_BYTES: i32 = 8 * OPTION_COUNT;
const FIELD_COUNT: i32 = 20;
const BUFFER_COUNT: i32 = 20;
const PAIR_BYTES: i32 = 2 * sizeof<real>();

export const OPTIONS: usize = memory.data(OPTIONS_BYTES, 16);
const FIELDS: usize = memory.data(4 * FIELD_COUNT, 16);
const BUFFERS: usize = memory.data(4 * BUFFER_COUNT, 16);
/** The open random stream: see random.ts. */
export const STREAM: usize = memory.data(48, 16);
/** Images of the basis bits under a run of CNOTs: see circuit.ts. */
export const COLUMNS: usize = memory.data(4 * MAX_QUBITS, 16);
/** Coefficients of the gate at hand {w w x x y y z z}. */
export const COEFFICIENTS: usize = memory.data(4 * PAIR_BYTES, 16);
/** The environment of the gate at hand, or an angle set aside. */
export const ENVIRONMENT: usize = memory.data(4 * PAIR_BYTES, 16);
/** What each lane of the pair at hand adds to the gradients: see loss.ts. */
export const LANE_WEIGHTS: usize = memory.data(2 * PAIR_BYTES, 16);
/** Sums over the mini-batch: see trainer.ts. */
export const SUMS: usize = memory.data(4 * PAIR_BYTES, 16);

/** Scalars of the running program, one i32 each. */
export enum Field {
  /** A `Stage`. */
  Stage,
  OperationCount,
  TermCount,
  /** Operations inside the light cone; they come first in the table. */
  ActiveOperations,
  GateCount,
  /** Amplitude bits that the observable can see at the start of the circuit. */
  VisibleBits,
  /** 1 when all outputs can be estimated from one set of bitstrings. */
  JointShots,
  /** Circuits to run for one evaluation with shots: 1, or one per Pauli term. */
  Settings,
  ActiveParameters,
  ConfigurationHash,
  // The step's program counter (trainer.ts).
  Phase,
  Pass,
  Count,
  Pair,
  Gate,
  Suffix,
  Operation,
  Sign,
  Shots,
  Purpose,
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
  /** Weights v of the outputs in the observable that the loss reads, of the pair at hand [lane][output]. */
  OutputWeights,
  /** Half angles of the operations; from here on everything is scratch between steps, and the image area. */
  Angles,
  /** Three states: two at work, and a scratch one for permutations and probabilities. */
  State,
  Partner,
  Scratch,
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
  for (let i = 0; i < count; i++) sum += get(array, i) * get(array, i);
  return sum;
}

export function increase(array: usize, i: i32, amount: real): void {
  put(array, i, get(array, i) + amount);
}

/** One lane's row of a buffer [lane][output]. */
export function laneRow(name: Buffer, lane: i32): usize {
  return at(buffer(name), lane * integer(Option.Outputs));
}

// ---- options ---------------------------------------------------------------------------------

export function option(key: i32): f64 {
  return load<f64>(OPTIONS + ((<usize>key) << 3));
}

export function integer(key: i32): i32 {
  return <i32>option(key);
}

export function number(key: i32): real {
  return <real>option(key);
}

/** Least (0 or 1) and largest value of every integer option, in order. */
const INTEGER_RANGES: usize = memory.data<u32>([
  1, MAX_QUBITS, 0, MAX_FEATURES, 0, Encoding.Amplitude, 1, MAX_OPERATIONS, 1, MAX_PARAMETERS, 1, MAX_TERMS,
  1, MAX_OUTPUTS, 0, MAX_LOGITS, 1, MAX_BATCH, 0, Loss.Hinge, 0, Gradient.ParameterShift, 0, MAX_SHOTS, 0, Rule.Adam,
  0, Schedule.Cosine, 1, 0x7fffffff, 0, 0x7fffffff, 0, 0xffffffff, 0, 0xffffffff,
]);

function inRange(key: i32, value: f64): bool {
  if (key <= Option.SeedHigh) {
    const range = INTEGER_RANGES + ((<usize>key) << 3);
    return value >= load<u32>(range) && value <= load<u32>(range, 4) && value == floor<f64>(value);
  }
  // Rates and epsilon are positive in single precision too; decays lie in [0, 1); a bit flips at most half the time.
  if (key <= Option.HeadRate || key == Option.Epsilon) return value >= LEAST_RATE && value <= GREATEST_RATE;
  if (key <= Option.Beta2) return value >= 0.0 && <real>value < 1;
  if (key == Option.Guard) return value >= 0.0 && value <= GREATEST_RATE;
  return value >= 0.0 && value <= 0.5;
}

/**
 * Sets one option. The arena is void afterwards: call `init` again.
 * @returns `Status.BadOption` for an unknown key or a value out of range.
 */
export function configure(key: i32, value: f64): i32 {
  if (<u32>key >= <u32>OPTION_COUNT || !inRange(key, value)) return Status.BadOption;
  store<f64>(OPTIONS + ((<usize>key) << 3), value);
  setField(Field.Stage, Stage.Configuring);
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

/** Bytes of one state: 2^n amplitudes of two lanes. */
export function stateBytes(): usize {
  return ROW << integer(Option.Qubits);
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

/** First address behind the fixed block. */
function arenaBase(): usize {
  return (__heap_base + 15) & ~15;
}

/** Bytes of a buffer that stands on its own in the map. */
function bytesOf(name: i32): usize {
  const operations = <usize>integer(Option.Operations);
  const batch = <usize>integer(Option.Batch);
  switch (name) {
    case Buffer.Operations: return operations * OPERATION_BYTES;
    case Buffer.Gates: return operations * GATE_BYTES;
    case Buffer.Terms: return <usize>integer(Option.Terms) * TERM_BYTES;
    case Buffer.Angles: return operations * ANGLE_BYTES;
    case Buffer.Persistent: return checkpointBytes();
    case Buffer.Gradient: return <usize>parameterCount() * REAL;
    case Buffer.ObservableGradient: return <usize>integer(Option.Parameters) * REAL;
    case Buffer.Features: return batch * <usize>integer(Option.Features) * REAL;
    case Buffer.Outputs: return batch * <usize>outputWidth() * REAL;
    case Buffer.Expectations:
    case Buffer.OutputWeights: return <usize>integer(Option.Outputs) * PAIR;
    // Labels and indices.
    default: return batch * 4;
  }
}

/**
 * Walks the map; with `commit`, records every address. Angles and states, the last of the arena, double
 * as the image area. No size overflows within the limits of the options.
 * @returns the end of the arena, which is the number of bytes of linear memory in use
 */
function layOut(commit: bool): usize {
  let at = arenaBase();
  for (let name: i32 = 0; name < Buffer.State; name++) {
    if (commit) setBuffer(name, at);
    at = (at + bytesOf(name) + 15) & ~15;
  }
  const image = at - ((bytesOf(Buffer.Angles) + 15) & ~15);
  const state = stateBytes();
  if (commit) {
    setBuffer(Buffer.State, at);
    setBuffer(Buffer.Partner, at + state);
    setBuffer(Buffer.Scratch, at + 2 * state);
    const parameters = buffer(Buffer.Persistent) + IMAGE_HEADER_BYTES + REPORT_BYTES;
    const bytes = bytesOf(Buffer.Gradient);
    setBuffer(Buffer.Parameters, parameters);
    setBuffer(Buffer.Active, parameters);
    setBuffer(Buffer.FirstMoment, parameters + bytes);
    setBuffer(Buffer.SecondMoment, parameters + 2 * bytes);
  }
  return max<usize>(at + 3 * state, (image + max<usize>(checkpointBytes(), modelBytes()) + 15) & ~15);
}

function consistent(): bool {
  // An option never set is 0, which is out of range wherever 0 makes no sense.
  for (let key = 0; key < OPTION_COUNT; key++) if (!inRange(key, option(key))) return false;
  const qubits = integer(Option.Qubits);
  if (integer(Option.Encoding) == Encoding.Amplitude) {
    const features = integer(Option.Features);
    if (features == 0 || features > 1 << qubits) return false;
  }
  const logits = integer(Option.Logits);
  if (logits == 0 && integer(Option.Outputs) != 1) return false;
  if (logits > 1 && integer(Option.Loss) != Loss.CrossEntropy) return false;
  const shots = integer(Option.Shots);
  // One shot has no spread to guard against; beyond this ratio a reversal could leave single precision.
  if (integer(Option.Rule) == Rule.NlrGuarded && shots == 1) return false;
  if (option(Option.NegativeRate) > GREATEST_RATE * option(Option.Rate)) return false;
  if (integer(Option.Gradient) == Gradient.Adjoint && shots > 0) return false;
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
  return GROWS ? <usize>memory.size() << 16 : 65536;
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
  if (to < from) for (let i: usize = 0; i < bytes; i++) store<u8>(to + i, load<u8>(from + i));
  else for (let i = bytes; i > 0; i--) store<u8>(to + i - 1, load<u8>(from + i - 1));
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

/** Bytes of the image area. */
export function imageCapacity(): i32 {
  if (field(Field.Stage) == Stage.Configuring) return <i32>(memoryBytes() - imageAddress());
  return <i32>(layOut(false) - imageAddress());
}

/**
 * Lays out and clears the arena for the options as they are.
 * @returns BadCombination, OutOfMemory
 */
export function init(): i32 {
  return layOutArena(0);
}
