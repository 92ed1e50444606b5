/**
 * The library's defaults on 4 qubits: amplitude encoding with a constant component, a linear head on all <Z_i>,
 * cross-entropy, exact expectations, Adam with a rate of its own for the head and cosine decay.
 */
export const RECOMMENDED = { model: { qubits: 4 }, training: {} } as const;
