/**
 * Ground states and graphs, which need no data: the package's `nlr-vqa/problems` entry. Browser-safe, as the main one.
 */
export { BUILT_IN, builtIn, heisenberg, tfim } from './built-in.ts';
export { ANSATZE, type AnsatzName, ansatz } from './circuits.ts';
export { type Cuts, noisyProbabilities, sampleCuts } from './cuts.ts';
export {
  cutHamiltonian,
  type Edge,
  type Graph,
  graph,
  largestCut,
  namedGraph,
  randomRegular,
} from './graph.ts';
export { type Grouping, GROUPINGS } from './groups.ts';
export { type About, type Hamiltonian, hamiltonian, type HamiltonianOptions } from './hamiltonian.ts';
export { lowestEnergy } from './lowest.ts';
export { type Estimate, measureEnergy } from './measure.ts';
export { type Minimisation, minimise, type MinimiseOptions } from './minimise.ts';
export { oneLayerCut, qaoa, type QaoaOptions, type QaoaStage, WARM_STARTS, type WarmStart } from './qaoa.ts';
export { GRAPH_FORMATS, type GraphFormat, type ReadGraph, readGraph } from './read-graph.ts';
export { readHamiltonian } from './read-hamiltonian.ts';
