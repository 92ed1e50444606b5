/** The paper's family of rules, which the release module alone has. */
import {
  Doubt,
  Fallback,
  Gradient,
  Loss,
  Option,
  Perturbation,
  Reversal,
  Rule,
  Schedule,
} from '../../assembly/abi/codes.ts';
import { call, type Case, configure, must, type Options } from './script.ts';
import { compiled, optionsOf, PAPER_PROGRAM, resumed, trained, type Training } from './training.ts';

/** Rates at which steps fail now and then. */
const RESTLESS: Options = { Rate: 1.5, NegativeRate: 2.5, HeadRate: 0.8 };
const SHOTS: Options = { Gradient: Gradient.ParameterShift, Shots: 20, Rate: 4 };

/** A training with options of the family. */
function family(options: Options, more: Training = {}): Training {
  return { steps: 5, ...more, options: { ...RESTLESS, ...more.options, ...options } };
}

/** Two outputs of one string each through a linear head. */
const HEADED: Training = {
  options: { Terms: 2, Outputs: 2, Logits: 1, Loss: Loss.CrossEntropy },
  program: [
    must('circuit_ansatz', 2),
    must('observable_add', 0, 0, 1, 1),
    must('observable_add', 1, 0, 6, -0.75),
  ],
};

const TRAININGS: Record<string, Training> = {
  'nlr-adaptive, exact': family({ Rule: Rule.NlrAdaptive }),
  'nlr-adaptive, shots': family({ Rule: Rule.NlrAdaptive, ...SHOTS }),
  'nlr-threshold, shots': family({ Rule: Rule.NlrThreshold, Threshold: 0.1, ...SHOTS }),
  'nlr-plateau, shots': family({ Rule: Rule.NlrPlateau, Threshold: 0.75, ...SHOTS }),
  'nlr-noise, head': family({ Rule: Rule.NlrNoise, Deviation: 0.05, ...SHOTS }, HEADED),
  'nlr-noise, cosine schedule': family({ Rule: Rule.NlrNoise, Deviation: 0.05, Schedule: Schedule.Cosine }),
  'two-rates, exact': family({ Rule: Rule.TwoRates }),
  'two-rates, shots': family({ Rule: Rule.TwoRates, ...SHOTS }),
  'perturb-gaussian, exact': family({ Rule: Rule.PerturbGaussian }),
  'perturb-uniform, shots': family({ Rule: Rule.PerturbUniform, ...SHOTS }),
  'perturb-gaussian, as the gradient, head': family(
    { Rule: Rule.PerturbGaussian, Perturbation: Perturbation.Gradient, ...SHOTS },
    HEADED,
  ),
  'sgd-restart, exact': family({ Rule: Rule.SgdRestart, Threshold: 4, StallSteps: 2, Rate: 0.05 }),
  'sgd-restart, head': family({ Rule: Rule.SgdRestart, Threshold: 4, StallSteps: 2, ...SHOTS }, HEADED),
  'armijo, exact': family({ Rule: Rule.Armijo, Backtracks: 4, Decrease: 0.5 }),
  'armijo, exact, one tick at a time': family(
    { Rule: Rule.Armijo, Backtracks: 4, Decrease: 0.5 },
    { work: 1 },
  ),
  'armijo, shots, hardly ever enough': family({
    Rule: Rule.Armijo,
    Backtracks: 1,
    Decrease: 0.96875,
    ...SHOTS,
  }),
  'adam-reversal, exact': family({ Rule: Rule.AdamReversal, Guard: 0.5, Rate: 0.25 }),
  'adam-reversal, shots, head': family({ Rule: Rule.AdamReversal, Guard: 0.5, Rate: 0.25, ...SHOTS }, HEADED),
  'nlr-guarded, halve and reject': family({
    ...{ Rule: Rule.NlrGuarded, Guard: 0.5, Fallback: Fallback.Halve, Doubt: Doubt.Reject },
    ...SHOTS,
  }),
  'nlr-guarded, reject and descend': family({
    ...{ Rule: Rule.NlrGuarded, Guard: 0.5, Fallback: Fallback.Reject, Doubt: Doubt.Descend },
    ...SHOTS,
  }),
  'nlr, kappa': family({ Rule: Rule.Nlr, Reversal: Reversal.Kappa, Kappa: 2.5 }),
  'nlr, Eq. 10': family({ Rule: Rule.Nlr, Reversal: Reversal.Eq10, NoiseRate: 0.05, Depth: 2 }),
  'nlr, Eq. 10 in the state, exact': family({
    ...{ Rule: Rule.Nlr, Reversal: Reversal.Eq10State, NoiseRate: 0.05, Depth: 2 },
  }),
  'nlr, Eq. 10 in the state, shots, effective rate': family(
    {
      ...{ Rule: Rule.Nlr, Reversal: Reversal.Eq10State, NoiseRate: 0.25, Depth: 2, EffectiveRate: 1 },
      ...SHOTS,
    },
    HEADED,
  ),
};

const SAME: Readonly<Record<string, string>> = { 'armijo, exact, one tick at a time': 'armijo, exact' };

/** Options that contradict one another, and values out of range. */
const REFUSED: Case = {
  name: "the paper's family, refused",
  lines: [
    ...compiled({}),
    call('configure', Option.Kappa, 3.5),
    call('configure', Option.Backtracks, 33),
    call('configure', Option.Doubt, 4),
    ...configure({ Reversal: Reversal.Kappa, Kappa: 1 }),
    call('plan'),
    call('option_at_fault'),
    ...configure({ Reversal: Reversal.Eq10 }),
    call('plan'),
    call('option_at_fault'),
    ...configure({ ...optionsOf({}), Terms: 2, Reversal: Reversal.Eq10State, Depth: 2 }),
    must('init'),
    ...PAPER_PROGRAM,
    must('observable_add', 0, 0, 2, 1),
    call('compile'),
  ],
};

/** The cases that the release module runs beside the others. */
export const FAMILY: readonly Case[] = [
  ...Object.entries(TRAININGS).map(([name, training]) => ({
    name,
    lines: trained(training),
    endsAs: SAME[name],
  })),
  ...['nlr-adaptive, shots', 'sgd-restart, head', 'adam-reversal, shots, head', 'perturb-uniform, shots'].map(
    (name) => resumed(name, TRAININGS[name]),
  ),
  REFUSED,
];
