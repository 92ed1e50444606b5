/** A quantum processor behind a pipe: a process that reads questions and writes counts, a line each. See README.md. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Counts, Question } from '../../qpu/index.ts';

/** Somebody who waits for an answer. */
interface Waiting {
  readonly resolve: (counts: Counts) => void;
  readonly reject: (error: Error) => void;
}

/** The question as a line, under a number. */
function lineOf(number: number, { shots, bases, encoding, features, operations }: Question): string {
  const start = encoding === 'amplitude' ? [features.length, ...features] : [0];
  const circuit = operations.map(({ gate, qubits: [a, b = a], angle }) => `${gate} ${a} ${b} ${angle}`);
  return ['ask', number, shots, bases.join(''), ...start, circuit.length, ...circuit].join(' ');
}

/** A life of the process: from its start to its end. */
class Life {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #waiting = new Map<string, Waiting>();

  /** @param ended is called when the process has ended or cannot be talked to any more */
  constructor(
    [program, ...args]: readonly [string, ...string[]],
    private readonly ended: () => void,
  ) {
    this.#child = spawn(program, args);
    this.#child.on('error', ({ message }) => this.#end(message));
    this.#child.on('close', (code, signal) => this.#end(`it ended by ${signal ?? `status ${code}`}`));
    // A write to a process that has just died; its end is told above.
    this.#child.stdin.on('error', () => {});
    this.#child.stderr.pipe(process.stderr);
    createInterface({ input: this.#child.stdout }).on('line', (line) => this.#take(line));
  }

  /** Asks. The answer to a question that is not waited for any more is dropped. */
  ask(number: number, question: Question, signal: AbortSignal): Promise<Counts> {
    return new Promise((resolve, reject) => {
      this.#waiting.set(`${number}`, { resolve, reject });
      signal.addEventListener('abort', () => this.#waiting.delete(`${number}`));
      this.#child.stdin.write(`${lineOf(number, question)}\n`);
    });
  }

  kill(): void {
    this.#child.kill();
  }

  #end(reason: string): void {
    this.ended();
    for (const { reject } of this.#waiting.values()) reject(new Error(`the processor is gone: ${reason}`));
    this.#waiting.clear();
  }

  #take(line: string): void {
    const [kind, number = '', ...words] = line.split(' ');
    const [length, ...numbers] = words.map(Number);
    if (kind !== 'error' && (kind !== 'counts' || numbers.length !== 2 * (length ?? Number.NaN))) {
      // The last line of a process that dies may be cut off.
      this.kill();
      this.#end(`it said '${line}'`);
      return;
    }
    const waiting = this.#waiting.get(number);
    this.#waiting.delete(number);
    if (kind === 'error') waiting?.reject(new Error(words.join(' ')));
    else {
      const pairs = Array.from({ length: length as number }, (_, i) => numbers.slice(2 * i, 2 * i + 2));
      waiting?.resolve(pairs as [number, number][]);
    }
  }
}

/** The process; started when it is needed, and again when it has died. */
export class QpuProcess {
  /** How often it was started. */
  starts = 0;
  #asked = 0;
  #life: Life | undefined;

  /** @param command program and arguments */
  constructor(private readonly command: readonly [string, ...string[]]) {}

  /** A `Run` for `qpu`. Rejects when the process says that it failed, and when it dies. */
  readonly run = (question: Question, signal: AbortSignal): Promise<Counts> => {
    this.#life ??= this.#start();
    return this.#life.ask(++this.#asked, question, signal);
  };

  /** Ends the process, if it runs. */
  stop(): void {
    this.#life?.kill();
  }

  #start(): Life {
    this.starts += 1;
    const life = new Life(this.command, () => {
      if (this.#life === life) this.#life = undefined;
    });
    return life;
  }
}
