/** The command `vqe`, as a user would run it. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { builtIn } from '../../../host/problems/built-in.ts';
import { Workshop } from '../../support/cli-process.ts';

let shop: Workshop;
before(async () => {
  shop = await Workshop.open();
});
after(() => shop.close());

/** What is looked at of the result. */
interface Shown {
  readonly hamiltonian: { readonly qubits: number; readonly about: { readonly field: number } };
  readonly ansatz: string;
  readonly parameters: number;
  readonly bases: number;
  readonly circuitsPerEnergy: number;
  readonly grouping: string;
  readonly shotsPerCircuit: number;
  readonly shots: number;
  readonly energy: number;
  readonly exact: number;
  readonly error: number;
  readonly measured: { readonly energy: number; readonly standardError: number; readonly shots: number };
  readonly values: readonly number[];
}

const vqe = async (flags: readonly string[]) => (await shop.json(flags)) as unknown as Shown;

describe('vqe', () => {
  test('an Ising chain, exact: energy, exact and error agree', async () => {
    const result = await vqe(['vqe', '--hamiltonian', 'tfim:4,1', '--steps', '100', '--seed', '3']);
    assert.equal(result.hamiltonian.qubits, 4);
    assert.equal(result.hamiltonian.about.field, 1);
    assert.ok(Math.abs(result.exact + 4.758770483143634) < 1e-9);
    assert.ok(Math.abs(result.energy - result.exact - result.error) < 1e-12);
    assert.ok(result.error > 0 && result.error < 0.05, `${result.error}`);
    assert.equal(result.shots, 0);
    assert.equal(result.measured, null);
    assert.equal(result.values.length, result.parameters);
  });

  test('with shots it is measured too, and the same seed gives the same', async () => {
    const flags = ['vqe', '--hamiltonian', 'h2', '--shots', '20', '--steps', '40', '--final-shots', '2000'];
    const one = await vqe(flags);
    assert.deepEqual(await vqe(flags), one);
    assert.deepEqual([one.bases, one.grouping, one.shotsPerCircuit], [2, 'commuting', 20]);
    assert.equal(one.measured.shots, 2000 * one.circuitsPerEnergy);
    assert.ok(Math.abs(one.measured.energy - one.energy) < 5 * one.measured.standardError);
    const { stdout } = await shop.run([...flags, '--no-exact']);
    assert.match(stdout, /^as measured +-\d\.\d+ ± 0\.\d+ Hartree, 6,000 shots more$/m);
    assert.doesNotMatch(stdout, /^(exact|error) /m);
    const { stdout: exact } = await shop.run(['vqe', '--hamiltonian', 'h2', '--steps', '2']);
    assert.match(exact, /^training +adam, 2 steps, 2 circuits, exact expectations$/m);
    assert.match(exact, /^energy +-\d\.\d{8} Hartree$/m);
    const { stdout: chain } = await shop.run(['vqe', '--hamiltonian', 'tfim:2,1', '--steps', '2']);
    assert.match(chain, /^energy +-\d\.\d{8}$/m);
  });

  test('says what a molecule and a chain are, and with what noise it was trained', async () => {
    const steps = ['--steps', '3', '--no-exact'];
    const molecule = await shop.run(['vqe', '--hamiltonian', 'h2', ...steps]);
    assert.match(molecule.stdout, /^geometry +H \(0, 0, 0\), H \(0, 0, 0\.735\) angstrom$/m);
    assert.match(molecule.stdout, /^basis +STO-3G, 2 electrons in 2 orbitals, Jordan-Wigner/m);
    assert.match(molecule.stdout, /^source +PySCF 2/m);
    const noise = ['--noise', 'depolarizing:0.01,readout:0.02', '--shots', '10', '--final-shots', '20'];
    const mitigation = [
      '--extrapolation',
      'polynomial',
      '--extrapolation-order',
      '2',
      '--calibration-shots',
      '50',
    ];
    const flags = ['vqe', '--hamiltonian', 'tfim:3,1', ...steps, ...noise, ...mitigation];
    const { stdout } = await shop.run(flags);
    assert.match(stdout, /^formula +H = -sum_i Z_i/m);
    assert.doesNotMatch(stdout, /^(geometry|basis)/m);
    assert.match(stdout, /^noise +depolarizing 0\.01, readout 0\.02$/m);
    assert.match(
      stdout,
      /^mitigation +polynomial extrapolation from 3 scales, of degree 2; readout calibrated by 2 x 50 shots$/m,
    );
    const { noise: channels, extrapolation, calibrationShots } = await shop.json(flags);
    assert.deepEqual(
      (channels as { channel: string; rate: number }[]).map(({ channel, rate }) => [channel, rate]),
      [
        ['depolarizing', 0.01],
        ['readout', 0.02],
      ],
    );
    assert.deepEqual([extrapolation, calibrationShots], [{ fit: 'polynomial', scales: 3, order: 2 }, 50]);
    assert.equal((await shop.run(['vqe', '--hamiltonian', 'h2', '--extrapolation', 'linear'])).code, 2);
  });

  test('a file, with electrons for excitations', async () => {
    await shop.write('h.txt', '(0.5+0j) [Z0 Z1] +\n-1.0 [X0]\n');
    const result = await vqe(['vqe', '--hamiltonian', 'h.txt', '--steps', '100', '--layers', '2']);
    assert.ok(Math.abs(result.exact + Math.hypot(1, 0.5)) < 1e-9);
    assert.ok(result.error < 1e-3, `${result.error}`);
    assert.equal(result.ansatz, 'hardware');
    const { constant, terms } = builtIn('h2') ?? assert.fail();
    const all = [{ pauli: '', coefficient: constant }, ...terms];
    await shop.write('h2.txt', all.map(({ pauli, coefficient }) => `${coefficient} [${pauli}]`).join(' +\n'));
    const molecule = await vqe(['vqe', '--hamiltonian', 'h2.txt', '--electrons', '2', '--steps', '60']);
    assert.equal(molecule.ansatz, 'excitations');
    assert.ok(molecule.error < 1e-3, `${molecule.error}`);
  });

  test('reversals and a start without a slope are said', async () => {
    const shots = ['vqe', '--hamiltonian', 'h2', '--rule', 'nlr', '--shots', '10', '--final-shots', '20'];
    const { stdout } = await shop.run([...shots, '--steps', '60']);
    assert.match(stdout, /^reversals +\d+ of 60 steps$/m);
    assert.match(stdout, /^warning: reversals outweighed descent in rate: .* below zero$/m);
    const flat = ['vqe', '--hamiltonian', 'h2', '--ansatz', 'hardware', '--initialisation', 'zero'];
    const { warnings } = await shop.json([...flat, '--steps', '3']);
    assert.deepEqual(warnings, [
      'the gradient was 0 at the start, which no rule leaves: start elsewhere, by --initialisation or --seed',
    ]);
  });

  test('what is wrong is said, with the code for it', async () => {
    await shop.write('bad.txt', '0.5 [Z0] +\n0.5 [Q1]\n');
    await shop.write('empty.txt', '');
    const cases: readonly (readonly [flags: string[], code: number, says: RegExp])[] = [
      [[], 2, /--hamiltonian says what to minimise/],
      [['--hamiltonian', 'h3'], 2, /expected h2, lih, tfim:N,h, heisenberg:N, or a file/],
      [['--hamiltonian', 'tfim:3'], 2, /tfim:N,h, such as tfim:6,1/],
      [['--hamiltonian', 'heisenberg:30'], 2, /2 to 20 sites/],
      [['--hamiltonian', 'none.txt'], 1, /none\.txt: cannot be read/],
      [['--hamiltonian', 'bad.txt'], 1, /bad\.txt:2:6: "Q1" stands/],
      [['--hamiltonian', 'empty.txt'], 1, /empty\.txt: there is no term/],
      [['--hamiltonian', 'h2', '--electrons', '2'], 2, /--electrons is of a molecule in a file/],
      [['--hamiltonian', 'h2', '--grouping', 'none'], 2, /--grouping is of measurements/],
      [
        ['--hamiltonian', 'h2', '--rule', 'frugal', '--shots', '32'],
        2,
        /rule frugal draws among many samples/,
      ],
      [
        ['--hamiltonian', 'h2', '--rule', 'adam-reversal'],
        2,
        /spread of many samples, and an energy has none/,
      ],
      [['--hamiltonian', 'h2', '--draws', 'all'], 2, /unknown option '--draws'/],
      [['--hamiltonian', 'h2', '--ansatz', 'variational'], 2, /is for chains/],
      [['--hamiltonian', 'h2', '--ansatz', 'uccsd'], 2, /one of excitations, variational, hardware/],
      [['--hamiltonian', 'h2', '--layers', '0'], 2, /--layers is '0'/],
      [['--hamiltonian', 'h2', '--guard', '3'], 2, /--guard is read by/],
      [['--hamiltonian', 'h2', '--batch', '3'], 2, /unknown option '--batch'/],
    ];
    for (const [flags, code, says] of cases) {
      const { code: found, stdout, stderr } = await shop.run(['vqe', ...flags]);
      assert.equal(found, code, `${flags.join(' ')}: ${stderr}`);
      assert.match(stderr, says);
      assert.equal(stderr.trim().split('\n').length, 1, stderr);
      assert.equal(stdout, '');
    }
  });
});
