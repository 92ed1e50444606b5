/**
 * A pass over the mini-batch: where it stands, what it sums up, and the turns that the engines and the gradients
 * have in common. The trainer and the files named after a way through a pass move it on by these.
 */
import { Report } from '../abi/codes';
import { Buffer, Field, SUMS, buffer, field, get, increase, setField } from '../memory/map';
import { firstSample, isLaidOut, samplesInPair } from '../engines/engine';
import { weighLanes } from '../engines/gradient';
import { beginPart, endPart, gateBits } from '../kernels/slices';
import { addToReport, counted, report } from '../memory/report';
import { isCounted } from '../measure/shots';

/** Where the machine stands; each is one kind of tick. */
export enum Phase {
  Idle = 0,
  Start,
  /** A few angles for the parameters in force. */
  Bind,
  /** One pair of samples: into a state, or laid out for the columns. */
  Encode,
  /** All columns into a state. */
  Launch,
  Forward,
  /** One term's matrix over the columns. */
  Matrix,
  /** A few shots of one sample, or a question to the caller. */
  Draw,
  Measure,
  PullBack,
  Backward,
  Prefix,
  Shift,
  Suffix,
  /** The norms of the gradients. */
  Norms,
  Update,
  Decide,
}

/** What a pass over the batch is for. Training passes number their first evaluation by it. */
export enum Pass {
  /** Line 4 and 5: loss and gradient at theta. */
  Gradient = 0,
  /** Line 7: loss at theta_temp on the same mini-batch. */
  Tentative = 1,
  Predict = 2,
}

/** First evaluation number of the displaced circuits. */
const SHIFTS: u32 = 2;

/** Sums over the mini-batch, in SUMS; of the gradient pass, in the end, the mean loss and the norms of its gradients. */
export enum Sum {
  Loss,
  TentativeLoss,
  /** Variance of the change of the loss. */
  Variance,
  /** Labelled samples of a prediction. */
  Labelled,
  /** |grad L| */
  GradientNorm,
  /** |grad <O>| */
  ObservableNorm,
}

export function sum(name: Sum): real {
  return get(SUMS, name);
}

export function addToSum(name: Sum, amount: real): void {
  increase(SUMS, name, amount);
}

export function batchLabel(sample: i32): i32 {
  return load<i32>(buffer(Buffer.Labels) + ((<usize>sample) << 2));
}

/** The second sample of the pair at hand; the first again when the batch is odd and this is its end. */
export function secondSample(): i32 {
  return firstSample() + samplesInPair() - 1;
}

/** Moves to the next pair of samples; false at the end of the batch. */
export function advancePair(): bool {
  const pair = field(Field.Pair) + 1;
  if (2 * pair >= field(Field.Count)) return false;
  setField(Field.Pair, pair);
  return true;
}

/** The gate that a counter stands at; behind the last one, the circuit is left. */
export function goTo(counter: Field, gate: i32): void {
  setField(counter, gate);
  if (gate == field(Field.GateCount)) leaveCircuit();
}

/** The last gate is done: the measurement is next. */
function leaveCircuit(): void {
  setField(Field.LiveBits, field(Field.RowBits));
  enterMeasurement();
  if (!isLaidOut()) return;
  setField(Field.Pair, 0);
  setField(Field.Term, 0);
  if (!isCounted()) setField(Field.Phase, Phase.Matrix);
}

/** The pair at hand is measured next, after its shots where they are counted one by one. */
export function enterMeasurement(): void {
  setField(Field.Lane, 0);
  setField(Field.Taken, 0);
  setField(Field.Phase, isCounted() ? Phase.Draw : Phase.Measure);
}

/** Which circuit of the step is measured. */
export function evaluationAtHand(): u32 {
  const shift = field(Field.Shift);
  const pass = field(Field.Pass);
  return shift > 0 ? SHIFTS + 2 * field(Field.Operation) + shift - 1 : pass == Pass.Predict ? 0 : pass;
}

/** Which step or prediction it belongs to. */
export function stepAtHand(): u32 {
  return counted(field(Field.Pass) == Pass.Predict ? Report.Predictions : Report.Step);
}

/** Counts the circuits and shots of one evaluation of the pair at hand; booked when the step is done. */
export function countEvaluations(): void {
  const shots = field(Field.Shots);
  const circuits = <f64>(samplesInPair() * (shots > 0 ? field(Field.Settings) : 1));
  addToReport(Report.StepEvaluations, circuits);
  addToReport(Report.StepShots, circuits * shots);
}

/** The lanes are the pair of samples at hand. */
export function weighSamples(): void {
  const share = <real>1 / <real>field(Field.Count);
  const slopes = buffer(Buffer.Slopes);
  weighLanes(get(slopes, firstSample()), get(slopes, secondSample()), share, share);
}

/** The part of a gate on all states that the next kernel takes: of pairs of samples, all. @returns its work */
export function beginGate(): i32 {
  return isLaidOut() ? beginPart(gateBits()) : 1;
}

/** Whether the gate is through. */
export function endGate(): bool {
  return !isLaidOut() || endPart();
}

/** The pair at hand is done: the next one, or the end of the pass. */
export function nextPair(): void {
  if (advancePair()) {
    setField(Field.Phase, Phase.Encode);
    return;
  }
  const pass = field(Field.Pass);
  if (pass == Pass.Predict) {
    // Named, not divided: the bits of a computed not-a-number differ between engines.
    report(Report.EvaluatedLoss, sum(Sum.Labelled) > 0 ? sum(Sum.Loss) / sum(Sum.Labelled) : NaN);
    setField(Field.Phase, Phase.Idle);
  } else {
    setField(Field.Operation, 0);
    setField(Field.Phase, pass == Pass.Gradient ? Phase.Norms : Phase.Decide);
  }
}
