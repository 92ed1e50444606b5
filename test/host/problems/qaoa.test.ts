/** QAOA: one layer against its closed form, what is sampled, and where it starts. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { expectation, probabilities } from '../../../host/circuits.ts';
import { OptionError } from '../../../host/core/errors.ts';
import { observableOf } from '../../../host/problems/hamiltonian.ts';
import { sampleCuts } from '../../../host/problems/cuts.ts';
import {
  cutHamiltonian,
  type Graph,
  graph,
  largestCut,
  randomRegular,
} from '../../../host/problems/graph.ts';
import {
  interpolated,
  oneLayerCut,
  qaoa,
  qaoaCircuit,
  type QaoaOptions,
  type QaoaStage,
  WARM_STARTS,
} from '../../../host/problems/qaoa.ts';
import { roundedCut } from '../../../host/problems/relax.ts';
import { probabilitiesOf, stateOf } from '../../../host/problems/state.ts';
import { assertAllClose, assertClose } from '../../support/close.ts';
import * as oracle from '../../support/oracle/index.ts';

const TRIANGLES = graph(5, [
  [0, 1],
  [1, 2],
  [2, 0],
  [2, 3],
  [3, 4],
  [4, 2],
]);
const WEIGHTED = graph(5, [
  [0, 1, 0.5],
  [1, 2, -1],
  [2, 0, 2],
  [2, 3, 1.5],
  [3, 0, 0.25],
  [3, 4, 1],
]);
const GRAPHS: Readonly<Record<string, Graph>> = {
  edge: graph(2, [[0, 1]]),
  triangles: TRIANGLES,
  weighted: WEIGHTED,
  regular: randomRegular(8, 3, 2),
};

const cutBy = async (given: Graph, circuit: ReturnType<typeof qaoaCircuit>, angles: readonly number[]) =>
  -(await expectation(circuit, observableOf(cutHamiltonian(given)), angles, [], {
    qubits: given.nodes.length,
  }));

async function last(options: QaoaOptions): Promise<QaoaStage> {
  let found: QaoaStage | undefined;
  for await (const stage of qaoa(options)) {
    for await (const _ of stage.trainer.fit());
    found = stage;
  }
  return found ?? assert.fail();
}

describe('one layer', () => {
  for (const [name, given] of Object.entries(GRAPHS))
    it(`${name}: the circuit's cut is the closed form`, async () => {
      const rng = oracle.seededRng(51);
      for (let trial = 0; trial < 20; trial++) {
        const [gamma, beta] = [oracle.randomBetween(rng, -4, 4), oracle.randomBetween(rng, -4, 4)];
        const found = await cutBy(given, qaoaCircuit(given, 1), [gamma, beta]);
        assertClose(found, oneLayerCut(given, gamma, beta), 1e-12, `gamma ${gamma}, beta ${beta}`);
      }
    });

  it('of a 3-regular graph without triangles cuts 0.6924 of the edges at best, and training finds it', async () => {
    // The complete bipartite graph K33 (Farhi, Goldstone and Gutmann 2014: at least 0.6924 of any 3-regular graph's largest cut).
    const bipartite = graph(
      6,
      [0, 1, 2].flatMap((a) => [3, 4, 5].map((b) => [a, b] as const)),
    );
    const stage = await last({ graph: bipartite });
    const share = -(await stage.energy()) / 9;
    assertClose(share, 0.5 + 1 / (3 * Math.sqrt(3)), 1e-5, 'share');
    const { gamma, beta } = stage.angles();
    assertClose(oneLayerCut(bipartite, gamma[0], beta[0]) / 9, share, 1e-12, 'the closed form there');
  });
});

describe('states on the host', () => {
  it('are those of the core, for every gate', async () => {
    const rng = oracle.seededRng(52);
    const one = ['h', 'x', 'y', 'z', 's', 'sdg', 't', 'tdg', 'sx'] as const;
    const turns = ['rx', 'ry', 'rz'] as const;
    const two = ['cnot', 'cz', 'swap'] as const;
    const pairs = ['rxx', 'ryy', 'rzz', 'crx', 'cry', 'crz', 'cphase'] as const;
    const pick = <T>(list: readonly T[]) => list[oracle.randomInteger(rng, list.length)];
    for (let trial = 0; trial < 30; trial++) {
      const circuit = Array.from({ length: 25 }, (_, i) => {
        const a = oracle.randomInteger(rng, 4);
        const b = (a + 1 + oracle.randomInteger(rng, 3)) % 4;
        const angle = { parameter: i % 5, scale: oracle.randomBetween(rng, -2, 2), offset: 0.3 };
        return pick([
          { gate: pick(one), qubits: [a] as const },
          { gate: pick(turns), qubits: [a] as const, angle },
          { gate: pick(two), qubits: [a, b] as const },
          { gate: pick(pairs), qubits: [a, b] as const, angle },
          { gate: 'u' as const, qubits: [a] as const, angles: [0.1, -0.7, 1.1] as const },
        ]);
      });
      circuit.push({ gate: 'rx', qubits: [0], angle: { parameter: 4, scale: 1, offset: 0 } });
      const values = Array.from({ length: 5 }, () => oracle.randomBetween(rng, -3, 3));
      const found = probabilitiesOf(stateOf(circuit, 4, values));
      const measured = [3, 2, 1, 0];
      const expected = await probabilities(circuit, values, [], { qubits: 4, measured });
      assertAllClose(found, expected, 1e-12, `trial ${trial}`);
    }
  });
});

describe('training', () => {
  it('every start gives a good cut, with shots too, and the best sampled one is the largest', async () => {
    const given = randomRegular(8, 3, 2);
    const optimum = largestCut(given).cut;
    for (const warmStart of WARM_STARTS) {
      for (const shots of ['exact', 100] as const) {
        const training = { steps: 40, shots, seed: 4 };
        const stage = await last({ graph: given, layers: 2, warmStart, training });
        const cut = -(await stage.energy());
        const least = warmStart === 'none' ? 0.5 : 0.75;
        assert.ok(cut > least * optimum && cut <= optimum, `${warmStart}, ${shots}: ${cut} of ${optimum}`);
        const { best, counts, mean } = sampleCuts(stage, 2000, 4);
        assert.equal(best.cut, optimum, `${warmStart}, ${shots}`);
        assert.equal(
          [...counts.values()].reduce((sum, count) => sum + count, 0),
          2000,
        );
        // Cuts lie between 0 and 12: 5 sigma of the mean of 2000 is below 5 * 6 / sqrt(2000).
        assertClose(mean, cut, 0.67, `${warmStart}, ${shots}: the mean of the samples`);
      }
    }
  });

  it('interpolated angles of a ramp stay one, and of all stages everything is counted', async () => {
    assert.deepEqual(interpolated([0.2, 0.6]), [0.2, 0.6, 0.2, 0.6]);
    assert.deepEqual(interpolated([1, 4, 3, 2]), [1, 4, 2, 3, 3, 2]);
    const training = { steps: 5, shots: 10 };
    const stage = await last({ graph: TRIANGLES, layers: 3, warmStart: 'interpolate', training });
    assert.equal(stage.layers, 3);
    // A loss and two circuits for each angle: 6 edges and 5 nodes a layer.
    assert.equal(stage.before.shots, 10 * 5 * (1 + 2 * 11 + 1 + 2 * 22));
    assert.equal(stage.before.steps, 10);
  });

  it('relaxed: starts in the state that its mixer leaves alone, on the side of the rounded cut', async () => {
    const { bits, cut } = roundedCut(WEIGHTED, 3);
    const circuit = qaoaCircuit(WEIGHTED, 2, bits);
    const chances = probabilitiesOf(stateOf(circuit, 5, [0, 0.7, 0, -0.3]));
    assertClose(chances[bits], 0.75 ** 5, 1e-12, 'the cut itself');
    const all = await cutBy(WEIGHTED, circuit, [0, 0.7, 0, -0.3]);
    const expected = WEIGHTED.edges.reduce((sum, { a, b, weight }) => {
      const apart = ((bits >> a) ^ (bits >> b)) & 1;
      return sum + weight * (apart ? 0.625 : 0.375);
    }, 0);
    assertClose(all, expected, 1e-12, 'the mean cut');
    assert.ok(cut <= largestCut(WEIGHTED).cut);
  });

  it('readout flips blur what is sampled', async () => {
    const pair = graph(2, [[0, 1]]);
    const stage = await last({ graph: pair, training: { shots: 2000, steps: 60, readoutError: 0.1 } });
    assertClose(-(await stage.energy()), 1, 0.01, 'without noise');
    const { mean } = sampleCuts(stage, 20000, 1);
    // 0.82 of the pairs have both right or both wrong.
    assertClose(mean, 0.82, 5 * Math.sqrt((0.82 * 0.18) / 20000) + 0.01, 'with it');
  });

  it('refuses what does not go together', async () => {
    const bad: readonly Partial<QaoaOptions>[] = [
      { layers: 0 },
      { warmStart: 'hot' as never },
      { warmStart: 'interpolate', training: { shots: 10, shotsBudget: 1e6 } },
      { training: { rule: 'frugal', shots: 32 } },
    ];
    for (const options of bad)
      await assert.rejects(last({ graph: TRIANGLES, ...options }), OptionError, JSON.stringify(options));
    const stage = await last({ graph: TRIANGLES, training: { steps: 1 } });
    assert.throws(() => sampleCuts(stage, 0), OptionError);
  });
});
