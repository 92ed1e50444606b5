/**
 * Branches of the host that its tests take: in a copy of the repository every source of the host counts, so that what is run
 * from the sources, from the bundles, in workers and by the command counts alike. Pages of the lab run in browsers and do not
 * count, nor does a process that is killed.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import coverage from 'istanbul-lib-coverage';
import { createInstrumenter } from 'istanbul-lib-instrument';
import { BUNDLE_NAMES } from '../../host/build/bundles.mjs';
import { FOLDER, ROOT, runTests, testsBelow } from './common.mjs';

const COPY = `${FOLDER}copy/`;
const COUNTS = `${FOLDER}host-counts/`;

/** Rooms that do not count: pages of the lab; what builds the package and the devices' programs, and tells it from outside. */
const OUTSIDE = /^host\/(?:browser\/(?:page|drawing|main|worker|service)|build|devices)|\.d\.ts$/;

/** Tests that look at the sources, at sizes or at how things are built, which counting changes. */
const OTHER = /^test\/host\/(?:package|build|devices|guides)\/|browser\/(?:size|lab)\.test/;

/** Writes the counts of a process when it ends, by the source; wherever the code runs, so without an import. */
const COLLECT = `const counting = globalThis as unknown as {
  process?: { on?: (name: 'exit', end: () => void) => void; pid: number; getBuiltinModule: (name: string) => unknown };
  __coverage__?: Record<string, { b: object }>;
  __collected__?: boolean;
};
if (counting.process?.on && !counting.__collected__) {
  counting.__collected__ = true;
  const { process } = counting;
  const files = process.getBuiltinModule('node:fs') as { writeFileSync(path: string, text: string): void };
  const { threadId } = process.getBuiltinModule('node:worker_threads') as { threadId: number };
  const write = () => {
    const counts = Object.entries(counting.__coverage__ ?? {}).map(([path, { b }]) => [path, b]);
    files.writeFileSync(\`FOLDER\${process.pid}-\${threadId}.json\`, JSON.stringify(Object.fromEntries(counts)));
  };
  process.on?.('exit', write);
  if (threadId !== 0) {
    // A thread that is ended from outside has no exit: it writes before whatever it says.
    const { postMessage } = MessagePort.prototype;
    MessagePort.prototype.postMessage = function (...said: [unknown]) {
      write();
      postMessage.apply(this, said);
    };
  }
}
export {};
`;

/** Everything that is in the repository, and what is built. */
function copied() {
  rmSync(COPY, { recursive: true, force: true });
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  for (const path of listed.split('\0').filter((each) => each !== '')) {
    mkdirSync(dirname(COPY + path), { recursive: true });
    cpSync(ROOT + path, COPY + path);
  }
  for (const folder of ['dist', 'build/made']) cpSync(ROOT + folder, COPY + folder, { recursive: true });
  for (const name of readdirSync(`${ROOT}build`).filter((each) => each.endsWith('.wasm')))
    cpSync(`${ROOT}build/${name}`, `${COPY}build/${name}`);
  symlinkSync(`${ROOT}node_modules`, `${COPY}node_modules`);
}

/**
 * What Istanbul makes of a source, without what it counts apart from branches: of a command that takes half a second, that
 * would be the half.
 * @param {string} code @param {import('istanbul-lib-coverage').FileCoverage} counts
 */
function branchesAlone(code, { path, b, hash }) {
  const data = `var coverageData=${JSON.stringify({ path, b, hash })};var coverage=`;
  return code
    .replace(/var coverageData=\{.*?\};var coverage=/s, () => data)
    .replace(/cov_\w+\(\)\.[sf]\[\d+\]\+\+,?/g, '');
}

/** Has the copy's sources count. @returns {import('istanbul-lib-coverage').CoverageMap} all of them, with nothing counted yet */
function instrumented() {
  const map = coverage.createCoverageMap({});
  const paths = readdirSync(`${COPY}host`, { recursive: true, encoding: 'utf8' })
    .map((name) => `host/${name.replaceAll('\\', '/')}`)
    .filter((path) => path.endsWith('.ts') && !OUTSIDE.test(path));
  for (const path of paths) {
    const instrumenter = createInstrumenter({ esModules: true, parserPlugins: ['typescript'] });
    const code = instrumenter.instrumentSync(readFileSync(COPY + path, 'utf8'), path);
    const counts = instrumenter.lastFileCoverage();
    // What only exports has nothing to count, and the build reads there what the bundles share.
    if (Object.keys(counts.branchMap).length === 0) continue;
    map.addFileCoverage(counts);
    const collect = `${'../'.repeat(path.split('/').length - 2) || './'}counts.ts`;
    writeFileSync(COPY + path, `${branchesAlone(code, counts)}\nimport '${collect}';\n`);
  }
  // What writes the counts is needed by every source; the sources themselves are left out where the package leaves them out.
  const packed = JSON.parse(readFileSync(`${COPY}package.json`, 'utf8'));
  writeFileSync(`${COPY}package.json`, JSON.stringify({ ...packed, sideEffects: ['./host/counts.ts'] }));
  writeFileSync(`${COPY}host/counts.ts`, COLLECT.replace('FOLDER', COUNTS));
  return map;
}

/**
 * Adds what a process has counted.
 * @param {import('istanbul-lib-coverage').CoverageMap} map
 * @param {Record<string, Record<string, number[]>>} counts
 */
function addCounts(map, counts) {
  for (const [path, branches] of Object.entries(counts)) {
    const { b: sums } = map.fileCoverageFor(path);
    for (const [id, ways] of Object.entries(branches)) sums[id] = sums[id].map((sum, way) => sum + ways[way]);
  }
}

/** The room of a source: its folder, or the file where it lies in host itself. @param {string} path */
const roomOf = (path) =>
  path
    .split('/')
    .slice(0, path.startsWith('host/browser/') ? 3 : 2)
    .join('/');

/** Whether a test file starts programs. @param {string} test */
const isSlow = (test) => /^test\/(?:host\/(?:cli|browser|paper|parallel)|faults)\//.test(test);

/** Ways that no test took. @param {import('istanbul-lib-coverage').CoverageMap} map */
function missedIn(map) {
  return map.files().flatMap((path) => {
    const { b: counts, branchMap } = map.fileCoverageFor(path);
    return Object.entries(counts).flatMap(([id, ways]) =>
      ways.flatMap((count, way) => {
        const { type, loc, locations } = branchMap[id];
        // What has no place of its own, such as an else that is not there, has that of the whole.
        return count > 0 ? [] : [`${path}:${locations[way]?.start?.line ?? loc.start.line} ${type} ${way}`];
      }),
    );
  });
}

/**
 * Runs the tests of the host on it.
 * @param {readonly string[]} words of the names of test files, all without
 * @param {number} minutes after which no test file is begun
 * @returns {Promise<import('./common.mjs').Part>}
 */
export async function coverHost(words, minutes) {
  rmSync(COUNTS, { recursive: true, force: true });
  mkdirSync(COUNTS, { recursive: true });
  copied();
  const map = instrumented();
  const build = ['host/build/build.mjs', ...BUNDLE_NAMES.map((name) => `dist/${name}.js`)];
  const env = { ...process.env, NLR_QUICK_BUILD: '1' };
  execFileSync(process.execPath, build, { cwd: COPY, stdio: 'inherit', env });
  const tests = ['test/host', 'test/faults']
    .flatMap(testsBelow)
    .filter((test) => !OTHER.test(test) && words.every((word) => test.includes(word)))
    // Those of the library first: they take less time than those of the command, for what they reach.
    .sort((a, b) => Number(isSlow(a)) - Number(isSlow(b)));
  const modules = readdirSync(`${COPY}build`).filter((name) => name.endsWith('.wasm'));
  // The lab is copied as it was built, for its pages do not count.
  const ready = ['dist/', 'dist/lab/index.html', ...modules.map((name) => `build/${name}`)];
  const { failed, unrun } = await runTests(tests, [], { NLR_READY: ready.join(',') }, COPY, minutes);
  for (const name of readdirSync(COUNTS)) {
    try {
      addCounts(map, JSON.parse(readFileSync(COUNTS + name, 'utf8')));
    } catch {
      process.stderr.write(`${name} is no whole count: its process was killed\n`);
    }
  }
  /** @type {Map<string, { branches: number, taken: number }>} */
  const rooms = new Map();
  for (const path of map.files()) {
    const { total, covered } = map.fileCoverageFor(path).toSummary().branches;
    const of = rooms.get(roomOf(path)) ?? { branches: 0, taken: 0 };
    rooms.set(roomOf(path), { branches: of.branches + total, taken: of.taken + covered });
  }
  const rows = [...rooms]
    .sort()
    .map(([room, row]) => ({ room, ...row }))
    .filter(({ branches }) => branches > 0);
  return { what: 'host', tests: tests.length - unrun, unrun, failed, rows, missed: missedIn(map) };
}
