/**
 * A Newton step of the classical head, worked out beside the parameters, in `Buffer.Displaced`. With g and H the pool's
 * gradient and curvature (loss/head-sums.ts), m and A their running means by the first decay, without their bias, and r
 * the share of the training that is done, for each logit
 *
 *   (w, b) <- (w, b) - s (A + d I)^-1 m,    s = S max(1 - r, S_LEAST),    |step| <= 1 over all logits
 *
 * by Cholesky. Where A + d I is not positive definite, which the covariance that H is rid of can bring about, d is
 * doubled; a logit for which that does not help DOUBLINGS times keeps its weights. A logit is one tick, or where it has
 * many outputs each row of its matrix is.
 */
import { Option, Report } from '../abi/codes';
import { curvatureOf } from '../loss/head-sums';
import { headPlace } from '../loss/loss';
import { headByNewton, headWidth, parameterCount } from '../memory/configuration';
import { integer, number } from '../memory/options';
import { at, get, move, put } from '../memory/reals';
import { Buffer, Field, buffer, field, setField } from '../memory/registers';
import { reported } from '../memory/report';
import { noted } from './moves';
import { runShare } from './schedule';

/** S and S_LEAST. */
const SHARE: real = <real>0.5;
const LEAST_SHARE: real = <real>0.02;

/** d */
const DAMPING: real = <real>0.005;
const DOUBLINGS = 20;

/** The longest step. */
const LONGEST: real = 1;

/** Up to so many rows are one tick. */
const FEW_ROWS = 16;

/** Ticks of one logit: its rows, and the way back through them. */
function logitTicks(): i32 {
  const width = headWidth();
  return width > FEW_ROWS ? width + 1 : 1;
}

/** Logits that take the step: none where the head goes with the circuit's parameters. */
function steppingLogits(): i32 {
  return headByNewton() ? integer(Option.Logits) : 0;
}

/** Ticks of the whole step, at most. */
export function headStepTicks(): i32 {
  return steppingLogits() * logitTicks() + 1;
}

/** The weight of what is new in a running mean, and of what is old, less their bias. */
function newShare(): real {
  return (1 - number(Option.Beta1)) / unbias();
}

function oldShare(): real {
  return number(Option.Beta1) / unbias();
}

/** 1 - beta1^t */
function unbias(): real {
  return 1 - <real>reported(Report.Beta1Power) * number(Option.Beta1);
}

/** A place of L, in rows that lie one behind the other. */
function rowOf(row: i32): usize {
  return at(buffer(Buffer.Factor), (row * (row + 1)) >> 1);
}

/**
 * One row of L, L L^T = A + d I, and the entry of L^-1 m, which takes the place of the logit's weight.
 * @returns whether the matrix is positive definite as far as this row
 */
function factorRow(logit: i32, row: i32): bool {
  const fresh = newShare();
  const old = oldShare();
  const own = rowOf(row);
  const place = (row * (row + 1)) >> 1;
  const means = at(curvatureOf(Buffer.MeanCurvature, logit), place);
  const sums = at(curvatureOf(Buffer.Curvature, logit), place);
  const step = buffer(Buffer.Displaced);
  const parameter = headPlace(logit, row);
  let right =
    old * get(buffer(Buffer.FirstMoment), parameter) + fresh * get(buffer(Buffer.Gradient), parameter);
  for (let j = 0; j <= row; j++) {
    const other = rowOf(j);
    let value = old * get(means, j) + fresh * get(sums, j);
    for (let k = 0; k < j; k++) value -= get(own, k) * get(other, k);
    if (j < row) {
      value /= get(other, j);
      right -= value * get(step, headPlace(logit, j));
    } else {
      value += DAMPING * <real>(1 << field(Field.Doublings));
      if (!(value > 0)) return false;
      value = sqrt<real>(value);
      right /= value;
    }
    put(own, j, value);
  }
  put(step, parameter, right);
  return true;
}

/** (L^T)^-1 of what the rows have left. */
function solveBack(logit: i32): void {
  const width = headWidth();
  const step = buffer(Buffer.Displaced);
  for (let i = width - 1; i >= 0; i--) {
    let value = get(step, headPlace(logit, i));
    for (let k = i + 1; k < width; k++) value -= get(rowOf(k), i) * get(step, headPlace(logit, k));
    put(step, headPlace(logit, i), value / get(rowOf(i), i));
  }
}

/**
 * Rows [from, end) of a logit, or the way back behind them. Where the matrix is not positive definite, its damping is
 * doubled, and its rows are made again from the first one on.
 * @returns whether the logit is done
 */
function solveRows(logit: i32, from: i32, end: i32): bool {
  const width = headWidth();
  let row = from;
  while (row < min(end, width)) {
    if (factorRow(logit, row)) {
      row++;
      continue;
    }
    row = 0;
    const doublings = field(Field.Doublings) + 1;
    setField(Field.Doublings, doublings);
    if (doublings <= DOUBLINGS) continue;
    for (let j = 0; j < width; j++) put(buffer(Buffer.Displaced), headPlace(logit, j), 0);
    return true;
  }
  if (end <= width) return false;
  solveBack(logit);
  return true;
}

/** The parameters as they are, with the head's less its step. */
function takeStep(): void {
  const circuit = integer(Option.Parameters);
  const count = parameterCount();
  const parameters = buffer(Buffer.Parameters);
  const moved = buffer(Buffer.Displaced);
  if (!headByNewton()) {
    move(moved, parameters, at(0, count));
    return;
  }
  let square: real = 0;
  for (let i = circuit; i < count; i++) square += get(moved, i) * get(moved, i);
  const length = sqrt<real>(square);
  const share: real = SHARE * max<real>(1 - runShare(), LEAST_SHARE);
  const factor = share * length > LONGEST ? LONGEST / length : share;
  for (let i = circuit; i < count; i++) put(moved, i, noted(get(parameters, i) - factor * get(moved, i)));
  move(moved, parameters, at(0, circuit));
}

/** Goes on with the step. @param tick how many ticks have been before @returns how many there are with this one */
export function advanceHead(tick: i32): i32 {
  const each = logitTicks();
  const logit = tick / each;
  if (logit == steppingLogits()) {
    takeStep();
    return tick + 1;
  }
  const row = tick - logit * each;
  if (!solveRows(logit, row, each == 1 ? headWidth() + 1 : row + 1)) return tick + 1;
  setField(Field.Doublings, 0);
  return (logit + 1) * each;
}
