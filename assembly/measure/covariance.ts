/** How the shot noises of a sample's outputs go together. */
import { Option } from '../abi/codes';
import { integer } from '../memory/options';
import { at, clear, increase } from '../memory/reals';
import { Buffer, Field, buffer, field } from '../memory/registers';
import { shotSum, term, termCoefficient, termOutput, termWeight, termZ } from '../program/observable';
import { signSum } from './counts';

/** Terms up to which one tick takes all of a sample's pairs; beyond, those of one term. */
const FEW_TERMS = 16;

/** Place of an element in a symmetric matrix of which the lower half is kept, row by row. */
export function packedPlace(row: i32, column: i32): i32 {
  return row < column ? ((column * (column + 1)) >> 1) + row : ((row * (row + 1)) >> 1) + column;
}

/** Ticks that `addCovariance` takes. */
export function covarianceTicks(): i32 {
  const terms = field(Field.TermCount);
  return terms > FEW_TERMS ? terms : 1;
}

/**
 * A part of the covariance of the outputs' means over the shots of the sample just measured in `lane`, two shots or
 * more, into `Buffer.Factor` [output][output]: an unbiased estimate,
 *
 *   C = (mean z z^T - f f^T) / (M - 1)
 *
 * with z what one shot says of the outputs. Terms that are measured together share their shots: their outcomes multiply
 * to those of a third string. Of terms measured on their own, each has a variance, (1 - <P>^2) / (M - 1) times the
 * square of its coefficient, and no part in another's.
 * @param part 0 ... `covarianceTicks` - 1
 */
export function addCovariance(lane: i32, part: i32): void {
  const outputs = integer(Option.Outputs);
  const covariance = buffer(Buffer.Factor);
  const terms = field(Field.TermCount);
  const first = terms > FEW_TERMS ? part : 0;
  const end = terms > FEW_TERMS ? part + 1 : terms;
  if (part == 0) clear(covariance, at(covariance, (outputs * (outputs + 1)) >> 1));
  for (let a = first; a < end; a++) addTerm(lane, a);
}

/** The pairs of one term with itself and those before it. */
function addTerm(lane: i32, index: i32): void {
  const first = term(index);
  if (termWeight(first) == 0) return;
  const shots = <i64>field(Field.Shots);
  const count = <real>shots;
  const scale = termCoefficient(first) / (count * count * (count - 1));
  const row = termOutput(first);
  const joint = field(Field.JointShots) != 0;
  for (let b = joint ? 0 : index; b <= index; b++) {
    const second = term(b);
    if (termWeight(second) == 0) continue;
    const together = b == index ? shots : <i64>signSum(lane, termZ(first) ^ termZ(second));
    // A whole number below 2^41.
    const spread = shots * together - <i64>shotSum(first, lane) * <i64>shotSum(second, lane);
    const column = termOutput(second);
    const product = scale * termCoefficient(second) * <real>spread;
    // Two different terms of one output meet twice in its variance.
    const times: real = row == column && b != index ? 2 : 1;
    increase(buffer(Buffer.Factor), packedPlace(row, column), times * product);
  }
}
