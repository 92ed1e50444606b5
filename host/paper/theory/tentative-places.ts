/** Where tentative steps are tried for Lemmas 1 and 2 and Theorem 1: gentle and flat landscapes, and how well they are measured. */
import type { Scope } from '../experiment.ts';
import type { Tentative, TentativeInput } from '../runners/tentative.ts';
import { asked, type Asked } from './cells.ts';
import type { FlatProblem } from './flat-cost.ts';

/** A landscape with the shots of a circuit there, and the rates that are tried. */
export interface Landscape {
  readonly title: string;
  readonly problem: FlatProblem;
  readonly shots: number | 'exact';
  readonly rates: readonly number[];
  /** Seconds a place. */
  readonly seconds: number;
}

const PAPERS: FlatProblem = { qubits: 6, layers: 5, observable: 'first' };
const FLAT: FlatProblem = { qubits: 8, layers: 8, observable: 'parity' };
const NOISY: FlatProblem = { qubits: 12, layers: 5, observable: 'parity' };

/** All of them. */
export const LANDSCAPES: readonly Landscape[] = [
  {
    title: 'n = 6, L = 5, Z0, exact',
    ...{ problem: PAPERS, shots: 'exact', rates: [0.01, 0.1, 1, 2], seconds: 1e-3 },
  },
  {
    title: 'n = 6, L = 5, Z0, 1000 shots',
    ...{ problem: PAPERS, shots: 1000, rates: [0.001, 0.01, 0.1, 1], seconds: 1e-3 },
  },
  {
    title: 'n = 8, L = 8, parity, 1000 shots',
    ...{ problem: FLAT, shots: 1000, rates: [0.01, 0.1, 1], seconds: 7e-3 },
  },
  {
    title: 'n = 12, L = 5, parity, 10 shots',
    ...{ problem: NOISY, shots: 10, rates: [0.01, 0.1, 0.3], seconds: 4e-2 },
  },
];

/** The regime that section IV is about: sigma far above |grad C|. */
export const NOISE_DOMINATED = LANDSCAPES[3];
/** The paper's circuit as it is measured. */
export const AS_MEASURED = LANDSCAPES[1];

const PLACES = 1000;
const QUICK_PLACES = 60;

/** eta' / eta, as the paper suggests. */
const KAPPA = 2;
/** c of Armijo's condition: the rule armijo's. */
export const DECREASE = 1e-4;

/** Places of a scope. */
export const placesOf = ({ quick }: Scope) => (quick ? QUICK_PLACES : PLACES);

/** The steps of a landscape at one rate. @param steeper passes over places with a smaller |grad C| */
export function stepsAt(
  { title, problem, shots, seconds }: Landscape,
  rate: number,
  scope: Scope,
  steeper?: number,
): Asked<Tentative> {
  const samples = placesOf(scope);
  const input: TentativeInput = {
    ...{ problem, shots, rate, samples, steeper },
    ...{ negativeRate: KAPPA * rate, decrease: DECREASE, seed: scope.seeds[0] },
  };
  return asked('tentative', `steps of ${rate}, ${title}`, input, 0.3 + samples * seconds);
}

/** The cells of all landscapes at all their rates. */
export const allSteps = (scope: Scope) =>
  LANDSCAPES.flatMap((landscape) => landscape.rates.map((rate) => stepsAt(landscape, rate, scope).cell));
