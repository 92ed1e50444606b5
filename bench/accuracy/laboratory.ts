/** Trains cells on threads, as many at once as asked for, and none that is done. */
import { join } from 'node:path';
import { Tinypool } from 'tinypool';
import { Store } from '../claim/cells.ts';
import { type Cell, type Job, keyOf, type Outcome, type Trains } from './cells.ts';

/** Where things are, and who is told. */
export interface LaboratoryOptions {
  /** Folder of what is kept. */
  readonly folder: string;
  readonly threads: number;
  readonly tell: (text: string) => void;
}

/** Trains cells. Close it. */
export class Laboratory implements Trains {
  readonly #store: Store<Cell, Outcome>;
  readonly #pool: Tinypool;

  constructor(readonly options: LaboratoryOptions) {
    this.#store = new Store<Cell, Outcome>(join(options.folder, 'cells.jsonl'));
    this.#pool = new Tinypool({
      filename: new URL('./train.mjs', import.meta.url).href,
      runtime: 'worker_threads',
      minThreads: 1,
      maxThreads: options.threads,
      isolateWorkers: false,
    });
  }

  /** What becomes of cells, in their order. @throws whatever a training throws */
  async run(jobs: readonly Job[], what: string): Promise<Outcome[]> {
    let trained = 0;
    const started = performance.now();
    const outcomes = jobs.map(async ({ cell, rows }) => {
      const key = keyOf(cell);
      const done = this.#store.get(key);
      if (done) return done;
      trained++;
      const outcome = (await this.#pool.run({ cell, rows: await rows() })) as Outcome;
      this.#store.add(key, cell, outcome);
      return outcome;
    });
    const found = await Promise.all(outcomes);
    const seconds = ((performance.now() - started) / 1000).toFixed(0);
    if (trained > 0) this.options.tell(`${what}: ${trained} trainings, ${seconds} s`);
    return found;
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
  }
}
