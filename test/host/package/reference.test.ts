/**
 * The API reference: every public name of every entry is described, every link in a description leads somewhere, and
 * every `@example` runs on the built package, to the values in its comments.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
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
import { after, before, test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { transform } from 'esbuild';
import { ensureBuilt } from '../../support/built.mjs';
import { needs } from '../../support/installed.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const tools = join(root, 'test/tools');

/** An example in a file of declarations. */
interface Example {
  /** What it is an example of. */
  readonly name: string;
  readonly code: string;
}

/** The examples in the declarations that are published. */
function readExamples(): readonly Example[] {
  const folder = join(root, 'dist/types/host');
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.d.ts'),
  );
  return names.sort().flatMap((path) => {
    const text = readFileSync(join(folder, path), 'utf8');
    return [...text.matchAll(/@example\s*\n([\s\S]*?)\*\/\s*([^\n]*)/g)].map(([, block, behind]) => {
      const [, code] = /```ts\n([\s\S]*?)```/.exec(block.replace(/^\s*\* ?/gm, '')) ?? [];
      assert.ok(code !== undefined, `${path}: an example is a block of ts`);
      const [, word] = /(?:function\*?|class|const) (\w+)/.exec(behind) ?? /(\w+)\(/.exec(behind) ?? [];
      return { name: `${path.replaceAll('\\', '/')}: ${word}`, code };
    });
  });
}

/** What examples speak of without saying where it is from, made anew for each; and every export of every entry. */
const GIVEN = `
import assert from 'node:assert/strict';
const rows = Array.from({ length: 12 }, (_, i) => [i % 2 ? 3 : 0.2, i % 2 ? 0.3 : 2.8, 1 + (i % 3)]);
const labels = Int32Array.from(rows, (_, i) => i % 2);
const features = rows[0];
const dataset = { features: Float64Array.from(rows.flat()), rows: 12, columns: 3, labels, classes: ['a', 'b'], name: 'rows' };
const [validation, test] = [dataset, dataset];
const training = { steps: 3 };
const model = { qubits: 2, features: 3, entanglerGate: 'cz' };
const run = async ({ shots }) => new Map([[0, shots]]);
for (const entry of ENTRIES) Object.assign(globalThis, await import(entry));
/** A value is as it is written, numbers but for their last digits. */
async function claim(found, expected) {
  const value = await found;
  if (typeof expected === 'number') assert.ok(Math.abs(value - expected) < 1e-9, value + ' is not ' + expected);
  else assert.deepEqual(JSON.parse(JSON.stringify(value)), expected);
}
const failed = [];
console.log = () => {};
async function example(name, body) {
  const trainer = await Trainer.create({ model, training, dataset });
  await body(trainer, trainer.save()).catch((error) => failed.push(name + ': ' + error.stack));
}
`;

/** A statement that is a value, with the value in a comment behind it, becomes the check of it. */
const checked = (code: string) =>
  code.replace(/^(?!\s*(?:console|const |for |if ))(?:await )?(.+); \/\/ (.+)$/gm, 'await claim($1, $2);');

let folder = '';
let entries: readonly string[] = [];
before(() => {
  ensureBuilt('dist/');
  const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    exports: Record<string, string | object>;
  };
  entries = Object.keys(exports)
    .filter((name) => typeof exports[name] === 'object')
    .map((name) => name.replace('.', 'nlr-vqa'));
  folder = mkdtempSync(join(tmpdir(), 'nlr-vqa-examples-'));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(root, join(folder, 'node_modules/nlr-vqa'));
});
after(() => rmSync(folder, { recursive: true }));

test('every example runs, to the values that it gives', async () => {
  const examples = readExamples();
  assert.ok(examples.length >= 20);
  const bodies = examples.map(
    ({ name, code }) =>
      `await example(${JSON.stringify(name)}, async (trainer, bytes) => {{ ${checked(code)}\n }});\n`,
  );
  const source = `${GIVEN.replace('ENTRIES', JSON.stringify(entries))}${bodies.join('')}process.stdout.write(failed.join('\\n'));`;
  const { code } = await transform(source, { loader: 'ts', format: 'esm' });
  writeFileSync(join(folder, 'examples.mjs'), code);
  const { stdout, stderr, status } = spawnSync(process.execPath, ['examples.mjs'], {
    cwd: folder,
    encoding: 'utf8',
  });
  assert.equal(status, 0, stderr);
  assert.equal(stdout, '');
  const claims =
    examples
      .map((example) => checked(example.code))
      .join('')
      .match(/await claim\(/g) ?? [];
  assert.ok(claims.length >= 6);
});

test('every public name is described, and links in descriptions lead somewhere', (context: TestContext) => {
  const isThere = existsSync(join(tools, 'node_modules/.of-lock'));
  if (!needs(context, isThere ? undefined : 'typedoc, by bash test/tools/install.sh')) return;
  const args = [join(tools, 'docs.mjs'), '--check'];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  assert.equal(status, 0, stdout + stderr);
});
