/** The threads that train cells. */
import { MessageChannel } from 'node:worker_threads';
import { snapshot } from '../core/checks.ts';
import { Pool } from '../parallel/pool.ts';
import { errorOf } from '../parallel/refusal.ts';
import { SharedData } from '../parallel/shared.ts';
import { type CellOutcome, failureFrom } from './result.ts';
import type { CellWork } from './train-cell.ts';
import type { Answer, Step, Task } from './worker.ts';

/** The program of a thread. The build puts it beside every bundle that has this file in it. */
const PROGRAM = new URL('./study-worker.js', import.meta.url);

/** Some threads. Close them, or the process does not end. */
export class CellThreads {
  readonly #pool: Pool;
  readonly #shared = new SharedData();

  /** @param giveUp is called when a thread cannot start or ends, or who is told of progress throws */
  constructor(
    count: number,
    readonly giveUp: (reason: unknown) => void,
  ) {
    this.#pool = new Pool(PROGRAM, count, giveUp);
  }

  /**
   * Trains on the next thread that is free. A training that leaves the finite numbers would do so again: that is its outcome.
   * @throws what else was thrown there, of the same class
   */
  async train(hash: string, work: CellWork, onStep?: (step: Step) => void): Promise<CellOutcome> {
    if (this.#pool.closed) throw new Error('the threads are closed');
    const channel = onStep && new MessageChannel();
    channel?.port1.on('message', (step: Step) => {
      try {
        onStep?.(step);
      } catch (error) {
        this.giveUp(error);
      }
    });
    try {
      const task: Task = { work: this.#withSharedData(work), progress: channel?.port2 };
      const given = { name: 'a cell', given: task.work };
      const answer = await this.#pool.run<Answer>(task, channel ? [channel.port2] : [], given);
      const { seconds } = answer;
      if ('result' in answer) return { hash, result: answer.result, seconds };
      return { hash, failure: failureFrom(errorOf(answer.refusal)), seconds };
    } finally {
      channel?.port1.close();
    }
  }

  /** Ends all threads, whatever they are doing. */
  close(): Promise<void> {
    return this.#pool.close();
  }

  #withSharedData(work: CellWork): CellWork {
    const { dataset, test, model, pipeline } = work.prepared;
    const prepared = {
      ...work.prepared,
      ...snapshot('a cell', { model, pipeline }),
      dataset: this.#shared.of(dataset),
      test: test && this.#shared.of(test),
    };
    return { ...work, training: snapshot('a cell', work.training), prepared };
  }
}
