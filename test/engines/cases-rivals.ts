/** The cases of the methods that others are held against: one build has them. */
import { Engine, Gradient, Loss, Rule, Schedule } from '../../assembly/abi/codes.ts';
import { call, type Case, readReals } from './script.ts';
import { optionsOf, resumed, steps, trained, type Training, started } from './training.ts';

const COLUMNS = { Engine: Engine.Columns, Workspace: 8192 };
const HEISENBERG = { Engine: Engine.Heisenberg, Workspace: 16384 };
const SHOTS = { Gradient: Gradient.ParameterShift, Shots: 50 };
const ROTOSOLVE = { Rule: Rule.Rotosolve, Gradient: Gradient.ParameterShift, Loss: Loss.Hinge };
const GCANS = { ...SHOTS, Rule: Rule.Gcans, DisplacedShots: 2, Rate: 0.8 };
const TWO_POINT = { Gradient: Gradient.TwoPoint, Shots: 50 };

const TRAININGS: Record<string, Training> = {
  "two-point by Spall's gains": {
    options: { ...TWO_POINT, Rule: Rule.Sgd, Schedule: Schedule.Spall, Displacement: 0.2 },
  },
  "two-point by Spall's gains, a budget of shots": {
    options: { ...TWO_POINT, Rule: Rule.Adam, Schedule: Schedule.Spall, ShotsBudget: 9000 },
  },
  'adam, blocks of parameters': {
    options: { ...COLUMNS, ...SHOTS, Rule: Rule.Adam, Blocks: 4, DisplacedShots: 3 },
    steps: 6,
  },
  'momentum, blocks of parameters, exact': {
    options: { ...HEISENBERG, Gradient: Gradient.Adjoint, Rule: Rule.Momentum, Blocks: 7 },
  },
  'rotosolve, exact': { options: { ...ROTOSOLVE, ...HEISENBERG }, steps: 5 },
  'rotosolve, exact, one tick at a time': { options: { ...ROTOSOLVE, ...HEISENBERG }, steps: 5, work: 1 },
  'rotosolve, shots': { options: { ...ROTOSOLVE, Shots: 40 }, steps: 5 },
  'gcans, heisenberg': { options: { ...GCANS, ...HEISENBERG }, steps: 6 },
  'gcans, columns, blocks': { options: { ...GCANS, ...COLUMNS, Blocks: 5 }, steps: 9 },
  'adam, columns, its average': { options: { ...COLUMNS, Rule: Rule.Adam, AveragedShare: 1 } },
};

/** Slices do not change a training. */
const SAME: Readonly<Record<string, string>> = {
  'rotosolve, exact, one tick at a time': 'rotosolve, exact',
};

/** Predictions by the average, and how many steps it is of. */
const AVERAGE_CASE: Case = {
  name: 'predictions by the average of a suffix',
  lines: ((training: Training) => [
    ...started(training),
    ...steps(training),
    readReals('average_ptr', 0, optionsOf(training).Parameters + 1),
    call('predict', 3, 0),
    readReals('outputs_ptr', 0, 3),
    call('model_write'),
  ])({ options: { ...COLUMNS, Rule: Rule.Momentum, Steps: 3, AveragedShare: 0.5 } }),
};

export const RIVALS: readonly Case[] = [
  ...Object.entries(TRAININGS).map(([name, training]) => ({
    name,
    lines: trained(training),
    endsAs: SAME[name],
  })),
  ...['adam, columns, its average', 'adam, blocks of parameters', 'gcans, heisenberg'].map((name) =>
    resumed(name, TRAININGS[name]),
  ),
  AVERAGE_CASE,
];
