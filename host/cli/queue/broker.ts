/** The queue of trainings, in Redis by BullMQ: both packages are the user's to install. */
import type { Queue, QueueEvents, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { NlrError } from '../../core/errors.ts';
import type { Cell } from '../../study/cell.ts';
import { UsageError } from '../output/failure.ts';
import { tell } from '../output/streams.ts';

/** What BullMQ calls the queue. */
export const QUEUE = 'nlr-vqa';

/** What a job carries; its id is the cell's hash, so that twice is once. */
export interface Order {
  readonly cell: Cell;
}

/** The variable that tells a worker's processes the folder of the data, where that is another one on their machine. */
export const FOLDER = 'NLR_VQA_FOLDER';

/** How long to wait for a first answer, milliseconds. */
const PATIENCE = 5000;

/** `redis://HOST`, checked. */
export function redisUrl(flag: string): (text: string) => string {
  return (text) => {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    if (url && /^rediss?:$/.test(url.protocol) && url.hostname !== '') return text;
    throw new UsageError(
      `${flag} is '${withoutPassword(text)}'; expected redis://HOST, redis://HOST:PORT or rediss://...`,
    );
  };
}

/** A URL without what nobody should read over a shoulder. */
export function withoutPassword(text: string): string {
  return text.replace(/^(\w+:\/\/)[^/@]*@/, '$1');
}

/** A package of the user's. @throws NlrError where it is not installed */
async function load<T>(name: string, imported: () => Promise<T>): Promise<T> {
  try {
    return await imported();
  } catch (cause) {
    const message = `a queue needs the package ${name}, which cannot be loaded; npm install --ignore-scripts bullmq ioredis`;
    throw new NlrError('ERR_QUEUE_PACKAGE', message, { cause });
  }
}

/** A connection to Redis and what is made on it. Close it. */
export class Broker {
  #silent = false;

  private constructor(
    readonly place: string,
    readonly redis: Redis,
    readonly bullmq: typeof import('bullmq'),
  ) {
    redis.on('ready', () => {
      if (this.#silent) tell(`${place} answers again`);
      this.#silent = false;
    });
  }

  /** Connects. @throws NlrError, with a reason, where nothing answers */
  static async open(url: string): Promise<Broker> {
    const bullmq = await load('bullmq', () => import('bullmq'));
    const ioredis = await load('ioredis', () => import('ioredis'));
    const place = withoutPassword(url);
    let isThere = false;
    const redis = new ioredis.Redis(url, {
      lazyConnect: true,
      connectTimeout: PATIENCE,
      // Whoever waits for Redis may wait through a restart of it, but not for one that never was.
      maxRetriesPerRequest: null,
      retryStrategy: (times) => (isThere ? Math.min(100 * times, 2000) : null),
    });
    let reason: unknown;
    redis.on('error', (error) => {
      reason = error;
    });
    try {
      await redis.connect();
      await redis.ping();
      isThere = true;
    } catch (error) {
      redis.disconnect();
      const { code, message } = (reason ?? error) as NodeJS.ErrnoException;
      throw new NlrError('ERR_QUEUE_CONNECTION', `${place} does not answer: ${code ?? message}`, {
        cause: error,
      });
    }
    return new Broker(place, redis, bullmq);
  }

  /** For the event `error` of whatever has a connection: says once that it is lost. */
  readonly hear = (error: Error): void => {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined || this.redis.status === 'ready' || this.#silent) return;
    this.#silent = true;
    tell(`${this.place} does not answer: ${code}; waiting for it`);
  };

  /** The side that gives orders. */
  queue(): Queue<Order> {
    const queue = new this.bullmq.Queue<Order>(QUEUE, { connection: this.redis });
    queue.on('error', this.hear);
    return queue;
  }

  /** What is told of orders. */
  events(): QueueEvents {
    const events = new this.bullmq.QueueEvents(QUEUE, { connection: this.redis.duplicate() });
    events.on('error', this.hear);
    return events;
  }

  /**
   * The side that carries orders out, in processes of its own, so that one that computes without a pause keeps its order.
   * @param program of the processes
   * @param count of them
   * @param patience after which an order whose worker is gone is another one's, seconds
   */
  worker(program: URL, count: number, patience: number, env: NodeJS.ProcessEnv): Worker<Order> {
    const worker = new this.bullmq.Worker<Order>(QUEUE, program, {
      connection: this.redis,
      concurrency: count,
      lockDuration: 1000 * patience,
      stalledInterval: 1000 * patience,
      // An order that takes its worker with it again and again fails for good.
      maxStalledCount: 3,
      workerForkOptions: { env: { ...process.env, ...env } },
    });
    worker.on('error', this.hear);
    return worker;
  }

  close(): void {
    this.redis.disconnect();
  }
}
