/** From checked options to a compiled core: the order of calls of the ABI, in one place. */
import { Operation, Option, Source } from '../assembly/status.ts';
import { angleSource, GATE_KINDS, pauliMasks, tableLength } from './circuit.ts';
import type { Core } from './core.ts';
import {
  ENCODINGS,
  GRADIENTS,
  LOSSES,
  type ResolvedModel,
  type ResolvedTraining,
  RULES,
  SCHEDULES,
} from './options.ts';

/** The core's options for a model, its training and a training set of `samples` (0: streamed). */
function coreOptions(
  model: ResolvedModel,
  training: ResolvedTraining,
  samples: number,
): readonly [keyof typeof Option, number][] {
  return [
    ['Qubits', model.qubits],
    ['Features', model.features],
    ['Encoding', ENCODINGS[model.encoding]],
    ['Operations', tableLength(model.circuit)],
    ['Parameters', model.circuitParameters],
    ['Terms', model.observables.reduce((count, terms) => count + terms.length, 0)],
    ['Outputs', model.observables.length],
    ['Logits', model.logits],
    ['Batch', training.batch],
    ['Loss', LOSSES[model.loss]],
    ['Gradient', GRADIENTS[training.gradient]],
    ['Shots', training.shots === 'exact' ? 0 : training.shots],
    ['Rule', RULES[training.rule]],
    ['Schedule', SCHEDULES[training.schedule]],
    ['Steps', training.steps],
    ['Samples', samples],
    ['SeedLow', training.seed % 2 ** 32],
    ['SeedHigh', Math.floor(training.seed / 2 ** 32)],
    ['Rate', training.rate],
    ['NegativeRate', training.negativeRate],
    ['HeadRate', training.headRate],
    ['Beta1', training.beta1],
    ['Beta2', training.beta2],
    ['Epsilon', training.epsilon],
    ['Guard', training.guard],
    ['ReadoutError', training.readoutError],
  ];
}

/** Sets all options. @returns bytes of linear memory that this configuration needs in this build */
export function configureCore(
  core: Core,
  model: ResolvedModel,
  training: ResolvedTraining,
  samples: number,
): number {
  for (const [name, value] of coreOptions(model, training, samples))
    core.configure(Option[name], value, name);
  return core.check(core.abi.plan(), 'planning the memory');
}

/** Adds a rotation by a constant angle, radians. */
function addConstant(core: Core, kind: Operation, qubit: number, angle: number): void {
  const status = core.abi.circuit_add(kind, qubit, qubit, Source.Constant, 0, 1, angle);
  core.check(status, `adding a rotation by ${angle} on ${qubit}`);
}

/** Fills the circuit and the observable of an initialised core. */
function addProgram(core: Core, model: ResolvedModel): void {
  const { abi } = core;
  for (const { gate, qubits, angle = {}, angles } of model.circuit) {
    const doing = `adding ${gate} on ${qubits.join(', ')}`;
    if (gate === 'u') {
      // U(theta, phi, lambda) = RZ(phi) RY(theta) RZ(lambda) up to a phase; the three fuse into one gate.
      const [theta, phi, lambda] = angles ?? [0, 0, 0];
      addConstant(core, Operation.RZ, qubits[0], lambda);
      addConstant(core, Operation.RY, qubits[0], theta);
      addConstant(core, Operation.RZ, qubits[0], phi);
      continue;
    }
    const { source, index } = angleSource(angle);
    const { scale = 1, offset = 0 } = angle;
    core.check(
      abi.circuit_add(GATE_KINDS[gate], qubits[0], qubits[1] ?? qubits[0], source, index, scale, offset),
      doing,
    );
  }
  model.observables.forEach((terms, output) => {
    for (const { pauli, coefficient } of terms) {
      const { x, z } = pauliMasks(pauli, model.qubits);
      core.check(abi.observable_add(output, x, z, coefficient), `adding ${coefficient} ${pauli}`);
    }
  });
}

/**
 * Configures, lays out and compiles. The parameters are still zero.
 * @returns bytes of linear memory in use
 * @throws CoreError
 */
export function prepareCore(
  core: Core,
  model: ResolvedModel,
  training: ResolvedTraining,
  samples: number,
): number {
  const bytes = configureCore(core, model, training, samples);
  core.check(core.abi.init(), 'laying out the memory');
  addProgram(core, model);
  core.check(core.abi.compile(), 'compiling the circuit');
  return bytes;
}
