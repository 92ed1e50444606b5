/** Makes the data sets of the command line: by formula, from downloaded files, from a recording. */
import { readFile, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { DataError } from '../../core/errors.ts';
import { type Anomaly, anomalyWindows } from '../../data/sets/anomalies.ts';
import { DATA_SETS, type FormulaName, makeData, type SetEntry } from '../../data/sets/catalogue.ts';
import type { MadeData, MakingRun } from '../../data/sets/made.ts';
import {
  ORIGINAL_FILES,
  type OriginalFile,
  type OriginalName,
  readOriginals,
} from '../../data/sets/originals.ts';
import { readBytes, readText } from '../../files/disk.ts';
import { flagName, UsageError } from '../output/failure.ts';
import { self } from '../output/commands.ts';
import { list, number } from './values.ts';

/** Options of a set, as the library has them. */
export type SetOptionsGiven = Readonly<Record<string, unknown>>;

/** Where a set that no formula makes comes from. */
export interface FileFlags {
  readonly from?: string;
  readonly sample?: boolean;
  readonly csv?: string;
  readonly anomalies?: string;
  readonly key?: string;
}

const isThere = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );

/** The path of a file in a folder, gzipped or raw. @throws DataError */
export async function placeOfOriginal(folder: string, file: OriginalFile): Promise<string> {
  for (const name of [`${file}.gz`, file]) if (await isThere(join(folder, name))) return join(folder, name);
  const message = `there is neither ${file}.gz nor ${file} in it`;
  throw new DataError('ERR_DATA_FILE', message, { file: folder });
}

/** The files that a set is made of. @throws UsageError, DataError */
export async function filesRead(
  name: string,
  { from, sample, csv, anomalies }: FileFlags,
): Promise<string[]> {
  if (name === 'nab') return [csv, anomalies].filter((file) => file !== undefined);
  if (from === undefined) return [];
  if (sample) throw new UsageError('--from and --sample exclude each other');
  // One after the other, so that of several that are missing the first is named.
  const places: string[] = [];
  for (const file of ORIGINAL_FILES) places.push(await placeOfOriginal(from, file));
  return places;
}

/** MNIST or Fashion-MNIST. @throws UsageError, DataError, OptionError */
export function makeOriginal(
  name: OriginalName,
  { from, sample }: FileFlags,
  options: SetOptionsGiven,
): Promise<MadeData> {
  if (sample) {
    const read = (file: OriginalFile) => readFile(new URL(`./samples/${name}/${file}.gz`, import.meta.url));
    return readOriginals(name, read, options, 'sample');
  }
  if (from === undefined) {
    throw new UsageError(
      `${name} needs its four files, which '${self()} data fetch ${name}' downloads: say the folder by from, or sample for a few images`,
    );
  }
  return readOriginals(name, async (file) => readBytes(await placeOfOriginal(from, file)), options);
}

/** The anomalies in a file: a list of pairs, or such lists by the names of recordings. @throws DataError */
function anomaliesIn(text: string, { csv = '', anomalies: file = '', key }: FileFlags): readonly Anomaly[] {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch (cause) {
    throw new DataError('ERR_DATA_SYNTAX', 'the file is not JSON', { file }, { cause });
  }
  if (typeof found === 'object' && found !== null && !Array.isArray(found)) {
    const lists = found as Readonly<Record<string, unknown>>;
    const keys = Object.keys(lists).filter((each) =>
      key === undefined ? basename(each) === basename(csv) : each === key,
    );
    if (keys.length !== 1) {
      const wanted = key === undefined ? `a recording called ${basename(csv)}` : `a recording '${key}'`;
      const message = `${keys.length === 0 ? 'has no list for' : 'has more than one list for'} ${wanted}; --key names one`;
      throw new DataError('ERR_DATA_SYNTAX', message, { file });
    }
    found = lists[keys[0]];
  } else if (key !== undefined) {
    throw new UsageError(`--key is for a file with lists by name; ${file} has one list`);
  }
  const good =
    Array.isArray(found) &&
    found.every(
      (pair) => Array.isArray(pair) && pair.length === 2 && pair.every((time) => typeof time === 'string'),
    );
  if (good) return found as readonly Anomaly[];
  throw new DataError('ERR_DATA_SYNTAX', 'expected a list of pairs of times, [["from", "to"], ...]', {
    file,
  });
}

/** Windows of a recording. @throws UsageError, DataError, OptionError */
export async function makeWindows(flags: FileFlags, options: SetOptionsGiven): Promise<MadeData> {
  const { csv, anomalies } = flags;
  for (const [name, file] of Object.entries({ csv, anomalies }))
    if (file === undefined) throw new UsageError(`nab needs ${flagName(name)} FILE`);
  const times = anomaliesIn(await readText(anomalies as string), flags);
  return anomalyWindows(await readText(csv as string), times, options, csv);
}

/** Makes any set. @throws UsageError, DataError, OptionError; the reason of the signal */
export function makeSet(
  name: string,
  flags: FileFlags,
  options: SetOptionsGiven,
  run: MakingRun,
): Promise<MadeData> {
  if (name === 'mnist' || name === 'fashion-mnist') return makeOriginal(name, flags, options);
  if (name === 'nab') return makeWindows(flags, options);
  return makeData(name as FormulaName, options, run);
}

/** A set that `--data` names, as plain data. */
export interface MadeSource {
  readonly kind: 'made';
  readonly name: string;
  readonly options: SetOptionsGiven;
  /** Folder of the files of a set that was downloaded, or else the few images that come along. */
  readonly from?: string;
  readonly sample?: boolean;
}

/** `test-fraction` as `testFraction`. */
const camel = (name: string) => name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());

/**
 * Reads `NAME` or `NAME:option=value:option=value`, the options as `data make NAME` has them; one that is yes or no has
 * no value. Ranges are checked where the set is made.
 * @throws UsageError
 */
export function madeSource(text: string): MadeSource {
  const [name, ...parts] = text.split(':');
  const entry: SetEntry | undefined = Object.hasOwn(DATA_SETS, name)
    ? DATA_SETS[name as keyof typeof DATA_SETS]
    : undefined;
  if (entry === undefined || entry.from === 'recording') {
    const names = Object.entries(DATA_SETS).flatMap(([each, { from }]) => (from === 'recording' ? [] : each));
    throw new UsageError(
      `--data is '${text}'; expected NAME or NAME:option=value:..., NAME one of ${names.join(', ')}`,
    );
  }
  const files = entry.from === 'download' ? ['from', 'sample'] : [];
  const given = new Map<string, unknown>();
  for (const part of parts) {
    const [, key, , value] = /^([a-z-]+)(=(.*))?$/s.exec(part) ?? [];
    const option = camel(key ?? '');
    const kind = files.includes(option)
      ? option === 'sample'
        ? 'flag'
        : 'text'
      : entry.options[option]?.kind;
    const at = `--data ${name}:${key}`;
    if (kind === undefined || (value === undefined) !== (kind === 'flag') || value === '') {
      const known = [...Object.keys(entry.options), ...files]
        .map((each) => flagName(each).slice(2))
        .join(', ');
      throw new UsageError(`--data has '${part}'; expected option=value, option one of ${known}`);
    }
    if (given.has(option)) throw new UsageError(`--data gives ${key} twice`);
    given.set(
      option,
      kind === 'number' ? number(at)(value) : kind === 'list' ? list(at)(value) : (value ?? true),
    );
  }
  const { from, sample, ...options } = Object.fromEntries(given);
  const source = { kind: 'made', name, options, from, sample } as MadeSource;
  if (from !== undefined && sample)
    throw new UsageError('--data has both from and sample, which exclude each other');
  return source;
}

/** Names of the files that a set is read from, in their folder. */
export function filesOfMade({ from }: MadeSource): string[] {
  return from === undefined
    ? []
    : ORIGINAL_FILES.flatMap((file) => [`${from}/${file}.gz`, `${from}/${file}`]);
}

/** Makes the set that `--data` names. @param folder what names are relative to @throws UsageError, DataError, OptionError */
export function makeSource({ name, options, from, sample }: MadeSource, folder: string): Promise<MadeData> {
  return makeSet(name, { from: from === undefined ? undefined : resolve(folder, from), sample }, options, {});
}
