/** The built-in digits are the genuine ones, whole, and fit the recommended preprocessing. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import { checkDataset, checkEncodable, type Dataset, row } from '../../../host/data/dataset.ts';
import { fitPipeline } from '../../../host/data/fit.ts';
import { MNIST_FILES, type MnistFile, mnist01 } from '../../../host/data/digits.ts';
import { transformDataset } from '../../../host/data/preprocess.ts';

const folder = new URL('../../../host/data/mnist-0-1/', import.meta.url);
const read = (name: MnistFile): Promise<Uint8Array> => readFile(new URL(name, folder));
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

test('digits: SHA256SUMS lists every file, packed and raw, and every sum is right', () => {
  const lines = readFileSync(new URL('SHA256SUMS', folder), 'utf8').trimEnd().split('\n');
  const listed = lines.map((line) => {
    const [sum, name] = line.split('  ');
    const packed = readFileSync(new URL(name.endsWith('.gz') ? name : `${name}.gz`, folder));
    assert.equal(sha256(name.endsWith('.gz') ? packed : gunzipSync(packed)), sum, name);
    return name;
  });
  const files = readdirSync(folder).filter((name) => name.endsWith('.gz'));
  assert.deepEqual([...MNIST_FILES].sort(), files);
  assert.deepEqual(
    listed.sort(),
    files.flatMap((name) => [name.slice(0, -3), name]),
  );
});

test('digits: the licence and the counts are stated', () => {
  const readme = readFileSync(new URL('README.md', folder), 'utf8');
  for (const fact of [/ShareAlike 3\.0/, /LeCun/, /Cortes/, /\| 462 +\| 538 +\|/, /\| 448 +\| 552 +\|/]) {
    assert.match(readme, fact);
  }
});

const zeros = (data: Dataset) => data.labels.filter((label) => label === 0).length;

test('digits: 1000 digits to train on and 1000 to test on, without a copy in both', async () => {
  const { train, test: held } = await mnist01(read);
  for (const data of [train, held]) {
    checkDataset(data);
    checkEncodable(data, { amplitudes: 1024 });
    assert.deepEqual([data.rows, data.columns, data.shape, data.classes], [1000, 784, [28, 28], ['0', '1']]);
    assert(data.features.every((x) => Number.isInteger(x) && x >= 0 && x <= 255));
  }
  assert.deepEqual([zeros(train), zeros(held), train.part, held.part], [462, 448, 'train', 'test']);
  // The official training labels begin 5 0 4 1 9 2 1, the test labels 7 2 1 0 4 1.
  assert.deepEqual([...train.labels.subarray(0, 3)], [0, 1, 1]);
  assert.deepEqual([...held.labels.subarray(0, 3)], [1, 0, 1]);
  const seen = new Set(Array.from({ length: 1000 }, (_, i) => row(train, i).join()));
  for (let i = 0; i < 1000; i++) assert(!seen.has(row(held, i).join()));
});

test('digits: zeros are hollow, ones are not', async () => {
  const { train } = await mnist01(read);
  const centre = (label: number) => {
    let sum = 0;
    for (let i = 0; i < train.rows; i++) if (train.labels[i] === label) sum += row(train, i)[14 * 28 + 14];
    return sum / train.labels.filter((other) => other === label).length;
  };
  assert(centre(0) < 30 && centre(1) > 150, `${centre(0)} ${centre(1)}`);
});

test('digits: the recommended preprocessing fits it', async () => {
  const { train, test: held } = await mnist01(read);
  const { pipeline, training } = fitPipeline(train, [
    { kind: 'pool', to: [14, 14] },
    { kind: 'pca', components: 63 },
    { kind: 'constant', ratio: 1 },
  ]);
  assert.equal(training.columns, 64);
  checkEncodable(training, { amplitudes: 64 });
  checkEncodable(transformDataset(pipeline, held), { amplitudes: 64 });
});

test('digits: another file, even a well-formed one, is refused', async () => {
  const changed = async (name: MnistFile): Promise<Uint8Array> => {
    const raw = gunzipSync(await read(name));
    raw[raw.length - 1] ^= 1;
    return gzipSync(raw);
  };
  await assert.rejects(mnist01(changed), { name: 'DataError', code: 'ERR_DATA_CHECKSUM' });
  const cut = async (name: MnistFile): Promise<Uint8Array> => (await read(name)).subarray(0, 100);
  await assert.rejects(mnist01(cut), { code: 'ERR_DATA_GZIP' });
});
