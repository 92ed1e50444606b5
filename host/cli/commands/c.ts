/** `nlr-vqa c` */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { makeFolder } from '../../files/disk.ts';
import type { OutputFile } from '../../files/output-file.ts';
import { type CommonFlags, commonFlags, type ForceFlag, forceFlag } from '../input/flags.ts';
import { oneOf, written } from '../input/values.ts';
import { print, printJson } from '../output/streams.ts';
import { type Outputs, withOutputs } from '../training/outputs.ts';

/** Modules that are there as C, and whether they have all engines. */
const MODULES = {
  'device-f32': false,
  device: false,
  'device-columns-f32': true,
  'device-fast-f32': true,
  'device-fast': true,
} as const;
type Module = keyof typeof MODULES;

/** The core, and what a program that trains takes beside it. */
const CORE = ['core-wasm2c.c', 'wasm2c-runtime.c'];
const TRAINING = ['slots.c', 'paper.c'];
const HEADERS = [
  ...['core.h', 'core-bytes.h', 'core-arithmetic.h', 'wasm2c-runtime.h', 'nlr_vqa.h'],
  ...['slots.h', 'flash.h', 'paper.h'],
];
/** A program that trains, and one that predicts by a model file. */
const [TRAINS, PREDICTS] = ['example.c', 'predict.c'];

const EXAMPLES = `
Examples:
  nlr-vqa c --out firmware/core                            single precision, all engines
  nlr-vqa c --out firmware/core --module device-f32        the smallest
`;

interface CFlags extends CommonFlags, ForceFlag {
  readonly out: string;
  readonly module: Module;
}

/** Copies files of the package, each whole; when one that is there says something else, none of them. */
async function copy(names: readonly string[], folder: string, outputs: Outputs): Promise<void> {
  const files: [OutputFile, Uint8Array][] = [];
  for (const name of names) {
    const bytes = await readFile(new URL(`./c/${name}`, import.meta.url));
    files.push([await outputs.claim('--out', join(folder, name), 'data'), bytes]);
  }
  for (const [file, bytes] of files) await file.holds(bytes);
  for (const [file, bytes] of files) await file.write(bytes);
}

async function c({ out, module, json }: CFlags, outputs: Outputs): Promise<void> {
  const source = `core-module-${module}.c`;
  await makeFolder(out);
  const files = [...CORE, ...TRAINING, ...HEADERS, TRAINS, PREDICTS, source];
  await copy(files, out, outputs);
  const line = (sources: readonly string[], program: string) =>
    [
      ...['cc', '-std=c11', '-O2'],
      ...(MODULES[module] ? ['-DNLR_ALL_ENGINES'] : []),
      `-DNLR_CORE_MODULE='"${source}"'`,
      ...sources,
      ...['-lm', '-o', program],
    ].join(' ');
  const compile = line([TRAINS, ...CORE, ...TRAINING], 'example');
  const predict = line([PREDICTS, ...CORE], 'predict');
  if (json) printJson({ folder: out, module, files, compile, predict });
  else print(compile, predict);
}

/** Adds the command. */
export function addC(program: Command): void {
  const command = program
    .command('c')
    .description(
      'copy the core as C into a folder, and print the lines that compile a training and a prediction there',
    )
    .requiredOption('--out <folder>', 'where to, made if it is not there', written('--out', 'it is a folder'))
    .option(
      '--module <name>',
      `which module: ${Object.keys(MODULES).join(', ')}`,
      oneOf('--module', Object.keys(MODULES) as Module[]),
      'device-fast-f32',
    )
    .addHelpText('after', EXAMPLES)
    .action((flags: CFlags) => withOutputs(flags, (outputs) => c(flags, outputs)));
  forceFlag(command);
  commonFlags(command, 'accepted everywhere; nothing is drawn here');
}
