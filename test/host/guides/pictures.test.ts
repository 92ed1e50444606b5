/** The pictures of the pages are those that the commands on the pages draw today. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ensureBuilt } from '../../support/built.mjs';
import { readPages, root } from '../../house/pages.ts';

const kept = join(root, 'host/guides/pictures');
const NUMBER = /-?\d+(?:\.\d+)?(?:e[+-]\d+)?/g;
/** Pixels within which a place is the same: logarithms may differ in their last bit from one engine to another. */
const SAME = 0.01;

let drawn = '';
before(() => {
  ensureBuilt('dist/');
  drawn = mkdtempSync(join(tmpdir(), 'nlr-vqa-pictures-'));
  execFileSync(process.execPath, [join(root, 'host/build/pictures.mjs'), drawn], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
});
after(() => rmSync(drawn, { recursive: true, force: true }));

test('the pictures are current, and on a page each', () => {
  const names = readdirSync(drawn).sort();
  assert.ok(names.length > 0);
  assert.deepEqual(
    readdirSync(kept)
      .filter((name) => names.includes(name))
      .sort(),
    names,
  );
  const pages = readPages()
    .map(({ prose }) => prose)
    .join('\n');
  for (const name of names) {
    const [found, expected] = [drawn, kept].map((folder) => readFileSync(join(folder, name), 'utf8'));
    assert.equal(found.replace(NUMBER, '#'), expected.replace(NUMBER, '#'), `${name}: npm run pictures`);
    const [places, wanted] = [found, expected].map((text) => (text.match(NUMBER) ?? []).map(Number));
    for (const [i, place] of places.entries())
      assert.ok(Math.abs(place - wanted[i]) < SAME, `${name}: ${place} for ${wanted[i]}; npm run pictures`);
    assert.ok(pages.includes(`pictures/${name})`), `${name} is on no page`);
  }
});

test('the commands that draw them are on the pages', () => {
  const source = readFileSync(join(root, 'host/build/pictures.mjs'), 'utf8');
  const commands = [...source.matchAll(/^ {6}'(.+)',$/gm)].map(([, command]) => command);
  assert.ok(commands.length >= 3);
  const code = readPages()
    .flatMap(({ blocks }) => blocks.map((block) => block.code))
    .join('');
  for (const command of commands) assert.ok(code.includes(`node dist/cli.js ${command}\n`), command);
});
