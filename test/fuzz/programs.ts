/** Sound programs for the fuzzer: small models of every kind, and training that an engine can do most of the time. */
import {
  Answerer,
  Channel,
  Doubt,
  Draws as DrawsOf,
  Encoding,
  Engine,
  Extrapolation,
  Fallback,
  Gradient,
  HeadNoise,
  HeadStep,
  Loss,
  Option,
  Perturbation,
  Reversal,
  Rule,
  Source,
} from '../../assembly/abi/codes.ts';
import { type Build, type CoreTraining, DEFAULTS, hasColumns } from '../support/core-harness.ts';
import { hasNoise, hasRule, LAID_OUT, RULES, SHOT_GRADIENTS } from '../support/members.ts';
import * as oracle from '../support/oracle/index.ts';
import type { Draws } from './draws.ts';

/** What the paper's family reads, most of the time so that it can be. */
function drawFamily(draws: Draws): Partial<CoreTraining> {
  return {
    reversal: draws.pick([0, 0, Reversal.Kappa, Reversal.Eq10, Reversal.Eq10State]),
    kappa: draws.pick([1.5, 3, 0]),
    noiseRate: draws.pick([0, 0.05, 1]),
    depth: draws.pick([1, 5, 4096, 0]),
    effectiveRate: draws.pick([0, 1] as const),
    threshold: draws.pick([0, 0.1, 1000]),
    deviation: draws.pick([0, 0.05, 1000]),
    perturbation: draws.pick([Perturbation.Rate, Perturbation.Gradient]),
    fallback: draws.pick([Fallback.Reverse, Fallback.Halve, Fallback.Reject]),
    doubt: draws.pick([Doubt.Halve, Doubt.Descend, Doubt.Reject, Doubt.Reverse]),
    stallSteps: draws.pick([0, 1, 2]),
    backtracks: draws.pick([0, 1, 3, 32]),
    decrease: draws.pick([0, 0.5, 0.99]),
  };
}

/** What methods to compare with read. */
function drawRivals(draws: Draws): Partial<CoreTraining> {
  return {
    averagedShare: draws.pick([0, 0, 0.5, 1]),
    displacement: draws.pick([0, 0, 0.3, 1000]),
    draws: draws.pick([DrawsOf.BySlope, DrawsOf.All]),
    headStep: draws.pick([HeadStep.Newton, HeadStep.Adam]),
    headNoise: draws.pick([HeadNoise.Removed, HeadNoise.Kept]),
    blocks: draws.pick([0, 0, 1, 2, 5, 4096]),
    lipschitz: draws.pick([0, 0, 3, 1000]),
    damping: draws.pick([0.05, 1e-9, 1000, 0]),
  };
}

/** Makes the training one by a rule that reads single displaced circuits, most of the time so that it can be. */
function drawDisplacing(draws: Draws, model: oracle.OracleModel, training: CoreTraining): CoreTraining {
  const solves = draws.rng() < 0.5;
  if (solves && model.logits === 0 && !model.targets) model.loss = draws.pick([Loss.Hinge, Loss.Energy]);
  if (solves && draws.rng() < 0.9) {
    // Each parameter in one gate.
    model.operations.forEach((op, i) => {
      if (
        op.source === Source.Parameter &&
        model.operations.findIndex((other) => other.source === Source.Parameter && other.index === op.index) <
          i
      )
        Object.assign(op, { source: Source.Constant, index: 0 });
    });
    for (const term of model.terms) term.coefficient /= model.terms.length;
  }
  const shots = { shots: draws.pick([2, 9, 0]), displacedShots: draws.pick([0, 2, 1]) };
  const curves = draws.rng() < 0.5;
  return {
    ...training,
    ...{
      gradient: draws.pick([Gradient.ParameterShift, Gradient.ParameterShift, training.gradient]),
      moments: 0,
    },
    ...(solves
      ? { rule: Rule.Rotosolve, blocks: draws.pick([0, 0, 0, 2]) }
      : curves
        ? { rule: Rule.Sfgn, ...shots, blocks: draws.pick([0, 0, 0, 1, 2]) }
        : { rule: Rule.Gcans, ...shots }),
  };
}

/** Channels behind some gates of a model, and readouts behind all. */
function addNoise(draws: Draws, model: oracle.OracleModel): void {
  const { rng } = draws;
  const kinds = [Channel.Depolarizing, Channel.Damping, Channel.Dephasing];
  const rate = () => draws.pick([0, 0.05, 0.5, 1]);
  model.operations = model.operations.flatMap((op) => [
    op,
    ...(rng() < 0.5 ? [oracle.channel(draws.pick(kinds), op.a, rate())] : []),
    ...(rng() < 0.2 ? [oracle.channel(draws.pick(kinds), op.b ?? op.a, rate())] : []),
  ]);
  for (let qubit = 0; qubit < model.qubits; qubit++)
    if (rng() < 0.3) model.operations.push(oracle.channel(Channel.Readout, qubit, 0.1, draws.pick([0, 0.5])));
}

/** How noise is mitigated, most of the time so that it can be. */
function drawMitigation(draws: Draws): (readonly [Option, number])[] {
  const { None, Linear, Polynomial, Richardson, Exponential } = Extrapolation;
  return [
    [Option.Extrapolation, draws.pick([None, None, Linear, Polynomial, Richardson, Exponential])],
    [Option.Scales, draws.pick([2, 3, 3, 0])],
    [Option.ExtrapolationOrder, draws.pick([0, 1, 1, 4])],
    [Option.CalibrationShots, draws.pick([0, 0, 1, 50])],
  ];
}

/** Draws a model and how it is trained. */
export function drawProgram(
  draws: Draws,
  build: Build,
): { model: oracle.OracleModel; training: CoreTraining } {
  const { rng } = draws;
  const logits = draws.below(4);
  // Now and then so many that the states, and not the images, decide how large the arena is.
  const qubits = rng() < 0.05 ? 6 : 1 + draws.below(3);
  const engine = draws.pick([Engine.Auto, Engine.Samples, Engine.Columns, Engine.Heisenberg]);
  const everything = hasColumns(build);
  const asking = everything && !LAID_OUT.includes(engine) && rng() < 0.3;
  // What the engine can run, most of the time.
  const sound = everything && LAID_OUT.includes(engine) && rng() < 0.8;
  const heisenberg = sound && engine === Engine.Heisenberg;
  const model = oracle.randomModel(rng, {
    qubits,
    features: 1 + draws.below(2 ** Math.min(qubits, 3)),
    linear: sound || rng() < 0.5,
    diagonal: !heisenberg && rng() < 0.5,
    logits,
    ...(logits < 2 && rng() < 0.5 ? { loss: Loss.MeanSquare } : {}),
    ...(logits === 0 ? { outputs: 1 } : {}),
    extraOperations: draws.below(3),
    encoding: draws.pick([Encoding.Zero, Encoding.Amplitude]),
  });
  // Elsewhere, there is no step of them.
  const own = everything || rng() < 0.1;
  model.targets = own && model.loss === Loss.MeanSquare && rng() < 0.3;
  const adjoint = !asking && rng() < 0.5;
  const plain: CoreTraining = {
    ...DEFAULTS,
    batch: 1 + draws.below(4),
    gradient: adjoint ? Gradient.Adjoint : draws.pick(SHOT_GRADIENTS),
    shots: adjoint ? 0 : draws.pick(asking ? [1, 2, 9] : [0, 1, 9]),
    rule: draws.pick(RULES),
    samples: draws.pick([0, 4, 1000]),
    engine,
    weights: own ? draws.pick([0, 0, 0, 1] as const) : 0,
    moments: model.loss === Loss.MeanSquare ? draws.pick([0, 1, 1, 1] as const) : 0,
    workspace: draws.pick([0, 0, draws.below(5000), 20_000]),
    observableNorm: draws.pick([0, 1] as const),
    answerer: asking ? Answerer.Caller : Answerer.Simulator,
    ...(hasRule(build, Rule.Armijo) ? drawFamily(draws) : {}),
    ...(hasRule(build, Rule.Gcans) ? drawRivals(draws) : {}),
  };
  const displaces = hasRule(build, Rule.Gcans) && rng() < 0.2;
  const training = displaces ? drawDisplacing(draws, model, plain) : plain;
  if (!hasNoise(build) || rng() < 0.7) return { model, training };
  addNoise(draws, model);
  const noisy = draws.pick([Engine.Auto, Engine.Noisy, Engine.Trajectories, engine]);
  return { model, training: { ...training, engine: noisy, extra: drawMitigation(draws) } };
}
