/**
 * Finished cells of the full report, kept under bench/results/paper/cells until the report is whole: each sitting adds a
 * part, gzipped, and changes none that is there.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { CELLS_FILE } from '../../host/study/store.ts';

const PART = /^(\d+)\.jsonl\.gz$/;

const partsIn = (folder: string) =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => PART.test(name))
        .sort()
    : [];

/** What a part is in the folder of a report. */
const unpacked = (name: string) => name.slice(0, -'.gz'.length);

const textOf = (parts: string, name: string) => gunzipSync(readFileSync(join(parts, name)));

/** Whole lines of a file: what was cut off behind the last is no cell. */
export const linesOf = (text: Uint8Array) => Buffer.from(text).toString().split('\n').slice(0, -1);

const hashOf = (line: string) => (JSON.parse(line) as { hash: string }).hash;

/**
 * Puts the parts into the folder of a report, each as a file of its own. A part of an earlier sitting that is no longer kept
 * goes: whoever took it away did not want its cells.
 */
export function unpack(parts: string, folder: string): void {
  mkdirSync(folder, { recursive: true });
  const names = partsIn(parts);
  for (const name of readdirSync(folder))
    if (PART.test(`${name}.gz`) && !names.includes(`${name}.gz`)) rmSync(join(folder, name));
  for (const name of names) writeFileSync(join(folder, unpacked(name)), textOf(parts, name));
}

/**
 * Makes a part of the cells that a sitting has added. A sitting that ends in the middle of it leaves no half part, and the
 * next one makes none of cells that are kept.
 * @returns how many
 */
export function pack(folder: string, parts: string): number {
  const file = join(folder, CELLS_FILE);
  if (!existsSync(file)) return 0;
  const names = partsIn(parts);
  const kept = new Set(names.flatMap((name) => linesOf(textOf(parts, name)).map(hashOf)));
  const lines = linesOf(readFileSync(file)).filter((line) => !kept.has(hashOf(line)));
  if (lines.length > 0) {
    mkdirSync(parts, { recursive: true });
    const last = Number(PART.exec(names.at(-1) ?? '0.jsonl.gz')?.[1]);
    const name = `${String(last + 1).padStart(3, '0')}.jsonl`;
    // In an order that packs well, and that no thread decides.
    const text = `${lines.sort().join('\n')}\n`;
    const half = join(parts, `${name}.half`);
    writeFileSync(half, gzipSync(text, { level: 9 }));
    renameSync(half, join(parts, `${name}.gz`));
    writeFileSync(join(folder, name), text);
  }
  rmSync(file);
  return lines.length;
}
