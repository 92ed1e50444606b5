/**
 * The loss of one sample from its scores, as assembly/loss/loss.ts has it: for weighted models in the module that only
 * predicts, which knows of no weights. Exponentials and logarithms are the JavaScript engine's here, not the core's, so
 * that engines may differ in the last bit.
 */
import { sumOf } from '../data/sums.ts';
import type { ResolvedModel } from './options.ts';

/** As in the core: keeps log p finite when all shots agree. */
const SMOOTHING = 1 / 128;

/** Loss of a single output z against y = -1 or +1. */
function binaryLoss(z: number, y: number, { loss, logits }: Pick<ResolvedModel, 'loss' | 'logits'>): number {
  const margin = y * z;
  if (loss === 'mse') return (z - y) ** 2;
  if (loss === 'energy') return z;
  if (loss === 'hinge') return Math.max(0, 1 - margin);
  if (logits === 0) return -Math.log((1 + (1 - SMOOTHING) * margin) / 2);
  return Math.max(0, -margin) + Math.log1p(Math.exp(-Math.abs(margin)));
}

/** Loss of one sample. @param scores as many as the model puts out; one is compared with -1 or +1 */
export function lossOf(
  scores: ArrayLike<number>,
  label: number,
  model: Pick<ResolvedModel, 'loss' | 'logits'>,
): number {
  if (scores.length === 1) return binaryLoss(scores[0] as number, label === 0 ? -1 : 1, model);
  const logits = Array.from(scores);
  const top = logits.reduce((most, z) => Math.max(most, z), Number.NEGATIVE_INFINITY);
  const sum = sumOf(logits.map((z) => Math.exp(z - top)));
  return Math.log(sum) - ((logits[label] as number) - top);
}
