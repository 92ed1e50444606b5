/** `--noise` where there is no data set to train on, and in comparisons. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { tfim } from '../../../host/problems/built-in.ts';
import { minimise } from '../../../host/problems/minimise.ts';
import { Workshop } from '../../support/cli-process.ts';

let shop: Workshop;
before(async () => {
  shop = await Workshop.open();
});
after(() => shop.close());

/** What a command prints as JSON. */
async function printed<T>(...args: string[]): Promise<T> {
  const { code, stdout, stderr } = await shop.run([...args, '--json', '--quiet']);
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout) as T;
}

/** Why a command was refused. */
async function refusal(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await shop.run(args);
  assert.equal(code, 2, stderr);
  assert.equal(stdout, '');
  return stderr;
}

const HEAD = 'OPENQASM 2.0;\ninclude "qelib1.inc";\n';
const near = (found: number, wanted: number, most = 1e-12) =>
  assert.ok(Math.abs(found - wanted) <= most, `${found}, expected ${wanted}`);

describe('eval --noise', () => {
  const expectation = async (program: string, noise: string, observable: string, ...flags: string[]) => {
    const file = await shop.write('noisy.qasm', program);
    const given = ['eval', file, '--observable', observable, '--noise', noise, ...flags];
    return printed<{ expectation: number; gradient?: Record<string, number> }>(...given);
  };

  test('is behind each gate as it stands in the file', async () => {
    const flips = `${HEAD}gate twice a { x a; x a; }\nqreg q[1];\ntwice q[0];\nx q[0];\nid q[0];\n`;
    // Three gates, one of which is two operations and one of which is none.
    near((await expectation(flips, 'depolarizing:0.1', 'Z0')).expectation, -(0.9 ** 3));
    const read = (await expectation(flips, 'depolarizing:0.1,readout:0.03', 'Z0')).expectation;
    near(read, -0.94 * 0.9 ** 3);
    // |1> falls: <Z> = 2 gamma - 1.
    const one = `${HEAD}qreg q[1];\nx q[0];\n`;
    near((await expectation(one, 'damping:0.25', 'Z0')).expectation, -0.5);
    // Coherences shrink by the root of 1 - lambda.
    const plus = `${HEAD}qreg q[1];\nh q[0];\n`;
    near((await expectation(plus, 'dephasing:0.19', 'X0')).expectation, 0.9);
    // A gate on two qubits has it on both.
    const pair = `${HEAD}qreg q[2];\nx q[0];\ncx q[0],q[1];\n`;
    near((await expectation(pair, 'depolarizing:0.1', 'Z0 Z1')).expectation, 0.9 ** 2);
  });

  test('goes through derivatives, shots and counts', async () => {
    const turn = 'OPENQASM 3.0;\ninclude "stdgates.inc";\ninput float t;\nqubit[1] q;\nrx(t) q[0];\n';
    const flags = ['--param', 't=0.7', '--gradient'];
    const { expectation: value, gradient } = await expectation(turn, 'depolarizing:0.1', 'Z0', ...flags);
    near(value, 0.9 * Math.cos(0.7));
    near(gradient?.t ?? Number.NaN, -0.9 * Math.sin(0.7));
    const shots = 100000;
    const drawn = await expectation(turn, 'depolarizing:0.1', 'Z0', ...flags, '--shots', String(shots));
    near(drawn.expectation, value, 5 / Math.sqrt(shots));
    near(drawn.gradient?.t ?? Number.NaN, gradient?.t ?? Number.NaN, 5 / Math.sqrt(shots));
    const file = await shop.write('bell.qasm', `${HEAD}qreg q[2];\nh q[0];\ncx q[0],q[1];\n`);
    const given = ['--counts', '--shots', String(shots), '--noise', 'readout:0.1'];
    const { counts } = await printed<{ counts: Record<string, number> }>('eval', file, ...given);
    // One of two equal bits is read wrong.
    near(((counts['01'] ?? 0) + (counts['10'] ?? 0)) / shots, 2 * 0.1 * 0.9, 5 * Math.sqrt(0.15 / shots));
  });
});

describe('vqe and qaoa --noise', () => {
  const NOISE = ['--noise', 'depolarizing:0.01,damping:0.02,readout:0.02'];

  test('vqe gives the energy with it, which its measurement meets', async () => {
    const given = ['vqe', '--hamiltonian', 'tfim:2,1', '--steps', '30', '--seed', '5', ...NOISE];
    const exact = await printed<{ energy: number; noisyEnergy: number; exact: number }>(...given);
    assert.ok(exact.energy >= exact.exact - 1e-9 && exact.noisyEnergy > exact.energy);
    const drawn = await printed<{
      noisyEnergy: number;
      measured: { energy: number; standardError: number };
    }>(...given, '--shots', '100', '--grouping', 'qubit-wise', '--final-shots', '20000');
    near(drawn.measured.energy, drawn.noisyEnergy, 5 * drawn.measured.standardError);
  });

  test('an extrapolation is nearer to the energy without it', async () => {
    const found = await minimise({
      hamiltonian: tfim(3, 1),
      training: {
        ...{ steps: 5, noise: [{ channel: 'depolarizing', rate: 0.01 }] },
        ...{ extrapolation: 'richardson', scales: 3 },
      },
    });
    for await (const _ of found.trainer.fit());
    const [bare, noisy] = [await found.energy(), await found.noisyEnergy()];
    const extrapolated = found.trainer.trainingLoss();
    const left = Math.abs(extrapolated - bare) / Math.abs(noisy - bare);
    assert.ok(left < 0.2, `${extrapolated} extrapolated, ${noisy} with noise, ${bare} without`);
  });

  test('qaoa draws its bitstrings with it, of few nodes', async () => {
    const given = ['qaoa', '--graph', 'random:4,3', '--steps', '10', '--samples', '20000'];
    const cuts = async (...flags: string[]) =>
      (await printed<{ sampledMean: number }>(...given, ...flags)).sampledMean;
    const [plain, noisy] = [await cuts(), await cuts('--noise', 'depolarizing:0.2')];
    // Half of all edges are cut by chance: 3 of 6.
    assert.ok(noisy < plain && noisy > 2.9, `${noisy} with noise, ${plain} without`);
    assert.match(await refusal('qaoa', '--graph', 'random:12,3', ...NOISE), /10 nodes at most/);
  });
});

describe('compare and train --noise', () => {
  test('compare trains all rules with it', async () => {
    const given = ['compare', '--rules', 'sgd,adam', '--seeds', '2', '--steps', '5', '--data', 'gaussians'];
    const model = ['--qubits', '2', '--layers', '1', '--looks', '0', '--threads', '1'];
    const runs = async (...flags: string[]) =>
      (await printed<{ runs: { loss: number }[] }>(...given, ...model, ...flags)).runs;
    const [plain, noisy] = [await runs(), await runs('--noise', 'depolarizing:0.1')];
    assert.equal(noisy.length, 4);
    assert.notDeepEqual(
      noisy.map(({ loss }) => loss),
      plain.map(({ loss }) => loss),
    );
  });

  test('a file whose gates are more than one operation is refused with the gate', async () => {
    const file = await shop.write(
      'own.qasm',
      'OPENQASM 3.0;\ninclude "stdgates.inc";\ninput float x0;\ninput float t;\nqubit[3] q;\nrx(x0) q[0];\nry(t) q[1];\nccx q[0],q[1],q[2];\n',
    );
    const given = ['train', '--data', 'moons:rows=40', '--circuit', file, '--noise', 'damping:0.1'];
    assert.match(await refusal(...given, '--circuit-features', 'x0'), /ccx in line 8 .* is \d+ of them/);
  });
});
