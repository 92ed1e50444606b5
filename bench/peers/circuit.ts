/** The paper's circuit and samples, for the peers in JavaScript. Qubit 0 is the most significant bit. */
import { chainAnsatz } from '../../host/api/ansatz.ts';
import type { Workload } from './workload.ts';

/** One operation in time order: a rotation by a parameter, or a CNOT. */
export type Gate =
  | { readonly name: 'rx' | 'ry' | 'rz'; readonly qubit: number; readonly parameter: number }
  | { readonly name: 'cnot'; readonly control: number; readonly target: number };

/** The operations of a workload's circuit: the paper's ansatz, or one RX a qubit. */
export function gatesOf({ task, qubits, layers }: Workload): readonly Gate[] {
  if (task === 'gate')
    return Array.from({ length: qubits }, (_, q) => ({ name: 'rx', qubit: q, parameter: q }));
  return chainAnsatz(qubits, layers).map(({ gate, qubits: [first, second], angle }) =>
    gate === 'rx' || gate === 'ry' || gate === 'rz'
      ? { name: gate, qubit: first, parameter: angle?.parameter ?? 0 }
      : { name: 'cnot', control: first, target: second ?? first },
  );
}

/** The encoded samples: 2^n amplitudes each, normalised and padded with zeros. */
export function statesOf({ qubits, count, width, features }: Workload): readonly (readonly number[])[] {
  return Array.from({ length: count }, (_, sample) => {
    const row = features.slice(sample * width, (sample + 1) * width);
    const norm = Math.sqrt(row.reduce((sum, x) => sum + x * x, 0));
    return Array.from({ length: 2 ** qubits }, (_, k) => (row[k] ?? 0) / norm);
  });
}

/** Mean (f - y)^2. */
export function meanSquare({ labels }: Workload, values: readonly number[]): number {
  const errors = values.map((value, sample) => (value - (2 * labels[sample] - 1)) ** 2);
  return errors.reduce((sum, error) => sum + error, 0) / errors.length;
}

/** The tasks of a peer that can evaluate <Z0> of one state and draw shots of it. */
export function tasksOf<State>(peer: {
  /** Prepares a workload's circuit: runs a sample at given parameters. */
  readonly prepare: (
    workload: Workload,
  ) => (parameters: readonly number[], input: readonly number[]) => State;
  readonly expectation: (workload: Workload, state: State) => number;
  readonly sample: (workload: Workload, state: State) => number;
}) {
  const parametersOf = ({ theta, other }: Workload, which: number) => (which === 0 ? theta : other);
  return {
    evaluate: (workload: Workload) => {
      const run = peer.prepare(workload);
      const [state] = statesOf(workload);
      return (which: number) => peer.expectation(workload, run(parametersOf(workload, which), state));
    },
    predict: (workload: Workload) => {
      const run = peer.prepare(workload);
      const [state] = statesOf(workload);
      return () => peer.expectation(workload, run(workload.theta, state));
    },
    loss: (workload: Workload) => {
      const run = peer.prepare(workload);
      const states = statesOf(workload);
      return (which: number) => {
        const parameters = parametersOf(workload, which);
        return meanSquare(
          workload,
          states.map((state) => peer.expectation(workload, run(parameters, state))),
        );
      };
    },
    sample: (workload: Workload) => {
      const run = peer.prepare(workload);
      const [state] = statesOf(workload);
      return (which: number) => peer.sample(workload, run(parametersOf(workload, which), state));
    },
  };
}
