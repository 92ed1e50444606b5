/** Prints circuits with every gate there is, each as the programs that the library writes of it: for qasm-written.py. */
import type { Circuit, CircuitOperation, GateName } from '../../host/api/circuit.ts';
import { ALL_GATES, hasAngle, isOnTwo } from '../../host/api/gates.ts';
import { HostRandom } from '../../host/data/philox.ts';
import { writeOpenQasm } from '../../host/qasm/index.ts';

const QUBITS = 3;
const CIRCUITS = 6;

const random = new HostRandom(2041);
const angle = () => Number((6 * random.uniform() - 3).toFixed(4));

/** A gate on qubits at random, with angles of numbers alone. */
function drawn(gate: GateName): CircuitOperation {
  const first = random.below(QUBITS);
  const second = (first + 1 + random.below(QUBITS - 1)) % QUBITS;
  return {
    gate,
    qubits: isOnTwo(gate) ? [first, second] : [first],
    ...(hasAngle(gate) && { angle: { offset: angle() } }),
    ...(gate === 'u' && { angles: [angle(), angle(), angle()] as const }),
  };
}

/** No qubit in a state of its own, then every gate, in another order each time. */
function circuit(): Circuit {
  const start = (['u', 'u', 'u', 'rxx', 'cry', 'u', 'crx'] as const).map(drawn);
  const gates = Object.keys(ALL_GATES) as GateName[];
  for (let i = gates.length - 1; i > 0; i--) {
    const j = random.below(i + 1);
    [gates[i], gates[j]] = [gates[j] as GateName, gates[i] as GateName];
  }
  return [...start, ...gates.map(drawn)];
}

const programs = Array.from({ length: CIRCUITS }, () => {
  const operations = circuit();
  const [two, three] = ([2, 3] as const).map((version) =>
    writeOpenQasm(operations, { version, qubits: QUBITS }),
  );
  return { circuit: operations, two, three };
});
process.stdout.write(JSON.stringify(programs));
