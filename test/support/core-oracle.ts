/** The oracle's training run for a machine: same mini-batches, same streams, same compiled order. */
import assert from 'node:assert/strict';
import {
  BACKTRACKING_RULES,
  Draws,
  Gradient,
  POOLING_RULES,
  ROTATIONS,
  type Rule,
  Source,
  TENTATIVE_RULES,
} from '../../assembly/abi/codes.ts';
import { type CoreTraining, type Machine, stepShots } from './core-harness.ts';
import { afterCount } from './core-image.ts';
import * as oracle from './oracle/index.ts';

const PLAIN = 128;

/** Reads the operations of a model image, in compiled order. */
function imageOperations(image: Uint8Array): oracle.OracleOp[] {
  const view = new DataView(image.buffer, image.byteOffset, image.byteLength);
  let at = afterCount(image);
  const count = view.getUint32(at, true);
  at += 8;
  return Array.from({ length: count }, () => {
    const plain = (view.getUint8(at) & PLAIN) !== 0;
    const op: oracle.OracleOp = {
      kind: view.getUint8(at) & (PLAIN - 1),
      a: view.getUint8(at + 1),
      b: view.getUint8(at + 2),
      source: view.getUint8(at + 3),
      index: view.getUint16(at + 4, true),
      scale: plain ? 1 : view.getFloat64(at + 8, true),
      offset: plain ? 0 : view.getFloat64(at + 16, true),
    };
    at += plain ? 8 : 24;
    return op;
  });
}

const isRotation = ({ kind }: { readonly kind: number }) => ((ROTATIONS >> kind) & 1) !== 0;

function isTrained(op: oracle.OracleOp): boolean {
  return op.source === Source.Parameter && isRotation(op);
}

/** Whether a rule draws the samples of its gradient from the mini-batch. */
export const isPooling = (rule: Rule) => ((POOLING_RULES >> rule) & 1) !== 0;

/** Circuits that one evaluation with shots takes. */
export function settings(model: oracle.OracleModel): number {
  if (oracle.sharesBitstrings(model)) return 1;
  return model.terms.filter((term) => (term.xMask | term.zMask) !== 0).length;
}

/**
 * The model's operation numbers in the order in which the core runs them, up to the last trained one that
 * it runs at all: read off the model image and the number of evaluations of a parameter-shift step.
 */
export function compiledOrder(machine: Machine): number[] {
  const { model, training } = machine;
  assert.equal(training.gradient, Gradient.ParameterShift);
  const free = model.operations.map((_, j) => j);
  const order = imageOperations(machine.modelImage()).map((stored) => {
    const place = free.findIndex((j) => {
      const op = model.operations[j];
      const same = op.kind === stored.kind && op.a === stored.a && (op.b ?? op.a) === stored.b;
      if (!isRotation(op)) return same;
      const source = op.source === stored.source;
      const index = op.source === Source.Constant || op.index === stored.index;
      return same && source && index && op.scale === stored.scale && op.offset === stored.offset;
    });
    assert.ok(place >= 0, 'an operation of the image is one of the model');
    return free.splice(place, 1)[0];
  });
  const circuits = machine.abi.step_evaluations() / (training.shots ? settings(model) : 1);
  const tries = (BACKTRACKING_RULES >> training.rule) & 1 ? (training.backtracks ?? 0) : 0;
  const passes = 1 + ((TENTATIVE_RULES >> training.rule) & 1) + tries;
  const isHalved = isPooling(training.rule) && training.draws !== Draws.All;
  const differentiated = isHalved ? Math.ceil(training.batch / 2) : training.batch;
  let trained = (circuits - passes * training.batch) / differentiated / 2;
  const end = order.findIndex((j) => isTrained(model.operations[j]) && trained-- === 0);
  return end < 0 ? order : order.slice(0, end);
}

/** Options of the oracle's training for those of the core. */
export function trainingOptions(model: oracle.OracleModel, training: CoreTraining): oracle.TrainingOptions {
  return { ...training, circuitParameters: model.parameters };
}

/** The mini-batch of step t, as the core draws it from the training set. */
export function drawnBatch(training: CoreTraining, step: number): number[] {
  const stream = new oracle.Stream(training.seed, [0, step, oracle.BATCH_PURPOSE]);
  return oracle.floydSubset(stream, training.samples, training.batch);
}

/** Losses and gradients for a machine's training: exact, or on its very streams. */
function objectiveOf(
  machine: Machine,
  samples: number[][],
  labels: number[],
  weights?: number[],
): oracle.Objective {
  const { model, training } = machine;
  const stream = (step: number) => new oracle.Stream(training.seed, [0, step, oracle.DRAW_PURPOSE]);
  const offset = (step: number) => oracle.uniform53(stream(step));
  const poolOffset = (step: number) =>
    oracle.uniform53(new oracle.Stream(training.seed, [0, step, oracle.BATCH_PURPOSE]));
  if (training.shots === 0) {
    const pool = { ...oracle.exactPool(model, samples, labels, weights), offset, poolOffset, samples };
    return { ...oracle.exactObjective(model, samples, labels, weights), pool };
  }
  const { shots, seed } = training;
  const displacedShots = training.displacedShots || shots;
  const plan = { shots, displacedShots, seed, compiledOrder: compiledOrder(machine) };
  const pool = { ...oracle.shotPool(model, samples, labels, plan, weights), offset, poolOffset, samples };
  return { ...oracle.shotObjective(model, samples, labels, plan, weights), pool };
}

/** The oracle's run of `until` steps from the parameters that the machine has now. */
export function oracleRun(
  machine: Machine,
  samples: number[][],
  labels: number[],
  until: number,
  weights?: number[],
): oracle.TrainingStep[] {
  const { model, training } = machine;
  return oracle.train(
    Array.from(machine.parameters),
    { ...trainingOptions(model, training), until, shotsPerStep: stepShots(machine) },
    objectiveOf(machine, samples, labels, weights),
    (step) => drawnBatch(training, step),
  );
}
