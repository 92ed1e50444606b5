/** Whether an answer is right. Nothing is timed before it is. */
import { type Expected, expectedAnswer } from './truth.ts';
import type { Workload } from './workload.ts';

/** Standard deviations within which a sampled number must lie. */
const SIGMAS = 5;
/** Beyond these the slow model would take minutes; the two workers are then held against each other alone. */
const MOST_QUBITS = 6;
const MOST_SAMPLES = 32;

const known = new Map<Workload, readonly Expected[]>();

function affordable({ task, qubits, count }: Workload): boolean {
  const differentiates = task === 'gradient' || task === 'step';
  return task === 'gate' || (qubits <= MOST_QUBITS && (count <= MOST_SAMPLES || !differentiates));
}

/** The exact answer is the same for everybody. */
function exactAnswer(workload: Workload, answer: readonly number[]): readonly Expected[] {
  const found = known.get(workload) ?? expectedAnswer(workload, answer);
  known.set(workload, found);
  return found;
}

/** Largest deviation, in units of what is allowed. */
function worst(answer: readonly number[], expected: readonly Expected[], tolerance: number): number {
  if (answer.length !== expected.length) return Number.POSITIVE_INFINITY;
  return expected.reduce((most, { mean, deviation }, i) => {
    const off = Math.abs(answer[i] - mean) / (SIGMAS * deviation + tolerance);
    // Not-a-number is wrong.
    return off <= most ? most : Number.isNaN(off) ? Number.POSITIVE_INFINITY : off;
  }, 0);
}

/**
 * What is wrong with an answer, or undefined.
 * @param ours this project's answer to the same workload
 * @param tolerance of exact numbers
 */
export function wrongWith(
  workload: Workload,
  answer: readonly number[],
  ours: readonly number[],
  tolerance: number,
): string | undefined {
  if (workload.shots > 0) {
    const off = worst(answer, expectedAnswer(workload, answer), tolerance);
    return off <= 1 ? undefined : `off by ${(SIGMAS * off).toFixed(1)} standard deviations`;
  }
  const expected: readonly Expected[] = affordable(workload)
    ? exactAnswer(workload, ours)
    : ours.map((mean) => ({ mean, deviation: 0 }));
  const off = worst(answer, expected, tolerance);
  return off <= 1 ? undefined : `off by ${(tolerance * off).toExponential(1)}, allowed ${tolerance}`;
}
