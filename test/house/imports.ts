/** Which file imports which, and what is wrong with that by an order of files and folders. */
import { posix } from 'node:path';

/** Source files: their text by their path from the root, with slashes. */
export type Sources = ReadonlyMap<string, string>;

/** What a file imports. */
export interface Imports {
  /** As written: packages, modules of Node, relative names. */
  readonly names: readonly string[];
  /** Paths of the source files among them. */
  readonly files: readonly string[];
  /** Relative names that mean no source file. */
  readonly missing: readonly string[];
}

/** Every name in an import, export-from or import(), types included. */
function namesIn(source: string): string[] {
  const code = source.replace(/\/\*[\s\S]*?\*\//g, '');
  const statements = code.matchAll(
    /(?:^|\n)\s*(?:import|export)\s(?:[^'"`;]*?\sfrom\s)?\s*(['"])([^'"\n]+)\1/g,
  );
  const calls = code.matchAll(/\bimport\(\s*(['"])([^'"\n]+)\1/g);
  return [...statements, ...calls].map(([, , name]) => name);
}

/** Reads the imports of every file. AssemblyScript's have no extension, and may mean a folder's index. */
export function importsOf(sources: Sources): Map<string, Imports> {
  const fileOf = (from: string, name: string) => {
    const path = posix.join(posix.dirname(from), name);
    return [path, `${path}.ts`, `${path}/index.ts`].find((each) => sources.has(each));
  };
  return new Map(
    [...sources].map(([path, source]) => {
      const names = namesIn(source);
      const relative = names.filter((name) => name.startsWith('.'));
      const files = relative.map((name) => fileOf(path, name)).filter((file) => file !== undefined);
      const missing = relative.filter((name) => fileOf(path, name) === undefined);
      return [path, { names, files, missing }];
    }),
  );
}

/** The place of a file in an order, by the longest entry that names it; -1 without one. */
function placeOf(order: readonly string[], path: string): number {
  const names = (entry: string) => (entry.endsWith('/') ? path.startsWith(entry) : path === entry);
  const longest = order.filter(names).sort((a, b) => b.length - a.length)[0];
  return longest === undefined ? -1 : order.indexOf(longest);
}

/** A sentence for each file without a place in an order, and for each import of a file further down in it. */
export function disorder(imports: ReadonlyMap<string, Imports>, order: readonly string[]): string[] {
  return [...imports].flatMap(([path, { files }]) => {
    const own = placeOf(order, path);
    if (own < 0) return [`${path} has no place in the order`];
    return files
      .filter((file) => placeOf(order, file) > own)
      .map((file) => `${path} imports ${file}, which comes after it`);
  });
}

/** Every file that a file reaches, itself only if it lies in a circle. */
export function reached(imports: ReadonlyMap<string, Imports>, from: string): Set<string> {
  const found = new Set<string>();
  const open = [from];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    for (const file of imports.get(path)?.files ?? []) {
      if (found.has(file)) continue;
      found.add(file);
      open.push(file);
    }
  }
  return found;
}

/** The files that import each other in circles: each group once, in the order of the alphabet. */
export function circles(imports: ReadonlyMap<string, Imports>): string[][] {
  const reach = new Map([...imports.keys()].map((path) => [path, reached(imports, path)]));
  const groups = new Map<string, string[]>();
  for (const [path, found] of reach) {
    if (!found.has(path)) continue;
    const group = [...found].filter((other) => reach.get(other)?.has(path)).sort();
    groups.set(group.join(), group);
  }
  return [...groups.values()];
}
