/**
 * The hydrogen molecule at any bond length: STO-3G integrals in closed form (S-type Gaussians; Szabo and Ostlund, Modern
 * Quantum Chemistry, appendix A), the two orbitals that symmetry gives, and the Hamiltonian by Jordan and Wigner with qubit 2p
 * orbital p with spin up, 2p + 1 with spin down, as host/problems/molecules/h2.json has it at 0.735 angstrom.
 */
import type { PauliTerm } from '../../index.ts';

/** Exponents and coefficients of the three Gaussians of hydrogen's 1s, in units of bohr^-2 (Hehre, Stewart, Pople 1969). */
const EXPONENTS = [3.425250914, 0.6239137298, 0.168855404] as const;
const COEFFICIENTS = [0.1543289673, 0.5353281423, 0.4446345422] as const;

/** Angstrom in a bohr (CODATA 2018). */
const BOHR = 0.529177210903;

/** Boys' function F_0(t): by its series, which converges for every t, and where that is long by what it tends to. */
export function boys(t: number): number {
  if (t > 35) return Math.sqrt(Math.PI / t) / 2;
  let [term, sum] = [1, 1];
  for (let k = 1; term > 1e-17 * sum; k++) {
    term *= (2 * t) / (2 * k + 1);
    sum += term;
  }
  return Math.exp(-t) * sum;
}

/** A normalised Gaussian on the axis. */
interface Primitive {
  readonly exponent: number;
  readonly weight: number;
  readonly at: number;
}

const orbitalAt = (at: number): Primitive[] =>
  EXPONENTS.map((exponent, i) => ({
    exponent,
    weight: (COEFFICIENTS[i] as number) * ((2 * exponent) / Math.PI) ** 0.75,
    at,
  }));

/** Two Gaussians as one: their sum of exponents, its middle, and what it is multiplied by. */
function product(a: Primitive, b: Primitive) {
  const p = a.exponent + b.exponent;
  const reduced = (a.exponent * b.exponent) / p;
  return {
    ...{ p, reduced, square: (a.at - b.at) ** 2 },
    at: (a.exponent * a.at + b.exponent * b.at) / p,
    size: a.weight * b.weight * Math.exp(-reduced * (a.at - b.at) ** 2),
  };
}

/** A sum over pairs of primitives. */
const over = (
  a: readonly Primitive[],
  b: readonly Primitive[],
  of: (pair: ReturnType<typeof product>) => number,
) => a.reduce((sum, one) => sum + b.reduce((inner, other) => inner + of(product(one, other)), 0), 0);

const overlap = (a: readonly Primitive[], b: readonly Primitive[]) =>
  over(a, b, ({ p, size }) => size * (Math.PI / p) ** 1.5);

/** Kinetic energy and the attraction of both nuclei. */
const core = (a: readonly Primitive[], b: readonly Primitive[], nuclei: readonly number[]) =>
  over(a, b, ({ p, reduced, square, at, size }) => {
    const kinetic = reduced * (3 - 2 * reduced * square) * (Math.PI / p) ** 1.5;
    const attraction = nuclei.reduce((sum, z) => sum + boys(p * (at - z) ** 2), 0) * ((-2 * Math.PI) / p);
    return size * (kinetic + attraction);
  });

/** (ab|cd). */
const repulsion = (
  a: readonly Primitive[],
  b: readonly Primitive[],
  c: readonly Primitive[],
  d: readonly Primitive[],
) =>
  over(a, b, (one) =>
    over(c, d, (other) => {
      const { p } = one;
      const q = other.p;
      const factor = (2 * Math.PI ** 2.5) / (p * q * Math.sqrt(p + q));
      return one.size * other.size * factor * boys(((p * q) / (p + q)) * (one.at - other.at) ** 2);
    }),
  );

/** Integrals over the bonding orbital g and the antibonding u. */
function integrals(distance: number) {
  const nuclei = [0, distance];
  const atoms = nuclei.map(orbitalAt) as [Primitive[], Primitive[]];
  const shared = overlap(...atoms);
  const orbital = (sign: 1 | -1) => {
    const norm = 1 / Math.sqrt(2 * (1 + sign * shared));
    return atoms.flatMap((atom, i) =>
      atom.map((each) => ({ ...each, weight: each.weight * norm * (i === 1 ? sign : 1) })),
    );
  };
  const [g, u] = [orbital(1), orbital(-1)];
  return {
    g: core(g, g, nuclei),
    u: core(u, u, nuclei),
    gg: repulsion(g, g, g, g),
    uu: repulsion(u, u, u, u),
    gu: repulsion(g, g, u, u),
    exchange: repulsion(g, u, g, u),
    nuclei: 1 / distance,
  };
}

/** The Hamiltonian, in hartree, on four qubits. @param angstrom the bond length */
export function hydrogen(angstrom: number): PauliTerm[] {
  const { g, u, gg, uu, gu, exchange, nuclei } = integrals(angstrom / BOHR);
  const apart = gu - exchange;
  // n = (1 - Z) / 2 of each spin orbital, and products of two of them.
  const [zg, zu] = [-(g / 2) - (gg + gu + apart) / 4, -(u / 2) - (uu + gu + apart) / 4];
  const term = (pauli: string, coefficient: number) => ({ pauli, coefficient });
  return [
    term('', nuclei + g + u + (gg + uu + 2 * gu + 2 * apart) / 4),
    ...[term('Z0', zg), term('Z1', zg), term('Z2', zu), term('Z3', zu)],
    ...[term('Z0 Z1', gg / 4), term('Z2 Z3', uu / 4)],
    ...[term('Z0 Z2', apart / 4), term('Z1 Z3', apart / 4), term('Z0 Z3', gu / 4), term('Z1 Z2', gu / 4)],
    ...[term('X0 X1 Y2 Y3', -exchange / 4), term('Y0 Y1 X2 X3', -exchange / 4)],
    ...[term('X0 Y1 Y2 X3', exchange / 4), term('Y0 X1 X2 Y3', exchange / 4)],
  ];
}
