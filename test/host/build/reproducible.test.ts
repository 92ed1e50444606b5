/** Another clone, in another folder, compiles modules with the same SHA-256: whoever has the sources can check them. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ensureBuilt } from '../../support/built.mjs';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** One in single precision and without SIMD, and the one with everything. */
const MODULES = { 'device-f32': 'build/core.device-f32.wasm', release: 'build/core.wasm' } as const;

/** All that goes into a module. */
const SOURCES = ['assembly', 'host/build', 'asconfig.json', 'package.json'];

const folder = mkdtempSync(join(tmpdir(), 'nlr-vqa-clone-of-another-name-'));
after(() => rmSync(folder, { recursive: true }));

const sha256 = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');

test('a rebuild elsewhere gives the same modules', () => {
  for (const path of SOURCES) cpSync(join(root, path), join(folder, path), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  const program = `import { closeTargets, ensureTargets } from './host/build/targets.mjs';
    await ensureTargets(${JSON.stringify(Object.keys(MODULES))});
    await closeTargets();`;
  writeFileSync(join(folder, 'compile.mjs'), program);
  execFileSync(process.execPath, ['compile.mjs'], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const path of Object.values(MODULES)) {
    ensureBuilt(path);
    assert.equal(sha256(join(folder, path)), sha256(join(root, path)), path);
  }
});
