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
  isDevice,
  Machine,
  ok,
  stepWork,
} from '../../support/core-harness.ts';
import { Accesses } from '../../support/accesses.ts';
import { canTrain, enginesOf, RULES, SHOT_GRADIENTS } from '../../support/members.ts';
import * as oracle from '../../support/oracle/index.ts';

const SEED = 1024;
const BATCH = 32;
/** The paper's model. */
const MODEL = oracle.paperModel(6, 5, 8);
/**
 * One call is at most this part of a step. The Heisenberg engine's step is so short that the last call, which makes the
 * step and books it, is a larger part of it, though no longer than that of the others.
 */
const LEAST_PARTS: Readonly<Record<number, number>> = {
  [Engine.Samples]: 200,
  [Engine.Columns]: 200,
  [Engine.Heisenberg]: 80,
};

const EXACT: Partial<CoreTraining> = { rule: Rule.Nlr, observableNorm: 0 };
const TWO_POINT: Partial<CoreTraining> = { ...EXACT, gradient: Gradient.TwoPoint };
const SHOTS = Object.fromEntries(
  SHOT_GRADIENTS.filter((gradient) => gradient !== TWO_POINT.gradient).map(
    (gradient): [string, Partial<CoreTraining>] => [
      `shots of ${Gradient[gradient]}`,
      { ...EXACT, gradient, shots: 100 },
    ],
  ),
);
/** Every rule ends its step in ways of its own. */
const OTHERS = Object.fromEntries(
  RULES.filter((rule) => rule !== EXACT.rule).map((rule): [string, Partial<CoreTraining>] => [
    `exact ${Rule[rule]}`,
    { ...EXACT, rule },
  ]),
);

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
    for (const engine of enginesOf(build)) {
      const part = LEAST_PARTS[engine];
      const trainings = {
        exact: EXACT,
        'two-point': TWO_POINT,
        ...(engine === Engine.Heisenberg ? {} : SHOTS),
        ...(engine === Engine.Samples ? OTHERS : {}),
      };
      for (const [name, training] of Object.entries(trainings)) {
        if (!canTrain(build, training)) continue;
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
