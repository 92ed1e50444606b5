/** How far a comparison is: one bar for all trainings, and the time left. */
import { SingleBar } from 'cli-progress';
import type { CellProgress } from '../../study/run-cells.ts';

/** Parts of a second that the bar counts in. */
const PARTS = 100;

/** Puts the progress of all cells together, each weighed by the time that it should take. */
export class CellsProgress {
  readonly #bar: SingleBar | undefined;
  readonly #shares: Float64Array;
  #behind = 0;
  #done = 0;

  /**
   * @param title what is going on
   * @param seconds that each cell should take
   * @param known cells that are finished already
   */
  constructor(
    title: string,
    readonly seconds: readonly number[],
    quiet: boolean,
  ) {
    this.#shares = new Float64Array(seconds.length);
    if (quiet || !process.stderr.isTTY) return;
    this.#bar = new SingleBar({
      format: `${title} {bar} {done}/${seconds.length} trainings  {eta_formatted} left`,
      barCompleteChar: '=',
      barIncompleteChar: ' ',
      barsize: 30,
      stream: process.stderr,
      // Signals are the run's business; a hidden cursor would stay hidden after one.
      gracefulExit: false,
      hideCursor: false,
      clearOnComplete: true,
      linewrap: true,
      etaBuffer: 200,
    });
    const total = seconds.reduce((sum, each) => sum + each, 0);
    this.#bar.start(Math.max(1, Math.round(PARTS * total)), 0, { done: 0 });
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
    this.#bar?.update(Math.round(PARTS * this.#behind), { done: this.#done });
  };

  stop(): void {
    this.#bar?.stop();
  }
}
