/** The parts that are used of npm packages that come without types. */
declare module 'jsqubits' {
  /** Immutable: every gate gives a new state. Qubit 0 is the least significant bit. */
  export interface State {
    rotateX(qubit: number, angle: number): State;
    rotateY(qubit: number, angle: number): State;
    rotateZ(qubit: number, angle: number): State;
    cnot(control: number, target: number): State;
    measure(qubit: number): { readonly result: number };
    each(visit: (component: { asNumber(): number; readonly amplitude: Amplitude }) => void): void;
  }
  export interface Amplitude {
    magnitude(): number;
  }
  const jsqubits: {
    readonly QState: new (qubits: number, amplitudes: readonly Amplitude[]) => State;
    real(value: number): Amplitude;
  };
  export default jsqubits;
}

declare module 'quantum-circuit' {
  export interface GateOptions {
    readonly params?: Record<string, number>;
  }
  /** Wire 0 is the least significant bit. */
  export default class QuantumCircuit {
    constructor(wires: number);
    appendGate(name: string, wires: number | readonly number[], options?: GateOptions): string;
    run(
      values: null,
      options: { readonly initialState: readonly number[]; readonly partitioning: boolean },
    ): void;
    /** Of measuring 1, a wire each. */
    probabilities(): readonly number[];
    /** Counts of bit strings, wire 0 last. */
    measureAllMultishot(shots: number): Readonly<Record<string, number>>;
  }
}

declare module 'qsharp-lang' {
  /** Amplitudes re, im by basis states such as '|010>'; what an expression gave, or why it failed. */
  export interface Details {
    readonly DumpMachine: { readonly state: Readonly<Record<string, readonly [number, number]>> };
    readonly Result:
      | { readonly success: true; readonly value: string }
      | { readonly success: false; readonly value: { readonly message: string } };
  }
  export class QscEventTarget {
    constructor(captureEvents: boolean);
    addEventListener<Name extends keyof Details>(
      type: Name,
      listener: (event: { readonly detail: Details[Name] }) => void,
    ): void;
  }
  export function loadWasmModule(module: ArrayBuffer): Promise<void>;
  export function getCompiler(): Promise<{
    run(
      program: {
        readonly sources: readonly (readonly [string, string])[];
        readonly languageFeatures: readonly string[];
      },
      expression: string,
      shots: number,
      events: QscEventTarget,
    ): Promise<void>;
  }>;
}

declare module 'jsqubits/package.json' {
  export const version: string;
}

declare module 'quantum-circuit/package.json' {
  export const version: string;
}
