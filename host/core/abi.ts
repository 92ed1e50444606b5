/**
 * The exports of the core, as its TypeScript host sees them. See assembly/index.ts for what each does. A build lacks
 * those of the features that it is without (host/build/profiles.mjs); a `Core` without training has functions in
 * their place that say so.
 */
export interface CoreExports extends Record<string, unknown> {
  /** Linear memory. */
  readonly memory: {
    /** All of it; another one once the memory has grown. */
    readonly buffer: ArrayBuffer;
  };
  abi_version(): number;
  real_bytes(): number;
  configure(key: number, value: number): number;
  option_value(key: number): number;
  option_at_fault(): number;
  reseed(low: number, high: number): number;
  plan(): number;
  init(): number;
  circuit_add(
    kind: number,
    a: number,
    b: number,
    source: number,
    index: number,
    scale: number,
    offset: number,
  ): number;
  circuit_ansatz(layers: number): number;
  observable_add(output: number, xMask: number, zMask: number, coefficient: number): number;
  compile(): number;
  parameters_initialise(): number;
  step_begin(count: number): number;
  step_advance(maxWork: number): number;
  step_abandon(): void;
  ask_ptr(): number;
  ask_operation(index: number): number;
  ask_angle(index: number): number;
  tell(outcome: number, count: number): number;
  predict_begin(count: number, shots: number): number;
  predict(count: number, shots: number): number;
  effective_build(): number;
  predict_effective(sample: number): number;
  moments_clear(): number;
  moments_add(count: number): number;
  moments_loss(): number;
  checkpoint_write(): number;
  checkpoint_read(length: number): number;
  model_write(): number;
  model_read(length: number): number;
  step_evaluations(): number;
  step_shots(): number;
  step_work(): number;
  trace_low(): number;
  trace_high(): number;
  active_parameters(): number;
  visible_qubits(): number;
  engine_in_use(): number;
  workspace_wanted(): number;
  parameter_count(): number;
  features_ptr(): number;
  labels_ptr(): number;
  targets_ptr(): number;
  weights_ptr(): number;
  indices_ptr(): number;
  parameters_ptr(): number;
  average_ptr(): number;
  gradient_ptr(): number;
  outputs_ptr(): number;
  report_ptr(): number;
  image_ptr(): number;
  image_capacity(): number;
}
