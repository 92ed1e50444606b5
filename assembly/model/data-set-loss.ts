/**
 * The squared error over a whole, fixed data set, without going through it: lines 1 and 13 of Algorithm 1.
 * An expectation is linear in the products of a sample's amplitudes, f = mu . r with r_jk = sum_blocks x_j x_k
 * (twice off the diagonal), so
 *
 *   sum w (f + b - y)^2 / n = (mu^T G mu + 2 b h.mu - 2 g.mu + b^2 sum w - 2 b sum w y + sum w y^2) / n
 *
 * needs only G = sum w r r^T, h = sum w r, g = sum w y r and three sums. The weights w are 1 without `Option.Weights`.
 * Layout: n, sum w y, sum w, sum w y^2, h, g, r, upper triangle of G.
 */
import { Encoding, Option, Status } from '../abi/codes';
import { samplePair } from '../engines/columns/layout';
import { DATA_SET_TOTALS, matrixWidth, samplePairBytes, symmetricElements } from '../engines/shape';
import { encodeAmplitudes } from '../kernels/state';
import { batchLabel, batchTarget, batchWeight, isWeight, rowFeatures } from '../memory/batch';
import { unready } from '../memory/map';
import { integer } from '../memory/options';
import { PAIR, REAL, at, clear, get, increase, put } from '../memory/reals';
import { Buffer, Field, buffer, field } from '../memory/registers';
import { isBatchLaidOut } from '../memory/shape';
import { bias, effectiveBuild } from './effective';

function elements(part: i32): usize {
  return at(buffer(Buffer.DataSet), DATA_SET_TOTALS + part * symmetricElements());
}

function unfit(): i32 {
  const status = unready();
  if (status != Status.Ok) return status;
  return isBatchLaidOut() && integer(Option.Moments) != 0 ? Status.Ok : Status.BadCombination;
}

/**
 * Forgets the data set.
 * @returns NotReady, Busy, BadCombination without `Option.Moments` or a laid-out engine
 */
export function momentsClear(): i32 {
  const status = unfit();
  if (status != Status.Ok) return status;
  const count = symmetricElements();
  clear(buffer(Buffer.DataSet), at(elements(3), (count * (count + 1)) >> 1));
  return Status.Ok;
}

/** The products of one sample's amplitudes, into r. @returns false when it cannot be encoded */
function addProducts(features: usize): bool {
  const laid = samplePair(0);
  // The weights behind it hold the bias of the effective observable.
  clear(laid, laid + samplePairBytes() - PAIR);
  if (integer(Option.Encoding) == Encoding.Zero) put(laid, 0, 1);
  else if (!encodeAmplitudes(laid, REAL, features, buffer(Buffer.Places))) return false;
  const columns = field(Field.Columns);
  const block = 1 << field(Field.ColumnBits);
  const end = 1 << field(Field.FeatureBits);
  let r = elements(2);
  for (let j = 0; j < columns; j++) {
    for (let k = j; k < columns; k++) {
      let sum: real = 0;
      for (let x = 0; x < end; x += block) sum += get(laid, x + j) * get(laid, x + k);
      store<real>(r, k == j ? sum : sum + sum);
      r += REAL;
    }
  }
  return true;
}

/**
 * Adds the first `count` labelled samples of the features buffer to the data set.
 * @returns as `momentsClear`, BadIndex, BadSample, BadLabel or BadWeight; those before the bad one are added
 */
export function momentsAdd(count: i32): i32 {
  const status = unfit();
  if (status != Status.Ok) return status;
  if (count < 1 || count > integer(Option.Batch)) return Status.BadIndex;
  const totals = buffer(Buffer.DataSet);
  const products = symmetricElements();
  for (let sample = 0; sample < count; sample++) {
    const label = batchLabel(sample);
    if (<u32>label > 1) return Status.BadLabel;
    const weight = batchWeight(sample);
    if (!isWeight(weight)) return Status.BadWeight;
    if (!addProducts(rowFeatures(sample))) return Status.BadSample;
    const y = batchTarget(sample, label);
    const wy = weight * y;
    const r = elements(2);
    let row = elements(3);
    increase(totals, 0, 1);
    increase(totals, 1, wy);
    increase(totals, 2, weight);
    increase(totals, 3, wy * y);
    for (let e = 0; e < products; e++) {
      const product = weight * get(r, e);
      increase(elements(0), e, product);
      increase(elements(1), e, y * product);
      for (let f = e; f < products; f++) {
        store<real>(row, load<real>(row) + product * get(r, f));
        row += REAL;
      }
    }
  }
  return Status.Ok;
}

/**
 * The mean squared error, weighted where samples have weights, over the data set, for the parameters as they are. It costs one set of circuits and
 * a quadratic form, whatever the size of the data set. Leaves the effective observable ready.
 * @returns not-a-number when the data set is empty, or where `momentsClear` refuses
 */
export function momentsLoss(): f64 {
  if (unfit() != Status.Ok || effectiveBuild() != Status.Ok) return NaN;
  const n = get(buffer(Buffer.DataSet), 0);
  if (!(n > 0)) return NaN;
  const products = symmetricElements();
  const columns = field(Field.Columns);
  const mu = elements(2);
  let e = 0;
  for (let j = 0; j < columns; j++) {
    for (let k = j; k < columns; k++) put(mu, e++, get(buffer(Buffer.Mixture), j * matrixWidth() + k));
  }
  const b = bias();
  let row = elements(3);
  let sum: real = 0;
  for (let e = 0; e < products; e++) {
    const own = get(mu, e);
    let across: real = 0;
    const diagonal = load<real>(row);
    for (let f = e + 1; f < products; f++) {
      row += REAL;
      across += load<real>(row) * get(mu, f);
    }
    row += REAL;
    sum += own * (diagonal * own + (across + across) + 2 * (b * get(elements(0), e) - get(elements(1), e)));
  }
  const totals = buffer(Buffer.DataSet);
  const meanLabel = get(totals, 1) / n;
  return <f64>(sum / n + (b * b * (get(totals, 2) / n) - 2 * b * meanLabel) + get(totals, 3) / n);
}
