/** The oracle's run of methods to compare with, for a machine: same mini-batches, same streams, same compiled order. */
import { Gradient, Loss, Rule, Source } from '../../assembly/abi/codes.ts';
import { assertAllClose, assertClose } from './close.ts';
import { type CoreReport, type CoreTraining, Machine } from './core-harness.ts';
import { compiledOrder, drawnBatch, settings, trainingOptions } from './core-oracle.ts';
import * as oracle from './oracle/index.ts';

/** The operations that a machine runs, in their order: of one like it that moves all parameters by a plain rule. */
export function orderOf({ build, model, training }: Machine): number[] {
  const plain = {
    ...{ gradient: Gradient.ParameterShift, rule: Rule.Sgd, blocks: 0, moments: 0 as const, shotsBudget: 0 },
    ...{ shots: training.shots, displacedShots: 0 },
  };
  return compiledOrder(new Machine(build, model, { ...training, ...plain }));
}

/** How the oracle measures for a machine. */
export function meterFor(machine: Machine, samples: number[][], labels: number[], weights?: number[]) {
  const { model, training } = machine;
  const { shots, seed } = training;
  const order = orderOf(machine);
  const plan = shots > 0 ? { shots, seed, compiledOrder: order } : undefined;
  return oracle.meterOf(model, samples, labels, order, plan, weights);
}

/** L where nobody says another: of an energy its coefficients' sizes but for the identity's, of several the mean. */
function lipschitzOf({ loss, terms, outputs }: oracle.OracleModel): number {
  if (loss !== Loss.Energy) return 1;
  const strings = terms.filter(({ xMask, zMask }) => xMask + zMask > 0);
  return strings.reduce((sum, { coefficient }) => sum + Math.abs(coefficient), 0) / outputs;
}

/** The oracle's steps from the parameters that the machine has now. */
export function rivalRun(
  machine: Machine,
  samples: number[][],
  labels: number[],
  until: number,
  weights?: number[],
): oracle.RivalStep[] {
  const { model, training } = machine;
  const options = trainingOptions(model, training);
  const factor = (step: number) => oracle.scheduleFactor(options, step);
  const steps = oracle.rivalSteps(
    [...machine.parameters],
    {
      ...{ rule: training.rule, circuitParameters: model.parameters, until, seed: training.seed },
      ...{ blocks: training.blocks ?? 0, lipschitz: training.lipschitz || lipschitzOf(model) },
      ...{ beta1: training.beta1, beta2: training.beta2, epsilon: training.epsilon },
      displacedShots: training.displacedShots || training.shots,
      rates: (step) => [training.rate * factor(step), training.headRate * factor(step)],
    },
    meterFor(machine, samples, labels, weights),
    (step) => drawnBatch(training, step),
  );
  return [...steps];
}

/** The oracle's steps of saddle-free Gauss-Newton from the parameters that the machine has now. */
export function sfgnRun(
  machine: Machine,
  samples: number[][],
  labels: number[],
  until: number,
  weights?: number[],
  batchAt = (step: number) => drawnBatch(machine.training, step),
): oracle.SfgnStep[] {
  const { model, training } = machine;
  const options = trainingOptions(model, training);
  const steps = oracle.sfgnSteps(
    [...machine.parameters],
    {
      ...{ until, beta1: training.beta1, beta2: training.beta2, damping: training.damping ?? 0 },
      displacedShots: training.displacedShots || training.shots,
      rate: (step) => training.rate * oracle.scheduleFactor(options, step),
    },
    meterFor(machine, samples, labels, weights),
    batchAt,
  );
  return [...steps];
}

/** Shots that a step of the oracle's has taken. */
export function shotsOf(machine: Machine, step: oracle.RivalStep, order = orderOf(machine)): number {
  const { model, training } = machine;
  const displaced = order.reduce((sum, op) => {
    const { index, source } = model.operations[op];
    const moved = source === Source.Parameter && step.sides.has(index);
    return moved && oracle.isRotation(model.operations[op]) ? sum + 2 * step.shots[index] : sum;
  }, 0);
  return settings(model) * training.batch * (training.shots + displaced);
}

/** Holds a machine's step against the oracle's. */
export function assertRival(
  machine: Machine,
  report: CoreReport,
  step: oracle.Found & { readonly theta: readonly number[] },
  what: string,
  tolerance = 1e-9,
): void {
  const norm = Math.hypot(...step.gradient.slice(0, machine.model.parameters));
  assertClose(report.Loss, step.loss, tolerance, `${what}: loss`);
  assertClose(report.GradientNormLoss, norm, tolerance, `${what}: |grad L|`);
  assertClose(
    report.GradientNormObservable,
    Math.hypot(...step.observableGradient),
    tolerance,
    `${what}: |grad f|`,
  );
  assertAllClose(machine.parameters, step.theta, tolerance, `${what}: parameters`);
}

/** Training that these methods are tested with. */
export const RIVAL_TRAINING: Partial<CoreTraining> = {
  samples: 7,
  batch: 3,
  seed: [1107, 5],
  gradient: Gradient.ParameterShift,
  rate: 0.1,
  headRate: 0.2,
  beta1: 0.7,
  beta2: 0.9,
  epsilon: 1e-3,
};
