/**
 * Builds a C program with the core in it, for this machine or for an emulated one: translated to C ahead of time, or
 * interpreted by wasm3, whose sources come out of a pinned package. Everything lands in build/devices/, in a
 * folder named after all that went into it, so that nothing is built twice and nothing stale is run.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TARGETS, type TargetName } from './targets.ts';
import { BUILD, DEVICES, folderOnce, hasPip, isThere, ROOT, run, sha256 } from './tools.ts';
import { translate, TRANSLATOR } from './translate.mjs';
import { wasm3Folder, wasm3Objects, wasm3Settings, wasm3Sources } from './wasm3-sources.ts';

export { type Ran, runProgram, TARGETS, type TargetName } from './targets.ts';

/** wasm3's heap where nothing else is said. */
const HEAP_BYTES = 65536;

/** A program to build. */
export interface Program {
  readonly target: TargetName;
  /** How the core runs: translated to C, or interpreted. */
  readonly how: 'wasm2c' | 'wasm3';
  /** Which build of the core: the file build/core.<build>.wasm. */
  readonly build: string;
  /** Its own C files: absolute, or as seen from host/devices. */
  readonly sources: readonly string[];
  /** Files that it includes or compiles (*.c), by name. */
  readonly generated?: Readonly<Record<string, string>>;
  readonly defines?: Readonly<Record<string, string | number>>;
  /** Bytes of linear memory; default: the whole page. */
  readonly memoryBytes?: number;
  /** Bytes of wasm3's static heap on a microcontroller; default 64 KiB. */
  readonly heapBytes?: number;
  /** Whether the module's bytes are linked in (wasm3 only); default true. */
  readonly embedded?: boolean;
  /** Compiler flags after those of the target, and linker flags. */
  readonly flags?: readonly string[];
  readonly link?: readonly string[];
}

/** What this machine lacks to build and run for a target, as the packages to install; undefined: nothing. */
export function missing(target: TargetName, how: Program['how']): string | undefined {
  const { compiler, run: command, packages } = TARGETS[target];
  const emulator = target === 'linux' ? [] : [command('')[0]];
  const wanted = [compiler, ...emulator].every(isThere) ? [] : [packages];
  if (how === 'wasm3' && !existsSync(wasm3Folder()) && !hasPip()) wanted.push('python3-pip');
  return wanted.length === 0 ? undefined : wanted.join(' ');
}

/** A module's bytes as C, for core-wasm3.h. */
function moduleSource(wasm: Uint8Array): string {
  return [
    '#include "core-wasm3.h"',
    `static const uint8_t bytes[${wasm.length}] __attribute__((aligned(4))) = {${wasm.join(',')}};`,
    'const uint8_t *core_module = bytes;',
    `uint32_t core_module_bytes = ${wasm.length};\n`,
  ].join('\n');
}

/** All that host/devices has to include or compile, for the name of a folder. */
function ownSources(): string {
  return readdirSync(DEVICES, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(c|h|ld)$/.test(name) || name === 'translate.mjs')
    .sort()
    .map((name) => `${name}\n${readFileSync(DEVICES + name, 'utf8')}`)
    .join('\n');
}

/** What the core adds to a program: C files, objects, and compiler flags. */
interface Parts {
  readonly files: readonly string[];
  readonly objects: readonly string[];
  readonly flags: readonly string[];
}

/** The core translated to C, in a folder. */
function translated(build: string, folder: string): Parts {
  writeFileSync(join(folder, 'core-module.c'), translate(`${ROOT}build/core.${build}.wasm`));
  return { files: [`${DEVICES}core-wasm2c.c`, `${DEVICES}wasm2c-runtime.c`], objects: [], flags: [] };
}

/** The core interpreted, with its module in a folder. */
function interpreted({ target, build, embedded = true }: Program, folder: string): Parts {
  const files = [`${DEVICES}core-wasm3.c`];
  if (!TARGETS[target].hosted) files.push(`${DEVICES}wasm3-heap.c`);
  if (embedded) {
    const module = join(folder, 'core-module.c');
    writeFileSync(module, moduleSource(readFileSync(`${ROOT}build/core.${build}.wasm`)));
    files.push(module);
  }
  const flags = [`-isystem${wasm3Sources()}`, ...wasm3Settings(target)];
  return { files, objects: wasm3Objects(target), flags };
}

/** All flags of the compiler but for where it finds files. */
function compilerFlags({
  target,
  how,
  build,
  heapBytes,
  memoryBytes,
  defines,
  flags = [],
}: Program): string[] {
  const { hosted, flags: targetFlags, programFlags = [] } = TARGETS[target];
  const macros = {
    NLR_ALL_ENGINES: /fast|columns/.test(build) ? 1 : undefined,
    NLR_WASM3_HEAP_BYTES: how === 'wasm3' && !hosted ? (heapBytes ?? HEAP_BYTES) : undefined,
    NLR_MEMORY_BYTES: memoryBytes,
    ...defines,
  };
  return [
    ...targetFlags,
    ...programFlags,
    ...['-std=gnu11', '-Wall', '-Wextra', '-Werror', '-DNDEBUG'],
    ...Object.entries(macros)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => `-D${name}=${value}`),
    ...flags,
  ];
}

/**
 * Builds a program.
 * @returns the path of the executable or ELF image
 * @throws Error with what the failing tool said
 */
export function buildProgram(program: Program): string {
  const { target, how, build, sources, generated = {} } = program;
  const { compiler, link, sources: boardSources } = TARGETS[target];
  const own = [...boardSources, ...sources].map((name) => (name.startsWith('/') ? name : DEVICES + name));
  const flags = compilerFlags(program);
  const linked = [...link, ...(program.link ?? [])];
  const key = sha256(
    readFileSync(`${ROOT}build/core.${build}.wasm`),
    ownSources(),
    run(compiler, ['--version']),
    JSON.stringify([
      flags,
      linked,
      own,
      own.map((file) => readFileSync(file, 'utf8')),
      generated,
      program.embedded,
      TRANSLATOR,
      how === 'wasm3' ? wasm3Settings(target) : [],
    ]),
  );
  const folder = folderOnce(`${BUILD}${target}-${how}-${build}-${key.slice(0, 16)}`, (partial) => {
    for (const [name, text] of Object.entries(generated)) writeFileSync(join(partial, name), text);
    const made = Object.keys(generated).filter((name) => name.endsWith('.c'));
    const core = how === 'wasm2c' ? translated(build, partial) : interpreted(program, partial);
    const include = [`-I${partial}`, `-I${DEVICES}`, ...core.flags];
    const files = [...own, ...made.map((name) => join(partial, name)), ...core.files, ...core.objects];
    run(compiler, [...flags, ...include, ...files, ...linked, '-o', join(partial, 'program')]);
  });
  return join(folder, 'program');
}
