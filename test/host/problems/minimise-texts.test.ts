/** Minimisations and cuttings: what each option makes, every refusal with its whole sentence, and numbers by formulas. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadModel } from '../../../host/api/model.ts';
import { builtIn } from '../../../host/problems/built-in.ts';
import { measuredIn } from '../../../host/problems/bases.ts';
import { noisyProbabilities, sampleCuts } from '../../../host/problems/cuts.ts';
import { graph } from '../../../host/problems/graph.ts';
import { GROUPINGS } from '../../../host/problems/groups.ts';
import { type Hamiltonian, hamiltonian } from '../../../host/problems/hamiltonian.ts';
import { measureEnergy } from '../../../host/problems/measure.ts';
import {
  type Minimisation,
  minimise,
  type MinimiseOptions,
  trainingFrom,
} from '../../../host/problems/minimise.ts';
import {
  interpolated,
  oneLayerCut,
  qaoa,
  qaoaCircuit,
  type QaoaOptions,
  type QaoaStage,
} from '../../../host/problems/qaoa.ts';
import { assertClose } from '../../support/close.ts';
import { assertGolden, outcomes } from '../../support/golden.ts';
import { settled } from '../../support/settled.ts';

const golden = (name: string) => new URL(name, import.meta.url);

const tfim = builtIn('tfim:3,1') as Hamiltonian;
const h2 = builtIn('h2') as Hamiltonian;
const Z = hamiltonian([{ pauli: 'Z0', coefficient: 1 }]);

/** One qubit that is turned: its energy of Z is the cosine. */
const TURN = [{ gate: 'ry', qubits: [0], angle: { parameter: 0 } }] as const;

/** Numbers with six digits. */
const rounded = (value: unknown) =>
  JSON.parse(JSON.stringify(value), (_, each: unknown) =>
    typeof each === 'number' && !Number.isInteger(each) ? Number(each.toPrecision(6)) : each,
  ) as unknown;

/** What a minimisation is, its circuit by its length. */
function shown({ trainer, ansatz, layers, bases, circuits, grouping, circuit }: Minimisation) {
  const { rule, steps, rate, batch, shots, seed, shotsBudget } = trainer.training;
  const { classes, features, observables, circuit: whole } = trainer.model;
  return rounded({
    ...{
      ansatz,
      layers,
      bases,
      circuits,
      grouping,
      gates: circuit.length,
      turns: whole.length - circuit.length,
    },
    ...{
      parameters: trainer.parameters.length,
      classes,
      features,
      terms: observables.map((sum) => sum.length),
    },
    ...{ rule, steps, rate, batch, shots, seed, shotsBudget },
  });
}

/** Options in a line: Hamiltonians by their names, and what is there but undefined. */
const line = (options: object) =>
  JSON.stringify(options, (_, value: unknown) => {
    if (value === undefined) return 'undefined';
    return (value as Partial<Hamiltonian> | null)?.terms ? (value as Hamiltonian).name : value;
  });

const each = (list: readonly object[], call: (options: never) => Promise<unknown>) =>
  Object.fromEntries(list.map((options) => [line(options), () => call(options as never)]));

test('minimise: every option below, at and above its bounds', async () => {
  const make = async (options: Partial<MinimiseOptions>) =>
    shown(await minimise({ hamiltonian: tfim, ...options }));
  const training = [
    ...[
      {},
      { steps: 5 },
      { steps: undefined },
      { rate: 0.5 },
      { shots: 10 },
      { shots: 'exact' },
      { shots: 10, shotsBudget: 5000 },
      { shotsBudget: 'none' },
    ],
    ...[
      { rule: 'frugal' },
      { rule: 'adam-reversal' },
      { rule: 'nlr' },
      { rule: 'sgd' },
      { batch: 1 },
      { batch: undefined },
      { shots: 0 },
      { seed: 7 },
      { colour: 1 },
    ],
  ].map((options) => ({ layers: 1, training: options }));
  const list: readonly object[] = [
    ...[...training, { training: 7 }, { training: [] }, { training: null }],
    ...[
      { layers: 0 },
      { layers: 1 },
      { layers: 2.5 },
      { layers: 1001 },
      { ansatz: 'hardware' },
      { ansatz: 'variational', layers: 2 },
      { ansatz: 'excitations' },
      { ansatz: 'none' },
    ],
    ...[
      { hamiltonian: h2 },
      { hamiltonian: h2, ansatz: 'variational' },
      { hamiltonian: h2, layers: 1, training: { shots: 10 } },
      { hamiltonian: {} },
      { hamiltonian: undefined },
    ],
    ...GROUPINGS.flatMap((grouping) => [
      { grouping, layers: 1 },
      { grouping, layers: 1, training: { shots: 10 } },
    ]),
    ...[
      { grouping: '' },
      { grouping: 'all' },
      { circuit: TURN },
      { circuit: TURN, layers: 1 },
      { circuit: TURN, ansatz: 'hardware' },
      { circuit: [] },
      { circuit: 7 },
    ],
    ...[
      { circuit: [{ gate: 'h', qubits: [0] }] },
      { circuit: [{ gate: 'rx', qubits: [3], angle: { parameter: 0 } }] },
      { circuit: [{ gate: 'rx', qubits: [0], angle: { feature: 0 } }] },
    ],
    ...[
      { initialisation: 'zeros' },
      { initialisation: 'gaussian', initialScale: 0.5 },
      { initialisation: 'small-angles', initialScale: 0 },
      { initialScale: -0.1 },
      { initialScale: 3.2 },
      { initialisation: 'other' },
    ],
    ...[{ checkpoint: 7 }, { checkpoint: new Uint8Array(3) }, { colour: 1 }],
  ];
  const calls = await settled({
    ...each(list, make),
    'names of groups': async () => {
      const { trainer } = await minimise({ hamiltonian: tfim, layers: 1, training: { shots: 10 } });
      return (await loadModel(trainer.save())).classes;
    },
    'a checkpoint of another': async () => {
      const { trainer } = await minimise({ hamiltonian: tfim, layers: 1 });
      return minimise({
        hamiltonian: builtIn('tfim:3,2') as Hamiltonian,
        layers: 1,
        checkpoint: trainer.checkpoint(),
      });
    },
    'a checkpoint of its own': async () => {
      const { trainer } = await minimise({ hamiltonian: tfim, layers: 1, training: { steps: 3 } });
      return make({ layers: 1, checkpoint: trainer.checkpoint() });
    },
    'an estimate of what is exact': async () =>
      measureEnergy(await minimise({ hamiltonian: Z, circuit: TURN }), 20),
    'an estimate of nothing': async () => measureEnergy({} as never, 20),
    'an estimate of null': async () => measureEnergy(null as never, 20),
    ...Object.fromEntries(
      [19, 20, 21, 40, 41, 20.5, 2 ** 40].map((shots) => [
        `an estimate of ${shots} shots`,
        async () =>
          measureEnergy(await minimise({ hamiltonian: Z, circuit: TURN, training: { shots: 1 } }), shots)
            .shots,
      ]),
    ),
    'options by default': async () => trainingFrom(),
    'options with a budget': async () => trainingFrom({ shotsBudget: 100, shots: 1 }),
    'options without a budget': async () =>
      trainingFrom({ shotsBudget: 'none', rate: undefined }, { steps: 7, rate: 2 }),
  });
  assertGolden(golden('minimise-options.txt'), calls);
});

test('an estimate is the mean of twenty energies, and its error their spread', async () => {
  const options: MinimiseOptions = {
    hamiltonian: tfim,
    layers: 1,
    grouping: 'none',
    training: { shots: 10, seed: 3 },
  };
  const { trainer } = await minimise(options);
  const energies = Array.from({ length: 20 }, () => trainer.trainingLoss({ shots: 5 }));
  const mean = energies.reduce((sum, value) => sum + value, 0) / 20;
  const variance = energies.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 19;
  const { energy, standardError, shots } = measureEnergy(await minimise(options), 100);
  assertClose(energy, mean, 1e-12, 'the mean');
  assertClose(standardError, Math.sqrt(variance / 20), 1e-12, 'its error');
  assert.ok(standardError > 0);
  assert.equal(shots, 20 * 5 * 5, 'each of five terms');
});

test('energies of one turned qubit, exact and noisy, by their formulas', async () => {
  const two = hamiltonian([
    { pauli: 'Z0', coefficient: 2 },
    { pauli: 'X0', coefficient: -1 },
    { pauli: '', coefficient: 0.25 },
  ]);
  for (const shots of ['exact', 100] as const)
    for (const grouping of GROUPINGS) {
      const noise = [
        { channel: 'depolarizing', rate: 0.2 },
        { channel: 'damping', rate: 0 },
      ] as const;
      const { trainer, energy, noisyEnergy } = await minimise({
        hamiltonian: two,
        circuit: TURN,
        grouping,
        training: { shots, noise },
      });
      for (const angle of [0, 0.7, -2]) {
        trainer.parameters.set([angle]);
        const expected = 2 * Math.cos(angle) - Math.sin(angle);
        assertClose(await energy(), expected + 0.25, 1e-12, `${grouping}, ${angle}`);
        assertClose(await noisyEnergy(), 0.8 * expected + 0.25, 1e-12, `${grouping}, ${angle}, noisy`);
        // The turns into the bases of groups have no noise of their own.
        assertClose(
          trainer.trainingLoss({ shots: 'exact' }),
          0.8 * expected + 0.25,
          1e-12,
          `${grouping}, ${angle}, trained`,
        );
      }
    }
});

/** As many strings as are asked for, of which no two commute on each qubit. */
const crossed = (count: number) =>
  hamiltonian(
    Array.from({ length: count }, (_, i) => ({
      pauli: [0, 1, 2, 3].map((qubit) => `${'XYZ'[Math.floor(i / 3 ** qubit) % 3]}${qubit}`).join(' '),
      coefficient: 1,
    })),
    { name: 'crossed' },
  );

test('bases: rows, features and copies of each grouping', () => {
  const sum = hamiltonian([
    { pauli: 'Z0', coefficient: 8 },
    { pauli: 'X0 Y1', coefficient: 2 },
    { pauli: 'Y0', coefficient: -0.1 },
    { pauli: '', coefficient: 3 },
  ]);
  const found = (of: Hamiltonian, grouping?: (typeof GROUPINGS)[number]) => () => {
    const { circuit, observables, features, rows, labels, bases } = measuredIn(of, TURN, grouping);
    return rounded({
      ...{ features, bases, rows: [...rows], labels: [...labels], observables },
      gates: circuit.map(
        ({ gate, qubits, angle }) => `${gate} ${qubits.join('-')} ${JSON.stringify(angle) ?? ''}`,
      ),
    });
  };
  assertGolden(
    golden('minimise-bases.txt'),
    outcomes({
      exact: found(sum),
      ...Object.fromEntries(GROUPINGS.map((grouping) => [grouping, found(sum, grouping)])),
      'without a constant': found(Z, 'commuting'),
      'too many groups': found(crossed(65), 'qubit-wise'),
      'as many groups as there may be': () => measuredIn(crossed(64), TURN, 'qubit-wise').bases,
      'too many groups, each term alone': () => measuredIn(crossed(65), TURN, 'none').bases,
    }),
  );
});

const SQUARE = graph(
  4,
  [
    [0, 1],
    [1, 2],
    [2, 3],
    [3, 0, 2],
  ],
  'square',
);

test('cuttings: every option, the stages of each start, and what is sampled', async () => {
  const stages = async (options: Partial<QaoaOptions>, steps = 0) => {
    const all: unknown[] = [];
    for await (const stage of qaoa({ graph: SQUARE, ...options })) {
      const { layers, before, angles, trainer, circuit } = stage;
      all.push(
        rounded({
          layers,
          before,
          angles: angles(),
          gates: circuit.length,
          steps: trainer.training.steps,
          rate: trainer.training.rate,
        }),
      );
      if (steps > 0) for await (const _ of trainer.fit({ until: steps }));
    }
    return all;
  };
  const list: readonly object[] = [
    ...[
      {},
      { layers: 0 },
      { layers: 2 },
      { layers: 2.5 },
      { layers: 101 },
      { graph: {} },
      { graph: undefined },
      { warmStart: '' },
      { warmStart: 'hot' },
    ],
    ...['ramp', 'interpolate', 'relaxed'].flatMap((warmStart) => [{ warmStart }, { warmStart, layers: 3 }]),
    ...[
      { training: { steps: 3, rate: 1 } },
      { training: 7 },
      { training: { shots: 10, shotsBudget: 100000 } },
      { training: { batch: 1 } },
      { colour: 1 },
    ],
    ...[
      { warmStart: 'interpolate', training: { shots: 1, shotsBudget: 1000 } },
      { warmStart: 'interpolate', training: { shots: 1, shotsBudget: 'none' } },
    ],
    ...[
      { warmStart: 'relaxed', training: { seed: 5 } },
      { graph: graph(2, [[0, 1, 4]]) },
      {
        graph: graph(3, [
          [0, 1, -1],
          [1, 2, 3],
        ]),
        layers: 2,
      },
    ],
  ];
  const stage = async (options: Partial<QaoaOptions> = {}): Promise<QaoaStage> => {
    for await (const found of qaoa({ graph: SQUARE, ...options })) return found;
    return assert.fail();
  };
  const cuts = ({ counts, best, mean }: ReturnType<typeof sampleCuts>) => ({
    counts: Object.fromEntries(counts),
    best,
    mean,
  });
  const certain = new Float64Array(16);
  certain[0b0001] = 0.5;
  certain[0b0101] = 0.5;
  const calls = await settled({
    ...each(list, stages),
    'a start of its own': async () => (await stages({ warmStart: 'none' })).length,
    'counted stages': () =>
      stages({ warmStart: 'interpolate', layers: 3, training: { shots: 2, steps: 2 } }, 2),
    'stages that nobody trains': () =>
      stages({ warmStart: 'interpolate', layers: 2, training: { shots: 2 } }),
    ...Object.fromEntries(
      [0, 1, 1.5, 2 ** 40].map((shots) => [
        `${shots} samples`,
        async () => cuts(sampleCuts(await stage(), shots)).mean,
      ]),
    ),
    'certain samples': async () => cuts(sampleCuts(await stage(), 1000, 1, certain)),
    'samples of another seed': async () => cuts(sampleCuts(await stage(), 1000, 2, certain)),
    'samples read wrong': async () =>
      cuts(sampleCuts(await stage({ training: { readoutError: 0.5, shots: 10 } }), 160, 1, certain)).best,
    'samples of a seed that is none': async () => sampleCuts(await stage(), 10, -1),
    'samples of a stage that is none': async () => sampleCuts({} as never, 10),
    ...Object.fromEntries(
      Object.entries({
        short: certain.subarray(1),
        negative: certain.map(() => -0.1),
        large: certain.map(() => 1.1),
        list: [...certain],
      }).map(([what, given]) => [
        `samples of ${what} probabilities`,
        async () => sampleCuts(await stage(), 10, 1, given as Float64Array),
      ]),
    ),
    'noise of too many nodes': async () => noisyProbabilities(await stage({ graph: graph(11, [[0, 10]]) })),
    'noise of no stage': () => noisyProbabilities(7 as never),
    interpolated: async () =>
      rounded([interpolated([1, 2]), interpolated([1, 4, 3, 2]), interpolated([1, 2, 3, 4, 5, 6])]),
    'circuits from a cut': async () =>
      rounded([qaoaCircuit(graph(2, [[0, 1, 3]]), 2), qaoaCircuit(graph(2, [[0, 1, 3]]), 1, 0b10)]),
    ...Object.fromEntries(
      [
        [Number.NaN, 0],
        [0, Infinity],
        ['1', 0],
      ].map(([gamma, beta]) => [
        `one layer of ${gamma}, ${beta}`,
        async () => oneLayerCut(SQUARE, gamma as number, beta as number),
      ]),
    ),
    'one layer of no graph': async () => oneLayerCut({} as never, 0, 0),
    'one layer': async () => oneLayerCut(SQUARE, 0.3, 0.4).toPrecision(9),
  });
  assertGolden(golden('minimise-cuts.txt'), calls);
});

test('probabilities with noise and with bits read wrong, by their formulas', async () => {
  const pair = graph(2, [[0, 1]]);
  const made = async (training: QaoaOptions['training']) => {
    for await (const stage of qaoa({ graph: pair, warmStart: 'none', training })) {
      // Angles of nothing leave |++>, of which any bitstring is as likely; gates alone can spoil it.
      stage.trainer.parameters.set([0, 0]);
      return stage;
    }
    return assert.fail();
  };
  const damped = await noisyProbabilities(
    await made({ noise: [{ channel: 'damping', rate: 0.3, gates: ['h'] }] }),
  );
  // Each qubit is 1 with a chance of 0.7 / 2, as it is damped once.
  [0.65 ** 2, 0.65 * 0.35, 0.65 * 0.35, 0.35 ** 2].forEach((chance, b) =>
    assertClose(damped[b], chance, 1e-12, `${b}`),
  );
  // Bits that are read wrong with 0.1: of 00 for sure, 0.81 stay.
  const wrong = await made({ readoutError: 0.1, shots: 10 });
  const { counts, mean } = sampleCuts(wrong, 100000, 3, Float64Array.of(1, 0, 0, 0));
  const share = (bits: string) => (counts.get(bits) ?? 0) / 100000;
  Object.entries({ '00': 0.81, '10': 0.09, '01': 0.09, '11': 0.01 }).forEach(([bits, chance]) =>
    assertClose(share(bits), chance, 5 * Math.sqrt((chance * (1 - chance)) / 100000), bits),
  );
  assertClose(mean, share('10') + share('01'), 1e-12, 'the mean cut');
});
