/**
 * The contract of an update rule. A rule is a file with one function of the stage that a step has reached:
 *
 *   stage 0 comes first; each answer but `Again` leads to the next stage, and the evaluation asked for is made before
 *
 * It reads gradients and losses (`Buffer.Gradient`, sums.ts) and moves parameters (moves.ts): one that tries a step
 * moves them a few a tick and ends with `makeStep`; one that changes them in place does it between `beginDescent` and
 * `endDescent`. Either way parameters, and what the rule keeps, stay finite, or the step is not made. In the end
 * `settle` books what the rule did. Algorithm 1 around it is in train/step.ts.
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
  /** The loss over a pool, with the sums of the head: loss/head-sums.ts. */
  PoolLoss,
  /** The gradient of the circuit's parameters from the samples drawn of the pool. */
  DrawnGradient,
  /** The step is made: `settle` has said how. */
  Done,
  /** The parameters would not have stayed finite: they are as before, and the step is given up. */
  Diverged,
}

/** Books what became of the step. @param rate learning rate of the circuit's parameters; below zero it went up the gradient */
export function settle(decision: Decision, rate: real): Next {
  setField(Field.Decision, decision);
  setSum(Sum.SignedRate, rate);
  return Next.Done;
}
