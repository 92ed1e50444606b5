/**
 * Has the cells of a comparison trained by whoever works on a queue. An order's id is its cell's hash, so an order that is
 * given twice is carried out once; its result stays in Redis for a day. What is known is looked at again from time to time:
 * a Redis that comes back without its memory gets its orders again.
 */
import type { Job } from 'bullmq';
import { NlrError } from '../../core/errors.ts';
import { hashOfCell, type Cell } from '../../study/cell.ts';
import type { CellOutcome } from '../../study/result.ts';
import { nameOfCell } from '../../study/run-cells.ts';
import type { CellStore } from '../../study/store.ts';
import { CellsProgress } from '../study/progress.ts';
import type { Runner } from '../study/run.ts';
import { type Broker, type Order } from './broker.ts';

/** Orders that are out at most. */
const MOST_OUT = 10_000;

/** Orders that are given at once. */
const BULK = 500;

/** Milliseconds between two looks at all orders that are out. */
const LOOK = 3000;

/** How often workers try what throws, and how results are kept, seconds. */
const ORDERED = {
  attempts: 3,
  backoff: { type: 'fixed', delay: 500 },
  removeOnComplete: { age: 86_400, count: 100_000 },
  removeOnFail: { age: 86_400 },
} as const;

/** How they are had trained. */
export interface OnQueue {
  readonly broker: Broker;
  readonly store: CellStore | undefined;
  readonly signal: AbortSignal;
  readonly quiet: boolean;
  /** Hears of every bar. */
  readonly onBar: (bar: CellsProgress) => void;
}

/** The orders of a comparison's part, and what has come of them. */
class Orders {
  readonly #out = new Set<string>();
  readonly #failures = new Map<string, string>();
  readonly #waiting: string[];
  readonly #queue;
  readonly #events;
  #wake: () => void = () => {};
  readonly #ready = new Set<string>();

  /**
   * @param cells by hash
   * @param keep is given each result
   */
  constructor(
    readonly cells: ReadonlyMap<string, Cell>,
    broker: Broker,
    readonly keep: (hash: string, outcome: CellOutcome) => Promise<void>,
  ) {
    this.#waiting = [...cells.keys()];
    this.#queue = broker.queue();
    this.#events = broker.events();
    const hear = ({ jobId }: { jobId: string }) => {
      if (!this.#out.has(jobId)) return;
      this.#ready.add(jobId);
      this.#wake();
    };
    this.#events.on('completed', hear);
    this.#events.on('failed', hear);
  }

  /** Gives orders as long as there is room. Those of an earlier run that failed are given anew. */
  async #order(): Promise<void> {
    while (this.#waiting.length > 0 && this.#out.size < MOST_OUT) {
      const hashes = this.#waiting.splice(0, Math.min(BULK, MOST_OUT - this.#out.size));
      const found = await Promise.all(hashes.map((hash) => this.#queue.getJobState(hash)));
      await Promise.all(hashes.flatMap((hash, i) => (found[i] === 'failed' ? this.#queue.remove(hash) : [])));
      await this.#queue.addBulk(
        hashes.map((hash) => {
          const cell = this.cells.get(hash) as Cell;
          return {
            name: nameOfCell(cell),
            data: { cell } satisfies Order,
            opts: { ...ORDERED, jobId: hash },
          };
        }),
      );
      for (const [i, hash] of hashes.entries()) {
        this.#out.add(hash);
        if (found[i] === 'completed') this.#ready.add(hash);
      }
    }
  }

  /** Looks at one order. */
  async #look(hash: string): Promise<void> {
    const state = await this.#queue.getJobState(hash);
    if (state === 'unknown') {
      this.#out.delete(hash);
      this.#waiting.push(hash);
    }
    if (state !== 'completed' && state !== 'failed') return;
    const job = (await this.#queue.getJob(hash)) as Job<Order, CellOutcome> | undefined;
    if (job === undefined) return;
    this.#out.delete(hash);
    if (state === 'completed') await this.keep(hash, job.returnvalue);
    else this.#failures.set(hash, job.failedReason);
  }

  /** Waits for word of an order, or until it is time to look at all. */
  async #wait(): Promise<boolean> {
    if (this.#ready.size > 0) return false;
    let timer: NodeJS.Timeout | undefined;
    const looked = await new Promise<boolean>((resolve) => {
      this.#wake = () => resolve(false);
      timer = setTimeout(() => resolve(true), LOOK);
    });
    clearTimeout(timer);
    return looked;
  }

  /** Until all are done. @throws NlrError for those that failed for good, when all others are done */
  async settle(): Promise<void> {
    await this.#events.waitUntilReady();
    for (;;) {
      await this.#order();
      if (this.#out.size === 0 && this.#waiting.length === 0) break;
      const all = await this.#wait();
      const hashes = all ? [...this.#out] : [...this.#ready];
      this.#ready.clear();
      for (const hash of hashes) await this.#look(hash);
    }
    const [first] = this.#failures;
    if (first === undefined) return;
    const [hash, reason] = first;
    const more = this.#failures.size > 1 ? `, and ${this.#failures.size - 1} more trainings failed` : '';
    const message = `${nameOfCell(this.cells.get(hash) as Cell)}: ${reason}${more}`;
    throw new NlrError('ERR_QUEUE_TRAINING', message);
  }

  async close(): Promise<void> {
    // Redis may be away for good.
    this.#queue.close().catch(() => {});
    await Promise.race([this.#events.close(), new Promise((resolve) => setTimeout(resolve, 500))]);
  }
}

/** A runner that does. It throws the signal's reason, and NlrErrors of the queue. */
export function onQueue({ broker, store, signal, quiet, onBar }: OnQueue): Runner {
  return async (title, cells) => {
    const hashes = cells.map(({ cell }) => hashOfCell(cell));
    const bar = new CellsProgress(
      title,
      cells.map(({ setting }) => setting.cost.seconds),
      quiet,
    );
    onBar(bar);
    const outcomes = new Map<string, CellOutcome>();
    const done = (hash: string, outcome: CellOutcome) => {
      outcomes.set(hash, outcome);
      hashes.forEach((each, index) => {
        if (each === hash) bar.update({ index, step: 1, steps: 1, outcome });
      });
    };
    const missing = new Map<string, Cell>();
    for (const [i, hash] of hashes.entries()) {
      const kept = store?.get(hash);
      if (kept === undefined) missing.set(hash, cells[i].cell);
      else if (!outcomes.has(hash)) done(hash, kept);
    }
    const orders = new Orders(missing, broker, async (hash, outcome) => {
      await store?.add(missing.get(hash) as Cell, outcome);
      done(hash, outcome);
    });
    let abort: () => void = () => {};
    const aborted = new Promise<never>((_, reject) => {
      abort = () => reject(signal.reason);
      signal.addEventListener('abort', abort);
    });
    try {
      signal.throwIfAborted();
      await Promise.race([aborted, orders.settle()]);
      return hashes.map((hash) => outcomes.get(hash) as CellOutcome);
    } finally {
      signal.removeEventListener('abort', abort);
      bar.stop();
      await orders.close();
    }
  };
}
