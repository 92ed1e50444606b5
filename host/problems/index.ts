/**
 * Ground states and graphs, which need no data: the package's `nlr-vqa/problems` entry. Browser-safe, as the main one.
 */
export { BUILT_IN, builtIn, heisenberg, tfim } from './built-in.ts';
export { ANSATZE, type AnsatzName, ansatz } from './circuits.ts';
export { type Group, type Grouping, GROUPINGS, groupTerms, type Turn } from './groups.ts';
export {
  type About,
  type Hamiltonian,
  hamiltonian,
  type HamiltonianOptions,
  observableOf,
} from './hamiltonian.ts';
export { lowestEnergy } from './lowest.ts';
export { type Estimate, measureEnergy } from './measure.ts';
export { type Minimisation, minimise, type MinimiseOptions } from './minimise.ts';
export { readHamiltonian } from './read-hamiltonian.ts';
