/**
 * A worker of the benchmark in JavaScript: JSON lines in, JSON lines out. bench/peers/workers/worker.py is the
 * same in Python and says what each message means.
 */
import { createInterface } from 'node:readline';
import type { Task, Workload } from '../workload.ts';

/** What a call gives. */
type Result = number | ArrayLike<number>;

/** Does the task at `theta` (0) or at `other` (1); only of a peer that is waited for, by and by. */
export type Call = (which: number) => Result | Promise<Result>;

/** A peer: its tasks, each prepared from a workload. */
export type Tasks = Partial<Record<Task, (workload: Workload) => Call | Promise<Call>>>;

interface Message {
  readonly op: string;
  readonly workload: Workload;
  readonly calls: number;
}

function flat(result: Result): number[] {
  return typeof result === 'number' ? [result] : Array.from(result);
}

function time(call: Call, calls: number): number {
  const start = process.hrtime.bigint();
  for (let i = 0; i < calls; i++) call(i & 1);
  return Number(process.hrtime.bigint() - start);
}

/** The same of calls that are waited for, which takes a little time itself. */
async function timeWaiting(call: Call, calls: number): Promise<number> {
  const start = process.hrtime.bigint();
  for (let i = 0; i < calls; i++) await call(i & 1);
  return Number(process.hrtime.bigint() - start);
}

/** Answers until the input ends. @param options whether calls give promises */
export async function serve(
  versions: Readonly<Record<string, string>>,
  tasks: Tasks,
  { waiting = false } = {},
): Promise<void> {
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
        return { values: [...flat(await call(0)), ...flat(await call(1))] };
      case 'time':
        return { ns: waiting ? await timeWaiting(call, calls) : time(call, calls) };
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
