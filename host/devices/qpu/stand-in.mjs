/**
 * A stand-in for a quantum processor: a program that reads circuits from its input, a line each, runs and measures
 * them on a state vector of its own, and writes counts to its output. The protocol is in README.md.
 *
 *   node stand-in.mjs [--seed S] [--latency MS] [--fail-every K] [--wrong-every K] [--stale-every K] [--hang-after K]
 *                     [--die-after K]
 *
 * --seed        of its draws, default 1. The same circuit gets the same counts, in every life of the process, so
 *               that a training can be repeated; a real processor would not do that.
 * --latency     milliseconds before each answer, default 0
 * --fail-every  every K-th question is answered by an error
 * --wrong-every every K-th question gets counts that do not sum to the shots
 * --stale-every every K-th answer comes behind the one before it once more
 * --hang-after  from the K-th question on nothing is answered
 * --die-after   the K-th question ends the process, in the middle of the answer, with status 3
 */
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';

/** Pauli letters on the first and the second qubit of each rotation. */
const ROTATIONS = { rx: 'X', ry: 'Y', rz: 'Z', rxx: 'XX', ryy: 'YY', rzz: 'ZZ' };
/** On how many qubits a gate is. */
const WIDTHS = { rx: 1, ry: 1, rz: 1, rxx: 2, ryy: 2, rzz: 2, cnot: 2, cz: 2 };
/** What it takes on: its state vector is in memory, its shots are drawn one by one. */
const MOST_QUBITS = 16;
const MOST_SHOTS = 1e7;
const MOST_OPERATIONS = 1e5;

/** A state vector; qubit q is bit q of the index, and with that of the outcome. */
class State {
  constructor(qubits) {
    this.re = new Float64Array(2 ** qubits);
    this.im = new Float64Array(2 ** qubits);
    this.re[0] = 1;
  }

  /** exp(-i angle/2 P) for a Pauli string P, a letter for each of the given qubits. */
  rotate(letters, qubits, angle) {
    const { re, im } = this;
    const [oldRe, oldIm] = [re.slice(), im.slice()];
    const [cosine, sine] = [Math.cos(angle / 2), Math.sin(angle / 2)];
    for (let index = 0; index < re.length; index++) {
      // P takes the amplitude at `from` here, times a power of i.
      let from = index;
      let quarters = 0;
      for (const [place, qubit] of qubits.entries()) {
        const bit = (index >> qubit) & 1;
        if (letters[place] !== 'Z') from ^= 1 << qubit;
        if (letters[place] === 'Z') quarters += 2 * bit;
        if (letters[place] === 'Y') quarters += bit ? 1 : 3;
      }
      // -i sin(angle/2) i^quarters
      const turn = (quarters + 3) % 4;
      const [x, y] = [
        [oldRe[from], oldIm[from]],
        [-oldIm[from], oldRe[from]],
        [-oldRe[from], -oldIm[from]],
        [oldIm[from], -oldRe[from]],
      ][turn];
      re[index] = cosine * oldRe[index] + sine * x;
      im[index] = cosine * oldIm[index] + sine * y;
    }
  }

  /** CNOT or CZ. */
  control(gate, control, target) {
    const { re, im } = this;
    for (let index = 0; index < re.length; index++) {
      if (((index >> control) & 1) === 0 || ((index >> target) & 1) === 0) continue;
      if (gate === 'cz') {
        re[index] = -re[index];
        im[index] = -im[index];
      } else {
        const other = index ^ (1 << target);
        [re[index], re[other]] = [re[other], re[index]];
        [im[index], im[other]] = [im[other], im[index]];
      }
    }
  }

  /** Starts in amplitudes proportional to some numbers, in which qubit 0 is the most significant bit. */
  load(values, qubits) {
    const norm = Math.hypot(...values);
    this.re.fill(0);
    for (const [place, value] of values.entries()) {
      let index = 0;
      for (let qubit = 0; qubit < qubits; qubit++) index |= ((place >> (qubits - 1 - qubit)) & 1) << qubit;
      this.re[index] = value / norm;
    }
  }
}

/** Reads a line. @throws Error saying what is wrong with it */
function parse(line) {
  const words = line.trim().split(/\s+/);
  const next = () => {
    if (words.length === 0) throw new Error('the line ends too early');
    return words.shift();
  };
  const number = () => {
    const value = Number(next());
    if (!Number.isFinite(value)) throw new Error('a number is expected');
    return value;
  };
  const wholeUpTo = (most) => {
    const word = next();
    if (!/^\d+$/.test(word) || Number(word) > most)
      throw new Error(`a whole number up to ${most} is expected`);
    return Number(word);
  };
  if (next() !== 'ask') throw new Error("'ask' is expected");
  const id = wholeUpTo(Number.MAX_SAFE_INTEGER);
  const shots = wholeUpTo(MOST_SHOTS);
  const bases = next();
  if (!/^[IXYZ]+$/.test(bases) || bases.length > MOST_QUBITS)
    throw new Error(`a letter I, X, Y or Z for each of at most ${MOST_QUBITS} qubits is expected`);
  const features = Array.from({ length: wholeUpTo(2 ** bases.length) }, number);
  if (features.length > 0 && !(Math.hypot(...features) > 0)) throw new Error('the features are all zero');
  const operations = Array.from({ length: wholeUpTo(MOST_OPERATIONS) }, () => ({
    gate: next(),
    qubits: [wholeUpTo(MOST_QUBITS), wholeUpTo(MOST_QUBITS)],
    angle: number(),
  }));
  for (const operation of operations) {
    const { gate, qubits } = operation;
    if (!Object.hasOwn(WIDTHS, gate)) throw new Error(`there is no gate ${gate}`);
    const width = WIDTHS[gate];
    operation.qubits = qubits.slice(0, width);
    const placed = operation.qubits.every((qubit) => qubit < bases.length);
    if (!placed || new Set(operation.qubits).size < width) throw new Error(`${gate} is on no such qubits`);
  }
  if (words.length > 0) throw new Error('the line is too long');
  return { id, shots, bases, features, operations };
}

/** Runs a circuit. @returns the chance of every outcome */
function run({ bases, features, operations }) {
  const qubits = bases.length;
  const state = new State(qubits);
  if (features.length > 0) state.load(features, qubits);
  for (const { gate, qubits: on, angle } of operations) {
    if (gate === 'cnot' || gate === 'cz') state.control(gate, ...on);
    else state.rotate(ROTATIONS[gate], on, angle);
  }
  // X and Y are turned to Z.
  for (const [qubit, basis] of [...bases].entries()) {
    if (basis === 'X') state.rotate('Y', [qubit], -Math.PI / 2);
    if (basis === 'Y') state.rotate('X', [qubit], Math.PI / 2);
  }
  return state.re.map((re, index) => re * re + state.im[index] ** 2);
}

/** A text's 32-bit FNV-1a hash. */
function hash(text) {
  let value = 0x811c9dc5;
  for (const character of text) value = Math.imul(value ^ character.charCodeAt(0), 0x01000193);
  return value >>> 0;
}

/** Uniform numbers in [0, 1): mulberry32. */
function uniforms(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Measures. @returns counts by outcomes */
function measure(chances, shots, uniform) {
  const counts = new Map();
  for (let shot = 0; shot < shots; shot++) {
    let left = uniform();
    let outcome = 0;
    while (outcome < chances.length - 1 && left >= chances[outcome]) left -= chances[outcome++];
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  }
  return counts;
}

const whole = (name) => {
  const value = Number(values[name]);
  if (Number.isInteger(value) && value >= 0) return value;
  process.stderr.write(`stand-in: --${name} takes a whole number\n`);
  process.exit(2);
};
/** The options. Ends the program on one that there is not. */
function options() {
  try {
    return parseArgs({
      options: {
        seed: { type: 'string', default: '1' },
        latency: { type: 'string', default: '0' },
        'fail-every': { type: 'string', default: '0' },
        'wrong-every': { type: 'string', default: '0' },
        'die-after': { type: 'string', default: '0' },
        'hang-after': { type: 'string', default: '0' },
        'stale-every': { type: 'string', default: '0' },
      },
    }).values;
  } catch (error) {
    process.stderr.write(`stand-in: ${error.message}\n`);
    return process.exit(2);
  }
}
const values = options();
const [seed, latency] = [whole('seed'), whole('latency')];
const [failEvery, wrongEvery, staleEvery] = ['fail-every', 'wrong-every', 'stale-every'].map(whole);
const [dieAfter, hangAfter] = ['die-after', 'hang-after'].map(whole);

let questions = 0;
/** The last answer, to be given once more as a late one. */
let previous = 'error 0 nothing was asked yet';
const every = (count) => count > 0 && questions % count === 0;

/** The answer to a line. */
function answer(line) {
  const id = line.trim().split(/\s+/)[1] ?? '0';
  if (every(failEvery)) return `error ${id} the processor is being calibrated`;
  try {
    const question = parse(line);
    // All of the question but its number decides on the draws.
    const uniform = uniforms(hash(JSON.stringify([seed, { ...question, id: undefined }])));
    const shots = every(wrongEvery) ? question.shots - 1 : question.shots;
    const counts = [...measure(run(question), shots, uniform)];
    return `counts ${id} ${counts.length} ${counts.map((pair) => pair.join(' ')).join(' ')}`;
  } catch (error) {
    return `error ${id} ${error.message}`;
  }
}

// Nobody listens any more.
process.stdout.on('error', () => process.exit());
for await (const line of createInterface({ input: process.stdin })) {
  questions += 1;
  if (latency > 0) await sleep(latency);
  // Its input is still open, but nothing comes any more.
  if (hangAfter > 0 && questions >= hangAfter) continue;
  const text = answer(line);
  if (every(staleEvery)) process.stdout.write(`${previous}\n`);
  previous = text;
  if (questions === dieAfter) {
    process.stdout.write(text.slice(0, text.length / 2), () => process.exit(3));
    break;
  }
  process.stdout.write(`${text}\n`);
}
