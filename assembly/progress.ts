/**
 * What training has done so far: the part of the state, beside the parameters, that a checkpoint
 * keeps, and the report of the latest step. Counts are exact integers of 64 bits.
 */
import { Option, Report } from "./status";
import { Buffer, IMAGE_HEADER_BYTES, REAL, REPORT, buffer, checkpointBytes, number, parameterCount } from "./memory";

/** Places in the progress record (PROGRESS_BYTES), eight bytes each. */
export enum Progress {
  Step,
  Evaluations,
  Shots,
  Violations,
  Reversals,
  /** Sum of the signed learning rates of all steps. */
  RateSum,
  /** beta1^t and beta2^t, for Adam's bias correction. */
  Beta1Power,
  Beta2Power,
  /** Running hash of the losses. */
  Trace,
}

function place(name: Progress): usize {
  return buffer(Buffer.Persistent) + IMAGE_HEADER_BYTES + (<usize>name << 3);
}

export function progressCount(name: Progress): u64 {
  return load<u64>(place(name));
}

export function addProgress(name: Progress, amount: u64): void {
  store<u64>(place(name), load<u64>(place(name)) + amount);
}

export function progressNumber(name: Progress): f64 {
  return load<f64>(place(name));
}

export function setProgressNumber(name: Progress, value: f64): void {
  store<f64>(place(name), value);
}

/** 0-based index of the step at hand, as the random streams and the schedule see it. */
export function currentStep(): u32 {
  return <u32>progressCount(Progress.Step);
}

export function report(slot: Report, value: f64): void {
  store<f64>(REPORT + ((<usize>slot) << 3), value);
}

const TRACE_START: u64 = 0xcbf29ce484222325;

/** FNV-1a (Fowler, Noll, Vo), 64 bits, over the eight bytes of a number. */
function hashNumber(hash: u64, value: f64): u64 {
  let bits = reinterpret<u64>(value);
  for (let i = 0; i < 8; i++) {
    hash = (hash ^ (bits & 0xff)) * 0x100000001b3;
    bits >>= 8;
  }
  return hash;
}

/** A fresh record: step 0, nothing spent, moments zero. */
export function startProgress(): void {
  const moments = buffer(Buffer.FirstMoment);
  const end = buffer(Buffer.Persistent) + checkpointBytes();
  for (let at = moments; at < end; at += REAL) store<real>(at, 0);
  for (let name: i32 = Progress.Step; name <= Progress.Trace; name++) store<u64>(place(name), 0);
  setProgressNumber(Progress.Beta1Power, 1);
  setProgressNumber(Progress.Beta2Power, 1);
  store<u64>(place(Progress.Trace), TRACE_START);
}

export function traceLoss(loss: real): void {
  store<u64>(place(Progress.Trace), hashNumber(progressCount(Progress.Trace), loss));
}

/** beta^(t+1) of both decays; Adam's corrections are one minus these. */
export function advanceDecays(): void {
  setProgressNumber(Progress.Beta1Power, <f64>(<real>progressNumber(Progress.Beta1Power) * number(Option.Beta1)));
  setProgressNumber(Progress.Beta2Power, <f64>(<real>progressNumber(Progress.Beta2Power) * number(Option.Beta2)));
}

/** Copies the totals into the report. */
export function reportTotals(): void {
  const steps = <f64>progressCount(Progress.Step);
  const meanRate = steps > 0 ? progressNumber(Progress.RateSum) / steps : 0;
  report(Report.Step, steps);
  report(Report.ViolationRate, steps > 0 ? <f64>progressCount(Progress.Violations) / steps : 0);
  report(Report.Reversals, <f64>progressCount(Progress.Reversals));
  report(Report.Evaluations, <f64>progressCount(Progress.Evaluations));
  report(Report.Shots, <f64>progressCount(Progress.Shots));
  report(Report.MeanRate, meanRate);
  report(Report.Alarm, meanRate < 0 ? 1 : 0);
}

/** The trace: FNV-1a over the bits of every step's loss, then of the parameters as they are now. */
function trace(): u64 {
  let hash = progressCount(Progress.Trace);
  const count = parameterCount();
  for (let i = 0; i < count; i++) hash = hashNumber(hash, load<real>(buffer(Buffer.Parameters) + <usize>i * REAL));
  return hash;
}

/** Low 32 bits of the trace; 0 before `compile`. */
export function traceLow(): i32 {
  return buffer(Buffer.Persistent) == 0 ? 0 : <i32>trace();
}

/** High 32 bits of the trace. */
export function traceHigh(): i32 {
  return buffer(Buffer.Persistent) == 0 ? 0 : <i32>(trace() >> 32);
}
