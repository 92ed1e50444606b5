/**
 * The application as firmware: builds it for an emulated board, runs it, shows its lines.
 *
 *   node --import tsx --import ./test/support/wasm.mjs host/devices/application.ts cortex-m4f wasm2c device-fast-f32
 *
 * Steps, engine and the step in whose middle the power fails may follow: `... 20 columns 10`. Exits with 0 when it
 * ended with the bits that this engine foretold.
 */
import { readFileSync } from 'node:fs';
import { ENGINES, type EngineName } from '../api/choices.ts';
import { buildProgram, missing, type Program, runProgram, type TargetName, TARGETS } from './build-c.ts';
import { digitsSource } from './digits.ts';
import { type Application, expectedHeader } from './expected.ts';
import { isProgram } from './tools.ts';

/** The C files of the application, beside those of the board. */
const SOURCES = ['firmware.c', 'train.c', 'text.c', 'paper.c', 'slots.c'];

/** The firmware of an application, with the digits and what it has to end with. */
export async function applicationProgram(
  program: Omit<Program, 'sources' | 'generated'>,
  application: Application,
): Promise<Program> {
  const wasm = new Uint8Array(
    readFileSync(new URL(`../../build/core.${program.build}.wasm`, import.meta.url)),
  );
  const generated = {
    'expected.h': await expectedHeader(wasm, application),
    'digits.c': await digitsSource(),
  };
  return { ...program, sources: SOURCES, generated };
}

/**
 * Linear memory, heap and stack of the application within 128 KiB. Interpreted, the double-precision build with all
 * engines does not fit.
 */
export function roomFor(how: Program['how'], build: string): Partial<Program> {
  if (how === 'wasm2c') return { memoryBytes: 49152 };
  const fast = /fast|columns/.test(build);
  return {
    memoryBytes: build.endsWith('f32') ? 12288 : 18944,
    heapBytes: fast ? 103000 : 62000,
    link: ['-Wl,--defsym=STACK_BYTES=5120'],
    // More would leave too little for what one call compiles; less means compiling the same again and again.
    defines: { NLR_WASM3_STACK_BYTES: 2048, NLR_WASM3_KEEP_BYTES: fast ? 58000 : 20000 },
  };
}

async function main(words: readonly string[]): Promise<void> {
  const [target, how, build, steps = '20', engine = 'auto', cutInStep = '10'] = words;
  if (!(target in TARGETS) || (how !== 'wasm2c' && how !== 'wasm3') || !(engine in ENGINES)) {
    throw new Error('usage: application.ts TARGET wasm2c|wasm3 BUILD [STEPS [ENGINE [CUT]]]');
  }
  const name = target as TargetName;
  const lacking = missing(name, how);
  if (lacking !== undefined) throw new Error(`please install: ${lacking}`);
  const program = await applicationProgram(
    { target: name, how, build, ...roomFor(how, build) },
    {
      steps: Number(steps),
      // One before the power fails, at least.
      checkpointEvery: Math.max(1, Math.min(4, Number(cutInStep) - 1)),
      work: 20,
      shots: 'exact',
      engine: engine as EngineName,
      cutInStep: Number(cutInStep),
    },
  );
  const { lines, succeeded } = runProgram(name, buildProgram(program));
  process.stdout.write(`${lines.join('\n')}\n`);
  process.exitCode = succeeded ? 0 : 1;
}

if (isProgram(import.meta.url)) {
  try {
    await main(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exitCode = 2;
  }
}
