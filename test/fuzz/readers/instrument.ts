/**
 * The readers as one script, of which two things are known about every run, alike on every machine: which bytes of
 * it ran, and how often (V8's precise coverage), and how many bytes it allocated.
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { type Profiler, Session } from 'node:inspector';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { build } from 'esbuild';
import { ensureBuilt } from '../../support/built.mjs';
import type { Subject } from './subjects.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const BUNDLE = `${ROOT}build/fuzz/readers.mjs`;
const WASM = 'build/core.device.wasm';

/** What the bundle finds instead of the global constructors of its name: the same, but counted. */
const COUNTED = [
  ...['Array', 'ArrayBuffer', 'Uint8Array', 'Int8Array', 'Uint16Array', 'Int16Array'],
  ...['Uint32Array', 'Int32Array', 'Float32Array', 'Float64Array'],
] as const;

let allocated = 0;

/** Bytes that a constructor's first argument asks for. */
function asked(size: number, first: unknown): number {
  if (typeof first === 'number') return size * first;
  if (ArrayBuffer.isView(first) || Array.isArray(first)) return size * (first as Uint8Array).length;
  return 0;
}

/** A constructor that adds up what is made by it, `from` included. */
function counted(name: (typeof COUNTED)[number]): unknown {
  const made = globalThis[name] as new (...args: unknown[]) => object;
  const size = (made as unknown as { BYTES_PER_ELEMENT?: number }).BYTES_PER_ELEMENT;
  return new Proxy(made, {
    construct(target, args) {
      allocated += asked(size ?? (name === 'Array' ? 8 : 1), args[0]);
      return Reflect.construct(target, args);
    },
  });
}

/** What some runs did. */
export interface Observed {
  /** Whether a byte of the script ran that had not run before. */
  readonly isNew: boolean;
  /** How often the most frequent part of it ran. */
  readonly work: number;
}

/** The instrumented readers. One a process: V8 counts for all of it. */
export class Instrumented {
  readonly #session: Session;
  readonly #seen: Uint8Array;
  readonly #now: Uint8Array;

  private constructor(
    readonly subjects: Readonly<Record<string, Subject>>,
    /** Texts that the readers compare with: strings of their source. */
    readonly words: readonly string[],
    session: Session,
    length: number,
  ) {
    this.#session = session;
    this.#seen = new Uint8Array(length);
    this.#now = new Uint8Array(length);
  }

  /** Bundles and loads the readers. */
  static async load(): Promise<Instrumented> {
    ensureBuilt(WASM);
    const { outputFiles } = await build({
      absWorkingDir: ROOT,
      entryPoints: ['test/fuzz/readers/subjects.ts'],
      bundle: true,
      write: false,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      // Modules are given, never fetched from the bundle.
      loader: { '.wasm': 'empty' },
      banner: { js: `const { ${COUNTED.join(', ')} } = globalThis[Symbol.for('nlr-vqa counted')];` },
      logLevel: 'error',
    });
    const source = outputFiles[0].text;
    const own = `${BUNDLE}.${process.pid}.mjs`;
    mkdirSync(`${ROOT}build/fuzz`, { recursive: true });
    writeFileSync(own, source);
    renameSync(own, BUNDLE);
    // Optimized code does not count what it has inlined, and when code is optimized is a matter of the clock.
    setFlagsFromString('--no-opt');
    setFlagsFromString('--no-maglev');
    const session = new Session();
    session.connect();
    session.post('Profiler.enable');
    session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
    Object.assign(globalThis, {
      [Symbol.for('nlr-vqa counted')]: Object.fromEntries(COUNTED.map((name) => [name, counted(name)])),
    });
    const { subjectsOf } = (await import(pathToFileURL(BUNDLE).href)) as typeof import('./subjects.ts');
    const wasm = new WebAssembly.Module(readFileSync(ROOT + WASM));
    const words = new Set(Array.from(source.matchAll(/["']([\w-]{2,20})["']/g), ([, word]) => word));
    return new Instrumented(subjectsOf(wasm), [...words].sort(), session, source.length);
  }

  /** Bytes allocated since this was last asked. */
  takeAllocated(): number {
    const bytes = allocated;
    allocated = 0;
    return bytes;
  }

  /** Counts nothing as known any more. */
  forget(): void {
    this.observe(false);
    this.#seen.fill(0);
  }

  /** What ran since this was last asked. @param keep whether it counts as known from now on */
  observe(keep: boolean): Observed {
    let ran: Profiler.ScriptCoverage | undefined;
    this.#session.post('Profiler.takePreciseCoverage', (error, found) => {
      if (error !== null) throw error;
      ran = found.result.find(({ url }) => url === pathToFileURL(BUNDLE).href);
    });
    const now = this.#now.fill(0);
    let work = 0;
    // Inner ranges come behind those that they lie in, and count for their part.
    for (const { ranges } of ran?.functions ?? []) {
      for (const { startOffset, endOffset, count } of ranges) {
        now.fill(Math.min(count, 1), startOffset, endOffset);
        work = Math.max(work, count);
      }
    }
    let isNew = false;
    for (let at = 0; at < now.length; at++) {
      if (now[at] <= this.#seen[at]) continue;
      isNew = true;
      if (!keep) break;
      this.#seen[at] = 1;
    }
    return { isNew, work };
  }
}
