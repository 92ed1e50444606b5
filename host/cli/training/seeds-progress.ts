/** How far several trainings are together: one progress bar for all of them. */
import type { RunProgress } from '../../parallel/run.ts';
import { fixed, plural } from '../output/format.ts';
import { startProgress } from '../output/progress.ts';

/** Puts the progress of every seed together. */
export class SeedsProgress {
  readonly #latest = new Map<number, RunProgress>();
  readonly #bar;

  /** @param steps of each seed */
  constructor(seeds: number, steps: number, quiet: boolean) {
    this.#bar = startProgress(plural(seeds, 'seed'), 0, seeds * steps, quiet);
  }

  /** Seeds that are done. */
  get done(): number {
    return [...this.#latest.values()].filter(({ report, steps }) => report.step === steps).length;
  }

  readonly update = (progress: RunProgress): void => {
    const { name, seed, steps, report, aggregate } = progress;
    this.#latest.set(seed, progress);
    const latest = [...this.#latest.values()].map((each) => each.report);
    const step = latest.reduce((sum, each) => sum + each.step, 0);
    const loss = latest.reduce((sum, each) => sum + each.loss, 0) / latest.length;
    this.#bar.update({ ...report, step, loss });
    if (aggregate === undefined) return;
    this.#bar.log(`${name} step ${aggregate.step}/${steps}  aggregate loss ${fixed(aggregate.loss, 6)}`);
  };

  stop(): void {
    this.#bar.stop();
  }
}
