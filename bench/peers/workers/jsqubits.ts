/**
 * jsqubits: states are immutable and sparse, gates are methods (its README, "jsqubits user manual"). It has no
 * circuits, no expectations and no gradients; <Z0> is summed over the amplitudes.
 */
import jsqubits, { type State } from 'jsqubits';
import { version } from 'jsqubits/package.json';
import type { Workload } from '../workload.ts';
import { gatesOf, tasksOf } from '../circuit.ts';
import { serve } from './serve.ts';

const ROTATIONS = { rx: 'rotateX', ry: 'rotateY', rz: 'rotateZ' } as const;

function prepare(workload: Workload) {
  const gates = gatesOf(workload);
  const bit = (qubit: number) => workload.qubits - 1 - qubit;
  return (parameters: readonly number[], input: readonly number[]): State => {
    let state = new jsqubits.QState(workload.qubits, input.map(jsqubits.real));
    for (const gate of gates) {
      state =
        gate.name === 'cnot'
          ? state.cnot(bit(gate.control), bit(gate.target))
          : state[ROTATIONS[gate.name]](bit(gate.qubit), parameters[gate.parameter]);
    }
    return state;
  };
}

function expectation({ qubits }: Workload, state: State): number {
  let sum = 0;
  state.each((component) => {
    const chance = component.amplitude.magnitude() ** 2;
    sum += component.asNumber() >> (qubits - 1) ? -chance : chance;
  });
  return sum;
}

function sample({ qubits, shots }: Workload, state: State): number {
  let ones = 0;
  for (let shot = 0; shot < shots; shot++) ones += state.measure(qubits - 1).result;
  return 1 - (2 * ones) / shots;
}

await serve({ jsqubits: version, node: process.version }, tasksOf({ prepare, expectation, sample }));
