/**
 * A worker of the benchmark in JavaScript: JSON lines in, JSON lines out. bench/peers/workers/worker.py is the
 * same in Python and says what each message means.
 */
import { createInterface } from 'node:readline';
import type { Task, Workload } from '../workload.ts';

/** Does the task at `theta` (0) or at `other` (1). */
export type Call = (which: number) => number | ArrayLike<number>;

/** A peer: its tasks, each prepared from a workload. */
export type Tasks = Partial<Record<Task, (workload: Workload) => Call | Promise<Call>>>;

interface Message {
  readonly op: string;
  readonly workload: Workload;
  readonly calls: number;
}

function flat(result: number | ArrayLike<number>): number[] {
  return typeof result === 'number' ? [result] : Array.from(result);
}

function time(call: Call, calls: number): number {
  const start = process.hrtime.bigint();
  for (let i = 0; i < calls; i++) call(i & 1);
  return Number(process.hrtime.bigint() - start);
}

/** Answers until the input ends. */
export async function serve(versions: Readonly<Record<string, string>>, tasks: Tasks): Promise<void> {
  let call: Call = () => Number.NaN;
  const reply = async ({ op, workload, calls }: Message): Promise<object> => {
    switch (op) {
      case 'hello':
        return { versions };
      case 'setup': {
        const task = tasks[workload.task];
        if (task === undefined) throw new RangeError(`no task ${workload.task}`);
        call = await task(workload);
        return { ok: true };
      }
      case 'answer':
        return { values: [...flat(call(0)), ...flat(call(1))] };
      case 'time':
        return { ns: time(call, calls) };
      case 'memory':
        return { bytes: process.resourceUsage().maxRSS * 1024 };
      default:
        throw new RangeError(`unknown operation ${op}`);
    }
  };
  for await (const line of createInterface({ input: process.stdin })) {
    const answer = await reply(JSON.parse(line) as Message).catch((error: unknown) => ({
      error: String(error).split('\n')[0],
    }));
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
}
