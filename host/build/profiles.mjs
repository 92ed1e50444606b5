/** The profiles of the modules: which features each has, as assembly/profile.ts says, and which exports go with them. */
import { readFileSync } from 'node:fs';
import { ROOT } from './fresh.mjs';

/**
 * Exports that only one feature serves. A module without it is rid of them.
 * @type {Readonly<Record<string, readonly string[]>>}
 */
export const EXPORTS = {
  CALLER_MEASURES: ['ask_angle', 'ask_operation', 'ask_ptr', 'tell'],
  COUNTS_WORK: [
    'active_parameters',
    'engine_in_use',
    'step_evaluations',
    'step_shots',
    'step_work',
    'visible_qubits',
  ],
  DATA_SET_LOSS: ['moments_add', 'moments_clear', 'moments_loss'],
  EFFECTIVE_FORM: ['effective_build', 'predict_effective'],
  RIVAL_METHODS: ['average_ptr'],
  SAMPLE_TARGETS: ['targets_ptr', 'weights_ptr'],
  TRAINS: [
    'checkpoint_read',
    'checkpoint_write',
    'gradient_ptr',
    'indices_ptr',
    'model_write',
    'parameters_initialise',
    'step_begin',
    'trace_high',
    'trace_low',
  ],
};

/** The switches of assembly/profile.ts, whose declarations are plain JavaScript but for their types. */
const SWITCHES = readFileSync(`${ROOT}assembly/profile.ts`, 'utf8');

/** Names of all features, in the order of profile.ts. @type {readonly string[]} */
export const FEATURES = [...SWITCHES.matchAll(/^export const (\w+): bool/gm)].map(([, name]) => name);

/** The constants of a target in asconfig.json. @param {string} target @returns {readonly string[]} */
export function useOf(target) {
  return JSON.parse(readFileSync(`${ROOT}asconfig.json`, 'utf8')).targets[target].use;
}

/**
 * What a target has.
 * @param {readonly string[]} use constants of its entry in asconfig.json, `PROFILE=N` among them
 * @returns {Record<string, boolean>} by feature
 */
export function featuresOf(use) {
  const profile = use.find((constant) => constant.startsWith('PROFILE='))?.slice('PROFILE='.length);
  if (profile === undefined) throw new Error(`no PROFILE among ${use.join(', ')}`);
  const code = SWITCHES.replace(/^(?:export )?const (\w+): bool/gm, 'const $1');
  return new Function('PROFILE', `${code}\nreturn { ${FEATURES.join(', ')} };`)(Number(profile));
}

/** Exports that a target has no use for. @param {readonly string[]} use as in `featuresOf` */
export function absentExports(use) {
  const features = featuresOf(use);
  return Object.entries(EXPORTS).flatMap(([feature, names]) => (features[feature] ? [] : names));
}
