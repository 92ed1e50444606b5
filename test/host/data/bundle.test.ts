/** The data entry in a browser's bundle, and what prediction leaves out of one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** Bundles for browsers, where an import of a Node module is an error; returns the files that went in. */
async function bundled(entry: string): Promise<string[]> {
  const result = await build({
    entryPoints: [fileURLToPath(new URL(`../../../host/data/${entry}`, import.meta.url))],
    bundle: true,
    platform: 'browser',
    format: 'esm',
    write: false,
    metafile: true,
    logLevel: 'silent',
  });
  return Object.keys(result.metafile.inputs);
}

test('bundle: the data entry runs in browsers', async () => {
  const inputs = await bundled('index.ts');
  assert(inputs.some((file) => file.includes('ml-matrix')));
  assert(inputs.some((file) => file.includes('csv-parse')));
});

test('bundle: prediction carries neither linear algebra nor a CSV parser', async () => {
  const inputs = await bundled('preprocess.ts');
  assert.deepEqual(
    inputs.filter((file) => file.includes('node_modules')),
    [],
  );
});
