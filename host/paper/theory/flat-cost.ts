/**
 * The cost that plateaus are looked at with, C(theta) = 1 - <O> behind the paper's circuit on |0...0>: between 0 and 2, with no
 * data in it. Exact, and as M shots have it.
 */
import type { Observable } from '../../api/circuit.ts';
import { chainAnsatz } from '../../api/ansatz.ts';
import { type PreparedCircuit, prepareCircuit } from '../../api/direct.ts';
import type { Noise } from '../../api/noise.ts';
import type { HostRandom } from '../../data/philox.ts';

/**
 * 'first': Z of the first qubit; 'last'; 'mean': (Z_0 + ... + Z_(n-1)) / n, a local one; 'parity': Z on all, a global one; 'ising':
 * (sum Z_i Z_(i+1) + sum X_i) / (2 n - 1), of which no product state is the ground state.
 */
export type ObservableKind = 'first' | 'last' | 'mean' | 'parity' | 'ising';

/** The circuit and its observable. */
export interface FlatProblem {
  readonly qubits: number;
  readonly layers: number;
  readonly observable: ObservableKind;
}

const range = (length: number) => Array.from({ length }, (_, i) => i);

/** The observable O of a kind. */
export function observableOf(kind: ObservableKind, qubits: number): Observable {
  const z = range(qubits).map((qubit) => `Z${qubit}`);
  if (kind === 'mean') return z.map((pauli) => ({ pauli, coefficient: 1 / qubits }));
  if (kind === 'ising') {
    const bonds = range(qubits - 1).map((i) => `Z${i} Z${i + 1}`);
    return [...bonds, ...range(qubits).map((i) => `X${i}`)].map((pauli) => ({
      pauli,
      coefficient: 1 / (2 * qubits - 1),
    }));
  }
  const pauli = kind === 'first' ? z[0] : kind === 'last' ? z[qubits - 1] : z.join(' ');
  return [{ pauli, coefficient: 1 }];
}

/** 1 - O: the cost as an observable. */
export function costObservable(kind: ObservableKind, qubits: number): Observable {
  const negative = observableOf(kind, qubits).map((term) => ({ ...term, coefficient: -term.coefficient }));
  return [{ pauli: '', coefficient: 1 }, ...negative];
}

/** Parameters uniform over [-pi, pi]. */
export function uniformAngles(count: number, random: HostRandom): Float64Array {
  return Float64Array.from({ length: count }, () => Math.PI * (2 * random.uniform() - 1));
}

/** theta - rate g. */
export function moved(theta: Float64Array, gradient: Float64Array, rate: number): Float64Array {
  return theta.map((value, i) => value - rate * gradient[i]);
}

/** a . b */
export function product(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** The cost of a problem. */
export class FlatCost {
  private constructor(
    readonly problem: FlatProblem,
    readonly shots: number | 'exact',
    readonly exact: PreparedCircuit,
    readonly noisy: PreparedCircuit,
  ) {}

  /**
   * @param shots of each circuit that `measure` and `measureGradient` run @param seed of their draws
   * @param noise of all circuits
   */
  static async of(
    problem: FlatProblem,
    shots: number | 'exact' = 'exact',
    seed = 1,
    noise?: Noise,
  ): Promise<FlatCost> {
    const circuit = chainAnsatz(problem.qubits, problem.layers);
    const how = {
      qubits: problem.qubits,
      observable: costObservable(problem.observable, problem.qubits),
      noise,
    };
    const exact = await prepareCircuit(circuit, how);
    const noisy = shots === 'exact' ? exact : await prepareCircuit(circuit, { ...how, shots, seed });
    return new FlatCost(problem, shots, exact, noisy);
  }

  /** Number of parameters d. */
  get parameters(): number {
    return this.exact.parameters;
  }

  value(theta: Float64Array): number {
    return this.exact.expectation(theta);
  }

  gradient(theta: Float64Array): Float64Array {
    return this.exact.gradient(theta).gradient;
  }

  measure(theta: Float64Array): number {
    return this.noisy.expectation(theta);
  }

  measureGradient(theta: Float64Array): Float64Array {
    return this.noisy.gradient(theta).gradient;
  }

  /** Variance of `measure` where the exact cost is C, of an observable that is one string: (1 - <O>^2) / M. */
  variance(cost: number): number {
    return this.shots === 'exact' ? 0 : Math.max(0, 1 - (1 - cost) ** 2) / this.shots;
  }

  /** g . H g, by the difference of the exact gradients to both sides along g. */
  curvature(theta: Float64Array, gradient: Float64Array): number {
    const square = product(gradient, gradient);
    if (square === 0) return 0;
    // Third derivatives are no larger than the cost: an error of 1e-6, while rounding comes to 1e-12.
    const step = 1e-3 / Math.sqrt(square);
    const [behind, ahead] = [step, -step].map((rate) =>
      product(this.gradient(moved(theta, gradient, rate)), gradient),
    );
    return (ahead - behind) / (2 * step);
  }
}
