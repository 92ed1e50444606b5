/** Real powers of gates on one qubit, by the eigenvalues of their matrices. */
import { constant, isConstant } from './affine.ts';
import { type Primitive, turn, unitary } from './primitives.ts';

/** SU(2) as a unit quaternion w + x i + y j + z k, and a phase: e^(i phase) (w - i (x X + y Y + z Z)). */
interface Turned {
  readonly phase: number;
  readonly w: number;
  readonly axis: readonly [number, number, number];
}

const IDENTITY: Turned = { phase: 0, w: 1, axis: [0, 0, 0] };

/** What comes first is `a`. */
function behind(a: Turned, b: Turned): Turned {
  const [ax, ay, az] = a.axis;
  const [bx, by, bz] = b.axis;
  return {
    phase: a.phase + b.phase,
    w: b.w * a.w - (bx * ax + by * ay + bz * az),
    axis: [
      b.w * ax + a.w * bx + by * az - bz * ay,
      b.w * ay + a.w * by + bz * ax - bx * az,
      b.w * az + a.w * bz + bx * ay - by * ax,
    ],
  };
}

const AXES = { rx: [1, 0, 0], ry: [0, 1, 0], rz: [0, 0, 1] } as const;

/** exp(-i angle/2 (axis . sigma)), times a phase. */
function rotation(axis: readonly [number, number, number], angle: number, phase = 0): Turned {
  const [x, y, z] = axis;
  const sine = Math.sin(angle / 2);
  return { phase, w: Math.cos(angle / 2), axis: [x * sine, y * sine, z * sine] };
}

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
function fromTurned({ phase, w, axis: [x, y, z] }: Turned, qubit: number): Primitive[] {
  const theta = 2 * Math.atan2(Math.hypot(x, y), Math.hypot(w, z));
  const sum = 2 * Math.atan2(z, w);
  const difference = x === 0 && y === 0 ? 0 : 2 * Math.atan2(-x, y);
  const [phi, lambda] = [(sum + difference) / 2, (sum - difference) / 2];
  // U has the phase (phi + lambda) / 2, which a rotation has not.
  return [
    turn('phase', phase - (phi + lambda) / 2),
    ...unitary(constant(theta), constant(phi), constant(lambda), qubit),
  ];
}
