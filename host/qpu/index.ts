/** A quantum processor that measures the circuits of a training: the package's `nlr-vqa/qpu` entry. */
export type { BitOrder, Counts } from './counts.ts';
export type { QpuErrorCode } from '../index.ts';
export { QpuError } from './error.ts';
export { toOpenQasm } from './open-qasm.ts';
export { predictByQpu, type QpuPredictionOptions } from './predict.ts';
export { type QpuOptions, qpu, type Run } from './qpu.ts';
export { amplitudes, type Basis, type Question, type QuestionOperation, readQuestion } from './question.ts';
