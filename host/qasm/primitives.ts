/**
 * What gates are made of, phases included, so that a control on any of them is exact: global phases, rotations about the
 * axes of one qubit and of two, and X, Y, H, SWAP, each under any number of controls.
 */
import { add, type Affine, constant, isConstant, scaled } from './affine.ts';

/** A qubit that has to be in a state for something to happen. */
export interface Control {
  readonly qubit: number;
  readonly value: 0 | 1;
}

/** Those with an angle: e^(i angle) for `phase`, exp(-i angle/2 P) for the others. */
export type RotationName = 'phase' | 'rx' | 'ry' | 'rz' | 'rxx' | 'ryy' | 'rzz';

/** Those without; each is its own inverse. */
export type FlipName = 'x' | 'y' | 'h' | 'swap';

/** One of them, on some qubits. */
export interface Primitive {
  readonly gate: RotationName | FlipName;
  readonly qubits: readonly number[];
  /** 0 of those that have none. */
  readonly angle: Affine;
  readonly controls: readonly Control[];
  /** Undone by another behind it when nothing happens in between, so that a control may leave both as they are. */
  readonly frame: boolean;
}

const NONE = constant(0);

/** A rotation. */
export const turn = (gate: RotationName, angle: Affine | number, ...qubits: number[]): Primitive => ({
  gate,
  qubits,
  angle: typeof angle === 'number' ? constant(angle) : angle,
  controls: [],
  frame: false,
});

/** A primitive without an angle. */
export const flip = (gate: FlipName, ...qubits: number[]): Primitive => ({
  gate,
  qubits,
  angle: NONE,
  controls: [],
  frame: false,
});

/** diag(1, e^(i angle)): a phase under the control of the qubit that it is on. */
export const phaseOn = (angle: Affine | number, ...qubits: number[]): Primitive => ({
  ...turn('phase', angle),
  controls: qubits.map((qubit) => ({ qubit, value: 1 })),
});

/** What undoes primitives: the inverse of each, last first. */
export const inverted = (list: readonly Primitive[]): Primitive[] =>
  list.map((each) => ({ ...each, angle: scaled(each.angle, -1) })).reverse();

/** What happens in another frame: into it, and back out of it. */
export function framed(into: readonly Primitive[], inside: readonly Primitive[]): Primitive[] {
  const marked = into.map((each) => ({ ...each, frame: true }));
  return [...marked, ...inside, ...inverted(marked)];
}

/** The same under further controls. */
export const controlled = (list: readonly Primitive[], controls: readonly Control[]): Primitive[] =>
  list.map((each) => (each.frame ? each : { ...each, controls: [...controls, ...each.controls] }));

/** X, Y, H and SWAP as a phase of pi in another frame, with the controls that they have. */
export function asPhase({ gate, qubits, controls }: Primitive): Primitive[] {
  const [a, b] = qubits as [number, number];
  const quarter = Math.PI / 4;
  const flipped = (on: number, ...more: Control[]): Primitive[] =>
    framed(
      [flip('h', on)],
      [{ ...phaseOn(Math.PI, on), controls: [...controls, ...more, { qubit: on, value: 1 }] }],
    );
  if (gate === 'x') return flipped(a);
  // Y = S X S*, H = RY(pi/4) Z RY(-pi/4), and SWAP is a CNOT between two others.
  if (gate === 'y') return framed([phaseOn(-Math.PI / 2, a)], flipped(a));
  if (gate === 'swap')
    return framed(
      [{ ...flip('x', a), controls: [{ qubit: b, value: 1 }] }],
      flipped(b, { qubit: a, value: 1 }),
    );
  return framed(
    [turn('ry', -quarter, a)],
    [{ ...phaseOn(Math.PI, a), controls: [...controls, { qubit: a, value: 1 }] }],
  );
}

const FLIPS: readonly string[] = ['x', 'y', 'h', 'swap'] satisfies FlipName[];

/** Whether a primitive has no angle. */
export const isFlip = ({ gate }: Primitive): boolean => FLIPS.includes(gate);

/** An angle by which `turn` means the same, within half a turn of 0, half a turn itself included. */
export function within(angle: number, turn: number): number {
  const rest = angle - turn * Math.round(angle / turn);
  return rest <= -turn / 2 ? rest + turn : rest;
}

/** What a phase or a rotation to the power of a real number is, by the principal values of its eigenvalues. */
function realPower(one: Primitive, exponent: number): Primitive {
  if (!isConstant(one.angle)) return { ...one, angle: scaled(one.angle, exponent) };
  const { constant: angle } = one.angle;
  if (one.gate === 'phase') return { ...one, angle: constant(within(angle, 2 * Math.PI) * exponent) };
  const principal = within(angle, 4 * Math.PI);
  // Half a turn too far is -1, whose eigenvalues are one and the same.
  if (principal === 2 * Math.PI) return { ...turn('phase', Math.PI * exponent), controls: one.controls };
  return { ...one, angle: constant(principal * exponent) };
}

/**
 * A power of what there is one of, apart from the frames around it; undefined if there are more.
 * @param exponent a whole number or any other; whole powers of angles that inputs drive are exact, others take the angle for
 * what is less than half a turn
 */
export function powerOfOne(list: readonly Primitive[], exponent: number): Primitive[] | undefined {
  const inner = list.filter(({ frame }) => !frame);
  const [one] = inner as [Primitive];
  if (inner.length !== 1) return undefined;
  if (isFlip(one) && Number.isInteger(exponent)) return exponent % 2 === 0 ? [] : [...list];
  return list.flatMap((each) => {
    if (each.frame) return [each];
    if (isFlip(each))
      return asPhase(each).map((part) =>
        part.frame ? part : { ...part, angle: scaled(part.angle, exponent) },
      );
    return [
      Number.isInteger(exponent)
        ? { ...each, angle: scaled(each.angle, exponent) }
        : realPower(each, exponent),
    ];
  });
}

/** e^(i (phi + lambda) / 2) RZ(phi) RY(theta) RZ(lambda), the U of OpenQASM: its first element is cos(theta / 2). */
export function unitary(theta: Affine, phi: Affine, lambda: Affine, qubit: number): Primitive[] {
  return [
    turn('phase', scaled(add(phi, lambda), 0.5)),
    turn('rz', lambda, qubit),
    turn('ry', theta, qubit),
    turn('rz', phi, qubit),
  ];
}
