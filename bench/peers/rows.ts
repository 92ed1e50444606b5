/** What is measured, row by row. */
import { type Peer, REFERENCE } from './peers.ts';
import { makeWorkload, type Workload } from './workload.ts';

/** How a row is measured: calls inside running workers, whole new processes, or the memory of one. */
export type Kind = 'time' | 'start' | 'memory';

/** One row, measured for every peer that can do it. */
export interface Row {
  readonly id: string;
  readonly title: string;
  readonly kind: Kind;
  readonly workload: Workload;
  /** The only peer of the row; by default all that can. */
  readonly only?: string;
  /** Times are divided by this, such as the gates of a call. */
  readonly per: number;
}

const WIDTHS = [4, 6, 8, 10, 12, 14, 16];

function row(
  id: string,
  title: string,
  workload: Workload,
  { kind = 'time' as Kind, only = undefined as string | undefined, per = 1 } = {},
): Row {
  return { id, title, kind, workload, only, per };
}

/** The row that says most. */
const STEP = makeWorkload('step', { count: 32 });

/** In the order of the tables. A peer's memory is read when it has made steps and nothing else. */
export const ROWS: readonly Row[] = [
  row('step-32-d8', 'exact step, B=32, d=8', STEP),
  row('memory', 'peak memory of a process that makes that step', STEP, { kind: 'memory' }),
  row('step-32-d64', 'exact step, B=32, d=64', makeWorkload('step', { count: 32, width: 64 }), {
    only: REFERENCE,
  }),
  row('step-800-d64', 'exact step, B=800, d=64', makeWorkload('step', { count: 800, width: 64 }), {
    only: REFERENCE,
  }),
  row('shots-step', 'step with 1000 shots, B=32, d=8', makeWorkload('shots-step', { count: 32 })),
  row('gradient-32', 'exact gradient, B=32, d=8', makeWorkload('gradient', { count: 32 })),
  row('loss-32', 'loss, B=32, d=8', makeWorkload('loss', { count: 32 })),
  row('loss-800', 'loss, B=800, d=8', makeWorkload('loss', { count: 800 })),
  row('evaluation', 'one circuit evaluation', makeWorkload('evaluate')),
  row('sampling', '1000 shots of one circuit', makeWorkload('sample')),
  row('prediction', 'one prediction', makeWorkload('predict')),
  row('start', 'process start to first prediction', makeWorkload('predict'), { kind: 'start' }),
  // From a dense state: from |0...0> a layer of RX is a product state, which takes no statevector to measure.
  ...WIDTHS.map((n) =>
    row(`gate-n${n}`, `one RX on a dense state, n=${n}`, makeWorkload('gate', { qubits: n, width: 2 ** n }), {
      only: 'Qulacs',
      per: n,
    }),
  ),
  // Of the last qubit's <Z>, which sees all qubits; the first one's light cone ends at L + 1 qubits.
  ...WIDTHS.map((n) =>
    row(
      `gradient-n${n}`,
      `one gradient of <Z${n - 1}>, n=${n}, L=5`,
      makeWorkload('gradient', { qubits: n, measured: n - 1 }),
      { only: 'Qulacs' },
    ),
  ),
];

/** The rows of a peer. */
export function rowsOf(peer: Peer, rows: readonly Row[] = ROWS): readonly Row[] {
  return rows.filter(({ only, workload }) => {
    const asked = only === undefined || only === peer.name;
    return asked && peer.tasks.includes(workload.task) && workload.count <= peer.samples;
  });
}
