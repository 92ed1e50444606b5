/**
 * The floating-point operations of loss and gradient, counted from the compiled program by hand: what its
 * kernels do for each gate, times rows, times lanes. They explain the figure that a counting run finds; what
 * they leave out is sines and cosines, the fusing of gates, encoding, the loss, and what a kernel does beyond
 * the last column.
 */

/** The paper's model and its mini-batch. */
export interface Shape {
  readonly qubits: number;
  readonly layers: number;
  readonly features: number;
  readonly batch: number;
}

/** On two amplitudes of a lane: a fused gate has 16 products and 12 sums. */
const UNITARY = 28 / 2;
/** On two amplitudes of a lane: three sums of four products each, added to three totals. */
const ENVIRONMENT = 24 / 2;
/** On an amplitude: two products with the coefficient, added to what is there. */
const PAULI = 4;
/** On an amplitude: |psi|^2 with its sign, added to the sum. */
const EXPECTATION = 4;

/** Fused gates inside the light cone of Z on the first qubit, which narrows by a qubit a layer towards the end. */
function gates({ qubits, layers }: Shape): { readonly all: number; readonly first: number } {
  const width = (layer: number) => Math.min(qubits, layers - layer);
  const all = Array.from({ length: layers }, (_, layer) => width(layer)).reduce((a, b) => a + b, 0);
  return { all, first: width(0) };
}

/** Forward; back with an environment each; both states undone, but for the gates that start their qubits. */
function circuit(shape: Shape): number {
  const { all, first } = gates(shape);
  return all * UNITARY + all * ENVIRONMENT + 2 * (all - first) * UNITARY;
}

/** Every sample is a lane with 2^n amplitudes. */
export function samplesOperations(shape: Shape): number {
  return shape.batch * 2 ** shape.qubits * (circuit(shape) + EXPECTATION + PAULI);
}

/** Every column is a lane with an amplitude for each pattern of the visible qubits. */
export function columnsOperations(shape: Shape): number {
  const { qubits, layers, features, batch } = shape;
  const visible = Math.min(qubits, layers);
  const hidden = qubits - visible;
  const rows = 2 ** visible;
  // Features take the last qubits, of which the last ones are hidden.
  const blocks = Math.min(2 ** hidden, features);
  const columns = features / blocks;
  const elements = (columns * (columns + 1)) / 2;
  const propagated = rows * columns * (circuit(shape) + 2 * PAULI);
  // M: pairs of pairs of columns on and above the diagonal, 2 products and 2 sums for each of 4 elements.
  const pairs = columns / 2;
  const matrix = rows * ((pairs * (pairs + 1)) / 2) * 4 * 4;
  // x^T M x: a product and a sum an element of the upper half, and again a column.
  const forms = batch * blocks * 2 * (elements + columns);
  // rho: a product and a sum an element, sample and block; then a real combination of complex columns.
  const mixture = batch * blocks * 2 * elements;
  const mixed = rows * columns * columns * 4;
  return propagated + matrix + forms + mixture + mixed;
}
