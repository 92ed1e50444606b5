/** The licences of packages whose code is in what is built. */
import { readdirSync, readFileSync } from 'node:fs';
import { ROOT } from './fresh.mjs';

/** Names of the packages that some files are of. @param {readonly string[]} paths from the root */
export function packagesIn(paths) {
  const names = paths.flatMap((path) => path.match(/(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1] ?? []);
  return [...new Set(names)].sort();
}

/** Where a package says its licence, if it has a file for that. @param {string} name */
function fileOf(name) {
  const file = readdirSync(`${ROOT}node_modules/${name}`).find((entry) => /^licen[cs]e/i.test(entry));
  return file === undefined ? undefined : `node_modules/${name}/${file}`;
}

/** The files that `licencesOf` reads. @param {readonly string[]} names */
export const licenceFiles = (names) =>
  names.flatMap((name) => [`node_modules/${name}/package.json`, fileOf(name) ?? []].flat());

/** All of them in one text. @param {readonly string[]} names */
export function licencesOf(names) {
  const parts = names.map((name) => {
    const file = fileOf(name);
    const {
      version,
      licenses,
      license = licenses?.[0].type,
    } = JSON.parse(readFileSync(`${ROOT}node_modules/${name}/package.json`, 'utf8'));
    const text = file === undefined ? '' : `\n${readFileSync(ROOT + file, 'utf8')}`;
    return `${name} ${version} (${license})\n${text}`;
  });
  return parts.join('\n----\n\n');
}
