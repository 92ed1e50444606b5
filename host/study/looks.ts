/** When a training is looked at, and what the looks say of all of it. */
import type { Curve } from './result.ts';

/**
 * The steps to look behind, in order: half of the looks evenly spread, half by equal factors, for most happens in the
 * beginning. The last step is always among them; of a short training they are fewer.
 */
export function looksAt(steps: number, looks: number): number[] {
  const even = Math.ceil(looks / 2);
  const found = new Set([steps]);
  for (let i = 1; i <= even; i++) found.add(Math.max(1, Math.round((steps * i) / even)));
  for (let i = 1; i <= looks - even; i++) found.add(Math.max(1, Math.round(steps ** (i / (looks - even)))));
  return [...found].sort((a, b) => a - b);
}

/** What a training is charged by: shots, or where it takes none the circuits that were run. */
export function spentOf({ shots, evaluations }: Pick<Curve, 'shots' | 'evaluations'>): readonly number[] {
  return (shots.at(-1) ?? 0) > 0 ? shots : evaluations;
}

/**
 * The mean of a loss over what was spent, by trapezia between the looks. Behind the last one it stays.
 * @param spent at each look, from 0
 * @param end of what might have been spent, if that is more
 */
export function meanOver(spent: readonly number[], loss: readonly number[], end = 0): number {
  const last = spent.length - 1;
  const whole = Math.max(end, spent[last]);
  if (whole === 0) return loss[last];
  let area = (whole - spent[last]) * loss[last];
  for (let i = 1; i <= last; i++) area += ((spent[i] - spent[i - 1]) * (loss[i] + loss[i - 1])) / 2;
  return area / whole;
}

/** What had been spent when a loss first was so low, on the line between two looks; null where it never was. */
export function spentUntil(spent: readonly number[], loss: readonly number[], level: number): number | null {
  const at = loss.findIndex((value) => value <= level);
  if (at <= 0) return at < 0 ? null : spent[0];
  const share = (loss[at - 1] - level) / (loss[at - 1] - loss[at]);
  return spent[at - 1] + share * (spent[at] - spent[at - 1]);
}
