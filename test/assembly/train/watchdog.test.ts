/**
 * Bounded work of one call: with `step_advance(1)` a device is back after a small, known part of a step. Counted
 * in accesses to memory, which every engine makes alike; bench:devices counts instructions.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Engine, Gradient, Rule, Status } from '../../../assembly/abi/codes.ts';
import {
  type Build,
  BUILDS,
  type CoreTraining,
  hasColumns,
  isDevice,
  Machine,
  ok,
  stepWork,
} from '../../support/core-harness.ts';
import { Accesses } from '../../support/accesses.ts';
import * as oracle from '../../support/oracle/index.ts';

const SEED = 1024;
const BATCH = 32;
/** The paper's model. */
const MODEL = oracle.paperModel(6, 5, 8);
/**
 * One call is at most this part of a step. The Heisenberg engine's step is so short that its longest call, a
 * larger part of it, is still shorter than the longest that the samples engine is allowed for the same step.
 */
const LEAST_PARTS: Readonly<Record<number, number>> = {
  [Engine.Samples]: 200,
  [Engine.Columns]: 200,
  [Engine.Heisenberg]: 13,
};

const EXACT: Partial<CoreTraining> = { rule: Rule.Nlr, observableNorm: 0 };
const SHOTS: Partial<CoreTraining> = { ...EXACT, gradient: Gradient.ParameterShift, shots: 100 };
const TWO_POINT: Partial<CoreTraining> = { ...EXACT, gradient: Gradient.TwoPoint };

/** Accesses of every `step_advance(1)` of one step. */
function ticksOf(build: Build, training: Partial<CoreTraining>): { ticks: number[]; machine: Machine } {
  const accesses = new Accesses(build);
  const { abi } = accesses;
  const machine = new Machine(build, MODEL, { ...training, batch: BATCH }, abi);
  ok(abi.parameters_initialise(), 'initialise');
  const { batch, labels } = oracle.randomBatch(oracle.seededRng(SEED), MODEL, BATCH);
  machine.fill(batch, labels);
  ok(abi.step_begin(BATCH), 'step_begin');
  const ticks: number[] = [];
  for (let status = Status.More; status === Status.More;) {
    ticks.push(
      accesses.of(() => {
        status = abi.step_advance(1);
      }),
    );
    ok(status, 'step_advance');
  }
  return { ticks, machine };
}

for (const build of BUILDS.filter(isDevice)) {
  describe(`watchdog: ${build}`, () => {
    const engines = hasColumns(build)
      ? [Engine.Samples, Engine.Columns, Engine.Heisenberg]
      : [Engine.Samples];
    for (const engine of engines) {
      const part = LEAST_PARTS[engine];
      const displaced = engine === Engine.Heisenberg ? {} : { shots: SHOTS };
      const trainings = { exact: EXACT, 'two-point': TWO_POINT, ...displaced };
      for (const [name, training] of Object.entries(trainings)) {
        it(`${Engine[engine]}, ${name}: one call is at most 1/${part} of a step`, (context) => {
          const { ticks, machine } = ticksOf(build, { ...training, engine });
          const total = ticks.reduce((sum, accesses) => sum + accesses, 0);
          const longest = Math.max(...ticks);
          context.diagnostic(
            `${ticks.length} calls, the longest ${longest} of ${total} accesses, 1/${Math.floor(total / longest)} of the step`,
          );
          assert.ok(longest <= total / part, `call ${ticks.indexOf(longest)} of ${ticks.length}`);
          assert.ok(ticks.length <= stepWork(machine), 'no call without work');
        });
      }
    }
  });
}
