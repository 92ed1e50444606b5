/**
 * Makes files when what they are made of has changed, and not else. The contents decide, never a time: a record in
 * build/made/ keeps the hashes of what went in and of what came out, so that a fresh clone, a `git checkout` back
 * and forth, or an output from another state of the sources is told apart.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository. All paths of a rule are relative to it, with slashes. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/**
 * @typedef {object} Output
 * @property {string} path
 * @property {string | Uint8Array} content
 * @property {number} [mode] permissions
 *
 * @typedef {object} Made
 * @property {Output[]} outputs
 * @property {string[]} [inputs] what went in, where only the making finds that out
 *
 * @typedef {object} Rule
 * @property {string} name also the name of its record
 * @property {string} recipe what decides the outputs apart from the inputs: settings, versions of tools
 * @property {string[]} inputs
 * @property {() => Promise<Made>} make
 *
 * @typedef {object} Kept
 * @property {string} recipe
 * @property {Record<string, string>} inputs hashes by path
 * @property {Record<string, string>} outputs hashes by path
 */

/** @param {string | Uint8Array} content */
const hashOf = (content) => createHash('sha256').update(content).digest('hex');

/** The hash of a file, or that it is not there. @param {string} path */
function hashOfFile(path) {
  try {
    return hashOf(readFileSync(ROOT + path));
  } catch {
    return 'missing';
  }
}

/** @param {readonly string[]} paths */
const hashesOf = (paths) => Object.fromEntries(paths.map((path) => [path, hashOfFile(path)]));

/**
 * All files below a folder whose path matches, in order.
 * @param {string} folder
 * @param {RegExp} pattern
 */
export function filesBelow(folder, pattern) {
  return readdirSync(ROOT + folder, { recursive: true, encoding: 'utf8' })
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
    .filter((path) => pattern.test(path))
    .sort();
}

/** The version of an installed package. @param {string} name */
export function versionOf(name) {
  const { version } = JSON.parse(readFileSync(`${ROOT}node_modules/${name}/package.json`, 'utf8'));
  return `${name} ${version}`;
}

/** @param {string} name */
const recordPath = (name) => `build/made/${name}.json`;

/**
 * What a rule recorded when it last made its files.
 * @param {string} name
 * @returns {Kept | undefined}
 */
export function recordOf(name) {
  try {
    return JSON.parse(readFileSync(ROOT + recordPath(name), 'utf8'));
  } catch {
    return undefined;
  }
}

/** @param {Record<string, string>} hashes */
const hold = (hashes) => Object.entries(hashes).every(([path, hash]) => hashOfFile(path) === hash);

/**
 * Whether a rule's outputs are there and made of the inputs as they are now.
 * @param {Pick<Rule, 'name' | 'recipe' | 'inputs'>} rule
 */
export function isFresh({ name, recipe, inputs }) {
  const kept = recordOf(name);
  if (kept === undefined || kept.recipe !== recipe) return false;
  return inputs.every((path) => path in kept.inputs) && hold(kept.inputs) && hold(kept.outputs);
}

/**
 * Writes a file that appears whole or not at all, whoever else writes it at the same time.
 * @param {Output} output
 */
function publish({ path, content, mode }) {
  const partial = `${ROOT}build/.${path.replaceAll('/', '-')}.${process.pid}`;
  mkdirSync(dirname(ROOT + path), { recursive: true });
  writeFileSync(partial, content, { mode: mode ?? 0o644 });
  renameSync(partial, ROOT + path);
}

/** A line on what was made. @param {Output[]} outputs */
function summary(outputs) {
  const bytes = outputs.reduce((sum, { content }) => sum + Buffer.byteLength(content), 0);
  const [{ path }] = outputs;
  return `${path}${outputs.length > 1 ? ` and ${outputs.length - 1} more` : ''}: ${bytes} bytes`;
}

/** @param {Rule} rule */
async function makeNow({ name, recipe, inputs, make }) {
  // Hashed before they are read: a source that changes in the meantime leaves a record that no longer holds.
  const before = hashesOf(inputs);
  // What is made on the way lies there, of the first rule too.
  mkdirSync(`${ROOT}build`, { recursive: true });
  const made = await make();
  for (const output of made.outputs) publish(output);
  process.stderr.write(`${summary(made.outputs)}\n`);
  const kept = {
    recipe,
    inputs: { ...hashesOf(made.inputs ?? []), ...before },
    outputs: Object.fromEntries(made.outputs.map(({ path, content }) => [path, hashOf(content)])),
  };
  publish({ path: recordPath(name), content: `${JSON.stringify(kept, null, 1)}\n` });
}

/** @type {Map<string, Promise<void>>} */
const asked = new Map();

/**
 * Makes a rule's files unless they are up to date. Once a process, however many ask.
 * @param {Rule} rule
 */
export function ensure(rule) {
  const known = asked.get(rule.name);
  if (known !== undefined) return known;
  const done = isFresh(rule) ? Promise.resolve() : makeNow(rule);
  asked.set(rule.name, done);
  return done;
}
