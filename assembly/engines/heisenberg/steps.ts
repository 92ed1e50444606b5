/**
 * A term of the observable as a list of steps on Pauli vectors, in the order in which the Heisenberg engine
 * pulls its string back through the circuit. A vector has a site for every row bit that the string has
 * reached so far; a qubit that starts in |0> leaves it with its first gate.
 *
 * A run of CNOTs often brings in qubits whose first gate is the next thing the string meets. They never become
 * sites of a vector: the step that reaches them lets them leave at once, with a product of their Bloch vectors'
 * components as the weight of each string, so that the long vector in between is not there.
 *
 * Layout of a term, at an address of its own:
 *
 *   header: number of steps u32, last vector u32, its sites u32, mask of their row bits u32, table of elements u32
 *   step: kind u8, site u8, other site u8, sites u8, gate u16, flags u16, table u32, vector u32
 *   tables: of each Clifford step where its weights are u32, the gates of the sites that leave u16 each, its numbers,
 *     u16 or where that is too short u32; then the matrix element of every string of the last vector
 *   vectors: a new one for every step that is not in place; behind it the weights of a Clifford step, and as many sums,
 *     or twice as many for displaced angles
 */
import { MAX_QUBITS, Operation } from '../../abi/codes';
import { vectorBytes } from '../../kernels/pauli-vector';
import { sweepsAngles } from '../../memory/configuration';
import { REAL, clear } from '../../memory/reals';
import { CURSOR, Field, SITES, TOUCHED, field } from '../../memory/registers';
import { MEMORY_GROWS } from '../../profile';
import { term, termX, termZ } from '../../program/observable';
import {
  GateKind,
  gateEnd,
  gateFirst,
  gateKind,
  operation,
  operationA,
  operationB,
  operationKind,
  startsItsQubits,
} from '../../program/operations';

export enum Step {
  /** A fused gate turns the letters of its site, in place. */
  Turn,
  /** A fused gate that starts its qubit in |0>, or just that start: the site leaves. */
  Contract,
  /**
   * A run of CNOTs, or a CZ: strings are permuted into a new vector, which may have more sites. Some of them may leave
   * at once, with their qubits' starts.
   */
  Clifford,
  /** One site more, with I on it, in place. */
  Grow,
  /** A rotation about XX, YY or ZZ, in place. */
  TurnPair,
}

/** The gate of a step that has none. */
export const NO_GATE: u32 = 0xffff;
/** Longer vectors are no bargain. */
const MAX_SITES: u32 = 10;
const HEADER_BYTES: usize = 32;
const STEP_BYTES: usize = 16;
/** Flag: earlier steps have changed the same vector, so the way forward has to undo this one. */
const UNDO: u32 = 0x8000;

export function stepCount(list: usize): i32 {
  return load<i32>(list);
}

/** Where a term's vector is behind all its steps. */
export function lastVector(list: usize): usize {
  return load<u32>(list, 4);
}

export function lastSites(list: usize): u32 {
  return load<u32>(list, 8);
}

/** Row bits that are sites of the last vector. */
export function lastMask(list: usize): u32 {
  return load<u32>(list, 12);
}

/**
 * Row (high half) and column of the matrix element that a string of the last vector becomes once its letters
 * are the elements 00, 01, 10 and 11 of one-qubit matrices.
 */
export function elementOf(list: usize, string: u32): u32 {
  const table = <usize>load<u32>(list, 16);
  if (MEMORY_GROWS && lastMask(list) >= 0x100) return load<u32>(table + ((<usize>string) << 2));
  const element = <u32>load<u16>(table + ((<usize>string) << 1));
  return ((element & 0xff00) << 8) | (element & 0xff);
}

export function stepOf(list: usize, index: i32): usize {
  return list + HEADER_BYTES + <usize>index * STEP_BYTES;
}

export function stepKind(step: usize): i32 {
  return load<u8>(step);
}

export function stepSite(step: usize): u32 {
  return load<u8>(step, 1);
}

export function stepOther(step: usize): u32 {
  return load<u8>(step, 2);
}

/** Sites of the vector before the step. */
export function stepSites(step: usize): u32 {
  return load<u8>(step, 3);
}

export function stepGate(step: usize): u32 {
  return load<u16>(step, 4);
}

/** Place in a run of turns of one vector, on different sites, which are differentiated together; the last pulled is the highest. */
export function placeInRun(step: usize): u32 {
  return load<u16>(step, 6) & (UNDO - 1);
}

export function mustUndo(step: usize): bool {
  return (load<u16>(step, 6) & UNDO) != 0;
}

export function stepTable(step: usize): usize {
  return load<u32>(step, 8);
}

export function stepVector(step: usize): usize {
  return load<u32>(step, 12);
}

// ---- of a Clifford step --------------------------------------------------------------------------

/** Sites that leave with the step. */
export function sitesLeaving(step: usize): u32 {
  return stepOther(step);
}

/** The gate that starts the qubit of one of them, in ascending order of sites; or `NO_GATE`. */
export function gateLeaving(step: usize, which: u32): u32 {
  return load<u16>(stepTable(step) + ((<usize>which) << 1), 4);
}

/**
 * The weights of the letters on the sites that leave, 4^k reals, the same with the other sign, and 4^k sums, twice:
 * see `kernels/pauli-vector.ts`.
 */
export function stepWeights(step: usize): usize {
  return load<u32>(stepTable(step));
}

/** Whether the table's numbers are u32: only of images, where no site leaves. */
export function isTableLong(step: usize): bool {
  return stepSite(step) != 0;
}

/**
 * Without sites that leave: the image of every string, with its sign in the lowest bit. With some: 2^b strings each have
 * the same string on the sites that stay; the list of those, and behind it, group by group, the strings that become
 * them, each with the number of its weight in the lowest 2 k + 1 bits.
 */
export function stepNumbers(step: usize): usize {
  return stepTable(step) + gatesBytes(sitesLeaving(step));
}

/** b of the groups of 2^b strings. */
export function groupBits(step: usize): u32 {
  return stepGate(step);
}

/** Bytes before a table's numbers. */
function gatesBytes(leaving: u32): u32 {
  return (4 + 2 * leaving + 3) & ~3;
}

/** The vector after a step, and its sites. */
export function resultVector(list: usize, index: i32): usize {
  return index + 1 < stepCount(list) ? stepVector(stepOf(list, index + 1)) : lastVector(list);
}

export function resultSites(list: usize, index: i32): u32 {
  return index + 1 < stepCount(list) ? stepSites(stepOf(list, index + 1)) : lastSites(list);
}

// ---- compiling -------------------------------------------------------------------------------

/** How far the compilation of a term has come, u32 each in CURSOR. */
enum Cursor {
  /** Whether anything is written, or only counted. */
  Writing,
  Steps,
  /** Next free byte for tables and for vectors. */
  Tables,
  Vectors,
  Vector,
  Sites,
  /** Turns in the current run, and the mask of their sites. */
  Run,
  RunMask,
  /** Whether the current vector was changed before that run. */
  Changed,
  /** Strings that all steps so far go through, and the most sites of any. */
  Work,
  Largest,
  List,
}

function cursor(name: Cursor): u32 {
  return load<u32>(CURSOR + ((<usize>name) << 2));
}

function setCursor(name: Cursor, value: u32): void {
  store<u32>(CURSOR + ((<usize>name) << 2), value);
}

function siteOf(bit: u32): i32 {
  for (let site = <i32>cursor(Cursor.Sites) - 1; site >= 0; site--)
    if (load<u8>(SITES + site) == bit) return site;
  return -1;
}

/** The site of a row bit, a new one if need be. */
function reach(bit: u32): u32 {
  const site = siteOf(bit);
  if (site >= 0) return site;
  const sites = cursor(Cursor.Sites);
  if (sites < MAX_SITES + 1) store<u8>(SITES + sites, <u8>bit);
  setCursor(Cursor.Sites, min(sites + 1, MAX_SITES + 1));
  return sites;
}

function leave(site: u32): void {
  const sites = cursor(Cursor.Sites) - 1;
  for (let s = site; s < sites; s++) store<u8>(SITES + s, load<u8>(SITES + s, 1));
  setCursor(Cursor.Sites, sites);
}

/** The vectors grow where they are; a new one starts behind. */
function openVector(): void {
  setCursor(Cursor.Vector, cursor(Cursor.Vectors));
  extendVector();
  setCursor(Cursor.Run, 0);
  setCursor(Cursor.RunMask, 0);
  setCursor(Cursor.Changed, 0);
}

function extendVector(): void {
  const bytes = max<usize>(vectorBytes(cursor(Cursor.Sites)), 16);
  setCursor(Cursor.Largest, max(cursor(Cursor.Largest), cursor(Cursor.Sites)));
  setCursor(Cursor.Vectors, cursor(Cursor.Vector) + <u32>bytes);
}

function emit(kind: Step, sites: u32, site: u32, other: u32, gate: u32, flags: u32): void {
  const index = cursor(Cursor.Steps);
  setCursor(Cursor.Steps, index + 1);
  setCursor(Cursor.Work, cursor(Cursor.Work) + (1 << (2 * sites)));
  if (cursor(Cursor.Writing) == 0) return;
  const step = stepOf(cursor(Cursor.List), index);
  store<u32>(step, kind | (site << 8) | (other << 16) | (sites << 24));
  store<u32>(step, gate | (flags << 16), 4);
  store<u32>(step, cursor(Cursor.Tables), 8);
  store<u32>(step, cursor(Cursor.Vector), 12);
}

/** A step in place: ends the run of turns. */
function emitInPlace(kind: Step, sites: u32, site: u32, other: u32, gate: u32): void {
  const changed = cursor(Cursor.Changed) | cursor(Cursor.Run);
  emit(kind, sites, site, other, gate, changed != 0 ? UNDO : 0);
  setCursor(Cursor.Changed, 1);
  setCursor(Cursor.Run, 0);
  setCursor(Cursor.RunMask, 0);
}

function emitTurn(site: u32, gate: u32): void {
  if (((cursor(Cursor.RunMask) >> site) & 1) != 0) {
    setCursor(Cursor.Changed, 1);
    setCursor(Cursor.Run, 0);
    setCursor(Cursor.RunMask, 0);
  }
  const place = cursor(Cursor.Run);
  emit(Step.Turn, cursor(Cursor.Sites), site, 0, gate, cursor(Cursor.Changed) != 0 ? place | UNDO : place);
  setCursor(Cursor.Run, place + 1);
  setCursor(Cursor.RunMask, cursor(Cursor.RunMask) | (1 << site));
}

function emitContract(site: u32, gate: u32): void {
  emit(Step.Contract, cursor(Cursor.Sites), site, 0, gate, 0);
  leave(site);
  openVector();
}

function letter(x: u32, z: u32): u32 {
  return x != 0 ? 1 + z : 3 * z;
}

/**
 * A string under conjugation by CNOT or CZ, with the sign in the top bit (Aaronson and Gottesman, "Improved
 * simulation of stabilizer circuits", 2004).
 */
function conjugate(image: u32, kind: i32, siteA: u32, siteB: u32): u32 {
  const a = (image >> (2 * siteA)) & 3;
  const b = (image >> (2 * siteB)) & 3;
  let xa: u32 = a == 1 || a == 2 ? 1 : 0;
  let za: u32 = a >> 1;
  let xb: u32 = b == 1 || b == 2 ? 1 : 0;
  let zb: u32 = b >> 1;
  let sign: u32 = 0;
  if (kind == Operation.CNOT) {
    sign = xa & zb & (xb ^ za ^ 1);
    xb ^= xa;
    za ^= zb;
  } else {
    sign = xa & xb & (za ^ zb);
    za ^= xb;
    zb ^= xa;
  }
  const rest = image & ~(((<u32>3) << (2 * siteA)) | ((<u32>3) << (2 * siteB)));
  return (rest | (letter(xa, za) << (2 * siteA)) | (letter(xb, zb) << (2 * siteB))) ^ (sign << 31);
}

/** Notes for every row bit the first gate that it meets, and the second, u16 each in TOUCHED; `NO_GATE` without. */
function noteGates(): void {
  for (let bit: usize = 0; bit < <usize>MAX_QUBITS; bit++) store<u32>(TOUCHED + (bit << 2), 0xffffffff);
  for (let gate = field(Field.GateCount) - 1; gate >= 0; gate--) {
    const end = gateEnd(gate);
    for (let i = gateFirst(gate); i < end; i++) {
      touch(operationA(operation(i)), gate);
      touch(operationB(operation(i)), gate);
    }
  }
}

function touch(bit: u32, gate: u32): void {
  const at = TOUCHED + ((<usize>bit) << 2);
  const first = load<u16>(at);
  if (first == gate) return;
  store<u16>(at, first, 2);
  store<u16>(at, <u16>gate);
}

/** Whether the qubit of a row bit has nothing between its start in |0>, or the one gate that it meets there, and `gate`. */
function isStartBefore(bit: u32, gate: u32): bool {
  const at = TOUCHED + ((<usize>bit) << 2);
  const first = load<u16>(at);
  // A list of all gates is shorter than NO_GATE.
  return first >= gate || (load<u16>(at, 2) >= gate && gateKind(first) == GateKind.Unitary);
}

/**
 * Sites that leave with a Clifford gate as soon as they are reached, as a mask: their qubits start in |0>, and meet one
 * gate of their own at most before it.
 */
function sitesToLeave(gate: u32, fixed: u32, before: u32): u32 {
  let mask: u32 = 0;
  for (let site = cursor(Cursor.Sites); site-- > 0;) {
    const bit = load<u8>(SITES + site);
    // A string and its weight have to fit into 16 bits: the rest leaves later.
    const room = 2 * (before + popcnt<u32>(mask)) + 3 <= 16;
    if (room && bit >= fixed && isStartBefore(bit, gate)) mask |= 1 << site;
  }
  return mask;
}

/** Whether an image that no site leaves takes more than 16 bits with its sign. No vector of one page is so long. */
function isLong(leaving: u32): bool {
  return MEMORY_GROWS && leaving == 0 && 2 * cursor(Cursor.Sites) + 1 > 16;
}

/** Number i of a table. */
function putNumber(table: usize, long: bool, i: u32, value: u32): void {
  if (MEMORY_GROWS && long) store<u32>(table + ((<usize>i) << 2), value);
  else store<u16>(table + ((<usize>i) << 1), <u16>value);
}

/**
 * The table of a Clifford gate: the gates that let sites leave, and where the strings on the first `sites` sites go
 * under a run of CNOTs, or a CZ. The last step emitted is the gate's.
 */
function writeTable(gate: i32, sites: u32, leaving: u32): void {
  const all = cursor(Cursor.Sites);
  const k = popcnt<u32>(leaving);
  const table: usize = cursor(Cursor.Tables);
  store<u32>(table, cursor(Cursor.Vectors));
  let gates = table + 4;
  for (let site: u32 = 0; site < all; site++) {
    if (((leaving >> site) & 1) == 0) continue;
    const start = load<u16>(TOUCHED + ((<usize>load<u8>(SITES + site)) << 2));
    store<u16>(gates, <u32>start < <u32>gate ? start : <u16>NO_GATE);
    gates += 2;
  }
  const numbers = table + gatesBytes(k);
  const strings = (<u32>1) << (2 * sites);
  if (k == 0) {
    for (let string: u32 = 0; string < strings; string++)
      putNumber(numbers, isLong(0), string, partLetters(imageUnder(gate, string), all, 0));
    return;
  }
  // The vectors are not in use yet: the images go where the one before the step will be, and for every string on the
  // sites that stay, the number of images, then their place in the table, where the one after it will be.
  const images: usize = cursor(Cursor.Vector);
  const places: usize = cursor(Cursor.Vectors) + weightsBytes(k);
  const shift = 2 * k + 1;
  const targets = (<u32>1) << (2 * (all - k));
  clear(places, places + ((<usize>targets) << 2));
  for (let string: u32 = 0; string < strings; string++) {
    const image = partLetters(imageUnder(gate, string), all, leaving);
    const count = places + ((<usize>(image >> shift)) << 2);
    store<u32>(images + ((<usize>string) << 2), image);
    store<u32>(count, load<u32>(count) + 1);
  }
  // The images are a group, so that all that there are have equally many strings: as many as that of I.
  const size = load<u32>(places);
  const groups = strings / size;
  let group: u32 = 0;
  for (let target: u32 = 0; target < targets; target++) {
    const count = places + ((<usize>target) << 2);
    if (load<u32>(count) == 0) continue;
    putNumber(numbers, false, group, target);
    store<u32>(count, groups + size * group);
    group++;
  }
  for (let string: u32 = 0; string < strings; string++) {
    const image = load<u32>(images + ((<usize>string) << 2));
    const place = places + ((<usize>(image >> shift)) << 2);
    const weight = image & (((<u32>1) << shift) - 1);
    putNumber(numbers, false, load<u32>(place), (string << shift) | weight);
    store<u32>(place, load<u32>(place) + 1);
  }
  store<u16>(stepOf(cursor(Cursor.List), cursor(Cursor.Steps) - 1), <u16>ctz<u32>(size), 4);
}

/** The image of a string under a run of CNOTs, or a CZ, with the sign in the top bit. */
function imageUnder(gate: i32, string: u32): u32 {
  const first = gateFirst(gate);
  let image = string;
  for (let i = gateEnd(gate) - 1; i >= first; i--) {
    const record = operation(i);
    const a = siteOf(operationA(record));
    const b = siteOf(operationB(record));
    if (a >= 0 && b >= 0) image = conjugate(image, operationKind(record), a, b);
  }
  return image;
}

/** Bytes of a Clifford step's weights, and of the sums behind them, with k sites that leave. */
function weightsBytes(k: u32): u32 {
  const reals: u32 = sweepsAngles() ? 6 : 4;
  return (reals * <u32>REAL) << (2 * k);
}

/** Letters of the sites that stay, then the sign, then the letters of those that leave. */
function partLetters(image: u32, sites: u32, leaving: u32): u32 {
  const below = 2 * popcnt<u32>(leaving);
  let parted = (image >> 31) << below;
  let low: u32 = 0;
  let high = below + 1;
  for (let site: u32 = 0; site < sites; site++) {
    const letters = (image >> (2 * site)) & 3;
    if (((leaving >> site) & 1) != 0) {
      parted |= letters << low;
      low += 2;
    } else {
      parted |= letters << high;
      high += 2;
    }
  }
  return parted;
}

function compileClifford(gate: i32, fixed: u32): void {
  const before = cursor(Cursor.Sites);
  const first = gateFirst(gate);
  let reached = false;
  for (let i = gateEnd(gate) - 1; i >= first; i--) {
    const a = operationA(operation(i));
    const b = operationB(operation(i));
    if (siteOf(a) < 0 && siteOf(b) < 0) continue;
    reach(a);
    reach(b);
    reached = true;
  }
  if (!reached || cursor(Cursor.Sites) > MAX_SITES) return;
  const leaving = sitesToLeave(gate, fixed, before);
  const count = popcnt<u32>(leaving);
  const long = isLong(count);
  emit(Step.Clifford, before, <u32>long, count, 0, 0);
  if (cursor(Cursor.Writing) != 0) writeTable(gate, before, leaving);
  // As many numbers as strings, and as targets, which there are at most as many of.
  let numbers = (<u32>1) << (2 * before);
  if (count > 0) numbers += (<u32>1) << (2 * min(before, cursor(Cursor.Sites) - count));
  const bytes = gatesBytes(count) + (long ? 4 : 2) * numbers;
  setCursor(Cursor.Tables, (cursor(Cursor.Tables) + bytes + 3) & ~3);
  setCursor(Cursor.Vectors, cursor(Cursor.Vectors) + weightsBytes(count));
  for (let site = cursor(Cursor.Sites); site-- > 0;) if (((leaving >> site) & 1) != 0) leave(site);
  openVector();
}

function compilePair(gate: i32): void {
  const a = operationA(operation(gateFirst(gate)));
  const b = operationB(operation(gateFirst(gate)));
  const before = cursor(Cursor.Sites);
  if (siteOf(a) < 0 && siteOf(b) < 0) return;
  const siteA = reach(a);
  const siteB = reach(b);
  if (cursor(Cursor.Sites) > MAX_SITES) return;
  if (cursor(Cursor.Sites) > before) {
    emitInPlace(Step.Grow, before, 0, 0, NO_GATE);
    extendVector();
  }
  emitInPlace(Step.TurnPair, cursor(Cursor.Sites), siteA, siteB, gate);
}

/** Walks one term back through the gates. @param fixed row bits from this one on start in |0> */
function walk(index: i32, fixed: u32): void {
  const mask = termX(term(index)) | termZ(term(index));
  setCursor(Cursor.Steps, 0);
  setCursor(Cursor.Sites, 0);
  noteGates();
  for (let bits = mask; bits > 0; bits &= bits - 1) reach(ctz<u32>(bits));
  if (cursor(Cursor.Sites) > MAX_SITES) return;
  openVector();
  for (let gate = field(Field.GateCount) - 1; gate >= 0; gate--) {
    const kind = gateKind(gate);
    if (kind == GateKind.Unitary) {
      const bit = operationA(operation(gateFirst(gate)));
      const site = siteOf(bit);
      if (site < 0) continue;
      if (startsItsQubits(gate) && bit >= fixed) emitContract(site, gate);
      else emitTurn(site, gate);
    } else if (kind == GateKind.PauliRotation) {
      compilePair(gate);
    } else {
      compileClifford(gate, fixed);
    }
    if (cursor(Cursor.Sites) > MAX_SITES) return;
  }
  for (let site = <i32>cursor(Cursor.Sites) - 1; site >= 0; site--) {
    if (load<u8>(SITES + site) >= fixed) emitContract(site, NO_GATE);
  }
}

/** Row bits of the sites that there are now. */
function maskOfSites(): u32 {
  let mask: u32 = 0;
  for (let site = cursor(Cursor.Sites); site-- > 0;) mask |= 1 << load<u8>(SITES + site);
  return mask;
}

/** Appends the table of elements of the last vector's strings: see `elementOf`. */
function addElements(): void {
  const sites = cursor(Cursor.Sites);
  // In one page there is no matrix over more than 8 bits.
  const half: u32 = MEMORY_GROWS && maskOfSites() >= 0x100 ? 16 : 8;
  let at: usize = cursor(Cursor.Tables);
  setCursor(Cursor.Tables, <u32>at + ((half >> 2) << (2 * sites)));
  if (cursor(Cursor.Writing) == 0) return;
  for (let string: u32 = 0; string < (<u32>1) << (2 * sites); string++) {
    let element: u32 = 0;
    for (let site: u32 = 0; site < sites; site++) {
      const bit = load<u8>(SITES + site);
      element |= ((string >> (2 * site)) & 1) << bit;
      element |= ((string >> (2 * site + 1)) & 1) << (bit + half);
    }
    if (half == 8) store<u16>(at, <u16>element);
    else store<u32>(at, element);
    at += half >> 2;
  }
}

/**
 * Bytes that a term takes as a list of steps with its tables and vectors; 0 when it reaches too many qubits.
 * @param fixed as `walk`
 */
export function measureSteps(index: i32, fixed: u32): usize {
  setCursor(Cursor.Writing, 0);
  setCursor(Cursor.Tables, 0);
  setCursor(Cursor.Vectors, 0);
  setCursor(Cursor.Work, 0);
  setCursor(Cursor.Largest, 0);
  walk(index, fixed);
  if (cursor(Cursor.Sites) > MAX_SITES) return 0;
  addElements();
  const tables = (cursor(Cursor.Tables) + 15) & ~15;
  return HEADER_BYTES + <usize>cursor(Cursor.Steps) * STEP_BYTES + tables + cursor(Cursor.Vectors);
}

/** Strings that the steps of the term last measured go through. */
export function measuredWork(): u32 {
  return cursor(Cursor.Work);
}

/** Most sites of any vector of the term last measured. */
export function measuredSites(): u32 {
  return cursor(Cursor.Largest);
}

/** Writes a term's list to an address with room for it. @returns the first address behind all of it */
export function writeSteps(index: i32, fixed: u32, list: usize): usize {
  measureSteps(index, fixed);
  const tables = <u32>(list + HEADER_BYTES + <usize>cursor(Cursor.Steps) * STEP_BYTES);
  setCursor(Cursor.Vectors, tables + ((cursor(Cursor.Tables) + 15) & ~15));
  setCursor(Cursor.Tables, tables);
  setCursor(Cursor.Writing, 1);
  setCursor(Cursor.List, <u32>list);
  walk(index, fixed);
  const sites = cursor(Cursor.Sites);
  store<u32>(list, cursor(Cursor.Steps));
  store<u32>(list, cursor(Cursor.Vector), 4);
  store<u32>(list, sites, 8);
  store<u32>(list, maskOfSites(), 12);
  store<u32>(list, cursor(Cursor.Tables), 16);
  addElements();
  return cursor(Cursor.Vectors);
}
