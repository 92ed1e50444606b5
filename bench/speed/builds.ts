/** The modules under measurement: those of the package, and those made of them here. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { countingModule } from './operations.ts';
import { peakModule } from './peak.ts';

/** A module and what to call it. */
export interface Build {
  readonly name: string;
  readonly wasm: Uint8Array<ArrayBuffer>;
}

/** Cores in double precision, whose bits agree, and one module that is none. */
export interface Builds {
  /** What a package user gets: SIMD, all engines. */
  readonly release: Build;
  /** The same source and the same optimisation, one lane at a time. */
  readonly scalar: Build;
  /** The device build with all engines: one page, scalar, WebAssembly MVP. */
  readonly deviceFast: Build;
  /** The release build, counting its floating-point operations: see operations.ts. */
  readonly counting: Build;
  /** What the highest arithmetic rate is measured with: see peak.ts. */
  readonly peak: Build;
}

/** The parts of asconfig.json that are looked at. */
interface CompilerConfig {
  readonly targets: Record<string, { readonly use: readonly string[]; readonly enable?: readonly string[] }>;
  readonly options: object;
}

const root = new URL('../../', import.meta.url);

/** Path of a file of the package. */
export function path(relative: string): string {
  return fileURLToPath(new URL(relative, root));
}

/** Where the suite keeps what it makes. */
export function workFolder(): string {
  const folder = path('build/speed/');
  mkdirSync(folder, { recursive: true });
  return folder;
}

function read(relative: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(path(relative)));
}

/** The release target with scalar lanes. The compiler's options on the command line do not replace lists, a configuration does. */
function scalarConfig(): object {
  const { targets, options } = JSON.parse(readFileSync(path('asconfig.json'), 'utf8')) as CompilerConfig;
  const { enable = [], use, ...release } = targets.release;
  return {
    entries: ['../../assembly/index.ts'],
    targets: {
      scalar: {
        ...release,
        outFile: 'core.scalar.wasm',
        use: use.map((constant) => (constant.startsWith('lanes=') ? 'lanes=f64' : constant)),
        enable: enable.filter((feature) => feature !== 'simd'),
        disable: ['simd'],
      },
    },
    options,
  };
}

/** Compiles the scalar twin, tuned as the release build is, unless it is newer than the release build. */
async function scalarModule(): Promise<Uint8Array<ArrayBuffer>> {
  const file = `${workFolder()}core.scalar.wasm`;
  const isNew = existsSync(file) && statSync(file).mtimeMs > statSync(path('build/core.wasm')).mtimeMs;
  if (!isNew) {
    const config = `${workFolder()}asconfig.json`;
    writeFileSync(config, JSON.stringify(scalarConfig()));
    const compiler = path('node_modules/assemblyscript/bin/asc.js');
    execFileSync(process.execPath, [compiler, '--config', config, '--target', 'scalar'], {
      cwd: path('.'),
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const { tuneWasm } = (await import(new URL('host/build/tune-wasm.mjs', root).href)) as {
      tuneWasm(wasm: Uint8Array, target: string, absent: readonly string[]): Uint8Array;
    };
    writeFileSync(file, tuneWasm(readFileSync(file), 'release', []));
  }
  return new Uint8Array(readFileSync(file));
}

/**
 * Has functions compiled by the engine's optimising compiler as soon as it asks for that. Otherwise they go on
 * in code of its quick compiler until the other one, in the background, has had its turn: on a busy machine
 * through many rounds. The versions of V8 before 12 cannot wait, but can do without the quick compiler.
 */
function compileAtOnce(): void {
  const major = Number.parseInt(process.versions.v8, 10);
  setFlagsFromString(major < 12 ? '--no-liftoff' : '--wasm-sync-tier-up');
}

/** Reads what `npm run build` made, and makes the rest. Only then are modules to be run. */
export async function loadBuilds(): Promise<Builds> {
  const release = read('build/core.wasm');
  const builds = {
    release: { name: 'SIMD', wasm: release },
    scalar: { name: 'scalar', wasm: await scalarModule() },
    deviceFast: { name: 'device-fast', wasm: read('build/core.device-fast.wasm') },
    counting: { name: 'counting', wasm: countingModule(release) },
    peak: { name: 'peak', wasm: await peakModule() },
  };
  compileAtOnce();
  return builds;
}
