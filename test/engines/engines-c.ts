/**
 * The core in C programs: translated ahead of time by wasm2c or interpreted by wasm3, on this machine and on
 * emulated ones: AArch64 and s390x with Linux, Cortex-M4F and RISC-V without. Firmware has its scripts linked in.
 */
import {
  buildProgram,
  missing,
  type Program,
  runProgram,
  type TargetName,
  TARGETS,
} from '../../host/devices/build-c.ts';
import type { Build } from './builds.ts';
import { type Engine, HERE, output, PATIENCE, type Present, separated, type Task } from './engine.ts';

/** What every program is made of. */
const SOURCES = ['core-call.c', `${HERE}transcript.c`];

/** Its name in the options of `buildProgram`. */
const buildName = ({ module }: Build) => /core\.(.*)\.wasm$/.exec(module)?.[1] ?? '';

/** A string of C with a line of it a line. */
const quoted = (text: string) =>
  text
    .split('\n')
    .map((line) => `${JSON.stringify(`${line}\n`)}`)
    .join('\n');

/** The scripts that a firmware runs one after another, as C. */
function scriptsSource(tasks: readonly Task[]): string {
  const scripts = tasks.map(({ text }) => quoted(text)).join(',\n');
  return `const char *const transcript_scripts[] = {\n${scripts},\n0,\n};\n`;
}

/**
 * How wasm3 shares 128 KiB of RAM: linear memory as far as the common cases use it, and a heap for what it compiles,
 * which it gives up between calls, and compiles again, when the last number is reached. A call that compiles all of
 * the laid-out engines does not fit into what is left.
 */
const SMALL_WASM3 = {
  memoryBytes: 24 * 1024,
  heapBytes: 80 * 1024,
  defines: { NLR_WASM3_KEEP_BYTES: 36 * 1024 },
} as const;

const COMMON = { flags: [`-I${HERE}`] } as const;

/** Runs the tasks of one build in a program that reads files. */
async function runHosted(
  target: TargetName,
  how: Program['how'],
  build: Build,
  tasks: readonly Task[],
): Promise<string[]> {
  const program = buildProgram({
    ...COMMON,
    target,
    how,
    build: buildName(build),
    sources: [...SOURCES, `${HERE}transcript-linux.c`],
    defines: how === 'wasm3' ? { NLR_INTERPRETED: 1 } : {},
    embedded: false,
  });
  const transcripts: string[] = [];
  for (const { script, module } of tasks) {
    const [command, ...args] = TARGETS[target].run(program);
    const words = how === 'wasm3' ? [...args, script, module] : [...args, script];
    transcripts.push((await output(command, words)).trimEnd());
  }
  return transcripts;
}

/** Runs the tasks of one build in one firmware. */
function runEmulated(
  target: TargetName,
  how: Program['how'],
  build: Build,
  tasks: readonly Task[],
): string[] {
  const firmware = buildProgram({
    ...COMMON,
    target,
    how,
    build: buildName(build),
    sources: [...SOURCES, `${HERE}transcript-firmware.c`],
    generated: { 'scripts.c': scriptsSource(tasks) },
    ...(how === 'wasm3' ? SMALL_WASM3 : {}),
  });
  const { lines, succeeded } = runProgram(target, firmware, PATIENCE / 1000);
  if (!succeeded) throw new Error(`the firmware failed: ${lines.slice(-3).join(' / ').slice(-500)}`);
  return separated(`${lines.join('\n')}\n`);
}

/** Runs tasks build by build, each in a program of its own. */
async function run(target: TargetName, how: Program['how'], tasks: readonly Task[]): Promise<string[]> {
  const found = new Map<Task, string>();
  for (const build of new Set(tasks.map((task) => task.build))) {
    const own = tasks.filter((task) => task.build === build);
    const transcripts = TARGETS[target].hosted
      ? await runHosted(target, how, build, own)
      : runEmulated(target, how, build, own);
    own.forEach((task, i) => found.set(task, transcripts[i] ?? ''));
  }
  return tasks.map((task) => found.get(task) ?? '');
}

/** Why an interpreter or translator does not run a build. */
function refusal(target: TargetName, how: Program['how'], { name, simd, all }: Build): string | undefined {
  if (simd) return `${how} has no SIMD`;
  if ((all || name === 'device-columns-f32') && how === 'wasm3' && !TARGETS[target].hosted) {
    return 'its engines compiled at once and linear memory need more than 128 KiB of RAM';
  }
  return undefined;
}

function compiled(name: string, target: TargetName, how: Program['how'], version: string): Engine {
  const lacks = missing(target, how);
  return {
    name,
    needs: `apt-get install ${lacks ?? ''}`,
    refuses: (build) => refusal(target, how, build),
    async find(): Promise<Present | undefined> {
      return lacks === undefined ? { version, run: (tasks) => run(target, how, tasks) } : undefined;
    },
  };
}

/** wasm2c of the package wabt, and wasm3 of a pinned package, on every target. */
export const C_ENGINES: readonly Engine[] = [
  compiled('wasm2c x86', 'linux', 'wasm2c', 'wasm2c, gcc'),
  compiled('wasm3 x86', 'linux', 'wasm3', 'wasm3 0.5, gcc'),
  compiled('wasm2c AArch64', 'linux-aarch64', 'wasm2c', 'wasm2c, gcc -O2, QEMU'),
  compiled('wasm2c s390x', 'linux-s390x', 'wasm2c', 'wasm2c, gcc -O2, QEMU, most significant byte first'),
  compiled('wasm2c Cortex-M4F', 'cortex-m4f', 'wasm2c', 'wasm2c, gcc, QEMU netduinoplus2'),
  compiled('wasm3 Cortex-M4F', 'cortex-m4f', 'wasm3', 'wasm3 0.5, gcc, QEMU netduinoplus2'),
  compiled('wasm2c RISC-V', 'riscv-virt', 'wasm2c', 'wasm2c, gcc rv32imac, QEMU virt'),
];
