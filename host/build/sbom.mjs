/**
 * dist/sbom.cdx.json: the software bill of materials, in CycloneDX. Users install one package; what is listed are the
 * packages whose code or files are in it. By `npm sbom`, less what differs from one run to the next.
 */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { ROOT } from './fresh.mjs';

/** @param {string} name of an installed package */
const manifestOf = (name) => JSON.parse(readFileSync(`${ROOT}node_modules/${name}/package.json`, 'utf8'));

/** @param {string} name of an installed package */
const referenceOf = (name) => `${name}@${manifestOf(name).version}`;

/** The licences of a package whose words for them are none that npm reads. @param {string} name */
function statedLicences(name) {
  const { license, licenses = [{ type: license }] } = manifestOf(name);
  return licenses.map((/** @type {{ type: string }} */ { type }) => ({ license: { name: type } }));
}

/** @typedef {{ 'bom-ref': string, name: string, licenses?: object[] }} Component */

/** All that npm knows of, by the lock alone. */
async function wholeBill() {
  const args = ['sbom', '--package-lock-only', '--sbom-format', 'cyclonedx', '--silent'];
  const { stdout } = await promisify(execFile)('npm', args, {
    cwd: ROOT,
    maxBuffer: 2 ** 26,
    shell: process.platform === 'win32',
  });
  return JSON.parse(stdout);
}

/**
 * @param {readonly string[]} names of the packages that are in what is published
 * @returns {import('./fresh.mjs').Rule}
 */
export function sbomRule(names) {
  return {
    name: 'sbom',
    recipe: names.join(),
    inputs: ['host/build/sbom.mjs', 'package.json', 'package-lock.json'],
    async make() {
      const { $schema, bomFormat, specVersion, version, metadata, components } = await wholeBill();
      const own = { ...metadata.component, name: 'nlr-vqa' };
      const kept = new Set(names.map(referenceOf));
      /** @param {Component} component */
      const isKept = (component) => kept.has(component['bom-ref']);
      const bill = {
        ...{ $schema, bomFormat, specVersion, version },
        // No time, no serial number and no version of npm: the same sources give the same bytes.
        metadata: { lifecycles: [{ phase: 'build' }], component: own },
        // To npm they are what development takes; in the bundles they are what is delivered.
        components: components.filter(isKept).map((/** @type {Component} */ component) => ({
          ...component,
          licenses: component.licenses ?? statedLicences(component.name),
          scope: 'required',
          properties: [],
        })),
        dependencies: [{ ref: own['bom-ref'], dependsOn: [...kept].sort() }],
      };
      return { outputs: [{ path: 'dist/sbom.cdx.json', content: `${JSON.stringify(bill, null, 1)}\n` }] };
    },
  };
}
