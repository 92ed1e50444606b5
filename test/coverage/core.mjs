/** Branches of the core that its tests take: the debug build with a counter in every branch, in the place of the release. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { main } from 'assemblyscript/asc';
import { FOLDER, ROOT, runTests, testsBelow } from './common.mjs';
import { counted, counter } from './core-sites.mjs';

const MODULE = `${FOLDER}core.wasm`;
const TEXT = `${FOLDER}core.wat`;
const TAKEN = `${FOLDER}core-taken/`;

/** The sources of the core, from the root. */
const sources = () =>
  readdirSync(`${ROOT}assembly`, { recursive: true, encoding: 'utf8' })
    .map((name) => `assembly/${name.replaceAll('\\', '/')}`)
    .filter((name) => name.endsWith('.ts') && !/\.(table|test|spec|d)\.ts$/.test(name))
    .sort();

/** Compiles it. @returns {Promise<string[]>} the source of each counter, by its number */
async function compiled() {
  /** @type {string[]} */
  const owners = [];
  /** @type {Map<string, string>} */
  const texts = new Map();
  for (const path of sources()) {
    const next = () => owners.push(path) - 1;
    texts.set(path, counted(readFileSync(ROOT + path, 'utf8'), next));
  }
  const all = owners.map((_, id) => `@global export let ${counter(id)}: i32 = 0;`).join('\n');
  texts.set('counters.ts', all);
  const { error, stderr } = await main(
    [
      'counters.ts',
      '--baseDir',
      ROOT,
      '--target',
      'debug',
      '--outFile',
      'core.wasm',
      '--textFile',
      'core.wat',
    ],
    {
      readFile(name, folder) {
        const file = (name.startsWith('/') ? name : `${folder.replace(/\/$/, '')}/${name}`).replace(ROOT, '');
        const text = texts.get(file);
        if (text !== undefined) return text;
        try {
          return readFileSync(ROOT + file, 'utf8');
        } catch {
          return null;
        }
      },
      writeFile(name, content) {
        if (name.endsWith('.wasm')) writeFileSync(MODULE, content);
        else if (name.endsWith('.wat')) writeFileSync(TEXT, content);
      },
    },
  );
  if (error !== null) throw new Error(`the core with counters does not compile\n${stderr}`);
  return owners;
}

/**
 * Runs the tests of the core on it. A branch that a build of double precision with all features does not have is no branch.
 * @returns {Promise<import('./common.mjs').Part>}
 */
export async function coverCore() {
  rmSync(TAKEN, { recursive: true, force: true });
  mkdirSync(TAKEN, { recursive: true });
  const owners = await compiled();
  const text = readFileSync(TEXT, 'utf8');
  const there = new Set([...text.matchAll(/global\.set \$\S*__branch(\d+)/g)].map(([, id]) => Number(id)));
  // What the builds are made of is no matter of a module with counters.
  const tests = testsBelow('test/assembly').filter((test) => test !== 'test/assembly/builds.test.ts');
  const { failed } = await runTests(tests, ['./test/coverage/core-collect.mjs'], {
    ...{ NLR_BUILDS: 'debug,release', NLR_READY: 'build/core.debug.wasm,build/core.wasm' },
    ...{ NLR_MUTANT: MODULE, NLR_TAKEN: TAKEN },
  });
  const taken = new Set(readdirSync(TAKEN).flatMap((name) => JSON.parse(readFileSync(TAKEN + name, 'utf8'))));
  /** @type {Map<string, { branches: number, taken: number }>} */
  const rooms = new Map();
  for (const id of there) {
    const [, room = ''] = owners[id].split('/');
    const of = rooms.get(room) ?? { branches: 0, taken: 0 };
    rooms.set(room, { branches: of.branches + 1, taken: of.taken + Number(taken.has(id)) });
  }
  const rows = [...rooms].sort().map(([room, row]) => ({ room: `assembly/${room}`, ...row }));
  return { what: 'core, debug build', tests: tests.length, failed, rows };
}
