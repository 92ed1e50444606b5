/**
 * The types of every entry compile in other people's programs: strict, with the declarations themselves checked, by the
 * oldest TypeScript that is promised and by the newest, in both ways of finding modules, with and without the DOM.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ensureBuilt } from '../../support/built.mjs';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const { exports: entries, devDependencies } = JSON.parse(
  readFileSync(join(root, 'package.json'), 'utf8'),
) as {
  exports: Record<string, { types?: string } | string>;
  devDependencies: Record<string, string>;
};
const typed = Object.entries(entries).flatMap(([name, entry]) =>
  typeof entry === 'object' && entry.types !== undefined ? [name.replace('.', 'nlr-vqa')] : [],
);

/** Uses what people use, so that what it gives has the types that they expect. */
const CONSUMER = `
import { type Ascent, type Dataset, loadModel, NlrError, plan, Trainer, type StepReport } from 'nlr-vqa';
import { expectation, prepareCircuit, type Circuit } from 'nlr-vqa/circuits';
import { fitPipeline, parseCsv } from 'nlr-vqa/data';
import { trainSeeds } from 'nlr-vqa/parallel';
import { QasmError, readOpenQasm, writeOpenQasm } from 'nlr-vqa/qasm';
import { qpu, toOpenQasm } from 'nlr-vqa/qpu';

export async function all(text: string, signal: AbortSignal): Promise<number> {
  const dataset: Dataset = parseCsv(text, { name: 'a.csv', label: 'kind' });
  const { pipeline } = fitPipeline(dataset, [{ kind: 'standardise' }]);
  const trainer = await Trainer.create({ model: { qubits: 2, features: 3 }, dataset, pipeline });
  const answer = qpu(async (question, stop) => (stop.aborted ? {} : { [toOpenQasm(question)]: question.shots }));
  let last: StepReport | undefined;
  for await (const report of trainer.fit({ signal, answer, ascent: true })) last = report;
  const ascent: Ascent | undefined = last?.ascent;
  const bytes: Uint8Array = trainer.save();
  const { warnings } = await plan({ qubits: 2, features: 3 });
  const circuit: Circuit = [{ gate: 'crx', qubits: [0, 1], angle: { parameter: 0 } }];
  const gradient: Float64Array = (await prepareCircuit(circuit, { observable: 'Z0' })).gradient([1]).gradient;
  const [run] = await trainSeeds({ model: { qubits: 2, features: 3 }, dataset, seeds: [1], signal });
  try {
    return (await loadModel(bytes)).predict([[1, 2]])[0].scores[0] + (ascent?.product ?? 0) + gradient[0];
  } catch (error) {
    if (error instanceof QasmError) return error.line + readOpenQasm(writeOpenQasm(circuit)).qubits;
    if (error instanceof NlrError) return error.code.length + warnings.length + run.seed;
    return expectation(circuit, 'Z0', [1]);
  }
}
// @ts-expect-error a gate that is none
export const wrong: Circuit = [{ gate: 'no', qubits: [0] }];
`;

let folder = '';

before(() => {
  ensureBuilt('dist/types/host/index.d.ts');
  folder = mkdtempSync(join(tmpdir(), 'nlr-vqa-types-'));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(root, join(folder, 'node_modules/nlr-vqa'));
  symlinkSync(join(root, 'node_modules/@types'), join(folder, 'node_modules/@types'));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(folder, 'consumer.ts'), CONSUMER);
  const every = typed.map((name, i) => `export * as entry${i} from '${name}';\n`).join('');
  writeFileSync(join(folder, 'every.ts'), every);
});
after(() => rmSync(folder, { recursive: true }));

/** What a compiler has to say of the program. */
function compile(typescript: string, options: object): string {
  const compilerOptions = { ...options, strict: true, skipLibCheck: false, noEmit: true, target: 'es2022' };
  const project = join(folder, 'tsconfig.json');
  writeFileSync(project, JSON.stringify({ compilerOptions, files: ['consumer.ts', 'every.ts'] }));
  const compiler = join(root, 'node_modules', typescript, 'bin/tsc');
  const { stdout, stderr } = spawnSync(process.execPath, [compiler, '-p', project], { encoding: 'utf8' });
  return stdout + stderr;
}

describe('the types compile', () => {
  const none = { lib: ['es2022'], types: [] };
  const dom = { lib: ['es2022', 'dom'], types: [] };
  const node = { lib: ['es2022'], types: ['node'] };
  const both = { lib: ['es2022', 'dom'], types: ['node'] };
  const node16 = { module: 'node16', moduleResolution: 'node16' };
  const bundler = { module: 'esnext', moduleResolution: 'bundler' };
  // Not all pairs of compiler and options, which take a while: each option with each compiler.
  const programs: readonly (readonly [typescript: string, what: string, options: object])[] = [
    ['typescript-5.4', 'node16, with neither DOM nor Node', { ...node16, ...none }],
    ['typescript-5.4', 'bundler, with the DOM', { ...bundler, ...dom }],
    ['typescript-5.4', "node16, with Node's types", { ...node16, ...node }],
    ['typescript', 'bundler, with neither DOM nor Node', { ...bundler, ...none }],
    ['typescript', 'node16, with the DOM', { ...node16, ...dom }],
    ['typescript', 'bundler, with both', { ...bundler, ...both }],
  ];
  for (const [typescript, what, options] of programs) {
    test(`by ${typescript}, ${what}`, () => {
      assert.equal(compile(typescript, options), '');
    });
  }

  test('by the versions that are promised', () => {
    assert.equal(devDependencies['typescript-5.4'], 'npm:typescript@5.4.5');
    assert.ok(typed.includes('nlr-vqa') && typed.length >= 5, typed.join());
  });

  test('and the test can tell when they do not', () => {
    writeFileSync(join(folder, 'every.ts'), "export * as none from 'nlr-vqa/none';\n");
    assert.match(
      compile('typescript-5.4', { module: 'node16', moduleResolution: 'node16' }),
      /nlr-vqa\/none/,
    );
  });
});
