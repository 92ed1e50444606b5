/** The threads that train, and what they are told and tell. */
import { type MessagePort, MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import { Tinypool } from 'tinypool';
import { messageOf, refuse, snapshot } from '../core/checks.ts';
import { NlrError } from '../index.ts';
import { errorOf } from './refusal.ts';
import type { RunProgress, TrainedRun, TrainingRun } from './run.ts';
import { SharedData } from './shared.ts';
import type { Answer, Task } from './worker.ts';

/** The program of a thread. The build puts it beside every bundle that has this file in it. */
const PROGRAM = new URL('./parallel-worker.js', import.meta.url);

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
export class Threads {
  readonly #pool: Tinypool;
  readonly #shared = new SharedData();
  readonly #watched = new WeakSet<object>();
  #closed = false;

  /**
   * @param count of threads, all of which start at once
   * @param onProgress is told how far each training is
   * @param giveUp is called when a thread cannot start or ends, or `onProgress` throws
   */
  constructor(
    count: number,
    readonly onProgress: ((progress: RunProgress) => void) | undefined,
    readonly giveUp: (reason: unknown) => void,
  ) {
    // The flags of this process, such as hooks for its modules, are not meant for them.
    const options = { filename: PROGRAM.href, execArgv: [], minThreads: count, maxThreads: count };
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

  /** Trains on the next thread that is free. @throws what was thrown there, of the same class */
  async train(run: TrainingRun): Promise<TrainedRun> {
    // The pool would start a new thread for what was still being prepared.
    if (this.#closed) throw new Error('the threads are closed');
    const channel = this.onProgress && new MessageChannel();
    channel?.port1.on('message', this.#tell);
    try {
      const task: Task = { run: this.#withSharedData(run), progress: channel?.port2 };
      const transferList = channel ? [channel.port2] : [];
      const answer = await this.#run(task, transferList);
      if ('refusal' in answer) throw errorOf(answer.refusal);
      if (channel) this.#hearOut(channel.port1);
      const { name, seed, report } = answer.trained;
      this.#tell({ name, seed, steps: report.step, report });
      return answer.trained;
    } finally {
      channel?.port1.close();
    }
  }

  async #run(task: Task, transferList: MessagePort[]): Promise<Answer> {
    this.#watch();
    try {
      return await this.#pool.run(task, { transferList });
    } catch (cause) {
      if ((cause as Error | undefined)?.name === 'DataCloneError')
        refuse('a training', task.run, 'plain data, which a thread can be given', cause);
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

  #withSharedData(run: TrainingRun): TrainingRun {
    const { dataset, test, model, training, pipeline } = run;
    return {
      ...run,
      ...snapshot('a training', { model, training, pipeline }),
      dataset: this.#shared.of(dataset),
      test: test && this.#shared.of(test),
    };
  }

  readonly #tell = (progress: RunProgress): void => {
    try {
      this.onProgress?.(progress);
    } catch (error) {
      this.giveUp(error);
    }
  };

  /** The answer may overtake what was said before it. */
  #hearOut(port: MessagePort): void {
    for (let said = receiveMessageOnPort(port); said; said = receiveMessageOnPort(port)) {
      this.#tell(said.message);
    }
  }
}
