/** The rows of the tables: the paper's optimisers, those that it speaks of without a row, and what goes beyond it. */
import type { Arm } from './grid.ts';

/** The optimisers of Tables VI and VIII by the paper's names, with "all identical learning rate parameters". */
export const OPTIMISERS: readonly Arm[] = [
  { name: 'SGD', rule: 'sgd' },
  { name: 'Momentum', rule: 'momentum', setting: { beta1: 0.9 } },
  { name: 'RMSProp', rule: 'rmsprop' },
  { name: 'Adam', rule: 'adam' },
  { name: 'Random Re-Init', rule: 'sgd-restart' },
  { name: 'NLR', rule: 'nlr' },
];

/** "Comparison with Random Noise Perturbations", of which Table VIII shows no row: "variance matched to eta' = 0.02". */
export const PERTURBATIONS: readonly Arm[] = [
  { name: 'Gaussian perturbation', rule: 'perturb-gaussian' },
  { name: 'Uniform perturbation', rule: 'perturb-uniform' },
];

/** Rows that are not the paper's; their names end in a star. */
export const BEYOND: readonly Arm[] = [
  { name: 'nlr-guarded *', rule: 'nlr-guarded' },
  {
    name: 'frugal *',
    rule: 'frugal',
    own: true,
    setting: { shots: 32 },
    // What it saves are shots.
    only: ({ isExact }) => !isExact,
  },
  {
    name: 'recommended *',
    rule: 'adam',
    own: true,
    setUp: { recommended: true },
    model: { qubits: 4, observable: 'all-z', head: 'linear', loss: 'bce' },
    // With shots its several outputs take as long as twenty trainings of <Z0>.
    only: ({ isExact }, { quick }) => isExact || !quick,
  },
];

/** What the stars mean. */
export const ABOUT_STARS =
  'Rows with a star are not in the paper: nlr-guarded reverses only where a rise is larger than three standard errors; frugal takes the same number of steps at its own few shots; recommended is what `nlr-vqa train` does by itself, 4 qubits, a constant component, all <Z_i>, a linear head and Adam with a decaying rate.';

/** An arm of a list by its name. */
export function armOf(arms: readonly Arm[], name: string): Arm {
  const found = arms.find((arm) => arm.name === name);
  if (found === undefined) throw new RangeError(`no row ${name}`);
  return found;
}

/** An arm with what the paper prints for it. */
export const printed = <Key extends string>(
  arms: readonly Arm[],
  figures: Readonly<Record<Key, Arm['printed']>>,
): Arm[] => arms.map((arm) => ({ ...arm, printed: figures[arm.name as Key] }));
