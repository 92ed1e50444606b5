/** The public API of nlr-vqa. Browser-safe: nothing it reaches imports a Node module or a package at run time. */

// First: so a bundle has the module's bytes before the rest of the code, and each compresses better.
export {
  Core,
  type FetchedModule,
  type LoadOptions,
  loadCore,
  type Reals,
  supportsSimd,
  type WasmSource,
} from './core/core.ts';
export { angleEncoding, chainAnsatz, type Structure } from './api/ansatz.ts';
export {
  type Angle,
  type Circuit,
  type CircuitOperation,
  type GateName,
  type Observable,
  type PauliTerm,
  parseObservable,
  zOnEach,
} from './api/circuit.ts';
export type { AscentOptions } from './api/ascent.ts';
export type { ClassWeights } from './api/class-weights.ts';
export type { Classifier, Evaluation, ShotOptions } from './api/classifier.ts';
export type { FileBytes } from './files/container.ts';
export type { Dataset } from './data/dataset.ts';
export { applyPipeline, type Pipeline, type Transform } from './data/preprocess.ts';
export type { Description, ReadDescription } from './api/file-description.ts';
export {
  CoreError,
  DataError,
  FormatError,
  NlrError,
  type NlrErrorCode,
  OptionError,
  type ParallelErrorCode,
  type QueueErrorCode,
  type QpuErrorCode,
} from './core/errors.ts';
export { type ClassMetrics, type Metrics, metrics } from './api/metrics.ts';
export { loadModel, type Model } from './api/model.ts';
export type { RegressionMetrics, Target } from './api/regression.ts';
export {
  type AnswererName,
  type EncodingName,
  type EngineName,
  type GradientName,
  type InitialisationName,
  type LossName,
  type ModelEncoding,
  type ModelOptions,
  PAPER,
  type ResolvedModel,
  type ResolvedTraining,
  type RuleName,
  resolveModel,
  resolveTraining,
  type ScheduleName,
  type TrainingOptions,
} from './api/options.ts';
export { DEVICE_BYTES, type Plan, type PlanOptions, plan } from './api/plan.ts';
export type { Prediction } from './api/prediction.ts';
export type { Ascent, StepReport } from './api/report.ts';
export type { Answer } from './api/asking.ts';
export { type FitOptions, type ResumeOptions, Trainer, type TrainerOptions } from './api/trainer.ts';
