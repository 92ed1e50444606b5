/** The cases that every build runs, all by the samples engine. */
import {
  Encoding,
  Gradient,
  Loss,
  MAX_SHOTS,
  Operation,
  Option,
  Rule,
  Schedule,
  Source,
} from '../../assembly/abi/codes.ts';
import { REFUSALS } from './cases-refused.ts';
import { advance, call, type Case, must, number, readIntegers, readReals } from './script.ts';
import {
  batch,
  compiled,
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

/** Z on one qubit and a sum that is measured jointly: two outputs through a linear head. */
const TWO_OUTPUTS: Training = {
  options: { Terms: 3, Outputs: 2, Logits: 1, Loss: Loss.CrossEntropy, ReadoutError: 0.02 },
  program: [
    must('circuit_ansatz', 2),
    must('observable_add', 0, 0, 1, 1),
    must('observable_add', 1, 0, 6, 0.5),
    must('observable_add', 1, 2, 3, -0.25),
  ],
};

/** Three classes, softmax. */
const CLASSES: Training = {
  ...TWO_OUTPUTS,
  options: { ...TWO_OUTPUTS.options, Logits: 3 },
};

/** Features drive angles: a map of rotations and two-qubit rotations, then trained ones. */
export const ANGLES: Training = {
  options: { Features: 3, Encoding: Encoding.Zero, Operations: 12, Parameters: 6 },
  program: [
    ...[0, 1, 2].map((q) => must('circuit_add', Operation.RY, q, q, Source.Feature, q, Math.PI, 0.1)),
    must('circuit_add', Operation.RZZ, 0, 1, Source.Feature, 0, -2, 0.5),
    must('circuit_add', Operation.RX, 0, 0, Source.Parameter, 0, 1, 0),
    must('circuit_add', Operation.RXX, 1, 2, Source.Parameter, 1, 1, 0),
    must('circuit_add', Operation.RYY, 0, 2, Source.Parameter, 2, 0.5, -0.25),
    must('circuit_add', Operation.CZ, 0, 1, Source.Constant, 0, 0, 0),
    must('circuit_add', Operation.RY, 1, 1, Source.Parameter, 3, 1, 0),
    must('circuit_add', Operation.CNOT, 1, 0, Source.Constant, 0, 0, 0),
    must('circuit_add', Operation.RY, 0, 0, Source.Parameter, 4, 1, 0),
    must('circuit_add', Operation.RZ, 0, 0, Source.Parameter, 5, 1, 1 / 3),
    must('observable_add', 0, 1, 0, 1),
  ],
};

/** Samples that feed back into amplitudes and angles alike, with a work area for it. */
const REUPLOADED: Training = {
  options: { ...ANGLES.options, Features: 4, Encoding: Encoding.Amplitude, Workspace: 4096 },
  program: ANGLES.program,
};

const TRAININGS: Record<string, Training> = {
  'nlr, exact': {},
  'nlr, exact, one step': { steps: 1 },
  'nlr, exact, one tick at a time': { work: 1 },
  'nlr, exact, never cut': { work: 0x7fffffff },
  'nlr, shots': { options: SHOTS },
  'nlr, joint shots': {
    ...TWO_OUTPUTS,
    options: { ...TWO_OUTPUTS.options, ...SHOTS, Rate: 0.5, NegativeRate: 1 },
  },
  'nlr, parameter shift, exact': { options: { Gradient: Gradient.ParameterShift, SeedLow: 3 } },
  'nlr-guarded, joint shots one by one': {
    ...TWO_OUTPUTS,
    options: { ...TWO_OUTPUTS.options, ...SHOTS, Rule: Rule.NlrGuarded, Shots: 20, DisplacedShots: 1 },
  },
  'nlr-guarded, exact': { options: { Rule: Rule.NlrGuarded, Rate: 20, NegativeRate: 40 }, steps: 4 },
  'nlr-guarded, shots': {
    options: { ...SHOTS, Rule: Rule.NlrGuarded, Rate: 0.5, NegativeRate: 1 },
    steps: 4,
  },
  'nlr-guarded, joint shots': {
    ...TWO_OUTPUTS,
    options: { ...TWO_OUTPUTS.options, ...SHOTS, Rule: Rule.NlrGuarded },
  },
  'sgd, exact': { options: { Rule: Rule.Sgd, Rate: 1 } },
  'sgd, hinge loss': { options: { Rule: Rule.Sgd, Loss: Loss.Hinge } },
  'sgd, cross-entropy without a head': { options: { Rule: Rule.Sgd, Loss: Loss.CrossEntropy } },
  'momentum, cosine schedule': { options: { Rule: Rule.Momentum, Schedule: Schedule.Cosine } },
  'momentum, linear schedule': { options: { Rule: Rule.Momentum, Schedule: Schedule.Linear, Steps: 2 } },
  'momentum, schedule of Robbins and Monro': {
    options: { Rule: Rule.Momentum, Schedule: Schedule.RobbinsMonro },
  },
  'sgd, a budget of shots': {
    options: { ...SHOTS, Rule: Rule.Sgd, Rate: 1, Schedule: Schedule.Linear, ShotsBudget: 12000 },
  },
  'rmsprop, exact': { options: { Rule: Rule.RmsProp } },
  'adam, exact': { options: { Rule: Rule.Adam } },
  'adam, shots': { options: { ...SHOTS, Rule: Rule.Adam } },
  'adam, three classes': { ...CLASSES, options: { ...CLASSES.options, Rule: Rule.Adam } },
  'adam, three classes, joint shots': {
    ...CLASSES,
    options: { ...CLASSES.options, ...SHOTS, Rule: Rule.Adam },
  },
  'nlr, angle encoding': ANGLES,
  'nlr, angle encoding, shots': { ...ANGLES, options: { ...ANGLES.options, ...SHOTS } },
  'nlr, amplitudes and angles': REUPLOADED,
  'nlr, readout error': { options: { ...SHOTS, ReadoutError: 0.1 } },
  "nlr, the paper's model": PAPER,
};

/** Slices do not change a training. */
const SAME: Readonly<Record<string, string>> = {
  'nlr, exact, one tick at a time': 'nlr, exact',
  'nlr, exact, never cut': 'nlr, exact',
};

/** Predictions of a trained model, exact and with shots, in the last line. */
function predictions(training: Training): string[] {
  const { Batch, Logits = 0 } = optionsOf(training);
  const count = Batch * Math.max(Logits, 1);
  return [
    ...batch(training, 5),
    call('predict', Batch, 0),
    readReals('outputs_ptr', 0, count),
    call('predict', Batch, 30),
    readReals('outputs_ptr', 0, count),
  ];
}

/** A trained model, and the same from a model file in a new instance. */
function predicted(name: string, training: Training): Case[] {
  const lines = [...started(training), ...steps(training, 0, 1)];
  return [
    { name: `${name}, predictions`, lines: [...lines, ...predictions(training)] },
    {
      name: `${name}, predictions from a model file`,
      endsAs: `${name}, predictions`,
      lines: [
        ...lines,
        call('model_write'),
        'keep',
        'reset',
        'put',
        call('model_read', '$'),
        ...predictions(training),
      ],
    },
  ];
}

/** Everything about a program that is not training. */
const FACTS_CASE: Case = {
  name: 'facts of a program',
  lines: [
    call('abi_version'),
    ...compiled(TWO_OUTPUTS),
    call('parameter_count'),
    call('real_bytes'),
    number('option_value', Option.Rate),
    number('option_value', -1),
    call('reseed', 5, 6),
    must('parameters_initialise'),
    readReals('parameters_ptr', 0, 18),
    'trace',
  ],
};

/** The core chooses the mini-batches. */
const DRAWN: Training = { options: { Samples: 11 } };
const DRAWN_CASE: Case = {
  name: 'mini-batches drawn by the core',
  lines: [
    ...started(DRAWN),
    ...[0, 1, 2].flatMap((step) => [
      must('step_begin', 3),
      readIntegers('indices_ptr', 0, 3),
      ...batch(DRAWN, step + 1),
      advance(MAX_SHOTS),
    ]),
    ...results(DRAWN),
  ],
};

/** A step that is given up, or begun again, leaves no mark. */
const ABANDONED_CASE: Case = {
  name: 'nlr, exact, steps given up and begun again',
  endsAs: 'nlr, exact',
  lines: [
    ...started({}),
    ...steps({}, 0, 1),
    must('step_begin', 2),
    call('step_advance', 1),
    call('step_abandon'),
    ...steps({}, 1, 2),
    must('step_begin', 3),
    call('step_advance', 3),
    ...steps({}, 2),
    ...results({}),
  ],
};

/** The cases that every build runs. */
export const COMMON: readonly Case[] = [
  ...Object.entries(TRAININGS).map(([name, training]) => ({
    name,
    lines: trained(training),
    endsAs: SAME[name],
  })),
  ABANDONED_CASE,
  DRAWN_CASE,
  FACTS_CASE,
  ...['nlr, shots', 'nlr-guarded, shots', 'adam, three classes'].map((name) =>
    resumed(name, TRAININGS[name]),
  ),
  ...['nlr, exact', 'adam, three classes', 'nlr, angle encoding'].flatMap((name) =>
    predicted(name, TRAININGS[name]),
  ),
  ...REFUSALS,
];
