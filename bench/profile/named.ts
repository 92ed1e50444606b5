/** The release build with the names of its functions, for a profile to show: the same code. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { path, workFolder } from '../speed/builds.ts';

type TuneWasm = (
  wasm: Uint8Array,
  target: string,
  absent: readonly string[],
  named: boolean,
) => Uint8Array<ArrayBuffer>;

/** Compiles it. Functions are named by their file: `assembly/rules/adam/descendByAdam`. */
export async function namedModule(): Promise<Uint8Array<ArrayBuffer>> {
  const file = `${workFolder()}core.named.wasm`;
  const compiler = path('node_modules/assemblyscript/bin/asc.js');
  const args = [compiler, '--target', 'release', '--debug', '--outFile', file];
  execFileSync(process.execPath, args, { cwd: path('.'), stdio: ['ignore', 'ignore', 'pipe'] });
  const { tuneWasm } = (await import('../../host/build/tune-wasm.mjs')) as { tuneWasm: TuneWasm };
  const named = tuneWasm(readFileSync(file), 'release', [], true);
  writeFileSync(file, named);
  return named;
}
