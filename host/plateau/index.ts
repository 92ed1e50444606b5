/** Whether a training can see anything before it is made. The package's `nlr-vqa/plateau` entry; it needs no data of its own. */
export { type Claim, type ClaimVerdict, judgeClaim, observableBound } from './claims.ts';
export type { NoiseDecay, NoisyDepth } from './decay.ts';
export { type FirstMoment, firstMoment } from './first-moment.ts';
export type { ConeMap, MappedGate } from './map.ts';
export type { PlateauFindings } from './findings.ts';
export { lookAtPlateau, type PlateauOptions, type PlateauReport } from './report.ts';
export { type Scan, scanSizes, type ScannedSize } from './scan.ts';
export { type StepTest, testSteps, type StepTestOptions } from './step-test.ts';
export { type GradientVariance, gradientVariance, shotFloor } from './variance.ts';
export { type ClassPair, classPairs, type Visibility } from './visibility.ts';
