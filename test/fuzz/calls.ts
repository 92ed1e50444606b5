/** How the arguments of every exported function are drawn, and which functions are drawn more often. */
import { Channel, OPERATION_COUNT } from '../../assembly/abi/codes.ts';
import type { Draws } from './draws.ts';

/** What the arguments can depend on. */
export interface Situation {
  readonly draws: Draws;
  /** Bytes of the image that was written last. */
  readonly imageLength: number;
}

type Arguments = (situation: Situation) => number[];

const none: Arguments = () => [];
const imageLength: Arguments = ({ draws, imageLength }) => [
  draws.rng() < 0.8 ? imageLength : draws.integer(),
];

/** Every function of the ABI; a build may lack some. */
export const CALLS: Readonly<Record<string, Arguments>> = {
  abi_version: none,
  real_bytes: none,
  configure: ({ draws }) => draws.option(),
  option_at_fault: none,
  option_value: ({ draws }) => [draws.integer()],
  reseed: ({ draws }) => [draws.integer(), draws.integer()],
  plan: none,
  init: none,
  circuit_add: ({ draws }) => [
    draws.pick([draws.below(OPERATION_COUNT), Channel.Depolarizing + draws.below(4), draws.integer()]),
    draws.pick([draws.below(3), draws.integer()]),
    draws.pick([draws.below(3), draws.integer()]),
    draws.pick([draws.below(3), draws.integer()]),
    draws.pick([draws.below(4), draws.integer()]),
    draws.number(),
    draws.number(),
  ],
  circuit_ansatz: ({ draws }) => [draws.integer()],
  observable_add: ({ draws }) => [
    draws.pick([0, draws.below(3), draws.integer()]),
    draws.integer(),
    draws.integer(),
    draws.number(),
  ],
  compile: none,
  parameters_initialise: none,
  step_begin: ({ draws }) => [draws.pick([1, 2, 3, 4, draws.integer()])],
  step_advance: ({ draws }) => [draws.pick([1, 1, 3, 10, 50, 1e6, draws.integer()])],
  step_abandon: none,
  ask_ptr: none,
  ask_operation: ({ draws }) => [draws.pick([draws.below(4), draws.integer()])],
  ask_angle: ({ draws }) => [draws.pick([draws.below(4), draws.integer()])],
  tell: ({ draws }) => [
    draws.pick([draws.below(4), draws.integer()]),
    draws.pick([draws.below(10), draws.integer()]),
  ],
  predict_begin: ({ draws }) => [draws.pick([1, 2, 3, draws.integer()]), draws.shots()],
  predict: ({ draws }) => [draws.pick([1, 2, 3, draws.integer()]), draws.shots()],
  effective_build: none,
  predict_effective: ({ draws }) => [draws.pick([0, 0, 1, 2, 1023, draws.integer()])],
  moments_clear: none,
  moments_add: ({ draws }) => [draws.pick([1, 2, 3, draws.integer()])],
  moments_loss: none,
  checkpoint_write: none,
  checkpoint_read: imageLength,
  model_write: none,
  model_read: imageLength,
  step_evaluations: none,
  step_shots: none,
  step_work: none,
  trace_low: none,
  trace_high: none,
  active_parameters: none,
  engine_in_use: none,
  workspace_wanted: none,
  visible_qubits: none,
  parameter_count: none,
  features_ptr: none,
  labels_ptr: none,
  targets_ptr: none,
  weights_ptr: none,
  indices_ptr: none,
  parameters_ptr: none,
  average_ptr: none,
  gradient_ptr: none,
  outputs_ptr: none,
  report_ptr: none,
  image_ptr: none,
  image_capacity: none,
};

/** Calls that do something are drawn more often than getters. */
export const DEEDS: readonly string[] = [
  'step_begin',
  'step_advance',
  'step_advance',
  'step_advance',
  'predict',
  'checkpoint_write',
  'checkpoint_read',
  'model_write',
  'model_read',
  'parameters_initialise',
  'effective_build',
  'predict_effective',
  'predict_effective',
  'moments_clear',
  'moments_add',
  'moments_loss',
  'ask_ptr',
  'ask_operation',
  'ask_angle',
  'tell',
  'tell',
];
