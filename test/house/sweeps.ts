/** The two sweeps by which displaced angles are differentiated, as they are drawn in assembly/README.md. */
import { Operation } from '../../assembly/abi/codes.ts';
import { PAPER } from '../../host/api/options.ts';
import { paperAnsatz } from '../support/oracle/models.ts';

/** Qubits on which <Z_0> of the paper's model is other than I in front of each layer's rotations, the first layer first. */
export function reachedQubits(qubits: number, layers: number): number[] {
  const operations = paperAnsatz(qubits, layers);
  const each = operations.length / layers;
  const [x, z] = [new Set<number>(), new Set([0])];
  const reached: number[] = [];
  for (let layer = layers - 1; layer >= 0; layer--) {
    for (const { kind, a, b = a } of operations.slice(layer * each, (layer + 1) * each).reverse()) {
      if (kind === Operation.CNOT) {
        // X spreads from control to target, Z from target to control.
        if (x.has(a)) x.add(b);
        if (z.has(b)) z.add(a);
      } else if (x.has(a) || z.has(a)) {
        x.add(a);
        z.add(a);
      }
    }
    reached.unshift(new Set([...x, ...z]).size);
  }
  return reached;
}

/** The drawing in Mermaid: the observable on its way back, the states on theirs, and K between them in every layer. */
export function sweepsDrawing(): string {
  const { qubits, layers = 1 } = PAPER.model;
  const reached = reachedQubits(qubits, layers);
  const strings = (l: number) => `${reached[l]} qubit${reached[l] > 1 ? 's' : ''}`;
  const numbers = reached.map((_, l) => l);
  return [
    '```mermaid',
    'graph LR',
    '  columns["states over the columns"] --> s0',
    ...numbers.map((l) => `  s${l}["s, layer ${l + 1}"]`),
    ...numbers.slice(1).map((l) => `  s${l - 1} --> s${l}`),
    ...numbers.map((l) => `  a${l}["a, layer ${l + 1}: ${strings(l)}"]`),
    ...numbers.slice(1).map((l) => `  a${l} --> a${l - 1}`),
    `  observable["Z on qubit 0"] --> a${layers - 1}`,
    ...numbers.map((l) => `  s${l} -. K .- a${l}`),
    '```',
    '',
    `The paper's model: a and s in front of each layer's rotations, and the qubits that a has reached by then.`,
  ].join('\n');
}
