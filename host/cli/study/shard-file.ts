/**
 * What a shard leaves beside its cells: the whole comparison as plain data, so that whoever has the files of all shards can
 * put them together without the data, and can tell when they are of different comparisons.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DataError } from '../../core/errors.ts';
import { isFields } from '../../core/checks.ts';
import { readText, refuseFile } from '../../files/disk.ts';
import { hashOf, hashOfCell } from '../../study/cell.ts';
import { MEASURE_NAMES } from '../../study/comparison.ts';
import { checkShard, type Shard } from '../../study/shard.ts';
import { version } from '../../../package.json';
import { UsageError } from '../output/failure.ts';
import { type Comparison, comparedCells, tunedArms, tuningCells } from './run.ts';

const FORMAT = 1;
const NAME = /^shard-\d+-of-\d+\.json$/;

/** A shard's file, as it was read. */
export interface ShardFile {
  readonly file: string;
  readonly shard: Shard;
  readonly comparison: Comparison;
  /** The same of two shards if they are of the same comparison. */
  readonly identity: string;
  /** Of the command, but for the shard. */
  readonly args: readonly string[];
}

/** Names of a shard's files in its folder: what it is a part of, and its finished cells. */
export function namesOf({ index, of }: Shard): { readonly about: string; readonly cells: string } {
  return { about: `shard-${index}-of-${of}.json`, cells: `cells-${index}-of-${of}.jsonl` };
}

/** `3/8`: the third of eight. */
export function shardFlag(text: string): Shard {
  const [, index, of] = /^(\d{1,7})\/(\d{1,7})$/.exec(text) ?? [];
  const shard = { index: Number(index), of: Number(of) };
  try {
    checkShard(shard);
    return shard;
  } catch {
    throw new UsageError(`--shard is '${text}'; expected I/N, I from 1 to N, such as 3/8`);
  }
}

/** What does not depend on the machine: neither where files are, nor how fast it is. */
function portable({ problem, arms, ...rest }: Comparison): Comparison {
  return {
    ...rest,
    problem: { ...problem, where: undefined },
    arms: arms.map((arm) => ({
      ...arm,
      settings: arm.settings.map((setting) => ({ ...setting, cost: { ...setting.cost, seconds: 0 } })),
    })),
  };
}

/** Arguments without some flag and its value. */
function without(args: readonly string[], flag: string): string[] {
  return args.filter((arg, i) => arg !== flag && args[i - 1] !== flag && !arg.startsWith(`${flag}=`));
}

/** The file's content. @param args of the command */
export function shardText(comparison: Comparison, shard: Shard, args: readonly string[]): string {
  const study = portable(comparison);
  const about = { format: FORMAT, version, shard, args: without(args, '--shard'), identity: hashOf(study) };
  return `${JSON.stringify({ ...about, study })}\n`;
}

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value) && value.length > 0;

/** Reads a comparison. @throws whatever it lacks */
function comparisonFrom(study: unknown): Comparison {
  if (!isFields(study) || !isFields(study.problem) || !isList(study.arms) || !isList(study.seeds))
    throw new TypeError('no comparison');
  const comparison = study as unknown as Comparison;
  if (typeof comparison.problem.name !== 'string' || !MEASURE_NAMES.includes(comparison.tuneFor))
    throw new TypeError('no comparison');
  for (const { settings, name } of comparison.arms)
    if (!isList(settings) || typeof name !== 'string') throw new TypeError('no rule');
  // A hash checks all that a cell has.
  for (const { cell } of tuningCells(comparison)) hashOfCell(cell);
  const first = comparison.arms.map((arm) => ({ ...arm, settings: arm.settings.slice(0, 1) }));
  const untuned = { ...comparison, arms: first };
  for (const { cell } of comparedCells(untuned, tunedArms(untuned, [], []))) hashOfCell(cell);
  return comparison;
}

async function readShard(file: string): Promise<ShardFile> {
  const text = await readText(file);
  try {
    const found: unknown = JSON.parse(text);
    if (!isFields(found) || found.format !== FORMAT || !isFields(found.shard) || !isFields(found.study))
      throw new TypeError('no shard');
    if (found.version !== version) {
      const message = `it is of version ${String(found.version)}, and this is ${version}, whose trainings are others`;
      throw new DataError('ERR_DATA_CELLS', message, { file });
    }
    const shard = found.shard as unknown as Shard;
    checkShard(shard);
    const identity = hashOf(found.study);
    const { args } = found;
    if (found.identity !== identity || !Array.isArray(args) || !args.every((arg) => typeof arg === 'string'))
      throw new TypeError('changed');
    return { file, shard, comparison: comparisonFrom(found.study), identity, args };
  } catch (error) {
    if (error instanceof DataError) throw error;
    const message = 'this is no file that a shard of a comparison has written';
    throw new DataError('ERR_DATA_CELLS', message, { file }, { cause: error });
  }
}

/** The shards' files of some folders. @throws DataError for a folder without one, and a file that is none */
export async function readShards(folders: readonly string[]): Promise<ShardFile[]> {
  const found: ShardFile[] = [];
  for (const folder of folders) {
    const all = await readdir(folder).catch((error: unknown) => refuseFile(folder, 'read', error));
    const names = all.filter((name) => NAME.test(name)).sort();
    if (names.length === 0) {
      const message = 'it has no shard of a comparison: compare --shard I/N --out FOLDER leaves one';
      throw new DataError('ERR_DATA_CELLS', message, { file: folder });
    }
    for (const name of names) found.push(await readShard(join(folder, name)));
  }
  return found;
}
