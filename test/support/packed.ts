/** The package as people get it: packed, and installed into an empty folder that nothing of the repository is above. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureBuilt } from './built.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** An installation of the package. */
export interface Packed {
  /** The project that has installed it. */
  readonly project: string;
  /** The package in it. */
  readonly folder: string;
  /** The archive. */
  readonly archive: string;
  /** Every file of the package, relative to it, in order. */
  readonly files: readonly string[];
  remove(): void;
}

/** npm without a registry and without scripts. */
function npm(args: readonly string[], cwd: string): string {
  const quiet = ['--silent', '--offline', '--ignore-scripts', '--no-audit', '--no-fund'];
  return execFileSync('npm', [...args, ...quiet], { cwd, encoding: 'utf8' });
}

/** Packs and installs the package, built if need be. */
export function installPacked(): Packed {
  ensureBuilt('dist/');
  const place = mkdtempSync(join(tmpdir(), 'nlr-vqa-packed-'));
  const name = npm(['pack', '--pack-destination', place], ROOT).trim();
  const project = join(place, 'project');
  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), '{ "name": "project", "private": true, "type": "module" }');
  const archive = join(place, name);
  npm(['install', archive], project);
  const folder = join(project, 'node_modules/nlr-vqa');
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .map((path) => path.replaceAll('\\', '/'))
    .sort();
  const remove = () => rmSync(place, { recursive: true, force: true });
  return { project, folder, archive, files, remove };
}
