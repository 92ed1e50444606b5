/** Commands for the user to copy. */
import { basename, relative } from 'node:path';
import { plain } from './plain.ts';

/** How the user would call this command again. */
export function self(): string {
  return callOf(process.argv[1] ?? '', process.env.npm_command === 'exec');
}

/**
 * How a script is called.
 * @param isByNpx it was called by npx, which finds what no shell finds
 */
export function callOf(script: string, isByNpx: boolean): string {
  if (isByNpx) return 'npx nlr-vqa';
  return basename(script) === 'nlr-vqa' ? 'nlr-vqa' : `node ${shellWord(relative('', script))}`;
}

/** A word of a shell command. */
export function shellWord(word: string): string {
  return /^[\w./-]+$/.test(word) ? word : `'${plain(word).replaceAll("'", "'\\''")}'`;
}
