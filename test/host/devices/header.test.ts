/**
 * The C header is C and C++, and says of every export of every build what the module
 * says; and the modules have what the C bindings rely on.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import binaryen from 'binaryen';
import {
  ABI_VERSION,
  Option,
  OPTION_COUNT,
  Report,
  REPORT_COUNT,
  Status,
} from '../../../assembly/abi/codes.ts';
import { coreFunctions } from '../../../host/build/generate/c-header.ts';
import { absentExports, useOf } from '../../../host/build/profiles.mjs';
import { needs } from '../../support/installed.ts';
import { type Build, BUILDS, hasColumns, moduleUrl } from '../../support/core-harness.ts';

const devices = fileURLToPath(new URL('../../../host/devices', import.meta.url));
const header = readFileSync(`${devices}/nlr_vqa.h`, 'utf8');

/** The letters of the types that cross the ABI. */
const LETTERS = new Map([
  [binaryen.none, 'v'],
  [binaryen.i32, 'i'],
  [binaryen.f64, 'F'],
]);

const letters = (type: number) => binaryen.expandType(type).map((each) => LETTERS.get(each) ?? '?');

/** Exported functions of a build with their signatures, as the header writes them. */
function exportsOf(build: Build): Map<string, string> {
  const module = binaryen.readBinary(new Uint8Array(readFileSync(moduleUrl(build))));
  const found = new Map<string, string>();
  for (let i = 0; i < module.getNumExports(); i++) {
    const { name, value, kind } = binaryen.getExportInfo(module.getExportByIndex(i));
    if (kind !== binaryen.ExternalFunction) continue;
    const { params, results } = binaryen.getFunctionInfo(module.getFunction(value));
    const result = results === binaryen.none ? 'v' : letters(results).join('');
    found.set(name, `${result}(${letters(params).join('')})`);
  }
  module.dispose();
  return found;
}

/** Compiles a C program that includes the header; undefined without a compiler. */
function compiles(compiler: string, language: string, allEngines: boolean): string | undefined {
  if (spawnSync(compiler, ['--version']).error !== undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'nlr-vqa-'));
  try {
    const program = join(folder, 'header.c');
    const lines = [
      '#include "nlr_vqa.h"',
      '#define POINTER(type, name, signature, parameters, arguments, taken) \\',
      '  extern type(*pointer_##name) parameters; type(*pointer_##name) parameters = nlr_##name;',
      'NLR_FUNCTIONS(POINTER)',
      `int versions[NLR_ABI_VERSION == ${ABI_VERSION} ? 1 : -1];`,
      `int options[NLR_OPTION_COUNT == ${OPTION_COUNT} && NLR_OPTION_RATE == ${Option.Rate} ? 1 : -1];`,
      `int slots[NLR_REPORT_COUNT == ${REPORT_COUNT} && NLR_REPORT_LOSS == ${Report.Loss} ? 1 : -1];`,
      `int statuses[NLR_STATUS_DIVERGED == ${Status.Diverged} ? 1 : -1];`,
    ];
    writeFileSync(program, `${lines.join('\n')}\n`);
    const strict = ['-Wall', '-Wextra', '-Werror', '-pedantic', `-I${devices}`, '-fsyntax-only'];
    const defined = allEngines ? ['-DNLR_ALL_ENGINES'] : [];
    const result = spawnSync(compiler, [...language.split(' '), ...strict, ...defined, program], {
      encoding: 'utf8',
    });
    return result.stderr;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('devices: nlr_vqa.h', () => {
  it('has every member of the enumerations with its number', () => {
    const numbers = new Map(
      [...header.matchAll(/^ {2}NLR_(\w+) = (-?\d+),$/gm)].map(([, name, value]) => [name, Number(value)]),
    );
    const upper = (name: string) => name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase();
    for (const [prefix, members] of Object.entries({ STATUS: Status, OPTION: Option, REPORT: Report })) {
      for (const [name, value] of Object.entries(members).filter(([, value]) => typeof value === 'number')) {
        assert.equal(numbers.get(`${prefix}_${upper(name)}`), value, `${prefix} ${name}`);
      }
    }
  });

  for (const [compiler, language] of [
    ['cc', '-x c -std=c11'],
    ['c++', '-x c++ -std=c++11'],
  ]) {
    it(`compiles as ${language.slice(-5)} without a warning`, (context) => {
      for (const allEngines of [false, true]) {
        const said = compiles(compiler, language, allEngines);
        if (!needs(context, said === undefined ? compiler : undefined)) return;
        assert.equal(said, '');
      }
    });
  }

  for (const build of BUILDS) {
    it(`has exactly the functions of ${build}`, () => {
      const absent = absentExports(useOf(build));
      const stated = coreFunctions()
        .filter(({ name, allEngines }) => (hasColumns(build) || !allEngines) && !absent.includes(name))
        .map(({ name, signature }): [string, string] => [name, signature]);
      const sorted = (entries: Iterable<[string, string]>) =>
        [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
      assert.deepEqual(sorted(exportsOf(build)), sorted(stated));
    });
  }
});

/** The functions that each function of a build calls. */
function callGraph(build: Build): Map<string, Set<string>> {
  const module = binaryen.readBinary(new Uint8Array(readFileSync(moduleUrl(build))));
  const graph = new Map<string, Set<string>>();
  for (let i = 0; i < module.getNumFunctions(); i++) {
    const { name } = binaryen.getFunctionInfo(module.getFunctionByIndex(i));
    graph.set(name, new Set());
  }
  const text = module.emitText();
  module.dispose();
  for (const [, name, body] of text.matchAll(/^ \(func \$?(\S+)([\s\S]*?)^ \)$/gm)) {
    for (const [, callee] of body.matchAll(/\(call \$?([^\s)]+)/g)) graph.get(name)?.add(callee);
    assert.ok(!body.includes('call_indirect'), `${name} calls through a table`);
  }
  return graph;
}

/** A chain of calls from a function back to itself, if there is one. */
function recursion(graph: ReadonlyMap<string, ReadonlySet<string>>): string[] | undefined {
  const done = new Set<string>();
  const visit = (name: string, path: readonly string[]): string[] | undefined => {
    if (path.includes(name)) return [...path, name];
    if (done.has(name)) return undefined;
    for (const callee of graph.get(name) ?? []) {
      const found = visit(callee, [...path, name]);
      if (found !== undefined) return found;
    }
    done.add(name);
    return undefined;
  };
  for (const name of graph.keys()) {
    const found = visit(name, []);
    if (found !== undefined) return found;
  }
  return undefined;
}

describe('devices: the depth of the stack is known beforehand', () => {
  for (const build of BUILDS.filter((name) => name.startsWith('device'))) {
    it(`${build} calls nothing recursively and nothing through a table`, () => {
      const graph = callGraph(build);
      assert.ok(
        [...graph.values()].some((callees) => callees.size > 3),
        'the calls were not found',
      );
      assert.equal(recursion(graph), undefined);
    });
  }

  it('a recursion would be found', () => {
    const graph = new Map([
      ['a', new Set(['b'])],
      ['b', new Set(['c', 'd'])],
      ['c', new Set<string>()],
      ['d', new Set(['a'])],
    ]);
    assert.deepEqual(recursion(graph), ['a', 'b', 'd', 'a']);
  });
});
