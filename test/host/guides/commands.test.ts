/** What a reader of the guides has to know who has the package and not the repository. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const GUIDES = new URL('../../../host/guides/', import.meta.url);

test('every guide with commands says how they are called where the package is installed', () => {
  const names = readdirSync(GUIDES).filter((name) => name.endsWith('.md'));
  const having = names.filter((name) =>
    readFileSync(new URL(name, GUIDES), 'utf8').includes('\nnode dist/cli.js'),
  );
  assert.ok(having.length > 5, `${having}`);
  for (const name of having)
    assert.match(
      readFileSync(new URL(name, GUIDES), 'utf8'),
      /installed, `npx nlr-vqa` takes the place/,
      name,
    );
});
