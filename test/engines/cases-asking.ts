/** Ask and tell: the caller measures the circuits, here with counts that the script makes up. */
import {
  Answerer,
  ASK_COUNT,
  Engine,
  Gradient,
  Operation,
  Option,
  Source,
} from '../../assembly/abi/codes.ts';
import {
  call,
  type Case,
  configure,
  must,
  number,
  readDoubles,
  readIntegers,
  readReals,
  RECORDED_SLOTS,
} from './script.ts';
import { batch, compiled, optionsOf, results, started, type Training } from './training.ts';

const SHOTS = 8;
/** More than a step takes: it stops where it asks. */
const WORK = 1000;

/** Two parameters on two qubits, <Z1>, two samples. */
const ASKED: Training = {
  options: {
    Qubits: 2,
    Features: 4,
    Operations: 3,
    Parameters: 2,
    Batch: 2,
    Gradient: Gradient.ParameterShift,
    Shots: SHOTS,
    Answerer: Answerer.Caller,
  },
  program: [
    must('circuit_add', Operation.RY, 0, 0, Source.Parameter, 0, 1, 0.25),
    must('circuit_add', Operation.CNOT, 0, 1, Source.Constant, 0, 0, 0),
    must('circuit_add', Operation.RX, 1, 1, Source.Parameter, 1, 1, 0),
    must('observable_add', 0, 0, 2, 1),
  ],
};

/** Two outputs, all in Z: measured together. */
const TOGETHER: Training = {
  options: { ...ASKED.options, Terms: 2, Outputs: 2, Logits: 1 },
  program: [...(ASKED.program ?? []), must('observable_add', 1, 0, 3, 0.5)],
};

/** X and Z: measured one after the other. */
const APART: Training = {
  options: { ...ASKED.options, Terms: 2 },
  program: [...(ASKED.program ?? []), must('observable_add', 0, 2, 0, 0.5)],
};

/** All that a question says, of the circuit's first operations. */
const QUESTION = [
  readIntegers('ask_ptr', 0, ASK_COUNT),
  ...[0, 1, 2].flatMap((index) => [call('ask_operation', index), number('ask_angle', index)]),
];

/** Counts of every outcome, others for every question. */
function told(question: number): string[] {
  const ones = (3 * question + 1) % (SHOTS + 1);
  const both = (SHOTS - ones) >> 1;
  return [must('tell', 2, ones), must('tell', 3, both), must('tell', 0, SHOTS - ones - both)];
}

/** One step with this many questions, from the question of a running number on. */
function step(training: Training, index: number, questions: number): string[] {
  return [
    must('step_begin', optionsOf(training).Batch),
    ...batch(training, index),
    ...Array.from({ length: questions }, (_, i) => [
      `advance ${WORK}`,
      ...QUESTION,
      ...told(index * questions + i),
    ]).flat(),
    `advance ${WORK}`,
    readDoubles('report_ptr', 0, RECORDED_SLOTS),
  ];
}

/** Of a step: two samples, each for the loss, two angles displaced both ways and the tentative loss. */
const QUESTIONS = 12;

const REFUSED: Case = {
  name: 'asking: answers that are refused',
  endsAs: 'asking: one step',
  lines: [
    ...started(ASKED),
    call('tell', 0, 1),
    call('ask_operation', 0),
    number('ask_angle', 0),
    must('step_begin', 2),
    ...batch(ASKED),
    call('tell', 0, 1),
    `advance ${WORK}`,
    call('step_advance', WORK),
    call('tell', 0, -1),
    call('tell', 0, SHOTS + 1),
    call('tell', 4, 1),
    call('ask_operation', 3),
    call('ask_operation', -1),
    number('ask_angle', 3),
    must('tell', 0, SHOTS - 1),
    call('step_advance', WORK),
    must('tell', 0, SHOTS - 1),
    call('tell', 1, 2),
    call('checkpoint_write'),
    call('step_abandon'),
    call('step_advance', WORK),
    ...step(ASKED, 0, QUESTIONS),
    ...results(ASKED),
  ],
};

const RESUMED: Case = {
  name: 'asking: resumed from a checkpoint',
  endsAs: 'asking: two steps',
  lines: [
    ...started(ASKED),
    ...step(ASKED, 0, QUESTIONS),
    call('checkpoint_write'),
    'keep',
    must('step_begin', 2),
    ...batch(ASKED),
    `advance ${WORK}`,
    must('tell', 0, 1),
    'reset',
    ...compiled(ASKED),
    'put',
    call('checkpoint_read', '$'),
    ...step(ASKED, 1, QUESTIONS),
    ...results(ASKED),
  ],
};

/** Options that asking does not go with. */
const COMBINATIONS: Case = {
  name: 'asking: options that are refused',
  lines: [
    ...configure({ ...optionsOf(ASKED), Shots: 0 }),
    call('plan'),
    ...configure({ Shots: SHOTS, Engine: Engine.Columns }),
    call('plan'),
    call('configure', Option.Answerer, Answerer.Caller + 1),
  ],
};

/** A prediction asks once for each sample. */
const PREDICTION: Case = {
  name: 'asking: a prediction',
  lines: [
    ...started(ASKED),
    ...batch(ASKED),
    call('predict', 2, SHOTS),
    ...QUESTION,
    ...told(2),
    `advance ${WORK}`,
    ...told(5),
    `advance ${WORK}`,
    readReals('outputs_ptr', 0, 2),
  ],
};

/** The cases in which the caller is asked. */
export const ASKING: readonly Case[] = [
  { name: 'asking: one step', lines: [...started(ASKED), ...step(ASKED, 0, QUESTIONS), ...results(ASKED)] },
  {
    name: 'asking: two steps',
    lines: [...started(ASKED), ...step(ASKED, 0, QUESTIONS), ...step(ASKED, 1, QUESTIONS), ...results(ASKED)],
  },
  {
    name: 'asking: terms together',
    lines: [...started(TOGETHER), ...step(TOGETHER, 0, QUESTIONS), ...results(TOGETHER)],
  },
  {
    name: 'asking: terms apart',
    lines: [...started(APART), ...step(APART, 0, 2 * QUESTIONS), ...results(APART)],
  },
  PREDICTION,
  REFUSED,
  RESUMED,
  COMBINATIONS,
];
