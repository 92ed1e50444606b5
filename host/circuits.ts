/** Circuits without a training: the package's `nlr-vqa/circuits` entry. Browser-safe, as the main one. */
export {
  type CircuitOptions,
  expectation,
  type Gradient,
  gradient,
  MAX_MEASURED,
  type MeasureOptions,
  PreparedCircuit,
  type PrepareOptions,
  prepareCircuit,
  probabilities,
  sample,
  type SampleOptions,
} from './api/direct.ts';
export { zzFeatureMap } from './api/ansatz.ts';
export type { Sample } from './api/outcomes.ts';
export type { Angle, Circuit, CircuitOperation, GateName, Observable, PauliTerm } from './api/circuit.ts';
export type { EncodingName } from './api/options.ts';
