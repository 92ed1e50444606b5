/** `--circuit`: trainings of circuits from OpenQASM files; and `export`, which writes such files. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { clusters, lasting, Workshop } from '../../support/cli-process.ts';

const ANGLES = `OPENQASM 3.0;
include "stdgates.inc";
input float x0;
input array[float, 5] w;
input float x1;
qubit[2] q;
for int l in [0:1] {
  ry(x0 + w[2 * l]) q[0];
  ry(2 * x1 + w[2 * l + 1]) q[1];
  cx q[0], q[1];
}
crx(w[4] / 2) q[1], q[0];
bit[2] c = measure q;
`;
const AMPLITUDES = `OPENQASM 3.0;
include "stdgates.inc";
input angle a;
input angle b;
qubit[2] q;
ry(a) q[0];
cx q[0], q[1];
rx(b - a) q[1];
`;
const BARE = ['--head', 'none', '--observable', 'Z0 Z1', '--loss', 'mse'];
const SET = ['--data', 'moons:rows=60', '--steps', '20', '--quiet'];
const OWN = ['--circuit', 'angles.qasm', '--circuit-features', 'x0,x1'];

let shop: Workshop;
before(async () => {
  shop = await Workshop.open();
  await shop.write('angles.qasm', ANGLES);
  await shop.write('amplitudes.qasm', AMPLITUDES);
  assert.equal((await shop.run(['data', 'make', 'moons', '--rows', '20', '--out', 'rows.csv'])).code, 0);
});
after(() => shop.close());

/** What a model predicts for a row of rows.csv, from 1. */
async function predicted(model: string, row: number): Promise<number> {
  const { stdout } = await shop.run(['predict', model, '--csv', 'rows.csv', '--label', 'class', '--quiet']);
  return Number(stdout.split('\n')[row - 1]?.split(',')[1]);
}

describe('train --circuit', () => {
  test('trains the inputs that are no features', async () => {
    const found = await shop.json(['train', ...SET, ...OWN, ...BARE, '--out', 'angles.nlrvqa']);
    assert.equal(found.steps, 20);
    const { model, parameters, pipeline } = (await shop.json(['inspect', 'angles.nlrvqa'])) as {
      model: Record<string, unknown>;
      parameters: number;
      pipeline: { kind: string }[];
    };
    assert.deepEqual([model.qubits, model.features, model.encoding, parameters], [2, 2, 'angle', 5]);
    assert.deepEqual(
      pipeline.map(({ kind }) => kind),
      ['columns'],
    );
  });

  test('feeds columns into the inputs of their names, as they are, and leaves the others out', async () => {
    const rows = Array.from(
      { length: 40 },
      (_, i) => `${i / 40},${(i % 7) / 7},${i % 3},${i % 2 ? 'a' : 'b'}`,
    );
    await shop.write('named.csv', ['x1,other,x0,kind', ...rows, ''].join('\n'));
    const csv = ['--csv', 'named.csv', '--label', 'kind'];
    const given = ['train', ...csv, ...OWN, '--steps', '4', '--out', 'named.nlrvqa'];
    const { stdout, stderr, code } = await shop.run([...given, '--checkpoint', 'named.ck', '--every', '2']);
    assert.equal(code, 0, stderr);
    assert.match(stderr, /named\.csv: the inputs x0, x1 are the columns of those names; not used: "other"/);
    assert.match(stdout, /^preprocessing +none$/m);
    const exported = await shop.run(['export', 'named.nlrvqa', ...csv, '--row', '5']);
    // Row 5 has x1 = 4 / 40 and x0 = 4 % 3; the circuit turns by x0 and by 2 x1, each before a weight.
    const angles = [...exported.stdout.matchAll(/^ry\(([^)]+)\)/gm)].map(([, angle]) => Number(angle));
    assert.deepEqual([angles[0], angles[2]], [1, 0.2], exported.stdout);
    const whole = await shop.json(given);
    assert.deepEqual(lasting(await shop.json(['train', '--resume', 'named.ck'])), lasting(whole));
    assert.deepEqual(whole.preprocessing, []);
  });

  test('says what the inputs are: columns in their order, or all trained', async () => {
    const { stderr } = await shop.run(['train', ...SET, ...OWN].filter((flag) => flag !== '--quiet'));
    assert.match(stderr, /the inputs are the columns in their order: x0 is /);
    const flags = ['train', '--data', 'moons:rows=60', '--steps', '3', '--circuit', 'amplitudes.qasm'];
    const trained = await shop.run(flags);
    assert.match(trained.stderr, /all inputs of the circuit are trained: a, b; the features are amplitudes/);
  });

  test('goes on from a checkpoint without the file', async () => {
    await shop.write('gone.qasm', ANGLES);
    const own = ['--circuit', 'gone.qasm', '--circuit-features', 'x0,x1'];
    const whole = await shop.json(['train', ...SET, ...own, '--shots', '50']);
    const first = await shop.run([
      'train',
      ...SET,
      ...own,
      '--shots',
      '50',
      '--checkpoint',
      'run.ckpt',
      '--every',
      '7',
    ]);
    assert.equal(first.code, 0, first.stderr);
    await shop.write('gone.qasm', 'no circuit any more');
    assert.deepEqual(lasting(await shop.json(['train', '--resume', 'run.ckpt'])), lasting(whole));
  });

  test('takes features for amplitudes where none turns a gate, with the head of more classes', async () => {
    const found = await shop.json([
      'train',
      ...SET,
      '--circuit',
      'amplitudes.qasm',
      '--out',
      'amplitudes.nlrvqa',
    ]);
    assert.equal(found.steps, 20);
    const { model } = (await shop.json(['inspect', 'amplitudes.nlrvqa'])) as {
      model: Record<string, unknown>;
    };
    assert.deepEqual([model.qubits, model.features, model.encoding], [2, 3, 'amplitude']);
  });

  test('trains from several seeds, and plans', async () => {
    const found = (await shop.json(['train', ...SET, ...OWN, '--seeds', '2'])) as {
      seeds: readonly unknown[];
    };
    assert.equal(found.seeds.length, 2);
    const plan = await shop.json(['plan', ...OWN]);
    assert.deepEqual([plan.features, plan.circuitParameters], [2, 5]);
  });

  test('says what does not go together', async () => {
    await shop.write('bad.qasm', ANGLES.replace('cx q[0]', 'cx q[2]'));
    await shop.write('fixed.qasm', 'OPENQASM 2.0; include "qelib1.inc"; qreg q[2]; h q;');
    await shop.write('half.csv', 'x0,b,kind\n1,2,k\n2,3,l\n3,4,k\n4,5,l\n');
    await shop.write('three.csv', 'a,b,c,kind\n1,2,5,k\n2,3,4,l\n3,4,4,k\n4,5,1,l\n');
    const csv = (file: string) => ['--csv', file, '--label', 'kind'];
    const refused: readonly (readonly [flags: readonly string[], code: number, message: RegExp])[] = [
      [
        ['--circuit', 'angles.qasm', '--circuit-features', 'x0,y'],
        2,
        /--circuit-features names "y"; expected one of the inputs of angles\.qasm: x0, w\[0\]/,
      ],
      [
        ['--circuit', 'angles.qasm', '--circuit-features', 'x0,x0'],
        2,
        /--circuit-features names \["x0","x0"\]; expected a list of different names/,
      ],
      [
        ['--circuit', 'angles.qasm', '--circuit-features', 'x0,x1,w[0]'],
        2,
        /the circuit takes 3 features, but a row has 2 after preprocessing; name 2 inputs/,
      ],
      [
        ['--circuit', 'angles.qasm', '--circuit-features', 'x0', '--no-pca'],
        2,
        /the circuit takes 1 features, but a row has 2.*--pca 1/,
      ],
      [
        [...csv('half.csv'), ...OWN],
        1,
        /half\.csv: some inputs .* there is no column "x1"; the columns are "x0", "b"/,
      ],
      [
        [...csv('half.csv'), '--circuit', 'angles.qasm'],
        2,
        /columns of the names "x0".*--circuit-features x0/,
      ],
      [[...csv('three.csv'), ...OWN], 2, /takes 2 features, but a row has 3.*--pca 2/],
      [['--circuit-features', 'x0'], 2, /--circuit-features needs --circuit FILE/],
      [[...OWN, '--layers', '2'], 2, /--layers is of the built-in circuit/],
      [[...OWN, '--qubits', '2'], 2, /--qubits is of the built-in circuit/],
      [[...OWN, '--layout', 'qcnn'], 2, /--layout is of the built-in circuit/],
      [[...OWN, '--encoding', 'amplitude'], 2, /--encoding amplitude cannot go with --circuit here/],
      [
        ['--circuit', 'amplitudes.qasm', '--encoding', 'angle'],
        2,
        /--encoding angle cannot go with --circuit here/,
      ],
      [[...OWN, '--adapt', '2'], 2, /--circuit stays as it is; --adapt makes the circuit itself/],
      [[...OWN, '--out', 'angles.qasm'], 2, /--out names angles\.qasm, which this run reads/],
      [['--circuit', 'fixed.qasm'], 2, /--circuit.*no trainable parameter/],
      [
        ['--circuit', 'bad.qasm'],
        1,
        /bad\.qasm:10:8: the index is 2; the indices are 0 to 1\n {2} {2}cx q\[2\], q\[1\];\n/,
      ],
      [['--circuit', 'nothing.qasm'], 1, /nothing\.qasm: cannot be read/],
    ];
    for (const [flags, code, message] of refused) {
      const set = flags.includes('--csv') ? ['--steps', '3', '--quiet'] : SET;
      const found = await shop.run(['train', ...set, ...flags]);
      assert.match(found.stderr, message);
      assert.equal(found.code, code, found.stderr);
      assert.equal(found.stdout, '');
    }
    assert.equal(new TextDecoder().decode(await shop.read('angles.qasm')), ANGLES);
  });
});

describe('export', () => {
  for (const [model, format] of [
    ['angles', 'qasm3'],
    ['angles', 'qasm2'],
    ['prepared', 'qasm3'],
    ['prepared', 'qasm2'],
  ] as const)
    test(`writes ${format} of ${model} that gives for a row what the model predicts`, async () => {
      const file = `${model}-${format}.nlrvqa`;
      const own = model === 'angles' ? OWN : ['--circuit', 'amplitudes.qasm'];
      assert.equal((await shop.run(['train', ...SET, ...own, ...BARE, '--out', file])).code, 0);
      const given = ['--csv', 'rows.csv', '--label', 'class', '--row', '3', '--format', format, '--measure'];
      const { stdout } = await shop.run(['export', file, ...given]);
      await shop.write('one.qasm', stdout);
      const found = await shop.json(['eval', 'one.qasm', '--observable', 'Z0*Z1']);
      assert.ok(Math.abs((found.expectation as number) - (await predicted(file, 3))) < 1e-12);
      const program = await shop.json(['export', file, ...given, '--out', 'same.qasm']);
      assert.equal(program.program, stdout);
      assert.equal(new TextDecoder().decode(await shop.read('same.qasm')), stdout);
    });

  test('leaves features inputs, and with --inputs the parameters, so that it can be trained again', async () => {
    const { stdout } = await shop.run(['export', 'angles.nlrvqa', '--inputs']);
    await shop.write('again.qasm', stdout);
    const again = ['--circuit', 'again.qasm', '--circuit-features', 'x_0,x_1'];
    const [first, second] = [
      await shop.json(['train', ...SET, ...OWN, ...BARE]),
      await shop.json(['train', ...SET, ...again, ...BARE]),
    ];
    assert.deepEqual(lasting(second), lasting(first));
    const fixed = await shop.run(['export', 'angles.nlrvqa']);
    assert.equal(fixed.stdout.match(/^input/gm)?.length, 2);
  });

  test('writes the built-in circuits', async () => {
    const shapes = [
      ['--preset', 'paper'],
      ['--layout', 'qcnn'],
      ['--encoding', 'zz', '--qubits', '2'],
      ['--layout', 'mirrored'],
    ];
    for (const [i, shape] of shapes.entries()) {
      const file = `shape-${i}.nlrvqa`;
      assert.equal((await shop.run(['train', ...SET, ...shape, '--out', file])).code, 0, `${shape}`);
      const { code, stdout, stderr } = await shop.run(['export', file, '--quiet']);
      assert.equal(code, 0, stderr);
      await shop.write('shape.qasm', stdout);
      const inputs = [...stdout.matchAll(/^input float\[64\] (\w+);/gm)].map(([, name]) => `${name}=0.1`);
      const params = inputs.length > 0 ? ['--param', inputs.join()] : [];
      const found = await shop.json(['eval', 'shape.qasm', '--observable', 'Z0', ...params]);
      assert.ok(Math.abs(found.expectation as number) <= 1 + 1e-12);
    }
  });

  test('says what does not go together', async () => {
    await shop.write('three.csv', clusters(['a', 'b', 'c'], 30));
    const three = [
      '--csv',
      'three.csv',
      '--label',
      'kind',
      '--steps',
      '2',
      '--quiet',
      '--multiclass',
      'one-vs-rest',
    ];
    assert.equal((await shop.run(['train', ...three, '--out', 'many.nlrvqa'])).code, 0);
    assert.match((await shop.run(['export', 'many.nlrvqa', '--class', 'b'])).stdout, /^ry\(/m);
    const refused: readonly (readonly [flags: readonly string[], code: number, message: RegExp])[] = [
      [['angles.nlrvqa', '--format', 'qasm2'], 2, /OpenQASM 2 has no inputs; the features need numbers/],
      [
        ['angles.nlrvqa', '--format', 'qasm2', '--inputs', '--csv', 'rows.csv', '--label', 'class'],
        2,
        /the parameters need numbers/,
      ],
      [['angles.nlrvqa', '--row', '2'], 2, /--row needs --csv FILE/],
      [
        ['angles.nlrvqa', '--csv', 'rows.csv', '--label', 'class', '--row', '99'],
        1,
        /there is no row 99; there are 16/,
      ],
      [['angles.nlrvqa', '--class', '0'], 2, /--class is for one model a class/],
      [['angles.nlrvqa', '--out', 'angles.nlrvqa'], 2, /--out names angles\.nlrvqa, which this run reads/],
      [['rows.csv'], 1, /rows\.csv/],
      [['many.nlrvqa'], 2, /one model a class; --class NAME says whose: a, b, c/],
      [['many.nlrvqa', '--class', 'x'], 2, /--class is 'x'; expected one of a, b, c/],
    ];
    for (const [flags, code, message] of refused) {
      const found = await shop.run(['export', ...flags]);
      assert.match(found.stderr, message);
      assert.equal(found.code, code, found.stderr);
    }
  });
});
