/** Some threads that run one program, and what becomes of one that ends. */
import type { MessagePort } from 'node:worker_threads';
import { Tinypool } from 'tinypool';
import { messageOf, refuse } from '../core/checks.ts';
import { NlrError } from '../index.ts';

/** A thread that is no more. */
function lost(what: string, cause?: unknown): NlrError {
  return new NlrError('ERR_PARALLEL_THREAD', `a thread ${what}; all trainings are stopped`, { cause });
}

/** What went wrong in a thread, if that is the end of it. */
function threadError(cause: unknown): unknown {
  const { code } = (cause ?? {}) as NodeJS.ErrnoException;
  return code === 'ERR_WORKER_OUT_OF_MEMORY' ? lost(`ended: ${messageOf(cause)}`, cause) : cause;
}

/** Some threads. Close them, or the process does not end. */
export class Pool {
  readonly #pool: Tinypool;
  readonly #watched = new WeakSet<object>();
  #closed = false;

  /**
   * @param program of a thread, which the build puts beside every bundle that starts it
   * @param count of threads, all of which start at once
   * @param giveUp is called when a thread cannot start or ends
   */
  constructor(
    program: URL,
    count: number,
    readonly giveUp: (reason: unknown) => void,
  ) {
    // The flags of this process, such as hooks for its modules, are not meant for them.
    const options = { filename: program.href, execArgv: [], minThreads: count, maxThreads: count };
    this.#pool = new Tinypool(options).on('error', (cause) => giveUp(threadError(cause)));
    this.#watch();
  }

  /** Hears of threads that end by themselves. */
  #watch(): void {
    for (const thread of this.#pool.threads) {
      if (this.#watched.has(thread)) continue;
      this.#watched.add(thread);
      thread.once('exit', (code) => {
        // The pool waits for ever for such a thread, unless it hears of an error.
        const isMissed = !this.#closed && this.#pool.threads.includes(thread);
        if (isMissed) thread.emit('error', lost(`ended with exit code ${code}`));
      });
    }
  }

  /** Whether nothing is begun any more: the pool would start a new thread for it. */
  get closed(): boolean {
    return this.#closed;
  }

  /**
   * Gives a task to the next thread that is free.
   * @param what is given, for messages, and the part of the task that could be no plain data
   * @throws what was thrown there
   */
  async run<T>(
    task: object,
    transferList: MessagePort[],
    what: { readonly name: string; readonly given: unknown },
  ): Promise<T> {
    if (this.#closed) throw new Error('the threads are closed');
    this.#watch();
    try {
      return await this.#pool.run(task, { transferList });
    } catch (cause) {
      if ((cause as Error | undefined)?.name === 'DataCloneError')
        refuse(what.name, what.given, 'plain data, which a thread can be given', cause);
      const error = threadError(cause);
      if (error instanceof NlrError) this.giveUp(error);
      throw error;
    }
  }

  /** Ends all threads, whatever they are doing. */
  close(): Promise<void> {
    this.#closed = true;
    return this.#pool.destroy();
  }
}
