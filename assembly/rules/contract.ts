/**
 * The contract of an update rule. A rule is a file with one function of the stage that a step has reached:
 *
 *   stage 0 comes first; each answer but `Again` leads to the next stage, and the evaluation asked for is made before
 *
 * It reads gradients and losses (`Buffer.Gradient`, sums.ts), moves parameters a few a tick (moves.ts), and in the end
 * says what it did by `settle`. Algorithm 1 around it is in train/step.ts.
 */
import { Decision } from '../abi/codes';
import { Field, setField } from '../memory/registers';
import { Sum, setSum } from '../memory/sums';

/** What a rule wants next. */
export enum Next {
  /** The same stage once more: some parameters are moved, others are left. */
  Again,
  /** Loss and gradient at the parameters. */
  LossAndGradient,
  /** The loss at theta_temp, in `Buffer.Tentative`, on the same mini-batch. */
  TentativeLoss,
  /** The step is made: `settle` has said how. */
  Done,
}

/** Books what became of the step. @param rate signed learning rate of the circuit's parameters */
export function settle(decision: Decision, rate: real): Next {
  setField(Field.Decision, decision);
  setSum(Sum.SignedRate, rate);
  return Next.Done;
}
