/** Imports go one way, in the order of layers.ts, and never round in a circle; the library runs in browsers. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { circles, disorder, type Imports, importsOf, reached } from './imports.ts';
import { HOUSE } from './layers.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Folders of other people's files and of build products. */
const STRANGE = new Set(['node_modules', 'target']);

/** The paths of all source files in a folder. */
function sourcesIn(folder: string): string[] {
  return readdirSync(`${root}${folder}`, { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return STRANGE.has(entry.name) ? [] : sourcesIn(path);
    return /\.(tsx?|mjs|js)$/.test(path) ? [path] : [];
  });
}

const paths = ['assembly', 'host', 'bench', 'test'].flatMap(sourcesIn);
const house = importsOf(new Map(paths.map((path) => [path, readFileSync(`${root}${path}`, 'utf8')])));

/** The files in a folder, each with its imports. */
function filesIn(folder: string): [path: string, imports: Imports][] {
  return [...house].filter(([path]) => path.startsWith(folder));
}

/** Every name that a file or one that it reaches imports, relative ones aside. */
function packagesOf(path: string): string[] {
  const names = [path, ...reached(house, path)].flatMap((file) => house.get(file)?.names ?? []);
  return [...new Set(names.filter((name) => !name.startsWith('.')))];
}

/** Imports of a small house, and what is wrong with them. */
function judged(files: Readonly<Record<string, string>>, order: readonly string[]) {
  const imports = importsOf(new Map(Object.entries(files)));
  return { disorder: disorder(imports, order), circles: circles(imports) };
}

describe('the judge of a house', () => {
  // By names, or this file would seem to import them itself.
  const [TOP, THREE] = ['../a/high/top.ts', '../high/three.ts'];
  const order = ['a/low/', 'a/high/', 'a/high/top.ts', 'b/'];
  const good = {
    'a/low/one.ts': "import { two } from './two';",
    'a/low/two.ts': '',
    'a/high/three.ts': "export { one } from '../low/one.ts';\nimport fs from 'node:fs';",
    'a/high/top.ts': "import './three.ts';",
    'b/index.ts': `const later = await import('${TOP}');`,
    'b/four.mjs': "import * as all from '.';",
  };

  it('finds nothing wrong with one in order', () => {
    assert.deepEqual(judged(good, order), { disorder: [], circles: [] });
  });

  it('finds an import of what comes later, of a type or at run time too', () => {
    for (const line of [
      "import { x } from '../high/three.ts';",
      "import type { X } from '../high/three';",
      "export * from '../high/three.ts';",
      `const x = import('${THREE}');`,
    ]) {
      assert.deepEqual(judged({ ...good, 'a/low/two.ts': line }, order).disorder, [
        'a/low/two.ts imports a/high/three.ts, which comes after it',
      ]);
    }
  });

  it('finds one of a file that has a later line than its folder', () => {
    const found = judged({ ...good, 'a/high/more.ts': "import './top.ts';" }, order);
    assert.deepEqual(found.disorder, ['a/high/more.ts imports a/high/top.ts, which comes after it']);
  });

  it('finds a file without a place', () => {
    const found = judged({ ...good, 'c/new.ts': '' }, order);
    assert.deepEqual(found.disorder, ['c/new.ts has no place in the order']);
  });

  it('finds each circle once, within a folder too', () => {
    const found = judged(
      {
        'a/low/one.ts': "import './two.ts';",
        'a/low/two.ts': "import './three.ts';",
        'a/low/three.ts': "import type { One } from './one.ts';",
        'a/low/uses-them.ts': "import './one.ts';",
        'a/low/itself.ts': "import './itself.ts';",
      },
      order,
    );
    assert.deepEqual(found, {
      disorder: [],
      circles: [['a/low/one.ts', 'a/low/three.ts', 'a/low/two.ts'], ['a/low/itself.ts']],
    });
  });

  it('takes no import from a comment', () => {
    const comment = "/**\n * import { x } from '../high/three.ts';\n */\n";
    assert.deepEqual(judged({ ...good, 'a/low/two.ts': comment }, order).disorder, []);
  });
});

describe('the house', () => {
  it('imports one way', () => {
    const found = [...house.values()].reduce((sum, { files }) => sum + files.length, 0);
    assert.ok(found > 500, `only ${found} imports`);
    assert.deepEqual(disorder(house, HOUSE), []);
  });

  it('has no circles', () => {
    assert.deepEqual(circles(house), []);
  });

  it('imports files that are there', () => {
    for (const [path, { missing }] of house) {
      const sources = missing.filter((name) => !/\.(wasm|json)$|\/dist\//.test(name));
      assert.deepEqual(sources, [], path);
    }
  });

  it('has no use for a test but to run it', () => {
    for (const [path, { files }] of house) {
      const tests = files.filter((file) => /\.(test|spec)\.ts$/.test(file));
      assert.deepEqual(tests, [], path);
    }
  });

  it('compiles assembly/ from files of its own alone', () => {
    for (const [path, { names }] of filesIn('assembly/')) {
      for (const name of names) assert.match(name, /^\.{1,2}\/[a-z./-]+$/, path);
    }
  });

  it('lets the host read nothing of assembly/ but its codes; what is no library, their tables too', () => {
    for (const [path, { files }] of filesIn('host/')) {
      const allowed = /^host\/(build|cli)\//.test(path)
        ? /\/abi\/(codes|[a-z]+\.table)\.ts$/
        : /\/abi\/codes\.ts$/;
      for (const file of files.filter((each) => each.startsWith('assembly/'))) {
        assert.match(file, allowed, path);
      }
    }
  });
});

describe('the entries of the package', () => {
  it('the library reaches no module of Node, no command line and one package', () => {
    const found = reached(house, 'host/index.ts');
    assert.ok(found.size > 12);
    assert.deepEqual(packagesOf('host/index.ts'), ['@assemblyscript/loader']);
    assert.ok(![...found].some((path) => path.startsWith('host/cli/')));
  });

  it('nlr-vqa/qasm reaches nothing that the library does not', () => {
    assert.deepEqual(packagesOf('host/qasm/index.ts'), []);
  });

  it('nlr-vqa/circuits reaches nothing that the library does not', () => {
    assert.deepEqual(packagesOf('host/circuits.ts'), []);
  });

  it('the lab page has the core from the published entries alone, words and ranges of options apart', () => {
    const published = /^host\/(index|circuits|(data|problems|qasm)\/index)\.ts$/;
    const words =
      /^(host\/api\/(choices|options|training-options)|host\/paper\/(landscape|section|typeset)|assembly\/abi\/codes)\.ts$/;
    for (const [path, { files }] of filesIn('host/browser/')) {
      for (const file of files.filter((each) => !each.startsWith('host/browser/'))) {
        assert.ok(published.test(file) || words.test(file), `${path} imports ${file}`);
      }
    }
  });

  it('nlr-vqa/qpu takes all of the library from the main entry, words, numbers and checks apart', () => {
    for (const [path, { names }] of filesIn('host/qpu/')) {
      for (const name of names) {
        assert.match(
          name,
          /^(\.\/[a-z-]+|\.\.\/index|\.\.\/api\/(asking|choices|words)|\.\.\/core\/checks|\.\.\/\.\.\/assembly\/abi\/codes)\.ts$/,
          path,
        );
      }
    }
  });

  it('nlr-vqa/data reaches no module of Node', () => {
    const packages = packagesOf('host/data/index.ts');
    assert.ok(
      packages.every((name) => !name.startsWith('node:')),
      `${packages}`,
    );
  });
});
