/** `eval`: what OpenQASM files come to, and what is said of those that cannot be read. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Workshop } from '../../support/cli-process.ts';
import { SIGMAS } from '../../support/statistics.ts';

const BELL = 'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[2];\nh q[0];\ncx q[0],q[1];\n';
const TURNED = `OPENQASM 3.0;
include "stdgates.inc";
input float[64] theta;
input float[64] phi;
qubit[2] q;
ry(theta) q[0];
crx(2 * phi) q[0], q[1];
`;
const MEASURED = `OPENQASM 2.0;
include "qelib1.inc";
qreg a[2];
qreg b[1];
creg c[3];
creg d[1];
ry(pi/3) a[0];
x b;
measure a[0] -> c[1];
measure b[0] -> c[2];
measure a[0] -> d[0];
`;

let shop: Workshop;
before(async () => {
  shop = await Workshop.open();
  await shop.write('bell.qasm', BELL);
  await shop.write('turned.qasm', TURNED);
  await shop.write('measured.qasm', MEASURED);
});
after(() => shop.close());

describe('eval', () => {
  test('gives an expectation, exact', async () => {
    const found = await shop.json(['eval', 'bell.qasm', '--observable', 'Z0*Z1 - 0.5 X0*X1 + 2']);
    assert.equal((found.expectation as number).toFixed(12), '2.500000000000');
    assert.deepEqual([found.qubits, found.shots, found.operations], [2, 'exact', 2]);
    const { stdout, code } = await shop.run(['eval', 'bell.qasm', '--observable', 'Z0*Z1']);
    assert.equal(code, 0);
    assert.match(stdout, /^expectation +1$/m);
    assert.match(stdout, /^circuit +bell\.qasm, 2 qubits, 2 operations$/m);
  });

  test('gives derivatives by the inputs, by their names', async () => {
    const [theta, phi] = [0.4, -0.9];
    const flags = ['--param', `theta=${theta}`, '--param', `phi=${phi}`, '--gradient'];
    const { expectation, gradient } = (await shop.json([
      'eval',
      'turned.qasm',
      '--observable',
      'Z1',
      ...flags,
    ])) as {
      expectation: number;
      gradient: Record<string, number>;
    };
    const half = Math.sin(theta / 2) ** 2;
    assert.ok(Math.abs(expectation - (1 - half * (1 - Math.cos(2 * phi)))) < 1e-12);
    assert.deepEqual(Object.keys(gradient), ['theta', 'phi']);
    assert.ok(
      Math.abs((gradient.theta as number) - (-Math.sin(theta) / 2) * (1 - Math.cos(2 * phi))) < 1e-12,
    );
    assert.ok(Math.abs((gradient.phi as number) - -2 * half * Math.sin(2 * phi)) < 1e-12);
    const both = await shop.json([
      'eval',
      'turned.qasm',
      '--observable',
      'Z1',
      '--param',
      `theta=${theta},phi=${phi}`,
    ]);
    assert.ok(Math.abs((both.expectation as number) - expectation) < 1e-12);
  });

  test('reads stdin by -, and calls it so', async () => {
    const bell = 'OPENQASM 3.0;\ninclude "stdgates.inc";\nqubit[2] q;\nh q[0];\ncx q[0], q[1];\n';
    const { stdout } = await shop.fed(bell, 'eval', '-', '--observable', 'X0 X1', '--json');
    const found = JSON.parse(stdout) as { file: string; expectation: number };
    assert.equal(found.file, 'stdin');
    assert.ok(Math.abs(found.expectation - 1) < 1e-12);
    const wrong = await shop.fed('OPENQASM 3.0;\nqubit q;\nh q;\n', 'eval', '-', '--observable', 'Z0');
    assert.match(wrong.stderr, /^nlr-vqa: stdin:3:1: 'h' is not defined/);
    assert.equal(wrong.code, 1);
  });

  test('says that a program without inputs has no derivatives', async () => {
    await shop.write('plain.qasm', 'OPENQASM 3.0;\ninclude "stdgates.inc";\nqubit[2] q;\nh q[0];\n');
    const { stdout } = await shop.run(['eval', 'plain.qasm', '--observable', 'X0', '--gradient']);
    assert.match(stdout, /^gradient +none: the program has no inputs$/m);
  });

  test('measures with shots: within 5 sigma, the same of one seed, others of another', async () => {
    const given = ['eval', 'turned.qasm', '--observable', 'Z1', '--param', 'theta=1.2,phi=0.7', '--gradient'];
    const exact = (await shop.json(given)) as { expectation: number; gradient: Record<string, number> };
    const shots = 10_000;
    const drawn = async (seed: number) =>
      (await shop.json([...given, '--shots', String(shots), '--seed', String(seed)])) as typeof exact;
    const first = await drawn(1);
    assert.deepEqual(await drawn(1), first);
    assert.notDeepEqual(await drawn(2), first);
    const bound = SIGMAS / Math.sqrt(shots);
    assert.ok(Math.abs(first.expectation - exact.expectation) < bound);
    assert.notEqual(first.expectation, exact.expectation);
    // phi drives two rotations with scales 1 and -1, four circuits in all; a difference of two has half the deviation of one.
    for (const name of ['theta', 'phi'])
      assert.ok(
        Math.abs((first.gradient[name] as number) - (exact.gradient[name] as number)) < 2 * bound,
        name,
      );
  });

  test('counts the bits of a program, or all qubits where it measures nothing', async () => {
    const shots = 10_000;
    const found = (await shop.json(['eval', 'measured.qasm', '--counts', '--shots', String(shots)])) as {
      counts: Record<string, number>;
      measured: string[];
    };
    assert.deepEqual(found.measured, ['c[0]', 'c[1]', 'c[2]', 'd[0]']);
    assert.deepEqual(Object.keys(found.counts).sort(), ['0010', '0111']);
    const ones = found.counts['0111'] as number;
    assert.equal(ones + (found.counts['0010'] as number), shots);
    assert.ok(Math.abs(ones - shots / 4) < SIGMAS * Math.sqrt(shots * (1 / 4) * (3 / 4)));
    const bell = (await shop.json(['eval', 'bell.qasm', '--counts', '--shots', '100'])) as typeof found;
    assert.deepEqual(bell.measured, ['q[0]', 'q[1]']);
    assert.deepEqual(Object.keys(bell.counts).sort(), ['00', '11']);
    const { stdout } = await shop.run([
      'eval',
      'bell.qasm',
      '--counts',
      '--shots',
      '100',
      '--observable',
      'Z0',
    ]);
    assert.match(
      stdout,
      /^expectation .*\nobservable .*\n00 +\d+\n11 +\d+\nmeasured +q\[0\] q\[1\]\nshots +100 per circuit\n/,
    );
  });

  test('shows the line that cannot be read, and exits with 1', async () => {
    await shop.write('bad.qasm', BELL.replace('q[1]', 'q[2]'));
    const { code, stdout, stderr } = await shop.run(['eval', 'bad.qasm', '--observable', 'Z0', '--json']);
    assert.equal(code, 1);
    assert.equal(stdout, '');
    const lines = [
      'nlr-vqa: bad.qasm:5:11: the index is 2; the indices are 0 to 1',
      '  cx q[0],q[2];',
      '            ^',
      '',
    ];
    assert.equal(stderr, lines.join('\n'));
    await shop.write('escape.qasm', 'OPENQASM 2.0;\n\x1b[2Jqreg q[1];\n');
    const hostile = await shop.run(['eval', 'escape.qasm', '--observable', 'Z0']);
    assert.equal(hostile.code, 1);
    assert.ok(!hostile.stderr.includes('\x1b'), 'no control characters reach the terminal');
  });

  test('says what flags contradict one another or the file', async () => {
    const refused: readonly (readonly [flags: readonly string[], code: number, message: RegExp])[] = [
      [['bell.qasm'], 2, /--observable is missing, and so is --counts/],
      [
        ['bell.qasm', '--counts', '--gradient', '--shots', '9'],
        2,
        /--observable is missing, which --gradient needs/,
      ],
      [['bell.qasm', '--counts'], 2, /--counts needs --shots M/],
      [['bell.qasm', '--observable', 'Z7'], 2, /'Z7' in 'Z7' is not a Pauli on one of the qubits 0 to 1/],
      [['bell.qasm', '--observable', 'Q0'], 2, /--observable/],
      [['bell.qasm', '--observable', 'Z0', '--shots', '0'], 2, /--shots is 0/],
      [
        ['turned.qasm', '--observable', 'Z0'],
        2,
        /the input theta of turned\.qasm has no value; --param theta=NUMBER/,
      ],
      [
        ['turned.qasm', '--observable', 'Z0', '--param', 'theta=x'],
        2,
        /--param has 'theta=x'; expected NAME=NUMBER/,
      ],
      [
        ['turned.qasm', '--observable', 'Z0', '--param', 'theta=1,theta=2'],
        2,
        /--param gives theta two values/,
      ],
      [
        ['turned.qasm', '--observable', 'Z0', '--param', 'eta=1'],
        2,
        /--param names "eta"; expected one of the inputs of turned\.qasm: theta, phi/,
      ],
      [['turned.qasm', '--observable', 'Z0', '--param', 'eta=1', '--gradient'], 2, /--param names "eta"/],
      [['nothing.qasm', '--observable', 'Z0'], 1, /nothing\.qasm: cannot be read: there is no such file/],
    ];
    for (const [flags, code, message] of refused) {
      const found = await shop.run(['eval', ...flags]);
      assert.equal(found.code, code, found.stderr);
      assert.match(found.stderr, message);
      assert.equal(found.stdout, '');
    }
  });
});
