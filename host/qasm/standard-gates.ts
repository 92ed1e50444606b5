/** The gates of qelib1.inc and stdgates.inc, and those that Qiskit writes beside them, with the matrices that they have there. */
import { type Affine, constant, scaled } from './affine.ts';
import {
  type Control,
  controlled,
  flip,
  framed,
  phaseOn,
  type Primitive,
  turn,
  unitary,
} from './primitives.ts';

/** A gate that comes with the language. */
export interface StandardGate {
  readonly angles: number;
  readonly qubits: number;
  readonly make: (angles: readonly Affine[], qubits: readonly number[]) => Primitive[];
}

/** What a gate is made of, by its angles and by its qubits, of which there are four at most. */
type Make = (angles: Angles, a: number, b: number, c: number, d: number) => Primitive[];
type Angles = readonly [Affine, Affine, Affine, Affine];

const gate = (angles: number, qubits: number, make: Make): StandardGate => ({
  angles,
  qubits,
  make: (values, on) => make(values as Angles, ...(on as [number, number, number, number])),
});

/** The same with the first qubits for controls. */
const under = (controls: number, { angles, qubits, make }: StandardGate): StandardGate => ({
  angles,
  qubits: qubits + controls,
  make: (values, on) => {
    const states = on.slice(0, controls).map((qubit): Control => ({ qubit, value: 1 }));
    return controlled(make(values, on.slice(controls)), states);
  },
});

const PI = Math.PI;
const X = gate(0, 1, (_, a) => [flip('x', a)]);
const Y = gate(0, 1, (_, a) => [flip('y', a)]);
const H = gate(0, 1, (_, a) => [flip('h', a)]);
const SWAP = gate(0, 2, (_, a, b) => [flip('swap', a, b)]);
const phase = (angle: number) => gate(0, 1, (_, a) => [phaseOn(angle, a)]);
const P = gate(1, 1, ([angle], a) => [phaseOn(angle, a)]);
const U = gate(3, 1, ([theta, phi, lambda], a) => unitary(theta, phi, lambda, a));
const U2 = gate(2, 1, ([phi, lambda], a) => unitary(constant(PI / 2), phi, lambda, a));
const rotation = (name: 'rx' | 'ry' | 'rz') => gate(1, 1, ([angle], a) => [turn(name, angle, a)]);
const pair = (name: 'rxx' | 'ryy' | 'rzz') => gate(1, 2, ([angle], a, b) => [turn(name, angle, a, b)]);
const [RX, RY, RZ] = [rotation('rx'), rotation('ry'), rotation('rz')];
const rootOfX = (sign: number) =>
  gate(0, 1, (_, a) => [turn('phase', (sign * PI) / 4), turn('rx', (sign * PI) / 2, a)]);
const [SX, SXDG] = [rootOfX(1), rootOfX(-1)];
const [Z, S, SDG] = [phase(PI), phase(PI / 2), phase(-PI / 2)];

/** exp(-i angle/2 Z x X): a ZZ rotation, with the second qubit in the frame of X. */
const zx = (angle: Affine | number, a: number, b: number) =>
  framed([flip('h', b)], [turn('rzz', angle, a, b)]);

/** X with some controls, the last of the qubits for its target. */
const flipUnder = (...qubits: number[]): Primitive => ({
  ...flip('x', qubits.at(-1) as number),
  controls: qubits.slice(0, -1).map((qubit) => ({ qubit, value: 1 })),
});

/** exp(-i angle/4 (XX + sign YY)), between two turns by beta of one of the qubits. */
const exchange = (sign: 1 | -1) =>
  gate(2, 2, ([angle, beta], a, b) => {
    const half = scaled(angle, 0.5);
    const into = turn('rz', scaled(beta, sign), sign === 1 ? a : b);
    return framed([into], [turn('rxx', half, a, b), turn('ryy', scaled(half, sign), a, b)]);
  });

/** T, or its inverse, on one qubit after each of some CNOTs: how gates are made that are others but for phases. */
const stairs = (target: number, controls: readonly number[]): Primitive[] =>
  controls.flatMap((control, i) => [
    flipUnder(control, target),
    phaseOn(((i % 2 === 0 ? -1 : 1) * PI) / 4, target),
  ]);

/** A Toffoli gate but for the phases of some basis states (Maslov, arXiv:1508.03273). */
const RCCX = gate(0, 3, (_, a, b, c) => {
  return [flip('h', c), phaseOn(PI / 4, c), ...stairs(c, [b, a, b]), flip('h', c)];
});

/** The same with three controls. */
const RC3X = gate(0, 4, (_, a, b, c, d) => {
  const outer = [flip('h', d), phaseOn(PI / 4, d), ...stairs(d, [c]), flip('h', d)];
  // Between the two halves the sign of the first step is the other one.
  const inner = [a, b, a, b].flatMap((control, i) => [
    flipUnder(control, d),
    phaseOn(((i % 2 === 0 ? 1 : -1) * PI) / 4, d),
  ]);
  return [...outer, ...inner, ...outer];
});

/** Names by what they mean. */
const GATES: readonly (readonly [names: string, gate: StandardGate])[] = [
  ['id', gate(0, 1, () => [])],
  // Of idling there is nothing to simulate.
  ['u0 delay', gate(1, 1, () => [])],
  ['x', X],
  ['y', Y],
  ['z', Z],
  ['h', H],
  ['s', S],
  ['sdg', SDG],
  ['t', phase(PI / 4)],
  ['tdg', phase(-PI / 4)],
  ['sx', SX],
  ['sxdg', SXDG],
  ['p u1 phase', P],
  ['u u3 U', U],
  ['u2', U2],
  ['rx', RX],
  ['ry', RY],
  ['rz', RZ],
  ['r', gate(2, 1, ([angle, phi], a) => framed([turn('rz', scaled(phi, -1), a)], [turn('rx', angle, a)]))],
  ['cx CX cnot', under(1, X)],
  ['cy', under(1, Y)],
  ['cz', under(1, Z)],
  ['ch', under(1, H)],
  ['cs', under(1, S)],
  ['csdg', under(1, SDG)],
  ['csx', under(1, SX)],
  ['cp cu1 cphase', under(1, P)],
  ['crx', under(1, RX)],
  ['cry', under(1, RY)],
  ['crz', under(1, RZ)],
  ['cu3', under(1, U)],
  [
    'cu',
    gate(4, 2, ([theta, phi, lambda, gamma], a, b) => [
      phaseOn(gamma, a),
      ...under(1, U).make([theta, phi, lambda] as Affine[], [a, b]),
    ]),
  ],
  ['swap', SWAP],
  ['iswap', gate(0, 2, (_, a, b) => [turn('rxx', -PI / 2, a, b), turn('ryy', -PI / 2, a, b)])],
  ['dcx', gate(0, 2, (_, a, b) => [flipUnder(a, b), flipUnder(b, a)])],
  ['ecr', gate(0, 2, (_, a, b) => [...zx(PI / 4, a, b), flip('x', a), ...zx(-PI / 4, a, b)])],
  ['rxx', pair('rxx')],
  ['ryy', pair('ryy')],
  ['rzz', pair('rzz')],
  ['rzx', gate(1, 2, ([angle], a, b) => zx(angle, a, b))],
  ['xx_plus_yy', exchange(1)],
  ['xx_minus_yy', exchange(-1)],
  ['ccx', under(2, X)],
  ['ccz', under(2, Z)],
  ['cswap', under(1, SWAP)],
  ['rccx', RCCX],
  ['c3x', under(3, X)],
  ['c3sqrtx', under(3, SX)],
  ['rc3x rcccx', RC3X],
  ['c4x', under(4, X)],
];

/** All of them by name. */
export const STANDARD_GATES: ReadonlyMap<string, StandardGate> = new Map(
  GATES.flatMap(([names, each]) => names.split(' ').map((name) => [name, each] as const)),
);

/** Those that need no include, by version. */
export const BUILT_IN: Readonly<Record<2 | 3, readonly string[]>> = { 2: ['U', 'CX'], 3: ['U'] };

/** What a global phase is, whose only name is `gphase`. */
export const globalPhase = (angle: Affine): Primitive[] => [turn('phase', angle)];
