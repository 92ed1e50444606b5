/**
 * The Heisenberg engine: every term's Pauli string is pulled back through the circuit as a real Pauli vector
 * and becomes the quadratic form of the columns engine. The light cone of a local observable grows gate by
 * gate, so most gates turn a short vector. For the gradient, the mixture of the batch is pushed the other
 * way, through the transposed steps, and meets the vectors that were kept on the way back:
 *
 *   f = a.s,   a' = T a,  s = T^T s',   df/dangle = axis . (s x a)
 *
 * with a the observable and s the state, by letters of the site that the gate turns.
 *
 *   Encode (each pair) -> Launch -> Forward -> Matrix, for each term -> Measure (all pairs)
 *     -> PullBack -> Backward, for each term
 *
 * Every phase is a series of kernels over the strings of a vector, or the like. A tick goes through as many as the
 * allowance has room for; where it is short, a kernel is cut into slices. `Field.Kernel` is the current one.
 *
 * For displaced angles, the phases behind the losses are those of displaced.ts. Terms are measured one by one. Shape:
 * Pauli vectors where columns have states; the lists of steps behind everything else.
 */
import { Status } from '../../abi/codes';
import { beginSlice, endSlice, isAffordable } from '../../kernels/slices';
import { advancePair, batchFeatures, firstSample, secondSample } from '../../memory/batch';
import { sweepsAngles } from '../../memory/configuration';
import { Buffer, Field, buffer, field, setField } from '../../memory/registers';
import { WHOLE_KERNELS } from '../../profile';
import { term, termOutput } from '../../program/observable';
import { takeBatch } from '../batch-losses';
import { laySamples, packSamples, samplePair, unpackedPair } from '../columns/layout';
import { mixBatch, mixKernels, mixPart, mixtureWork, weighPart } from '../columns/mixture';
import { Phase, worked } from '../contract';
import { afterBatch, isDifferentiated, isDrawn, launchFirst } from '../evaluation';
import { enterMeasurement } from '../measurement';
import { isPacked } from '../shape';
import { displacedTick, isDisplaced, isSweeping, sweepTerm } from './displaced';
import { finishBits, finishKernel, finishKernels, startBits, startKernel, startKernels } from './forms';
import { nextPushed, passWork, pushBits, pushKernel, pushKernels, pushedState, pushedStates } from './push';
import { stepCount, stepOf } from './steps';
import {
  launchBits,
  launchKernel,
  launchKernels,
  pullBits,
  pullKernel,
  pullKernels,
  pullWork,
  termSteps,
} from './strings';

export function heisenbergTick(phase: Phase): i32 {
  if (sweepsAngles() && isDisplaced(phase)) return displacedTick(phase);
  const allowance = field(Field.Allowance);
  switch (phase) {
    case Phase.Encode:
      return spent(allowance, lay());
    case Phase.Launch:
      return spent(allowance, launch());
    case Phase.Forward:
      return spent(allowance, pull());
    case Phase.Matrix:
      return spent(allowance, finish());
    case Phase.Measure:
      return measureLosses();
    case Phase.PullBack:
      return spent(allowance, mix());
    default:
      return spent(allowance, push());
  }
}

/** Books what a tick has taken of its allowance. @returns the phase that follows */
function spent(allowance: i32, next: i32): i32 {
  worked(allowance - field(Field.Allowance));
  return next;
}

/** Takes so much work off the allowance. @returns whether some is left */
function spend(work: i32): bool {
  const left = field(Field.Allowance) - work;
  setField(Field.Allowance, left);
  return left > 0;
}

/** Pairs of samples: laid out, then multiplied where products are kept. */
function lay(): i32 {
  const packed = isPacked();
  do {
    const pair = field(Field.Pair);
    if (field(Field.Kernel) == 0) {
      const to = packed ? unpackedPair() : samplePair(pair);
      if (!laySamples(to, batchFeatures(firstSample()), batchFeatures(secondSample())))
        return Status.BadSample;
    } else {
      packSamples(pair);
    }
    setField(Field.Kernel, (<i32>packed) & ~field(Field.Kernel));
    if (field(Field.Kernel) == 0 && !advancePair()) {
      spend(1);
      return isDrawn() ? differentiate() : launchFirst();
    }
  } while (spend(1));
  return Phase.Encode;
}

/** One term's string at the end of the circuit. */
function launch(): Phase {
  const index = field(Field.Term);
  const kernels = launchKernels(index);
  setField(Field.Shift, 0);
  setField(Field.StringStep, 0);
  let kernel = field(Field.Kernel);
  do {
    const work = beginSlice(launchBits(index, kernel));
    launchKernel(index, kernel);
    if (endSlice()) kernel++;
    spend(work);
  } while (kernel < kernels && field(Field.Allowance) > 0);
  setField(Field.Kernel, kernel < kernels ? kernel : 0);
  if (kernel < kernels) return Phase.Launch;
  return stepCount(termSteps(index)) > 0 ? Phase.Forward : Phase.Matrix;
}

/** Steps of the string's way back: whole ones, then slices of one. */
function pull(): Phase {
  const list = termSteps(field(Field.Term));
  const steps = stepCount(list);
  let step = field(Field.StringStep);
  let kernel = field(Field.Kernel);
  do {
    const kernels = pullKernels(stepOf(list, step));
    let work = pullWork(list, step);
    if (kernel == 0 && isAffordable(work)) {
      for (; kernel < kernels; kernel++) pullKernel(list, step, kernel);
    } else {
      work = beginSlice(pullBits(list, step, kernel));
      pullKernel(list, step, kernel);
      if (endSlice()) kernel++;
    }
    if (kernel == kernels) {
      kernel = 0;
      step++;
    }
    spend(work);
  } while (step < steps && field(Field.Allowance) > 0);
  setField(Field.StringStep, step);
  setField(Field.Kernel, kernel);
  if (step < steps) return Phase.Forward;
  return isSweeping() ? Phase.PullBack : Phase.Matrix;
}

/** What is left of the string, as a matrix over the columns; then the next term, or the measurement. */
function finish(): Phase {
  const index = field(Field.Term);
  const list = termSteps(index);
  const kernels = finishKernels(list);
  let kernel = field(Field.Kernel);
  do {
    const work = beginSlice(finishBits(list, kernel));
    finishKernel(index, kernel);
    if (endSlice()) kernel++;
    spend(work);
  } while (kernel < kernels && field(Field.Allowance) > 0);
  setField(Field.Kernel, kernel < kernels ? kernel : 0);
  if (kernel < kernels) return Phase.Matrix;
  setField(Field.Term, index + 1);
  setField(Field.Pair, 0);
  return index + 1 < field(Field.TermCount) ? Phase.Launch : enterMeasurement();
}

function measureLosses(): i32 {
  const rest = takeBatch();
  if (rest != Phase.Idle) return rest;
  return isDifferentiated() ? differentiate() : afterBatch();
}

/** The derivatives of the batch are next. */
function differentiate(): Phase {
  return sweepsAngles() ? sweepTerm(0) : enterString(0);
}

/** A term's derivatives are next; behind the last one, the pass is through. */
function enterString(index: i32): Phase {
  setField(Field.Term, index);
  return index < field(Field.TermCount) ? Phase.PullBack : afterBatch();
}

/** The mixtures of the batch, at the start of the circuit: of each, its weights, its blocks, and its vector. */
function mix(): Phase {
  const index = field(Field.Term);
  const list = termSteps(index);
  const count = field(Field.Count);
  const output = termOutput(term(index));
  const mixed = 1 + mixKernels();
  const each = mixed + startKernels(list);
  const all = pushedStates() * each;
  let kernel = field(Field.Kernel);
  do {
    const which = kernel / each;
    const own = kernel - which * each;
    const slopes = which == 0 ? buffer(Buffer.Slopes) : 0;
    let work = 1;
    let through = true;
    if (WHOLE_KERNELS && own == 0 && isAffordable(mixtureWork(count))) {
      work = mixtureWork(count);
      mixBatch(output, count, slopes);
      kernel += mixed - 1;
    } else if (own == 0) {
      through = weighPart(output, count, slopes);
    } else if (own < mixed) {
      through = mixPart(own - 1, count);
    } else {
      work = beginSlice(startBits(list));
      startKernel(index, buffer(pushedState(which)), own - mixed);
      through = endSlice();
    }
    if (through) kernel++;
    spend(work);
  } while (kernel < all && field(Field.Allowance) > 0);
  setField(Field.Kernel, kernel < all ? kernel : 0);
  if (kernel < all) return Phase.PullBack;
  setField(Field.Sweep, 0);
  setField(Field.Run, 0);
  return enterStep(stepCount(list) - 1);
}

/** The step of the way forward that is next; behind the last one, the term is through. */
function enterStep(step: i32): Phase {
  setField(Field.StringStep, step);
  return step < 0 ? enterString(field(Field.Term) + 1) : Phase.Backward;
}

/** Steps of the mixtures' way forward, with the derivatives by their gates: whole ones, then slices of one. */
function push(): Phase {
  const list = termSteps(field(Field.Term));
  let at = field(Field.StringStep);
  let kernel = field(Field.Kernel);
  do {
    const step = stepOf(list, at);
    const kernels = pushKernels(step);
    let work = passWork(step);
    if (kernel == 0 && isAffordable(work)) {
      for (; kernel < kernels; kernel++) pushKernel(step, kernel);
    } else {
      work = beginSlice(pushBits(step, kernel));
      pushKernel(step, kernel);
      if (endSlice()) kernel++;
    }
    if (kernel == kernels) {
      kernel = 0;
      at = nextPushed(step, at);
    }
    spend(work);
  } while (at >= 0 && field(Field.Allowance) > 0);
  setField(Field.Kernel, kernel);
  return enterStep(at);
}
