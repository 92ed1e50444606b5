/**
 * Prediction by the effective observable: where samples are amplitudes, a trained model with a single
 * output number is one quadratic form of the features, z = x^T M x / |x|^2 + b, with
 * M = sum_k w_k sum_t c_t M_t over the outputs k (w = 1 without a head) and their terms t.
 */
import { Encoding, Option, Status } from '../abi/codes';
import { samplePair, termMatrix } from '../engines/columns/layout';
import { matrixBytes, matrixWidth, samplePairBytes } from '../engines/shape';
import { LANE, add, mul, splat, zero } from '../kernels/state';
import { parameterCount } from '../memory/configuration';
import { integer } from '../memory/options';
import { PAIR, REAL, clear, get, put } from '../memory/reals';
import { Buffer, FORM_SUMS, Field, buffer, field, setField } from '../memory/registers';
import { term, termOutput, termScale } from '../program/observable';
import { measureTerms } from '../train/machine';

/** More features than this are laid out over the columns. */
const MAX_DENSE: usize = 64;

/** What the effective observable is kept as. Any other number is where it lies over the features, in place of the states. */
enum Form {
  None,
  /** Over the columns, in `Buffer.Mixture`. */
  Columns,
}

/** Pairs of features whose sums are made side by side. Of more, compilers keep some in memory, which takes longer. */
const BLOCK: usize = 2;
/** Before the form over the features: {rows, bytes of a row}, a u32 each, and {bias, nothing}. */
const DENSE_HEAD: usize = 2 * PAIR;

/**
 * Whether the effective observable can be kept over the features themselves: for whole lane pairs of them, and
 * where it has room in place of the states, which have done their work.
 */
function isDense(): bool {
  const features = <usize>integer(Option.Features);
  if (integer(Option.Encoding) != Encoding.Amplitude || features > MAX_DENSE || (features & 1) != 0)
    return false;
  const pairs = features >> 1;
  return DENSE_HEAD + PAIR * pairs * (pairs + 1) <= buffer(Buffer.Samples) - denseStart();
}

/** Where the states begin, and the form over the features is kept: they change places as permutations run. */
function denseStart(): usize {
  return min(
    min(buffer(Buffer.State), buffer(Buffer.Partner)),
    min(buffer(Buffer.Scratch), buffer(Buffer.Second)),
  );
}

/** The bias b of the single logit; 0 without a head. */
export function bias(): real {
  return integer(Option.Logits) == 1 ? get(buffer(Buffer.Parameters), parameterCount() - 1) : 0;
}

/**
 * Settles the effective observable for the parameters as they are. It holds until the next step,
 * prediction or image.
 * @returns NotReady, Busy, BadCombination for more than one logit, for several outputs without a head, or without a
 *   laid-out engine
 */
export function effectiveBuild(): i32 {
  const logits = integer(Option.Logits);
  if (logits > 1 || (logits == 0 && integer(Option.Outputs) > 1)) return Status.BadCombination;
  const status = measureTerms();
  if (status != Status.Ok) return status;
  const effective = buffer(Buffer.Mixture);
  const count = matrixWidth() * matrixWidth();
  clear(effective, effective + matrixBytes());
  for (let t = 0; t < field(Field.TermCount); t++) {
    const record = term(t);
    let factor = termScale(record);
    if (integer(Option.Logits) == 1)
      factor *= get(buffer(Buffer.Parameters), integer(Option.Parameters) + termOutput(record));
    for (let i = 0; i < count; i++) put(effective, i, get(effective, i) + factor * get(termMatrix(t), i));
  }
  clear(samplePair(0), samplePair(0) + samplePairBytes());
  // In the place of a pair's weights.
  put(samplePair(1) - PAIR, 0, bias());
  setField(Field.Effective, isDense() ? <i32>spreadOut() : Form.Columns);
  return Status.Ok;
}

/**
 * The same form over the features themselves, so that a prediction need not lay them out: for pairs J of features and
 * each feature k up to J's second, {M_kj M_kj'}, twice where k is below, zero above the diagonal and between blocks of
 * the matrix. It comes in the order of its use: of two pairs together k by k, then of one that is left.
 * @returns where it begins
 */
function spreadOut(): usize {
  const start = denseStart();
  const features = <usize>integer(Option.Features);
  store<u32>(start, integer(Option.Batch));
  store<u32>(start, <u32>(features * REAL), 4);
  put(start + PAIR, 0, bias());
  const pairs = features >> 1;
  let to = start + DENSE_HEAD;
  let from: usize = 0;
  while (from < pairs) {
    const width = pairs - from >= BLOCK ? BLOCK : 1;
    for (let k: usize = 0; k < 2 * (from + width); k++) {
      for (let pair = max(from, k >> 1); pair < from + width; pair++) {
        put(to, 0, denseEntry(k, 2 * pair));
        put(to, 1, denseEntry(k, 2 * pair + 1));
        to += PAIR;
      }
    }
    from += width;
  }
  return start;
}

/** What features k and j <= k add to the form together, but for their values. */
function denseEntry(k: usize, j: usize): real {
  const places = buffer(Buffer.Places);
  const columnBits = field(Field.ColumnBits);
  const mask = (1 << columnBits) - 1;
  const a = load<i32>(places + (k << 2));
  const b = load<i32>(places + (j << 2));
  if (a >> columnBits != b >> columnBits || k > j) return 0;
  // Only the upper triangle of the matrix over the columns is there.
  const row = min(a & mask, b & mask);
  const value = get(buffer(Buffer.Mixture), row * matrixWidth() + max(a & mask, b & mask));
  return k < j ? value + value : value;
}

/** The real behind an address in all lanes: `splat` with the place in the instruction. */
function splatNext(at: usize): lanes {
  return isVector<lanes>() ? v128.load64_splat(at, REAL) : splat(at + REAL);
}

/** x^T M x / |x|^2 + b for a row of features, by the form that `spreadOut` left. */
function denseForm(start: usize, row: usize): real {
  const end = row + <usize>load<u32>(start, 4);
  let sum = zero();
  let square = zero();
  for (let lane: usize = 0; lane < PAIR; lane += LANE) {
    let form = start + DENSE_HEAD + lane;
    sum = zero();
    square = zero();
    let pair = row;
    for (; pair + (BLOCK - 1) * PAIR < end; pair += BLOCK * PAIR) {
      let even0 = zero();
      let even1 = zero();
      let odd0 = zero();
      let odd1 = zero();
      for (let k = row; k <= pair; k += PAIR) {
        const x = splat(k);
        const y = splatNext(k);
        even0 = add(even0, mul(x, load<lanes>(form)));
        even1 = add(even1, mul(x, load<lanes>(form, PAIR)));
        odd0 = add(odd0, mul(y, load<lanes>(form, 2 * PAIR)));
        odd1 = add(odd1, mul(y, load<lanes>(form, 3 * PAIR)));
        form += 4 * PAIR;
      }
      // The second pair of the block has itself behind it, too.
      even1 = add(even1, mul(splat(pair + PAIR), load<lanes>(form)));
      odd1 = add(odd1, mul(splatNext(pair + PAIR), load<lanes>(form, PAIR)));
      form += 2 * PAIR;
      const own0 = load<lanes>(pair + lane);
      const own1 = load<lanes>(pair + lane, PAIR);
      sum = add(add(sum, mul(own0, add(even0, odd0))), mul(own1, add(even1, odd1)));
      square = add(add(square, mul(own0, own0)), mul(own1, own1));
    }
    for (; pair < end; pair += PAIR) {
      let even = zero();
      let odd = zero();
      for (let k = row; k <= pair; k += PAIR) {
        even = add(even, mul(splat(k), load<lanes>(form)));
        odd = add(odd, mul(splatNext(k), load<lanes>(form, PAIR)));
        form += 2 * PAIR;
      }
      const own = load<lanes>(pair + lane);
      sum = add(sum, mul(own, add(even, odd)));
      square = add(square, mul(own, own));
    }
    if (!isVector<lanes>()) {
      store<lanes>(FORM_SUMS + lane, sum);
      store<lanes>(FORM_SUMS + lane, square, PAIR);
    }
  }
  const offset = load<real>(start, PAIR);
  if (isVector<lanes>()) {
    const form = f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
    return form / (f64x2.extract_lane(square, 0) + f64x2.extract_lane(square, 1)) + offset;
  }
  return (get(FORM_SUMS, 0) + get(FORM_SUMS, 1)) / (get(FORM_SUMS, 2) + get(FORM_SUMS, 3)) + offset;
}

/**
 * The model's output for one row of the features buffer, exact, in a few dozen multiplications.
 * @param sample row of the features buffer, 0 ... B - 1
 * @returns the logit, or the expectation without a head; not-a-number without an effective observable, for a
 *   row outside, or for features that have no direction
 */
export function predictEffective(sample: i32): f64 {
  const form = field(Field.Effective);
  if (form > Form.Columns) {
    if (<u32>sample >= load<u32>(form)) return NaN;
    return <f64>denseForm(form, buffer(Buffer.Features) + <usize>sample * load<u32>(form, 4));
  }
  if (form == Form.None || <u32>sample >= <u32>integer(Option.Batch)) return NaN;
  const laid = samplePair(0);
  let square: real = 1;
  if (integer(Option.Encoding) == Encoding.Amplitude) {
    const features = <usize>integer(Option.Features);
    const places = buffer(Buffer.Places);
    const row = buffer(Buffer.Features) + <usize>sample * features * REAL;
    square = 0;
    for (let k: usize = 0; k < features; k++) {
      const x = load<real>(row + k * REAL);
      square += x * x;
      store<real>(laid + <usize>load<u32>(places + (k << 2)) * REAL, x);
    }
  } else {
    store<real>(laid, 1);
  }
  return <f64>(effectiveForm(laid) / square + get(samplePair(1) - PAIR, 0));
}

/** x^T M x over all blocks of a sample that lies real by real. */
function effectiveForm(laid: usize): real {
  const columns = <usize>field(Field.Columns);
  const row = <usize>matrixWidth() * REAL;
  const block = REAL << field(Field.ColumnBits);
  const end = laid + (REAL << field(Field.FeatureBits));
  let sum: real = 0;
  for (let x = laid; x < end; x += block) {
    let diagonal = buffer(Buffer.Mixture);
    for (let j: usize = 0; j < columns; j++) {
      let across: real = 0;
      for (let k: usize = 1; k < columns - j; k++)
        across += load<real>(diagonal + k * REAL) * load<real>(x + (j + k) * REAL);
      const own = load<real>(x + j * REAL);
      sum += own * (load<real>(diagonal) * own + (across + across));
      diagonal += row + REAL;
    }
  }
  return sum;
}
