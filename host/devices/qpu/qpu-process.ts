/** A quantum processor behind a pipe: a process that reads questions and writes counts, a line each. See README.md. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import type { Counts, Question } from '../../qpu/index.ts';

/** The longest answer, in characters: one of more belongs to another protocol, and would fill the memory. */
const LONGEST_LINE = 1 << 20;

const COUNTS = /^counts +(\d+) +(\d+)((?: +\d+ +\d+)*) *$/;
const FAILURE = /^error +(\d+)(?: (.*))?$/;

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

/** An answer: counts, or why there are none. */
type Answer = { readonly number: number; readonly counts: [number, number][] | Error };

/** Reads a line of the process; undefined where it speaks another language. */
function parse(line: string): Answer | undefined {
  const [, failed, why = 'the processor says no more'] = FAILURE.exec(line) ?? [];
  if (failed !== undefined) return { number: Number(failed), counts: new Error(why) };
  const [, number, length, rest = ''] = COUNTS.exec(line) ?? [];
  const numbers = rest.trim() === '' ? [] : rest.trim().split(/ +/).map(Number);
  if (number === undefined || numbers.length !== 2 * Number(length)) return undefined;
  const counts = Array.from({ length: Number(length) }, (_, i): [number, number] => [
    numbers[2 * i],
    numbers[2 * i + 1],
  ]);
  return { number: Number(number), counts };
}

/** A life of the process: from its start to its end. */
class Life {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #waiting = new Map<number, Waiting>();
  /** What was read of a line that has not ended. */
  #received = '';
  #latest = 0;
  #ended = false;

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
    this.#child.stdout.setEncoding('utf8').on('data', (text: string) => this.#receive(text));
  }

  /** Asks. A process that is not waited for any more may hang: it is ended. */
  ask(number: number, question: Question, signal: AbortSignal): Promise<Counts> {
    this.#latest = number;
    return new Promise((resolve, reject) => {
      this.#waiting.set(number, { resolve, reject });
      const giveUp = () => this.#waiting.has(number) && this.#kill('nobody waits for its answer any more');
      signal.addEventListener('abort', giveUp, { once: true });
      this.#child.stdin.write(`${lineOf(number, question)}\n`);
    });
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  #kill(reason: string): void {
    this.kill();
    this.#end(reason);
  }

  #end(reason: string): void {
    if (this.#ended) return;
    this.#ended = true;
    this.ended();
    // What it has started in turn may live on, and go on talking.
    this.#child.stdout.destroy();
    this.#child.stdin.destroy();
    for (const { reject } of this.#waiting.values()) reject(new Error(`the processor is gone: ${reason}`));
    this.#waiting.clear();
  }

  #receive(text: string): void {
    if (this.#ended) return;
    const lines = (this.#received + text).split('\n');
    // The last line of a process that dies may be cut off.
    this.#received = lines.pop() ?? '';
    for (const line of lines) this.#take(line);
    if (this.#received.length > LONGEST_LINE)
      this.#kill(`it says more than ${LONGEST_LINE} characters in a line`);
  }

  #take(line: string): void {
    if (this.#ended) return;
    const answer = parse(line);
    if (answer === undefined || answer.number > this.#latest) {
      this.#kill(`it said '${line.slice(0, 100)}'`);
      return;
    }
    const { number, counts } = answer;
    const waiting = this.#waiting.get(number);
    this.#waiting.delete(number);
    if (counts instanceof Error) waiting?.reject(counts);
    else waiting?.resolve(counts);
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
