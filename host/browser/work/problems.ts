/** Problems without data, solved before the visitor's eyes: hydrogen's energy at any bond length, and the cut of a graph. */
import type { Graph, QaoaStage } from '../../problems/index.ts';
import type { Arm, Settings } from '../settings/settings.ts';
import { hydrogen } from './hydrogen.ts';

/** What has come of a problem. */
export interface Progress {
  readonly run: number;
  /** Energies in hartree, or expected cuts, of the steps since the last progress. */
  readonly values?: Float64Array;
  /** The lowest energy, or the largest cut, by trying everything. */
  readonly exact?: number;
  /** Bond length in angstrom, lowest energy, and where it has been solved, energy of the circuit. */
  readonly curve?: readonly (readonly [distance: number, exact: number, found: number | null])[];
  readonly graph?: Graph;
  /** The best cut that measuring gave, and the bitstrings that came most often. */
  readonly cut?: {
    readonly bits: string;
    readonly value: number;
    readonly top: readonly (readonly [bits: string, share: number])[];
  };
  readonly done?: boolean;
}

/** Bond lengths of the curve, angstrom. */
const DISTANCES = [
  0.35, 0.45, 0.55, 0.65, 0.735, 0.85, 1, 1.2, 1.4, 1.6, 1.8, 2, 2.25, 2.5, 2.75, 3,
] as const;

/** Steps of one solution, and of one more point of the curve. */
const STEPS = 120;

/** Milliseconds between two words to the page, and the least that a step takes, so that it can be watched. */
const WORD_MS = 60;
const STEP_MS = 12;

/** Bitstrings that are measured for a look. */
const SAMPLES = 500;

const turn = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Options of training for a problem, by a rule. Without a rate of its own it has the problem's. */
function trainingOf(settings: Settings, { rule, options }: Arm, steps: number) {
  const { problemShots: shots, seed } = settings;
  const { headRate: _, ...own } = options;
  return { ...own, rule, steps, seed, shots: shots === 0 ? ('exact' as const) : shots };
}

/** Runs a problem. @param tell takes what has come @param goesOn whether it is still wanted */
type Solve = (
  settings: Settings,
  arm: Arm,
  tell: (progress: Omit<Progress, 'run'>) => void,
  goesOn: () => boolean,
) => Promise<void>;

/** Watches a training: a value each step, and a look now and then. */
async function watch(
  reports: AsyncGenerator<{ readonly loss: number }>,
  tell: (progress: Omit<Progress, 'run'>) => void,
  goesOn: () => boolean,
  sign: 1 | -1,
  look?: () => Omit<Progress, 'run'>,
): Promise<void> {
  let [values, told] = [[] as number[], performance.now()];
  const say = () => {
    tell({ values: Float64Array.from(values), ...look?.() });
    [values, told] = [[], performance.now()];
  };
  for await (const { loss } of reports) {
    values.push(sign * loss);
    if (performance.now() - told > WORD_MS) say();
    await turn(STEP_MS);
    if (!goesOn()) break;
  }
  say();
}

const solveHydrogen: Solve = async (settings, arm, tell, goesOn) => {
  const { hamiltonian, lowestEnergy, minimise } = await import('../../problems/index.ts');
  const at = (distance: number) =>
    hamiltonian(hydrogen(distance), { name: `h2 at ${distance}`, qubits: 4, electrons: 2 });
  const set = (distance: number, steps: number) =>
    minimise({
      hamiltonian: at(distance),
      initialisation: 'zero',
      training: trainingOf(settings, arm, steps),
    });
  const curve = DISTANCES.map((distance): [number, number, number | null] => [
    distance,
    lowestEnergy(at(distance)),
    null,
  ]);
  tell({ curve, exact: lowestEnergy(at(settings.distance)) });
  const { trainer } = await set(settings.distance, STEPS);
  await watch(trainer.fit(), tell, goesOn, 1);
  for (const [i, [distance, exact]] of curve.entries()) {
    if (!goesOn()) return;
    const point = await set(distance, STEPS);
    for await (const _ of point.trainer.fit());
    curve[i] = [distance, exact, await point.energy()];
    tell({ curve: [...curve] });
    await turn(STEP_MS);
  }
};

const solveCut: Solve = async (settings, arm, tell, goesOn) => {
  const { largestCut, qaoa, randomRegular, sampleCuts } = await import('../../problems/index.ts');
  const { nodes, degree, cutLayers: layers, seed } = settings;
  if (degree >= nodes || (nodes * degree) % 2 === 1)
    throw new Error(
      `degree is ${degree} and nodes ${nodes}; expected a degree below the nodes, and an even product of both`,
    );
  const graph = randomRegular(nodes, degree, seed);
  tell({ graph, exact: largestCut(graph).cut });
  const look = (stage: QaoaStage) => () => {
    const { counts, best } = sampleCuts(stage, SAMPLES, stage.trainer.steps + 1);
    const top = [...counts].slice(0, 8).map(([bits, times]) => [bits, times / SAMPLES] as const);
    return { cut: { bits: best.bits, value: best.cut, top } };
  };
  for await (const stage of qaoa({ graph, layers, training: trainingOf(settings, arm, STEPS) }))
    await watch(stage.trainer.fit(), tell, goesOn, -1, look(stage));
};

/** Solves the problem of some settings by one rule. @throws NlrError */
export async function solve(
  run: number,
  settings: Settings,
  arm: Arm,
  tell: (progress: Progress) => void,
  goesOn: () => boolean,
): Promise<void> {
  const one = settings.problem === 'h2' ? solveHydrogen : solveCut;
  await one(settings, arm, (progress) => tell({ run, ...progress }), goesOn);
  tell({ run, done: true });
}
