/** What is measured, as data: the same numbers for every worker. */
import { HostRandom } from '../../host/data/philox.ts';
import { PAPER } from '../../host/api/options.ts';

/**
 * A task of a worker. Each is done at `theta` or at `other`:
 *
 *   evaluate    <Z> of one sample at new parameters
 *   predict     <Z> of one sample at parameters that stay (`theta` alone)
 *   loss        mean loss of the batch
 *   gradient    loss and gradient
 *   step        loss, tentative loss at theta - rate * gradient, and gradient
 *   shots-step  the same by parameter shift, every circuit measured with `shots` shots
 *   sample      <Z> of one sample from `shots` shots
 *   gate        RX(theta_q) on every qubit of an encoded sample, then <Z...Z> (`theta` alone)
 */
export type Task = 'evaluate' | 'predict' | 'loss' | 'gradient' | 'step' | 'shots-step' | 'sample' | 'gate';

/** One workload; its fields cross to the workers as they are, flat, so that a plain C program can read them. */
export interface Workload {
  readonly task: Task;
  readonly qubits: number;
  /** Layers of the paper's ansatz; 0 for `gate`. */
  readonly layers: number;
  /** The qubit whose <Z> is the model's output; the paper's is 0. */
  readonly measured: number;
  /** Samples in the batch. */
  readonly count: number;
  /** Features per sample. */
  readonly width: number;
  /** Shots per circuit; 0: exact. */
  readonly shots: number;
  /** Learning rate of the tentative step. */
  readonly rate: number;
  readonly seed: number;
  /** Radians. */
  readonly theta: readonly number[];
  /** A second set of parameters; timed calls alternate between the two. */
  readonly other: readonly number[];
  /** Sample after sample, not normalised. */
  readonly features: readonly number[];
  /** 0 or 1. */
  readonly labels: readonly number[];
}

/** Seed of all workloads. */
export const SEED = 20251122;

const QUBITS = PAPER.model.qubits;
const LAYERS = PAPER.model.layers ?? 5;

/** The paper's model on a random batch; `gate` has its layer of RX alone. */
export function makeWorkload(
  task: Task,
  {
    qubits = QUBITS,
    measured = 0,
    count = 1,
    width = 8,
  }: { qubits?: number; measured?: number; count?: number; width?: number } = {},
): Workload {
  const random = new HostRandom(SEED);
  const between = (low: number, high: number) => low + ((high - low) * random.next()) / 2 ** 32;
  const list = (length: number, draw: () => number) => Array.from({ length }, draw);
  const layers = task === 'gate' ? 0 : LAYERS;
  const parameters = task === 'gate' ? qubits : 3 * qubits * layers;
  const angle = () => between(-Math.PI, Math.PI);
  return {
    task,
    qubits,
    layers,
    measured,
    count,
    width,
    shots: task === 'sample' || task === 'shots-step' ? 1000 : 0,
    rate: PAPER.training.rate ?? 0.01,
    seed: SEED,
    theta: list(parameters, angle),
    other: list(parameters, angle),
    features: list(count * width, () => between(-0.5, 1)),
    labels: list(count, () => random.below(2)),
  };
}
