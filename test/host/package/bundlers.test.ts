/**
 * A page made by each bundler of the installed package, and one without any, train in Chromium and get the trace that the
 * sources give in Node. Skipped without the bundlers or Chromium, or failed where everything is wanted.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Trainer } from '../../../host/index.ts';
import { MODEL, rowsOf } from '../../support/host-data.ts';
import { without } from '../../support/installed.ts';
import { installPacked, type Packed } from '../../support/packed.ts';
import { firstOf } from '../../engines/engine.ts';
import { CHROMIUM_PROGRAM, visit } from '../../engines/engines-browser.ts';

const TOOLS = fileURLToPath(new URL('../../tools/', import.meta.url));
const BUNDLERS = ['esbuild', 'rollup', 'vite', 'webpack'] as const;
/** A page that loads the files of the package as they are. */
const PLAIN = 'script';

const program = firstOf(...CHROMIUM_PROGRAM.programs);
const lacking =
  program === undefined
    ? `Chromium, by ${CHROMIUM_PROGRAM.needs}`
    : existsSync(`${TOOLS}node_modules/.of-lock`)
      ? undefined
      : 'the bundlers, by bash test/tools/install.sh';
const skip = without(lacking);

const TRAINING = { steps: 5, shots: 100, seed: 7 };
const dataset = rowsOf(['no', 'yes']);

/** What a page says of itself. */
interface Answer {
  readonly trace?: string;
  readonly names?: readonly string[];
  readonly numbers?: readonly number[];
  readonly error?: string;
}

/** Every entry that runs in browsers, at work. @param names where a page finds each: a package's names, or addresses */
const main = (names: (entry: string) => string) => `
import { loadModel, Trainer } from '${names('nlr-vqa')}';
import { expectation } from '${names('nlr-vqa/circuits')}';
import { parseCsv } from '${names('nlr-vqa/data')}';
import { EarlyStopping } from '${names('nlr-vqa/early-stopping')}';
import { growLayers } from '${names('nlr-vqa/growth')}';
import { builtIn, lowestEnergy } from '${names('nlr-vqa/problems')}';
import { readOpenQasm } from '${names('nlr-vqa/qasm')}';
import { qpu } from '${names('nlr-vqa/qpu')}';
const rows = ${JSON.stringify({ ...dataset, features: [...dataset.features], labels: [...dataset.labels] })};
const dataset = { ...rows, features: Float64Array.from(rows.features), labels: Int32Array.from(rows.labels) };
async function answer() {
  const trainer = await Trainer.create({ model: ${JSON.stringify(MODEL)}, training: ${JSON.stringify(TRAINING)}, dataset });
  const early = new EarlyStopping(trainer, { dataset, every: 1 });
  for await (const _ of trainer.fit()) early.look();
  const model = await loadModel(trainer.save());
  const { circuit, observable } = readOpenQasm('OPENQASM 3.0; include "stdgates.inc"; qubit[1] q; h q[0];');
  const numbers = [
    await expectation(circuit, observable ?? 'X0', []),
    parseCsv('a,kind\\n1,x\\n2,y\\n', { name: 'a.csv', label: 'kind' }).rows,
    lowestEnergy(builtIn('h2')),
    typeof growLayers === 'function' && typeof qpu === 'function' ? 1 : 0,
  ];
  return { trace: trainer.trace, names: model.predict([[3, 0, 0], [0, 3, 0]]).map(({ name }) => name), numbers };
}
const found = await answer().catch((error) => ({ error: String(error.stack) }));
parent.postMessage({ name: new URL('.', location.href).pathname, found });
`;

let packed: Packed;
let answers: Record<string, Answer>;
const scripts = new Map<string, readonly string[]>();

/** Serves the project, and a page with a frame for each of its sites. */
function serve(answered: (answers: Record<string, Answer>) => void): Server {
  const sites = [...BUNDLERS, PLAIN];
  const frames = sites.map((name) => `<iframe src="/${name}/index.html"></iframe>`).join('');
  const collect = `const answers = {};
    addEventListener('message', async ({ data: { name, found } }) => {
      answers[name.replaceAll('/', '')] = found;
      if (Object.keys(answers).length === ${sites.length})
        await fetch('/', { method: 'POST', body: JSON.stringify(answers) });
    });`;
  return createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    if (request.method === 'POST') {
      let body = '';
      request.setEncoding('utf8').on('data', (text: string) => (body += text));
      request.on('end', () => {
        response.end();
        answered(JSON.parse(body) as Record<string, Answer>);
      });
      return;
    }
    const file = join(packed.project, path);
    const isThere = path !== '/' && existsSync(file);
    const type = /\.m?js$/.test(path) ? 'javascript' : 'html';
    response.writeHead(path === '/' || isThere ? 200 : 404, {
      'content-type': `text/${type}; charset=utf-8`,
    });
    response.end(isThere ? readFileSync(file) : `<!doctype html><script>${collect}</script>${frames}`);
  });
}

describe('the package, in a page of Chromium', { skip }, () => {
  before(async () => {
    packed = installPacked();
    writeFileSync(
      join(packed.project, 'main.js'),
      main((entry) => entry),
    );
    for (const name of BUNDLERS) {
      const args = [`${TOOLS}bundle.mjs`, name, packed.project];
      scripts.set(name, JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as string[]);
    }
    const { exports } = JSON.parse(readFileSync(join(packed.folder, 'package.json'), 'utf8')) as {
      exports: Record<string, { default: string }>;
    };
    const address = (entry: string) =>
      `/node_modules/nlr-vqa/${exports[entry.replace('nlr-vqa', '.')].default.replace('./', '')}`;
    execFileSync('mkdir', [join(packed.project, PLAIN)]);
    const inline = `<!doctype html><script type="module">${main(address)}</script>`;
    writeFileSync(join(packed.project, PLAIN, 'index.html'), inline);
    answers = await visit(program ?? 'chromium', CHROMIUM_PROGRAM, serve);
  });
  after(() => packed?.remove());

  for (const name of [...BUNDLERS, PLAIN]) {
    test(name === PLAIN ? 'by a script of type module' : `by ${name}`, async () => {
      const trainer = await Trainer.create({ model: MODEL, training: TRAINING, dataset });
      for await (const _ of trainer.fit());
      const { error, trace, names, numbers = [] } = answers[name];
      assert.equal(error, undefined);
      assert.equal(trace, trainer.trace);
      assert.deepEqual(names, ['no', 'yes']);
      const [expectation, rows, energy, rest] = numbers;
      assert.ok(Math.abs(expectation - 1) < 1e-9);
      assert.deepEqual([rows, rest], [2, 1]);
      assert.ok(energy < -1.1 && energy > -1.2, `${energy}`);
    });
  }

  test('with chunks, so that a page that predicts loads no more than it needs', () => {
    for (const name of BUNDLERS)
      assert.ok((scripts.get(name)?.length ?? 0) >= 3, `${name}: ${scripts.get(name)}`);
  });
});
