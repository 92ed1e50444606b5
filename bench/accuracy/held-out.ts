/** The test rows, closed until a configuration has been chosen. */
import type { Dataset } from '../../host/data/dataset.ts';
import { type Choice, isMade } from './choose.ts';

/** Test rows that nobody can read before there is a choice. */
export class HeldOut {
  readonly #load: () => Promise<Dataset>;
  #rows: Promise<Dataset> | undefined;

  /** @param load reads or makes the rows; not called before `open` */
  constructor(load: () => Promise<Dataset>) {
    this.#load = load;
  }

  /** The rows. @param choice by cross-validation on the training rows @throws Error where none has been made */
  async open(choice: Choice): Promise<Dataset> {
    if (!isMade(choice)) throw new Error('the test rows are for what cross-validation has chosen');
    this.#rows ??= this.#load();
    return this.#rows;
  }
}
