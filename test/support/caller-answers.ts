/**
 * Answers to the questions of a core: the very counts that its built-in simulator would have drawn, from dense
 * matrices and the oracle's streams, or whatever a test makes of them.
 */
import assert from 'node:assert/strict';
import { Gradient, Status, Answerer } from '../../assembly/abi/codes.ts';
import { Core } from '../../host/core/core.ts';
import { amplitudes, type Question, readQuestion } from '../../host/qpu/question.ts';
import { type CoreTraining, isSingle, Machine, ok, wanted } from './core-harness.ts';
import * as oracle from './oracle/index.ts';

/** Builds in which the caller can measure. */
export const ASKING_BUILDS = wanted(['release', 'device-fast', 'debug', 'device-fast-f32']);

/** Options of a training whose caller measures. */
export function asked(training: Partial<CoreTraining>): Partial<CoreTraining> {
  return { gradient: Gradient.ParameterShift, ...training, answerer: Answerer.Caller };
}

/** The question that stands. */
export function questionOf({ abi }: Machine): Question {
  return readQuestion(new Core(abi, Number.NaN));
}

const KINDS = ['rx', 'ry', 'rz', 'rxx', 'ryy', 'rzz', 'cnot', 'cz'];

/** The state that a question's circuit prepares, by dense matrices. */
export function stateOf(question: Question): oracle.State {
  const re = amplitudes(question);
  return question.operations.reduce(
    (state, { gate, qubits: [a, b], angle }) => {
      const op = { kind: KINDS.indexOf(gate), a, b, source: 0, index: 0, scale: 1, offset: 0 };
      return oracle.apply(oracle.operationMatrix(question.qubits, op, angle), state);
    },
    { re, im: new Float64Array(re.length) } as oracle.State,
  );
}

/** The masks of the letters that a question asks for. */
export function masksOf({ bases }: Question): { xMask: number; zMask: number } {
  const mask = (letters: string) =>
    bases.reduce((sum, letter, qubit) => sum + (letters.includes(letter) ? 2 ** qubit : 0), 0);
  return { xMask: mask('XY'), zMask: mask('YZ') };
}

/** An amplitude's index, in which qubit 0 is the first bit, as an outcome, in which it is the last; and back. */
export function reversed(index: number, qubits: number): number {
  let mask = 0;
  for (let q = 0; q < qubits; q++) mask |= ((index >> (qubits - 1 - q)) & 1) << q;
  return mask;
}

/** What the built-in simulator would have measured. */
export function simulatedCounts(
  { model, training, build }: Pick<Machine, 'model' | 'training' | 'build'>,
  question: Question,
  purpose?: number,
  step = question.step - 1,
): Map<number, number> {
  const { qubits, shots, sample, evaluation } = question;
  const state = stateOf(question);
  const streams = oracle.shotStreams(training.seed, sample, step, evaluation, purpose);
  if (oracle.sharesBitstrings(model)) {
    const chances = Array.from(state.re, (re, i) => re * re + state.im[i] * state.im[i]);
    const rounded = isSingle(build) ? Math.fround : Number;
    const counts = oracle.bitstringCounts(streams, shots, chances, 0, rounded);
    return new Map(counts.flatMap((count, i) => (count === 0 ? [] : [[reversed(i, qubits), count]])));
  }
  const { xMask, zMask } = masksOf(question);
  const same = model.terms.flatMap((term, t) => (term.xMask === xMask && term.zMask === zMask ? [t] : []));
  assert.equal(same.length, 1, 'one term has these letters');
  const value = oracle.termExpectation(state, { output: 0, xMask, zMask, coefficient: 1 });
  const even = oracle.binomialDraw(streams.term(same[0]), shots, (1 + value) / 2);
  // One outcome of each parity.
  const odd = (xMask | zMask) & -(xMask | zMask);
  return new Map([
    [0, even],
    [odd, shots - even],
  ]);
}

/** Tells counts, every one in two parts. */
export function tellAll({ abi }: Machine, counts: Iterable<readonly [number, number]>): void {
  for (const [outcome, count] of counts) {
    ok(abi.tell(outcome, count >> 1), 'tell');
    ok(abi.tell(outcome, count - (count >> 1)), 'tell');
  }
}

/** What answers a question: it tells counts, or goes wrong about it. */
export type Teller = (machine: Machine, question: Question) => void;

/** Tells what the simulator would have measured. */
export const honest: Teller = (machine, question) => tellAll(machine, simulatedCounts(machine, question));

/**
 * Goes on with the step under way to its end, `work` at a time, and answers every question.
 * @returns how many there were
 */
export function answerStep(machine: Machine, teller: Teller = honest, work = 0x7fffffff): number {
  for (let questions = 0; ;) {
    const status = machine.abi.step_advance(work);
    if (status === Status.Ok) return questions;
    if (status === Status.More) continue;
    assert.ok(status === Status.Asked || status === Status.BadCounts, Status[status]);
    if (status === Status.Asked) questions++;
    teller(machine, questionOf(machine));
  }
}

/** Begins a step on the mini-batch that the core draws. */
export function beginDrawn(machine: Machine, samples: readonly oracle.Vector[], labels: oracle.Vector): void {
  ok(machine.abi.step_begin(machine.training.batch), 'step_begin');
  const chosen = machine.indices;
  machine.fill(
    chosen.map((i) => samples[i]),
    chosen.map((i) => labels[i]),
  );
}
