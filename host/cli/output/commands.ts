/** Commands for the user to copy. */
import { basename, relative } from 'node:path';
import { plain } from './plain.ts';

/** How the user would call this command again. */
export function self(): string {
  const script = process.argv[1] ?? '';
  return basename(script) === 'nlr-vqa' ? 'nlr-vqa' : `node ${shellWord(relative('', script))}`;
}

/** A word of a shell command. */
export function shellWord(word: string): string {
  return /^[\w./-]+$/.test(word) ? word : `'${plain(word).replaceAll("'", "'\\''")}'`;
}
