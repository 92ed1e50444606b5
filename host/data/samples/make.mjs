/**
 * Makes the files of mnist/ and fashion-mnist/ from the four original files of each:
 *
 *   node host/data/samples/make.mjs mnist FOLDER
 *
 * FOLDER holds the originals under their usual names, raw or gzipped. They are checked by SHA-256 first. Each output
 * holds the first images of every class in file order, with unchanged pixels: 6 to train on, 3 to test on.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { gzip, idx, IMAGES_HEADER, LABELS_HEADER, PIXELS, sha256 } from '../idx-files.mjs';

const ORIGINALS = {
  mnist: {
    'train-images-idx3-ubyte': 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
    'train-labels-idx1-ubyte': '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
    't10k-images-idx3-ubyte': '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
    't10k-labels-idx1-ubyte': 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
  },
  'fashion-mnist': {
    'train-images-idx3-ubyte': 'c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888',
    'train-labels-idx1-ubyte': 'bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9',
    't10k-images-idx3-ubyte': '5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b',
    't10k-labels-idx1-ubyte': '0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34',
  },
};
const KEEP = { train: 6, t10k: 3 };

function original(folder, name, sum) {
  const path = join(folder, name);
  const bytes = existsSync(path) ? readFileSync(path) : gunzipSync(readFileSync(`${path}.gz`));
  if (sha256(bytes) !== sum) throw new Error(`${path} is not the original file`);
  return bytes;
}

const [set, folder] = process.argv.slice(2);
if (ORIGINALS[set] === undefined || folder === undefined) {
  console.error('usage: node make.mjs mnist|fashion-mnist FOLDER');
  process.exit(2);
}
const sums = [];
for (const [part, keep] of Object.entries(KEEP)) {
  const [imagesName, labelsName] = [`${part}-images-idx3-ubyte`, `${part}-labels-idx1-ubyte`];
  const images = original(folder, imagesName, ORIGINALS[set][imagesName]);
  const labels = original(folder, labelsName, ORIGINALS[set][labelsName]);
  const counts = Array.from({ length: 10 }, () => 0);
  const chosen = [];
  for (let i = 0; chosen.length < 10 * keep; i++)
    if (counts[labels[LABELS_HEADER + i]]++ < keep) chosen.push(i);
  const image = (i) => images.subarray(IMAGES_HEADER + i * PIXELS, IMAGES_HEADER + (i + 1) * PIXELS);
  const label = (i) => labels.subarray(LABELS_HEADER + i, LABELS_HEADER + i + 1);
  const files = {
    [imagesName]: idx(images.subarray(0, IMAGES_HEADER), chosen.map(image)),
    [labelsName]: idx(labels.subarray(0, LABELS_HEADER), chosen.map(label)),
  };
  for (const [name, raw] of Object.entries(files)) {
    const packed = gzip(raw);
    writeFileSync(new URL(`${set}/${name}.gz`, import.meta.url), packed);
    sums.push(`${sha256(raw)}  ${name}`, `${sha256(packed)}  ${name}.gz`);
  }
}
writeFileSync(new URL(`${set}/SHA256SUMS`, import.meta.url), `${sums.join('\n')}\n`);
