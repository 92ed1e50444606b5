/** The cases of the methods that others are held against: one build has them. */
import { Draws, Engine, Gradient, Rule, Schedule } from '../../assembly/abi/codes.ts';
import { call, type Case, readReals } from './script.ts';
import { optionsOf, resumed, steps, trained, type Training, started } from './training.ts';

const COLUMNS = { Engine: Engine.Columns, Workspace: 8192 };
const TWO_POINT = { Gradient: Gradient.TwoPoint, Shots: 50 };

const TRAININGS: Record<string, Training> = {
  "two-point by Spall's gains": {
    options: { ...TWO_POINT, Rule: Rule.Sgd, Schedule: Schedule.Spall, Displacement: 0.2 },
  },
  "two-point by Spall's gains, a budget of shots": {
    options: { ...TWO_POINT, Rule: Rule.Adam, Schedule: Schedule.Spall, ShotsBudget: 9000 },
  },
  'frugal, a pool by what is remembered, shots': {
    options: {
      ...{ Rule: Rule.Frugal, Schedule: Schedule.Linear, Beta2: 0.99, Logits: 1 },
      ...{ Draws: Draws.Residual, Samples: 11 },
      ...{ Gradient: Gradient.ParameterShift, Shots: 20, DisplacedShots: 1 },
    },
  },
  'adam, columns, its average': { options: { ...COLUMNS, Rule: Rule.Adam, AveragedShare: 1 } },
};

/** Slices do not change a training. */
const SAME: Readonly<Record<string, string>> = {};

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
  ...['adam, columns, its average', 'frugal, a pool by what is remembered, shots'].map((name) =>
    resumed(name, TRAININGS[name]),
  ),
  AVERAGE_CASE,
];
