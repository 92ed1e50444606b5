/** The page's end of the worker: calls with promises, and the batches that come by themselves. */
import type { Batch, Calls, Failure, Response } from '../work/messages.ts';
import type { Variance } from '../work/plateau.ts';
import type { Progress } from '../work/problems.ts';

/** What the worker said no to, as an error with its sentence. */
export class WorkError extends Error {
  override readonly name = 'WorkError';
  /** The library's code, or ERR_LAB. */
  readonly code: Failure['code'];

  constructor({ code, message }: Failure) {
    super(message);
    this.code = code;
  }
}

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** Every call of the worker, as a function of the page. */
export type Client = { readonly [Name in keyof Calls]: Calls[Name] };

/** Who is told what comes by itself. */
export interface Listener {
  batch(batch: Batch): void;
  progress(progress: Progress): void;
  variance(variance: Variance): void;
  /** The worker cannot run: a sentence. */
  ended(sentence: string): void;
}

/** Starts the worker. */
export function startWorker(listener: Listener): Client {
  const worker = new Worker(new URL('worker.js', import.meta.url), { type: 'module' });
  const waiting = new Map<number, Waiting>();
  let last = 0;
  worker.onmessage = ({ data }: MessageEvent<Response>) => {
    if ('batch' in data) listener.batch(data.batch);
    else if ('progress' in data) listener.progress(data.progress);
    else if ('variance' in data) listener.variance(data.variance);
    else {
      const found = waiting.get(data.id);
      waiting.delete(data.id);
      if ('failure' in data) found?.reject(new WorkError(data.failure));
      else found?.resolve(data.value);
    }
  };
  worker.onerror = ({ message }) =>
    listener.ended(`the worker has stopped: ${message || 'its files cannot be loaded'}`);
  const call =
    (name: string) =>
    (...args: readonly unknown[]) =>
      new Promise((resolve, reject) => {
        const id = ++last;
        waiting.set(id, { resolve, reject });
        worker.postMessage({ id, call: name, args });
      });
  return new Proxy({} as Client, { get: (_, name) => call(String(name)) });
}
