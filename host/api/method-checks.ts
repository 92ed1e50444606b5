/** What methods to compare with need of model and training: the chunk's part of their checks. */
import { DISPLACING_GRADIENTS, DISPLACING_RULES, MAX_SHOTS } from '../../assembly/abi/codes.ts';
import { contradiction, integer } from '../core/checks.ts';
import { GRADIENTS, LEAST_SHOTS, RULES } from './choices.ts';
import type { ResolvedModel, ResolvedTraining } from './options.ts';

/** What `rotosolve` needs: a loss that is an expectation, and so a sinusoid of every angle. */
function checkExpectation({ head, loss }: ResolvedModel): void {
  if (loss !== 'hinge' || head !== 'none') {
    const given = head === 'none' ? `the loss is ${loss}` : 'the model has a linear head';
    contradiction(
      `the rule rotosolve minimises pure expectations, but ${given}; use the loss hinge without a head, which is 1 - y f`,
      head === 'none' ? 'loss' : 'head',
    );
  }
}

/** What `gcans` needs: shots, the variance of two at least, and steps that a gradient's Lipschitz constant allows. */
function checkAllotment({ rule, rate, shots, displacedShots, lipschitz }: ResolvedTraining): void {
  if (shots === 'exact') contradiction(`the rule ${rule} allots shots, but expectations are exact`, 'shots');
  const least = displacedShots === 'same' ? shots : displacedShots;
  integer('displacedShots', least, LEAST_SHOTS[rule] ?? 1, MAX_SHOTS);
  const constant = lipschitz === 'usual' ? 1 : lipschitz;
  if (rate * constant >= 2)
    contradiction(
      `the rule ${rule} needs a rate below 2 / lipschitz = ${2 / constant}, but it is ${rate}`,
      'rate',
    );
}

/** Refuses options that nothing would read, or that do not go together. @throws OptionError naming the option */
export function checkMethod(model: ResolvedModel, training: ResolvedTraining): void {
  const { rule, gradient, displacement } = training;
  if (displacement !== 'usual' && gradient !== 'two-point') {
    contradiction(
      `displacement is ${displacement}, but the gradient ${gradient} displaces parameters by its own rule; use two-point, or leave it 'usual'`,
      'displacement',
    );
  }
  const displaces = ((DISPLACING_GRADIENTS >> GRADIENTS[gradient]) & 1) !== 0;
  if ((DISPLACING_RULES >> RULES[rule]) & 1 && !displaces) {
    contradiction(
      `the rule ${rule} needs the expectations of displaced angles one by one; use the gradient parameter-shift, not ${gradient}`,
      'gradient',
    );
  }
  if (rule === 'rotosolve') checkExpectation(model);
  if (rule === 'gcans') checkAllotment(training);
}
