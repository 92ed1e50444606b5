/** `nlr-vqa c` */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { makeFolder } from '../../files/disk.ts';
import { writeWhole } from '../../files/output-file.ts';
import { type CommonFlags, commonFlags } from '../input/flags.ts';
import { oneOf, written } from '../input/values.ts';
import { UsageError } from '../output/failure.ts';
import { print, printJson } from '../output/streams.ts';

/** Modules that are there as C, and whether they have all engines. */
const MODULES = {
  'device-f32': false,
  device: false,
  'device-columns-f32': true,
  'device-fast-f32': true,
  'device-fast': true,
} as const;
type Module = keyof typeof MODULES;

const SOURCES = ['core-wasm2c.c', 'wasm2c-runtime.c', 'slots.c', 'paper.c'];
const HEADERS = [
  ...['core.h', 'core-bytes.h', 'core-arithmetic.h', 'wasm2c-runtime.h', 'nlr_vqa.h'],
  ...['slots.h', 'flash.h', 'paper.h'],
];
const EXAMPLE = 'example.c';

const EXAMPLES = `
Examples:
  nlr-vqa c --out firmware/core                            single precision, all engines
  nlr-vqa c --out firmware/core --module device-f32        the smallest
`;

interface CFlags extends CommonFlags {
  readonly out: string;
  readonly module: Module;
}

/** Copies a file of the package, whole; one that is there and says something else is not overwritten. */
async function copy(name: string, folder: string): Promise<void> {
  const [from, to] = [new URL(`./c/${name}`, import.meta.url), join(folder, name)];
  const bytes = await readFile(from);
  const there = await readFile(to).catch(() => undefined);
  if (there === undefined) await writeWhole(to, bytes);
  else if (!there.equals(bytes))
    throw new UsageError(`${to} is there already and has another content; --out wants a folder without it`);
}

async function c({ out, module, json }: CFlags): Promise<void> {
  const source = `core-module-${module}.c`;
  await makeFolder(out);
  for (const name of [...SOURCES, ...HEADERS, EXAMPLE, source]) await copy(name, out);
  const compile = [
    ...['cc', '-std=c11', '-O2'],
    ...(MODULES[module] ? ['-DNLR_ALL_ENGINES'] : []),
    `-DNLR_CORE_MODULE='"${source}"'`,
    ...[EXAMPLE, ...SOURCES],
    ...['-lm', '-o', 'example'],
  ].join(' ');
  if (json) printJson({ folder: out, module, files: [...SOURCES, ...HEADERS, EXAMPLE, source], compile });
  else print(compile);
}

/** Adds the command. */
export function addC(program: Command): void {
  const command = program
    .command('c')
    .description('copy the core as C into a folder, and print the line that compiles it there')
    .requiredOption('--out <folder>', 'where to, made if it is not there', written('--out', 'it is a folder'))
    .option(
      '--module <name>',
      `which module: ${Object.keys(MODULES).join(', ')}`,
      oneOf('--module', Object.keys(MODULES) as Module[]),
      'device-fast-f32',
    )
    .addHelpText('after', EXAMPLES)
    .action(c);
  commonFlags(command, 'accepted everywhere; nothing is drawn here');
}
