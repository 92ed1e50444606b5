/** The threads that train, and what they are told and tell. */
import { MessageChannel, type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import { snapshot } from '../core/checks.ts';
import { Pool } from './pool.ts';
import { errorOf } from './refusal.ts';
import type { RunProgress, TrainedRun, TrainingRun } from './run.ts';
import { SharedData } from './shared.ts';
import type { Answer, Task } from './worker.ts';

/** The program of a thread. The build puts it beside every bundle that has this file in it. */
const PROGRAM = new URL('./parallel-worker.js', import.meta.url);

/** Some threads. Close them, or the process does not end. */
export class Threads {
  readonly #pool: Pool;
  readonly #shared = new SharedData();

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
    this.#pool = new Pool(PROGRAM, count, giveUp);
  }

  /** Trains on the next thread that is free. @throws what was thrown there, of the same class */
  async train(run: TrainingRun): Promise<TrainedRun> {
    // Nothing is shared for what was still being prepared.
    if (this.#pool.closed) throw new Error('the threads are closed');
    const channel = this.onProgress && new MessageChannel();
    channel?.port1.on('message', this.#tell);
    try {
      const task: Task = { run: this.#withSharedData(run), progress: channel?.port2 };
      const transferList = channel ? [channel.port2] : [];
      const given = { name: 'a training', given: task.run };
      const answer = await this.#pool.run<Answer>(task, transferList, given);
      if ('refusal' in answer) throw errorOf(answer.refusal);
      if (channel) this.#hearOut(channel.port1);
      const { name, seed, report } = answer.trained;
      this.#tell({ name, seed, steps: report.step, report });
      return answer.trained;
    } finally {
      channel?.port1.close();
    }
  }

  /** Ends all threads, whatever they are doing. */
  close(): Promise<void> {
    return this.#pool.close();
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
