/**
 * What the columns engine does to all columns at once: the matrix of a term, the mixture of the batch pulled back,
 * and a gate backwards on all states. Each is a series of kernels, one after the other, cut into slices where the
 * allowance is short; `Field.Kernel` is the current one: 0 before the first, and again behind the last. Where a
 * module may be large and speed is all, they run in one go if they can. Each says whether it is through.
 */
import { beginSlice, bitsOf, endSlice, gateBits, isAffordable } from '../../kernels/slices';
import { pullsTwice } from '../../memory/configuration';
import { clear } from '../../memory/reals';
import { Buffer, Field, buffer, field, setField } from '../../memory/registers';
import { stateBytes } from '../../memory/shape';
import { WHOLE_KERNELS } from '../../profile';
import { applyReady, readyGate } from '../../program/gates';
import { startsItsQubits } from '../../program/operations';
import { worked } from '../contract';
import { differentiateGate, readyEnvironment, weighLanes } from '../environment';
import { gram, gramKernels, gramPair, readyTerm } from './forms';
import {
  mixBatch,
  mixColumns,
  mixKernels,
  mixPart,
  mixtureWork,
  pullBackTerm,
  termOf,
  termsOf,
  weighPart,
} from './mixture';

/** Moves on to the next of `count` kernels if the current one is through. @returns whether it was the last */
function finishKernel(through: bool, count: i32): bool {
  if (!through) return false;
  const next = field(Field.Kernel) + 1;
  setField(Field.Kernel, next == count ? 0 : next);
  return next == count;
}

// ---- the matrix of a term ----------------------------------------------------------------------

/** A pair of columns against a pair of columns is cut into 2^b slices, of 16 rows. */
function gramBits(): i32 {
  return max(0, field(Field.RowBits) - 4);
}

/** Work of one term's matrix. */
export function matrixOfTermWork(): i32 {
  return 1 + (1 << gateBits()) + (gramKernels() << gramBits());
}

/** Goes on with one term's matrix. */
export function measureTerm(index: i32): bool {
  const whole = matrixOfTermWork();
  const kernel = field(Field.Kernel);
  const scratch = buffer(Buffer.Scratch);
  if (WHOLE_KERNELS && kernel == 0 && isAffordable(whole)) {
    clear(scratch, scratch + stateBytes());
    readyTerm(index);
    gram(index);
    worked(whole);
    return true;
  }
  let work = 1;
  let through = true;
  if (kernel == 0) {
    clear(scratch, scratch + stateBytes());
  } else {
    work = beginSlice(kernel == 1 ? gateBits() : gramBits());
    if (kernel == 1) readyTerm(index);
    else gramPair(index, kernel - 2);
    through = endSlice();
  }
  worked(work);
  return finishKernel(through, 2 + gramKernels());
}

// ---- the observable pulled back ----------------------------------------------------------------

/** A mixture of all columns takes as long as half as many gates: 2^b slices. */
function mixtureBits(): i32 {
  return gateBits() + bitsOf(field(Field.Columns));
}

/** Work of pulling one output's observable back, for so many samples. */
export function pullBackWork(output: i32, count: i32): i32 {
  return 1 + mixtureWork(count) + (1 << mixtureBits()) + (termsOf(output) << gateBits());
}

/** Goes on pulling one output's observable back, onto `lambda`, with the loss's slopes or without. */
export function pullBackOutput(lambda: usize, output: i32, slopes: usize): bool {
  const count = field(Field.Count);
  const terms = termsOf(output);
  const kernel = field(Field.Kernel);
  const whole = pullBackWork(output, count);
  const scratch = buffer(Buffer.Scratch);
  if (WHOLE_KERNELS && kernel == 0 && isAffordable(whole)) {
    if (output == 0) clear(lambda, lambda + stateBytes());
    mixBatch(output, count, slopes);
    mixColumns(scratch);
    for (let t = 0; t < terms; t++) pullBackTerm(lambda, termOf(output, t));
    worked(whole);
    return true;
  }
  const mixed = 2 + mixKernels();
  let work = 1;
  let through = true;
  if (kernel == 0) {
    if (output == 0) clear(lambda, lambda + stateBytes());
  } else if (kernel == 1) {
    through = weighPart(output, count, slopes);
  } else if (kernel < mixed) {
    through = mixPart(kernel - 2, count);
  } else {
    work = beginSlice(kernel == mixed ? mixtureBits() : gateBits());
    if (kernel == mixed) mixColumns(scratch);
    else pullBackTerm(lambda, termOf(output, kernel - mixed - 1));
    through = endSlice();
  }
  worked(work);
  return finishKernel(through, mixed + 1 + terms);
}

// ---- a gate backwards --------------------------------------------------------------------------

/** States that a gate is undone on, of which all but the first have environments with it. */
function states(): i32 {
  return pullsTwice() ? 3 : 2;
}

/** Work of one gate backwards. */
export function backwardWork(): i32 {
  return (2 * states() - 1) << gateBits();
}

/** Goes on with one gate backwards: its environments, and the gate undone on every state. */
export function gateBackward(index: i32): bool {
  const environments = states() - 1;
  const kernels = environments + states();
  const whole: bool = WHOLE_KERNELS && field(Field.Kernel) == 0 && isAffordable(backwardWork());
  let kernel = field(Field.Kernel);
  do {
    const work = whole ? 1 : beginSlice(gateBits());
    let differentiable = false;
    if (kernel < environments) {
      differentiable = readyEnvironment(index, buffer(kernel == 0 ? Buffer.Partner : Buffer.Second));
    } else if (!startsItsQubits(index)) {
      // Where nothing comes before on the same qubits, no environment still to be read would notice.
      if (!whole || kernel == environments) readyGate(index, true);
      const undone = kernel - environments;
      applyReady(index, undone == 0 ? Buffer.State : undone == 1 ? Buffer.Partner : Buffer.Second, true);
    }
    const through: bool = whole || endSlice();
    if (through && differentiable) {
      weighLanes(kernel == 0 ? 1 : 0, 0, kernel == 0 ? 0 : 1, 0);
      differentiateGate(index, true);
    }
    if (!whole) {
      worked(work);
      return finishKernel(through, kernels);
    }
  } while (++kernel < kernels);
  worked(backwardWork());
  return true;
}
