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
 * Whether a test file is about a file: it is the file, or it is below the folder of test/ that mirrors the file's
 * folder in assembly/ or host/.
 * @param {string} test
 * @param {string} file
 */
function isAbout(test, file) {
  if (test === file) return true;
  const [part, ...names] = file.split('/');
  if (part !== 'assembly' && part !== 'host') return false;
  // What is at the top of a part is in all of it: its tests are those at the top as well.
  return names.length > 1 ? test.startsWith(`test/${part}/${names[0]}/`) : dirname(test) === `test/${part}`;
}

/**
 * Those of some test files that are about changed files.
 * @param {readonly string[]} tests
 * @param {readonly string[]} files
 */
export const testsAbout = (tests, files) => tests.filter((test) => files.some((file) => isAbout(test, file)));
