/** The package, installed into an empty folder: what is in it, and that every entry loads and works in Node. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { anchors, links, parsePage } from '../../house/pages.ts';
import { installPacked, type Packed } from '../../support/packed.ts';

/** A package.json, as far as it is looked at. */
interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: object;
  readonly peerDependencies?: object;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
  readonly optionalDependencies?: object;
  readonly scripts?: Record<string, string>;
  readonly license: string;
  readonly keywords: readonly string[];
  readonly bin: Record<string, string>;
  readonly exports: Record<string, string | Record<string, string>>;
}

/** A bill of materials in CycloneDX, as far as it is looked at. */
interface Bill {
  readonly bomFormat: string;
  readonly metadata: { readonly component: { readonly purl: string } };
  readonly components: readonly {
    readonly name: string;
    readonly version: string;
    readonly hashes: readonly { readonly content: string }[];
    readonly licenses: readonly object[];
  }[];
}

let packed: Packed;
let manifest: Manifest;
before(() => {
  packed = installPacked();
  manifest = JSON.parse(readFileSync(join(packed.folder, 'package.json'), 'utf8')) as Manifest;
});
after(() => packed.remove());

const read = (path: string) => readFileSync(join(packed.folder, path));

/** Runs a program in the project that has installed the package. @returns what it printed */
function run(args: readonly string[]): string {
  const env = { PATH: process.env.PATH ?? '' };
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: packed.project,
    env,
    encoding: 'utf8',
  });
  assert.equal(status, 0, `node ${args.join(' ')}\n${stderr}`);
  return stdout;
}

/** Entries that are programs: with types, and a file to load. */
const entries = () =>
  Object.entries(manifest.exports).flatMap(([name, entry]) =>
    typeof entry === 'string' ? [] : [{ name: name.replace('.', manifest.name), ...entry }],
  );

describe('the installed package', () => {
  test('brings nothing with it, and runs nothing', () => {
    assert.deepEqual(readdirSync(join(packed.project, 'node_modules')).sort(), [
      '.bin',
      '.package-lock.json',
      'nlr-vqa',
    ]);
    for (const kind of ['dependencies', 'optionalDependencies'] as const)
      assert.deepEqual(Object.keys(manifest[kind] ?? {}), [], kind);
    // What a queue needs is installed by whoever wants one.
    for (const name of Object.keys(manifest.peerDependencies ?? {}))
      assert.equal(manifest.peerDependenciesMeta?.[name]?.optional, true, name);
    for (const moment of ['preinstall', 'install', 'postinstall', 'prepare'])
      assert.ok(!(moment in (manifest.scripts ?? {})), moment);
    assert.ok(!packed.files.includes('binding.gyp'));
  });

  test('has what it says: every export, the command, the licences', () => {
    for (const [name, entry] of Object.entries(manifest.exports)) {
      for (const path of Object.values(typeof entry === 'string' ? { entry } : entry)) {
        const [before, behind] = path.replace('./', '').split('*');
        const found = packed.files.filter((file) =>
          behind === undefined ? file === before : file.startsWith(before) && file.endsWith(behind),
        );
        assert.ok(found.length > 0, `${name}: ${path}`);
      }
    }
    for (const path of Object.values(manifest.bin))
      assert.match(String(read(path)), /^#!\/usr\/bin\/env node\n/);
    assert.match(String(read('LICENSE')), new RegExp(manifest.license));
    assert.ok(packed.files.includes('dist/THIRD-PARTY-LICENCES.txt'));
    assert.ok(manifest.keywords.length >= 5 && new Set(manifest.keywords).size === manifest.keywords.length);
  });

  test('has no test, no source of ours and nothing of this machine in it', () => {
    for (const path of packed.files) assert.doesNotMatch(path, /\.(test|spec)\.|(^|\/)node_modules\/|\.tgz$/);
    for (const path of packed.files.filter((file) => /^dist\/[\w-]+\.js$/.test(file)))
      assert.ok(!read(path).includes(process.cwd()), path);
  });

  test('has a bill of materials: what is in the bundles, by hash, and the licence of each', () => {
    const bill = JSON.parse(String(read('dist/sbom.cdx.json'))) as Bill;
    assert.equal(bill.bomFormat, 'CycloneDX');
    assert.equal(bill.metadata.component.purl, `pkg:npm/nlr-vqa@${manifest.version}`);
    const licences = String(read('dist/THIRD-PARTY-LICENCES.txt'));
    const names = [...licences.matchAll(/(?:^|\n----\n\n)(\S+) (\d+\.\S+) \(/g)];
    assert.deepEqual(
      bill.components.map(({ name, version }) => `${name} ${version}`).sort(),
      names.map(([, name, version]) => `${name} ${version}`).sort(),
    );
    assert.ok(names.length > 5);
    for (const { name, hashes, licenses } of bill.components) {
      assert.match(hashes[0].content, /^[0-9a-f]{128}$/, name);
      assert.ok(licenses.length > 0, name);
    }
  });

  test('has modules that compile, without imports, and the C sources of each for devices', () => {
    const modules = Object.keys(manifest.exports).filter((name) => name.endsWith('.wasm'));
    assert.ok(modules.length >= 6);
    for (const name of modules) {
      const module = new WebAssembly.Module(read(name.replace('./', 'dist/')));
      assert.deepEqual(WebAssembly.Module.imports(module), [], name);
      const target = /^\.\/core\.(device.*)\.wasm$/.exec(name)?.[1];
      if (target !== undefined) assert.ok(packed.files.includes(`dist/c/core-module-${target}.c`), target);
    }
  });

  test('has front pages whose links lead to files that are there, or to the web', () => {
    for (const path of ['README.md', 'CHANGELOG.md', 'SECURITY.md']) {
      const page = parsePage(path, String(read(path)));
      for (const { path: target, anchor } of links(page)) {
        assert.ok(existsSync(join(packed.folder, target)), `${path}: ${target}`);
        if (anchor === undefined) continue;
        assert.ok(
          anchors(parsePage(target, String(read(target)))).includes(anchor),
          `${path}: ${target}#${anchor}`,
        );
      }
    }
  });

  test('has pages whose links to other pages lead to them', () => {
    const pages = packed.files.filter((file) => file.endsWith('.md') && !file.startsWith('dist/'));
    assert.ok(pages.length > 10);
    for (const path of pages) {
      for (const { path: target } of links(parsePage(path, String(read(path))))) {
        const isPage = target.endsWith('.md');
        if (isPage) assert.ok(packed.files.includes(target), `${path}: ${target}`);
      }
    }
  });
});

const PROGRAM = `
import { loadModel, Trainer } from 'nlr-vqa';
import { expectation } from 'nlr-vqa/circuits';
import { parseCsv } from 'nlr-vqa/data';
const dataset = parseCsv('a,b,kind\\n1,2,x\\n2,1,y\\n1,3,x\\n3,1,y\\n', { name: 'rows.csv', label: 'kind' });
const trainer = await Trainer.create({ model: { qubits: 2, features: 2 }, training: { steps: 30 }, dataset });
for await (const _ of trainer.fit());
const names = (await loadModel(trainer.save())).predict([[1, 2], [3, 1]]).map(({ name }) => name);
console.log(names.join(), Math.round(await expectation([{ gate: 'h', qubits: [0] }], 'X0', [])));
`;

describe('Node loads', () => {
  test('all entries as ES modules, and they work', () => {
    writeFileSync(join(packed.project, 'program.mjs'), PROGRAM);
    assert.equal(run(['program.mjs']), 'x,y 1\n');
    const every = entries().map(({ name }) => name);
    assert.ok(every.length >= 10);
    const program = `for (const name of ${JSON.stringify(every)})
      console.log(name, Object.keys(await import(name)).length > 0);`;
    writeFileSync(join(packed.project, 'every.mjs'), program);
    assert.equal(run(['every.mjs']), every.map((name) => `${name} true\n`).join(''));
  });

  test('what is no program by its name', () => {
    const program = `import { readFileSync } from 'node:fs';
      const bytes = (name) => readFileSync(new URL(import.meta.resolve(name)));
      for (const name of ['core.wasm', 'core.device.wasm', 'core.device-f32.wasm', 'core.device-fast-f32.wasm'])
        console.log(WebAssembly.validate(bytes('nlr-vqa/' + name)));
      for (const name of ['nlr_vqa.h', 'c/core.h', 'c/core-module-device-f32.c', 'package.json'])
        console.log(bytes('nlr-vqa/' + name).length > 0);`;
    writeFileSync(join(packed.project, 'files.mjs'), program);
    assert.equal(run(['files.mjs']), 'true\n'.repeat(8));
  });

  // Of the versions that are promised, Node 20 before 20.19 has no `require` of ES modules.
  const canRequire = 'require_module' in process.features;
  test('all entries by require', { skip: !canRequire && 'this Node requires no ES modules' }, () => {
    const program = `const { expectation } = require('nlr-vqa/circuits');
      for (const name of ${JSON.stringify(entries().map(({ name }) => name))})
        if (Object.keys(require(name)).length === 0) throw new Error(name);
      expectation([{ gate: 'h', qubits: [0] }], 'X0', []).then((value) => console.log(Math.round(value)));`;
    writeFileSync(join(packed.project, 'program.cjs'), program);
    assert.equal(run(['program.cjs']), '1\n');
  });

  test('the command by its name', () => {
    const command = join(packed.project, 'node_modules/.bin/nlr-vqa');
    assert.match(run([command, '--version']), /^\d+\.\d+\.\d+\n$/);
    assert.match(run([command, 'plan', '--qubits', '2', '--json']), /^\{/);
  });
});
