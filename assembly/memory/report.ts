/**
 * What training has done so far and what its latest step measured: the report. It lies in the persistent
 * part of the arena, so a checkpoint keeps it.
 */
import { REPORT_COUNT, Report } from '../abi/codes';
import { parameterCount } from './configuration';
import { clear, get } from './reals';
import { Buffer, Field, Stage, buffer, field } from './registers';
import { IMAGE_HEADER_BYTES, checkpointBytes } from './sizes';

/** Address of a slot. */
export function slot(name: i32): usize {
  return buffer(Buffer.Persistent) + IMAGE_HEADER_BYTES + ((<usize>name) << 3);
}

export function reported(name: Report): f64 {
  return load<f64>(slot(name));
}

export function report(name: Report, value: f64): void {
  store<f64>(slot(name), value);
}

export function addToReport(name: Report, amount: f64): void {
  report(name, reported(name) + amount);
}

/** A count of the report as the random streams see it. */
export function counted(name: Report): u32 {
  // A host may have written anything here; a conversion out of range would trap.
  const count = reported(name);
  return count >= 0 && count < 4294967296.0 ? <u32>count : 0;
}

/** 0-based index of the current step. */
export function currentStep(): u32 {
  return counted(Report.Step);
}

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
  clear(slot(0), slot(REPORT_COUNT));
  clear(buffer(Buffer.FirstMoment), buffer(Buffer.Persistent) + checkpointBytes());
  report(Report.Beta1Power, 1);
  report(Report.Beta2Power, 1);
  store<u64>(slot(Report.Trace), 0xcbf29ce484222325);
}

export function traceLoss(loss: real): void {
  store<u64>(slot(Report.Trace), hashNumber(load<u64>(slot(Report.Trace)), loss));
}

/** The trace: FNV-1a over the bits of every step's loss, then of the parameters as they are now. */
function trace(): u64 {
  if (field(Field.Stage) == Stage.Configuring) return 0;
  let hash = load<u64>(slot(Report.Trace));
  const count = parameterCount();
  for (let i = 0; i < count; i++) hash = hashNumber(hash, get(buffer(Buffer.Parameters), i));
  return hash;
}

/** Low 32 bits of the trace; 0 before `init`. */
export function traceLow(): i32 {
  return <i32>trace();
}

/** High 32 bits of the trace. */
export function traceHigh(): i32 {
  return <i32>(trace() >> 32);
}
