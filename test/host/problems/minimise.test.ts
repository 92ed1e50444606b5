/** Energies that are minimised: what is trained is the energy, in whatever bases it is measured. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadModel } from '../../../host/api/model.ts';
import { OptionError } from '../../../host/core/errors.ts';
import { builtIn } from '../../../host/problems/built-in.ts';
import { GROUPINGS } from '../../../host/problems/groups.ts';
import { hamiltonian } from '../../../host/problems/hamiltonian.ts';
import { lowestEnergy } from '../../../host/problems/lowest.ts';
import { measureEnergy } from '../../../host/problems/measure.ts';
import { type MinimiseOptions, minimise } from '../../../host/problems/minimise.ts';
import { assertClose } from '../../support/close.ts';

const named = (name: string) => builtIn(name) ?? assert.fail(name);

/** A sum with strings of every kind, complex ones too. */
const MIXED = hamiltonian([
  { pauli: '', coefficient: 0.7 },
  { pauli: 'X0 Y1 Z2', coefficient: 0.5 },
  { pauli: 'Y0 Y1', coefficient: -0.8 },
  { pauli: 'Z0', coefficient: 0.3 },
  { pauli: 'Y2', coefficient: 0.4 },
  { pauli: 'X0 X2', coefficient: -0.2 },
]);

async function run(options: MinimiseOptions) {
  const found = await minimise(options);
  for await (const _ of found.trainer.fit());
  return found;
}

describe('minimise', () => {
  it('the exact loss of all groups is the energy, whatever the grouping', async () => {
    for (const problem of [MIXED, named('h2'), named('tfim:3,0.7'), named('heisenberg:4')]) {
      for (const grouping of GROUPINGS) {
        const training = { shots: 10, seed: 5 };
        const { trainer, energy, bases } = await minimise({ hamiltonian: problem, grouping, training });
        const expected = await energy();
        assertClose(trainer.trainingLoss(), expected, 1e-12, `${problem.name}, ${grouping}`);
        assert.ok(bases > 0);
      }
    }
  });

  it('shots give the energy within 5 standard errors, and every one is counted', async () => {
    for (const grouping of GROUPINGS) {
      const training = { shots: 50, steps: 3, seed: 9 };
      const found = await run({ hamiltonian: MIXED, ansatz: 'hardware', layers: 1, grouping, training });
      const { trainer, energy, circuit } = found;
      const angles = circuit.filter(({ angle }) => angle?.parameter !== undefined).length;
      const circuits = found.circuits * (1 + 2 * angles);
      assert.equal(trainer.report?.evaluations, 3 * circuits, grouping);
      assert.equal(trainer.report?.shots, 3 * circuits * 50, grouping);
      const measured = measureEnergy(found, 20000);
      assert.equal(measured.shots, found.circuits * 20000);
      const off = Math.abs(measured.energy - (await energy())) / measured.standardError;
      assert.ok(off < 5, `${grouping}, seed 9: ${off} standard errors off`);
    }
  });

  it('molecules: from random starts to chemical accuracy, exact', async () => {
    for (const name of ['h2', 'lih']) {
      const exact = lowestEnergy(named(name));
      for (const seed of [101, 102, 103]) {
        const { energy } = await run({ hamiltonian: named(name), training: { seed } });
        const error = (await energy()) - exact;
        assert.ok(error > -1e-9 && error < 1e-3, `${name}, seed ${seed}: ${error}`);
      }
    }
  });

  it('H2 with shots: within a millihartree', async () => {
    const exact = lowestEnergy(named('h2'));
    const { energy, trainer } = await run({ hamiltonian: named('h2'), training: { seed: 104, shots: 100 } });
    const error = (await energy()) - exact;
    assert.ok(error < 1e-3, `${error}`);
    assert.equal(trainer.report?.shots, 2940000);
  });

  it('a circuit of its own, and other rules', async () => {
    const circuit = [
      { gate: 'ry', qubits: [0], angle: { parameter: 0 } },
      { gate: 'cnot', qubits: [0, 1] },
      { gate: 'rx', qubits: [1], angle: { parameter: 1 } },
    ] as const;
    for (const rule of ['nlr', 'nlr-guarded', 'sgd', 'momentum'] as const) {
      const training = { rule, steps: 60, rate: 0.2, shots: rule === 'nlr' ? 5000 : 200 };
      const { energy, ansatz, layers } = await run({ hamiltonian: named('tfim:2,0'), circuit, training });
      assert.deepEqual([ansatz, layers], ['own', null]);
      assert.ok((await energy()) < -0.9, rule);
    }
  });

  it('goes on from a checkpoint with the bits of a run that was never stopped; its model file can be read', async () => {
    for (const grouping of GROUPINGS) {
      const options = {
        hamiltonian: named('heisenberg:4'),
        layers: 1,
        grouping,
        training: { shots: 20, steps: 6 },
      };
      const whole = await run(options);
      const first = await minimise(options);
      for await (const _ of first.trainer.fit({ until: 3 }));
      const checkpoint = first.trainer.checkpoint();
      const rest = await run({ ...options, checkpoint });
      assert.equal(rest.trainer.trace, whole.trainer.trace, grouping);
      assert.equal(await rest.energy(), await whole.energy());
      await assert.rejects(minimise({ ...options, layers: 2, checkpoint }), OptionError);
      const loaded = await loadModel(whole.trainer.save());
      assert.deepEqual([...loaded.parameters], [...whole.trainer.parameters]);
    }
  });

  it('a budget of shots says how long it goes on', async () => {
    const training = { shots: 10, shotsBudget: 10000 };
    const { trainer } = await run({ hamiltonian: named('tfim:2,1'), layers: 1, training });
    const { shots } = trainer.report ?? assert.fail();
    assert.ok(shots > 9000 && shots <= 10000, `${shots}`);
  });

  it('refuses what does not go together', async () => {
    const tfim = named('tfim:3,1');
    const bad: readonly Partial<MinimiseOptions>[] = [
      { training: { rule: 'frugal', shots: 32 } },
      { training: { rule: 'adam-reversal', shots: 32 } },
      { training: { batch: 4 } },
      { ansatz: 'excitations' },
      { hamiltonian: named('h2'), ansatz: 'variational' },
      { circuit: [], layers: 2 },
      { circuit: [{ gate: 'h', qubits: [0] }] },
      { circuit: [{ gate: 'rx', qubits: [0], angle: { feature: 0 } }] },
      { layers: 0 },
      { grouping: 'all' as never },
      { training: { shots: 0 } },
      { hamiltonian: undefined },
      { hamiltonian: {} as never },
    ];
    for (const options of bad)
      await assert.rejects(
        minimise({ hamiltonian: tfim, ...options } as MinimiseOptions),
        OptionError,
        JSON.stringify(options),
      );
  });
});
