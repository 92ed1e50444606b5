/**
 * The commands of the device pages run as they are printed. What is fetched is replaced by the copy that is there
 * already; the pages of the boards and of wasmtime have tests of their own: firmware.test.ts, wasmtime.test.ts.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { roomFor } from '../../../host/devices/application.ts';
import { missing } from '../../../host/devices/build-c.ts';
import { DEVICES, ROOT } from '../../../host/devices/tools.ts';
import { wasm3Sources } from '../../../host/devices/wasm3-sources.ts';
import { needs } from '../../support/installed.ts';

const folder = mkdtempSync(join(tmpdir(), 'nlr-vqa-'));
after(() => rmSync(folder, { recursive: true }));

/** The shell blocks of a page. */
const blocks = (page: string) =>
  [...readFileSync(`${DEVICES}${page}`, 'utf8').matchAll(/```sh\n([\s\S]*?)```/g)].map(([, code]) => code);

/** The repository as a page's commands see it, with a build/ of its own. */
function place(name: string): string {
  const root = join(folder, name);
  mkdirSync(join(root, 'build'), { recursive: true });
  for (const entry of ['host', 'assembly', 'node_modules', 'package.json', 'dist', 'test', 'tsconfig.json'])
    symlinkSync(join(ROOT, entry), join(root, entry));
  for (const module of ['device-fast', 'device-fast-f32'])
    symlinkSync(join(ROOT, `build/core.${module}.wasm`), join(root, `build/core.${module}.wasm`));
  return root;
}

/** Runs a block to its end. @returns what it prints */
function run(code: string, cwd: string): string {
  const { status, stdout, stderr } = spawnSync('bash', ['-ec', code], {
    cwd,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  assert.equal(status, 0, `${stdout.slice(-2000)}${stderr.slice(-2000)}`);
  return stdout;
}

describe('devices: the pages', () => {
  it('wasm3/README.md', (context) => {
    if (!needs(context, missing('linux', 'wasm3'))) return;
    const [code] = blocks('wasm3/README.md');
    const fetched = code.replace(
      /^python3 -m pip download.*$/m,
      `cp ${wasm3Sources()}/pywasm3-0.5.0.tar.gz .`,
    );
    assert.notEqual(fetched, code);
    const lines = run(fetched, place('wasm3')).split('\n');
    assert.equal(lines.filter((line) => /^trace \w{16}, \d+ of 128 test digits right$/.test(line)).length, 2);
  });

  it('qpu/README.md', (context) => {
    if (!needs(context, missing('linux', 'wasm2c'))) return;
    // The package is built already.
    const code = blocks('qpu/README.md')
      .join('\n')
      .replace(/^npm run build$/m, '');
    // Compiled programs are kept in build/devices, which the commands reach by the repository's own path.
    const printed = run(code, place('qpu'));
    const traces = printed.match(/^trace \w{16}$/gm) ?? [];
    assert.equal(traces.length, 4);
    assert.equal(new Set(traces).size, 1);
  });

  it('cortex-m4f/README.md has the linear memory that the application takes', () => {
    const [, bytes] = /-DNLR_MEMORY_BYTES=(\d+)/.exec(blocks('cortex-m4f/README.md').join('\n')) ?? [];
    assert.equal(Number(bytes), roomFor('wasm2c', 'device-f32').memoryBytes);
  });
});
