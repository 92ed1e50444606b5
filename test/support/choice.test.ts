/** The test command finds what a test needs, and the tests of what was touched. */
import assert from 'node:assert/strict';
import { basename } from 'node:path';
import { describe, it } from 'node:test';
import { needsOf } from './needs.mjs';
import { testsAbout } from './touched.mjs';

// No path of a built file is written out here: this file would need it.
describe('needs', () => {
  const needs = (file: string) => needsOf([file], ['every module']);

  it('of a test that runs the command: the package', async () => {
    assert.ok((await needs('test/host/cli/cli.test.ts')).some((path) => path.startsWith('dist')));
  });

  it('of a test of the library: the modules that are embedded in it', async () => {
    const found = await needs('test/host/api/trainer.test.ts');
    assert.deepEqual(found.map((path) => basename(path)).sort(), ['core.compact.wasm', 'core.wasm']);
  });

  it('of a test that puts the name of a module together: all of them', async () => {
    assert.ok((await needs('test/host/devices/firmware.test.ts')).includes('every module'));
  });

  it('of a test of data alone: nothing', async () => {
    assert.deepEqual(await needs('test/host/data/split.test.ts'), []);
  });
});

describe('touched', () => {
  const TESTS = [
    'test/assembly/builds.test.ts',
    'test/assembly/engines/choose.test.ts',
    'test/assembly/kernels/gates.test.ts',
    'test/host/cli/cli.test.ts',
  ];
  const about = (...files: string[]) => testsAbout(TESTS, files);

  it('a kernel: the tests of kernels', () => {
    assert.deepEqual(about('assembly/kernels/state.ts'), ['test/assembly/kernels/gates.test.ts']);
  });

  it('a file in a folder further down, and one at the top', () => {
    assert.deepEqual(about('assembly/engines/columns/columns.ts'), ['test/assembly/engines/choose.test.ts']);
    assert.deepEqual(about('assembly/index.ts'), ['test/assembly/builds.test.ts']);
  });

  it('of the host the same, and tests themselves; pages have none', () => {
    const files = ['host/cli/commands/train.ts', 'test/assembly/builds.test.ts', 'README.md'];
    assert.deepEqual(about(...files), ['test/assembly/builds.test.ts', 'test/host/cli/cli.test.ts']);
  });
});
