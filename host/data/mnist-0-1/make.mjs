/**
 * Makes the files of this folder from the four original MNIST files:
 *
 *   node host/data/mnist-0-1/make.mjs FOLDER
 *
 * FOLDER holds the raw (not gzipped) originals under their usual names. They are checked by SHA-256 first. Each
 * output holds the first 1000 digits of classes 0 and 1 in file order, with unchanged pixels.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzip, idx, IMAGES_HEADER, LABELS_HEADER, PIXELS, sha256 } from '../idx-files.mjs';

const ORIGINALS = {
  'train-images-idx3-ubyte': 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
  'train-labels-idx1-ubyte': '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
  't10k-images-idx3-ubyte': '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
  't10k-labels-idx1-ubyte': 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
};
const KEEP = 1000;

function original(folder, name) {
  const bytes = readFileSync(join(folder, name));
  if (sha256(bytes) !== ORIGINALS[name])
    throw new Error(`${join(folder, name)} is not the original MNIST file`);
  return bytes;
}

const folder = process.argv[2];
if (folder === undefined) {
  console.error('usage: node make.mjs FOLDER');
  process.exit(2);
}
const sums = [];
for (const part of ['train', 't10k']) {
  const images = original(folder, `${part}-images-idx3-ubyte`);
  const labels = original(folder, `${part}-labels-idx1-ubyte`);
  const chosen = [];
  for (let i = 0; chosen.length < KEEP; i++) if (labels[LABELS_HEADER + i] <= 1) chosen.push(i);
  const image = (i) => images.subarray(IMAGES_HEADER + i * PIXELS, IMAGES_HEADER + (i + 1) * PIXELS);
  const label = (i) => labels.subarray(LABELS_HEADER + i, LABELS_HEADER + i + 1);
  const files = {
    [`${part}-images-idx3-ubyte`]: idx(images.subarray(0, IMAGES_HEADER), chosen.map(image)),
    [`${part}-labels-idx1-ubyte`]: idx(labels.subarray(0, LABELS_HEADER), chosen.map(label)),
  };
  for (const [name, raw] of Object.entries(files)) {
    const packed = gzip(raw);
    writeFileSync(new URL(`${name}.gz`, import.meta.url), packed);
    sums.push(`${sha256(raw)}  ${name}`, `${sha256(packed)}  ${name}.gz`);
  }
}
writeFileSync(new URL('SHA256SUMS', import.meta.url), `${sums.join('\n')}\n`);
