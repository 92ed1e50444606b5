/** Noisy circuits: channels, trajectories, extrapolation and calibration, which the release module alone has. */
import {
  Channel,
  Engine,
  Extrapolation,
  Gradient,
  Loss,
  Operation,
  Option,
  Rule,
  Source,
} from '../../assembly/abi/codes.ts';
import { call, type Case, configure, features, labels, must, type Options, readReals } from './script.ts';
import { compiled, optionsOf, resumed, trained, type Training } from './training.ts';

const QUBITS = 3;

/** A channel behind a gate of so many operations. */
const noise = (kind: Channel, qubit: number, rate: number, other = 0, span = 0) =>
  must('circuit_add', kind, qubit, qubit, Source.Constant, span, other, rate);

/** A layer of three rotations a qubit, which are one gate to their noise, and a chain of CNOTs. */
function layer(first: number): string[] {
  const turns = [...Array(QUBITS).keys()].flatMap((qubit) => [
    ...[Operation.RX, Operation.RY, Operation.RZ].map((kind, axis) =>
      must('circuit_add', kind, qubit, qubit, Source.Parameter, first + 3 * qubit + axis, 1, 0),
    ),
    noise(Channel.Depolarizing, qubit, 0.03125, 0, 3),
    noise(Channel.Damping, qubit, 0.0625),
  ]);
  const chain = [...Array(QUBITS - 1).keys()].flatMap((qubit) => [
    must('circuit_add', Operation.CNOT, qubit, qubit + 1, Source.Constant, 0, 1, 0),
    noise(Channel.Dephasing, qubit, 0.125),
    noise(Channel.Dephasing, qubit + 1, 0.125),
  ]);
  return [...turns, ...chain];
}

const READOUTS = [...Array(QUBITS).keys()].map((qubit) => noise(Channel.Readout, qubit, 0.0625, 0.125));
const CIRCUIT = [...layer(0), ...layer(9), ...READOUTS];

/** One string, with letters that shots turn to Z. */
const ALONE = [...CIRCUIT, must('observable_add', 0, 1, 3, 1)];
/** Two outputs that are measured together, through a head. */
const TOGETHER = [
  ...CIRCUIT,
  must('observable_add', 0, 0, 1, 1),
  must('observable_add', 1, 0, 6, -0.75),
  must('observable_add', 1, 0, 4, 0.5),
];
const HEAD: Options = { Terms: 3, Outputs: 2, Logits: 2, Loss: Loss.CrossEntropy };
const ROOM: Options = { Operations: 64, Workspace: 262144, Engine: Engine.Auto };
const SHOTS: Options = { Gradient: Gradient.ParameterShift, Shots: 20 };

const alone = (options: Options, more: Training = {}): Training => ({
  steps: 4,
  ...more,
  program: ALONE,
  options: { ...ROOM, Loss: Loss.MeanSquare, ...options },
});
const together = (options: Options, more: Training = {}): Training => ({
  steps: 4,
  ...more,
  program: TOGETHER,
  options: { ...ROOM, ...HEAD, ...options },
});

const TRAJECTORIES = { Engine: Engine.Trajectories, ...SHOTS };

const TRAININGS: Record<string, Training> = {
  'noisy, nlr, exact': alone({ Rule: Rule.Nlr, Rate: 1.5, NegativeRate: 2.5 }),
  'noisy, nlr, exact, one tick at a time': alone(
    { Rule: Rule.Nlr, Rate: 1.5, NegativeRate: 2.5 },
    { work: 1 },
  ),
  'noisy, nlr-guarded, shots': alone({ Rule: Rule.NlrGuarded, Guard: 1, Rate: 4, ...SHOTS }),
  'noisy, adam, head': together({ Rule: Rule.Adam }),
  'noisy, adam, head, shots': together({ Rule: Rule.Adam, ...SHOTS }),
  'noisy, adam, head, many shots': together({ Rule: Rule.Adam, ...SHOTS, Shots: 500 }),
  'noisy, frugal, head, shots': together({ Rule: Rule.Frugal, ...SHOTS, DisplacedShots: 1 }),
  'noisy, adam-reversal, exact': together({ Rule: Rule.AdamReversal, Guard: 0.5, Rate: 0.25 }),
  'noisy, armijo, two-point': alone({
    ...{ Rule: Rule.Armijo, Backtracks: 3, Decrease: 0.5, Rate: 2 },
    Gradient: Gradient.TwoPoint,
  }),
  'trajectories, nlr-guarded': alone({ Rule: Rule.NlrGuarded, Guard: 1, Rate: 4, ...TRAJECTORIES }),
  'trajectories, nlr-guarded, one tick at a time': alone(
    { Rule: Rule.NlrGuarded, Guard: 1, Rate: 4, ...TRAJECTORIES },
    { work: 1 },
  ),
  'trajectories, adam, head': together({ Rule: Rule.Adam, ...TRAJECTORIES }),
  'extrapolated linearly, exact': alone({ Extrapolation: Extrapolation.Linear, Scales: 2 }),
  'extrapolated by a parabola, head': together({
    ...{ Extrapolation: Extrapolation.Polynomial, Scales: 4, ExtrapolationOrder: 2 },
    Rule: Rule.Adam,
  }),
  'extrapolated by Richardson, shots': alone({
    ...{ Extrapolation: Extrapolation.Richardson, Scales: 3, Rule: Rule.Sgd },
    ...SHOTS,
  }),
  'extrapolated exponentially, trajectories': alone({
    ...{ Extrapolation: Extrapolation.Exponential, Scales: 2, Rule: Rule.Momentum },
    ...TRAJECTORIES,
  }),
  'calibrated, exact': alone({ CalibrationShots: 200 }),
  'calibrated, shots': alone({ CalibrationShots: 200, Rule: Rule.Sgd, ...SHOTS }),
  'calibrated, head, shots': together({ CalibrationShots: 200, Rule: Rule.Sgd, ...SHOTS }),
  'calibrated, trajectories': together({ CalibrationShots: 200, Rule: Rule.Sgd, ...TRAJECTORIES }),
};

const SAME: Readonly<Record<string, string>> = {
  'noisy, nlr, exact, one tick at a time': 'noisy, nlr, exact',
  'trajectories, nlr-guarded, one tick at a time': 'trajectories, nlr-guarded',
};

/** Rates that are none, gates behind a readout, engines that run no noise, a readout that cannot be inverted. */
const REFUSED: Case = {
  name: 'noise, refused',
  lines: [
    ...configure(optionsOf(alone({ Engine: Engine.Samples }))),
    must('init'),
    call('circuit_add', Channel.Depolarizing, 0, 0, Source.Constant, 0, 0, 1.5),
    call('circuit_add', Channel.Readout, 0, 0, Source.Constant, 0, 0.75, 0.5),
    ...ALONE,
    call('circuit_add', Operation.RX, 0, 0, Source.Constant, 0, 1, 0),
    call('compile'),
    ...configure(optionsOf(alone({ CalibrationShots: 20000 }))),
    must('init'),
    must('circuit_add', Operation.RX, 0, 0, Source.Parameter, 0, 1, 0),
    noise(Channel.Readout, 0, 0.5, 0.5),
    must('observable_add', 0, 0, 1, 1),
    call('compile'),
    ...configure(optionsOf(alone({ Extrapolation: Extrapolation.Linear, Scales: 1 }))),
    call('plan'),
    call('option_at_fault'),
    ...configure({ Extrapolation: Extrapolation.None, Scales: 0, Engine: Engine.Trajectories, Shots: 0 }),
    call('plan'),
    call('option_at_fault'),
    call('configure', Option.Scales, 9),
  ],
};

/** A model of a noisy training has no noise, and predicts by any engine. */
const MODEL: Case = {
  name: 'a model of a noisy training',
  lines: [
    ...compiled(alone({})),
    must('parameters_initialise'),
    call('model_write'),
    'keep',
    'reset',
    'put',
    call('model_read', '$'),
    features(24),
    labels(3),
    call('predict', 3, 0),
    readReals('outputs_ptr', 0, 3),
    call('engine_in_use'),
  ],
};

/** The cases of noise. */
export const NOISE: readonly Case[] = [
  ...Object.entries(TRAININGS).map(([name, training]) => ({
    name,
    lines: trained(training),
    endsAs: SAME[name],
  })),
  ...['noisy, frugal, head, shots', 'trajectories, adam, head', 'calibrated, shots'].map((name) =>
    resumed(name, TRAININGS[name]),
  ),
  REFUSED,
  MODEL,
];
