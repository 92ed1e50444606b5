/** The cases of the builds with all engines: columns and Heisenberg, the effective observable, moments, ask and tell. */
import { Engine, Gradient, Loss, Option, Rule, Schedule } from '../../assembly/abi/codes.ts';
import { ANGLES } from './cases.ts';
import { ASKING } from './cases-asking.ts';
import {
  advance,
  call,
  type Case,
  configure,
  must,
  number,
  readDoubles,
  readReals,
  RECORDED_SLOTS,
  writeReal,
} from './script.ts';
import {
  batch,
  optionsOf,
  PAPER,
  results,
  started,
  steps,
  trained,
  type Training,
  resumed,
} from './training.ts';

const SHOTS = { Gradient: Gradient.ParameterShift, Shots: 50 };
const COLUMNS = { Engine: Engine.Columns, Workspace: 8192 };
const HEISENBERG = { Engine: Engine.Heisenberg, Workspace: 8192 };

const FRUGAL = { Rule: Rule.Frugal, Schedule: Schedule.Linear, Beta2: 0.99 };

/** Samples with targets and weights of their own. */
const OWN = { Targets: 1, Weights: 1 };

/** Two outputs through a linear head; a feature bit that the observable cannot see. */
const TWO_OUTPUTS: Training = {
  options: {
    Operations: 11,
    Parameters: 9,
    Terms: 3,
    Outputs: 2,
    Logits: 1,
    Loss: Loss.CrossEntropy,
    ReadoutError: 0.02,
  },
  program: [
    must('circuit_ansatz', 1),
    must('observable_add', 0, 0, 1, 1),
    must('observable_add', 1, 0, 3, 0.5),
    must('observable_add', 1, 1, 2, -0.25),
  ],
};

const paper = (engine: Engine): Training => ({
  ...PAPER,
  options: { ...PAPER.options, Engine: engine, Workspace: 40000, ObservableNorm: 0 },
});

const TRAININGS: Record<string, Training> = {
  'columns, nlr, exact': { options: COLUMNS },
  'columns, nlr, shots': { options: { ...COLUMNS, ...SHOTS } },
  'columns, nlr-guarded, joint shots': {
    ...TWO_OUTPUTS,
    options: { ...TWO_OUTPUTS.options, ...COLUMNS, ...SHOTS, Rule: Rule.NlrGuarded },
  },
  'columns, frugal, joint shots one by one': {
    ...TWO_OUTPUTS,
    options: { ...TWO_OUTPUTS.options, ...COLUMNS, ...SHOTS, ...FRUGAL, Shots: 33, DisplacedShots: 5 },
  },
  'columns, adam, exact': {
    ...TWO_OUTPUTS,
    options: { ...TWO_OUTPUTS.options, ...COLUMNS, Rule: Rule.Adam },
  },
  'heisenberg, nlr, exact': { options: HEISENBERG },
  'heisenberg, nlr, exact, one tick at a time': { options: HEISENBERG, work: 1 },
  'heisenberg, nlr-guarded, exact': {
    options: { ...HEISENBERG, Rule: Rule.NlrGuarded, Rate: 20, NegativeRate: 40 },
    steps: 4,
  },
  'heisenberg, adam, exact': {
    ...TWO_OUTPUTS,
    options: { ...TWO_OUTPUTS.options, ...HEISENBERG, Rule: Rule.Adam },
  },
  'samples, nlr-guarded, targets and weights, shots': {
    options: { ...SHOTS, ...OWN, Rule: Rule.NlrGuarded, Logits: 1 },
  },
  'columns, nlr, targets and weights': { options: { ...COLUMNS, ...OWN } },
  'heisenberg, momentum, targets and weights': {
    options: { ...HEISENBERG, ...OWN, Logits: 1, Rule: Rule.Momentum },
  },
  'samples, adam, three classes with weights': {
    ...TWO_OUTPUTS,
    options: { ...TWO_OUTPUTS.options, Logits: 3, Rule: Rule.Adam, Weights: 1 },
  },
  'samples, frugal, joint shots, one a sign': {
    ...TWO_OUTPUTS,
    options: { ...TWO_OUTPUTS.options, ...SHOTS, ...FRUGAL, DisplacedShots: 1 },
  },
  'columns, frugal, joint shots': {
    ...TWO_OUTPUTS,
    options: { ...TWO_OUTPUTS.options, ...COLUMNS, ...SHOTS, ...FRUGAL },
  },
  'columns, frugal, three classes with weights': {
    ...TWO_OUTPUTS,
    options: { ...TWO_OUTPUTS.options, ...COLUMNS, ...FRUGAL, Logits: 3, Weights: 1 },
  },
  'heisenberg, frugal, exact': {
    ...TWO_OUTPUTS,
    options: { ...TWO_OUTPUTS.options, ...HEISENBERG, ...FRUGAL },
  },
  'heisenberg, frugal, exact, one tick at a time': {
    ...TWO_OUTPUTS,
    options: { ...TWO_OUTPUTS.options, ...HEISENBERG, ...FRUGAL },
    work: 1,
  },
  "heisenberg, nlr, the paper's model": paper(Engine.Heisenberg),
  "auto, nlr, the paper's model": paper(Engine.Auto),
};

/** Slices do not change a training, nor does it matter who chose its engine. */
const SAME: Readonly<Record<string, string>> = {
  'heisenberg, nlr, exact, one tick at a time': 'heisenberg, nlr, exact',
  'heisenberg, frugal, exact, one tick at a time': 'heisenberg, frugal, exact',
  "auto, nlr, the paper's model": "heisenberg, nlr, the paper's model",
};

/** What the core says about a compiled program. */
const FACTS = [
  ...['engine_in_use', 'workspace_wanted', 'active_parameters', 'visible_qubits'].map((name) => call(name)),
  number('step_evaluations'),
  number('step_work'),
];

/** Predictions by the effective observable beside those of the circuit. */
function effective(name: string, training: Training): Case {
  const rows = [...Array(optionsOf(training).Batch).keys()];
  return {
    name: `${name}, effective observable`,
    lines: [
      ...started(training),
      ...steps(training, 0, 1),
      ...batch(training, 5),
      call('predict', rows.length, 0),
      readReals('outputs_ptr', 0, rows.length),
      call('effective_build'),
      ...[-1, rows.length, ...rows].map((row) => number('predict_effective', row)),
    ],
  };
}

const MOMENTS: Training = { options: { ...COLUMNS, Moments: 1, Workspace: 16384 } };

/** The loss over a data set at once, and what is refused on the way. */
const MOMENTS_CASE: Case = {
  name: 'moments of a data set',
  lines: [
    ...started(MOMENTS),
    call('moments_clear'),
    number('moments_loss'),
    ...batch(MOMENTS, 1),
    call('moments_add', 3),
    ...batch(MOMENTS, 2),
    call('moments_add', 2),
    number('moments_loss'),
    ...steps(MOMENTS, 0, 1),
    number('moments_loss'),
    call('moments_add', 4),
    must('step_begin', 1),
    call('moments_add', 1),
    call('effective_build'),
    call('step_abandon'),
    call('moments_clear'),
    number('moments_loss'),
  ],
};

const OWN_MOMENTS: Training = { options: { ...COLUMNS, ...OWN, Moments: 1, Workspace: 16384 } };

/** Targets and weights that are none, and the moments of those that are. */
const OWN_CASE: Case = {
  name: 'targets and weights: moments, and refusals',
  lines: [
    ...started(OWN_MOMENTS),
    ...batch(OWN_MOMENTS, 1),
    call('moments_add', 3),
    number('moments_loss'),
    writeReal('weights_ptr', 1, -1),
    call('moments_add', 2),
    call('predict', 3, 0),
    must('step_begin', 3),
    advance(1000),
    ...batch(OWN_MOMENTS, 1),
    writeReal('targets_ptr', 1, Number.POSITIVE_INFINITY),
    call('predict', 3, 0),
    must('step_begin', 3),
    advance(1000),
    writeReal('targets_ptr', 1, Number.NaN),
    call('predict', 3, 0),
    readDoubles('report_ptr', 0, RECORDED_SLOTS),
    ...configure({ Loss: Loss.Hinge, Moments: 0 }),
    call('plan'),
    number('option_value', Option.Targets),
  ],
};

/** Features and a parameter of many turns, as gates. */
const LARGE_ANGLES: readonly number[] = [1599.5, 1601, 1.6e6, 1e7, -3e15, 2e22, -1e30, 3e38, 1e-30];
const LARGE_CASE: Case = {
  name: 'angles of many turns',
  lines: [
    ...started(ANGLES),
    ...batch(ANGLES),
    ...LARGE_ANGLES.map((angle, i) => writeReal('features_ptr', i, angle)),
    writeReal('parameters_ptr', 4, 5e9),
    call('predict', 3, 0),
    readReals('outputs_ptr', 0, 3),
    must('step_begin', 3),
    advance(7),
    ...results(ANGLES),
  ],
};

/** An observable beyond what the bare cross-entropy can take. */
const UNBOUNDED_CASE: Case = {
  name: 'an observable that leaves -1 to 1',
  lines: [
    ...configure({ ...optionsOf({}), Loss: Loss.CrossEntropy }),
    must('init'),
    must('circuit_ansatz', 2),
    must('observable_add', 0, 0, 1, 1.5),
    call('compile'),
    call('step_begin', 3),
  ],
};

/** Engines that cannot run a program, or have no room. */
const REFUSED_CASE: Case = {
  name: 'engines that are refused',
  lines: [
    ...started({}),
    call('effective_build'),
    number('predict_effective', 0),
    call('moments_clear'),
    call('moments_add', 1),
    number('moments_loss'),
    ...[Engine.Columns, Engine.Heisenberg].flatMap((engine) => [
      ...configure({ ...optionsOf({}), Engine: engine }),
      must('init'),
      must('circuit_ansatz', 2),
      must('observable_add', 0, 0, 1, 1),
      call('compile'),
      call('workspace_wanted'),
    ]),
    // Measured together: no build has that in this engine.
    ...configure({ ...optionsOf({}), ...HEISENBERG, ...SHOTS, Terms: 2 }),
    must('init'),
    must('circuit_ansatz', 2),
    must('observable_add', 0, 0, 1, 0.5),
    must('observable_add', 0, 0, 2, 0.5),
    call('compile'),
    must('configure', Option.Engine, Engine.Auto),
    must('init'),
    must('circuit_ansatz', 2),
    must('observable_add', 0, 0, 1, 0.5),
    must('observable_add', 0, 0, 2, 0.5),
    call('compile'),
    ...FACTS,
  ],
};

/** The cases that the builds with all engines run beside the common ones. */
export const LAID_OUT: readonly Case[] = [
  ...Object.entries(TRAININGS).map(([name, training]) => ({
    name,
    lines: trained(training),
    endsAs: SAME[name],
  })),
  ...['columns, nlr, shots', 'heisenberg, adam, exact', 'samples, frugal, joint shots, one a sign'].map(
    (name) => resumed(name, TRAININGS[name]),
  ),
  ...['columns, adam, exact', 'heisenberg, nlr, exact'].map((name) => effective(name, TRAININGS[name])),
  MOMENTS_CASE,
  OWN_CASE,
  LARGE_CASE,
  UNBOUNDED_CASE,
  resumed('columns, nlr, targets and weights', TRAININGS['columns, nlr, targets and weights']),
  REFUSED_CASE,
  ...ASKING,
];
