/** How exactly a build computes. */
import { type Build, isSingle } from './core-harness.ts';

/** The tolerance of a build: `double`, or `single` in single precision. */
export function within(build: Build, double = 1e-12, single = 5e-5): number {
  return isSingle(build) ? single : double;
}
