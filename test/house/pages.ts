/** The pages of the repository, taken apart: code blocks, links, headings. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Top of the repository. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** The page with the drawings. */
export const GRAPH_PAGE = 'assembly/README.md';

/** A fenced block of a page. */
export interface Block {
  /** Line of its opening fence, from 1. */
  readonly line: number;
  /** What stands behind the opening fence. */
  readonly language: string;
  readonly code: string;
  /** The reason in `<!-- not run: reason -->` on the line before the fence. */
  readonly notRun: string | undefined;
  /** Of the `<!-- name -->` section it lies in. */
  readonly section: string | undefined;
}

/** One page. */
export interface Page {
  /** From the top of the repository. */
  readonly path: string;
  readonly text: string;
  readonly blocks: readonly Block[];
  /** The text without its blocks. */
  readonly prose: string;
}

/** Folders with pages that are not ours, or not kept. */
const STRANGE = new Set(['node_modules', 'build', 'dist', '.git']);

function* paths(folder: string): Generator<string> {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = posix.join(folder, entry.name);
    if (entry.isDirectory() && !STRANGE.has(entry.name)) yield* paths(path);
    else if (entry.isFile() && entry.name.endsWith('.md')) yield path;
  }
}

/**
 * Takes a page apart. @throws RangeError for a block that is not closed, and for code set off by blanks alone,
 * which no test would find
 */
export function parsePage(path: string, text: string): Page {
  const blocks: Block[] = [];
  const prose: string[] = [];
  let open: { line: number; fence: string; language: string; code: string[]; notRun?: string } | undefined;
  let section: string | undefined;
  let before = '';
  for (const [i, line] of text.split('\n').entries()) {
    const [, fence, rest = ''] = /^\s*(`{3,}|~{3,})(.*)$/.exec(line) ?? [];
    if (open !== undefined) {
      if (fence === undefined || !fence.startsWith(open.fence) || rest.trim() !== '') open.code.push(line);
      else {
        const { line: at, language, notRun } = open;
        blocks.push({ line: at, language, notRun, section, code: open.code.map((c) => `${c}\n`).join('') });
        open = undefined;
      }
      continue;
    }
    if (fence !== undefined) {
      const [, notRun] = /^\s*<!-- not run: (.+) -->$/.exec(before) ?? [];
      open = { line: i + 1, fence, language: rest.trim(), code: [], notRun };
    } else {
      if (/^( {4}|\t)/.test(line) && before.trim() === '')
        throw new RangeError(`${path}:${i + 1}: code without a fence`);
      const [, slash, name] = /^<!-- (\/?)([a-z-]+) -->$/.exec(line) ?? [];
      if (name !== undefined) section = slash === '' ? name : undefined;
      prose.push(line);
    }
    before = line;
  }
  if (open !== undefined) throw new RangeError(`${path}:${open.line}: a block that is not closed`);
  return { path, text, blocks, prose: prose.join('\n') };
}

/** Every page of the repository. */
export function readPages(): readonly Page[] {
  return [...paths('')].sort().map((path) => parsePage(path, readFileSync(join(root, path), 'utf8')));
}

/** The names of a page's headings, as links know them. */
export function anchors({ prose }: Page): readonly string[] {
  return [...prose.matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** Where the links of a page lead, within the repository: a path from its top, and a heading. */
export function links(page: Page): readonly { readonly path: string; readonly anchor: string | undefined }[] {
  return [...page.prose.matchAll(/\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]+))?\)/g)].map(
    ([, target, anchor]) => ({
      path: target === '' ? page.path : posix.join(dirname(page.path), target),
      anchor,
    }),
  );
}
