/** What the fuzzer has done: the latest entries for a message, or all of them to be done again. */

/** How many of the latest entries are kept. */
const LATEST = 40;

/** A call with its arguments, or bytes written to the buffer of a getter. */
export interface Entry {
  readonly name: string;
  readonly args: readonly number[];
  readonly bytes?: Uint8Array;
}

/** A ring of entries, or all of them. */
export class Recorder {
  #entries: Entry[] = [];
  #next = 0;
  #all = false;

  keepAll(): void {
    this.#entries = [];
    this.#all = true;
  }

  call(name: string, args: readonly number[]): void {
    this.#add({ name, args });
  }

  write(name: string, bytes: Uint8Array): void {
    this.#add({ name, args: [], bytes });
  }

  #add(entry: Entry): void {
    if (this.#all) this.#entries.push(entry);
    else this.#entries[this.#next++ % LATEST] = entry;
  }

  /** In the order in which they were made. */
  get entries(): readonly Entry[] {
    if (this.#all) return this.#entries;
    const first = this.#next % LATEST;
    return [...this.#entries.slice(first), ...this.#entries.slice(0, first)];
  }

  toString(): string {
    return this.entries
      .slice(-LATEST)
      .map(({ name, args, bytes }) =>
        bytes === undefined ? `${name}(${args.join(', ')})` : `write ${bytes.length} bytes to ${name}`,
      )
      .join('; ');
  }
}
