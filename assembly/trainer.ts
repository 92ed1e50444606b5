/**
 * The training step, Algorithm 1, as a resumable state machine. `stepBegin` draws the mini-batch,
 * `stepAdvance` runs until its allowance of work is spent. One unit of work is one gate applied to one
 * pair of samples. One tick is never cut: a gate or three, or a measurement with all its shots. Slicing
 * changes no bit, because every tick reads and writes only the arena. Lines 1 and 13 of the algorithm,
 * the aggregate cost, feed nothing and are left to the host.
 *
 * A pass runs the batch two samples at a time:
 *
 *   encode -> forward gate by gate -> measure -> adjoint:  pull the observable back, gate by gate
 *                                             -> shift:    for each gate, for each of its angles, for
 *                                                          each sign: shifted gate, suffix, measure
 */
import { Decision, Gradient, MAX_SHOTS, Option, Report, Status } from "./status";
import {
  Buffer, Field, LANE_WEIGHTS, SUMS, Stage, at, buffer, clear, field, get, integer, laneRow, number, parameterCount,
  put, setBuffer, setField, sumOfSquares, unready,
} from "./memory";
import {
  applyGate, applyShiftedGate, bindFeatures, bindParameters, gate, gateEnd, gateFirst, isTrainable, operation,
} from "./circuit";
import { drawBatch, drawParameters } from "./draws";
import { backwardGate, circuitNorm, takeShifted } from "./gradient";
import { sampleGradient, sampleLoss } from "./loss";
import { applyObservable } from "./observable";
import { applyDecision, applyRule, decide, isTentative, tentativeStep } from "./optimizer";
import { addToReport, counted, currentStep, report, reported, startProgress, traceLoss } from "./progress";
import { Purpose } from "./random";
import { measure, measurementWork, shotVariance } from "./sampler";
import { copyState, encode } from "./state";

/** Where the machine stands; each is one kind of tick. */
enum Phase {
  Idle = 0,
  Start,
  Encode,
  Forward,
  Measure,
  PullBack,
  Backward,
  Prefix,
  Shift,
  Suffix,
  MeasureShifted,
  Update,
  Decide,
}

/** What a pass over the batch is for. Training passes number their first evaluation by it. */
enum Pass {
  /** Line 4 and 5: loss and gradient at theta. */
  Gradient = 0,
  /** Line 7: loss at theta_temp on the same mini-batch. */
  Tentative = 1,
  Predict = 2,
}

/** First evaluation number of the displaced circuits. */
const SHIFTS: u32 = 2;

/** Sums over the mini-batch, in SUMS. */
enum Sum {
  Loss,
  TentativeLoss,
  /** Variance of the change of the loss. */
  Variance,
  /** Labelled samples of a prediction. */
  Labelled,
  /** Two reals: the + half of a parameter shift. */
  Half,
}

function sum(name: Sum): real {
  return get(SUMS, name);
}

function setSum(name: Sum, value: real): void {
  put(SUMS, name, value);
}

function batchLabel(sample: i32): i32 {
  return load<i32>(buffer(Buffer.Labels) + ((<usize>sample) << 2));
}

function batchFeatures(sample: i32): usize {
  return at(buffer(Buffer.Features), sample * integer(Option.Features));
}

/** Second sample of the pair at hand; the first again when the batch is odd and this is its end. */
function second(): i32 {
  return min(2 * field(Field.Pair) + 1, field(Field.Count) - 1);
}

function samplesInPair(): i32 {
  return second() - 2 * field(Field.Pair) + 1;
}

/**
 * Draws the initial parameters and forgets all progress.
 * @returns NotReady before `compile`, Busy during a step
 */
export function initialiseParameters(): i32 {
  const status = unready();
  if (status != Status.Ok) return status;
  drawParameters();
  startProgress();
  return Status.Ok;
}

/** Sets the machine to the start of a run over `count` samples. */
function begin(pass: Pass, count: i32, shots: i32, purpose: Purpose): void {
  setField(Field.Pass, pass);
  setField(Field.Count, count);
  setField(Field.Shots, shots);
  setField(Field.Purpose, purpose);
  setField(Field.Phase, Phase.Start);
}

/**
 * Begins a step on a mini-batch of `count` samples (1 ... B), or begins the one under way again. With
 * `Samples` set, the indices buffer then says which samples of the training set to put into the
 * features and labels buffers, in that order; otherwise the choice is the caller's. Leave both alone
 * until the step is done: the tentative loss reads them again.
 * @returns NotReady before `compile`, BadIndex
 */
export function stepBegin(count: i32): i32 {
  if (field(Field.Stage) != Stage.Compiled) return Status.NotReady;
  if (count < 1 || count > integer(Option.Batch)) return Status.BadIndex;
  if (integer(Option.Samples) > 0) drawBatch(count);
  begin(Pass.Gradient, count, integer(Option.Shots), Purpose.Train);
  return Status.Ok;
}

/** Gives up the step under way, if any: parameters and progress stay as before it. */
export function stepAbandon(): void {
  if (field(Field.Stage) == Stage.Compiled) setField(Field.Phase, Phase.Idle);
}

/**
 * Goes on with the step until it is done or at least `maxWork` gate applications are spent, at least
 * one tick.
 * @returns Ok when the step is done, More when it is not, NotReady when none is under way, BadSample,
 *   BadLabel or Diverged when it had to be given up: parameters and totals are then as before it.
 */
export function stepAdvance(maxWork: i32): i32 {
  if (field(Field.Stage) != Stage.Compiled || field(Field.Phase) == Phase.Idle) return Status.NotReady;
  return run(maxWork);
}

/**
 * Model outputs of the first `count` samples in the features buffer, into the outputs buffer, from
 * `shots` shots per circuit (0: exact), and the mean loss over labels that are not negative into
 * `Report.EvaluatedLoss` (not-a-number without any). Outputs are not-a-number where the state is.
 * @returns NotReady, Busy, BadIndex, BadOption (shots), BadSample, BadLabel
 */
export function predict(count: i32, shots: i32): i32 {
  const unfit = unready();
  if (unfit != Status.Ok) return unfit;
  if (count < 1 || count > integer(Option.Batch)) return Status.BadIndex;
  if (shots < 0 || shots > MAX_SHOTS) return Status.BadOption;
  begin(Pass.Predict, count, shots, Purpose.Predict);
  addToReport(Report.Predictions, 1);
  let status: i32 = Status.More;
  while (status == Status.More) status = run(i32.MAX_VALUE);
  return status;
}

function run(maxWork: i32): i32 {
  let work: u32 = 0;
  do {
    const spent = tick();
    if (spent < 0) {
      setField(Field.Phase, Phase.Idle);
      return spent;
    }
    if (field(Field.Phase) == Phase.Idle) return Status.Ok;
    work += spent;
  } while (maxWork > 0 && work < <u32>maxWork);
  return Status.More;
}

/** One tick: its work, or a negative status. */
function tick(): i32 {
  switch (field(Field.Phase)) {
    case Phase.Start: return start();
    case Phase.Encode: return encodePair();
    case Phase.Forward: return forward();
    case Phase.Measure: return measurePair();
    case Phase.PullBack: return pullBack();
    case Phase.Backward: return backward();
    case Phase.Prefix: return prefix();
    case Phase.Shift: return shift();
    case Phase.Suffix: return suffix();
    case Phase.MeasureShifted: return measureShifted();
    case Phase.Update: return update();
    default: return reconsider();
  }
}

function start(): i32 {
  if (field(Field.Pass) != Pass.Predict) {
    report(Report.StepEvaluations, 0);
    report(Report.StepShots, 0);
    // The observable's gradient lies behind the loss's.
    clear(buffer(Buffer.Gradient), at(buffer(Buffer.ObservableGradient), integer(Option.Parameters)));
  }
  for (let name: i32 = Sum.Loss; name <= Sum.Labelled; name++) setSum(name, 0);
  setBuffer(Buffer.Active, buffer(Buffer.Parameters));
  bindParameters();
  setField(Field.Pair, 0);
  setField(Field.Phase, Phase.Encode);
  return 1;
}

function encodePair(): i32 {
  const first = batchFeatures(2 * field(Field.Pair));
  const last = batchFeatures(second());
  if (!encode(buffer(Buffer.State), first, last)) return Status.BadSample;
  // The prefix of the displaced circuits starts here too; the adjoint overwrites it.
  copyState(buffer(Buffer.Partner), buffer(Buffer.State));
  bindFeatures(first, last);
  setField(Field.Gate, 0);
  setField(Field.Phase, field(Field.GateCount) > 0 ? Phase.Forward : Phase.Measure);
  return 1;
}

function forward(): i32 {
  const index = field(Field.Gate);
  applyGate(index, Buffer.State, false);
  setField(Field.Gate, index + 1);
  if (index + 1 == field(Field.GateCount)) setField(Field.Phase, Phase.Measure);
  return 1;
}

/** Counts the circuits and shots of one evaluation of the pair at hand; booked when the step is done. */
function countEvaluations(): void {
  const shots = field(Field.Shots);
  const circuits = <f64>(samplesInPair() * (shots > 0 ? field(Field.Settings) : 1));
  addToReport(Report.StepEvaluations, circuits);
  addToReport(Report.StepShots, circuits * shots);
}

function measurePair(): i32 {
  const pass = field(Field.Pass);
  const predicting = pass == Pass.Predict;
  const evaluation = predicting ? 0 : pass;
  const step = counted(predicting ? Report.Predictions : Report.Step);
  measure(buffer(Buffer.State), evaluation, step);
  if (!predicting) countEvaluations();
  const share = <real>1 / <real>field(Field.Count);
  const first = 2 * field(Field.Pair);
  put(LANE_WEIGHTS, 1, 0);
  put(LANE_WEIGHTS, 3, 0);
  for (let lane = 0; lane < samplesInPair(); lane++) {
    const sample = first + lane;
    const label = batchLabel(sample);
    if (label >= max(integer(Option.Logits), 2) || (label < 0 && !predicting)) return Status.BadLabel;
    const loss = sampleLoss(lane, sample, label);
    const name = pass == Pass.Tentative ? Sum.TentativeLoss : Sum.Loss;
    setSum(name, sum(name) + loss);
    if (predicting) {
      if (label >= 0) setSum(Sum.Labelled, sum(Sum.Labelled) + 1);
      continue;
    }
    if (pass == Pass.Gradient || field(Field.Shots) > 0) {
      sampleGradient(lane, sample, label, share, pass == Pass.Gradient);
      if (isTentative()) addVariance(lane, evaluation, step);
    }
  }
  if (pass != Pass.Gradient || field(Field.GateCount) == 0) nextPair();
  else if (integer(Option.Gradient) == Gradient.Adjoint) setField(Field.Phase, Phase.PullBack);
  else enterGate(0);
  return measurementWork(field(Field.Shots));
}

/** Adds the shot variance of one sample's share of the loss: (kappa/B)^2 Var(v.f). */
function addVariance(lane: i32, evaluation: u32, step: u32): void {
  const weights = laneRow(Buffer.OutputWeights, lane);
  const slope = get(LANE_WEIGHTS, lane);
  setSum(Sum.Variance, sum(Sum.Variance) + slope * slope * shotVariance(lane, evaluation, step, weights));
}

function pullBack(): i32 {
  applyObservable(buffer(Buffer.Partner), buffer(Buffer.State), buffer(Buffer.OutputWeights));
  setField(Field.Gate, field(Field.GateCount) - 1);
  setField(Field.Phase, Phase.Backward);
  return 1;
}

/** One gate back: an environment, and the gate undone on two states. */
function backward(): i32 {
  const index = field(Field.Gate);
  backwardGate(index);
  setField(Field.Gate, index - 1);
  if (index == 0) nextPair();
  return 3;
}

/** Looks for the next trainable angle of gate `index` from operation `from`; without one, moves on. */
function seekAngle(index: i32, from: i32): void {
  const end = gateEnd(gate(index));
  setField(Field.Gate, index);
  while (from < end && !isTrainable(operation(from))) from++;
  setField(Field.Operation, from);
  setField(Field.Sign, 0);
  setField(Field.Phase, from < end ? Phase.Shift : Phase.Prefix);
}

function enterGate(index: i32): void {
  if (index == field(Field.GateCount)) nextPair();
  else seekAngle(index, gateFirst(gate(index)));
}

/** All angles of the gate are done: it joins the prefix. */
function prefix(): i32 {
  const index = field(Field.Gate);
  applyGate(index, Buffer.Partner, false);
  enterGate(index + 1);
  return 1;
}

function shift(): i32 {
  const index = field(Field.Gate);
  copyState(buffer(Buffer.State), buffer(Buffer.Partner));
  applyShiftedGate(index, field(Field.Operation), field(Field.Sign) == 0 ? 1 : -1);
  setField(Field.Suffix, index + 1);
  setField(Field.Phase, index + 1 < field(Field.GateCount) ? Phase.Suffix : Phase.MeasureShifted);
  return 1;
}

function suffix(): i32 {
  const index = field(Field.Suffix);
  applyGate(index, Buffer.State, false);
  setField(Field.Suffix, index + 1);
  if (index + 1 == field(Field.GateCount)) setField(Field.Phase, Phase.MeasureShifted);
  return 1;
}

/** Eq. 7, one sign of one angle. */
function measureShifted(): i32 {
  const index = field(Field.Operation);
  const minus = field(Field.Sign);
  measure(buffer(Buffer.State), SHIFTS + 2 * index + minus, currentStep());
  countEvaluations();
  takeShifted(index, minus != 0, at(SUMS, Sum.Half));
  if (minus == 0) {
    setField(Field.Sign, 1);
    setField(Field.Phase, Phase.Shift);
  } else {
    seekAngle(field(Field.Gate), index + 1);
  }
  return measurementWork(field(Field.Shots));
}

function nextPair(): void {
  const pair = field(Field.Pair) + 1;
  setField(Field.Pair, pair);
  if (2 * pair < field(Field.Count)) {
    setField(Field.Phase, Phase.Encode);
    return;
  }
  const pass = field(Field.Pass);
  if (pass == Pass.Predict) {
    // Named, not divided: the bits of a computed not-a-number differ between engines.
    report(Report.EvaluatedLoss, sum(Sum.Labelled) > 0 ? sum(Sum.Loss) / sum(Sum.Labelled) : NaN);
    setField(Field.Phase, Phase.Idle);
  } else {
    setField(Field.Phase, pass == Pass.Gradient ? Phase.Update : Phase.Decide);
  }
}

function update(): i32 {
  const loss = sum(Sum.Loss) / <real>field(Field.Count);
  const square = sumOfSquares(buffer(Buffer.Gradient), parameterCount());
  if (!isFinite<real>(loss) || !isFinite<real>(square)) return Status.Diverged;
  if (isTentative()) {
    tentativeStep(currentStep());
    setBuffer(Buffer.Active, buffer(Buffer.FirstMoment));
    bindParameters();
    setField(Field.Pair, 0);
    setField(Field.Pass, Pass.Tentative);
    setField(Field.Phase, Phase.Encode);
    return 1;
  }
  report(Report.Beta1Power, <real>reported(Report.Beta1Power) * number(Option.Beta1));
  report(Report.Beta2Power, <real>reported(Report.Beta2Power) * number(Option.Beta2));
  const rate = applyRule(currentStep(), 1 - <real>reported(Report.Beta1Power), 1 - <real>reported(Report.Beta2Power));
  finish(Decision.Descended, loss, <real>NaN, <real>NaN, rate);
  return 1;
}

/** Lines 8 to 12. */
function reconsider(): i32 {
  const count = <real>field(Field.Count);
  const loss = sum(Sum.Loss) / count;
  const tentative = sum(Sum.TentativeLoss) / count;
  if (!isFinite<real>(tentative)) return Status.Diverged;
  const error = sqrt<real>(sum(Sum.Variance));
  const decision = decide(tentative - loss, error);
  const rate = applyDecision(decision, currentStep());
  if (tentative > loss) addToReport(Report.Violations, 1);
  if (decision == Decision.Reversed) addToReport(Report.Reversals, 1);
  finish(decision, loss, tentative, error, rate);
  return 1;
}

/** Books the step and reports it. */
function finish(decision: Decision, loss: real, tentative: real, error: real, rate: real): void {
  traceLoss(loss);
  addToReport(Report.Step, 1);
  addToReport(Report.Evaluations, reported(Report.StepEvaluations));
  addToReport(Report.Shots, reported(Report.StepShots));
  addToReport(Report.RateSum, rate);
  report(Report.Loss, loss);
  report(Report.TentativeLoss, tentative);
  report(Report.LossChangeError, error);
  report(Report.Decision, decision);
  report(Report.GradientNormLoss, circuitNorm(Buffer.Gradient));
  report(Report.GradientNormObservable, circuitNorm(Buffer.ObservableGradient));
  report(Report.Rate, rate);
  setBuffer(Buffer.Active, buffer(Buffer.Parameters));
  setField(Field.Phase, Phase.Idle);
}
