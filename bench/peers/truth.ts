/**
 * The paper's model once more, slow and obvious: what the workers' answers are held against. Exact values for
 * exact tasks; means and standard deviations for tasks with shots.
 */
import { gatesOf, statesOf } from './circuit.ts';
import type { Workload } from './workload.ts';

/** Amplitudes re, im, re, im, ... */
function amplitudes(state: readonly number[]): Float64Array {
  const result = new Float64Array(2 * state.length);
  state.forEach((value, k) => (result[2 * k] = value));
  return result;
}

/** Entries of a 2 x 2 matrix, row by row, each its real and imaginary part. */
type Matrix = readonly [number, number, number, number, number, number, number, number];

/** Multiplies one qubit by a matrix. */
function applyMatrix(psi: Float64Array, bit: number, m: Matrix): void {
  for (let k = 0; 2 * k < psi.length; k++) {
    if (k & bit) continue;
    const i = 2 * k;
    const j = 2 * (k | bit);
    const a = psi[i];
    const b = psi[i + 1];
    const c = psi[j];
    const d = psi[j + 1];
    psi[i] = m[0] * a - m[1] * b + m[2] * c - m[3] * d;
    psi[i + 1] = m[0] * b + m[1] * a + m[2] * d + m[3] * c;
    psi[j] = m[4] * a - m[5] * b + m[6] * c - m[7] * d;
    psi[j + 1] = m[4] * b + m[5] * a + m[6] * d + m[7] * c;
  }
}

function rotation(axis: 'rx' | 'ry' | 'rz', angle: number): Matrix {
  const c = Math.cos(angle / 2);
  const s = Math.sin(angle / 2);
  if (axis === 'rx') return [c, 0, 0, -s, 0, -s, c, 0];
  if (axis === 'ry') return [c, 0, -s, 0, s, 0, c, 0];
  return [c, -s, 0, 0, 0, 0, c, s];
}

function applyCnot(psi: Float64Array, control: number, target: number): void {
  for (let k = 0; 2 * k < psi.length; k++) {
    if (!(k & control) || k & target) continue;
    for (const part of [0, 1]) {
      const i = 2 * k + part;
      const j = 2 * (k | target) + part;
      const kept = psi[i];
      psi[i] = psi[j];
      psi[j] = kept;
    }
  }
}

/** Whether an odd number of bits is set. */
function oddBits(bits: number): boolean {
  let odd = false;
  for (let left = bits; left !== 0; left &= left - 1) odd = !odd;
  return odd;
}

/** <Z> of the measured qubit, or <Z...Z> behind a layer of RX, of every sample. */
function expectations(workload: Workload, theta: readonly number[]): readonly number[] {
  const { task, qubits, measured } = workload;
  const bit = (qubit: number) => 1 << (qubits - 1 - qubit);
  const gates = gatesOf(workload);
  const mask = task === 'gate' ? 2 ** qubits - 1 : bit(measured);
  return statesOf(workload).map((state) => {
    const psi = amplitudes(state);
    for (const gate of gates) {
      if (gate.name === 'cnot') applyCnot(psi, bit(gate.control), bit(gate.target));
      else applyMatrix(psi, bit(gate.qubit), rotation(gate.name, theta[gate.parameter]));
    }
    return psi.reduce((sum, x, i) => sum + (oddBits((i >> 1) & mask) ? -x * x : x * x), 0);
  });
}

/** The number a task should give, and its standard deviation from shots: 0 when exact. */
export interface Expected {
  readonly mean: number;
  readonly deviation: number;
}

const targetsOf = ({ labels }: Workload) => labels.map((label) => 2 * label - 1);
const exactly = (mean: number): Expected => ({ mean, deviation: 0 });
const average = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * The mean square error of measured values: shots add (1 - f^2)/M to its mean. With M shots the error of f is
 * close to normal, of variance v = (1 - f^2)/M, so (f - y)^2 has variance 4 (f - y)^2 v + 2 v^2.
 */
function expectedLoss(workload: Workload, values: readonly number[]): Expected {
  const targets = targetsOf(workload);
  const variance = values.map((f) => (workload.shots > 0 ? (1 - f * f) / workload.shots : 0));
  const mean = average(values.map((f, i) => (f - targets[i]) ** 2 + variance[i]));
  const square = average(
    values.map((f, i) => 4 * (f - targets[i]) ** 2 * variance[i] + 2 * variance[i] ** 2),
  );
  return { mean, deviation: Math.sqrt(square / values.length) };
}

/** The gradient by the shift rule; the mean over samples of 2 (f - y) (f+ - f-)/2, all three measured. */
function expectedGradient(workload: Workload, theta: readonly number[]): readonly Expected[] {
  const { shots, count } = workload;
  const targets = targetsOf(workload);
  const values = expectations(workload, theta);
  const noise = (f: number) => (shots > 0 ? (1 - f * f) / shots : 0);
  return theta.map((_, p) => {
    const [plus, minus] = [Math.PI / 2, -Math.PI / 2].map((shift) =>
      expectations(
        workload,
        theta.map((angle, i) => (i === p ? angle + shift : angle)),
      ),
    );
    const slopes = values.map((f, i) => 2 * (f - targets[i]));
    const mean = average(values.map((_, i) => (slopes[i] * (plus[i] - minus[i])) / 2));
    const square = average(
      values.map((f, i) => {
        const shifted = (noise(plus[i]) + noise(minus[i])) / 4;
        const half = (plus[i] - minus[i]) / 2;
        return (slopes[i] ** 2 + 4 * noise(f)) * shifted + 4 * noise(f) * half ** 2;
      }),
    );
    return { mean, deviation: Math.sqrt(square / count) };
  });
}

/** What a worker should answer at one set of parameters; `answer` is what it did, from which a step went on. */
function expectedAt(
  workload: Workload,
  theta: readonly number[],
  answer: readonly number[],
): readonly Expected[] {
  const { task, shots, rate } = workload;
  const values = () => expectations(workload, theta);
  switch (task) {
    case 'evaluate':
    case 'predict':
    case 'gate':
      return values().map(exactly);
    case 'sample':
      return values().map((f) => ({ mean: f, deviation: Math.sqrt((1 - f * f) / shots) }));
    case 'loss':
      return [expectedLoss(workload, values())];
    case 'gradient':
      return [expectedLoss(workload, values()), ...expectedGradient(workload, theta)];
    case 'step':
    case 'shots-step': {
      const gradient = answer.slice(2);
      const moved = theta.map((angle, p) => angle - rate * gradient[p]);
      const tentative = expectedLoss(workload, expectations(workload, moved));
      return [expectedLoss(workload, values()), tentative, ...expectedGradient(workload, theta)];
    }
  }
}

/** What a worker should answer: the numbers at `theta`, then those at `other`. */
export function expectedAnswer(workload: Workload, answer: readonly number[]): readonly Expected[] {
  const { theta, other, task } = workload;
  const stays = task === 'predict' || task === 'gate';
  const half = answer.length / 2;
  return [
    ...expectedAt(workload, theta, answer.slice(0, half)),
    ...expectedAt(workload, stays ? theta : other, answer.slice(half)),
  ];
}
