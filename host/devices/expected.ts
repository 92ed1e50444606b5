/**
 * What a device's application has to end with: the same program run by this engine, through the ABI. Written
 * out as expected.h, so that a firmware knows by itself whether its bits are right.
 */
import { Engine } from '../../assembly/abi/codes.ts';
import { type Core, loadCore } from '../core/core.ts';
import { type EngineName, PAPER, resolveModel, resolveTraining } from '../api/options.ts';
import { prepareCore } from '../api/program.ts';
import { deviceDigits, type Digits, DIGITS_FEATURES } from './digits.ts';

/** An application: what train.h calls settings. */
export interface Application {
  readonly steps: number;
  readonly checkpointEvery: number;
  /** Work of one slice of a step. */
  readonly work: number;
  readonly shots: number | 'exact';
  readonly engine: EngineName;
  /** Step, from 1, in whose middle the power fails; 0: none. */
  readonly cutInStep: number;
}

/** What it ends with. */
export interface Expected {
  /** 16 hexadecimal digits. */
  readonly trace: string;
  /** Test digits that are right, and by the effective observable (0 without all engines). */
  readonly correct: number;
  readonly correctEffective: number;
}

const BATCH = 32;

/** Puts digits into the mini-batch. */
function fill(core: Core, { features, labels }: Digits, rows: readonly number[]): void {
  const view = core.reals(core.abi.features_ptr(), rows.length * DIGITS_FEATURES);
  const marks = core.integers(core.abi.labels_ptr(), rows.length);
  rows.forEach((row, i) => {
    view.set(features.subarray(row * DIGITS_FEATURES, (row + 1) * DIGITS_FEATURES), i * DIGITS_FEATURES);
    marks[i] = labels[row];
  });
}

function step(core: Core, training: Digits, work: number): void {
  core.check(core.abi.step_begin(BATCH), 'beginning a step');
  fill(core, training, [...core.integers(core.abi.indices_ptr(), BATCH)]);
  while (core.check(core.abi.step_advance(work), 'advancing a step') > 0);
}

/** Counts the test digits on the right side of zero. */
function countRight(core: Core, test: Digits, effective: boolean): number {
  let right = 0;
  for (let first = 0; first < test.labels.length; first += BATCH) {
    fill(
      core,
      test,
      Array.from({ length: BATCH }, (_, i) => first + i),
    );
    if (effective) core.check(core.abi.effective_build(), 'building the effective observable');
    else core.check(core.abi.predict(BATCH, 0), 'predicting');
    const outputs = core.reals(core.abi.outputs_ptr(), BATCH);
    for (let i = 0; i < BATCH; i++) {
      const output = effective ? core.abi.predict_effective(i) : outputs[i];
      right += Number(output > 0 === (test.labels[first + i] === 1));
    }
  }
  return right;
}

/** Runs an application on a build of the core, in this engine. */
export async function expectation(wasm: Uint8Array, application: Application): Promise<Expected> {
  const { training, test } = await deviceDigits();
  const core = await loadCore({ wasm });
  const { steps, shots, engine, work } = application;
  const options = resolveTraining({ ...PAPER.training, shots, engine, seed: 1, observableNorm: false });
  prepareCore(core, resolveModel(PAPER.model), options, training.labels.length);
  core.check(core.abi.parameters_initialise(), 'initialising the parameters');
  for (let done = 0; done < steps; done++) step(core, training, work);
  const trace = core.trace();
  const laidOut =
    typeof core.abi.effective_build === 'function' && core.abi.engine_in_use() !== Engine.Samples;
  return {
    trace,
    correct: countRight(core, test, false),
    correctEffective: laidOut ? countRight(core, test, true) : 0,
  };
}

const ENGINE_NAMES: Readonly<Record<EngineName, string>> = {
  auto: 'NLR_ENGINE_AUTO',
  samples: 'NLR_ENGINE_SAMPLES',
  columns: 'NLR_ENGINE_COLUMNS',
  heisenberg: 'NLR_ENGINE_HEISENBERG',
  noisy: 'NLR_ENGINE_NOISY',
  trajectories: 'NLR_ENGINE_TRAJECTORIES',
};

/** The header that a firmware is built with. */
export async function expectedHeader(wasm: Uint8Array, application: Application): Promise<string> {
  const { trace, correct, correctEffective } = await expectation(wasm, application);
  const macros = {
    STEPS: application.steps,
    CHECKPOINT_EVERY: application.checkpointEvery,
    WORK: application.work,
    SHOTS: application.shots === 'exact' ? 0 : application.shots,
    ENGINE: ENGINE_NAMES[application.engine],
    CUT_IN_STEP: application.cutInStep,
    TRACE_HIGH: `0x${trace.slice(0, 8)}u`,
    TRACE_LOW: `0x${trace.slice(8)}u`,
    CORRECT: correct,
    CORRECT_EFFECTIVE: correctEffective,
  };
  return Object.entries(macros)
    .map(([name, value]) => `#define EXPECTED_${name} ${value}\n`)
    .join('');
}
