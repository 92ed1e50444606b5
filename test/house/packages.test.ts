/**
 * What is installed is what the locks name, by hash, and installing runs nobody's program: no package's script runs,
 * and none is needed. The sizes of the locks are no matter; what they may say is.
 */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { readPages, root } from './pages.ts';

/** An entry of a lock, as far as it is looked at. */
interface Locked {
  readonly version?: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly link?: boolean;
  readonly hasInstallScript?: boolean;
}

/** A package.json, as far as it is looked at. */
type Manifest = Readonly<
  Partial<
    Record<
      'dependencies' | 'devDependencies' | 'optionalDependencies' | 'overrides' | 'scripts',
      Record<string, string>
    >
  >
>;

const LOCKS = [
  'package-lock.json',
  'test/engines/package-lock.json',
  'test/coverage/package-lock.json',
  'test/mutation/package-lock.json',
  'test/tools/package-lock.json',
  'bench/peers/package-lock.json',
  '.ci/data/package-lock.json',
];

/** Packages that come with a script for their installation, and why it need not run. */
const SCRIPTS: Readonly<Record<string, string>> = {
  esbuild:
    'puts its program in the place of a starter of it, for speed; the library and the starter work without',
  'msgpackr-extract': 'looks for a faster reader of strings; msgpackr reads them in JavaScript without',
};

/** What npm runs on installation. A package with binding.gyp has an install script too. */
const MOMENTS = ['preinstall', 'install', 'postinstall'];

const text = (path: string) => readFileSync(join(root, path), 'utf8');

/** Entries of a lock but the first, which is the project itself. */
function entriesOf(lock: string): readonly (readonly [string, Locked])[] {
  const { packages, lockfileVersion } = JSON.parse(text(lock)) as {
    packages: Record<string, Locked>;
    lockfileVersion: number;
  };
  assert.equal(lockfileVersion, 3, lock);
  const entries = Object.entries(packages).filter(([path]) => path !== '');
  assert.ok(entries.length > 0, lock);
  return entries;
}

/** Packages all of whose releases are called previews: Q#'s compiler, and what Babel runs its generators by. */
const PREVIEWS: Readonly<Record<string, RegExp>> = {
  'qsharp-lang': /^\d+\.\d+\.\d+-dev$/,
  gensync: /^1\.0\.0-beta\.2$/,
};

/** What a release is called. */
const releaseOf = (name: string) => PREVIEWS[name] ?? /^\d+\.\d+\.\d+$/;

/** @param path of an entry: `node_modules/name`, or one in another */
const nameOf = (path: string) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);

/** Every package.json below a folder of packages. */
function* installed(folder: string): Generator<string> {
  for (const name of readdirSync(join(root, folder))) {
    if (name.startsWith('.')) continue;
    const path = `${folder}/${name}`;
    if (name.startsWith('@')) yield* installed(path);
    else if (existsSync(join(root, path, 'package.json'))) yield path;
    if (existsSync(join(root, path, 'node_modules'))) yield* installed(`${path}/node_modules`);
  }
}

describe('the locks', () => {
  for (const lock of LOCKS) {
    test(`${lock} pins every package to a release, by hash, and to no place`, () => {
      for (const [path, { version, integrity, resolved, link }] of entriesOf(lock)) {
        assert.match(
          version ?? '',
          releaseOf(nameOf(path)),
          `${path} is on a release, no preview and no nightly`,
        );
        assert.match(integrity ?? '', /^sha512-[\w+/]{86}==$/, path);
        assert.equal(link ?? false, false, path);
        // A place would be git, a folder or a server of somebody's; without one it is the registry that npm asks.
        assert.equal(resolved, undefined, path);
      }
    });
  }

  test('what the project asks for is one release of the registry each', () => {
    for (const lock of LOCKS) {
      const manifest = JSON.parse(text(lock.replace('package-lock', 'package'))) as Manifest;
      const { dependencies, devDependencies, optionalDependencies, overrides } = manifest;
      const asked = Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies });
      assert.ok(asked.length > 0, lock);
      // Two releases of one package stand beside each other under another name for one of them.
      for (const [name, wanted] of asked) {
        assert.match(wanted.replace(/^npm:(@[\w-]+\/)?[\w-]+@/, ''), releaseOf(name), `${lock}: ${name}`);
      }
      for (const [name, wanted] of Object.entries(overrides ?? {}))
        assert.ok(wanted === `$${name}` || /^\d+\.\d+\.\d+$/.test(wanted), `${lock}: ${name} is ${wanted}`);
    }
  });

  test('the Python packages of the engines are pinned by hash', () => {
    for (const file of ['test/engines/requirements.txt', 'bench/speed/requirements-wasm3.txt']) {
      const lines = text(file).replaceAll('\\\n', ' ').trim().split('\n');
      for (const line of lines) assert.match(line, /^[\w.-]+==[\d.]+(\s+--hash=sha256:[0-9a-f]{64})+$/, file);
    }
    assert.match(text('test/engines/install.sh'), /--require-hashes --only-binary=:all:/);
  });
});

describe('installation', () => {
  test('only packages that are known not to need it have an install script', () => {
    for (const lock of LOCKS) {
      const names = entriesOf(lock)
        .filter(([, { hasInstallScript }]) => hasInstallScript)
        .map(([path]) => nameOf(path));
      const known = lock === 'package-lock.json' ? Object.keys(SCRIPTS) : [];
      assert.deepEqual(names.sort(), known, `${lock}: ${names}`);
    }
  });

  test('the packages that are there have no script that the lock does not tell of', () => {
    const paths = [...installed('node_modules')];
    assert.ok(paths.length > 50);
    for (const path of paths) {
      const { scripts = {} } = JSON.parse(text(`${path}/package.json`)) as Manifest;
      const has = MOMENTS.some((moment) => moment in scripts) || existsSync(join(root, path, 'binding.gyp'));
      assert.equal(has, nameOf(path) in SCRIPTS, path);
    }
  });

  test('no script runs: npm is told so for good, and wherever it installs', () => {
    assert.match(text('.npmrc'), /^ignore-scripts=true$/m);
    const own = Object.keys((JSON.parse(text('package.json')) as Manifest).scripts ?? {});
    // npm would run these on `npm ci`; and `npm pack` skips its hooks when scripts are ignored.
    for (const moment of [...MOMENTS, 'prepare', 'prepack', 'postpack', 'prepublishOnly'])
      assert.ok(!own.includes(moment), moment);
    const pages = readPages().filter((page) => /\bnpm ci\b/.test(page.text));
    assert.ok(pages.length > 5);
    const scripts = [
      '.ci/run',
      '.ci/data/install',
      'test/engines/install.sh',
      'test/tools/install.sh',
      'test/mutation/install.sh',
      'bench/peers/install.ts',
    ];
    for (const path of [...scripts, ...pages.map((page) => page.path)]) {
      const commands = text(path)
        .split('\n')
        .filter((line) => /\bnpm ci\b|\['ci'/.test(line));
      assert.ok(commands.length > 0, path);
      for (const command of commands) assert.match(command, /--ignore-scripts/, `${path}: ${command}`);
    }
  });
});
