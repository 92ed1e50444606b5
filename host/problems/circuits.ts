/** Circuits to find ground states with. All start in |0...0>. */
import type { Angle, Circuit, CircuitOperation } from '../api/circuit.ts';
import { pauliRotation } from '../api/growth.ts';
import { contradiction, integer, oneOf } from '../core/checks.ts';
import { type Hamiltonian, remade } from './hamiltonian.ts';
import { type Masks, type Phased, pauliText, times } from './pauli.ts';

/**
 * 'excitations': the Hartree-Fock state, then every excitation of one and two electrons that keeps the spin, exp(t (T - T+))
 * one after the other (unitary coupled cluster, disentangled; Evangelista, Chan and Scuseria 2019), of molecules.
 * 'variational': turns by the parts of a chain's Hamiltonian in turn (Wecker, Hastings and Troyer 2015), with an angle for
 * each bond and site.
 * 'hardware': RY and RZ on every qubit and a chain of CNOTs, and RY and RZ once more (Kandala et al. 2017).
 */
export type AnsatzName = (typeof ANSATZE)[number];
/** All of them. */
export const ANSATZE = ['excitations', 'variational', 'hardware'] as const;

const range = (length: number) => Array.from({ length }, (_, i) => i);

/** What a name says of a Hamiltonian that it knows nothing else of. */
export function usualAnsatz({ electrons, chain }: Hamiltonian): AnsatzName {
  if (electrons !== undefined) return 'excitations';
  return chain === undefined ? 'hardware' : 'variational';
}

/** Layers of an ansatz unless somebody says how many. */
function usualLayers(name: AnsatzName, { qubits }: Hamiltonian): number {
  if (name === 'excitations') return 2;
  return Math.min(qubits, name === 'variational' ? 12 : 6);
}

/**
 * The circuit of a Hamiltonian, and how many layers it has.
 * @throws OptionError for excitations without electrons, or turns by the parts of what is no chain
 */
export function ansatz(
  of: Hamiltonian,
  given?: AnsatzName,
  depth?: number,
): {
  /** Which it is: as given, or by default what suits the Hamiltonian. */
  readonly name: AnsatzName;
  /** Layers it has. */
  readonly layers: number;
  /** The circuit, without features. */
  readonly circuit: Circuit;
} {
  const hamiltonian = remade(of, 'hamiltonian');
  const name = oneOf(...ANSATZE)(given ?? usualAnsatz(hamiltonian), 'ansatz');
  const layers = integer('layers', depth ?? usualLayers(name, hamiltonian), 1, 1000);
  return { name, layers, circuit: circuitOf(name, hamiltonian, layers) };
}

function circuitOf(
  name: AnsatzName,
  { name: called, qubits, electrons, chain }: Hamiltonian,
  layers: number,
) {
  if (name === 'hardware') return hardware(qubits, layers);
  if (name === 'variational') {
    if (chain === undefined)
      contradiction(`the ansatz variational is for chains, and ${called} is none`, 'ansatz');
    return chain === 'tfim' ? isingTurns(qubits, layers) : heisenbergTurns(qubits, layers);
  }
  if (electrons === undefined)
    contradiction(
      `the ansatz excitations needs the number of electrons, which ${called} does not say`,
      'ansatz',
    );
  return excitations(qubits, electrons, layers);
}

function hardware(qubits: number, layers: number): Circuit {
  const turns = (layer: number) =>
    range(2 * qubits).map((i): CircuitOperation => {
      const [qubit, axis] = [Math.floor(i / 2), i % 2];
      return {
        gate: axis === 0 ? 'ry' : 'rz',
        qubits: [qubit],
        angle: { parameter: 2 * qubits * layer + i },
      };
    });
  const chain = range(qubits - 1).map((a): CircuitOperation => ({ gate: 'cnot', qubits: [a, a + 1] }));
  return [...range(layers).flatMap((layer) => [...turns(layer), ...chain]), ...turns(layers)];
}

/** |+...+>, the ground state of a strong field, then RZZ on all bonds and RX on all sites. */
function isingTurns(qubits: number, layers: number): Circuit {
  const start = range(qubits).map((qubit): CircuitOperation => ({ gate: 'h', qubits: [qubit] }));
  const each = 2 * qubits - 1;
  const layer = (number: number): CircuitOperation[] => [
    ...range(qubits - 1).map((a): CircuitOperation => {
      return { gate: 'rzz', qubits: [a, a + 1], angle: { parameter: each * number + a } };
    }),
    ...range(qubits).map((qubit): CircuitOperation => {
      return { gate: 'rx', qubits: [qubit], angle: { parameter: each * number + qubits - 1 + qubit } };
    }),
  ];
  return [...start, ...range(layers).flatMap(layer)];
}

/**
 * Singlets on the bonds 0-1, 2-3, ..., then XX + YY and ZZ on the bonds between them and on theirs. An odd chain's last site
 * starts in |0>.
 */
function heisenbergTurns(qubits: number, layers: number): Circuit {
  const start = range(Math.floor(qubits / 2)).flatMap((pair): CircuitOperation[] => [
    { gate: 'x', qubits: [2 * pair] },
    { gate: 'x', qubits: [2 * pair + 1] },
    { gate: 'h', qubits: [2 * pair] },
    { gate: 'cnot', qubits: [2 * pair, 2 * pair + 1] },
  ]);
  const bonds = range(qubits - 1).sort((a, b) => (b % 2) - (a % 2) || a - b);
  const layer = (number: number): CircuitOperation[] =>
    bonds.flatMap((a) =>
      (['rxx', 'ryy', 'rzz'] as const).map((gate): CircuitOperation => {
        const parameter = 2 * ((qubits - 1) * number + a) + (gate === 'rzz' ? 1 : 0);
        return { gate, qubits: [a, a + 1], angle: { parameter } };
      }),
    );
  return [...start, ...range(layers).flatMap(layer)];
}

/** (X -+ i Y) / 2 with Z on all qubits before: an electron put into an orbital, or taken out of it, by Jordan and Wigner. */
function ladder(orbital: number, creates: boolean): readonly Phased[] {
  const bit = 1 << orbital;
  // Of the second, i^phase stands beside Y: -i to create.
  return [
    { x: bit, z: bit - 1, phase: 0 },
    { x: bit, z: bit - 1 + bit, phase: creates ? 3 : 1 },
  ];
}

/** The strings of T - T+, and the sign of i times each, for T that moves electrons between orbitals. */
function generator(
  to: readonly number[],
  from: readonly number[],
): readonly (Masks & { readonly sign: number })[] {
  const factors = [
    ...to.map((orbital) => ladder(orbital, true)),
    ...from.map((orbital) => ladder(orbital, false)),
  ];
  const product = factors.reduce<Phased[]>(
    (all, factor) => all.flatMap((string) => factor.map((one) => times(string, one))),
    [{ x: 0, z: 0, phase: 0 }],
  );
  // Hermitian parts cancel: what is left of a string and its adjoint has an imaginary factor.
  return product.flatMap(({ x, z, phase }) =>
    phase % 2 === 0 ? [] : [{ x, z, sign: phase === 1 ? 1 : -1 }],
  );
}

/** Ones of spin up among the orbitals of a set. */
const ups = (orbitals: readonly number[]) => orbitals.filter((orbital) => orbital % 2 === 0).length;

/**
 * Every excitation exp(t (T - T+)) of one and two electrons out of the Hartree-Fock state that keeps the spin, doubles
 * first; in it t is an angle of period 2 pi.
 */
function excitations(qubits: number, electrons: number, layers: number): Circuit {
  const [filled, empty] = [range(electrons), range(qubits - electrons).map((i) => electrons + i)];
  const pairs = (list: readonly number[]) =>
    list.flatMap((a, i) => list.slice(i + 1).map((b) => [a, b] as const));
  const keeping = (from: readonly (readonly number[])[], to: readonly (readonly number[])[]) =>
    from.flatMap((out) => to.filter((into) => ups(into) === ups(out)).map((into) => ({ out, into })));
  const ones = (list: readonly number[]) => list.map((orbital) => [orbital]);
  const moves = [...keeping(pairs(filled), pairs(empty)), ...keeping(ones(filled), ones(empty))];
  const start = filled.map((orbital): CircuitOperation => ({ gate: 'x', qubits: [orbital] }));
  const turns = range(layers).flatMap((layer) =>
    moves.flatMap(({ out, into }, number) => {
      const strings = generator(into, [...out].reverse());
      // T - T+ is 2^-m times the sum of m-letter products twice over: exp(t i s c P) is a turn by -2 t s c about P.
      const scale = 4 / 2 ** (2 * out.length);
      return strings.flatMap(({ sign, ...masks }) => {
        const angle: Angle = { parameter: layer * moves.length + number, scale: -sign * scale };
        return pauliRotation(pauliText(masks), qubits, angle);
      });
    }),
  );
  return [...start, ...turns];
}
