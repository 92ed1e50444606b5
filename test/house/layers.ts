/**
 * The order of the house. A file imports only what stands above its own line, and within a folder what it
 * likes, but never round in a circle. A line is a file, or a folder with all that is in it; of two lines that
 * name a file the longer one counts. A new folder needs a line here.
 */

/** assembly/. */
export const ASSEMBLY = [
  'assembly/profile.ts',
  'assembly/abi/',
  'assembly/memory/',
  'assembly/number/',
  'assembly/kernels/',
  'assembly/program/',
  'assembly/loss/',
  'assembly/measure/',
  'assembly/rules/',
  'assembly/gradients/',
  'assembly/engines/',
  'assembly/train/',
  'assembly/model/',
  'assembly/index.ts',
];

/** host/. */
const HOST = [
  'host/core/',
  'host/data/',
  'host/files/',
  'host/api/',
  'host/index.ts',
  'host/entry.ts',
  'host/circuits.ts',
  'host/early-stopping.ts',
  'host/growth.ts',
  'host/problems/',
  'host/noise.ts',
  'host/qpu/',
  'host/qasm/',
  'host/parallel/',
  'host/study/',
  'host/paper/',
  'host/browser/settings/',
  'host/browser/work/',
  'host/browser/worker.ts',
  'host/browser/drawing/',
  'host/browser/page/',
  'host/browser/',
  'host/plateau/',
  'host/cli/output/',
  'host/cli/input/',
  'host/cli/completion/',
  'host/cli/training/',
  'host/cli/study/',
  'host/cli/queue/',
  'host/cli/plateau/',
  'host/cli/paper/',
  'host/cli/data/',
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
  'bench/before/',
  'bench/profile/',
  'bench/problems/',
  'bench/devices/',
  'bench/budgets/',
  'bench/loop/',
  'bench/claim/',
  'bench/accuracy/',
  'bench/paper/',
  'bench/study/',
];

/** test/: what tests share is below them. */
const TEST = [
  'test/support/close.ts',
  'test/support/statistics.ts',
  'test/support/philox-vectors.ts',
  'test/support/oracle/',
  'test/support/',
  'test/oracles/',
  'test/tools/',
  'test/coverage/',
  'test/mutation/',
  'test/fuzz/',
  'test/durability/',
  'test/engines/',
  'test/faults/',
  'test/assembly/',
  'test/house/pages.ts',
  'test/host/',
  'test/bench/',
  'test/house/',
  'test/run.mjs',
];

/** All of it, from the bottom up. */
export const HOUSE: readonly string[] = [...ASSEMBLY, ...HOST, ...BENCH, ...TEST];
