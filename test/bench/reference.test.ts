/**
 * The plain C program that speed is held against is frozen: figures of different days are ratios to the same program.
 * Who mends a fault in it says so in the changelog, has all figures against it measured anew, and changes its sums here.
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { GCC_FLAGS } from '../../bench/peers/install.ts';

const folder = new URL('../../bench/peers/reference/', import.meta.url);

/** SHA-256 of each file. */
const FROZEN: Readonly<Record<string, string>> = {
  'binomial.c': '31931b548f7eac6d27763212ae3b3988fb01300a4e2da8d8e72dc8f8c33b1c7f',
  'exact.c': 'cac8b295b5430a0c3a046e57baf6059835b04a8968c5e6bf38b81ada5fcc9e94',
  'gates.c': 'c6c1b25d259b2e5af397ded644b9c5c6042c41a1ddadfd3fcede5365f1e5c77c',
  'model.c': 'f257795a35b0883606d3e7fd9d0a6657d53c86f698b75352db93470b7a7c5f65',
  'model.h': '81069d315a829c21689a40d20beeb717cbe5eb4c6da83d538c525b7e1dfb0e69',
  'shots.c': '78f5a9f4ceb3e2c49cc529187953c567e9d52a042c678958aa643dcff3db15ef',
  'worker.c': 'a30cfe343605e6e72580b978d4939b45ecebdbae55c032968850cca8d53a9faf',
};

test('the C reference is, byte for byte, the one that all figures are ratios to', () => {
  const found = Object.fromEntries(
    readdirSync(folder).map((name) => [
      name,
      createHash('sha256')
        .update(readFileSync(new URL(name, folder)))
        .digest('hex'),
    ]),
  );
  assert.deepEqual(found, FROZEN);
});

test('the C reference is compiled as it says, as fast as the compiler can make it here', () => {
  assert.deepEqual(GCC_FLAGS, ['-O3', '-march=native', '-std=gnu11']);
  const said = readFileSync(new URL('worker.c', folder), 'utf8');
  assert.match(said, new RegExp(`gcc ${GCC_FLAGS.join(' ')} \\*\\.c -lm -o reference`));
});
