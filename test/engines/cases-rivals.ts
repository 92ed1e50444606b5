/** The cases of the methods that others are held against: one build has them. */
import {
  Channel,
  Draws,
  Engine,
  Gradient,
  HeadNoise,
  HeadStep,
  Loss,
  Rule,
  Schedule,
} from '../../assembly/abi/codes.ts';
import { call, type Case, must, readReals } from './script.ts';
import { optionsOf, resumed, steps, trained, type Training, started } from './training.ts';

const COLUMNS = { Engine: Engine.Columns, Workspace: 8192 };
const HEISENBERG = { Engine: Engine.Heisenberg, Workspace: 16384 };
const SHOTS = { Gradient: Gradient.ParameterShift, Shots: 50 };
const ROTOSOLVE = { Rule: Rule.Rotosolve, Gradient: Gradient.ParameterShift, Loss: Loss.Hinge };
const GCANS = { ...SHOTS, Rule: Rule.Gcans, DisplacedShots: 2, Rate: 0.8 };
const SFGN = { Rule: Rule.Sfgn, Gradient: Gradient.ParameterShift, Rate: 0.4, Beta2: 0.99, Damping: 0.05 };
const FRUGAL = { ...SHOTS, Rule: Rule.Frugal, Logits: 1, DisplacedShots: 3, Schedule: Schedule.Linear };

/** Two layers, and noise that mixes and noise that does not behind them. */
const NOISY = [
  must('circuit_ansatz', 2),
  must('circuit_add', Channel.Depolarizing, 0, 0, 0, 0, 0, 0.05),
  must('circuit_add', Channel.Damping, 1, 0, 0, 0, 0, 0.1),
  must('observable_add', 0, 0, 1, 0.7),
  must('observable_add', 0, 1, 0, -0.3),
];
const NOISY_ROOM = { Operations: 24, Terms: 2, Workspace: 65536 };

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
    options: { ...HEISENBERG, Gradient: Gradient.Adjoint, Rule: Rule.Momentum, Blocks: 3 },
  },
  'adam with reversals, blocks of parameters': {
    options: { ...SHOTS, Rule: Rule.AdamReversal, Guard: 0.5, Blocks: 2, Rate: 0.5 },
    steps: 6,
  },
  'rotosolve, exact': { options: { ...ROTOSOLVE, ...HEISENBERG }, steps: 5 },
  'rotosolve, exact, one tick at a time': { options: { ...ROTOSOLVE, ...HEISENBERG }, steps: 5, work: 1 },
  'rotosolve, shots': { options: { ...ROTOSOLVE, Shots: 40 }, steps: 5 },
  'rotosolve, an energy with noise': {
    options: { ...ROTOSOLVE, ...NOISY_ROOM, Loss: Loss.Energy, Engine: Engine.Noisy },
    program: NOISY,
    steps: 5,
  },
  'rotosolve, trajectories': {
    options: { ...ROTOSOLVE, ...NOISY_ROOM, Engine: Engine.Trajectories, Shots: 12 },
    program: NOISY,
    work: 100,
  },
  'gcans, heisenberg': { options: { ...GCANS, ...HEISENBERG }, steps: 6 },
  'gcans, columns, blocks': { options: { ...GCANS, ...COLUMNS, Blocks: 3 }, steps: 9 },
  'gcans, trajectories, a budget of shots': {
    options: { ...GCANS, ...NOISY_ROOM, Engine: Engine.Trajectories, Loss: Loss.Energy, ShotsBudget: 9000 },
    program: NOISY,
    work: 1000,
  },
  'sfgn, exact, heisenberg': { options: { ...SFGN, ...HEISENBERG }, steps: 4 },
  'sfgn, exact, heisenberg, one tick at a time': {
    options: { ...SFGN, ...HEISENBERG },
    steps: 4,
    work: 1,
  },
  'sfgn, shots, a head': { options: { ...SFGN, ...COLUMNS, Logits: 1, Shots: 20 }, steps: 5 },
  'sfgn, two shots, doubled damping': {
    options: { ...SFGN, Logits: 1, Loss: Loss.MeanSquare, Shots: 2, Damping: 1e-8 },
    steps: 5,
  },
  'sfgn, noise': {
    options: { ...SFGN, ...NOISY_ROOM, Engine: Engine.Noisy, DisplacedShots: 3, Shots: 9 },
    program: NOISY,
  },
  'sfgn, trajectories, a budget of shots': {
    options: { ...SFGN, ...NOISY_ROOM, Engine: Engine.Trajectories, Shots: 12, ShotsBudget: 9000 },
    program: NOISY,
    work: 1000,
  },
  'frugal, all samples drawn': { options: { ...FRUGAL, ...COLUMNS, Draws: Draws.All } },
  "frugal, the head by Adam, its shots' noise kept": {
    options: { ...FRUGAL, HeadStep: HeadStep.Adam, HeadNoise: HeadNoise.Kept },
  },
  'frugal, blocks of parameters': { options: { ...FRUGAL, ...COLUMNS, Blocks: 2 }, steps: 4 },
  'adam, columns, its average': { options: { ...COLUMNS, Rule: Rule.Adam, AveragedShare: 1 } },
};

/** Slices do not change a training. */
const SAME: Readonly<Record<string, string>> = {
  'rotosolve, exact, one tick at a time': 'rotosolve, exact',
  'sfgn, exact, heisenberg, one tick at a time': 'sfgn, exact, heisenberg',
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
  ...[
    'adam, columns, its average',
    'adam, blocks of parameters',
    'adam with reversals, blocks of parameters',
    'rotosolve, shots',
    'gcans, heisenberg',
    'sfgn, shots, a head',
    'frugal, blocks of parameters',
  ].map((name) => resumed(name, TRAININGS[name])),
  AVERAGE_CASE,
];
