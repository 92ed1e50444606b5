/** The machines that C programs are built for, with their compilers, and how their programs are run. */
import { spawnSync } from 'node:child_process';
import { DEVICES } from './tools.ts';

export type TargetName = 'linux' | 'linux-aarch64' | 'linux-s390x' | 'cortex-m4f' | 'riscv-virt';

/** A machine that programs are built for. */
interface Target {
  /** Whether its programs run on Linux, with files and arguments; others are firmware. */
  readonly hosted: boolean;
  readonly compiler: string;
  readonly flags: readonly string[];
  readonly link: readonly string[];
  /** C files that every program needs there. */
  readonly sources: readonly string[];
  /** Flags for the program and its translated core, but not for wasm3. */
  readonly programFlags?: readonly string[];
  /** The command that runs a program. */
  readonly run: (file: string) => readonly string[];
  /** Debian packages with all that. */
  readonly packages: string;
}

const FIRMWARE = [
  '-Os',
  '-ffunction-sections',
  '-fdata-sections',
  '-fno-math-errno',
  '-fno-asynchronous-unwind-tables',
];

/** Linux on another processor, emulated by QEMU without a system. */
const emulated = (processor: string, packages: string): Target => ({
  hosted: true,
  compiler: `${processor}-linux-gnu-gcc`,
  flags: ['-O2', '-static'],
  link: ['-lm'],
  sources: [],
  run: (file) => [`qemu-${processor}`, file],
  packages,
});

export const TARGETS: Readonly<Record<TargetName, Target>> = {
  linux: {
    hosted: true,
    compiler: 'cc',
    flags: ['-O2', '-fno-math-errno'],
    link: ['-lm'],
    sources: [],
    run: (file) => [file],
    packages: 'gcc libc6-dev',
  },
  // Where GCC contracts products and sums unless it is told not to: ISO flags would hide that.
  'linux-aarch64': emulated('aarch64', 'gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user'),
  // The most significant byte of a number first.
  'linux-s390x': emulated('s390x', 'gcc-s390x-linux-gnu libc6-dev-s390x-cross qemu-user'),
  'cortex-m4f': {
    hosted: false,
    compiler: 'arm-none-eabi-gcc',
    flags: ['-mcpu=cortex-m4', '-mthumb', '-mfloat-abi=hard', '-mfpu=fpv4-sp-d16', ...FIRMWARE],
    link: [
      '-nostartfiles',
      '--specs=nano.specs',
      '-Wl,--gc-sections',
      `-T${DEVICES}cortex-m4f/link.ld`,
      '-lm',
    ],
    // What makes the code smallest, by trial; it runs in no more instructions.
    programFlags: [
      ...['-flto', '-flto-partition=one', '-fno-ivopts', '-fno-move-loop-invariants'],
      ...['-fno-schedule-insns2', '-fno-caller-saves'],
    ],
    sources: ['cortex-m4f/board.c', 'board-stack.c', 'flash-ram.c'],
    run: (file) => [
      'qemu-system-arm',
      ...['-M', 'netduinoplus2', '-nographic', '-monitor', 'none', '-serial', 'none'],
      ...['-semihosting-config', 'enable=on,target=native', '-icount', 'shift=0', '-kernel', file],
    ],
    packages: 'gcc-arm-none-eabi libnewlib-arm-none-eabi qemu-system-arm',
  },
  'riscv-virt': {
    hosted: false,
    compiler: 'riscv64-unknown-elf-gcc',
    flags: ['-march=rv32imac', '-mabi=ilp32', '-mcmodel=medany', '--specs=picolibc.specs', ...FIRMWARE],
    link: ['-nostartfiles', '-Wl,--gc-sections', `-T${DEVICES}riscv-virt/link.ld`, '-lm'],
    sources: ['riscv-virt/board.c', 'board-stack.c', 'flash-ram.c'],
    run: (file) => [
      'qemu-system-riscv32',
      ...['-M', 'virt', '-bios', 'none', '-nographic', '-monitor', 'none', '-serial', 'stdio'],
      ...['-icount', 'shift=0', '-kernel', file],
    ],
    packages: 'gcc-riscv64-unknown-elf picolibc-riscv64-unknown-elf qemu-system-misc',
  },
};

/** What a program has put out, and whether it has ended well. */
export interface Ran {
  readonly lines: readonly string[];
  readonly succeeded: boolean;
}

/** Runs a program to its end. @param seconds it is given up after so many */
export function runProgram(
  target: TargetName,
  file: string,
  seconds = 600,
  args: readonly string[] = [],
): Ran {
  const [command, ...rest] = TARGETS[target].run(file);
  const { status, stdout, stderr } = spawnSync(command, [...rest, ...args], {
    encoding: 'utf8',
    timeout: seconds * 1000,
    maxBuffer: 1 << 28,
  });
  // Semihosting puts its lines on the emulator's standard error.
  const lines = `${stdout}${stderr}`.split(/\r?\n/).filter((line) => line !== '');
  return { lines, succeeded: status === 0 };
}
