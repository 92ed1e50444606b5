/** The help of every command: what it says in prose is as wide as a page, and no wider. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Workshop } from '../../support/cli-process.ts';

/** Columns of prose behind the flags, which the program wraps itself. */
const WIDTH = 120;

let shop: Workshop;
before(async () => {
  shop = await Workshop.open();
});
after(() => shop.close());

test('no sentence of it is wider', async () => {
  const { stdout } = await shop.run(['--help']);
  const names = [...stdout.matchAll(/^ {2}([a-z]+) (?: |\[options\])/gm)].map(([, name]) => name);
  assert.ok(names.length > 12, `${names}`);
  for (const name of names.filter((each) => each !== 'help')) {
    const { stdout: help } = await shop.run([name, '--help']);
    // Examples are commands to copy, which stay whole.
    const wide = help.split('\n').filter((line) => line.length > WIDTH && !line.includes('nlr-vqa '));
    assert.deepEqual(wide, [], name);
  }
});

test('asked for of what there is not, it names it', async () => {
  for (const words of [
    ['help', 'nosuch'],
    ['data', 'help', 'nosuch'],
  ]) {
    const { code, stdout, stderr } = await shop.run(words);
    assert.equal(code, 2);
    assert.equal(stdout, '');
    assert.match(stderr, /^nlr-vqa: unknown command 'nosuch'\n\nUsage: nlr-vqa /);
  }
  const { stderr } = await shop.run([]);
  assert.match(stderr, /^Usage: nlr-vqa /);
});
