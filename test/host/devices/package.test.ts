/** The npm package, packed and unpacked in an empty folder, has a firmware in it that any C compiler builds. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { isThere, ROOT } from '../../../host/devices/tools.ts';
import { without } from '../../support/installed.ts';

const folder = mkdtempSync(join(tmpdir(), 'nlr-vqa-'));
const unpacked = join(folder, 'package');
after(() => rmSync(folder, { recursive: true }));

const skip = without(isThere('gcc') ? undefined : 'gcc libc6-dev');

/** Runs a shell's line where nothing of the repository is in reach. */
function sh(line: string, cwd: string): string {
  const env = { PATH: process.env.PATH ?? '' };
  const { status, stdout, stderr } = spawnSync('sh', ['-ec', line], { cwd, env, encoding: 'utf8' });
  assert.equal(status, 0, `${line}\n${stderr}`);
  return stdout;
}

describe('the package: the core as C', { skip }, () => {
  before(() => {
    const args = ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder];
    const archive = execFileSync('npm', args, { cwd: ROOT, encoding: 'utf8' }).trim();
    execFileSync('tar', ['xzf', join(folder, archive), '-C', folder]);
  });

  const traces = new Map<string, string>();

  it('the commands of its page', () => {
    const page = readFileSync(join(unpacked, 'dist/c/README.md'), 'utf8');
    const [, commands = ''] = /```sh\n([\s\S]*?)```/.exec(page) ?? [];
    traces.set('device-fast-f32', sh(commands, join(unpacked, 'dist/c')));
    assert.match(traces.get('device-fast-f32') ?? '', /^trace \w{16}\n$/);
    for (const [, name] of page.matchAll(/`([\w-]+\.[ch])`/g))
      assert.ok(readFileSync(join(unpacked, 'dist/c', name)).length > 0);
  });

  for (const module of ['device-f32', 'device', 'device-columns-f32', 'device-fast-f32', 'device-fast']) {
    it(`nlr-vqa c --module ${module}: the line that it prints compiles a firmware that trains`, () => {
      const out = join(folder, module);
      const cli = `"${process.execPath}" "${join(unpacked, 'dist/cli.js')}" c --out ${module} --module ${module}`;
      const line = sh(cli, folder);
      const strict = line.replace('-O2', '-O1 -pedantic -Wall -Wextra -Werror');
      sh(strict, out);
      const trace = sh('./example', out);
      assert.match(trace, /^trace \w{16}\n$/);
      if (traces.has(module)) assert.equal(trace, traces.get(module));
      assert.equal(sh(cli, folder), line, 'once more, nothing changes');
    });
  }

  it('overwrites nothing, and knows its modules', () => {
    mkdirSync(join(folder, 'mine'));
    writeFileSync(join(folder, 'mine/example.c'), 'mine');
    const cli = join(unpacked, 'dist/cli.js');
    for (const [args, sentence] of [
      [['--out', 'mine'], /example\.c is there already and has another content/],
      [['--out', 'other', '--module', 'release'], /--module/],
      [[], /--out/],
    ] as const) {
      const { status, stderr } = spawnSync(process.execPath, [cli, 'c', ...args], {
        cwd: folder,
        encoding: 'utf8',
      });
      assert.equal(status, 2);
      assert.match(stderr, sentence);
    }
    assert.equal(readFileSync(join(folder, 'mine/example.c'), 'utf8'), 'mine');
  });
});
