/** Trainings of a comparison that a signal stops, on threads of this machine or by a queue. */
import { onThreads, type OnThreads } from '../study/on-threads.ts';
import { type CellsProgress, interruptedAfter } from '../study/progress.ts';
import type { Runner } from '../study/run.ts';
import { interruptible } from '../training/stop.ts';
import { Broker } from './broker.ts';
import { onQueue } from './on-queue.ts';

/** Gives work a queue, if there is to be one, and lets go of it whatever happens. @throws NlrError without an answer */
export async function withQueue(
  url: string | undefined,
  work: (broker: Broker | undefined) => Promise<void>,
): Promise<void> {
  const broker = url === undefined ? undefined : await Broker.open(url);
  try {
    await work(broker);
  } finally {
    broker?.close();
  }
}

/** How cells are trained. */
export interface Stoppable extends Omit<OnThreads, 'signal' | 'onBar'> {
  /** Of the queue; absent: threads. */
  readonly broker: Broker | undefined;
  /** Where they are kept. */
  readonly out: string | undefined;
}

/** Gives work a runner, which trains until all is done or a signal comes. @throws Interrupted */
export async function stoppable<T>(how: Stoppable, work: (run: Runner) => Promise<T>): Promise<T> {
  const { broker, out, store, quiet, ...local } = how;
  let bar: CellsProgress | undefined;
  const said = () => interruptedAfter(bar?.done ?? 0, 'training', out);
  const onBar = (each: CellsProgress) => {
    bar = each;
  };
  return interruptible(said, (signal) => {
    const shared = { store, quiet, signal, onBar };
    return work(broker === undefined ? onThreads({ ...local, ...shared }) : onQueue({ broker, ...shared }));
  });
}
