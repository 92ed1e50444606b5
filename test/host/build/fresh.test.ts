/** A file is made when what it is made of has changed in its contents, and not else. */
import assert from 'node:assert/strict';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { after, beforeEach, describe, it, type TestContext } from 'node:test';
import { ROOT, type Rule } from '../../../host/build/fresh.mjs';

const FOLDER = `build/fresh-test-${process.pid}`;
const [SOURCE, OTHER, OUTPUT] = ['source', 'other', 'output'].map((name) => `${FOLDER}/${name}`);
const NAME = `fresh-test-${process.pid}`;

const write = (path: string, text: string) => writeFileSync(ROOT + path, text);
const read = (path: string) => readFileSync(ROOT + path, 'utf8');

let times = 0;
/** Puts the source into the output, in upper case. */
const rule: Rule = {
  name: NAME,
  recipe: 'upper case',
  inputs: [SOURCE],
  async make() {
    times += 1;
    return { outputs: [{ path: OUTPUT, content: read(SOURCE).toUpperCase() }] };
  },
};

let processes = 0;
/** Asks for a rule's files as another process would: one remembers what it has made. @returns how often it was made */
async function ensured(changed: Partial<Rule> = {}): Promise<number> {
  processes += 1;
  const url = new URL(`../../../host/build/fresh.mjs?${processes}`, import.meta.url);
  const { ensure } = (await import(url.href)) as typeof import('../../../host/build/fresh.mjs');
  const before = times;
  await Promise.all([ensure({ ...rule, ...changed }), ensure({ ...rule, ...changed })]);
  return times - before;
}

beforeEach(async (context) => {
  // The build says what it makes.
  (context as TestContext).mock.method(process.stderr, 'write', () => true);
  mkdirSync(ROOT + FOLDER, { recursive: true });
  write(SOURCE, 'one');
  await ensured();
});
after(() => {
  rmSync(ROOT + FOLDER, { recursive: true });
  rmSync(`${ROOT}build/made/${NAME}.json`);
});

describe('fresh', () => {
  it('makes a file once, and not again while nothing changes', async () => {
    assert.equal(read(OUTPUT), 'ONE');
    assert.equal(await ensured(), 0);
  });

  it('looks at contents, not at times', async () => {
    utimesSync(ROOT + SOURCE, new Date(), new Date());
    assert.equal(await ensured(), 0);
    write(SOURCE, 'two');
    utimesSync(ROOT + SOURCE, 0, 0);
    assert.equal(await ensured(), 1);
    assert.equal(read(OUTPUT), 'TWO');
  });

  it('follows a source that goes back to what it was', async () => {
    write(SOURCE, 'two');
    await ensured();
    write(SOURCE, 'one');
    assert.equal(await ensured(), 1);
    assert.equal(read(OUTPUT), 'ONE');
  });

  it('makes it again with another recipe, or of more files', async () => {
    assert.equal(await ensured({ recipe: 'shouting' }), 1);
    assert.equal(await ensured({ recipe: 'shouting' }), 0);
    assert.equal(await ensured(), 1);
    write(OTHER, 'other');
    assert.equal(await ensured({ inputs: [SOURCE, OTHER] }), 1);
  });

  it('makes it again when it is gone, or somebody else has written it', async () => {
    rmSync(ROOT + OUTPUT);
    assert.equal(await ensured(), 1);
    write(OUTPUT, 'of another state of the source');
    assert.equal(await ensured(), 1);
    assert.equal(read(OUTPUT), 'ONE');
  });

  it('makes it again when a source changes while it is read', async () => {
    write(SOURCE, 'two');
    const make: Rule['make'] = async () => {
      const made = await rule.make();
      write(SOURCE, 'three');
      return made;
    };
    assert.equal(await ensured({ make }), 1);
    assert.equal(await ensured(), 1);
    assert.equal(read(OUTPUT), 'THREE');
  });

  it('leaves what there was when the making fails', async () => {
    write(SOURCE, 'two');
    const make = () => Promise.reject(new Error('no'));
    await assert.rejects(ensured({ make }), /no/);
    assert.equal(read(OUTPUT), 'ONE');
    assert.equal(await ensured(), 1);
  });
});

it('has a place for what is made on the way, in a clone that nothing was built in', async () => {
  const clone = mkdtempSync(join(tmpdir(), 'clone-'));
  try {
    mkdirSync(join(clone, 'host/build'), { recursive: true });
    const copy = join(clone, 'host/build/fresh.mjs');
    copyFileSync(`${ROOT}host/build/fresh.mjs`, copy);
    const { ensure } = (await import(
      pathToFileURL(copy).href
    )) as typeof import('../../../host/build/fresh.mjs');
    let isThere = false;
    const make: Rule['make'] = async () => {
      isThere = existsSync(join(clone, 'build'));
      return { outputs: [{ path: 'made', content: '' }] };
    };
    await ensure({ name: NAME, recipe: '', inputs: [], make });
    assert.ok(isThere);
  } finally {
    rmSync(clone, { recursive: true });
  }
});
