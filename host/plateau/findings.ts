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
  /** Of the model that was looked at: its size, encoding and start. */
  readonly model: Pick<
    ResolvedModel,
    'qubits' | 'layers' | 'encoding' | 'initialisation' | 'circuitParameters'
  >;
  /** Shots a circuit, M, that derivatives are held against. */
  readonly shots: number;
  /** The shot floor, 1/(2M): the variance of a derivative's estimate. */
  readonly floor: number;
  /** Rate of the depolarizing noise that is looked at where neither options nor training name noise. */
  readonly nu: number;
  /** Var(df) over the starts, without noise. */
  readonly variance: GradientVariance;
  /** Parameters whose mean derivative over the starts is not 0: the start leans to one side. */
  readonly biased: {
    /** Parameters in the light cone. */
    readonly parameters: number;
    /** Share of them whose mean is more than two standard errors from 0, 0 to 1; 0.05 by chance. */
    readonly share: number;
    /** The largest distance from 0 in standard errors, of any parameter. */
    readonly largest: number;
  };
  /** Other sizes; undefined without `sizes`, and of a circuit of one's own. */
  readonly scan?: Scan;
  /** The circuit, gate by gate, and what observables see of it. */
  readonly map: ConeMap;
  /** What observables see of the data. */
  readonly visibility: Visibility;
  /** Every two classes; none where amplitudes do not encode them, and where numbers are predicted. */
  readonly pairs: readonly ClassPair[];
  /** What a tentative step can tell from shot noise; undefined of one model per class. */
  readonly stepTest?: StepTest;
  /** The start on the average; undefined where parameters are not independent. */
  readonly moment?: FirstMoment;
  /** What noise does with depth; undefined without `sizes`, of a circuit of one's own, and beyond 7 qubits. */
  readonly decay?: NoiseDecay;
}
