/** Machines that run the Heisenberg engine, on the builds that can, and models for it. */
import assert from 'node:assert/strict';
import { Engine, Gradient, Operation, Source, TWO_QUBIT_OPERATIONS } from '../../assembly/abi/codes.ts';
import { COLUMN_BUILDS } from './core-columns.ts';
import { type Build, type CoreTraining, isDevice, Machine } from './core-harness.ts';
import { localModel } from './core-models.ts';
import { canTrain } from './members.ts';
import * as oracle from './oracle/index.ts';

/** Bytes of a device's memory, less what double precision and the builds' own data may differ by. */
const DEVICE_BYTES = 64_000;

/** A compiled model that runs the Heisenberg engine. */
export function heisenberg(
  build: Build,
  model: oracle.OracleModel,
  training: Partial<CoreTraining> = {},
): Machine {
  const machine = new Machine(build, model, { ...training, engine: Engine.Heisenberg });
  assert.equal(machine.abi.engine_in_use(), Engine.Heisenberg);
  return machine;
}

/** Whether the engine has displaced angles in a build: see DISPLACED_SWEEP in assembly/profile.ts. */
export function sweeps(build: Build): boolean {
  return !isDevice(build);
}

/** The builds that run a training with the Heisenberg engine, and in whose memory it fits. */
export function buildsFor(model: oracle.OracleModel, training: Partial<CoreTraining> = {}): Build[] {
  const able = (build: Build) => canTrain(build, { ...training, engine: Engine.Heisenberg });
  if (!able('release')) return [];
  const small = heisenberg('release', model, training).abi.plan() <= DEVICE_BYTES;
  const displaced = training.gradient === Gradient.ParameterShift;
  return COLUMN_BUILDS.filter(
    (build) => able(build) && (small || !isDevice(build)) && (!displaced || sweeps(build)),
  );
}

/** A `localModel` that the engine can run: its outputs are measured term by term. */
export function localString(
  rng: oracle.Rng,
  shape: Parameters<typeof localModel>[1],
  replaced: Partial<oracle.OracleModel> = {},
): oracle.OracleModel {
  for (;;) {
    const model = localModel(rng, shape, replaced);
    if (!oracle.sharesBitstrings(model)) return model;
  }
}

/** One rotation by a parameter of its own, or one controlled gate. */
export function gate(kind: Operation, a: number, b: number, parameter: number): oracle.OracleOp {
  if (kind === Operation.CNOT || kind === Operation.CZ) return oracle.fixed(kind, a, b);
  const second = (TWO_QUBIT_OPERATIONS >> kind) & 1 ? { b } : {};
  return { kind, a, ...second, source: Source.Parameter, index: parameter, scale: 1, offset: 0 };
}

/** One term of a string in letters, qubit 0 first, such as 'XIZ'. */
export function pauli(letters: string, output = 0, coefficient = 1): oracle.OracleTerm {
  const mask = (of: string) =>
    [...letters].reduce((bits, letter, q) => bits | (of.includes(letter) ? 1 << q : 0), 0);
  return { output, xMask: mask('XY'), zMask: mask('ZY'), coefficient };
}
