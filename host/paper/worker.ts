/** The program of a thread that works out values. */
import { type Refusal, refusalOf } from '../parallel/refusal.ts';
import type { Json } from '../study/cell.ts';
import { RUNNERS } from './runners/index.ts';
import type { RunnerName } from './runners/names.ts';

/** What is to be worked out. */
export interface ValueTask {
  readonly runner: RunnerName;
  readonly input: Json;
}

/** What became of it. */
export type ValueAnswer =
  | { readonly value: Json; readonly seconds: number }
  | { readonly refusal: Refusal; readonly seconds: number };

/** Called by the pool, in its thread. */
export default async function answer({ runner, input }: ValueTask): Promise<ValueAnswer> {
  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1000;
  try {
    const value = await RUNNERS[runner](input);
    return { value, seconds: seconds() };
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === undefined) throw error;
    return { refusal, seconds: seconds() };
  }
}
