/** The npm package, packed and unpacked in an empty folder, has a firmware in it that any C compiler builds. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { isThere, ROOT } from '../../../host/devices/tools.ts';
import { loadModel, type ModelOptions, Trainer } from '../../../host/index.ts';
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

/** A model of rows that nothing prepares, and what it is asked. */
interface Trained {
  readonly file: Uint8Array;
  readonly rows: readonly number[][];
}

async function trained(classes: number, model: Partial<ModelOptions>): Promise<Trained> {
  const rows = Array.from({ length: 24 }, (_, i) => [Math.cos(i), Math.sin(3 * i), 1 + (i % classes)]);
  const columns = model.features ?? 2;
  const dataset = {
    features: Float64Array.from(rows.flatMap((row) => row.slice(0, columns))),
    labels: Int32Array.from(rows, (_, i) => i % classes),
    classes: ['a', 'b', 'c'].slice(0, classes),
    ...{ rows: rows.length, columns, name: 'rows' },
  };
  const trainer = await Trainer.create({
    model: { qubits: 2, features: columns, ...model },
    training: { steps: 20 },
    dataset,
  });
  for await (const _ of trainer.fit());
  return { file: trainer.save(), rows: rows.map((row) => row.slice(0, columns)) };
}

describe('the package: the core as C', { skip }, () => {
  before(() => {
    const args = ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder];
    const archive = execFileSync('npm', args, { cwd: ROOT, encoding: 'utf8' }).trim();
    execFileSync('tar', ['xzf', join(folder, archive), '-C', folder]);
  });

  const traces = new Map<string, string>();
  const models = new Map<string, Trained>();
  before(async () => {
    models.set('angles', await trained(2, { encoding: 'angle' }));
    models.set('amplitudes', await trained(3, { features: 3, layers: 2 }));
  });

  it('the commands of its page', () => {
    const page = readFileSync(join(unpacked, 'dist/c/README.md'), 'utf8');
    const blocks = [...page.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block]) => block);
    assert.equal(blocks.length, 2);
    const { file, rows } = models.get('amplitudes') as Trained;
    writeFileSync(join(unpacked, 'dist/c/model.nlrvqa'), file);
    writeFileSync(join(unpacked, 'dist/c/rows.txt'), rows.map((row) => row.join(' ')).join('\n'));
    traces.set('device-fast-f32', sh(blocks[0], join(unpacked, 'dist/c')));
    assert.match(sh(blocks[1], join(unpacked, 'dist/c')), /^([012](,-?[\d.e+-]+){3}\n){24}$/);
    assert.match(traces.get('device-fast-f32') ?? '', /^trace \w{16}\n$/);
    for (const [, name] of page.matchAll(/`([\w-]+\.[ch])`/g))
      assert.ok(readFileSync(join(unpacked, 'dist/c', name)).length > 0);
  });

  for (const module of ['device-f32', 'device', 'device-columns-f32', 'device-fast-f32', 'device-fast']) {
    it(`nlr-vqa c --module ${module}: the lines that it prints compile a firmware that trains, and one that predicts`, async () => {
      const out = join(folder, module);
      const cli = `"${process.execPath}" "${join(unpacked, 'dist/cli.js')}" c --out ${module} --module ${module}`;
      const line = sh(cli, folder);
      const strict = line.replaceAll('-O2', '-O1 -pedantic -Wall -Wextra -Werror');
      sh(strict, out);
      const trace = sh('./example', out);
      assert.match(trace, /^trace \w{16}\n$/);
      if (traces.has(module)) assert.equal(trace, traces.get(module));
      assert.equal(sh(cli, folder), line, 'once more, nothing changes');
      const wasm = readFileSync(join(unpacked, `dist/core.${module}.wasm`));
      for (const [name, { file, rows }] of models) {
        writeFileSync(join(out, name), file);
        const input = rows.map((row) => row.join(', ')).join('\n');
        const { status, stdout, stderr } = spawnSync(join(out, 'predict'), [name], { cwd: out, input });
        assert.equal(status, 0, String(stderr));
        const found = String(stdout)
          .trim()
          .split('\n')
          .map((each) => each.split(',').map(Number));
        const expected = (await loadModel(file, { wasm })).predict(rows);
        assert.deepEqual(
          found,
          expected.map(({ label, scores }) => [label, ...scores]),
        );
        assert.ok(new Set(found.map(([label]) => label)).size > 1);
      }
      const broken = spawnSync(join(out, 'predict'), [join(out, 'example.c')], { input: '1 2' });
      assert.equal(broken.status, 1);
      assert.match(String(broken.stderr), /the model is refused with status -\d+/);
    });
  }

  it('a row that is cut short, and text, are refused', () => {
    const [{ file }] = models.values();
    writeFileSync(join(folder, 'angles.nlrvqa'), file);
    for (const [input, message] of [
      ['1 2 3', /the last row has 1 numbers; expected 2/],
      ['1 two', /'t' begins no number/],
    ] as const) {
      const { status, stderr } = spawnSync(join(folder, 'device/predict'), [join(folder, 'angles.nlrvqa')], {
        input,
      });
      assert.equal(status, 1);
      assert.match(String(stderr), message);
    }
  });

  it('no model, and one that is not there, are told apart', () => {
    for (const [args, code, message] of [
      [[], 2, /^usage: predict MODEL < ROWS$/m],
      [['nothing.nlrvqa'], 1, /^nothing\.nlrvqa: /],
    ] as const) {
      const { status, stderr } = spawnSync(join(folder, 'device/predict'), args, { cwd: folder });
      assert.equal(status, code);
      assert.match(String(stderr), message);
    }
  });

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
