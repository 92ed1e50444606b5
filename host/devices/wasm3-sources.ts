/** wasm3 for C programs: its sources, out of a pinned package, and its objects for every target. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TARGETS, type TargetName } from './targets.ts';
import { BUILD, folderOnce, run, sha256 } from './tools.ts';

/** wasm3's sources: the source package of its Python binding. */
const WASM3 = {
  requirement: 'pywasm3==0.5.0',
  archive: 'pywasm3-0.5.0.tar.gz',
  sha256: '5a47c8a39f7f6ae71b3316b2e5d86c9d0db6e771a65f09a86e4d4aa3a19aefcc',
};

/** Where they are put. */
export const wasm3Folder = () => `${BUILD}wasm3-${WASM3.sha256.slice(0, 12)}`;

/** The folder with wasm3's C files, fetched once. */
export function wasm3Sources(): string {
  return folderOnce(wasm3Folder(), (partial) => {
    // With the hash, pip runs nothing of a package that is another one.
    const requirements = join(partial, 'requirements.txt');
    writeFileSync(requirements, `${WASM3.requirement} --hash=sha256:${WASM3.sha256}\n`);
    const options = ['--quiet', '--no-deps', '--no-binary', ':all:', '--disable-pip-version-check'];
    run('python3', ['-m', 'pip', 'download', ...options, '--dest', partial, '-r', requirements]);
    const archive = readFileSync(join(partial, WASM3.archive));
    const found = createHash('sha256').update(archive).digest('hex');
    if (found !== WASM3.sha256) throw new Error(`${WASM3.archive} has the SHA-256 ${found}`);
    run('tar', ['xzf', WASM3.archive, '--strip-components=2', '--wildcards', '*/wasm3/*'], partial);
  });
}

/** wasm3's settings: on a microcontroller small code pages, short tables and messages. */
export function wasm3Settings(target: TargetName): readonly string[] {
  if (target === 'linux') return [];
  return [
    '-Dd_m3CodePageAlignSize=1024',
    '-Dd_m3MaxFunctionStackHeight=128',
    '-Dd_m3MaxConstantTableSize=60',
    '-Dd_m3VerboseErrorMessages=0',
    // Functions that do the same become one with two names: abi_version and real_bytes, where both are 4.
    '-Dd_m3MaxDuplicateFunctionImpl=2',
    ...['calloc', 'realloc', 'free'].map((name) => `-D${name}=wasm3_${name}`),
  ];
}

/** wasm3's objects for a target. Its code is not ours: it is compiled without our warnings. */
export function wasm3Objects(target: TargetName): readonly string[] {
  const sources = wasm3Sources();
  const { compiler, flags } = TARGETS[target];
  const all = [...flags, ...wasm3Settings(target), '-std=gnu11', '-w', `-I${sources}`];
  const names = readdirSync(sources).filter((name) => name.endsWith('.c'));
  const folder = folderOnce(`${BUILD}wasm3-${target}-${sha256(...all).slice(0, 12)}`, (partial) => {
    for (const name of names) {
      run(compiler, [...all, '-c', join(sources, name), '-o', join(partial, name.replace(/c$/, 'o'))]);
    }
  });
  return names.map((name) => join(folder, name.replace(/c$/, 'o')));
}
