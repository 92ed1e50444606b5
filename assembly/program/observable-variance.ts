/**
 * The variance of the observable, for Eq. 10 of the paper. Of an output O = sum_t c_t P_t with different strings
 *
 *   over all states, tr O^2 / 2^n - (tr O / 2^n)^2 = sum c_t^2 over the strings other than the identity
 *   in the state at theta, <O^2> - <O>^2 = c^2 (1 - <P>^2) of a single string
 *
 * Several outputs count by their mean. A string that comes twice is one, with the sum of its coefficients.
 */
import { Option } from '../abi/codes';
import { integer } from '../memory/options';
import { get } from '../memory/reals';
import { Field, field } from '../memory/registers';
import { term, termCoefficient, termOutput, termWeight, termX, termZ } from './observable';

/** The variance over all states, from `compile` on. */
const VARIANCE: usize = memory.data(sizeof<real>(), 8);

export function traceVariance(): real {
  return load<real>(VARIANCE);
}

/** Whether two terms have the same string in the same output. */
function isSame(a: usize, b: usize): bool {
  return termOutput(a) == termOutput(b) && termX(a) == termX(b) && termZ(a) == termZ(b);
}

/** Whether a term's string comes before it already. */
function isRepeated(index: i32): bool {
  for (let t = 0; t < index; t++) if (isSame(term(t), term(index))) return true;
  return false;
}

/** Takes the variance over all states. */
export function takeTraceVariance(): void {
  const count = field(Field.TermCount);
  let variance: real = 0;
  for (let t = 0; t < count; t++) {
    const record = term(t);
    if (termWeight(record) == 0 || isRepeated(t)) continue;
    let coefficient: real = 0;
    for (let other = t; other < count; other++)
      if (isSame(record, term(other))) coefficient += termCoefficient(term(other));
    variance += coefficient * coefficient;
  }
  store<real>(VARIANCE, variance / <real>integer(Option.Outputs));
}

/** Whether every output has one string at most, the identity apart: that of sums needs more than is measured. */
export function hasSingleStrings(): bool {
  const count = field(Field.TermCount);
  for (let t = 0; t < count; t++) {
    const record = term(t);
    if (termWeight(record) == 0) continue;
    for (let other = 0; other < t; other++) {
      if (termWeight(term(other)) > 0 && termOutput(term(other)) == termOutput(record)) return false;
    }
  }
  return true;
}

/**
 * Mean over the outputs of the variance of one measurement in the state of a sample, as it is measured, readout flips
 * included; of M shots the unbiased estimate.
 * @param expectations of the sample's outputs
 * @param shots M, 0: exact
 */
export function stateVariance(expectations: usize, shots: i32): real {
  const count = field(Field.TermCount);
  let variance: real = 0;
  for (let t = 0; t < count; t++) {
    const record = term(t);
    if (termWeight(record) == 0) continue;
    const c = termCoefficient(record);
    // What the identity adds to the output is no part of its spread.
    const f = get(expectations, termOutput(record)) - offsetOf(termOutput(record));
    variance += max<real>((c - f) * (c + f), 0);
  }
  if (shots > 1) variance *= <real>shots / <real>(shots - 1);
  return variance / <real>integer(Option.Outputs);
}

/** What the identity adds to an output. */
function offsetOf(output: i32): real {
  const count = field(Field.TermCount);
  let offset: real = 0;
  for (let t = 0; t < count; t++) {
    const record = term(t);
    if (termWeight(record) == 0 && termOutput(record) == output) offset += termCoefficient(record);
  }
  return offset;
}
