/**
 * The ABI: what a host calls. Only 32-bit integers and 64-bit floats cross it; buffers are reached by
 * their addresses in the exported memory. Functions that can fail return a `Status`, or a length or
 * byte count that is negative when it is a `Status`. Order of calls:
 *
 *   configure ... plan, init, circuit_... observable_add ..., compile,
 *   parameters_initialise (or write them, or checkpoint_read into the same program), then step_begin /
 *   step_advance, predict; where the caller measures, ask_... and tell in between
 *
 * or model_read alone. Nothing traps, whatever the order, the arguments or the buffers' content.
 */
export {
  askAddress as ask_ptr,
  askAngle as ask_angle,
  askOperation as ask_operation,
  tell,
} from './engines/caller/questions';
export { abiVersion as abi_version, realBytes as real_bytes } from './model/getters';
export { configure, optionAtFault as option_at_fault, optionValue as option_value } from './memory/configure';
export { init, plan } from './memory/map';
export { circuitAdd as circuit_add, circuitAnsatz as circuit_ansatz } from './program/operations';
export { observableAdd as observable_add } from './program/observable';
export { compile } from './model/images';
export {
  initialiseParameters as parameters_initialise,
  predict,
  predictBegin as predict_begin,
  stepAbandon as step_abandon,
  stepAdvance as step_advance,
  stepBegin as step_begin,
} from './train/machine';
export {
  checkpointRead as checkpoint_read,
  checkpointWrite as checkpoint_write,
  modelRead as model_read,
  modelWrite as model_write,
  reseed,
} from './model/images';
export { averageAddress as average_ptr } from './train/average';
export { effectiveBuild as effective_build, predictEffective as predict_effective } from './model/effective';
export {
  momentsAdd as moments_add,
  momentsClear as moments_clear,
  momentsLoss as moments_loss,
} from './model/data-set-loss';
export {
  stepEvaluations as step_evaluations,
  stepShots as step_shots,
  stepWork as step_work,
} from './train/cost';
export { traceHigh as trace_high, traceLow as trace_low } from './memory/report';
export {
  activeParameters as active_parameters,
  engineInUse as engine_in_use,
  featuresAddress as features_ptr,
  gradientAddress as gradient_ptr,
  imageAddressOf as image_ptr,
  indicesAddress as indices_ptr,
  labelsAddress as labels_ptr,
  outputsAddress as outputs_ptr,
  parameterTotal as parameter_count,
  parametersAddress as parameters_ptr,
  reportAddress as report_ptr,
  targetsAddress as targets_ptr,
  visibleQubits as visible_qubits,
  weightsAddress as weights_ptr,
  workspaceWanted as workspace_wanted,
} from './model/getters';
export { imageRoom as image_capacity } from './model/getters';

// By these a runtime sees how much of the page is in use, and may do with less of it.
export { __heap_base, __heap_base as __data_end };
