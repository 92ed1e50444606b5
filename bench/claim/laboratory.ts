/** Trains cells on threads, as many at once as asked for, and none that is done. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Tinypool } from 'tinypool';
import type { Dataset } from '../../host/data/dataset.ts';
import { type Cell, keyOf, type Outcome, type Setting, Store } from './cells.ts';
import { type Parts, preparedTask, type Sources, type Task, TASKS } from './tasks.ts';

/** A copy of an array that threads share. */
function shared<T extends Float64Array | Int32Array>(values: T): T {
  const Kind = values.constructor as new (buffer: SharedArrayBuffer) => T;
  const copy = new Kind(new SharedArrayBuffer(values.byteLength));
  copy.set(values);
  return copy;
}

function sharedSet(dataset: Dataset): Dataset {
  return { ...dataset, features: shared(dataset.features), labels: shared(dataset.labels) };
}

/** Where things are, and who is told. */
export interface LaboratoryOptions {
  /** Folder of what is kept. */
  readonly folder: string;
  readonly sources: Sources;
  readonly threads: number;
  readonly tell: (text: string) => void;
  /** What cells name; default those of the claim. */
  readonly tasks?: Readonly<Record<string, Task>>;
}

/** Trains cells. */
export class Laboratory {
  readonly #store: Store;
  readonly #pool: Tinypool;
  readonly #parts = new Map<string, Promise<Parts>>();

  readonly #tasks: Readonly<Record<string, Task>>;

  constructor(readonly options: LaboratoryOptions) {
    this.#tasks = options.tasks ?? TASKS;
    this.#store = new Store(join(options.folder, 'cells.jsonl'));
    this.#pool = new Tinypool({
      filename: new URL('./train.mjs', import.meta.url).href,
      runtime: 'worker_threads',
      minThreads: 1,
      maxThreads: options.threads,
      isolateWorkers: false,
    });
  }

  /** A task's rows, from disk where they have been made before. */
  #partsOf(name: string): Promise<Parts> {
    const found = this.#parts.get(name);
    if (found) return found;
    const made = this.#makeParts(name);
    this.#parts.set(name, made);
    return made;
  }

  async #makeParts(name: string): Promise<Parts> {
    const { folder, sources, tell } = this.options;
    const file = join(folder, 'data', `${name}.json`);
    const task = this.#tasks[name];
    const recipe = JSON.stringify([task.steps, String(task.data)]);
    if (existsSync(file)) {
      const kept = JSON.parse(readFileSync(file, 'utf8')) as { recipe: string; train: Plain; test: Plain };
      if (kept.recipe === recipe) return { train: typed(kept.train), test: typed(kept.test) };
    }
    tell(`${name}: making the data`);
    const { train, test } = await preparedTask(task, sources);
    mkdirSync(join(folder, 'data'), { recursive: true });
    writeFileSync(file, JSON.stringify({ recipe, train: plain(train), test: plain(test) }));
    return { train: sharedSet(train), test: sharedSet(test) };
  }

  /** What becomes of cells, in their order. @throws whatever a training throws */
  async run(cells: readonly Cell[], what: string): Promise<Outcome[]> {
    let left = 0;
    const started = performance.now();
    const outcomes = cells.map(async (cell) => {
      const { model, steps, warm } = this.#tasks[cell.task];
      const key = keyOf(cell, { model, steps, warm });
      const done = this.#store.get(key);
      if (done) return done;
      left++;
      const parts = await this.#partsOf(cell.task);
      const outcome = (await this.#pool.run({ cell, model, parts, warm })) as Outcome;
      this.#store.add(key, cell, outcome);
      return outcome;
    });
    const found = await Promise.all(outcomes);
    if (left > 0)
      this.options.tell(`${what}: ${left} trainings, ${((performance.now() - started) / 1000).toFixed(0)} s`);
    return found;
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
  }
}

/** A setting from seeds. */
export function cellsOf(task: string, training: Setting, seeds: readonly number[], budget: number): Cell[] {
  return seeds.map((seed) => ({ task, training, seed, budget }));
}

/** A data set as JSON has it. */
type Plain = Omit<Dataset, 'features' | 'labels'> & {
  readonly features: readonly number[];
  readonly labels: readonly number[];
};

function plain(dataset: Dataset): Plain {
  return { ...dataset, features: [...dataset.features], labels: [...dataset.labels] };
}

function typed(dataset: Plain): Dataset {
  return sharedSet({
    ...dataset,
    features: Float64Array.from(dataset.features),
    labels: Int32Array.from(dataset.labels),
  });
}
