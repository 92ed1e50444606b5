/**
 * quantum-circuit: a circuit is built once (its README, "addGate", "run") and only its parameters change between
 * runs. It has no expectations of observables and no gradients; <Z0> comes from `probabilities`. Without the
 * option `partitioning`, which takes longer on this circuit.
 */
import QuantumCircuit, { type GateOptions } from 'quantum-circuit';
import { version } from 'quantum-circuit/package.json';
import type { Workload } from '../workload.ts';
import { gatesOf, tasksOf } from '../circuit.ts';
import { serve } from './serve.ts';

const ANGLES = { rx: 'theta', ry: 'theta', rz: 'phi' } as const;

function prepare(workload: Workload) {
  const circuit = new QuantumCircuit(workload.qubits);
  const wire = (qubit: number) => workload.qubits - 1 - qubit;
  const setters: ((parameters: readonly number[]) => void)[] = [];
  for (const gate of gatesOf(workload)) {
    if (gate.name === 'cnot') {
      circuit.appendGate('cx', [wire(gate.control), wire(gate.target)]);
      continue;
    }
    const params: Record<string, number> = {};
    const options: GateOptions = { params };
    setters.push((parameters) => (params[ANGLES[gate.name]] = parameters[gate.parameter]));
    circuit.appendGate(gate.name, wire(gate.qubit), options);
  }
  return (parameters: readonly number[], input: readonly number[]): QuantumCircuit => {
    for (const set of setters) set(parameters);
    circuit.run(null, { initialState: input, partitioning: false });
    return circuit;
  };
}

function expectation({ qubits }: Workload, circuit: QuantumCircuit): number {
  return 1 - 2 * circuit.probabilities()[qubits - 1];
}

function sample({ shots }: Workload, circuit: QuantumCircuit): number {
  let ones = 0;
  for (const [bits, count] of Object.entries(circuit.measureAllMultishot(shots))) {
    if (bits[0] === '1') ones += count;
  }
  return 1 - (2 * ones) / shots;
}

await serve({ 'quantum-circuit': version, node: process.version }, tasksOf({ prepare, expectation, sample }));
