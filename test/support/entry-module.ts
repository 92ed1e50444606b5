/** Modules of a test's own, for what the core exports none of: an entry in AssemblyScript beside the test. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Precision, lanes, and PROFILE of assembly/profile.ts. */
export type EntryTarget = readonly [real: string, lanes: string, profile: number];

/** Targets by precision and SIMD: PROFILE of the smallest module, of release. */
export const ENTRY_TARGETS = {
  'f64, scalar': ['f64', 'f64', 0],
  'f64, SIMD': ['f64', 'v128', 3],
  'f32, scalar': ['f32', 'f32', 0],
} as const;

/**
 * Compiles an entry.
 * @param source from the root
 * @param scalar options of the compiler where there is no SIMD
 * @param pages that its memory has, where static data is not all that it takes
 */
export async function compileEntry<Exports>(
  source: string,
  [real, lanes, profile]: EntryTarget,
  { scalar = [], pages }: { readonly scalar?: readonly string[]; readonly pages?: number } = {},
): Promise<Exports> {
  const folder = await mkdtemp(join(tmpdir(), 'entry-'));
  try {
    const outFile = join(folder, 'entry.wasm');
    const uses = ['abort=', `real=${real}`, `lanes=${lanes}`, `PROFILE=${profile}`];
    const options = [
      ...['--config', 'none', '--runtime', 'stub', '--lowMemoryLimit', '65536', '-O1', '--noAssert'],
      ...(pages === undefined ? [] : ['--initialMemory', `${pages}`]),
      ...(lanes === 'v128' ? ['--enable', 'simd'] : scalar),
      ...uses.flatMap((use) => ['--use', use]),
    ];
    const compiler = 'node_modules/assemblyscript/bin/asc.js';
    await run(process.execPath, [compiler, source, '--outFile', outFile, ...options], { cwd: ROOT });
    const { instance } = await WebAssembly.instantiate(await readFile(outFile), {});
    return instance.exports as Exports;
  } finally {
    await rm(folder, { recursive: true });
  }
}
