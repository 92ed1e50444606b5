/** Measuring the current pair of samples, whatever engine has run its circuit, and the losses that follow. */
import { Option, Status } from '../abi/codes';
import { isTentative } from '../abi/traits';
import { stringAt } from '../kernels/pauli-pairs';
import { sampleBend, sampleGradient, sampleLoss } from '../loss/loss';
import { calibratedValues } from '../measure/calibration';
import { sumCounts } from '../measure/counts';
import { drawShots, nextDrawWork } from '../measure/draws';
import { beginJacobian } from '../measure/jacobian';
import { hasOutcomes } from '../measure/outcomes';
import { estimateAlone, isCounted, measurementWork, readyEstimate } from '../measure/shots';
import { shotVariance } from '../measure/variance';
import {
  batchLabel,
  batchWeight,
  firstSample,
  isWeight,
  outputsRow,
  samplesInPair,
  secondSample,
} from '../memory/batch';
import { calibrates, extrapolates, labelCount, measuresSpread, readsJacobian } from '../memory/configuration';
import { integer } from '../memory/options';
import { at, clear, get, increase, move, put } from '../memory/reals';
import { Buffer, EXPECTATION, Field, buffer, field, setField } from '../memory/registers';
import { isBatchLaidOut, isHeisenberg, isMixed } from '../memory/shape';
import { Sum, addToSum } from '../memory/sums';
import { DISPLACED_SWEEP, DRAWS_AT_ONCE, EXACT_ANGLES, PAIRED_DRAWS } from '../profile';
import {
  readoutFactor,
  shotSum,
  term,
  termCoefficient,
  termExpectation,
  termOutput,
  termWeight,
  termX,
  termZ,
} from '../program/observable';
import { stateVariance } from '../program/observable-variance';
import { quadraticForm } from './columns/forms';
import { Phase, worked } from './contract';
import { circuitNumber, countCircuits, isPooled, isPrediction, stepNumber } from './evaluation';
import { displacedForm } from './heisenberg/displaced-values';

/** The current pair is measured next, after its shots where they are counted one by one. */
export function enterMeasurement(): Phase {
  setField(Field.Lane, 0);
  setField(Field.ShotsTaken, 0);
  return isCounted() ? Phase.Draw : Phase.Measure;
}

/** The last gate is done: the measurement is next, of laid-out columns after their matrices. */
export function afterCircuit(): Phase {
  setField(Field.LiveBits, field(Field.RowBits));
  if (isBatchLaidOut()) {
    setField(Field.Pair, 0);
    setField(Field.Term, 0);
    if (!isCounted()) return Phase.Matrix;
  }
  return enterMeasurement();
}

/** A few bitstrings of the pair, or all of them, from the probabilities in the scratch state. */
export function drawPair(): Phase {
  if (DRAWS_AT_ONCE || PAIRED_DRAWS) worked(nextDrawWork());
  return drawShots(circuitNumber(), stepNumber()) ? Phase.Measure : Phase.Draw;
}

/** <P> of one term in both lanes, exact and without readout error, in EXPECTATION. */
function expectation(index: i32, record: usize): void {
  if (DISPLACED_SWEEP && isHeisenberg() && field(Field.Shift) != 0)
    displacedForm(index, field(Field.Pair), EXPECTATION);
  else if (isMixed()) mixedExpectation(record);
  else if (isBatchLaidOut()) quadraticForm(index, field(Field.Pair), EXPECTATION);
  else termExpectation(record, buffer(Buffer.State), EXPECTATION);
}

/** <P> of one term in the mixed states of both lanes. */
function mixedExpectation(record: usize): void {
  const at = stringAt(buffer(Buffer.State), termX(record), termZ(record));
  for (let lane = 0; lane < 2; lane++) put(EXPECTATION, lane, get(at, lane));
}

/**
 * Measures the current pair of samples: f_k of every output, exact or from the configured shots, into the
 * expectations buffer [lane][output]; not-a-number where the state is. What `isCounted` has been counted before.
 */
export function measurePair(): void {
  const expectations = buffer(Buffer.Expectations);
  const shots = field(Field.Shots);
  const terms = field(Field.TermCount);
  const joint = shots > 0 && field(Field.JointShots) != 0;
  const lanesInUse = samplesInPair();
  const circuit = circuitNumber();
  const step = stepNumber();
  worked(measurementWork());
  clear(expectations, at(expectations, 2 * integer(Option.Outputs)));
  const calibrated = calibrates() && shots > 0;
  if (joint && !calibrated) sumCounts();
  for (let t = 0; t < terms; t++) {
    const record = term(t);
    const weight = termWeight(record);
    const alone = !isCounted() && weight > 0;
    if (alone) {
      const ready = shots > 0 ? readyEstimate(t, circuit, step) : 0;
      expectation(t, record);
      const factor = readoutFactor(weight);
      // Two numbers stored one by one are slow to load at once.
      if (factor != 1)
        for (let lane = 0; lane < 2; lane++) put(EXPECTATION, lane, get(EXPECTATION, lane) * factor);
      if (shots > 0) estimateAlone(record, t, EXPECTATION, circuit, step, ready);
    }
    for (let lane = 0; lane < lanesInUse; lane++) {
      let value: real = 1;
      if (alone) {
        value = get(EXPECTATION, lane);
      } else if (calibrated && weight > 0) {
        value = get(calibratedValues(t), lane);
      } else if (weight > 0) {
        value = <real>shotSum(record, lane) / <real>shots;
        if (joint && !hasOutcomes(lane)) value = <real>NaN;
      }
      increase(outputsRow(Buffer.Expectations, lane), termOutput(record), termCoefficient(record) * value);
    }
  }
}

/**
 * Measures the current pair and takes its losses, Eq. 6; with shots, their variance, and for a gradient what the
 * loss reads of the outputs.
 * @returns Ok, BadLabel, BadWeight, BadAngle
 */
export function takeLosses(): i32 {
  const predicting = isPrediction();
  const withGradient = field(Field.WithGradient) != 0;
  const compares = field(Field.Shots) > 0 && isTentative(integer(Option.Rule));
  if (!EXACT_ANGLES && field(Field.AngleTooLarge) != 0) return Status.BadAngle;
  // What is extrapolated was measured and counted scale by scale.
  if (!extrapolates()) {
    measurePair();
    if (!predicting) countCircuits();
  }
  const share = <real>1 / <real>field(Field.Count);
  const classes = labelCount();
  const last = secondSample();
  for (let sample = firstSample(); sample <= last; sample++) {
    const lane = sample & 1;
    const label = batchLabel(sample);
    if (label >= classes || (label < 0 && !predicting)) return Status.BadLabel;
    const weight = batchWeight(sample);
    if (label >= 0 && !isWeight(weight)) return Status.BadWeight;
    const expectations = outputsRow(Buffer.Expectations, lane);
    const loss = sampleLoss(expectations, sample, label);
    if (measuresSpread() && !predicting && field(Field.LossSum) == Sum.Loss)
      addToSum(Sum.Spread, stateVariance(expectations, field(Field.Shots)));
    if (isPooled()) move(outputsRow(Buffer.Pool, sample), expectations, at(0, integer(Option.Outputs)));
    if (label >= 0) addToSum(field(Field.LossSum), weight * loss);
    if (predicting) {
      if (label >= 0) addToSum(Sum.Labelled, 1);
    } else if (withGradient || compares) {
      // The slope by z makes way for that along the observable.
      const bend: real = readsJacobian() ? weight * share * sampleBend(sample) : 0;
      sampleGradient(expectations, sample, label, weight * share, withGradient);
      if (readsJacobian()) beginJacobian(lane, sample, bend);
      // That of one circuit, as it is read, is not that of outputs made of several, or read otherwise.
      if (compares && (extrapolates() || calibrates())) addToSum(Sum.Variance, <real>NaN);
      else if (compares) addVariance(lane, sample);
    }
  }
  return Status.Ok;
}

/** Adds the shot variance of one sample's share of the loss: (kappa w/B)^2 Var(v.f). */
function addVariance(lane: i32, sample: i32): void {
  const weights = outputsRow(Buffer.OutputWeights, sample);
  const slope = get(buffer(Buffer.Slopes), sample);
  addToSum(Sum.Variance, slope * slope * shotVariance(lane, weights));
}
