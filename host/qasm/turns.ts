/** Gates on one qubit as turns of a sphere, which go together without matrices. */

/** SU(2) as a unit quaternion w + x i + y j + z k, and a phase: e^(i phase) (w - i (x X + y Y + z Z)). */
export interface Turned {
  readonly phase: number;
  readonly w: number;
  readonly axis: readonly [number, number, number];
}

export const IDENTITY: Turned = { phase: 0, w: 1, axis: [0, 0, 0] };

/** What comes first is `a`. */
export function behind(a: Turned, b: Turned): Turned {
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

export const AXES = { rx: [1, 0, 0], ry: [0, 1, 0], rz: [0, 0, 1] } as const;

/** exp(-i angle/2 (axis . sigma)), times a phase. */
export function rotation(axis: readonly [number, number, number], angle: number, phase = 0): Turned {
  const [x, y, z] = axis;
  const sine = Math.sin(angle / 2);
  return { phase, w: Math.cos(angle / 2), axis: [x * sine, y * sine, z * sine] };
}

/** theta, phi and lambda of RZ(phi) RY(theta) RZ(lambda), which a turn is but for its phase; theta is 0 to pi. */
export function anglesOf({ w, axis: [x, y, z] }: Turned): readonly [number, number, number] {
  const theta = 2 * Math.atan2(Math.hypot(x, y), Math.hypot(w, z));
  const sum = 2 * Math.atan2(z, w);
  const difference = x === 0 && y === 0 ? 0 : 2 * Math.atan2(-x, y);
  return [theta, (sum + difference) / 2, (sum - difference) / 2];
}
