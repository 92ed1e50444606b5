/**
 * The pages are true: their code runs and prints what they say, their figures are the recorded ones, their links
 * lead somewhere. A block of code that no test knows how to run fails, unless `<!-- not run: reason -->` stands on
 * the line before it.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import {
  type RecordedBudget,
  type RecordedDevice,
  type RecordedFirmware,
  type RecordedPeer,
  type RecordedRepeats,
  type RecordedRun,
  recorded,
  TABLES,
  withRecordedTables,
  withSection,
} from '../../bench/results/tables.ts';
import { isThere } from '../../host/devices/tools.ts';
import { needs } from '../support/installed.ts';
import { ENGINES } from '../engines/engines.ts';
import { DRAWINGS } from './drawings.ts';
import { anchors, type Block, GRAPH_PAGE, links, type Page, parsePage, readPages, root } from './pages.ts';

const pages = readPages();
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};
const testFiles = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.test.ts'))
  .map((name) => name.replaceAll('\\', '/'));
let folder = '';

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'nlr-vqa-'));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(root, join(folder, 'node_modules/nlr-vqa'));
});

after(() => {
  rmSync(folder, { recursive: true });
});

function run(program: string, args: readonly string[], cwd: string): string {
  return execFileSync(program, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Commands of a shell block: without comments, lines that go on put together. */
function commands(code: string): string[] {
  return code
    .replaceAll('\\\n', ' ')
    .split('\n')
    .map((line) => line.replace(/(^|\s)#.*$/, '').trim())
    .filter((line) => line !== '');
}

/** Checks a command of npm without running it: the script is there, and so are the tests that it names. */
function checkNpm(command: string): void {
  const [, verb = '', ...rest] = command.split(/\s+/);
  if (['ci', 'install', 'pack'].includes(verb)) return;
  const script = verb === 'run' ? (rest[0] ?? '') : verb;
  const known = Object.hasOwn(scripts, script);
  assert.ok(known, `${command}: package.json has no such script`);
  if (script !== 'test' || rest[0] !== '--') return;
  for (const word of rest.slice(1)) {
    const found = word === 'words' || testFiles.some((name) => name.includes(word));
    assert.ok(found, `${command}: no test file has ${word} in its name`);
  }
}

/** Runs a command of a shell block. Of npm's only the names are checked: it would test from inside a test. */
function runCommand(command: string, cwd: string): void {
  if (/^npm [^|;]*$/.test(command)) {
    for (const part of command.split(' && ')) checkNpm(part);
  } else if (/^bash [\w./-]+( --\w+)*$/.test(command)) {
    assert.ok(existsSync(join(root, command.split(' ')[1] ?? '')), command);
  } else {
    assert.match(command, /^(node dist\/cli\.js|printf) /, `no test knows how to run this: ${command}`);
    const program = `"${process.execPath}" "${join(root, 'dist/cli.js')}"`;
    const output = run('sh', ['-c', command.replaceAll('node dist/cli.js', program)], cwd);
    // What writes a file alone says nothing.
    const isQuiet = command.startsWith('printf') || / export .* --out /.test(command);
    assert.ok(output !== '' || isQuiet, `${command} prints nothing`);
  }
}

/** Compiles the body of a function, as a page shows it. */
function checkC(code: string, cwd: string): void {
  const program = `#include "core.h"\n#include "nlr_vqa.h"\nvoid feed_the_watchdog(void);\ndouble feature_of(int32_t sample, uint32_t i);\nint32_t label_of(int32_t sample);\nint body(void);\nint body(void) {\n(void)0;\n${code}(void)features;\nreturn 0;\n}\n`;
  writeFileSync(join(cwd, 'block.c'), program);
  const flags = ['-std=gnu11', '-Wall', '-Werror', '-fsyntax-only', '-DNLR_ALL_ENGINES'];
  run('cc', [...flags, `-I${join(root, 'host/devices')}`, 'block.c'], cwd);
}

/** Whether blocks in C can be compiled. */
const compilesC = isThere('cc');
const isLeftOut = ({ language, notRun }: Block) => language === 'c' && notRun === undefined && !compilesC;

/** What is done with a block, by its language. @returns how many blocks were dealt with */
type Runner = (page: Page, index: number, cwd: string) => number;

const RUNNERS: Readonly<Record<string, Runner>> = {
  js: ({ blocks }, index, cwd) => {
    const [program, output] = blocks.slice(index, index + 2) as [Block, Block | undefined];
    assert.equal(output?.language, 'text', 'what a program prints is in a block of text behind it');
    writeFileSync(join(cwd, 'block.mjs'), program.code);
    assert.equal(run(process.execPath, ['block.mjs'], cwd), output.code);
    return 2;
  },
  sh: ({ blocks }, index, cwd) => {
    for (const command of commands(blocks[index].code)) runCommand(command, cwd);
    return 1;
  },
  c: ({ blocks }, index, cwd) => {
    checkC(blocks[index].code, cwd);
    return 1;
  },
  mermaid: ({ blocks }, index) => {
    assert.ok((blocks[index].section ?? '') in DRAWINGS, 'a drawing is generated');
    return 1;
  },
};

/** Runs a block; of one that is not to be run, what it names is looked up. */
function runBlock(page: Page, index: number, cwd: string): number {
  const { code, language, notRun } = page.blocks[index];
  if (notRun === undefined) {
    assert.ok(
      Object.hasOwn(RUNNERS, language),
      `no test knows how to run ${language || 'a block without a language'}`,
    );
    return RUNNERS[language](page, index, cwd);
  }
  for (const command of commands(code).flatMap((line) => line.split(' && '))) {
    if (/^npm /.test(command)) checkNpm(command);
  }
  for (const [path] of `${notRun}\n${code}`.matchAll(
    /(?<![\w/-])(?:assembly|bench|host|test)\/[\w./-]+\.(?:c|h|js|mjs|sh|ts|txt)\b/g,
  )) {
    assert.ok(existsSync(join(root, path)), `${path} is not there`);
  }
  return 1;
}

describe('the code of a page runs and prints what it says', () => {
  for (const page of pages.filter(({ blocks }) => blocks.length > 0)) {
    test(page.path, () => {
      const cwd = mkdtempSync(join(folder, 'page-'));
      for (let i = 0; i < page.blocks.length;) {
        if (isLeftOut(page.blocks[i])) {
          i += 1;
          continue;
        }
        try {
          i += runBlock(page, i, cwd);
        } catch (error) {
          const { line } = page.blocks[i];
          throw new Error(`${page.path}:${line}: ${(error as Error).message}`, { cause: error });
        }
      }
    });
  }

  for (const { path, blocks } of pages) {
    for (const { line } of blocks.filter(isLeftOut))
      test(`${path}:${line}, in C`, (context) => void needs(context, 'cc'));
  }

  test('and none is overlooked', () => {
    const strange = (text: string) => () => {
      const page = parsePage('page.md', text);
      page.blocks.forEach((_, i) => runBlock(page, i, folder));
    };
    assert.throws(strange('```py\nprint()\n```\n'), /no test knows how to run py/);
    assert.throws(strange('```\nprint()\n```\n'), /a block without a language/);
    assert.throws(strange('~~~js\nlet a;\n~~~\n'), /what a program prints/);
    assert.throws(strange('- in a list\n  ```text\n  4\n  ```\n'), /no test knows how to run text/);
    assert.throws(strange('```sh\nrm -r x\n```\n'), /no test knows how to run this/);
    assert.throws(strange('```sh\nnpm run nothing\n```\n'), /no such script/);
    assert.throws(strange('```sh\nnpm test -- nothing-of-that-name\n```\n'), /no test file/);
    assert.throws(strange('```js\n1;\n'), /not closed/);
    assert.throws(strange('words\n\n    code\n'), /without a fence/);
    assert.throws(strange('<!-- not run: why -->\n```py\nhost/nowhere.ts\n```\n'), /not there/);
    strange('<!-- not run: why -->\n```py\nprint()\n```\n')();
    const languages = new Set(pages.flatMap(({ blocks }) => blocks.map(({ language }) => language)));
    for (const language of ['js', 'sh', 'c', 'mermaid']) assert.ok(languages.has(language), language);
  });
});

test('the commands in the text are there', () => {
  for (const { path, prose } of pages) {
    for (const [, command] of prose.matchAll(/`(npm (?:run|test|start)[^`]*)`/g)) {
      assert.doesNotThrow(() => checkNpm(command), `${path}: ${command}`);
    }
  }
});

test('the tables are those of the recorded results', () => {
  const sections = Object.values(TABLES).flat();
  for (const { path, text } of pages) {
    assert.equal(text, withRecordedTables(text, path), `${path} is out of date: npm run pages`);
    for (const [, name] of text.matchAll(/^<!-- ([a-z-]+) -->$/gm)) {
      const written = (path === GRAPH_PAGE && name in DRAWINGS) || TABLES[path]?.includes(name);
      assert.ok(written, `${path}: nothing writes the section ${name}`);
    }
  }
  assert.ok(sections.length >= 5);
});

test('the import graph of assembly/ and the two sweeps are drawn as they are', () => {
  const { text } = pages.find(({ path }) => path === GRAPH_PAGE) as Page;
  for (const [name, draw] of Object.entries(DRAWINGS))
    assert.equal(text, withSection(text, name, draw()), `${GRAPH_PAGE} is out of date: npm run pages`);
});

/** Small numbers in words. */
const NUMBERS = 'no one two three four five six seven eight nine ten'.split(' ');

test('the figures in the text are the recorded ones', () => {
  const { rows: budgets } = recorded<{ rows: RecordedBudget[] }>('budgets');
  const machines = ['speed', 'budgets'].map(
    (name) => recorded<{ machine: { node: string; cpu: string; cores: number } }>(name).machine,
  );
  const { bars } = recorded<{ bars: RecordedPeer[] }>('peers');
  const { budgets: devices, rows: firmwares } = recorded<{
    budgets: RecordedDevice[];
    rows: RecordedFirmware[];
  }>('devices');
  const { runs: repeats, beside = [] } = recorded<RecordedRepeats>('c-reference-runs');
  const { runs } = recorded<{
    runs: (RecordedRun & { circuitParameters: number; activeParameters: number })[];
  }>('first-light');
  const number = (value: number) => Number(value.toPrecision(3)).toLocaleString('en-US');
  const found = (what: string) => budgets.find((row) => row.what.startsWith(what))?.found ?? Number.NaN;
  const kilobytes = (what: string) => `${(found(what) / 1000).toFixed(1)} KB`;
  const peer = (row: string, name: string) =>
    bars.find((bar) => bar.row === row && bar.peer === name) as Required<RecordedPeer>;
  const firmware = (what: string) => devices.find((row) => row.what === what)?.found ?? Number.NaN;
  const range = (row: string, of = repeats) => {
    const ratios = of.map((figures) => figures[row].ratio).sort((a, b) => a - b);
    return `${ratios[0].toFixed(1)} to ${ratios.at(-1)?.toFixed(1)}`;
  };
  const [nlr] = runs;
  const steps = (build: string) =>
    firmwares
      .filter(({ configuration: c }) => c.target === 'cortex-m4f' && c.how === 'wasm2c' && !c.flags)
      .filter(({ configuration: c }) => c.build === build)
      .map(({ configuration: c, counts }) => [c.engine, counts.step] as const);
  const doubled = new Map([...steps('device'), ...steps('device-fast')]);
  const ratios = [...steps('device-f32'), ...steps('device-columns-f32'), ...steps('device-fast-f32')]
    .map(([engine, step]) => (doubled.get(engine) ?? Number.NaN) / step)
    .sort((a, b) => a - b);
  const [columns, heisenberg] = ['columns', 'heisenberg'].map((engine) => {
    const found = firmwares.find(
      ({ configuration: c }) =>
        c.target === 'cortex-m4f' && c.how === 'wasm2c' && c.build.endsWith('f32') && c.engine === engine,
    );
    return Math.round((found?.counts.step ?? 0) / (found?.counts['longest-slice'] ?? 0));
  });
  const [leastRatio, mostRatio] = [ratios[0], ratios.at(-1)].map((ratio) => ratio?.toFixed(1));
  const step = firmware('exact NLR step, f32, ahead of time');
  const sliceBudget =
    devices.find(({ what }) => what.startsWith('longest step_advance(1)'))?.budget ?? Number.NaN;
  assert.equal(sliceBudget, Math.floor(step / 200));
  const figures: Readonly<Record<string, readonly string[]>> = {
    'README.md': [
      `The device module is ${kilobytes('core.device.wasm')}`,
      `${kilobytes("arena of the paper's model, f32")} of memory in single precision`,
      `${kilobytes("arena of the paper's model, f64")} in double`,
      `takes ${number(peer('step-32-d8', 'C reference').ours / 1000)} µs`,
      `${number(peer('step-32-d8', 'C reference').found)} times as fast as a plain C program`,
      `${number(peer('step-32-d8', 'PennyLane lightning.qubit').found)} times as fast as PennyLane`,
      `${firmware('exact NLR step, f32, ahead of time').toLocaleString('en-US')} instructions on a Cortex-M4F`,
      `(${range('step-32-d8')} in ${NUMBERS[repeats.length]} runs; on another machine ${beside.map(({ runs: others }) => range('step-32-d8', others)).join(', ')})`,
      `${ENGINES.length} engines`,
      `here ${(100 * (nlr.violationRate ?? 0)).toFixed(1)} % did`,
      `sees ${nlr.activeParameters} of ${nlr.circuitParameters} parameters`,
      `the longest of the shortest slices is 1/${columns} of a step by columns, 1/${heisenberg} by Heisenberg`,
    ],
    'bench/README.md': [
      ...machines.map(
        ({ cpu, cores, node }) => `(${cpu}, ${cores} cores, Node ${node.slice(1).split('.')[0]})`,
      ),
      `The budget of the longest, ${sliceBudget.toLocaleString('en-US')} instructions, is 1/200 of the ${step.toLocaleString('en-US')}`,
      `the longest is 1/${heisenberg} of a step`,
    ],
    'assembly/README.md': [
      `the longest is 1/${columns} of an exact step`,
      `its longest is 1/${heisenberg} of its step`,
    ],
    'host/devices/README.md': [`takes ${leastRatio} to ${mostRatio} times the instructions of single`],
    'test/README.md': [`${ENGINES.length} engines`],
  };
  for (const [path, sentences] of Object.entries(figures)) {
    const text = pages.find((page) => page.path === path)?.text.replace(/\s+/g, ' ') ?? '';
    for (const sentence of sentences) assert.ok(text.includes(sentence), `${path}: ${sentence}`);
  }
});

test('the recorded results are what the demo gives', () => {
  const output = run(process.execPath, [join(root, 'dist/cli.js'), 'demo', '--json', '--quiet'], folder);
  const found = (JSON.parse(output) as { runs: RecordedRun[] }).runs;
  const { runs } = recorded<{ runs: RecordedRun[] }>('first-light');
  const figures = ({
    model,
    rule,
    loss,
    accuracy,
    violationRate,
    reversals,
    shots,
    arenaBytes,
    trace,
  }: RecordedRun) => ({
    ...{ model, rule, loss, accuracy, violationRate, reversals, shots, arenaBytes, trace },
  });
  assert.deepEqual(found.map(figures), runs.map(figures));
});

test('every link leads somewhere', () => {
  for (const page of pages) {
    for (const { path, anchor } of links(page)) {
      const at = `${page.path} links to ${path}`;
      assert.ok(!path.startsWith('..'), `${at}, outside the repository`);
      assert.ok(existsSync(join(root, path)), `${at}, which is not there`);
      if (anchor === undefined) continue;
      const target = pages.find((other) => other.path === path);
      assert.ok(target !== undefined && anchors(target).includes(anchor), `${at}#${anchor}`);
    }
  }
});

test('package.json, the changelog and the citation have the same version', () => {
  const read = (name: string) => readFileSync(join(root, name), 'utf8');
  const { version } = JSON.parse(read('package.json')) as { version: string };
  assert.match(read('CITATION.cff'), new RegExp(`^version: ${version}$`, 'm'));
  assert.match(read('CHANGELOG.md'), new RegExp(`^## \\[?${version}\\b`, 'm'));
});
