/**
 * Images: a checkpoint (training state, to go on with the same bits) and a model (everything needed to
 * predict or train elsewhere). Both pass through the image area and start with the same header:
 *
 *   u32 magic "NLRV", u16 version, u8 kind, u8 bytes of a real, u32 length, u32 checksum,
 *   u32 configuration hash, u32 count
 *
 * The checksum is CRC-32 (IEEE 802.3, reflected) over the whole image with its own field zero, so any
 * changed byte shows. A checkpoint holds reals of its build; a model holds f64 and loads in every build:
 *
 *   checkpoint: report f64 x count, parameters, the rule's vectors, what it remembers of samples, the average and its steps
 *   model: options f64 x count, u32 operations, u32 terms, operations, terms, parameters f64
 *   operation: u8 kind (| 128: scale 1, offset 0 left out), u8 a, u8 b, u8 source, u16 index, u16 zero,
 *              f64 scale, f64 offset;   a and b are qubits, in compiled order
 *   term: u32 output, u32 x mask, u32 z mask, u32 zero, f64 coefficient;   masks over qubits
 *
 * Options and slots of the report are appended to, never renumbered, and a later one is 0 where it is not in an image:
 * options that are 0 are left out from the end, so that neither a model nor the configuration hash changes with them.
 */
import {
  Answerer,
  Engine,
  Gradient,
  OPTION_COUNT,
  Option,
  REPORT_COUNT,
  Rule,
  Schedule,
  Status,
} from '../abi/codes';
import { KNOWN_OPTIONS } from '../abi/ranges';
import {
  isMadeOfPasses,
  isMeasure,
  isNoisy,
  isNumber,
  isRotation,
  isShare,
  isSquaring,
  ruleVectors,
} from '../abi/traits';
import { calibrate } from '../measure/calibration';
import { calibrates, isAveraged, parameterCount } from '../memory/configuration';
import { configure } from '../memory/configure';
import { imageAddress, imageCapacity, layOutArena, unready } from '../memory/map';
import { integer, option, optionsWritten, setOption } from '../memory/options';
import { REAL, areFinite, clear, get, move, put } from '../memory/reals';
import { Buffer, Field, Stage, buffer, field, setField } from '../memory/registers';
import {
  IMAGE_HEADER_BYTES,
  averageBytes,
  checkpointBytes,
  curvatureBytes,
  residualBytes,
} from '../memory/sizes';
import { SHOTS_VERSION } from '../number/random';
import {
  CALLER_MEASURES,
  COLUMN_ENGINES,
  EFFECTIVE_FORM,
  GRADIENT_PASSES,
  HEISENBERG_ENGINE,
  MEMORY_GROWS,
  NOISE,
  PAPER_FAMILY,
  RIVAL_METHODS,
  SAMPLE_POOLS,
  TRAINS,
} from '../profile';
import { isChannel } from '../program/channels';
import {
  observableAdd,
  qubitMask,
  qubitOf,
  term,
  termCoefficient,
  termOutput,
  termX,
  termZ,
} from '../program/observable';
import {
  circuitAdd,
  operation,
  operationA,
  operationB,
  operationIndex,
  operationKind,
  operationOffset,
  operationScale,
  operationSource,
} from '../program/operations';
import { answering } from '../train/average';
import { compileProgram } from './compile';

const MAGIC: u32 = 0x56524c4e;
const IMAGE_VERSION: u32 = 4;

// Header fields.
const VERSION: usize = 4;
const KIND: usize = 6;
const LENGTH: usize = 8;
const CHECKSUM: usize = 12;
const CONFIGURATION: usize = 16;
const COUNT: usize = 20;

// Kinds of image, with the bytes of a real in the upper byte.
const MODEL: u32 = 0x0801;
const CHECKPOINT: u32 = 2 | ((<u32>REAL) << 8);

/** Counts of the report are exact up to here. */
const MOST_COUNTED: f64 = 9007199254740992;

/** Marks an operation written without its scale of 1 and offset of 0. */
const PLAIN: u32 = 128;

/** CRC-32 of a range, going on from `crc` (0 at the start). */
function checksum(crc: u32, from: usize, to: usize): u32 {
  crc = ~crc;
  for (; from < to; from++) {
    crc ^= load<u8>(from);
    for (let bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (0xedb88320 & (0 - (crc & 1)));
  }
  return ~crc;
}

/** Fills the header of an image of `length` bytes in the image area, with `count` slots or options. */
function seal(kind: u32, length: u32, count: u32): void {
  const image = imageAddress();
  store<u32>(image, MAGIC);
  store<u32>(image, IMAGE_VERSION | (kind << 16), VERSION);
  store<u32>(image, length, LENGTH);
  store<u32>(image, 0, CHECKSUM);
  store<u32>(image, field(Field.ConfigurationHash), CONFIGURATION);
  store<u32>(image, count, COUNT);
  store<u32>(image, checksum(0, image, image + length), CHECKSUM);
}

/** Everything the header can say against an image of `length` bytes in the image area. */
function verify(kind: u32, length: i32): i32 {
  const image = imageAddress();
  // Whole words, as every image is.
  if (length < <i32>IMAGE_HEADER_BYTES || (length & 3) != 0 || length > imageCapacity())
    return Status.BadLength;
  if (load<u32>(image) != MAGIC) return Status.BadMagic;
  if (load<u16>(image, VERSION) != IMAGE_VERSION) return Status.OtherVersion;
  if (load<u32>(image, LENGTH) != length) return Status.BadLength;
  const stored = load<u32>(image, CHECKSUM);
  store<u32>(image, 0, CHECKSUM);
  const found = checksum(0, image, image + length);
  store<u32>(image, stored, CHECKSUM);
  if (stored != found) return Status.BadChecksum;
  return load<u16>(image, KIND) == kind ? Status.Ok : Status.BadMagic;
}

/** Whether a slot of the report can hold a number: report.table.ts. */
function isHolding(slot: i32, value: f64): bool {
  if (isMeasure(slot)) return true;
  if (isNumber(slot)) return isFinite<f64>(value);
  return (
    value >= 0 && value <= (isShare(slot) ? 1 : MOST_COUNTED) && (isShare(slot) || value == floor<f64>(value))
  );
}

/**
 * Whether a checkpoint holds what training leaves.
 * @param slots of its report
 * @param end of the last vector
 */
function isSound(image: usize, slots: i32, end: usize): bool {
  const report = image + IMAGE_HEADER_BYTES;
  for (let slot = 0; slot < slots; slot++) {
    if (!isHolding(slot, load<f64>(report + ((<usize>slot) << 3)))) return false;
  }
  if (!areFinite(report + ((<usize>slots) << 3), end)) return false;
  if (isAveraged()) {
    const steps = load<real>(end - REAL);
    if (!(steps >= 0 && steps <= <real>MOST_COUNTED && steps == floor<real>(steps))) return false;
  }
  const rule = integer(Option.Rule);
  let squares = isSquaring(rule) ? parameterCount() : 0;
  end -= curvatureBytes() + residualBytes() + averageBytes();
  // The second of three vectors.
  if (PAPER_FAMILY && ruleVectors(rule) == 3) end -= <usize>parameterCount() * REAL;
  while (squares-- > 0) {
    end -= REAL;
    if (load<real>(end) < 0) return false;
  }
  return true;
}

/**
 * Writes a checkpoint into the image area.
 * @returns its length, or NotReady before `compile`, Busy during a step
 */
export function checkpointWrite(): i32 {
  const status = unready();
  if (status != Status.Ok) return status;
  const length = checkpointBytes();
  if (EFFECTIVE_FORM) setField(Field.Effective, 0);
  move(imageAddress(), buffer(Buffer.Persistent), length);
  seal(CHECKPOINT, <u32>length, REPORT_COUNT);
  return <i32>length;
}

/**
 * Restores the checkpoint of `length` bytes in the image area. Training then goes on with the bits it
 * would have had. Nothing changes when it is refused.
 * @returns NotReady, Busy, BadMagic, OtherVersion, BadLength, BadChecksum, OtherConfiguration, BadContent
 */
export function checkpointRead(length: i32): i32 {
  let status = unready();
  if (status == Status.Ok) status = verify(CHECKPOINT, length);
  if (status != Status.Ok) return status;
  const image = imageAddress();
  if (load<u32>(image, CONFIGURATION) != field(Field.ConfigurationHash)) return Status.OtherConfiguration;
  const slots = load<u32>(image, COUNT);
  if (slots > <u32>REPORT_COUNT) return Status.OtherVersion;
  const missing = <usize>(8 * (REPORT_COUNT - slots));
  if (<usize>length + missing != checkpointBytes()) return Status.BadLength;
  if (!isSound(image, slots, image + length)) return Status.BadContent;
  const to = buffer(Buffer.Persistent);
  const report = IMAGE_HEADER_BYTES + 8 * <usize>slots;
  move(to, image, report);
  clear(to + report, to + report + missing);
  move(to + report + missing, image + report, <usize>length - report);
  return Status.Ok;
}

/** Whether an option is of a noisy circuit: what has trained on one predicts without its noise, by any engine. */
function isOfNoise(key: i32): bool {
  if (key == Option.Engine) return isNoisy(integer(key));
  return key >= Option.Extrapolation && key <= Option.CalibrationShots;
}

/**
 * Writes options, operations and terms behind the header; returns where they end.
 * @param noisy with the channels, which are the processor's that a training ran on, and no part of a model
 */
function writeProgram(noisy: bool): usize {
  if (EFFECTIVE_FORM) setField(Field.Effective, 0);
  let at = imageAddress() + IMAGE_HEADER_BYTES;
  const options = optionsWritten();
  for (let key = 0; key < options; key++) {
    store<f64>(at, NOISE && !noisy && isOfNoise(key) ? 0 : option(key));
    at += 8;
  }
  const operations = field(Field.OperationCount);
  const terms = field(Field.TermCount);
  store<u32>(at, NOISE && !noisy ? operations - field(Field.ChannelCount) : operations);
  store<u32>(at, terms, 4);
  at += 8;
  for (let i = 0; i < operations; i++) {
    const record = operation(i);
    const kind = operationKind(record);
    if (NOISE && !noisy && isChannel(kind)) continue;
    const scale = operationScale(record);
    const offset = operationOffset(record);
    const plain = (!isRotation(kind) && !isChannel(kind)) || (scale == 1 && offset == 0);
    store<u8>(at, <u8>(plain ? kind | PLAIN : kind));
    store<u8>(at, <u8>qubitOf(operationA(record)), 1);
    store<u8>(at, <u8>qubitOf(operationB(record)), 2);
    store<u8>(at, <u8>operationSource(record), 3);
    store<u32>(at, operationIndex(record), 4);
    at += 8;
    if (!plain) {
      store<f64>(at, scale);
      store<f64>(at, offset, 8);
      at += 16;
    }
  }
  for (let t = 0; t < terms; t++) {
    const record = term(t);
    store<u32>(at, termOutput(record));
    store<u32>(at, qubitMask(termX(record)), 4);
    store<u32>(at, qubitMask(termZ(record)), 8);
    store<u32>(at, 0, 12);
    store<f64>(at, termCoefficient(record), 16);
    at += 24;
  }
  return at;
}

/**
 * Compiles the program and takes its hash, by which a checkpoint knows its own.
 * @returns NotReady before `init`, when already compiled, or without any operation or term; BadCombination when
 *   the configured engine cannot run this program or is not in this build, OutOfMemory when the work area is too small
 */
export function compile(): i32 {
  const status = compileProgram();
  if (status == Status.Ok) hashProgram();
  return status;
}

/** Takes the engine in too, and with shots how they are drawn: the bits of a run belong to them. */
function hashProgram(): void {
  if (!TRAINS) return;
  const end = writeProgram(true);
  const drawing = integer(Option.Shots) > 0 ? SHOTS_VERSION << 8 : 0;
  const from = imageAddress() + IMAGE_HEADER_BYTES;
  setField(Field.ConfigurationHash, checksum((<u32>field(Field.Engine)) | drawing, from, end));
}

/**
 * Sets the seed of all later draws and leaves everything else as it is, unlike `configure`. Checkpoints
 * from before are those of another configuration.
 * @returns NotReady before `compile`, Busy during a step
 */
export function reseed(low: u32, high: u32): i32 {
  const status = unready();
  if (status != Status.Ok) return status;
  setOption(Option.SeedLow, low);
  setOption(Option.SeedHigh, high);
  hashProgram();
  return calibrates() && !calibrate() ? Status.BadReadout : Status.Ok;
}

/**
 * Writes the model as it is now into the image area, without noise channels.
 * @returns its length, or NotReady before `compile`, Busy during a step
 */
export function modelWrite(): i32 {
  const status = unready();
  if (status != Status.Ok) return status;
  let at = writeProgram(false);
  for (let i = 0; i < parameterCount(); i++) {
    store<f64>(at, get(buffer(answering()), i));
    at += 8;
  }
  const length = <u32>(at - imageAddress());
  seal(MODEL, length, optionsWritten());
  return <i32>length;
}

/** An option as this build can serve it: what another engine, gradient or processor has trained predicts all the same. */
function served(key: i32, value: f64): f64 {
  // What only rules read that this build does not have says nothing to it.
  if (key >= KNOWN_OPTIONS) return 0;
  if (!CALLER_MEASURES && key == Option.Answerer) return Answerer.Simulator;
  if (!PAPER_FAMILY && key == Option.Rule && value > (SAMPLE_POOLS ? Rule.Frugal : Rule.Adam))
    return Rule.Adam;
  if (!RIVAL_METHODS && key == Option.Schedule && value == Schedule.Spall) return Schedule.Constant;
  if (!GRADIENT_PASSES && key == Option.Gradient && value >= 0 && value < 32 && isMadeOfPasses(<i32>value)) {
    return Gradient.ParameterShift;
  }
  if (key != Option.Engine) return value;
  if (!HEISENBERG_ENGINE && value == Engine.Heisenberg) return COLUMN_ENGINES ? Engine.Auto : Engine.Samples;
  return !COLUMN_ENGINES && value == Engine.Columns ? Engine.Samples : value;
}

/** Takes `count` options of an image over. One that this build does not know has to be 0. */
function readOptions(from: usize, count: i32): i32 {
  for (let key = 0; key < max(count, OPTION_COUNT); key++) {
    let value = key < count ? load<f64>(from + ((<usize>key) << 3)) : 0;
    if (key >= OPTION_COUNT && value == 0) continue;
    if (configure(key, served(key, value)) != Status.Ok) return Status.BadOption;
  }
  return Status.Ok;
}

/** Takes operations, terms and parameters over from [at, end). */
function readProgram(at: usize, end: usize): i32 {
  const operations = load<u32>(at);
  const terms = load<u32>(at, 4);
  at += 8;
  let status: i32 = Status.Ok;
  for (let i: u32 = 0; i < operations; i++) {
    // As long as the longest operation, and a term comes behind the last.
    if (at + 24 > end) return Status.BadLength;
    const kind = load<u8>(at);
    let scale = 1.0;
    let offset = 0.0;
    const record = at;
    at += 8;
    if ((kind & PLAIN) == 0) {
      scale = load<f64>(at);
      offset = load<f64>(at, 8);
      at += 16;
    }
    status = circuitAdd(
      kind & (PLAIN - 1),
      load<u8>(record, 1),
      load<u8>(record, 2),
      load<u8>(record, 3),
      load<i32>(record, 4),
      scale,
      offset,
    );
    if (status != Status.Ok) return status;
  }
  for (let t: u32 = 0; t < terms; t++) {
    if (at + 24 > end) return Status.BadLength;
    status = observableAdd(load<i32>(at), load<i32>(at, 4), load<i32>(at, 8), load<f64>(at, 16));
    if (status != Status.Ok) return status;
    at += 24;
  }
  if (end - at != (<usize>parameterCount()) << 3) return Status.BadLength;
  for (let i = 0; i < parameterCount(); i++) {
    const value = <real>load<f64>(at);
    if (!isFinite<real>(value)) return Status.BadNumber;
    put(buffer(Buffer.Parameters), i, value);
    at += 8;
  }
  return Status.Ok;
}

/**
 * Takes over the model of `length` bytes in the image area: options, circuit, observable and
 * parameters. Needs no other call before it (a `configure` makes room for an image larger than the
 * current program needs), and leaves the core compiled; training may go on from the
 * parameters with fresh progress. A refused image leaves the core unconfigured, unless its header,
 * length or checksum was at fault: then nothing has changed.
 * @returns Busy, BadMagic, OtherVersion, BadLength, BadChecksum; BadOption, BadCombination, OutOfMemory,
 *   TooMany, BadIndex or BadNumber for an image that `modelWrite` never wrote, or that is too large or
 *   too fine for this build
 */
export function modelRead(length: i32): i32 {
  if (unready() == Status.Busy) return Status.Busy;
  let status = verify(MODEL, length);
  if (status != Status.Ok) return status;
  const held = imageAddress();
  const options = load<u32>(held, COUNT);
  if (options > (<u32>length) >> 3) return Status.BadLength;
  const body = IMAGE_HEADER_BYTES + 8 * <usize>options;
  // The counts of operations and terms come first.
  if (<usize>length < body + 8) return Status.BadLength;
  setField(Field.Stage, Stage.Configuring);
  move(imageAddress(), held, length);
  status = readOptions(imageAddress() + IMAGE_HEADER_BYTES, options);
  const workspace = integer(Option.Workspace);
  if (MEMORY_GROWS) setOption(Option.Workspace, 0);
  if (status == Status.Ok) status = layOutArena(length);
  if (status == Status.Ok) status = readProgram(imageAddress() + body, imageAddress() + length);
  if (MEMORY_GROWS && status == Status.Ok && workspace > 0) status = widen(workspace, length, body);
  if (status == Status.Ok) status = compile();
  if (status != Status.Ok) setField(Field.Stage, Stage.Configuring);
  return status;
}

/**
 * Gives a program just read the work area that its image asks for, as far as it has a use for it: an image of a few
 * bytes may ask for all there is. What it wants, compiling says.
 */
function widen(workspace: i32, length: i32, body: usize): i32 {
  let status = compileProgram();
  const wanted = field(Field.WorkWanted);
  if (status == Status.Ok || (status == Status.OutOfMemory && wanted > 0)) {
    setOption(Option.Workspace, min(workspace, wanted));
    // The image lies where it will lie again: only what is behind it grows.
    setField(Field.Stage, Stage.Building);
    status = layOutArena(length);
    if (status == Status.Ok) status = readProgram(imageAddress() + body, imageAddress() + length);
  }
  return status;
}
