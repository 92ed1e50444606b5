/**
 * What publint and Are The Types Wrong say of the installed package; and no public type is `any`. Skipped where they are
 * not installed, or failed where everything is wanted.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { without } from '../../support/installed.ts';
import { installPacked, type Packed } from '../../support/packed.ts';

const TOOLS = fileURLToPath(new URL('../../tools/', import.meta.url));
const isThere = existsSync(`${TOOLS}node_modules/.of-lock`);

/** What test/tools/lint.mjs prints. */
interface Found {
  readonly publint: readonly string[];
  readonly types: readonly {
    readonly kind: string;
    readonly entrypoint: string;
    readonly resolutionKind: string;
  }[];
  readonly entries: readonly string[];
}

let packed: Packed;
before(() => {
  packed = installPacked();
});
after(() => packed.remove());

describe('what is published', { skip: without(isThere ? undefined : 'bash test/tools/install.sh') }, () => {
  let found: Found;
  before(() => {
    const args = [`${TOOLS}lint.mjs`, packed.folder, packed.archive];
    found = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as Found;
  });

  test('publint has nothing to say, suggestions included', () => {
    assert.deepEqual(found.publint, []);
  });

  test('the types are right for every way of finding modules that ES modules have', () => {
    assert.ok(found.entries.length >= 10);
    // Modules and C sources are no programs, and have no types.
    const isProgram = (entry: string) => !/\.(wasm|h)$|^\.\/c\//.test(entry);
    // Without exports (node10) there are no entries at all; `require` of an ES module is Node's to allow.
    const isExpected = ({ kind, resolutionKind: how }: Found['types'][number]) =>
      (kind === 'NoResolution' && how === 'node10') || (kind === 'CJSResolvesToESM' && how === 'node16-cjs');
    const wrong = found.types.filter((problem) => isProgram(problem.entrypoint) && !isExpected(problem));
    assert.deepEqual(wrong, []);
  });
});

/** A declaration without its comments and texts. */
const withoutWords = (text: string) => text.replace(/\/\*[\s\S]*?\*\/|\/\/.*|'[^'\n]*'|"[^"\n]*"/g, '');

test('no published type is any', () => {
  const declarations = packed.files.filter((file) => file.endsWith('.d.ts'));
  assert.ok(declarations.length > 50);
  for (const path of declarations)
    assert.doesNotMatch(withoutWords(readFileSync(join(packed.folder, path), 'utf8')), /\bany\b/, path);
  assert.match(withoutWords('type A = any; // x'), /\bany\b/);
  assert.doesNotMatch(withoutWords("type A = 'any' /* any */;"), /\bany\b/);
});
