/** Firmware that measures itself, and what its image says: the figures of bench:devices. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { buildProgram, type Program, runProgram } from '../../host/devices/build-c.ts';
import { digitsSource } from '../../host/devices/digits.ts';
import type { Application } from '../../host/devices/expected.ts';
import { applicationProgram } from '../../host/devices/application.ts';

/** A way to run the core on a device. */
export interface Configuration {
  readonly target: 'cortex-m4f' | 'riscv-virt';
  readonly how: Program['how'];
  /** Which build of the core. */
  readonly build: string;
  readonly engine: Exclude<Application['engine'], 'auto'>;
  /** Bytes of linear memory. */
  readonly memoryBytes: number;
  /** Shots of the step with shots; 0: it is not measured. */
  readonly shots: number;
  /** wasm3 only: bytes of its heap, and of compiled code that it keeps between calls. */
  readonly heapBytes?: number;
  readonly keepBytes?: number;
  /** Work of one slice of a step; default: the step is not sliced. */
  readonly work?: number;
  /** Bytes of RAM; default: the board's 128 KiB. */
  readonly ramBytes?: number;
  /** Compiler flags behind those of the target. */
  readonly flags?: readonly string[];
}

/** Bytes of an image, by where they lie. */
export interface Sizes {
  /** Code, constants and the start values of variables. */
  readonly flash: number;
  /** Of it the core: its code as translated, or its module. */
  readonly core: number;
  /** Of it the digits. */
  readonly digits: number;
  /** Static RAM: linear memory and variables, without heap, stack and emulated flash. */
  readonly ram: number;
}

/** Everything counted on one configuration: names of measure.c, instructions or bytes. */
export interface Measured {
  readonly configuration: Configuration;
  readonly sizes: Sizes;
  readonly counts: Readonly<Record<string, number>>;
  /** Instructions of every step_advance(1) of one step, in their order. */
  readonly slices: readonly number[];
}

/** Sections of the linker scripts that are in flash, and the static RAM. */
const FLASH_SECTIONS = ['.text', '.ARM.exidx', '.data'];
const RAM_SECTIONS = ['.data', '.bss'];
const STACK_BYTES = 5120;

function tool(target: Configuration['target'], name: string, args: readonly string[]): string {
  const prefix = target === 'cortex-m4f' ? 'arm-none-eabi-' : 'riscv64-unknown-elf-';
  const { stdout, status } = spawnSync(prefix + name, args, { encoding: 'utf8', maxBuffer: 1 << 26 });
  if (status !== 0) throw new Error(`${prefix}${name} failed`);
  return stdout;
}

/** Bytes of the symbols whose names fit. */
function symbolBytes(target: Configuration['target'], file: string, pattern: RegExp): number {
  return tool(target, 'nm', ['-S', '-t', 'd', file])
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([, , , name]) => name !== undefined && pattern.test(name))
    .reduce((sum, [, bytes]) => sum + Number(bytes), 0);
}

function sizes({ target, how, heapBytes = 0 }: Configuration, file: string): Sizes {
  const found = new Map(
    [...tool(target, 'size', ['-A', file]).matchAll(/^(\.\S+)\s+(\d+)/gm)].map(([, name, bytes]) => [
      name,
      Number(bytes),
    ]),
  );
  const sum = (names: readonly string[]) => names.reduce((total, name) => total + (found.get(name) ?? 0), 0);
  // Functions of the translated module, its static data, and the bindings.
  const core = how === 'wasm2c' ? /^(w2c_|nlr_|Z_core|core_|data_segment)/ : /^bytes(\.\d+)?$/;
  return {
    flash: sum(FLASH_SECTIONS),
    core: symbolBytes(target, file, core),
    digits: symbolBytes(target, file, /^digits_/),
    ram: sum(RAM_SECTIONS) - (how === 'wasm3' ? heapBytes : 0),
  };
}

/** What a configuration means for a program. */
function programOf(configuration: Configuration): Omit<Program, 'sources'> {
  const { target, how, build, memoryBytes, heapBytes, keepBytes, ramBytes, flags } = configuration;
  return {
    target,
    how,
    build,
    memoryBytes,
    heapBytes,
    flags,
    link: [
      `-Wl,--defsym=STACK_BYTES=${STACK_BYTES}`,
      ...(ramBytes === undefined ? [] : [`-Wl,--defsym=RAM_BYTES=${ramBytes}`]),
    ],
    defines: {
      ...(how === 'wasm3' ? { NLR_WASM3_STACK_BYTES: /fast|columns/.test(build) ? 3072 : 1536 } : {}),
      ...(keepBytes === undefined ? {} : { NLR_WASM3_KEEP_BYTES: keepBytes }),
    },
  };
}

/** Sizes of the application: training, checkpoints and sampler. */
export async function applicationSizes(configuration: Configuration): Promise<Sizes> {
  const { engine } = configuration;
  const program = await applicationProgram(
    { ...programOf(configuration), link: [] },
    { steps: 10, checkpointEvery: 4, work: 20, shots: 'exact', engine, cutInStep: 0 },
  );
  return sizes(configuration, buildProgram(program));
}

/**
 * Builds the measuring firmware and runs it twice.
 * @throws Error when it fails, or when an instruction count is not repeatable
 */
export async function measure(configuration: Configuration): Promise<Measured> {
  const { target, engine, shots, work = 2 ** 31 - 1 } = configuration;
  const program = programOf(configuration);
  const file = buildProgram({
    ...program,
    sources: [fileURLToPath(new URL('measure.c', import.meta.url)), 'text.c', 'paper.c', 'slots.c'],
    generated: { 'digits.c': await digitsSource() },
    defines: {
      ...program.defines,
      MEASURE_ENGINE: `NLR_ENGINE_${engine.toUpperCase()}`,
      MEASURE_SHOTS: shots,
      MEASURE_WORK: work,
    },
  });
  const [first, second] = [0, 1].map(() => runProgram(target, file));
  const name = `${target} ${configuration.how} ${configuration.build} ${engine}`;
  if (!first.succeeded) throw new Error(`${name}: ${first.lines.slice(-3).join('; ')}`);
  if (first.lines.join() !== second.lines.join()) throw new Error(`${name}: two runs have different counts`);
  const pairs = first.lines
    .map((line) => /^([\w-]+) (\d+)$/.exec(line))
    .filter((match) => match !== null)
    .map(([, key, value]): [string, number] => [key, Number(value)]);
  return {
    configuration,
    sizes: sizes(configuration, file),
    counts: Object.fromEntries(pairs.filter(([key]) => key !== 'slice')),
    slices: pairs.filter(([key]) => key === 'slice').map(([, value]) => value),
  };
}
