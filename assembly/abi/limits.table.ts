/**
 * The version of the ABI, and the limits that a caller can rely on.
 *
 * All tables of this folder are the one home of the numbers, names, ranges and meanings of the ABI; `npm run generate`
 * makes from them what the core, the library, the command line and C programs read. Rows stand in the order in which
 * people meet them: the number is a row's own.
 */

/**
 * Bumped in every release that changes an exported signature, the meaning of a number, the random stream or a file
 * layout. Numbers are append-only: a new rule, option, status or slot bumps nothing.
 */
export const VERSION = 4;

/** A number that other tables and callers know by its name. */
export interface LimitRow {
  readonly name: string;
  readonly value: number;
  /** What it limits; absent: goes with the one before. */
  readonly doc?: string;
  /** It is a 64-bit float, whatever its value. */
  readonly float?: true;
}

export const LIMITS = [
  {
    name: 'MAX_QUBITS',
    value: 20,
    doc: 'Limits that a caller can rely on; `configure` enforces them.',
  },
  { name: 'MAX_FEATURES', value: 65536 },
  { name: 'MAX_OPERATIONS', value: 4096 },
  { name: 'MAX_PARAMETERS', value: 4096 },
  { name: 'MAX_TERMS', value: 1024 },
  { name: 'MAX_OUTPUTS', value: 64 },
  { name: 'MAX_LOGITS', value: 64 },
  { name: 'MAX_BATCH', value: 1024 },
  { name: 'MAX_SCALES', value: 8 },
  { name: 'MAX_SHOTS', value: 1048576 },
  {
    name: 'MAX_WORKSPACE',
    value: 1073741824,
    doc: 'Largest work area: with all other buffers it stays below 2^31 bytes.',
  },
  { name: 'MAX_COUNT', value: 2147483647, doc: 'Most steps, and most samples of a training set.' },
  {
    name: 'MAX_MATRIX_PARAMETERS',
    value: 1024,
    doc: "Most parameters, the head's too, of a rule that keeps a matrix of them: three of 4 MiB.",
  },
  { name: 'MAX_BACKTRACKS', value: 32, doc: 'Most backtracking tries of one step.' },
  {
    name: 'LEAST_RATE',
    value: 1e-30,
    float: true,
    doc: 'Learning rates and epsilon. Positive in single precision too.',
  },
  { name: 'GREATEST_RATE', value: 1000, float: true },
] as const satisfies readonly LimitRow[];

/** The name of a limit. */
export type LimitName = (typeof LIMITS)[number]['name'];
