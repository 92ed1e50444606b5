/** The import graph of assembly/, folder by folder, as it is drawn in assembly/README.md. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { importsOf } from './imports.ts';
import { ASSEMBLY } from './layers.ts';

const assembly = fileURLToPath(new URL('../../assembly', import.meta.url));

/** The rooms of assembly/, from the bottom up: a folder imports from those before it. */
const ROOMS = ASSEMBLY.map(roomOf);

/** The other rooms that a room imports from. */
type Imports = ReadonlyMap<string, ReadonlySet<string>>;

/** The room of a file: its first folder, or its own name where it lies in none. */
function roomOf(path: string): string {
  const [, first = ''] = path.split('/');
  return first.replace(/\.ts$/, '');
}

function readImports(): Imports {
  const names = readdirSync(assembly, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  const paths = names.map((name) => `assembly/${name.replaceAll('\\', '/')}`).sort();
  const sources = new Map(paths.map((path) => [path, readFileSync(join(assembly, '..', path), 'utf8')]));
  const found = new Map<string, Set<string>>();
  for (const [path, { files }] of importsOf(sources)) {
    const room = roomOf(path);
    const others = found.get(room) ?? new Set<string>();
    for (const other of new Set(files.map(roomOf))) {
      if (other !== room) others.add(other);
    }
    found.set(room, others);
  }
  return found;
}

/** Whether one room reaches another by the way down, without the direct import. */
function reachesOtherwise(imports: Imports, from: string, to: string): boolean {
  const place = (room: string) => ROOMS.indexOf(room);
  const below = (room: string) =>
    [...(imports.get(room)?.keys() ?? [])].filter((o) => place(o) < place(room));
  const seen = new Set<string>();
  const queue = below(from).filter((room) => room !== to);
  for (let room = queue.pop(); room !== undefined; room = queue.pop()) {
    if (room === to) return true;
    if (seen.has(room)) continue;
    seen.add(room);
    queue.push(...below(room));
  }
  return false;
}

/**
 * The graph in Mermaid, and all imports as a table behind it. An arrow that a longer way says too is left out of
 * the drawing; one that goes up, against the order, is drawn dotted.
 */
export function importGraph(): string {
  const imports = readImports();
  const rooms = ROOMS.filter((room) => imports.has(room)).reverse();
  const arrows: string[] = [];
  const rows: string[] = [];
  for (const room of rooms) {
    const others = rooms.filter((other) => imports.get(room)?.has(other));
    for (const other of others) {
      const up = ROOMS.indexOf(other) > ROOMS.indexOf(room);
      if (up) arrows.push(`  ${room} -. up .-> ${other}`);
      else if (!reachesOtherwise(imports, room, other)) arrows.push(`  ${room} --> ${other}`);
    }
    rows.push(`| ${room} | ${others.join(', ') || 'nothing'} |`);
  }
  return [
    '```mermaid',
    'graph TD',
    ...arrows,
    '```',
    '',
    '| room | imports from |',
    '|---|---|',
    ...rows,
  ].join('\n');
}
