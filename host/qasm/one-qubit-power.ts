/** Real powers of gates on one qubit, by the eigenvalues of their matrices. */
import { constant, isConstant } from './affine.ts';
import { type Primitive, turn, unitary } from './primitives.ts';
import { anglesOf, AXES, behind, IDENTITY, rotation, type Turned } from './turns.ts';

/** What a primitive does to the one qubit; undefined if it is none on one qubit without inputs. */
function turned({ gate, qubits, angle, controls }: Primitive): Turned | undefined {
  if (!isConstant(angle) || qubits.length + controls.length > 1) return undefined;
  const root = Math.SQRT1_2;
  if (gate === 'phase') {
    if (controls.length === 0) return { ...IDENTITY, phase: angle.constant };
    const sign = controls[0]?.value === 1 ? 1 : -1;
    return rotation(AXES.rz, sign * angle.constant, angle.constant / 2);
  }
  if (gate === 'h') return rotation([root, 0, root], Math.PI, Math.PI / 2);
  if (gate === 'x' || gate === 'y') return rotation(AXES[`r${gate}`], Math.PI, Math.PI / 2);
  return gate in AXES ? rotation(AXES[gate as keyof typeof AXES], angle.constant) : undefined;
}

/** An angle that means the same, above -pi and up to pi; what is -pi but for rounding is pi. */
function principal(angle: number): number {
  const rest = angle - 2 * Math.PI * Math.round(angle / (2 * Math.PI));
  return rest < -Math.PI + 1e-12 ? rest + 2 * Math.PI : rest;
}

/**
 * The principal power of gates on one qubit: each eigenvalue e^(i a), a above -pi and up to pi, becomes e^(i a exponent).
 * @returns undefined for gates on more than one qubit, and for angles that inputs drive
 */
export function powerOnOne(list: readonly Primitive[], exponent: number): Primitive[] | undefined {
  if (list.length === 0) return [];
  const [qubit, ...others] = new Set(
    list.flatMap(({ qubits, controls }) => [...qubits, ...controls.map((each) => each.qubit)]),
  );
  const parts = list.map(turned);
  if (qubit === undefined || others.length > 0 || parts.includes(undefined)) return undefined;
  const { phase, w, axis } = (parts as Turned[]).reduce(behind, IDENTITY);
  const size = Math.hypot(...axis);
  const half = Math.atan2(size, w);
  const [first, second] = [principal(phase - half) * exponent, principal(phase + half) * exponent];
  // Without a direction any will do: both eigenvalues are the same but for rounding.
  const direction = size > 1e-14 ? axis.map((part) => part / size) : [0, 0, 1];
  const result = rotation(direction as unknown as Turned['axis'], second - first, (first + second) / 2);
  return fromTurned(result, qubit);
}

/** As U(theta, phi, lambda) and a phase. */
function fromTurned(turned: Turned, qubit: number): Primitive[] {
  const [theta, phi, lambda] = anglesOf(turned);
  // U has the phase (phi + lambda) / 2, which a rotation has not.
  return [
    turn('phase', turned.phase - (phi + lambda) / 2),
    ...unitary(constant(theta), constant(phi), constant(lambda), qubit),
  ];
}
