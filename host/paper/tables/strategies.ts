/** Table XI: four strategies against barren plateaus, really built, with what each costs; and NLR from every initialisation. */
import type { ModelOptions } from '../../index.ts';
import type { Json } from '../../study/cell.ts';
import { ABOUT_STARS, armOf, BEYOND } from '../arms.ts';
import {
  type Experiment,
  type PaperCell,
  type Results,
  type Scope,
  trainings,
  type ValueCell,
} from '../experiment.ts';
import {
  type Arm,
  cellOf,
  columnsOf,
  type Grid,
  gridCells,
  resultsOf,
  rowOf,
  type Trained,
} from '../grid.ts';
import { type Court, decided, lossOf, overReadings, paired, saidPairs } from '../judge.ts';
import { gridPart } from '../parts.ts';
import { TABLE_11 } from '../printed.ts';
import { problemOf, type SetUp, trainRows } from '../problems.ts';
import {
  cutOf,
  modelOf,
  type Reading,
  readingsOf,
  seedsOf,
  settingOf,
  stepsOf,
  titleOf,
} from '../readings.ts';
import type { CostInput, StepCost } from '../runners/cost.ts';
import type { GrowthInput } from '../runners/growth.ts';
import type { Column, Row, Section, SectionTable, Verdict } from '../section.ts';
import { measured } from '../summary.ts';

const SYNTHETIC: SetUp = { set: 'gaussians', encoding: 'amplitude' };

/** L of the shallow circuit; of the blocks that can be the identity, which are two layers each. */
const SHALLOW = 2;
const MIRRORED = 6;
/** Layers of the stages of layer-wise training. */
const STAGES = [1, 2, 3, 4, 5];
/** Of layers that are the identity at zero. */
const GROWN: Partial<ModelOptions> = { entanglerGate: 'cz' };

const MIRROR: Partial<ModelOptions> = {
  layout: 'mirrored',
  layers: MIRRORED,
  initialisation: 'identity-blocks',
};

/** The strategies that are plain trainings. */
export const STRATEGIES: Grid = {
  setUp: SYNTHETIC,
  arms: [
    { name: 'Shallow circuit', rule: 'sgd', model: { layers: SHALLOW } },
    { name: 'Identity initialisation', rule: 'sgd', model: MIRROR },
    { name: 'Negative learning rate', rule: 'nlr' },
    { name: 'Standard *', rule: 'sgd' },
    ...BEYOND,
  ],
};

const LAYER_WISE = 'Layer-wise training';
/** All rows in the paper's order, then the others. */
const ROWS = [
  'Shallow circuit',
  LAYER_WISE,
  'Identity initialisation',
  'Negative learning rate',
  'Standard *',
];

/** How circuits may start, with the layout that they need. */
const STARTS: readonly (readonly [name: string, model: Partial<ModelOptions>])[] = [
  ['uniform', { initialisation: 'uniform' }],
  ['gaussian', { initialisation: 'gaussian' }],
  ['small-angles', { initialisation: 'small-angles' }],
  ['zero', { initialisation: 'zero' }],
  ['identity-blocks', MIRROR],
];
/** NLR and plain descent from each. */
export const INITIALISERS: Grid = {
  setUp: SYNTHETIC,
  arms: STARTS.flatMap(([name, model]) => [
    { name: `${name}, SGD`, rule: 'sgd' as const, model },
    { name: `${name}, NLR`, rule: 'nlr' as const, model },
  ]),
};

/** Layer-wise training from a seed: the steps of the others, a fifth in each stage. */
export function growthCell(reading: Reading, scope: Scope, seed: number): ValueCell {
  const { layers: _, ...model } = modelOf(reading);
  const steps = stepsOf(reading, scope, trainRows(SYNTHETIC, scope));
  const { steps: __, ...training } = settingOf(reading, steps);
  const input: GrowthInput = {
    problem: problemOf(SYNTHETIC, { ...model, ...GROWN }, scope),
    training: { ...training, rule: 'sgd', steps: Math.max(1, Math.round(steps / STAGES.length)) },
    ...{ seed, stages: STAGES },
  };
  return {
    ...{ kind: 'value', runner: 'growth', name: `layer-wise training, seed ${seed}` },
    input: input as unknown as Json,
    seconds: reading.isExact ? steps * 3e-4 : steps * (reading.isEpochs ? 5e-2 : 2e-3),
  };
}

/** What a step of a row costs, by its model. @param layers of a stage of layer-wise training */
function costCell(arm: Arm, reading: Reading, scope: Scope, layers?: number): ValueCell {
  const { problem, rule, setting } = cellOf(STRATEGIES, arm, reading, scope, 1);
  const model = problem.model as unknown as ModelOptions;
  const input: CostInput = {
    model: { ...model, ...(layers !== undefined && { ...GROWN, layers }) },
    training: { ...setting, rule },
  };
  return {
    ...{ kind: 'value', runner: 'cost', name: `cost of ${arm.name}`, seconds: 0.02 },
    input: input as unknown as Json,
  };
}

const standard = armOf(STRATEGIES.arms, 'Standard *');

/** Cost cells of a row: one, or one for each stage. */
function costCells(name: string, reading: Reading, scope: Scope): ValueCell[] {
  if (name === LAYER_WISE) return STAGES.map((layers) => costCell(standard, reading, scope, layers));
  return [costCell(armOf(STRATEGIES.arms, name), reading, scope)];
}

/** Readings with a table of costs: steps with the work of a device. */
const costReadings = (scope: Scope) => readingsOf(scope).filter(({ isEpochs }) => !isEpochs);

/** Instructions of a Cortex-M4F under QEMU, of bench/results/devices.json: an exact step by gate applications, a step with shots by circuits. */
export const DEVICE = {
  exact: { instructions: 198_582, gates: 879 },
  shots: { instructions: 25_597_047, circuits: 2880 },
} as const;

/** How many times the circuits of plain descent are a substantial cost. */
const SUBSTANTIAL = 1.05;

/** Names of the rows in a reading. */
function namesIn(reading: Reading, scope: Scope): string[] {
  const others = BEYOND.filter(({ only }) => only?.(reading, scope) ?? true);
  return [...ROWS, ...others.map(({ name }) => name)];
}

/** The trainings of a row by seed. */
function trained(name: string, reading: Reading, scope: Scope, results: Results): (Trained | undefined)[] {
  if (name !== LAYER_WISE)
    return resultsOf(STRATEGIES, armOf(STRATEGIES.arms, name), reading, scope, results);
  return seedsOf(reading, scope).map(
    (seed) => results.value(growthCell(reading, scope, seed)) as unknown as Trained | undefined,
  );
}

/** A list with one more. */
const inserted = <T>(list: readonly T[], at: number, item: T): T[] => [
  ...list.slice(0, at),
  item,
  ...list.slice(at),
];

/** Table XI in one reading. */
function summary(reading: Reading, scope: Scope, results: Results): SectionTable {
  const columns = columnsOf(reading);
  const lossAt = columns.findIndex(({ name }) => name === 'final loss');
  const rows = namesIn(reading, scope).map((name): Row => {
    const found = trained(name, reading, scope, results);
    const figures = TABLE_11[name];
    const row = rowOf({ name, printed: figures }, found, columns);
    const deviation = measured(found.map((result) => result?.loss)).deviation;
    // The paper has a column for the spread of the loss, with figures of its own.
    const spread =
      figures === undefined ? deviation : { ...measured([deviation]), printed: figures.deviation };
    return { ...row, cells: inserted(row.cells, lossAt + 1, spread) };
  });
  const shown: Column[] = columns.map(({ name, unit }) => ({ name, unit }));
  return {
    ...{ name: reading.id, title: titleOf(reading, scope), rows },
    about: cutOf(reading, scope),
    columns: inserted(shown, lossAt + 1, { name: 'std of the loss', unit: 'number' }),
  };
}

/** What the strategies cost. */
function overhead(reading: Reading, scope: Scope, results: Results): SectionTable {
  const test = settingOf(reading, 1).batch as number;
  const rows = trainRows(SYNTHETIC, scope);
  const meanOf = (costs: readonly StepCost[], part: keyof StepCost) =>
    costs.reduce((sum, each) => sum + each[part], 0) / costs.length;
  return {
    name: `cost-${reading.id}`,
    title: `What a step costs: ${titleOf(reading, scope)}`,
    about: `Counted; of layer-wise training the mean of its stages. The test (line 7 of Algorithm 1) is among the circuits. Line 13, the loss of all ${rows} training samples behind every step, is in none of them: it takes ${rows} circuits more, or one where the second moments are kept. Instructions are an estimate: of a Cortex-M4F, single precision, by the ${reading.isExact ? 'gate applications of an exact step' : 'circuits of a step with 1000 shots'} that were counted under QEMU. Times are in times.csv.`,
    columns: [
      { name: 'circuits a step', unit: 'count' },
      { name: 'of them the test', unit: 'count' },
      { name: 'line 13 beside', unit: 'count' },
      ...(reading.isExact ? [] : [{ name: 'shots a step', unit: 'count' } as const]),
      { name: 'gate applications a step', unit: 'count' },
      { name: 'device instructions a step', unit: 'count' },
      { name: 'circuits in all', unit: 'count' },
    ],
    rows: namesIn(reading, scope).map((name) => {
      const costs = costCells(name, reading, scope).flatMap(
        (cell) => (results.value(cell) as unknown as StepCost | undefined) ?? [],
      );
      const [circuits, shots, gates] = (['circuits', 'shots', 'gates'] as const).map((part) =>
        meanOf(costs, part),
      );
      const instructions = reading.isExact
        ? (gates * DEVICE.exact.instructions) / DEVICE.exact.gates
        : (circuits * DEVICE.shots.instructions) / DEVICE.shots.circuits;
      const tests = /Negative|guarded/.test(name) ? test : 0;
      const all = measured(trained(name, reading, scope, results).map((each) => each?.evaluations)).mean;
      return {
        name,
        cells: [circuits, tests, rows, ...(reading.isExact ? [] : [shots]), gates, instructions, all],
      };
    }),
  };
}

function verdicts(court: Court): Verdict[] {
  const { scope, results } = court;
  const readings = readingsOf(scope);
  const lossesOf = (name: string, reading: Reading) =>
    measured(trained(name, reading, scope, results).map((each) => each?.loss)).mean ?? Infinity;
  const best = readings.map((reading) => {
    const found = ROWS.slice(0, 4).map((name) => ({ name, loss: lossesOf(name, reading) }));
    const [first] = [...found].sort((a, b) => a.loss - b.loss);
    return {
      title: reading.title,
      holds: first.name === 'Negative learning rate',
      number: found.map(({ name, loss }) => `${name} ${loss.toPrecision(3)}`).join(', '),
    };
  });
  const starts = readings.map((reading) => {
    const pairs = STARTS.map(([name]) => {
      const arms = [`${name}, NLR`, `${name}, SGD`].map((each) => armOf(INITIALISERS.arms, each));
      return { name, pair: paired(court, INITIALISERS, [arms[0], arms[1]], reading, lossOf) };
    });
    const good = pairs.filter(({ pair }) => decided(pair) === 'better');
    return {
      title: reading.title,
      holds: good.length > 0,
      number: saidPairs(pairs),
    };
  });
  return [
    overReadings(court, { claim: 'NLR has the lowest loss of the four strategies', where: 'Table XI' }, best),
    overReadings(
      court,
      {
        claim: 'with a structured initialisation NLR ends below plain descent from the same start',
        where: 'Remark 2',
      },
      starts,
    ),
    ...['', ', line 13 taken literally'].map((how) =>
      overReadings(
        court,
        { claim: `NLR adds no substantial cost to a step${how}`, where: 'section V.D, section VI' },
        costReadings(scope).map((reading) => {
          const [nlr, sgd] = ['Negative learning rate', 'Standard *'].map(
            (name) => (results.value(costCells(name, reading, scope)[0]) as unknown as StepCost).circuits,
          );
          const most = how === '' ? nlr : nlr + trainRows(SYNTHETIC, scope);
          return {
            title: reading.title,
            holds: most <= SUBSTANTIAL * sgd,
            number: `${most} circuits a step against ${sgd}`,
          };
        }),
      ),
    ),
  ];
}

const initialisers = gridPart({ grid: INITIALISERS, name: 'starts', title: 'initialisations' });

const ABOUT = `The four strategies with the same data, cost and number of steps, all but the last by plain gradient descent: (i) L = ${SHALLOW}; (ii) layers added one at a time at zero, all parameters trained, with CZ in place of CNOT so that a new layer is the identity; (iii) ${MIRRORED} layers as three blocks of a layer and its mirror image, each the identity at the start; (iv) Algorithm 1 on the paper's circuit. Two Gaussians, their means 8 standard deviations apart. ${ABOUT_STARS} Standard is plain descent on the paper's circuit.`;

/** Table XI. */
export const STRATEGY_TABLE: Experiment = {
  id: 'table-11',
  title: 'Table XI: strategies against barren plateaus',
  about: ABOUT,
  cells: (scope, known): PaperCell[] => [
    ...trainings(gridCells(STRATEGIES, readingsOf(scope), scope)),
    ...readingsOf(scope).flatMap((reading) =>
      seedsOf(reading, scope).map((seed) => growthCell(reading, scope, seed)),
    ),
    ...costReadings(scope).flatMap((reading) =>
      namesIn(reading, scope).flatMap((name) => costCells(name, reading, scope)),
    ),
    ...trainings(initialisers.cells(scope, known)),
  ],
  summarise: (scope, results): Section => ({
    ...{ id: 'table-11', title: 'Table XI: strategies against barren plateaus', about: ABOUT },
    tables: [
      ...readingsOf(scope).map((reading) => summary(reading, scope, results)),
      ...costReadings(scope).map((reading) => overhead(reading, scope, results)),
      ...initialisers.tables(scope, results),
    ],
    plots: [],
    verdicts: verdicts({ id: 'table-11', scope, results }),
    notes: [],
  }),
};
