/**
 * `npm run oracles`: asks the other frameworks again. Every NAME.py here prints what NAME.json has, which the tests read;
 * none of them is needed to run a test. The packages of requirements.txt go into a virtual environment in build/. What
 * differs by the rounding of another processor alone is said to be the same, and left as it is.
 *
 *   npm run oracles                all of them
 *   npm run oracles -- qasm        those whose names have one of the words
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const environment = fileURLToPath(new URL('../../build/oracles', import.meta.url));
const requirements = `${here}requirements.txt`;
const python = `${environment}/bin/python`;

/** @param {string} program @param {readonly string[]} args @returns {string} what it prints */
function output(program, args) {
  const { status, stdout, error } = spawnSync(program, args, {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0)
    throw new Error(`${program} ${args.join(' ')} failed: ${error ?? `it ended with ${status}`}`);
  return stdout;
}

/** Numbers this near, relative to 1 or to themselves, differ by rounding. */
const ROUNDING = 1e-12;

/**
 * How far apart two values are that differ in their numbers alone; infinite for those that differ in more.
 * @param {unknown} one @param {unknown} other @returns {number}
 */
function distance(one, other) {
  if (typeof one === 'number' && typeof other === 'number')
    return Math.abs(one - other) / Math.max(1, Math.abs(one));
  if (typeof one !== 'object' || typeof other !== 'object' || !one || !other)
    return one === other ? 0 : Infinity;
  const [ours, theirs] = [Object.entries(one), Object.entries(other)];
  if (ours.length !== theirs.length) return Infinity;
  return ours.reduce(
    (most, [name, value], i) =>
      Math.max(most, name === theirs[i][0] ? distance(value, theirs[i][1]) : Infinity),
    0,
  );
}

const installed = `${environment}/requirements.txt`;
const wanted = readFileSync(requirements, 'utf8');
if (!existsSync(installed) || readFileSync(installed, 'utf8') !== wanted) {
  output('python3', ['-m', 'venv', environment]);
  output(python, ['-m', 'pip', 'install', '--quiet', '--only-binary=:all:', '-r', requirements]);
  writeFileSync(installed, wanted);
}

const words = process.argv.slice(2);
const scripts = readdirSync(here).filter(
  (name) => name.endsWith('.py') && (words.length === 0 || words.some((word) => name.includes(word))),
);
for (const script of scripts) {
  const target = `${here}${script.replace(/py$/, 'json')}`;
  const printed = output(python, [`${here}${script}`]);
  const apart = existsSync(target)
    ? distance(JSON.parse(readFileSync(target, 'utf8')), JSON.parse(printed))
    : Infinity;
  if (apart < ROUNDING) {
    process.stdout.write(`${script}: as it was, to ${apart.toPrecision(1)}\n`);
    continue;
  }
  writeFileSync(target, printed);
  output(process.execPath, ['node_modules/prettier/bin/prettier.cjs', '--write', target]);
  process.stdout.write(`${script}: written\n`);
}
