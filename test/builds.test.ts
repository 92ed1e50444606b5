/** What the four modules are made of: no imports, the same exports, the features and memory they promise. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import binaryen from 'binaryen';
import { knownTrace } from './core-fuzz.ts';
import { BUILDS, type Build, load, moduleUrl } from './core-harness.ts';
import { customSections, memoryLimits, Section, sections } from './wasm-sections.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const bytesOf = (build: Build) => new Uint8Array(readFileSync(moduleUrl(build)));
const isDevice = (build: Build) => build === 'device' || build === 'device-f32';

/** What may cross the boundary. */
const SCALARS = [binaryen.i32, binaryen.f64];

/** Names that assembly/index.ts exports. */
function exportedNames(): string[] {
  const source = readFileSync(join(root, 'assembly/index.ts'), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
  return [...source.matchAll(/export \{([^}]*)\}/g)]
    .flatMap(([, list]) => list.split(','))
    .map(
      (item) =>
        item
          .trim()
          .split(/\s+as\s+/)
          .at(-1) as string,
    )
    .filter((name) => name !== '');
}

/** Whether the module is valid with these features alone, and what it says in text. */
function validated(bytes: Uint8Array, features: number): { valid: boolean; text: string } {
  const module = binaryen.readBinary(bytes);
  try {
    module.setFeatures(features);
    // binaryen prints what is wrong; the tests only ask whether something is.
    const { error } = console;
    console.error = () => {};
    const valid = module.validate() !== 0;
    console.error = error;
    return { valid, text: module.emitText() };
  } finally {
    module.dispose();
  }
}

for (const build of BUILDS) {
  const bytes = bytesOf(build);

  describe(`builds: ${build}`, () => {
    it('has no imports and no start function', () => {
      assert.deepEqual(WebAssembly.Module.imports(new WebAssembly.Module(bytes)), []);
      const ids = sections(bytes).map(({ id }) => id);
      assert.ok(!ids.includes(Section.Import) && !ids.includes(Section.Start), `${ids}`);
    });

    it('exports what assembly/index.ts does, and its memory', () => {
      assert.deepEqual(Object.keys(load(build)).sort(), [...exportedNames(), 'memory'].sort());
    });

    it('takes 32-bit integers and 64-bit floats only, and gives at most one', () => {
      const module = binaryen.readBinary(bytes);
      let functions = 0;
      for (let i = 0; i < module.getNumExports(); i++) {
        const { kind, name, value } = binaryen.getExportInfo(module.getExportByIndex(i));
        if (kind !== binaryen.ExternalFunction) continue;
        functions += 1;
        const { params, results } = binaryen.getFunctionInfo(module.getFunction(value));
        for (const type of binaryen.expandType(params))
          assert.ok(SCALARS.includes(type), `${name}: parameter`);
        assert.ok(results === binaryen.none || SCALARS.includes(results), `${name}: result`);
      }
      assert.equal(functions, exportedNames().length);
      module.dispose();
    });

    it('uses the features it is meant for', () => {
      const mvp = validated(bytes, binaryen.Features.MVP);
      if (isDevice(build)) assert.ok(mvp.valid, 'WebAssembly 1.0');
      assert.equal(mvp.text.includes('v128'), build === 'release', 'SIMD');
      assert.equal(mvp.text.includes('relaxed'), false, 'relaxed SIMD');
      if (build === 'device-f32')
        assert.ok(!/f64\.(mul|div|sqrt)/.test(hotCode(mvp.text)), 'no double arithmetic');
    });

    it('one page that cannot grow, or memory that can', () => {
      const limits = memoryLimits(bytes);
      assert.equal(limits.initial, 1);
      assert.equal(limits.maximum, isDevice(build) ? 1 : undefined);
      const { text } = validated(bytes, binaryen.Features.All);
      assert.equal(text.includes('memory.grow'), !isDevice(build));
      if (isDevice(build)) assert.ok(!text.includes('memory.size'), 'nor ask how large it is');
    });

    it('carries no names or other ballast, but for debugging', () => {
      if (build !== 'debug') assert.deepEqual(customSections(bytes), []);
      else assert.ok(customSections(bytes).includes('name'));
    });
  });
}

/** The functions that run per amplitude in the text of a module: those with a loop and no call. */
function hotCode(text: string): string {
  return text
    .split(/\n(?= \(func )/)
    .filter((body) => body.includes('(loop') && !body.includes('(call '))
    .join('\n');
}

describe('builds: together', () => {
  it('MVP validation notices SIMD', () => {
    assert.equal(validated(bytesOf('release'), binaryen.Features.MVP).valid, false);
  });

  it('the double-precision ones run the same bits, single precision its own', () => {
    const traces = BUILDS.map((build) => knownTrace(build));
    assert.equal(new Set(traces.slice(0, 3)).size, 1);
    assert.equal(new Set(traces).size, 2);
  });

  it('the same source makes the same bytes', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'nlr-vqa-'));
    const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
    const shrinking = await import(new URL('../host/shrink-wasm.mjs', import.meta.url).href);
    const { shrinkWasm } = shrinking as { shrinkWasm(wasm: Uint8Array): Uint8Array };
    try {
      const outFile = join(folder, 'device.wasm');
      // Its own process: the compiler leaves settings behind in the binaryen that it shares with the next step.
      const compiler = join(root, 'node_modules/assemblyscript/bin/asc.js');
      execFileSync(process.execPath, [compiler, '--target', 'device', '--outFile', outFile], { cwd: root });
      const found = sha256(shrinkWasm(readFileSync(outFile)));
      assert.equal(found, sha256(bytesOf('device')), 'is build/ older than assembly/?');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
