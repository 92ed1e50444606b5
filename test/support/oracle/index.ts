/**
 * The reference that the core is checked against: slow, obvious, dense, and written independently of it.
 *
 * - matrix.ts: dense complex matrices and state vectors
 * - circuit.ts: operations, encodings and observables as 2^n x 2^n matrices; the model's types
 * - loss.ts: losses of one sample, the linear head
 * - gradient.ts: central differences, parameter shift, dense adjoint
 * - random.ts: Philox4x32-10, bitstrings
 * - shots.ts: outputs, losses and gradients estimated from shots
 * - noise.ts: noisy circuits as density matrices
 * - extrapolation.ts: zero-noise extrapolation, by folded circuits and plain fits
 * - models.ts: the paper's ansatz and random models
 * - training.ts: Algorithm 1 as printed, and the other update rules
 * - family.ts: the rules around Algorithm 1, and where eta' comes from
 * - frugal.ts: the rule that draws samples from a pool and fits the head by Newton steps
 * - rivals.ts: blocks of parameters, sequential minimisation, shots allotted by gains
 * - sfgn.ts: saddle-free Gauss-Newton steps
 * - objective.ts: the losses and gradients that training calls for, exact or from shots
 */
export * from './circuit.ts';
export * from './family.ts';
export * from './frugal.ts';
export * from './gradient.ts';
export * from './loss.ts';
export * from './matrix.ts';
export * from './extrapolation.ts';
export * from './models.ts';
export * from './noise.ts';
export * from './objective.ts';
export * from './random.ts';
export * from './rivals.ts';
export * from './sfgn.ts';
export * from './shots.ts';
export * from './training.ts';
