/** How far a comparison is: one bar for all trainings, and the time left. */
import type { CellProgress } from '../../study/run-cells.ts';
import { type Bar, startBar } from '../output/bar.ts';
import { count, plural } from '../output/format.ts';
import { plain } from '../output/plain.ts';

/**
 * What is said of a study that was stopped.
 * @param noun what is counted
 * @param out where it is kept, if anywhere
 */
export function interruptedAfter(done: number, noun: string, out: string | undefined): string {
  const again = out === undefined ? 'nothing was written' : 'the same command goes on';
  if (done === 0) return `interrupted before a ${noun} of this part was done; ${again}`;
  const where = out === undefined ? '' : `${done === 1 ? 'it is' : 'they are'} in ${plain(out)}, and `;
  return `interrupted; ${plural(done, noun)} of this part done: ${where}${again}`;
}

/** Puts the progress of all cells together, each weighed by the time that it should take. */
export class CellsProgress {
  readonly #bar: Bar;
  readonly #shares: Float64Array;
  #behind = 0;
  #done = 0;

  /**
   * @param title what is going on
   * @param seconds that each cell should take
   */
  constructor(
    title: string,
    readonly seconds: readonly number[],
    quiet: boolean,
  ) {
    this.#shares = new Float64Array(seconds.length);
    const total = seconds.reduce((sum, each) => sum + each, 0);
    this.#bar = startBar({ title, total, words: this.#words }, quiet);
  }

  get #words(): string {
    return `${count(this.#done)} of ${plural(this.seconds.length, 'training')}`;
  }

  /** Trainings that are finished. */
  get done(): number {
    return this.#done;
  }

  readonly update = ({
    index,
    step,
    steps,
    outcome,
  }: Pick<CellProgress, 'index' | 'step' | 'steps'> & { readonly outcome?: unknown }): void => {
    const share = this.seconds[index] * (step / steps);
    this.#behind += share - this.#shares[index];
    this.#shares[index] = share;
    if (outcome !== undefined) this.#done++;
    this.#bar.update(this.#behind, this.#words);
  };

  stop(): void {
    this.#bar.stop();
  }
}
