/** Bitstrings of a trained circuit, and the best cut among them. */
import { MAX_SHOTS } from '../../assembly/abi/codes.ts';
import { integer, snapshot } from '../core/checks.ts';
import { checkCircuit } from '../api/circuit.ts';
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
  readonly best: { readonly cut: number; readonly bits: string };
  /** The mean over all. */
  readonly mean: number;
}

/**
 * Measures all qubits of a trained circuit, with the training's readout flips and no other noise.
 * @param shots 1 to 2^20
 * @throws OptionError
 */
export function sampleCuts(stage: QaoaStage, shots: number, seed = 1): Cuts {
  integer('samples', shots, 1, MAX_SHOTS);
  const { trainer, ...of } = trained(stage, 'stage', 'qaoa');
  const graph = regraphed(of.graph, 'graph');
  const qubits = graph.nodes.length;
  const circuit = snapshot('circuit', of.circuit);
  checkCircuit(circuit, qubits, 0);
  const probabilities = flipped(
    probabilitiesOf(stateOf(circuit, qubits, trainer.parameters)),
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
