/** The files that one training writes, and what its checkpoint says of them. */
import { relative } from 'node:path';
import type { OutputFile } from '../../files/output-file.ts';
import type { Context } from '../input/source.ts';
import { shellWord } from '../output/commands.ts';
import { flagName } from '../output/failure.ts';
import { plain } from '../output/plain.ts';
import type { Outputs } from './outputs.ts';

/** What a run writes. */
export type RunFiles = Partial<Record<'out' | 'checkpoint' | 'log' | 'plot', OutputFile>>;

/** Files that a checkpoint names. */
const NAMED = ['log', 'plot', 'out'] as const;

/** Where the files are that a checkpoint names. */
export function pathsOf(files: RunFiles): Pick<Context, (typeof NAMED)[number]> {
  const named = NAMED.flatMap((name) => (files[name] === undefined ? [] : [[name, files[name].path]]));
  return Object.fromEntries(named);
}

const FILE_KINDS = { out: 'model', checkpoint: 'checkpoint', log: 'log', plot: 'svg' } as const;

/** Takes the files that flags name. @throws UsageError, DataError */
export async function claimAll(
  flags: Readonly<Partial<Record<keyof RunFiles, string>>>,
  outputs: Outputs,
  names: readonly (keyof RunFiles)[],
): Promise<RunFiles> {
  const files: RunFiles = {};
  for (const name of names) {
    const file = flags[name];
    if (file !== undefined) files[name] = await outputs.claim(flagName(name), file, FILE_KINDS[name]);
  }
  return files;
}

/** What a checkpoint names, as one word on one line. */
export function shown(path: string): string {
  return JSON.stringify(relative('', path) || path);
}

/** What to say when a checkpoint names a file for something and the user does not. */
function unwritten(file: string, name: (typeof NAMED)[number], path: string): string {
  const what = { out: 'the model', log: 'the log', plot: 'the chart' }[name];
  return `${plain(file)}: it names ${shown(path)} for ${what}, which is written only when asked for: --resume ${shellWord(file)} ${flagName(name)} FILE`;
}

/** A sentence for each file that only the checkpoint names. */
export function unnamedIn(file: string, context: Context, files: RunFiles): string[] {
  return NAMED.flatMap((name) => {
    const path = files[name] === undefined ? context[name] : undefined;
    return path === undefined ? [] : [unwritten(file, name, path)];
  });
}
