/** Bitstrings of a trained circuit, and the best cut among them. */
import { MAX_SHOTS } from '../../assembly/abi/codes.ts';
import { contradiction, integer, looking, refuse, snapshot } from '../core/checks.ts';
import { checkCircuit } from '../api/circuit.ts';
import { prepareCircuit } from '../api/direct.ts';
import { draw } from '../api/outcomes.ts';
import { cutOf, regraphed } from './graph.ts';
import { trained } from './measure.ts';
import type { QaoaStage } from './qaoa.ts';
import { probabilitiesOf, stateOf } from './state.ts';

/** What measuring all qubits gave. */
export interface Cuts {
  /** How often each bitstring came that came at all, node 0 first; the most frequent first. */
  readonly counts: ReadonlyMap<string, number>;
  /** The largest cut among them, the most frequent of several. */
  readonly best: {
    /** Weight of the edges that it cuts. */
    readonly cut: number;
    /** The side of each node, 0 or 1, node 0 first. */
    readonly bits: string;
  };
  /** The mean cut over all shots. */
  readonly mean: number;
}

/** Most qubits of a circuit with noise: the probabilities of all outcomes are made of 4^n numbers, again and again. */
export const MAX_NOISY = 10;

/**
 * The probabilities of all bitstrings of a trained circuit with the noise of its training, for `sampleCuts`.
 * @throws OptionError for more than 10 qubits
 */
export async function noisyProbabilities(stage: QaoaStage): Promise<Float64Array> {
  const { trainer, ...of } = trained(stage, 'stage', 'qaoa');
  const qubits = regraphed(of.graph, 'graph').nodes.length;
  if (qubits > MAX_NOISY)
    contradiction(
      `bitstrings with noise are of ${MAX_NOISY} nodes at most, and the graph has ${qubits}`,
      'noise',
    );
  const prepared = await prepareCircuit(of.circuit, { qubits, noise: trainer.training.noise });
  // Node 0 is the lowest bit.
  const measured = Array.from({ length: qubits }, (_, i) => qubits - 1 - i);
  return prepared.probabilities(trainer.parameters, [], { measured });
}

/**
 * Measures all qubits of a trained circuit, with the training's readout flips and no other noise.
 * @param shots 1 to 2^20
 * @param given `noisyProbabilities`, for the noise of the training too
 * @throws OptionError
 */
export function sampleCuts(stage: QaoaStage, shots: number, seed = 1, given?: Float64Array): Cuts {
  integer('samples', shots, 1, MAX_SHOTS);
  const { trainer, ...of } = trained(stage, 'stage', 'qaoa');
  const graph = regraphed(of.graph, 'graph');
  const qubits = graph.nodes.length;
  const circuit = snapshot('circuit', of.circuit);
  checkCircuit(circuit, qubits, 0);
  const probabilities = flipped(
    given === undefined
      ? probabilitiesOf(stateOf(circuit, qubits, trainer.parameters))
      : checkedProbabilities(given, 2 ** qubits),
    trainer.training.readoutError,
  );
  const tally = new Map<number, number>();
  for (const bits of draw(probabilities, shots, seed).outcomes) tally.set(bits, (tally.get(bits) ?? 0) + 1);
  const sorted = [...tally].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
  const textOf = (bits: number) => [...bits.toString(2).padStart(qubits, '0')].reverse().join('');
  let [best, sum] = [{ cut: Number.NEGATIVE_INFINITY, bits: '' }, 0];
  for (const [bits, count] of sorted) {
    const cut = cutOf(graph, bits);
    sum += count * cut;
    if (cut > best.cut) best = { cut, bits: textOf(bits) };
  }
  const counts = new Map(sorted.map(([bits, count]) => [textOf(bits), count]));
  return { counts, best, mean: sum / shots };
}

/** A copy of probabilities, if they are so many. @throws OptionError */
function checkedProbabilities(given: Float64Array, count: number): Float64Array {
  const isOne = () =>
    given instanceof Float64Array && given.length === count && given.every((each) => each >= 0 && each <= 1);
  return looking('probabilities', given, isOne)
    ? Float64Array.from(given)
    : refuse('probabilities', given, `a Float64Array of ${count} probabilities`);
}

/** Probabilities with each bit flipped by a chance. */
function flipped(chances: Float64Array, error: number): Float64Array {
  if (error === 0) return chances;
  for (let bit = 1; bit < chances.length; bit <<= 1) {
    for (let b = 0; b < chances.length; b++) {
      if ((b & bit) !== 0) continue;
      const flow = error * (chances[b] - chances[b | bit]);
      chances[b] -= flow;
      chances[b | bit] += flow;
    }
  }
  return chances;
}
