/**
 * WAMR's fast interpreter on this machine. Its C sources come out of the one package of a registry that carries
 * them, the crate wamr-sys, which wamr/Cargo.lock pins: cargo fetches it, cc compiles it.
 */
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { type Engine, firstOf, HERE, INSTALLED, output, ROOT, type Task } from './engine.ts';

const CRATE = { name: 'wamr-sys', version: '0.1.1' };
const FOLDER = `${INSTALLED}wamr/`;
const DEVICES = `${ROOT}host/devices/`;

/** Its C files, for a machine with POSIX threads; of a folder ending with a slash, all. */
const SOURCES = [
  ...['interp_fast', 'loader', 'runtime'].map((name) => `iwasm/interpreter/wasm_${name}.c`),
  ...['exec_env', 'memory', 'native', 'runtime_common', 'shared_memory'].map(
    (name) => `iwasm/common/wasm_${name}.c`,
  ),
  'iwasm/common/arch/invokeNative_general.c',
  'iwasm/libraries/libc-builtin/libc_builtin_wrapper.c',
  'shared/mem-alloc/mem_alloc.c',
  'shared/mem-alloc/ems/',
  'shared/platform/linux/',
  'shared/platform/common/posix/',
  'shared/utils/',
];

const INCLUDES = [
  '',
  'iwasm/include',
  'iwasm/common',
  'iwasm/interpreter',
  'shared/platform/linux',
  'shared/platform/include',
  'shared/utils',
  'shared/mem-alloc',
];

/** How WAMR is built: interpreter alone, bounds checked in software. Its code is not ours: no warnings. */
const FLAGS = [
  ...['-O2', '-w', '-std=gnu11', '-ffp-contract=off'],
  '-DBH_PLATFORM_LINUX',
  `-DBUILD_TARGET_${process.arch === 'arm64' ? 'AARCH64' : 'X86_64'}`,
  ...['-DBH_MALLOC=wasm_runtime_malloc', '-DBH_FREE=wasm_runtime_free'],
  ...['-DWASM_ENABLE_INTERP=1', '-DWASM_ENABLE_FAST_INTERP=1', '-DWASM_DISABLE_HW_BOUND_CHECK=1'],
];

interface CargoMetadata {
  readonly packages: readonly { readonly name: string; readonly manifest_path: string }[];
}

/** The folder `core` of WAMR's sources, which cargo fetches when they are not there. */
async function sources(cargo: string): Promise<string> {
  const manifest = ['--manifest-path', `${HERE}wamr/Cargo.toml`, '--locked'];
  const text = await output(cargo, ['metadata', '--format-version', '1', ...manifest]);
  const crate = (JSON.parse(text) as CargoMetadata).packages.find(({ name }) => name === CRATE.name);
  if (crate === undefined) throw new Error(`cargo found no ${CRATE.name}`);
  return `${dirname(crate.manifest_path)}/wasm-micro-runtime/core/`;
}

/** Compiles WAMR once. @returns its object files */
async function objects(cc: string, core: string): Promise<string[]> {
  const folder = `${FOLDER}objects-${CRATE.version}/`;
  if (!existsSync(folder)) {
    const partial = `${FOLDER}.objects.${process.pid}/`;
    await mkdir(partial, { recursive: true });
    for (const source of SOURCES) {
      const within = source.endsWith('/') ? await readdir(core + source) : [''];
      const files = within
        .filter((name) => name === '' || name.endsWith('.c'))
        .map((name) => core + source + name);
      for (const file of files) {
        const object = `${partial}${basename(file, '.c')}.o`;
        await output(cc, [...FLAGS, ...INCLUDES.map((path) => `-I${core}${path}`), '-c', file, '-o', object]);
      }
    }
    await rename(partial, folder);
  }
  return (await readdir(folder)).map((name) => folder + name);
}

/** The interpreter of scripts over WAMR, for builds with all engines or without. @returns the program's file */
async function program(cc: string, core: string, all: boolean): Promise<string> {
  await mkdir(FOLDER, { recursive: true });
  const file = `${FOLDER}transcript-${all ? 'all' : 'samples'}.${process.pid}`;
  await output(cc, [
    ...['-O2', '-std=gnu11', '-ffp-contract=off', '-Wall', '-Wextra', '-Werror', '-DNLR_INTERPRETED'],
    ...(all ? ['-DNLR_ALL_ENGINES'] : []),
    ...[`-I${DEVICES}`, `-I${HERE}`, `-I${core}iwasm/include`],
    ...['core-wamr.c', 'transcript.c', 'transcript-linux.c'].map((name) => HERE + name),
    `${DEVICES}core-call.c`,
    ...(await objects(cc, core)),
    ...['-lm', '-lpthread', '-o', file],
  ]);
  return file;
}

async function run(cargo: string, cc: string, tasks: readonly Task[]): Promise<string[]> {
  const core = await sources(cargo);
  const transcripts = new Map<Task, string>();
  for (const all of [false, true]) {
    const own = tasks.filter(({ build }) => build.all === all);
    if (own.length === 0) continue;
    const file = await program(cc, core, all);
    try {
      for (const task of own)
        transcripts.set(task, (await output(file, [task.script, task.module])).trimEnd());
    } finally {
      await rm(file, { force: true });
    }
  }
  return tasks.map((task) => transcripts.get(task) ?? '');
}

export const WAMR: Engine = {
  name: 'WAMR x86',
  needs: 'cargo, which fetches its sources, and gcc',
  refuses: ({ simd }) => (simd ? 'this WAMR has no SIMD' : undefined),
  async find() {
    const [cargo, cc] = [firstOf('cargo'), firstOf('cc')];
    if (cargo === undefined || cc === undefined) return undefined;
    return { version: `WAMR of ${CRATE.name} ${CRATE.version}, gcc`, run: (tasks) => run(cargo, cc, tasks) };
  },
};
