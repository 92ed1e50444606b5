/** What a look at a plateau finds, before any advice. */
import type { ResolvedModel } from '../api/options.ts';
import type { NoiseDecay } from './decay.ts';
import type { FirstMoment } from './first-moment.ts';
import type { ConeMap } from './map.ts';
import type { Scan } from './scan.ts';
import type { StepTest } from './step-test.ts';
import type { GradientVariance } from './variance.ts';
import type { ClassPair, Visibility } from './visibility.ts';

/** What is found, before any advice. */
export interface PlateauFindings {
  readonly model: Pick<
    ResolvedModel,
    'qubits' | 'layers' | 'encoding' | 'initialisation' | 'circuitParameters'
  >;
  readonly shots: number;
  /** 1/(2M). */
  readonly floor: number;
  readonly nu: number;
  readonly variance: GradientVariance;
  /** Parameters in the light cone whose mean derivative is more than two standard errors from 0, of so many; 5 % by chance. */
  readonly biased: { readonly parameters: number; readonly share: number; readonly largest: number };
  readonly scan?: Scan;
  readonly map: ConeMap;
  readonly visibility: Visibility;
  readonly pairs: readonly ClassPair[];
  readonly stepTest?: StepTest;
  /** Undefined where parameters are not independent. */
  readonly moment?: FirstMoment;
  readonly decay?: NoiseDecay;
}
