/**
 * What a command may put something else in the place of. One rule for all of them: a file that is there is replaced where
 * it begins as what the command writes there does, and it is no training that has not ended; one that has no beginning
 * of its own, only by the same bytes. Anything else takes `--force`.
 */
import { open, stat } from 'node:fs/promises';
import { openFile } from '../../api/file-description.ts';
import { NlrError } from '../../core/errors.ts';
import { readBytes } from '../../files/disk.ts';
import { restored } from '../input/model-file.ts';
import { UsageError } from '../output/failure.ts';
import { plain } from '../output/plain.ts';

/** How far into a file its beginning goes. */
const HEAD_BYTES = 16384;

/** Files that say what they are, by what they begin with. */
const BEGINNINGS = {
  model: /^NLRV/,
  checkpoint: /^NLRV/,
  /** Lines of JSON, a step each. */
  log: /^\{"step":/,
  svg: /^<svg [^]*prefers-color-scheme:dark/,
  png: /^\x89PNG\r\n/,
  page: /^<!doctype html>[^]*<meta name="generator" content="nlr-vqa">/,
  /** OpenQASM by `export`. */
  program: /^\/\/ .*; its outputs are the expectations of /,
  /** Tables of studies. */
  table: /^(problem|experiment),/,
  /** The same as JSON. */
  record: /^\{"(problem|format)":/,
} as const;

/** What a file is to be. `data`: CSV, IDX, C, predictions; `checked`: the command looks at what is there by itself. */
export type Kind = keyof typeof BEGINNINGS | 'data' | 'checked';

const KINDS_BY_END: readonly (readonly [string, Kind])[] = [
  ['.html', 'page'],
  ['.svg', 'svg'],
  ['.png', 'png'],
  ['.csv', 'table'],
  ['.json', 'record'],
];

/** The kind of a file of a report's folder, by its name. */
export function kindOfReport(name: string): Kind {
  return KINDS_BY_END.find(([end]) => name.endsWith(end))?.[1] ?? 'data';
}

async function headOf(path: string): Promise<string> {
  const handle = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.toString('latin1', 0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** What is to be known of a model or checkpoint before it is replaced; undefined of a damaged one, which is no loss. */
async function stateOf(
  name: string,
): Promise<{ kind: 'model' | 'checkpoint'; step: number; of: number } | undefined> {
  try {
    const { images, read } = openFile(await readBytes(name), name);
    const of = read.resolvedTraining.steps;
    const step = read.kind === 'model' ? of : (await restored(images[0], read, name)).report().step;
    return { kind: read.kind, step, of };
  } catch (error) {
    if (error instanceof NlrError) return undefined;
    throw error;
  }
}

/** What is said of a file that has something else in it. */
const other = (name: string) =>
  `${plain(name)} is there already and has another content; give another name, or --force, which replaces it`;

/** Refuses other bytes than those that are there, when they are known. */
export function refuseOther(name: string): never {
  throw new UsageError(other(name));
}

/**
 * Looks at what would be replaced.
 * @param flag that names it
 * @returns whether what is written may only be what is there
 * @throws UsageError
 */
export async function checkReplaceable(flag: string, name: string, kind: Kind): Promise<boolean> {
  if (kind === 'checked') return false;
  const there = await stat(name).catch(() => undefined);
  // What is no file, or not to be read, is refused where it is taken; an empty file is nobody's loss.
  if (!there?.isFile() || there.size === 0) return false;
  if (kind === 'data') return true;
  const head = await headOf(name).catch(() => undefined);
  if (head === undefined) return false;
  const what = `${flag} names ${plain(name)}, which is there already and`;
  const isImage = kind === 'model' || kind === 'checkpoint';
  const isLike = BEGINNINGS[kind].test(head);
  const state = isImage && isLike ? await stateOf(name) : undefined;
  if (state?.kind === 'checkpoint' && state.step < state.of)
    throw new UsageError(
      `${what} is a training after step ${state.step} of ${state.of}: --resume goes on with it, --force replaces it`,
    );
  if (!isLike || (state !== undefined && state.kind !== kind))
    throw new UsageError(
      `${what} is no ${kind} of nlr-vqa; give another name, or --force, which replaces it`,
    );
  return false;
}
