/** A worker process, spoken to in JSON lines. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Workload } from './workload.ts';

/** How a worker is started. */
export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
}

/** What a worker cannot do, in its own words. */
export class WorkerError extends Error {}

/** One thread, whatever the library; JAX in double precision and on the processor. */
const ENVIRONMENT = {
  OMP_NUM_THREADS: '1',
  OPENBLAS_NUM_THREADS: '1',
  MKL_NUM_THREADS: '1',
  NUMEXPR_NUM_THREADS: '1',
  XLA_FLAGS: '--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1',
  JAX_ENABLE_X64: '1',
  JAX_PLATFORMS: 'cpu',
  PYTHONDONTWRITEBYTECODE: '1',
  PYTHONWARNINGS: 'ignore',
};

/** Words of its last complaints that are kept for the message when a worker dies. */
const KEPT = 400;

/** A running worker. One request at a time. */
export class Worker {
  readonly #process: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  #complaints = '';
  #workload: Workload | undefined;

  constructor({ command, args }: Launch) {
    this.#process = spawn(command, args, {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, ...ENVIRONMENT },
    });
    const { stdin, stdout, stderr } = this.#process;
    if (stdin === null || stdout === null || stderr === null) throw new WorkerError('no pipes');
    // A worker that is gone is reported by the reply that never comes.
    this.#process.on('error', (error) => (this.#complaints = error.message));
    stdin.on('error', () => {});
    stderr.setEncoding('utf8');
    stderr.on('data', (text: string) => (this.#complaints = (this.#complaints + text).slice(-KEPT)));
    this.#lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
  }

  async #ask<Reply>(message: object): Promise<Reply> {
    this.#process.stdin?.write(`${JSON.stringify(message)}\n`);
    const { value, done } = await this.#lines.next();
    if (done === true)
      throw new WorkerError(`the worker ended: ${this.#complaints.trim().split('\n').at(-1)}`);
    const reply = JSON.parse(value) as Reply & { readonly error?: string };
    if (reply.error !== undefined) throw new WorkerError(reply.error);
    return reply;
  }

  /** Versions of what it runs on. */
  async hello(): Promise<Readonly<Record<string, string>>> {
    return (await this.#ask<{ versions: Record<string, string> }>({ op: 'hello' })).versions;
  }

  /** What it is set up on. */
  get workload(): Workload | undefined {
    return this.#workload;
  }

  async setup(workload: Workload): Promise<void> {
    this.#workload = undefined;
    await this.#ask({ op: 'setup', workload });
    this.#workload = workload;
  }

  async answer(): Promise<readonly number[]> {
    return (await this.#ask<{ values: number[] }>({ op: 'answer' })).values;
  }

  /** Nanoseconds of `calls` calls, by the worker's own monotonic clock. */
  async time(calls: number): Promise<number> {
    return (await this.#ask<{ ns: number }>({ op: 'time', calls })).ns;
  }

  /** Largest resident set so far, bytes. */
  async memory(): Promise<number> {
    return (await this.#ask<{ bytes: number }>({ op: 'memory' })).bytes;
  }

  /** Ends the process and waits for it. */
  async close(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const gone = new Promise((resolve) => this.#process.once('close', resolve));
    this.#process.stdin?.end();
    const late = setTimeout(() => this.#process.kill('SIGKILL'), 5000);
    await gone;
    clearTimeout(late);
  }
}
