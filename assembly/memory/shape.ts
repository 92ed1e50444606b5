/** The shape of the states at work, which the engine in use has settled: engines/shape.ts. */
import { Engine } from '../abi/codes';
import { isLaidOut } from '../abi/traits';
import { COLUMN_ENGINES, HEISENBERG_ENGINE, NOISE, TILED_STATES, WIDE_STATES } from '../profile';
import { areTiled } from './configuration';
import { ROW } from './reals';
import { Field, field } from './registers';

/** Whether a batch is laid out once and measured by quadratic forms. */
export function isBatchLaidOut(): bool {
  return COLUMN_ENGINES && isLaidOut(field(Field.Engine));
}

export function isHeisenberg(): bool {
  return HEISENBERG_ENGINE && field(Field.Engine) == Engine.Heisenberg;
}

/** Whether states are mixed, as Pauli vectors: see engines/noisy. */
export function isMixed(): bool {
  return NOISE && field(Field.Engine) == Engine.Noisy;
}

/** Whether shots are trajectories of their own: see engines/trajectories. */
export function isTrajectory(): bool {
  return NOISE && field(Field.Engine) == Engine.Trajectories;
}

/** Basis states of a state at work, a row each unless it is wide. */
export function rowCount(): u32 {
  return (<u32>1) << field(Field.RowBits);
}

/** Bytes of one row of a state at work. */
export function stride(): usize {
  return COLUMN_ENGINES ? <usize>field(Field.Stride) : ROW;
}

/** Whether the state at work is one sample over both lanes: see kernels/wide.ts. */
export function isWide(): bool {
  return WIDE_STATES && field(Field.Wide) != 0;
}

/** Whether runs of gates go through the states at work in tiles: see kernels/tiles.ts. */
export function isTiled(): bool {
  return TILED_STATES && areTiled(field(Field.RowBits) - field(Field.Wide)) && !isBatchLaidOut();
}

/** Bytes of the rows of a state that can be other than zero so far. */
export function liveBytes(): usize {
  return (stride() << field(Field.LiveBits)) >> (<usize>isWide());
}

/** Bytes of a state at work. */
export function stateBytes(): usize {
  return (stride() << field(Field.RowBits)) >> (<usize>isWide());
}
