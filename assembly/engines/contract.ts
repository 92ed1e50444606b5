/**
 * The contract of an engine. An engine is a file or folder of its own, which reads top to bottom:
 *
 *   shape    bytes and buffers of its states, for `engines/shape.ts`
 *   tick     `xTick(phase)`: does what one phase asks for, once or a slice of it, and returns the phase that is next,
 *            the same one where more of it is left, or a negative `Status`; kernels only say whether they are through
 *   work     what its ticks cost, for `train/cost.ts`
 *
 * It takes over when the angles are bound (`firstPhase`) and gives back by `nextPair` or `afterBatch`
 * (evaluation.ts). No engine sets the phase: train/machine.ts does.
 */
import { Field, setField } from '../memory/registers';

/** How far the machine has come; each is one kind of tick. */
export enum Phase {
  Idle = 0,

  // ---- around the evaluations: train/
  /** A step or a prediction begins. */
  Start,
  /** The update rule says what is next. */
  Rule,
  /** A pass of the gradient source is through: it says what is next. */
  Gradient,

  // ---- an evaluation: engines/
  /** A few angles for the parameters in force. */
  Bind,
  /** One pair of samples: into a state, laid out for the columns, or looked at for the caller. */
  Encode,
  /** All columns into a state, or a term's Pauli string into a vector. */
  Launch,
  /** Forward through the circuit, or a string's way back. */
  Forward,
  /** One term's matrix over the columns. */
  Matrix,
  /** A few shots of one sample, or a question to the caller. */
  Draw,
  Measure,
  /** A part of the head's sums of the pair just measured: engines/pool.ts. */
  Head,
  /** The observable pulled back onto the states: the start of the backward pass. */
  PullBack,
  Backward,
  /** A gate joins the prefix of the displaced circuits. */
  Prefix,
  /** The gate with a displaced angle, and the rest of the circuit. */
  Suffix,
  /** What it ends in, put together with what the circuit itself ended in; or what the Heisenberg engine's sweep says of it. */
  Superpose,
  /** States of a noisy circuit that were not kept, once more. */
  Replay,
}

/** What the current tick has done, in units of work: see `stepAdvance`. A tick that says nothing has done one. */
export function worked(work: i32): void {
  setField(Field.Work, work);
}
