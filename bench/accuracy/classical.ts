/** scikit-learn, in a virtual environment of its own: where it is, and what its classifiers reach on the same rows. */
import { execFile } from 'node:child_process';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Dataset } from '../../host/data/dataset.ts';
import { hashOf } from '../claim/cells.ts';
import type { Classical } from '../results/accuracy.ts';
import type { Rows } from './cells.ts';

const run = promisify(execFile);
const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** One thread, and the least of the processor: others use the machine. */
const ENVIRONMENT = { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' };

/** Installs the packages of requirements.txt below a folder, once per list of them. @returns the interpreter */
export async function installed(folder: string): Promise<string> {
  const environment = `${folder}/python`;
  const wanted = await readFile(here('requirements.txt'), 'utf8');
  const stamp = `${environment}/requirements.txt`;
  const python = `${environment}/bin/python`;
  if ((await readFile(stamp, 'utf8').catch(() => '')) === wanted) return python;
  await run('python3', ['-m', 'venv', environment]);
  const options = ['--quiet', '--only-binary=:all:', '--no-deps', '-r', here('requirements.txt')];
  await run(python, ['-m', 'pip', 'install', ...options]);
  await writeFile(stamp, wanted);
  return python;
}

/** The digits that scikit-learn comes with. @param folder of the environment */
export async function digitsOf(folder: string): Promise<string> {
  const library = `${folder}/python/lib`;
  const [version] = await readdir(library);
  return `${library}/${version}/site-packages/sklearn/datasets/data/digits.csv.gz`;
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float64Array | Int32Array) =>
  new Uint8Array(buffer, byteOffset, byteLength);

/** Writes a part as classical.py reads it. */
async function write(folder: string, name: string, { features, labels }: Dataset): Promise<void> {
  await writeFile(`${folder}/${name}.bin`, bytesOf(features));
  await writeFile(`${folder}/${name}-labels.bin`, bytesOf(labels));
}

/** What the baselines reach, from disk where they have been asked before. @param name of the set */
export async function classical(
  folder: string,
  name: string,
  rows: Rows,
  recipe: unknown,
): Promise<Classical> {
  const own = `${folder}/classical/${name}`;
  await mkdir(own, { recursive: true });
  const key = hashOf([recipe, await readFile(here('classical.py'), 'utf8')]);
  const file = `${own}/${key}.json`;
  const kept = await readFile(file, 'utf8').catch(() => undefined);
  if (kept !== undefined) return JSON.parse(kept) as Classical;
  await write(own, 'train', rows.train);
  await write(own, 'test', rows.evaluated);
  await writeFile(`${own}/rows.json`, JSON.stringify({ columns: rows.train.columns }));
  const python = await installed(folder);
  const { stdout } = await run(python, [here('classical.py'), own], { env: ENVIRONMENT });
  await writeFile(file, stdout);
  return JSON.parse(stdout) as Classical;
}
