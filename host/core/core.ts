/** Loads the core, hands out typed views of its buffers and turns its status codes into errors. */
import { compactCore, releaseCore } from './embedded.ts';
import { ABI_VERSION, type Option, Status } from '../../assembly/abi/codes.ts';
import type { CoreExports } from './abi.ts';
import {
  integer,
  isNamed,
  looking,
  messageOf,
  oneOf,
  optional,
  record,
  refuse,
  type Table,
  that,
} from './checks.ts';
import { CoreError } from './errors.ts';
import { OPTION_NAMES, REFUSALS } from './refusals.ts';

/** Reals of a core: 64-bit, or 32-bit in the single-precision build. */
export type Reals = Float64Array | Float32Array;

/** What `fetch` gives, as far as it is looked at. */
export interface FetchedModule {
  /** Whether the answer is a success: a status from 200 to 299. */
  readonly ok: boolean;
  /** HTTP status. */
  readonly status: number;
  /** Where it is from, for messages. */
  readonly url: string;
  /** The module's bytes. */
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** What a module can be given as: bytes, a `WebAssembly.Module`, or a response, also one on its way. */
export type WasmSource =
  ArrayBuffer | ArrayBufferView | FetchedModule | object | PromiseLike<FetchedModule | object>;

/** The exports of a build that only predicts, which refuse whatever else is called. */
function predictingOnly(abi: CoreExports): CoreExports {
  const refusal = (name: string) => () => {
    throw new CoreError(
      Number.NaN,
      `this core only predicts and has no ${name}; load one with engines 'all'`,
    );
  };
  // JSON, promises and consoles ask any object for these: it has none of them.
  const isAsked = (name: string | symbol) => typeof name === 'symbol' || name === 'toJSON' || name === 'then';
  // Behind the exports, so that calls of what there is do not go through it.
  const others = new Proxy(Object.freeze({}), {
    get: (_, name: string) => (isAsked(name) ? undefined : refusal(name)),
    has: () => false,
  });
  return Object.freeze(Object.assign(Object.create(others), abi));
}

const isNumber = that<number>('a number', (value) => typeof value === 'number');

/** A class of typed arrays. */
interface ViewOf<T> {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBuffer, start: number, count: number): T;
}

/** One instance of the core: one arena, one model. Made by `loadCore`. */
export class Core {
  /** The raw ABI, for callers that know it. Of a core that only predicts, calls of all else throw. */
  readonly abi: CoreExports;

  constructor(
    abi: CoreExports,
    /** Size of the module, NaN when given compiled. */
    readonly wasmBytes: number,
  ) {
    const version = looking('the module', abi, () =>
      typeof abi?.abi_version === 'function' ? abi.abi_version() : 'none',
    );
    if (version !== ABI_VERSION) {
      throw new CoreError(
        Number.NaN,
        `the module speaks ABI version ${version}, this host version ${ABI_VERSION}`,
      );
    }
    this.abi = 'step_begin' in abi ? abi : predictingOnly(abi);
  }

  /** Bytes of linear memory, whole pages. */
  get memoryBytes(): number {
    return this.abi.memory.buffer.byteLength;
  }

  /** 8, or 4 in the single-precision build. */
  get realBytes(): number {
    return this.abi.real_bytes();
  }

  /**
   * Passes a result of the ABI through.
   * @param doing what was being done, for the message
   * @throws CoreError for a negative status
   */
  check(result: number, doing: string): number {
    // First of all: this is in the loop of training.
    if (typeof result === 'number' && result >= 0) return result;
    isNumber(result, 'result');
    const said = REFUSALS[-result]?.[1] ?? `status ${result}`;
    const ofOptions = result === Status.BadOption || result === Status.BadCombination;
    const fault = ofOptions ? OPTION_NAMES[this.abi.option_at_fault()] : undefined;
    throw new CoreError(result, `while ${doing}: ${said}${fault === undefined ? '' : `: see ${fault}`}`);
  }

  /** Sets one option. @throws CoreError */
  configure(key: Option, value: number): void {
    isNumber(key, 'key');
    isNumber(value, 'value');
    this.check(this.abi.configure(key, value), `setting option ${key} to ${value}`);
  }

  /** Zero-copy view of `count` reals at an address. Valid until the memory grows, that is until `init`. */
  reals(address: number, count: number): Reals {
    return this.realBytes === 8
      ? this.#view(Float64Array, address, count)
      : this.#view(Float32Array, address, count);
  }

  /** Zero-copy view of `count` 32-bit integers at an address. */
  integers(address: number, count: number): Int32Array {
    return this.#view(Int32Array, address, count);
  }

  /** Zero-copy view of `count` 64-bit floats at an address, whatever the build. */
  doubles(address: number, count: number): Float64Array {
    return this.#view(Float64Array, address, count);
  }

  /** A view of `count` numbers at an address. @throws OptionError when that is not inside the memory */
  #view<T>(Type: ViewOf<T>, address: number, count: number): T {
    const { buffer } = this.abi.memory;
    const bytes = Type.BYTES_PER_ELEMENT;
    const start = integer('address', address, 0, buffer.byteLength);
    if (start % bytes !== 0) refuse('address', address, `a multiple of ${bytes}`);
    return new Type(buffer, start, integer('count', count, 0, (buffer.byteLength - start) / bytes));
  }

  /** A copy of the image of `length` bytes that the core has just written. */
  takeImage(length: number): Uint8Array {
    return this.#view(Uint8Array, this.abi.image_ptr(), length).slice();
  }

  /**
   * Puts an image where the core reads it.
   * @throws CoreError when it is larger than the image area
   */
  putImage(image: Uint8Array): void {
    that('a Uint8Array', (value) => value instanceof Uint8Array)(image, 'image');
    if (image.length > this.abi.image_capacity()) this.check(Status.BadLength, 'reading an image');
    new Uint8Array(this.abi.memory.buffer, this.abi.image_ptr(), image.length).set(image);
  }

  /** The trace so far: a hash over the bits of every loss and of the parameters, 16 hexadecimal digits. */
  trace(): string {
    const hex = (word: number) => (word >>> 0).toString(16).padStart(8, '0');
    return hex(this.abi.trace_high()) + hex(this.abi.trace_low());
  }
}

/** Options of `loadCore`. */
export interface LoadOptions {
  /** Another build than the library's own (double precision, SIMD): its bytes, module or response. */
  readonly wasm?: WasmSource;
  /**
   * Which of the library's own builds: 'samples' is inside it, has the samples engine alone and only predicts; 'all'
   * is a chunk of its own, and trains. Default 'samples' for `loadModel`, else 'all'.
   */
  readonly engines?: 'samples' | 'all';
}

/** A minimal module that uses one SIMD instruction: (func (drop (v128.const 0))). */
const SIMD_PROBE = [
  0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 10, 23, 1, 21, 0, 253, 12, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 26, 11,
];

/** Whether this engine runs the embedded, SIMD build. */
export function supportsSimd(): boolean {
  return WebAssembly.validate(new Uint8Array(SIMD_PROBE));
}

/**
 * Instantiates the core.
 * @throws CoreError when the module cannot be compiled, or was built for another host version
 * @example
 * ```ts
 * const core = await loadCore();
 * console.log(core.realBytes); // 8
 * ```
 */
export async function loadCore(options: LoadOptions = {}): Promise<Core> {
  return (await coreMaker(record('loadCore', options, LOADING)))();
}

/** What `loadCore` takes, for those who take more. */
export const LOADING: Table<LoadOptions> = {
  wasm: optional(
    that('a module: bytes, compiled or a response', (value) => typeof value === 'object' && value !== null),
  ),
  engines: optional(oneOf('samples', 'all')),
};

/** What makes an instance of the core's `WebAssembly.Module`, which has no imports. */
export type Instantiate = (module: unknown) => CoreExports;

const instantiated: Instantiate = (module) =>
  new WebAssembly.Instance(module as WebAssembly.Module).exports as unknown as CoreExports;

/** Compiles the core once. @returns a function that makes an instance @throws CoreError, as the function does */
export async function coreMaker(
  { wasm, engines = 'all' }: LoadOptions,
  instantiate: Instantiate = instantiated,
): Promise<() => Core> {
  try {
    const source = await (wasm ?? (engines === 'all' ? releaseCore() : compactCore()));
    // A response is known by what it can do: to name its class would make Node load its whole fetch.
    const { ok, status, url } = source as Partial<FetchedModule>;
    if (ok === false) throw new CoreError(Number.NaN, `the module cannot be fetched: ${url} gives ${status}`);
    const given = 'arrayBuffer' in source ? await (source as FetchedModule).arrayBuffer() : source;
    const size = (given as Partial<ArrayBuffer>).byteLength ?? Number.NaN;
    // Compiled here and now: handing so few bytes to another thread takes longer than compiling them.
    const module = isNamed(given, 'WebAssembly.Module')
      ? ownModule(given as WebAssembly.Module)
      : new WebAssembly.Module(given as BufferSource);
    return () => {
      try {
        return new Core(instantiate(module), size);
      } catch (error) {
        throw unusable(error);
      }
    };
  } catch (error) {
    // Asked only now: where there is SIMD, as nearly everywhere, asking would be the first thing to wait for.
    if (wasm === undefined && !supportsSimd())
      throw new CoreError(Number.NaN, 'this engine has no SIMD; pass core.device-fast.wasm as `wasm`');
    throw unusable(error);
  }
}

/** A compiled module as one of this frame or context, which takes no other. */
function ownModule(module: WebAssembly.Module): WebAssembly.Module {
  return module instanceof WebAssembly.Module ? module : structuredClone(module);
}

/** What is wrong with a module. */
function unusable(error: unknown): CoreError {
  if (error instanceof CoreError) return error;
  return new CoreError(Number.NaN, `the module cannot be instantiated: ${messageOf(error)}`, {
    cause: error,
  });
}
