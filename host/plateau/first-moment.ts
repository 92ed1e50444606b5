/**
 * The first moment of a start: E[U^dagger O U] over the parameters that an initialisation draws. Where it is the identity times
 * O's trace, as for uniform angles, the start is at the fixed point of a barren plateau: outputs and derivatives have the mean
 * that a random circuit has. What is left of other Pauli strings is a bias that need not vanish with the number of qubits; that
 * such a moment tells starts apart is the idea of Kulshrestha et al., arXiv 2606.18515 (2026). The figures here are our own: the
 * weight of those strings, exactly, where parameters are independent.
 *
 * An average over an independent angle leaves a string that commutes with its rotation and takes another, Q, to
 * E[cos] Q + E[sin] i[P, Q]/2: walking back through the circuit costs no more than one expectation.
 */
import { pauliMasks } from '../api/circuit.ts';
import { tableOperations } from '../api/gates.ts';
import type { ResolvedModel } from '../api/options.ts';
import { isNumbers, refuse } from '../core/checks.ts';
import { resolvedRead } from './readers.ts';

/** Strings that are followed at most; beyond, the moment is not worked out. */
const MOST_STRINGS = 100_000;

/** What becomes of an angle on the average. */
interface Mean {
  readonly cos: number;
  readonly sin: number;
}

/** E[cos(k v)] of a parameter v as an initialisation draws it, symmetrically; undefined where it does not draw independently. */
function meanCosine({ initialisation = 'uniform', initialScale, layers = 0, observables }: ResolvedModel) {
  const uniform = (half: number) => (k: number) => {
    const x = Math.abs(k) * half;
    return x === 0 ? 1 : Math.sin(x) / x;
  };
  switch (initialisation) {
    case 'uniform':
      return uniform(Math.PI);
    case 'small-angles':
      return uniform(initialScale as number);
    case 'zero':
      return () => 1;
    case 'gaussian': {
      const most = Math.max(
        1,
        ...observables.flat().map(({ pauli }) => pauli.match(/[XYZ]\d/gi)?.length ?? 0),
      );
      const deviation = initialScale ?? Math.sqrt(1 / (4 * most * (layers + 2)));
      return (k: number) => Math.exp(-((k * deviation) ** 2) / 2);
    }
    default:
      return undefined;
  }
}

/** A Pauli string as one number: X and Y on the bits of x, Z and Y on those of z. */
const keyOf = (x: number, z: number, qubits: number) => x * 2 ** qubits + z;

const parity = (mask: number) => {
  let odd = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) odd ^= 1;
  return odd === 1;
};
const ones = (mask: number) => {
  let count = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) count++;
  return count;
};

/** A real combination of Pauli strings. */
class Strings {
  #of = new Map<number, number>();

  constructor(readonly qubits: number) {}

  get size(): number {
    return this.#of.size;
  }

  add(x: number, z: number, coefficient: number): void {
    const key = keyOf(x, z, this.qubits);
    const sum = (this.#of.get(key) ?? 0) + coefficient;
    if (Math.abs(sum) < 1e-300) this.#of.delete(key);
    else this.#of.set(key, sum);
  }

  /** Each string put through a map. */
  through(map: (x: number, z: number, coefficient: number, to: Strings) => void): Strings {
    const to = new Strings(this.qubits);
    for (const [key, coefficient] of this.#of) {
      const z = key % 2 ** this.qubits;
      map((key - z) / 2 ** this.qubits, z, coefficient, to);
    }
    return to;
  }

  /** The expectation at the state whose qubits are all 0: strings without X and Y count. */
  get atZero(): number {
    let sum = 0;
    for (const [key, coefficient] of this.#of) if (key < 2 ** this.qubits) sum += coefficient;
    return sum;
  }

  /** Sum of the squares of all coefficients but the identity's: Tr[(O - Tr O/2^n)^2] / 2^n. */
  get weight(): number {
    let sum = 0;
    for (const [key, coefficient] of this.#of) if (key !== 0) sum += coefficient ** 2;
    return sum;
  }
}

/**
 * Q to cos Q + sin i[P, Q]/2 where they do not commute: e^(i v P/2) Q e^(-i v P/2).
 * @param px, pz of the string P that is turned about
 */
function turned(strings: Strings, px: number, pz: number, { cos, sin }: Mean): Strings {
  return strings.through((x, z, coefficient, to) => {
    if (!parity((x & pz) ^ (z & px))) {
      to.add(x, z, coefficient);
      return;
    }
    if (cos !== 0) to.add(x, z, cos * coefficient);
    if (sin === 0) return;
    // Strings are i^|x&z| X^x Z^z; P Q has the sign of moving Z^pz past X^x, and i P Q is Hermitian.
    const [rx, rz] = [x ^ px, z ^ pz];
    const quarters = ones(px & pz) + ones(x & z) - ones(rx & rz) + 2 * ones(pz & x) + 1;
    to.add(rx, rz, (((quarters % 4) + 4) % 4 === 0 ? 1 : -1) * sin * coefficient);
  });
}

function throughCnot(strings: Strings, control: number, target: number): Strings {
  return strings.through((x, z, coefficient, to) => {
    const rx = x & control ? x ^ target : x;
    const rz = z & target ? z ^ control : z;
    const flips = (x & control) !== 0 && (z & target) !== 0 && ((x & target) !== 0) === ((z & control) !== 0);
    to.add(rx, rz, flips ? -coefficient : coefficient);
  });
}

function throughCz(strings: Strings, a: number, b: number): Strings {
  return strings.through((x, z, coefficient, to) => {
    const [xa, xb] = [(x & a) !== 0, (x & b) !== 0];
    const flips = xa && xb && ((z & a) !== 0) !== ((z & b) !== 0);
    to.add(x, z ^ (xa ? b : 0) ^ (xb ? a : 0), flips ? -coefficient : coefficient);
  });
}

/** The string that each rotation turns about. */
const AXES: Readonly<Record<string, readonly [x: boolean, z: boolean]>> = {
  ...{ rx: [true, false], ry: [true, true], rz: [false, true] },
  ...{ rxx: [true, false], ryy: [true, true], rzz: [false, true] },
};

/** What is left of an observable on the average. */
export interface FirstMoment {
  /** Sum of the squared coefficients of all Pauli strings but the identity, mean over the outputs: of the observable as it is. */
  readonly before: number;
  /** The same on the average over the start, 0 to `before`. */
  readonly after: number;
  /** E[f] where all qubits start as 0, mean over the outputs: what a circuit encodes by angles answers on the average. */
  readonly atZero: number;
  /** Whether nothing is left: the start is at the fixed point. */
  readonly concentrated: boolean;
}

/**
 * The first moment of a model's outputs.
 * @param features of one row, for gates that features turn
 * @throws OptionError
 * @returns undefined where parameters are not independent, or too many strings are left
 */
export function firstMoment(given: ResolvedModel, features: ArrayLike<number>): FirstMoment | undefined {
  const model = resolvedRead(given, 'the model');
  if (!isNumbers(features)) refuse('features', features, 'a list of numbers');
  const cosine = meanCosine(model);
  const used = model.circuit.flatMap(({ angle }) => angle?.parameter ?? []);
  const operations = model.circuit.flatMap(({ gate, qubits: on, angle = {}, angles }) =>
    tableOperations(gate, on, angle, angles).map((each) => ({ ...each, angle })),
  );
  const driven = operations.filter((each) => each.driven && each.angle.parameter !== undefined);
  if (cosine === undefined || new Set(used).size < used.length || driven.length > used.length)
    return undefined;
  operations.reverse();
  let [before, after, atZero] = [0, 0, 0];
  for (const terms of model.observables) {
    let strings = new Strings(model.qubits);
    for (const { pauli, coefficient } of terms) {
      const { x, z } = pauliMasks(pauli, model.qubits);
      strings.add(x, z, coefficient);
    }
    before += strings.weight / model.observables.length;
    for (const { operation, qubits, driven: isDriven, scale, offset, angle } of operations) {
      const [a, b = 0] = qubits.map((qubit) => 1 << qubit);
      if (operation === 'cnot') strings = throughCnot(strings, a, b);
      else if (operation === 'cz') strings = throughCz(strings, a, b);
      else {
        const [isX, isZ] = AXES[operation];
        const on = qubits.length > 1 ? a | b : a;
        const isFree = isDriven && angle.parameter !== undefined;
        const fixed =
          offset + (isDriven && angle.feature !== undefined ? scale * features[angle.feature] : 0);
        const shrink = isFree ? cosine(scale) : 1;
        const mean = { cos: shrink * Math.cos(fixed), sin: shrink * Math.sin(fixed) };
        strings = turned(strings, isX ? on : 0, isZ ? on : 0, mean);
      }
      if (strings.size > MOST_STRINGS) return undefined;
    }
    after += strings.weight / model.observables.length;
    atZero += strings.atZero / model.observables.length;
  }
  return { before, after, atZero, concentrated: after < 1e-20 };
}
