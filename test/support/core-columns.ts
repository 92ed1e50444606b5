/** Machines that run columns, on the builds that can. */
import assert from 'node:assert/strict';
import { Engine } from '../../assembly/abi/codes.ts';
import { BUILDS, type Build, type CoreTraining, hasColumns, Machine } from './core-harness.ts';
import type { OracleModel } from './oracle/index.ts';

/** The builds that have the columns engine. */
export const COLUMN_BUILDS: readonly Build[] = BUILDS.filter(hasColumns);

/** A compiled model that runs columns. */
export function columns(build: Build, model: OracleModel, training: Partial<CoreTraining> = {}): Machine {
  const machine = new Machine(build, model, { ...training, engine: Engine.Columns });
  assert.equal(machine.abi.engine_in_use(), Engine.Columns);
  return machine;
}
