/** The chunk's half of options.ts: what the paper's family of rules asks of a model and its training together. */
import {
  BACKTRACKING_RULES,
  GREATEST_RATE,
  PASSING_GRADIENTS,
  PER_SAMPLE_RULES,
  PULLING_GRADIENTS,
  TENTATIVE_RULES,
} from '../../assembly/abi/codes.ts';
import { GRADIENTS, type RuleName, RULES } from './choices.ts';
import { pauliMasks } from './circuit.ts';
import type { ResolvedModel, ResolvedTraining } from './options.ts';
import { TRAINING } from './training-options.ts';
import { contradiction } from '../core/checks.ts';

/** The paper's range for kappa. */
const LEAST_KAPPA = 1.5;
const LARGEST_KAPPA = 3;

const has = (trait: number, member: number) => ((trait >> member) & 1) !== 0;

/** Which rules read what: of `reads` in assembly/abi/rules.table.ts, what the family and methods to compare with read. */
export const READERS: Readonly<Partial<Record<keyof ResolvedTraining, readonly RuleName[]>>> = {
  threshold: ['nlr-threshold', 'nlr-plateau', 'sgd-restart'],
  deviation: ['nlr-noise'],
  perturbation: ['perturb-gaussian', 'perturb-uniform'],
  fallback: ['nlr-guarded'],
  doubt: ['nlr-guarded'],
  stallSteps: ['sgd-restart'],
  backtracks: ['armijo'],
  decrease: ['armijo'],
  draws: ['frugal'],
  headStep: ['frugal'],
  headNoise: ['frugal'],
  lipschitz: ['gcans'],
  damping: ['sfgn'],
};

/** What only makes sense with a reversal, or what takes its place. */
const OF_REVERSALS = ['reversal', 'kappa', 'noiseRate', 'depth', 'effectiveRate'] as const;

/** Refuses options that the rule does not read. @throws OptionError */
function checkRead(training: ResolvedTraining): void {
  const { rule } = training;
  const isGiven = (name: keyof typeof TRAINING) => training[name] !== (TRAINING[name].value ?? 0);
  for (const [name, rules] of Object.entries(READERS) as [keyof typeof TRAINING, readonly RuleName[]][]) {
    if (isGiven(name) && !rules.includes(rule))
      contradiction(
        `${name} is ${training[name]}, but the rule ${rule} does not read it; expected the rule ${rules.join(' or ')}`,
        name,
      );
  }
  const other = reverses(training) ? undefined : OF_REVERSALS.find(isGiven);
  if (other !== undefined) {
    const able = (Object.keys(RULES) as RuleName[]).filter((each) => reverses({ rule: each }));
    const message = `${other} is ${training[other]}, but the rule ${rule} has no eta'; expected the rule ${able.join(', ')}`;
    contradiction(message, other);
  }
}

/** Whether a rule reads eta'. */
function reverses({ rule }: Pick<ResolvedTraining, 'rule'>): boolean {
  return has(TENTATIVE_RULES, RULES[rule]) && !has(BACKTRACKING_RULES, RULES[rule]);
}

/** Whether every output is one Pauli string, and what the identity adds. */
function hasSingleStrings({ observables, qubits }: ResolvedModel): boolean {
  return observables.every((terms) => {
    const strings = terms.filter(({ pauli }) => {
      const { x, z } = pauliMasks(pauli, qubits);
      return (x | z) !== 0;
    });
    return strings.length < 2;
  });
}

/** Refuses sources of eta' that contradict one another. @throws OptionError */
function checkReversal(model: ResolvedModel, training: ResolvedTraining): void {
  const { reversal, kappa, rate, negativeRate, noiseRate, effectiveRate, shots } = training;
  const isEq10 = reversal === 'eq-10' || reversal === 'eq-10-state';
  if (reversal !== 'constant' && negativeRate !== Math.min(2 * rate, GREATEST_RATE)) {
    const message = `negativeRate is ${negativeRate}, but with the reversal ${reversal} eta' is worked out; leave negativeRate out, or the reversal 'constant'`;
    contradiction(message, 'negativeRate');
  }
  if (reversal !== 'kappa' && kappa !== 0)
    contradiction(`kappa is ${kappa}, but the reversal is ${reversal}; expected 'kappa'`, 'kappa');
  if (reversal === 'kappa' && !(kappa >= LEAST_KAPPA)) {
    contradiction(
      `kappa is ${kappa}; expected ${LEAST_KAPPA} to ${LARGEST_KAPPA}, the range of the paper`,
      'kappa',
    );
  }
  if (effectiveRate && noiseRate === 0)
    contradiction("effectiveRate divides eta' by 1 + nu L, and noiseRate, nu, is 0", 'effectiveRate');
  if (noiseRate > 0 && !isEq10 && !effectiveRate) {
    const message = `noiseRate is ${noiseRate}, but nothing reads it; expected the reversal eq-10 or eq-10-state, or effectiveRate`;
    contradiction(message, 'noiseRate');
  }
  if (reversal !== 'eq-10-state') return;
  if (!hasSingleStrings(model)) {
    const message =
      "the variance <H^2> - <H>^2 of a sum takes measurements that a step does not make; expected one Pauli string an output, or the reversal 'eq-10'";
    contradiction(message, 'reversal');
  }
  if (shots === 1)
    contradiction(
      'one shot has no spread, by which the reversal eq-10-state goes; expected 2 or more',
      'shots',
    );
}

/** Refuses what leaves nothing to be told of single samples. @throws OptionError */
function checkSamples({ rule, batch, gradient, engine }: ResolvedTraining): void {
  if (!has(PER_SAMPLE_RULES, RULES[rule])) return;
  if (has(PASSING_GRADIENTS, GRADIENTS[gradient])) {
    const message = `the rule ${rule} needs the slopes of single samples, which the ${gradient} gradient does not know; use adjoint or parameter-shift`;
    contradiction(message, 'gradient');
  }
  if (batch < 2)
    contradiction(
      `the rule ${rule} tests by the spread of the samples; expected a batch of 2 or more`,
      'batch',
    );
  if (has(PULLING_GRADIENTS, GRADIENTS[gradient]) && (engine === 'columns' || engine === 'heisenberg')) {
    const message = `the engine ${engine} takes the ${gradient} gradient of all samples at once, and the rule ${rule} needs their slopes; use the engine samples, or the gradient parameter-shift`;
    contradiction(message, 'engine');
  }
}

/** L, where something reads it. @throws OptionError */
function depthOf({ layers }: ResolvedModel, training: ResolvedTraining): number | 'layers' {
  const { depth, reversal, effectiveRate } = training;
  const isRead = reversal === 'eq-10' || reversal === 'eq-10-state' || effectiveRate;
  if (!isRead || depth !== 'layers') return depth;
  return (
    layers ??
    contradiction("a circuit of one's own has no layers to count, and Eq. 10 needs L; give depth", 'depth')
  );
}

/**
 * A training of the paper's family, checked against its model, with L as it is there.
 * @throws OptionError ERR_OPTION_COMBINATION
 */
export function familyTraining(model: ResolvedModel, training: ResolvedTraining): ResolvedTraining {
  checkRead(training);
  checkSamples(training);
  if (!reverses(training)) return training;
  checkReversal(model, training);
  const depth = depthOf(model, training);
  return depth === training.depth ? training : Object.freeze({ ...training, depth });
}
