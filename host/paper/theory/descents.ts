/** Trainings of the cost 1 - <O> as cells, and their numbers over the seeds. */
import type { Results, Scope } from '../experiment.ts';
import type { Descent, DescentInput } from '../runners/descent.ts';
import type { Measured } from '../section.ts';
import { measured } from '../summary.ts';
import { answered, asked, type Asked } from './cells.ts';
import type { FlatTraining } from './flat-training.ts';

/** A training from every seed. */
export interface Arm extends FlatTraining {
  readonly title: string;
  readonly looks: number;
  readonly norms?: boolean;
  /** Seconds of one training. */
  readonly seconds: number;
}

/** One of its cells. */
export function descentCell({ title, seconds, ...arm }: Arm, seed: number): Asked<Descent> {
  const input: DescentInput = { ...arm, training: { ...arm.training, seed } };
  return asked('descent', `${title}, seed ${seed}`, input, seconds);
}

/** Its cells from every seed. */
export const descentCells = (arm: Arm, seeds: readonly number[]) =>
  seeds.map((seed) => descentCell(arm, seed).cell);

/** What they came to; undefined of those that left the finite numbers. */
export const descentsOf = (arm: Arm, seeds: readonly number[], results: Results): (Descent | undefined)[] =>
  seeds.map((seed) => answered(results, descentCell(arm, seed)));

/** A number of every one of them. */
export const valuesOf = (
  found: readonly (Descent | undefined)[],
  of: (found: Descent) => number | null,
): (number | null)[] => found.map((each) => (each ? of(each) : null));

/** The same over the seeds. */
export const over = (
  found: readonly (Descent | undefined)[],
  of: (found: Descent) => number | null,
): Measured => measured(valuesOf(found, of));

/** Seeds of a scope; few of what a quick report has no time for. */
export const seedsUpTo = ({ seeds, quick }: Scope, few: number) => (quick ? seeds.slice(0, few) : seeds);
