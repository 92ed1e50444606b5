/**
 * The training step, Algorithm 1, as a resumable state machine. `stepBegin` draws the mini-batch,
 * `stepAdvance` runs until its allowance of work is spent. One unit of work is one gate applied to one
 * pair of samples, or a part of one to all columns (parts.ts). One tick is never cut: a gate or four on a pair of
 * samples, a kernel's part on the columns, a measurement, a few shots, or the update itself, so that a step is
 * made whole or not at all. Slicing changes no bit, because every tick reads and writes only the arena. Lines 1
 * and 13 of the algorithm, the aggregate cost, feed nothing and are left to the host.
 *
 * A circuit runs gate by gate, is measured, and is differentiated by one of two ways:
 *
 *   encode -> forward -> measure -> adjoint:  pull the observable back, gate by gate
 *                               -> shift:    for each gate, for each of its angles, for each sign:
 *                                            shifted gate, suffix, measure
 *
 * The samples engine does all of this for one pair of samples, then for the next. The columns engine does
 * it once: it lays the whole batch out first, and every measurement goes through all pairs of samples.
 */
import { Decision, Gradient, MAX_SHOTS, Option, Report, Status } from '../abi/codes';
import {
  Buffer,
  Field,
  REAL,
  SUMS,
  Stage,
  at,
  buffer,
  clear,
  field,
  get,
  isAsked,
  isSingle,
  outputsRow,
  parameterCount,
  put,
  setBuffer,
  setField,
  sumOfSquares,
  unready,
} from '../memory/map';
import { isAskable, startAsking, takeAnswer } from '../engines/caller';
import {
  applyGate,
  applyReady,
  bindFeatures,
  bindParameters,
  extendLive,
  readyGate,
  startsItsQubits,
} from '../program/circuit';
import { encodeColumns, laySamples } from '../engines/columns/columns';
import { measureTerm, pullBack, stepBackward } from '../engines/columns/columns-pass';
import { drawBatch, drawParameters } from '../program/initialise';
import {
  batchFeatures,
  firstSample,
  isHeisenberg,
  isLaidOut,
  pullsTwice,
  samplesInPair,
} from '../engines/engine';
import { differentiateGate, readyEnvironment } from '../engines/gradient';
import { finishString, launchString, mixString, pull, push } from '../engines/heisenberg/heisenberg-pass';
import { sampleGradient, sampleLoss } from '../loss/loss';
import { applyObservable } from '../program/observable';
import {
  PARAMETERS_A_TICK,
  applyDecision,
  applyRule,
  decide,
  isTentative,
  tentativeStep,
} from '../rules/optimizer';
import { integer, number } from '../memory/options';
import {
  Pass,
  Phase,
  Sum,
  addToSum,
  advancePair,
  batchLabel,
  beginGate,
  countEvaluations,
  endGate,
  enterMeasurement,
  evaluationAtHand,
  goTo,
  nextPair,
  secondSample,
  stepAtHand,
  sum,
  weighSamples,
} from './pass';
import { addToReport, report, reported, slot, startProgress, traceLoss } from '../memory/report';
import { Purpose } from '../number/random';
import { drawShots, measure, measurementWork, shotVariance } from '../measure/shots';
import { enterGate, measureShifted, prefix, shift, suffix } from '../engines/parameter-shift';
import { clearState, copyState, encode } from '../kernels/state';

/** Whether a mini-batch can have so many samples: 1 ... B. */
function isBatch(count: i32): bool {
  return <u32>(count - 1) < <u32>integer(Option.Batch);
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
  if (COLUMNS) setField(Field.Effective, 0);
  if (COLUMNS) setField(Field.Asking, 0);
  // A step given up may have left off in the middle of something.
  if (COLUMNS) setField(Field.Slice, 0);
  if (COLUMNS) setField(Field.Sweep, 0);
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
  if (!isBatch(count)) return Status.BadIndex;
  const samples = integer(Option.Samples);
  if (samples > 0) drawBatch(samples, count);
  begin(Pass.Gradient, count, integer(Option.Shots), Purpose.Train);
  return Status.Ok;
}

/** Gives up the step under way, if any: parameters and progress stay as before it. */
export function stepAbandon(): void {
  setField(Field.Phase, Phase.Idle);
}

/**
 * Goes on with the step, or with a prediction that asked, until it is done or at least `maxWork` gate
 * applications are spent, at least one tick.
 * @returns Ok when the step is done, More when it is not, NotReady when none is under way; Asked when the caller
 *   is to `tell` counts, BadCounts when those told do not sum to the shots: the same question stands again;
 *   BadSample, BadLabel or Diverged when the step had to be given up: parameters and totals are then as before it.
 */
export function stepAdvance(maxWork: i32): i32 {
  return unready() == Status.Busy ? run(maxWork) : Status.NotReady;
}

/**
 * Begins a prediction, which `stepAdvance` goes on with: model outputs of the first `count` samples in the
 * features buffer, into the outputs buffer, from `shots` shots per circuit (0: exact), and the mean loss over
 * labels that are not negative into `Report.EvaluatedLoss` (not-a-number without any). Outputs are not-a-number
 * where the state is.
 * @returns NotReady, Busy, BadIndex, BadOption (shots, or none where the caller measures)
 */
export function predictBegin(count: i32, shots: i32): i32 {
  const unfit = unready();
  if (unfit != Status.Ok) return unfit;
  if (!isBatch(count)) return Status.BadIndex;
  if (<u32>shots > <u32>MAX_SHOTS || (isAsked() && shots == 0)) return Status.BadOption;
  begin(Pass.Predict, count, shots, Purpose.Predict);
  addToReport(Report.Predictions, 1);
  return Status.Ok;
}

/**
 * A whole prediction at once.
 * @returns as `predictBegin`, or BadSample, BadLabel; Asked where the caller measures, More beyond 2^31 units of
 *   work: then go on with `stepAdvance`
 */
export function predict(count: i32, shots: i32): i32 {
  const status = predictBegin(count, shots);
  return status == Status.Ok ? run(i32.MAX_VALUE) : status;
}

/**
 * Puts out the term matrices over the columns for the parameters as they are, without any sample.
 * @returns NotReady, Busy, or BadCombination without a laid-out engine
 */
export function measureTerms(): i32 {
  const unfit = unready();
  if (unfit != Status.Ok) return unfit;
  if (!isLaidOut()) return Status.BadCombination;
  begin(Pass.Predict, 1, 0, Purpose.Predict);
  do tick();
  while (field(Field.Phase) != Phase.Encode);
  launchFirst();
  do tick();
  while (field(Field.Phase) != Phase.Measure);
  setField(Field.Phase, Phase.Idle);
  return Status.Ok;
}

function run(maxWork: i32): i32 {
  let work: u32 = 0;
  do {
    if (isAsked() && field(Field.Asking) != 0) {
      const status = takeAnswer();
      if (status != Status.Ok) return status;
      setField(Field.Phase, Phase.Measure);
    }
    if (COLUMNS) setField(Field.Allowance, maxWork - work);
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
  const phase = field(Field.Phase);
  if (isHeisenberg()) {
    if (phase == Phase.Launch) return launchString();
    if (phase == Phase.Forward) return pull();
    if (phase == Phase.Matrix) return finishString();
    if (phase == Phase.PullBack) return mixString();
    if (phase == Phase.Backward) return push();
  }
  if (COLUMNS && phase == Phase.Launch) return launch();
  if (COLUMNS && phase == Phase.Matrix) return matrix();
  switch (phase) {
    case Phase.Start:
      return start();
    case Phase.Bind:
      return bind();
    case Phase.Encode:
      return encodePair();
    case Phase.Forward:
      return forward();
    case Phase.Draw:
      return draw();
    case Phase.Measure:
      return field(Field.Shift) == 0 ? measurePair() : measureShifted();
    case Phase.PullBack:
      return isLaidOut() ? pullBackOutput() : pullBackPair();
    case Phase.Backward:
      return backward();
    case Phase.Prefix:
      return prefix();
    case Phase.Shift:
      return shift();
    case Phase.Suffix:
      return suffix();
    case Phase.Norms:
      return norms();
    case Phase.Update:
      return update();
    default:
      return reconsider();
  }
}

// ---- a pass ------------------------------------------------------------------------------------

function start(): i32 {
  if (field(Field.Pass) != Pass.Predict) {
    clear(slot(Report.StepEvaluations), slot(Report.StepShots + 1));
    // The observable's gradient lies behind the loss's.
    clear(buffer(Buffer.Gradient), at(buffer(Buffer.ObservableGradient), integer(Option.Parameters)));
  }
  clear(SUMS, SUMS + <usize>(Sum.ObservableNorm + 1) * REAL);
  enterPass(Buffer.Parameters);
  return 1;
}

/** The angles are next, for the parameters of a buffer, then the first pair of samples. */
function enterPass(parameters: Buffer): void {
  setBuffer(Buffer.Active, buffer(parameters));
  setField(Field.Operation, 0);
  setField(Field.Phase, Phase.Bind);
}

function bind(): i32 {
  if (!isAsked()) {
    const bound = bindParameters(field(Field.Operation));
    setField(Field.Operation, bound);
    if (bound < field(Field.ActiveOperations)) return 1;
  }
  setField(Field.Pair, 0);
  setField(Field.Shift, 0);
  setField(Field.Phase, Phase.Encode);
  // The tentative loss reads the same samples as laid out before.
  if (isLaidOut() && field(Field.Pass) == Pass.Tentative) launchFirst();
  return 1;
}

/** A laid-out engine's first term, or all columns, is next. */
function launchFirst(): void {
  setField(Field.Term, 0);
  setField(Field.Phase, Phase.Launch);
}

function encodePair(): i32 {
  const features = batchFeatures(firstSample());
  const others = batchFeatures(secondSample());
  if (isLaidOut()) {
    if (!laySamples(field(Field.Pair), features, others)) return Status.BadSample;
    if (!advancePair()) launchFirst();
    return 1;
  }
  if (isAsked()) {
    if (!isAskable(firstSample()) || !isAskable(secondSample())) return Status.BadSample;
    setField(Field.Shift, 0);
    enterMeasurement();
    return 1;
  }
  if (!encode(buffer(Buffer.State), features, others)) return Status.BadSample;
  bindFeatures(features, others);
  enterCircuit();
  return 1;
}

function launch(): i32 {
  encodeColumns(buffer(Buffer.State));
  enterCircuit();
  return 1;
}

/** The start state is there: the first gate is next. */
function enterCircuit(): void {
  // The prefix of the displaced circuits starts here too.
  if (integer(Option.Gradient) != Gradient.Adjoint) copyState(buffer(Buffer.Partner), buffer(Buffer.State));
  setField(Field.Shift, 0);
  setField(Field.LiveBits, field(isLaidOut() ? Field.ColumnBits : Field.FeatureBits));
  setField(Field.Phase, Phase.Forward);
  goTo(Field.Gate, 0);
}

function draw(): i32 {
  const evaluation = evaluationAtHand();
  if (isAsked()) {
    if (!startAsking(evaluation)) setField(Field.Phase, Phase.Measure);
    return 1;
  }
  const work = drawShots(evaluation, stepAtHand());
  if (field(Field.Lane) == samplesInPair()) setField(Field.Phase, Phase.Measure);
  return work;
}

function forward(): i32 {
  const index = field(Field.Gate);
  extendLive(index);
  const work = beginGate();
  applyGate(index, Buffer.State);
  if (endGate()) goTo(Field.Gate, index + 1);
  return work;
}

function matrix(): i32 {
  const index = field(Field.Term);
  const work = measureTerm(index);
  if (field(Field.Sweep) > 0 || field(Field.Slice) > 0) return work;
  setField(Field.Term, index + 1);
  if (index + 1 == field(Field.TermCount)) enterMeasurement();
  return work;
}

function measurePair(): i32 {
  const pass = field(Field.Pass);
  const shots = field(Field.Shots);
  const predicting = pass == Pass.Predict;
  measure(evaluationAtHand(), stepAtHand());
  if (!predicting) countEvaluations();
  const share = <real>1 / <real>field(Field.Count);
  const classes = max(integer(Option.Logits), 2);
  const name = pass == Pass.Tentative ? Sum.TentativeLoss : Sum.Loss;
  const last = secondSample();
  for (let sample = firstSample(); sample <= last; sample++) {
    const lane = sample & 1;
    const label = batchLabel(sample);
    if (label >= classes || (label < 0 && !predicting)) return Status.BadLabel;
    addToSum(name, sampleLoss(lane, sample, label));
    if (predicting) {
      if (label >= 0) addToSum(Sum.Labelled, 1);
      continue;
    }
    if (pass == Pass.Gradient || shots > 0) {
      sampleGradient(lane, sample, label, share, pass == Pass.Gradient);
      if (shots > 0 && isTentative()) addVariance(lane, sample);
    }
  }
  const work = measurementWork();
  if (isLaidOut() && advancePair()) {
    enterMeasurement();
    return work;
  }
  if (COLUMNS) setField(Field.Term, 0);
  if (pass != Pass.Gradient || field(Field.GateCount) == 0) nextPair();
  else if (integer(Option.Gradient) == Gradient.Adjoint) setField(Field.Phase, Phase.PullBack);
  else enterGate(0);
  return work;
}

/** Adds the shot variance of one sample's share of the loss: (kappa/B)^2 Var(v.f). */
function addVariance(lane: i32, sample: i32): void {
  const weights = outputsRow(Buffer.OutputWeights, sample);
  const slope = get(buffer(Buffer.Slopes), sample);
  addToSum(Sum.Variance, slope * slope * shotVariance(lane, weights));
}

function enterBackward(): void {
  setField(Field.Gate, field(Field.GateCount) - 1);
  setField(Field.Phase, Phase.Backward);
}

function pullBackPair(): i32 {
  weighSamples();
  clearState(buffer(Buffer.Partner));
  applyObservable(buffer(Buffer.Partner), buffer(Buffer.State), firstSample(), secondSample());
  enterBackward();
  return 1;
}

/** One output of the columns' observable: those that the loss weighs, then those of the plain batch mean. */
function pullBackOutput(): i32 {
  const outputs = integer(Option.Outputs);
  const index = field(Field.Term);
  const plain = index >= outputs;
  const lambda = buffer(plain ? Buffer.Second : Buffer.Partner);
  const work = pullBack(lambda, plain ? index - outputs : index, plain ? 0 : buffer(Buffer.Slopes));
  if (field(Field.Sweep) > 0 || field(Field.Slice) > 0) return work;
  setField(Field.Term, index + 1);
  if (index + 1 == (pullsTwice() ? 2 * outputs : outputs)) enterBackward();
  return work;
}

/** One gate back: its environment, and the gate undone on both states. */
function backward(): i32 {
  const index = field(Field.Gate);
  let work = 3;
  if (isLaidOut()) {
    work = stepBackward(index);
    if (field(Field.Sweep) > 0 || field(Field.Slice) > 0) return work;
  } else {
    if (readyEnvironment(index, buffer(Buffer.Partner))) differentiateGate(index, isSingle());
    // Where nothing comes before on the same qubits, no environment still to be read would notice.
    if (!startsItsQubits(index)) {
      readyGate(index, true);
      applyReady(index, Buffer.State, true);
      applyReady(index, Buffer.Partner, true);
    }
  }
  setField(Field.Gate, index - 1);
  if (index == 0) nextPair();
  return work;
}

/** The mean loss and the norms of its gradients; apart from the update, to keep that short. */
function norms(): i32 {
  const loss = sum(Sum.Loss) / <real>field(Field.Count);
  const circuit = integer(Option.Parameters);
  const gradient = buffer(Buffer.Gradient);
  const square = sumOfSquares(gradient, circuit);
  const headSquare = sumOfSquares(at(gradient, circuit), parameterCount() - circuit);
  if (!isFinite<real>(loss) || !isFinite<real>(square) || !isFinite<real>(headSquare)) return Status.Diverged;
  const wanted = integer(Option.ObservableNorm) != 0;
  const observableSquare = wanted ? sumOfSquares(buffer(Buffer.ObservableGradient), circuit) : <real>NaN;
  put(SUMS, Sum.Loss, loss);
  put(SUMS, Sum.GradientNorm, sqrt<real>(square));
  put(SUMS, Sum.ObservableNorm, sqrt<real>(observableSquare));
  setField(Field.Phase, Phase.Update);
  return 1;
}

/** One past the last parameter of this tick, from `Field.Operation` on. */
function endOfParameters(): i32 {
  const count = parameterCount();
  return COLUMNS ? min(field(Field.Operation) + PARAMETERS_A_TICK, count) : count;
}

function update(): i32 {
  if (isTentative()) {
    const end = endOfParameters();
    tentativeStep(field(Field.Operation), end);
    setField(Field.Operation, end);
    if (end == parameterCount()) {
      enterPass(Buffer.FirstMoment);
      setField(Field.Pass, Pass.Tentative);
    }
    return 1;
  }
  const power1 = <real>reported(Report.Beta1Power) * number(Option.Beta1);
  const power2 = <real>reported(Report.Beta2Power) * number(Option.Beta2);
  report(Report.Beta1Power, power1);
  report(Report.Beta2Power, power2);
  const rate = applyRule(1 - power1, 1 - power2);
  finish(Decision.Descended, <real>NaN, <real>NaN, rate);
  return 1;
}

/**
 * Lines 8 to 12. The new parameters are worked out beside the old ones, a few at a tick, and take their place in the
 * last: a step is made whole or not at all.
 */
function reconsider(): i32 {
  const loss = sum(Sum.Loss);
  const tentative = sum(Sum.TentativeLoss) / <real>field(Field.Count);
  if (!isFinite<real>(tentative)) return Status.Diverged;
  const error = sqrt<real>(sum(Sum.Variance));
  const decision = decide(tentative - loss, error);
  const from = field(Field.Operation);
  const end = endOfParameters();
  const rate = applyDecision(decision, from, end);
  setField(Field.Operation, end);
  if (from < end) return 1;
  copyParameters();
  if (tentative > loss) addToReport(Report.Violations, 1);
  if (decision == Decision.Reversed) addToReport(Report.Reversals, 1);
  finish(decision, tentative, error, rate);
  return 1;
}

/** The parameters in the first moment's place become the model's. */
function copyParameters(): void {
  // They lie next to each other.
  let from = buffer(Buffer.FirstMoment);
  for (let to = buffer(Buffer.Parameters); to < buffer(Buffer.FirstMoment); to += REAL) {
    store<real>(to, load<real>(from));
    from += REAL;
  }
}

/** Books the step and reports it. */
function finish(decision: Decision, tentative: real, error: real, rate: real): void {
  const loss = sum(Sum.Loss);
  traceLoss(loss);
  addToReport(Report.Step, 1);
  addToReport(Report.Evaluations, reported(Report.StepEvaluations));
  addToReport(Report.Shots, reported(Report.StepShots));
  addToReport(Report.RateSum, rate);
  report(Report.Loss, loss);
  report(Report.TentativeLoss, tentative);
  report(Report.LossChangeError, error);
  report(Report.Decision, decision);
  report(Report.GradientNormLoss, sum(Sum.GradientNorm));
  report(Report.GradientNormObservable, sum(Sum.ObservableNorm));
  report(Report.Rate, rate);
  setBuffer(Buffer.Active, buffer(Buffer.Parameters));
  setField(Field.Phase, Phase.Idle);
}
