/** Lets a quantum processor, or whatever stands in for one, measure the circuits of a training. */
import {
  callable,
  messageOf,
  oneOf,
  optional,
  record,
  signal as readSignal,
  type Table,
  that,
  whole,
} from '../core/checks.ts';
import type { Answer, QpuErrorCode } from '../index.ts';
import { BadCounts, BIT_ORDERS, type BitOrder, type Counts, tally } from './counts.ts';
import { QpuError } from './error.ts';
import { type Question, readQuestion } from './question.ts';

/** Runs and measures one circuit. It may be called again with the same question; the signal says: give it up. */
export type Run = (question: Question, signal: AbortSignal) => Counts | Promise<Counts>;

/** Options of `qpu`. */
export interface QpuOptions {
  /** How often a question is asked before the step is given up, 1 or more; default 3. */
  readonly attempts?: number;
  /** Milliseconds that an attempt may take; default as long as it likes. */
  readonly timeout?: number;
  /** Order of the characters of outcomes given as text; default 'qubit-0-first'. */
  readonly bitOrder?: BitOrder;
}

/** An attempt took too long. */
class Late extends Error {}

/** The longest delay of a timer, milliseconds. */
const MAX_TIMEOUT = 0x7fffffff;

const isTimeout = (value: unknown) => typeof value === 'number' && value >= 1 && value <= MAX_TIMEOUT;

const OPTIONS: Table<QpuOptions> = {
  attempts: optional(whole(1)),
  timeout: optional(that(`milliseconds from 1 to ${MAX_TIMEOUT}`, isTimeout)),
  bitOrder: optional(oneOf(...BIT_ORDERS)),
};

/** The options with their defaults. @throws OptionError */
function withDefaults(options: QpuOptions) {
  const { attempts = 3, timeout, bitOrder = 'qubit-0-first' } = record('qpu', options, OPTIONS);
  return { attempts, timeout, bitOrder };
}

/**
 * One attempt, ended by its answer, its time or the caller's signal, whichever is first. What comes after that
 * goes nowhere: no later question can see it.
 */
function attempt(
  run: Run,
  question: Question,
  timeout: number | undefined,
  signal?: AbortSignal,
): Promise<Counts> {
  return new Promise((resolve, reject) => {
    const controller = new AbortController();
    const release = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
    };
    const abandon = (reason: unknown) => {
      release();
      reject(reason);
      controller.abort(reason);
    };
    const stop = () => abandon(signal?.reason);
    const late = () => abandon(new Late(`no answer within ${timeout} ms`));
    const timer = timeout === undefined ? undefined : setTimeout(late, timeout);
    signal?.addEventListener('abort', stop);
    const answered = (async () => run(question, controller.signal))();
    answered.finally(release).then(resolve, reject);
  });
}

function codeOf(error: unknown): QpuErrorCode {
  if (error instanceof BadCounts) return 'ERR_QPU_COUNTS';
  return error instanceof Late ? 'ERR_QPU_TIMEOUT' : 'ERR_QPU_FAILED';
}

/** Asks until the counts are right, at most `attempts` times. @throws QpuError, or the reason of the signal */
async function counted(
  run: Run,
  question: Question,
  { attempts, timeout, bitOrder }: ReturnType<typeof withDefaults>,
  signal?: AbortSignal,
): Promise<Map<number, number>> {
  for (let left = attempts; ; left--) {
    try {
      // Each attempt has features of its own: what is done to them, no later attempt sees.
      const asked = Object.freeze({ ...question, features: question.features.slice() });
      return tally(await attempt(run, asked, timeout, signal), question, bitOrder);
    } catch (error) {
      signal?.throwIfAborted();
      if (left > 1) continue;
      throw new QpuError(codeOf(error), messageOf(error), question, attempts, { cause: error });
    }
  }
}

/**
 * Makes the `answer` of `Trainer.fit` for trainings whose `answerer` is 'caller'.
 *
 * Wrong counts (see `Counts`; they have to sum to the shots), errors and, with a `timeout`, silence are answered
 * by asking again. Nothing of a failed attempt is kept, and an answer that comes too late is dropped. When all
 * attempts have failed the step is given up, as when the caller's signal is aborted: `fit` may be called again.
 * @param run gets the question and a signal, aborted when its answer is not waited for any more
 * @throws OptionError for an option out of range; the answer rejects with QpuError, or with the reason of `fit`'s signal
 * @example
 * ```ts
 * const trainer = await Trainer.create({ model, training: { answerer: 'caller', shots: 100, steps: 3 }, dataset });
 * const answer = qpu(async ({ shots }) => new Map([[0, shots]])); // measures nothing but zeros
 * for await (const { step, loss } of trainer.fit({ answer })) console.log(step, loss);
 * ```
 */
export function qpu(run: Run, options: QpuOptions = {}): Answer {
  callable(run, 'run');
  const filled = withDefaults(options);
  return async (core, signal) => {
    optional(readSignal)(signal, 'signal');
    signal?.throwIfAborted();
    const counts = await counted(run, readQuestion(core), filled, signal);
    signal?.throwIfAborted();
    for (const [outcome, count] of counts) core.check(core.abi.tell(outcome, count), 'telling counts');
  };
}
