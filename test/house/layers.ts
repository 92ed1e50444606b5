/**
 * The order of the house. A file imports only what stands above its own line, and within a folder what it
 * likes, but never round in a circle. A line is a file, or a folder with all that is in it; of two lines that
 * name a file the longer one counts. A new folder needs a line here.
 */

/** assembly/ by folders. */
export const ASSEMBLY_FOLDERS = [
  'assembly/profile.ts',
  'assembly/abi/',
  'assembly/memory/',
  'assembly/number/',
  'assembly/kernels/',
  'assembly/program/',
  'assembly/loss/',
  'assembly/measure/',
  'assembly/rules/',
  'assembly/engines/',
  'assembly/train/',
  'assembly/model/',
  'assembly/index.ts',
];

/** assembly/ by files, as it still is. */
const ASSEMBLY_FILES = [
  'assembly/abi/',
  'assembly/memory/options.ts',
  'assembly/memory/map.ts',
  'assembly/kernels/slices.ts',
  'assembly/number/math.ts',
  'assembly/number/random.ts',
  'assembly/number/binomial.ts',
  'assembly/kernels/state.ts',
  'assembly/kernels/wide.ts',
  'assembly/program/observable.ts',
  'assembly/kernels/gates.ts',
  'assembly/program/circuit.ts',
  'assembly/memory/report.ts',
  'assembly/program/initialise.ts',
  'assembly/engines/engine.ts',
  'assembly/program/row-bits.ts',
  'assembly/kernels/pauli-vector.ts',
  'assembly/engines/heisenberg/steps.ts',
  'assembly/engines/choose.ts',
  'assembly/model/compile.ts',
  'assembly/model/images.ts',
  'assembly/engines/columns/columns.ts',
  'assembly/measure/shots.ts',
  'assembly/engines/caller.ts',
  'assembly/loss/loss.ts',
  'assembly/engines/gradient.ts',
  'assembly/engines/columns/columns-pass.ts',
  'assembly/engines/heisenberg/heisenberg.ts',
  'assembly/rules/optimizer.ts',
  'assembly/train/cost.ts',
  'assembly/train/pass.ts',
  'assembly/engines/parameter-shift.ts',
  'assembly/engines/heisenberg/heisenberg-pass.ts',
  'assembly/train/step.ts',
  'assembly/model/effective.ts',
  'assembly/model/data-set-loss.ts',
  'assembly/model/getters.ts',
  'assembly/index.ts',
];

/** The order of assembly/ that is checked. */
export const ASSEMBLY: readonly string[] = ASSEMBLY_FILES;

/** host/. */
const HOST = [
  'host/core/',
  'host/data/',
  'host/files/',
  'host/api/',
  'host/index.ts',
  'host/qpu/',
  'host/parallel/',
  'host/cli/output/',
  'host/cli/input/',
  'host/cli/training/',
  'host/cli/commands/',
  'host/cli/main.ts',
  'host/devices/',
  'host/build/',
];

/** bench/: a benchmark imports nothing of test/. */
const BENCH = [
  'bench/results/',
  'bench/speed/',
  'bench/peers/',
  'bench/peers/workers/',
  'bench/devices/',
  'bench/budgets/',
];

/** test/: what tests share is below them. */
const TEST = [
  'test/support/close.ts',
  'test/support/statistics.ts',
  'test/support/philox-vectors.ts',
  'test/support/oracle/',
  'test/support/',
  'test/fuzz/',
  'test/durability/',
  'test/engines/',
  'test/faults/',
  'test/assembly/',
  'test/host/',
  'test/bench/',
  'test/house/',
  'test/run.mjs',
];

/** All of it, from the bottom up. */
export const HOUSE: readonly string[] = [...ASSEMBLY, ...HOST, ...BENCH, ...TEST];

/** Circles that are still there, each as its files in the order of the alphabet. */
export const CIRCLES: readonly (readonly string[])[] = [
  ['host/cli/input/flags.ts', 'host/cli/input/preset.ts'],
];
