/** What the modules are made of: no imports, the same exports, the features and memory they promise. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import binaryen from 'binaryen';
import { absentExports, EXPORTS, FEATURES, featuresOf } from '../../host/build/profiles.mjs';
import { knownTrace } from '../fuzz/calls-at-random.ts';
import {
  type Build,
  BUILDS,
  PRECISIONS,
  hasColumns,
  isDevice,
  isSingle,
  LAID_OUT_EXPORTS,
  RIVAL_EXPORTS,
  load,
  moduleUrl,
  wanted,
} from '../support/core-harness.ts';
import { RIVAL_BUILDS } from '../support/members.ts';
import { customSections, memoryLimits, Section, sections } from '../support/wasm-sections.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const bytesOf = (build: Build) => new Uint8Array(readFileSync(moduleUrl(build)));

/** What may cross the boundary. */
const SCALARS = [binaryen.i32, binaryen.f64];

/** Names that assembly/index.ts exports, without those that a build cannot serve. */
function exportedNames(build: Build): string[] {
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
    .filter((name) => name !== '' && (hasColumns(build) || !LAID_OUT_EXPORTS.includes(name)))
    .filter((name) => RIVAL_BUILDS.includes(build) || !RIVAL_EXPORTS.includes(name))
    .filter((name) => build !== 'compact' || !(name.startsWith('__') || EXPORTS.TRAINS.includes(name)));
}

/** The module in text. */
function textOf(bytes: Uint8Array): string {
  const module = binaryen.readBinary(bytes);
  try {
    module.setFeatures(binaryen.Features.All);
    return module.emitText();
  } finally {
    module.dispose();
  }
}

/** Whether the module is valid WebAssembly 1.0. A process of its own, for the validator prints at length. */
function isMvp(bytes: Uint8Array): boolean {
  const script = `import binaryen from 'binaryen';
    import { readFileSync } from 'node:fs';
    const module = binaryen.readBinary(readFileSync(0));
    module.setFeatures(binaryen.Features.MVP);
    process.exitCode = module.validate() ? 0 : 3;`;
  const { status } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { input: bytes });
  assert.ok(status === 0 || status === 3, `${status}`);
  return status === 0;
}

for (const build of wanted<Build>([...BUILDS, 'compact'])) {
  const bytes = bytesOf(build);

  describe(`builds: ${build}`, () => {
    it('has no imports and no start function', () => {
      assert.deepEqual(WebAssembly.Module.imports(new WebAssembly.Module(bytes)), []);
      const ids = sections(bytes).map(({ id }) => id);
      assert.ok(!ids.includes(Section.Import) && !ids.includes(Section.Start), `${ids}`);
    });

    it('exports what assembly/index.ts does, as far as it can serve it, and its memory', () => {
      assert.deepEqual(Object.keys(load(build)).sort(), [...exportedNames(build), 'memory'].sort());
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
      assert.equal(functions, exportedNames(build).filter((name) => !name.startsWith('__')).length);
      module.dispose();
    });

    it('uses the features it is meant for', () => {
      const text = textOf(bytes);
      if (isDevice(build)) assert.ok(isMvp(bytes), 'WebAssembly 1.0');
      assert.equal(text.includes('v128'), build === 'release' || build === 'compact', 'SIMD');
      assert.equal(text.includes('relaxed'), false, 'relaxed SIMD');
      if (isSingle(build)) assert.ok(!/f64\.(mul|div|sqrt)/.test(hotCode(text)), 'no double arithmetic');
    });

    it('one page that cannot grow, or memory that can', () => {
      const limits = memoryLimits(bytes);
      assert.equal(limits.initial, 1);
      assert.equal(limits.maximum, isDevice(build) ? 1 : undefined);
      const text = textOf(bytes);
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

describe('builds: profiles', () => {
  const source = readFileSync(join(root, 'assembly/profile.ts'), 'utf8');
  const { targets } = JSON.parse(readFileSync(join(root, 'asconfig.json'), 'utf8')) as {
    targets: Record<string, { use: string[] }>;
  };
  const rows = [...source.matchAll(/^ \* \| (\w+) .*\|$/gm)].map(([line]) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );

  it('are what the table at the head of profile.ts says, for every feature and target', () => {
    const [head, ...features] = rows;
    assert.deepEqual(features.map(([name]) => name).sort(), [...FEATURES].sort());
    const named = head.slice(1).flatMap((cell) => cell.split(', '));
    assert.deepEqual(named.sort(), Object.keys(targets).sort());
    for (const [column, cell] of head.entries()) {
      for (const target of column === 0 ? [] : cell.split(', ')) {
        const has = featuresOf(targets[target].use);
        for (const row of features)
          assert.equal(row[column], has[row[0]] ? 'yes' : '', `${target}, ${row[0]}`);
      }
    }
  });
});

describe('builds: together', () => {
  it('MVP validation notices SIMD', () => {
    assert.equal(isMvp(bytesOf('release')), false);
  });

  it('the double-precision ones run the same bits, single precision its own', () => {
    const traces = PRECISIONS.map((builds) => new Set(builds.map((build) => knownTrace(build))));
    for (const { size } of traces) assert.equal(size, 1);
    assert.equal(new Set(traces.flatMap((found) => [...found])).size, traces.length);
  });

  it('the same source makes the same bytes', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'nlr-vqa-'));
    const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
    const tuning = await import(new URL('../../host/build/tune-wasm.mjs', import.meta.url).href);
    const { tuneWasm } = tuning as {
      tuneWasm(wasm: Uint8Array, target: string, absent: readonly string[]): Uint8Array;
    };
    try {
      const outFile = join(folder, 'device.wasm');
      // Its own process: the compiler leaves settings behind in the binaryen that it shares with the next step.
      const compiler = join(root, 'node_modules/assemblyscript/bin/asc.js');
      execFileSync(process.execPath, [compiler, '--target', 'device', '--outFile', outFile], { cwd: root });
      const found = sha256(tuneWasm(readFileSync(outFile), 'device', absentExports(['PROFILE=0'])));
      assert.equal(found, sha256(bytesOf('device')), 'is build/ older than assembly/?');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
