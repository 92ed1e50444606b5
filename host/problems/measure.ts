/** An energy as shots give it, with its error. */
import { MAX_SHOTS } from '../../assembly/abi/codes.ts';
import { Trainer } from '../api/trainer.ts';
import { contradiction, integer, looking, refuse } from '../core/checks.ts';
import type { Minimisation } from './minimise.ts';

/** A measured energy. */
export interface Estimate {
  /** The mean, in the units of the Hamiltonian. */
  readonly energy: number;
  /** Of the mean, from the spread of `ROUNDS` measurements. */
  readonly standardError: number;
  /** All shots, in all bases. */
  readonly shots: number;
}

/** A minimisation, or a stage of QAOA, which nobody but the library makes. @param by what makes it @throws OptionError */
export function trained<T extends Minimisation>(given: T, at: string, by: string): T {
  const isOne = () => given.trainer instanceof Trainer && Number.isInteger(given.circuits);
  return looking(at, given, isOne) ? given : refuse(at, given, `what ${by} makes`);
}

/** Measurements that an estimate is the mean of. */
const ROUNDS = 20;

/**
 * Measures the energy of the parameters as they are, in the bases that the minimisation measures in and with its noise.
 * @param shots in each circuit at least, 20 to 2^20: a multiple of 20 is taken
 * @throws OptionError, also of a minimisation without shots
 */
export function measureEnergy(minimisation: Minimisation, shots: number): Estimate {
  const { trainer, circuits, bases } = trained(minimisation, 'minimisation', 'minimise');
  if (bases === 0) contradiction('the minimisation is exact: nothing is measured', 'shots');
  const each = Math.ceil(integer('finalShots', shots, ROUNDS, MAX_SHOTS) / ROUNDS);
  const energies = Array.from({ length: ROUNDS }, () => trainer.trainingLoss({ shots: each }));
  const energy = energies.reduce((sum, value) => sum + value, 0) / ROUNDS;
  const squares = energies.reduce((sum, value) => sum + (value - energy) ** 2, 0);
  return {
    energy,
    standardError: Math.sqrt(squares / (ROUNDS - 1) / ROUNDS),
    shots: ROUNDS * each * circuits,
  };
}
