/**
 * The interpreter as a program, for Node, Deno and Bun: MODULE SCRIPT [MODULE SCRIPT ...]
 * Prints `module MODULE` and the transcript of each.
 */
import { readFileSync } from 'node:fs';
import { argv } from 'node:process';
import { transcript } from './transcript.js';

for (let i = 2; i + 1 < argv.length; i += 2) {
  const module = new WebAssembly.Module(readFileSync(argv[i]));
  console.log(`module ${argv[i]}\n${transcript(module, readFileSync(argv[i + 1], 'utf8'))}`);
}
