/** What methods to compare with need of model and training: the chunk's part of their checks. */
import {
  DISPLACING_GRADIENTS,
  DISPLACING_RULES,
  MAX_MATRIX_PARAMETERS,
  MAX_SHOTS,
} from '../../assembly/abi/codes.ts';
import { contradiction, integer } from '../core/checks.ts';
import { GRADIENTS, LEAST_SHOTS, RULES } from './choices.ts';
import type { ResolvedModel, ResolvedTraining } from './options.ts';

const has = (trait: number, member: number) => ((trait >> member) & 1) !== 0;

/** What `rotosolve` needs: a loss that is an expectation along every angle, and so a sinusoid. */
function checkSinusoid({ head, loss }: ResolvedModel, training: ResolvedTraining): void {
  const { rule, blocks, extrapolation, calibrationShots } = training;
  const isHinge = loss === 'hinge';
  if (head !== 'none' || !(isHinge || loss === 'energy')) {
    const given = head === 'none' ? `the loss is ${loss}` : 'the model has a linear head';
    contradiction(
      `the rule ${rule} minimises expectations, but ${given}; use the loss hinge, which is 1 - y f, or energy, without a head`,
      head === 'none' ? 'loss' : 'head',
    );
  }
  if (blocks !== 'none')
    contradiction(
      `blocks is ${blocks}, but the rule ${rule} moves one angle a step; leave it 'none'`,
      'blocks',
    );
  if (extrapolation !== 'none')
    contradiction(
      `extrapolation is ${extrapolation}, and folded circuits have each angle several times, so that the rule ${rule} finds no sinusoid; use another rule, or 'none'`,
      'extrapolation',
    );
  if (isHinge && calibrationShots !== 'none')
    contradiction(
      `a readout that calibrationShots inverts can leave -1 to 1, where the hinge has a corner and no sinusoid for the rule ${rule}; use the loss energy, or no calibration`,
      'calibrationShots',
    );
}

/** Refuses fewer shots of displaced circuits than have a variance, where the rule goes by it. */
function checkVariance({ rule, shots, displacedShots }: ResolvedTraining): void {
  if (shots === 'exact') return;
  const least = displacedShots === 'same' ? shots : displacedShots;
  integer('displacedShots', least, LEAST_SHOTS[rule] ?? 1, MAX_SHOTS);
}

/** What `gcans` needs: shots, of which the variance takes two at least, and a rate that the Lipschitz constant allows. */
function checkAllotment({ loss }: ResolvedModel, training: ResolvedTraining): void {
  const { rule, rate, shots, lipschitz } = training;
  if (shots === 'exact') contradiction(`the rule ${rule} allots shots, but expectations are exact`, 'shots');
  checkVariance(training);
  // That of an energy is worked out where its circuit is compiled.
  const constant = lipschitz === 'usual' ? Number(loss !== 'energy') : lipschitz;
  if (rate * constant >= 2)
    contradiction(
      `the rule ${rule} needs a rate below 2 / lipschitz = ${2 / constant}, but it is ${rate}`,
      'rate',
    );
}

/** What `sfgn` needs: derivatives of one output number, of all parameters in each step, by circuits as they are. */
function checkMatrix(model: ResolvedModel, training: ResolvedTraining): void {
  const { rule, blocks, damping, extrapolation, calibrationShots } = training;
  const { logits, classes, observables, circuitParameters } = model;
  if (logits > 1)
    contradiction(
      `the rule ${rule} takes the derivatives of one output number, but the softmax of ${classes} classes has ${logits}; train a model for each class (oneVsRest), or use another rule`,
      'rule',
    );
  const parameters = circuitParameters + logits * (observables.length + 1);
  if (parameters > MAX_MATRIX_PARAMETERS)
    contradiction(
      `the rule ${rule} keeps a matrix of ${MAX_MATRIX_PARAMETERS} parameters at most, but the model has ${parameters}; use another rule, or a smaller circuit`,
      'rule',
    );
  if (blocks !== 'none' && blocks > 1)
    contradiction(
      `blocks is ${blocks}, but the matrix of the rule ${rule} is of all parameters, which a step measures together; leave it 'none'`,
      'blocks',
    );
  if (!(damping > 0))
    contradiction(
      `damping is ${damping}, but without any the matrix of the rule ${rule} may have no inverse; expected more than 0`,
      'damping',
    );
  checkVariance(training);
  if (extrapolation !== 'none')
    contradiction(
      `extrapolation is ${extrapolation}, and the rule ${rule} takes the curvature from single circuits, of which an extrapolated output is made of several; use another rule, or 'none'`,
      'extrapolation',
    );
  if (calibrationShots !== 'none')
    contradiction(
      `the rule ${rule} goes by the variance of shots as they are read, which those without readout errors have not; use another rule, or no calibration`,
      'calibrationShots',
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
  if (!has(DISPLACING_RULES, RULES[rule])) return;
  if (!has(DISPLACING_GRADIENTS, GRADIENTS[gradient])) {
    contradiction(
      `the rule ${rule} needs the expectations of displaced angles one by one; use the gradient parameter-shift, not ${gradient}`,
      'gradient',
    );
  }
  if (rule === 'rotosolve') checkSinusoid(model, training);
  else if (rule === 'sfgn') checkMatrix(model, training);
  else checkAllotment(model, training);
}
