/**
 * A term's Pauli string on its way back through the circuit: launched at the end, pulled step by step, each a series
 * of kernels over the strings of a vector, which are cut into slices where the allowance of work is short.
 */
import {
  beginWeights,
  clearVector,
  closeWeights,
  contractSite,
  extendWeights,
  scatterGroups,
  scatterImages,
  turnPair,
  turnSite,
} from '../../kernels/pauli-vector';
import { isLastSlice, sliceEnd, sliceFrom } from '../../kernels/slices';
import { REAL, clear, get, put } from '../../memory/reals';
import { Buffer, COSINE_SINE, ENVIRONMENT, Field, buffer, field } from '../../memory/registers';
import { term, termX, termZ } from '../../program/observable';
import {
  Step,
  gateLeaving,
  groupBits,
  isTableLong,
  resultSites,
  resultVector,
  sitesLeaving,
  stepGate,
  stepKind,
  stepNumbers,
  stepOf,
  stepOther,
  stepSite,
  stepSites,
  stepVector,
  stepWeights,
} from './steps';
import { axisOf, blochOf, readyPair, readyTurn, readyUp, turnOf } from './turns';

/** Strings of a vector that are one unit of work: 2^4. */
const UNIT_BITS = 4;

/** A kernel over all strings of a vector is cut into 2^b slices. */
export function stringBits(sites: u32): i32 {
  return max(0, <i32>(2 * sites) - UNIT_BITS);
}

/** The list of steps of a term. */
export function termSteps(index: i32): usize {
  return load<u32>(buffer(Buffer.Steps) + ((<usize>index) << 2));
}

// ---- the launch ----------------------------------------------------------------------------------

/** Kernels that launch a term: with the first one, the turns of all gates. */
export function launchKernels(index: i32): i32 {
  return index == 0 ? field(Field.GateCount) + 1 : 1;
}

/** One of them is cut into 2^b slices. */
export function launchBits(index: i32, kernel: i32): i32 {
  return kernel + 1 < launchKernels(index) ? 0 : stringBits(resultSites(termSteps(index), -1));
}

/** One of them; the last puts the term's string at the end of the circuit. */
export function launchKernel(index: i32, kernel: i32): void {
  if (kernel + 1 < launchKernels(index)) {
    readyTurn(kernel);
    return;
  }
  const record = term(index);
  const list = termSteps(index);
  const vector = resultVector(list, -1);
  clearVector(vector, resultSites(list, -1));
  if (!isLastSlice()) return;
  readyUp();
  let string = 0;
  let site = 0;
  for (let bits = termX(record) | termZ(record); bits > 0; bits &= bits - 1) {
    const x = termX(record) & bits & (0 - bits);
    const z = termZ(record) & bits & (0 - bits);
    string |= (x != 0 ? (z != 0 ? 2 : 1) : 3) << (2 * site++);
  }
  put(vector, string, 1);
}

// ---- one step back -------------------------------------------------------------------------------

/** Kernels of one step of the way back. */
export function pullKernels(step: usize): i32 {
  if (stepKind(step) != Step.Clifford) return 1;
  return sitesLeaving(step) > 0 ? 4 : 2;
}

/** One of them is cut into 2^b slices. */
export function pullBits(list: usize, at: i32, kernel: i32): i32 {
  const step = stepOf(list, at);
  const left = pullKernels(step) - kernel;
  if (left == 1) return stringBits(stepKind(step) == Step.Grow ? resultSites(list, at) : stepSites(step));
  return left == 2 ? stringBits(resultSites(list, at)) : 0;
}

/** Work of one step of the way back, in units of `stepAdvance`. */
export function pullWork(list: usize, at: i32): i32 {
  let work = 0;
  for (let kernel = pullKernels(stepOf(list, at)) - 1; kernel >= 0; kernel--)
    work += 1 << pullBits(list, at, kernel);
  return work;
}

/** The weights of letters that leave with a Clifford gate. */
function readyWeights(step: usize): void {
  const weights = stepWeights(step);
  const leaving = sitesLeaving(step);
  beginWeights(weights);
  for (let site: u32 = 0; site < leaving; site++)
    extendWeights(weights, site, blochOf(gateLeaving(step, site)));
}

/** Pulls a term back by one kernel of one step. */
export function pullKernel(list: usize, at: i32, kernel: i32): void {
  const step = stepOf(list, at);
  const kind = stepKind(step);
  const gate = stepGate(step);
  const sites = stepSites(step);
  const vector = stepVector(step);
  const to = resultVector(list, at);
  if (kind == Step.Turn) {
    turnSite(vector, sites, stepSite(step), turnOf(gate), false);
  } else if (kind == Step.Contract) {
    contractSite(to, vector, sites, stepSite(step), blochOf(gate));
  } else if (kind == Step.Clifford) {
    pullClifford(step, to, resultSites(list, at), kernel);
  } else if (kind == Step.Grow) {
    const bits = 2 * resultSites(list, at);
    const from = max((<u32>1) << (2 * sites), sliceFrom(bits));
    const end = sliceEnd(bits);
    if (from < end) clear(vector + <usize>from * REAL, vector + <usize>end * REAL);
  } else {
    readyPair(gate);
    const c = get(COSINE_SINE, 0);
    const s = get(COSINE_SINE, 1);
    turnPair(vector, sites, stepSite(step), stepOther(step), axisOf(gate), c, s, vector, ENVIRONMENT);
  }
}

/** Its weights, and where sites leave, their signs; the result cleared, and every string put there. */
function pullClifford(step: usize, to: usize, sitesAfter: u32, kernel: i32): void {
  const left = pullKernels(step) - kernel;
  const leaving = sitesLeaving(step);
  const weights = stepWeights(step);
  const vector = stepVector(step);
  const sites = stepSites(step);
  const numbers = stepNumbers(step);
  const long = isTableLong(step);
  if (left == 4) readyWeights(step);
  else if (left == 3) closeWeights(weights, leaving);
  else if (left == 2) clearVector(to, sitesAfter);
  else if (leaving == 0) scatterImages(to, vector, sites, numbers, long);
  else scatterGroups(to, vector, sites, numbers, groupBits(step), leaving, weights);
}
