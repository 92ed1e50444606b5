/** The tests of what has changed since the last commit: a folder of assembly/ or host/ has its tests in the same place below test/. */
import { execFileSync } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** @param {readonly string[]} args */
function git(args) {
  const output = execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' });
  return output.split('\0').filter((path) => path !== '');
}

/** Paths of changed and of new files, from the root. A file that is gone is one of them too. */
export function touchedFiles() {
  const changed = git(['diff', '--name-only', '--no-renames', '--relative', '-z', 'HEAD']);
  return [...changed, ...git(['ls-files', '--others', '--exclude-standard', '-z'])];
}

/**
 * Whether a test file is about a file: it is the file, or in the folder that mirrors the file's, or in one below.
 * @param {string} test
 * @param {string} file
 */
function isAbout(test, file) {
  if (test === file) return true;
  const folder = dirname(file);
  if (!/^(assembly|host)\b/.test(folder)) return false;
  const mirrored = `test/${folder}/`;
  // What is at the top of assembly/ or host/ is in all of it: its tests are those at the top as well.
  return folder.includes('/') ? test.startsWith(mirrored) : `${dirname(test)}/` === mirrored;
}

/**
 * Those of some test files that are about changed files.
 * @param {readonly string[]} tests
 * @param {readonly string[]} files
 */
export const testsAbout = (tests, files) => tests.filter((test) => files.some((file) => isAbout(test, file)));
