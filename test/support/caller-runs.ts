/** Runs whose circuits the tests measure: models, trainings, and what such a run leaves behind. */
import assert from 'node:assert/strict';
import { Encoding, Gradient, Loss, Rule, Status } from '../../assembly/abi/codes.ts';
import { answerStep, asked, beginDrawn, honest, questionOf, type Teller } from './caller-answers.ts';
import { assertSameBits } from './close.ts';
import { type Build, type CoreTraining, Machine, ok } from './core-harness.ts';
import * as oracle from './oracle/index.ts';
import { drawnRun, type Run, runOf } from './training-runs.ts';

/** Of the data, the models and the shots. */
export const SEED = 4001;
/** Steps of a run. */
export const STEPS = 3;
/** Samples in the training set. */
export const SAMPLES = 9;

/** A random model whose terms all have letters of their own, and which reads bits without error. */
function modelOf(seed: number, options: oracle.RandomModelOptions): oracle.OracleModel {
  const rng = oracle.seededRng(seed);
  for (;;) {
    const model = oracle.randomModel(rng, { qubits: 3, readoutError: 0, ...options });
    const letters = model.terms.filter(({ xMask, zMask }) => xMask + zMask > 0);
    if (new Set(letters.map(({ xMask, zMask }) => `${xMask} ${zMask}`)).size === letters.length) return model;
  }
}

/** Letters of every kind on every qubit, and a constant. */
export const LETTERS: oracle.OracleTerm[] = [
  { output: 0, xMask: 1, zMask: 0, coefficient: 0.3 },
  { output: 1, xMask: 0, zMask: 0, coefficient: 0.25 },
  { output: 1, xMask: 2, zMask: 2, coefficient: -0.4 },
  { output: 0, xMask: 0, zMask: 4, coefficient: 0.2 },
  { output: 1, xMask: 3, zMask: 6, coefficient: 0.5 },
];

/** One term, terms apart and terms together; features as amplitudes and in angles; heads and losses. */
export const MODELS: Record<string, oracle.OracleModel> = {
  'one term': oracle.paperModel(3, 2, 8),
  'terms apart': oracle.paperModel(3, 1, 5, {
    terms: LETTERS,
    outputs: 2,
    logits: 1,
    loss: Loss.CrossEntropy,
  }),
  'terms apart, random': modelOf(SEED, { outputs: 2, logits: 3, encoding: Encoding.Zero }),
  'terms together': modelOf(SEED + 1, { outputs: 2, logits: 1, diagonal: true, encoding: Encoding.Zero }),
  'terms together, softmax': modelOf(SEED + 2, {
    outputs: 3,
    logits: 3,
    diagonal: true,
    encoding: Encoding.Amplitude,
  }),
};

/** Rules that differ in their passes; odd batches and even ones. */
export const TRAININGS: Record<string, Partial<CoreTraining>> = {
  nlr: { rule: Rule.Nlr, batch: 3, shots: 25, rate: 0.4, negativeRate: 0.3 },
  'nlr-guarded': { rule: Rule.NlrGuarded, batch: 2, shots: 40, rate: 0.4, negativeRate: 0.3, guard: 0.5 },
  adam: { rule: Rule.Adam, batch: 1, shots: 400, rate: 0.1 },
  'adam, one shot a sign': { rule: Rule.Adam, batch: 3, shots: 20, displacedShots: 1, rate: 0.1 },
};

/** The training set. */
export function dataOf(model: oracle.OracleModel): { samples: number[][]; labels: number[] } {
  const { batch: samples, labels } = oracle.randomBatch(oracle.seededRng(SEED), model, SAMPLES);
  return { samples, labels };
}

/** A machine with its first parameters. */
export function fresh(build: Build, model: oracle.OracleModel, training: Partial<CoreTraining>): Machine {
  const machine = new Machine(build, model, {
    gradient: Gradient.ParameterShift,
    samples: SAMPLES,
    seed: [SEED, 5],
    ...training,
  });
  ok(machine.abi.parameters_initialise(), 'initialise');
  return machine;
}

/** The run of the built-in simulator. */
export function builtIn(build: Build, model: oracle.OracleModel, training: Partial<CoreTraining>): Run {
  return drawnRun(fresh(build, model, training), SEED, STEPS);
}

/** The same run, with somebody's answers. */
export function answered(machine: Machine, teller: Teller, work?: number, steps = STEPS): Run {
  const { samples, labels } = dataOf(machine.model);
  const reports = Array.from({ length: steps }, () => {
    beginDrawn(machine, samples, labels);
    answerStep(machine, teller, work);
    return [...machine.reportSlots];
  });
  return runOf(machine, reports);
}

/** The same run, bit for bit. */
export function assertSame(actual: Run, expected: Run, what: string): void {
  assert.equal(actual.trace, expected.trace, `${what}: trace`);
  assertSameBits(actual.reports.flat(), expected.reports.flat(), `${what}: reports`);
  assertSameBits(actual.parameters, expected.parameters, `${what}: parameters`);
}

/** A machine in the middle of its first step, before its question number `questions`, from 0. */
export function beforeQuestion(
  build: Build,
  questions: number,
  model = MODELS['one term'],
  training = TRAININGS.nlr,
): Machine {
  const machine = fresh(build, model, asked(training));
  const { samples, labels } = dataOf(model);
  beginDrawn(machine, samples, labels);
  for (let told = 0; told < questions; told++) {
    assert.equal(machine.abi.step_advance(0x7fffffff), Status.Asked);
    honest(machine, questionOf(machine));
  }
  assert.equal(machine.abi.step_advance(0x7fffffff), Status.Asked);
  return machine;
}
