/**
 * The library's defaults on 4 qubits with few shots: amplitude encoding with a constant component, a linear
 * head on all <Z_i>, cross-entropy, Adam with a rate of its own for the head and cosine decay.
 */
export const RECOMMENDED = { model: { qubits: 4 }, training: { shots: 20 } } as const;
