/**
 * The reference that the core is checked against: slow, obvious, dense, and written independently of it.
 *
 * - oracle-matrix.ts: dense complex matrices and state vectors
 * - oracle-circuit.ts: operations, encodings and observables as 2^n x 2^n matrices; the model's types
 * - oracle-loss.ts: losses of one sample, the linear head
 * - oracle-gradient.ts: central differences, parameter shift, dense adjoint
 * - oracle-random.ts: Philox4x32-10, bitstrings
 * - oracle-shots.ts: outputs, losses and gradients estimated from shots
 * - oracle-models.ts: the paper's ansatz and random models
 * - oracle-training.ts: Algorithm 1 as printed, and the other update rules
 * - oracle-objective.ts: the losses and gradients that training calls for, exact or from shots
 */
export * from './oracle-circuit.ts';
export * from './oracle-gradient.ts';
export * from './oracle-loss.ts';
export * from './oracle-matrix.ts';
export * from './oracle-models.ts';
export * from './oracle-objective.ts';
export * from './oracle-random.ts';
export * from './oracle-shots.ts';
export * from './oracle-training.ts';
