/** Bytes that no call may change: behind the arena, between static data and arena, at address 0, and constants. */
import assert from 'node:assert/strict';
import type { Abi } from '../support/core-harness.ts';

const CANARY = 0xa5;
/** As far behind the arena as it is looked for stray writes. */
const GUARD_BYTES = 65536;
const UNTOUCHED = new Uint8Array(GUARD_BYTES).fill(CANARY);
/** The compiler puts nothing here: a write would be one through a null pointer. */
const NULL_BYTES = 8;
/** The arena begins at the next multiple of this. */
const ALIGNMENT = 16;

/** Watches the memory of one fresh instance. */
export class Canaries {
  readonly #memory: Abi['memory'];
  /** Where the module's constants are, and what they are. */
  readonly #places: Uint32Array;
  readonly #constants: Uint8Array;
  /** End of the static data, and where the arena begins. */
  readonly #staticEnd: number;
  readonly #arena: number;
  /** No call may touch the bytes from `guard` to `painted`. */
  #guard: number;
  #painted: number;

  constructor({ memory, __data_end, image_ptr }: Abi) {
    // One build does not say; before `init`, images go where the arena begins.
    const end = __data_end as WebAssembly.Global<'i32'> | undefined;
    this.#memory = memory;
    const bytes = new Uint8Array(memory.buffer);
    this.#staticEnd = end?.value ?? image_ptr();
    // What is not zero in a fresh instance is a constant of the module: all that changes starts at zero.
    this.#places = Uint32Array.from(bytes.subarray(0, this.#staticEnd).keys()).filter(
      (at) => bytes[at] !== 0,
    );
    this.#constants = Uint8Array.from(this.#places, (at) => bytes[at]);
    this.#arena = Math.min(Math.ceil(this.#staticEnd / ALIGNMENT) * ALIGNMENT, bytes.length);
    bytes.fill(CANARY, 0, NULL_BYTES);
    bytes.fill(CANARY, this.#staticEnd, this.#arena);
    // Nothing is known about the rest before the first arena.
    this.#guard = this.#painted = bytes.length;
  }

  /** Where the protected bytes behind the arena begin. */
  get guard(): number {
    return this.#guard;
  }

  /** The arena now ends here: checks what stays protected, then protects what lies behind. */
  protect(from: number, history: () => string): void {
    const { buffer } = this.#memory;
    this.check(history, Math.max(this.#guard, from));
    this.#guard = Math.min(from, buffer.byteLength);
    this.#painted = Math.min(this.#guard + GUARD_BYTES, buffer.byteLength);
    new Uint8Array(buffer).fill(CANARY, this.#guard, this.#painted);
  }

  /** The host itself is about to write up to here. */
  makeRoom(end: number, history: () => string): void {
    if (end > this.#guard) this.protect(end, history);
  }

  /** Something else has used the memory: forgets what was protected, and protects from here on. */
  restart(from: number, history: () => string): void {
    this.#painted = 0;
    this.protect(from, history);
  }

  /** Fails when a protected byte has changed. */
  check(history: () => string, from = this.#guard): void {
    const memory = new Uint8Array(this.#memory.buffer);
    for (let at = 0; at < NULL_BYTES; at++) {
      if (memory[at] !== CANARY) assert.fail(`byte ${at} changed in ${history()}`);
    }
    for (let at = this.#staticEnd; at < this.#arena; at++) {
      if (memory[at] !== CANARY) assert.fail(`byte ${at} before the arena changed in ${history()}`);
    }
    for (let i = 0; i < this.#places.length; i++) {
      if (memory[this.#places[i]] === this.#constants[i]) continue;
      assert.fail(`the constant at ${this.#places[i]} changed in ${history()}`);
    }
    if (from >= this.#painted) return;
    const bytes = memory.subarray(from, this.#painted);
    if (Buffer.compare(bytes, UNTOUCHED.subarray(0, bytes.length)) === 0) return;
    const stray = from + bytes.findIndex((byte) => byte !== CANARY);
    assert.fail(`byte ${stray} behind the arena changed in ${history()}`);
  }
}
