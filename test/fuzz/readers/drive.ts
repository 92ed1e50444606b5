/**
 * Coverage-guided fuzzing: an input that runs a part of the readers that had not run is kept, and more are made from
 * it. What a campaign does depends on its seed, its number of runs and its corpus alone, on no clock.
 */
import { fastRng } from '../draws.ts';
import type { Instrumented } from './instrument.ts';
import { Mutator } from './mutate.ts';

/** Inputs that are run between two looks at the coverage, which takes longer than most of them. */
const BATCH = 16;

/** Most bytes that an input may have allocated: some, and in proportion to its own. */
const mostAllocated = (bytes: number) => 2 ** 20 + 1024 * bytes;
/** How often any part of the readers may run for an input. */
const mostWork = (bytes: number) => 2 ** 16 + 256 * bytes;

/** An input that broke what has to hold. */
export class Fault extends Error {
  constructor(
    readonly input: Uint8Array,
    cause: unknown,
  ) {
    super(`${(cause as Error).stack ?? cause}`, { cause });
    this.name = 'Fault';
  }

  /** The first line of what was said, without its numbers. */
  get kind(): string {
    return this.message.split('\n')[0].replace(/\d+/g, '0');
  }
}

/** What a campaign came to. */
export interface Campaign {
  /** Inputs that reach what those before them do not: the corpus first, as far as it is needed. */
  readonly kept: readonly Uint8Array[];
  readonly runs: number;
}

/** One reader under the fuzzer. */
export class Driver {
  readonly #code: Instrumented;
  readonly #name: string;

  constructor(code: Instrumented, name: string) {
    this.#code = code;
    this.#name = name;
  }

  /** Runs an input. @throws Fault */
  async run(input: Uint8Array): Promise<void> {
    this.#code.takeAllocated();
    try {
      // A copy: what the reader does to it is not done to the pool.
      await this.#code.subjects[this.#name].read(input.slice());
      const bytes = this.#code.takeAllocated();
      if (bytes > mostAllocated(input.length)) throw new Error(`allocates ${bytes} bytes`);
    } catch (cause) {
      throw new Fault(input, cause);
    }
  }

  /** The same fault by a shorter input, as far as leaving parts out leads to one. */
  async shrunk(fault: Fault): Promise<Fault> {
    const fails = async (input: Uint8Array) => {
      try {
        await this.#reaches(input);
      } catch (error) {
        if (error instanceof Fault && error.kind === fault.kind) return error;
      }
      return undefined;
    };
    let least = fault;
    for (let piece = least.input.length >> 1; piece >= 1; piece >>= 1) {
      for (let from = 0; from < least.input.length;) {
        const { input } = least;
        const shorter = Uint8Array.from([...input.subarray(0, from), ...input.subarray(from + piece)]);
        const found = await fails(shorter);
        if (found === undefined) from += piece;
        else least = found;
      }
    }
    return least;
  }

  /** Runs an input, and says whether it reaches what none has before it. @throws Fault */
  async #reaches(input: Uint8Array): Promise<boolean> {
    await this.run(input);
    const { isNew, work } = this.#code.observe(true);
    if (work > mostWork(input.length)) throw new Fault(input, new Error(`a part of it runs ${work} times`));
    return isNew;
  }

  /**
   * Fuzzes.
   * @param corpus where it starts
   * @param told of each input that is kept
   * @param next told of the inputs that are run next: one that never ends is among the last
   * @throws Fault
   */
  async fuzz(
    corpus: readonly Uint8Array[],
    { runs, seed }: { readonly runs: number; readonly seed: number },
    told: (input: Uint8Array, run: number) => void = () => {},
    next: (batch: readonly Uint8Array[]) => void = () => {},
  ): Promise<Campaign> {
    const mutator = new Mutator(fastRng(seed), this.#code.words);
    const { text } = this.#code.subjects[this.#name];
    this.#code.forget();
    const pool: Uint8Array[] = [];
    for (const input of corpus) if (await this.#reaches(input)) pool.push(input);
    if (pool.length === 0) pool.push(new Uint8Array(4));
    for (let run = 0; run < runs; run += BATCH) {
      const batch = Array.from({ length: Math.min(BATCH, runs - run) }, () => mutator.next(pool, text));
      next(batch);
      for (const input of batch) await this.run(input);
      const { isNew, work } = this.#code.observe(false);
      if (!isNew && work <= mostWork(0)) continue;
      for (const input of batch) {
        if (!(await this.#reaches(input))) continue;
        pool.push(input);
        told(input, run);
      }
    }
    return { kept: pool, runs };
  }
}
