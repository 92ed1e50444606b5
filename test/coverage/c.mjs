/**
 * Branches of the C around the core that its tests take, by gcov: compilers of a folder of their own have the programs of the
 * tests count. What is compiled for another machine, or by clang, does not count, nor does the test of the sanitizers, which
 * the compilers of the folder have none of.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, delimiter } from 'node:path';
import { FOLDER, ROOT, runTests, testsBelow } from './common.mjs';

const COMPILERS = `${FOLDER}compilers/`;
const COUNTS = `${FOLDER}c-counts/`;
/** What tests have compiled, to be taken again as long as the sources are as they were. */
const PROGRAMS = `${ROOT}build/devices/`;

/** Tests that compile C to run it here. */
const OURS = /devices\/(?:header|package|pages|qpu|snippet|firmware)|durability|engines-c/;

/**
 * Of what a compiler is asked for, the last counts: a branch is compiled once and as it is written, whatever a test wants
 * optimised, inlined at a thousand places or checked by a sanitizer. Attributes are macros to that end.
 */
const FLAGS = [
  ...['--coverage', '-fprofile-update=atomic', '-O0', '-fno-sanitize=all'],
  ...['-Dalways_inline=unused', '-fkeep-static-functions'],
];

/** Removes programs of this machine: those that were there do not count, those that count are for nothing else. */
function removePrograms() {
  if (!existsSync(PROGRAMS)) return;
  for (const name of readdirSync(PROGRAMS).filter((each) => /^(?:wasm3-)?linux-/.test(each)))
    rmSync(PROGRAMS + name, { recursive: true });
}

/** A compiler that has what it compiles count, in a new folder each time. @param {string} name */
function counting(name) {
  const program = execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim();
  const lines = [
    '#!/bin/sh',
    `folder=$(mktemp -d "${COUNTS}XXXXXXXX")`,
    `exec ${program} "$@" -dumpdir "$folder/" ${FLAGS.join(' ')}`,
    '',
  ];
  writeFileSync(COMPILERS + name, lines.join('\n'));
  chmodSync(COMPILERS + name, 0o755);
}

/** A report of gcov, as far as it is looked at. @typedef {{ files: { file: string, lines: Line[] }[] }} Report */
/** @typedef {{ line_number: number, branches: { count: number }[] }} Line */

/** The reports of the programs of a compilation. @param {string} folder @returns {Report[]} */
function reportsOf(folder) {
  const data = readdirSync(folder).filter((name) => name.endsWith('.gcda'));
  if (data.length === 0) return [];
  const { stdout } = spawnSync('gcov', ['--json-format', '--stdout', '--branch-probabilities', ...data], {
    ...{ cwd: folder, encoding: 'utf8', maxBuffer: 2 ** 30 },
  });
  return stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));
}

/**
 * Runs the tests with it.
 * @param {number} minutes after which no test file is begun
 * @returns {Promise<import('./common.mjs').Part>}
 */
export async function coverC(minutes) {
  for (const folder of [COMPILERS, COUNTS]) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
  }
  removePrograms();
  for (const name of ['cc', 'gcc']) counting(name);
  const sources = new Map(
    readdirSync(`${ROOT}host/devices`, { recursive: true, encoding: 'utf8' })
      .map((name) => name.replaceAll('\\', '/'))
      .filter((name) => /\.[ch]$/.test(name))
      .map((name) => [basename(name), name]),
  );
  const tests = ['test/durability', 'test/host/devices']
    .flatMap(testsBelow)
    .filter((test) => OURS.test(test));
  const env = { PATH: `${COMPILERS}${delimiter}${process.env.PATH}` };
  const { failed, unrun } = await runTests(tests, [], env, ROOT, minutes);
  removePrograms();
  /** Counts by the branch: source, line and number within it. @type {Map<string, number>} */
  const branches = new Map();
  /** Sources that were compiled, with branches or without. @type {Set<string>} */
  const compiled = new Set();
  for (const folder of readdirSync(COUNTS)) {
    for (const { files } of reportsOf(COUNTS + folder)) {
      for (const { file, lines } of files.filter(({ file: path }) => sources.has(basename(path)))) {
        if (lines.length > 0) compiled.add(basename(file));
        for (const { line_number: line, branches: ways } of lines)
          ways.forEach(({ count }, i) => {
            // The same line has other branches where it is compiled for something else.
            const key = `${basename(file)} ${line} ${i} of ${ways.length}`;
            branches.set(key, (branches.get(key) ?? 0) + count);
          });
      }
    }
  }
  /** @type {Map<string, { branches: number, taken: number }>} */
  const rooms = new Map();
  for (const [key, count] of branches) {
    const [name = ''] = key.split(' ');
    const of = rooms.get(name) ?? { branches: 0, taken: 0 };
    rooms.set(name, { branches: of.branches + 1, taken: of.taken + Number(count > 0) });
  }
  const rows = [...rooms]
    .sort()
    .map(([name, row]) => ({ room: `host/devices/${sources.get(name)}`, ...row }));
  const missed = [...branches].filter(([, count]) => count === 0).map(([key]) => key);
  return {
    what: 'C around the core',
    tests: tests.length - unrun,
    unrun,
    failed,
    sources: { counted: compiled.size, all: sources.size },
    rows,
    missed: missed.sort(),
  };
}
