/** Whole reports of small models, to six digits, and the advice on either side of every bound. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Dataset } from '../../../host/data/dataset.ts';
import type { ModelOptions, TrainingOptions } from '../../../host/index.ts';
import { adviceOn } from '../../../host/plateau/advice.ts';
import type { PlateauFindings } from '../../../host/plateau/findings.ts';
import { lookAtPlateau, type PlateauReport } from '../../../host/plateau/report.ts';
import { assertGolden } from '../../support/golden.ts';

/** Rows of waves, of some classes. */
function rowsOf(columns: number, classes: readonly string[], rows = 12): Dataset {
  const features = Float64Array.from(
    { length: rows * columns },
    (_, i) => ((i * i * 7 + 3 * i) % 23) / 11 - 0.9,
  );
  const labels = Int32Array.from({ length: rows }, (_, i) => i % classes.length);
  return { features, rows, columns, labels, classes, name: 'waves' };
}

/** Half of the rows are the others turned round. */
function antipodal(): Dataset {
  const set = rowsOf(4, ['up', 'down']);
  const features = set.features.map((value, i) =>
    Math.floor(i / 4) % 2 === 0 ? 1 + 0.1 * value : -1 - 0.1 * value,
  );
  return { ...set, features };
}

interface Looked {
  readonly model: ModelOptions;
  readonly dataset?: Dataset;
  readonly training?: TrainingOptions;
  readonly shots?: number;
  readonly sizes?: boolean;
  readonly nu?: number;
}

const LOOKED: Readonly<Record<string, Looked>> = {
  'what the observable cannot see': {
    model: {
      qubits: 3,
      features: 3,
      layers: 1,
      encoding: 'angle',
      observable: 'z0',
      head: 'none',
      loss: 'mse',
    },
  },
  'all sizes': { model: { qubits: 3, features: 4, layers: 2 }, sizes: true, shots: 50 },
  'noise of its own': {
    model: { qubits: 2, features: 4, layers: 2, observable: 'parity' },
    training: { shots: 20, noise: [{ channel: 'damping', rate: 0.05 }] },
    sizes: true,
  },
  'small angles': {
    model: { qubits: 3, features: 4, layers: 2, initialisation: 'small-angles' },
    nu: 0.2,
    sizes: true,
  },
  'identity blocks': {
    model: { qubits: 2, features: 4, layers: 2, layout: 'mirrored', initialisation: 'identity-blocks' },
  },
  'turned round': { model: { qubits: 2, features: 4, layers: 1 }, dataset: antipodal() },
  'three classes': {
    model: { qubits: 2, features: 4, layers: 1, classes: 3 },
    dataset: rowsOf(4, ['a', 'b', 'c']),
  },
  'a circuit of its own': {
    model: {
      ...{ qubits: 2, features: 1, encoding: 'angle' },
      circuit: [
        { gate: 'ry', qubits: [0], angle: { feature: 0 } },
        { gate: 'rx', qubits: [0], angle: { parameter: 0 } },
        { gate: 'cnot', qubits: [0, 1] },
        { gate: 'rz', qubits: [1], angle: { parameter: 1 } },
      ],
    },
    dataset: rowsOf(1, ['no', 'yes']),
    sizes: true,
  },
};

/** What is all but nothing is a difference of roundings. */
const sixDigits = (_: string, value: unknown) => {
  if (typeof value !== 'number' || Number.isInteger(value)) return value;
  return Math.abs(value) < 1e-12 ? 0 : Number(value.toPrecision(6));
};

/** What a report says, without what the model resolves to. */
function reportText({ model, ...report }: PlateauReport): string {
  const { qubits, layers, encoding, initialisation, circuitParameters } = model;
  const said = { qubits, layers, encoding, initialisation, circuitParameters };
  return Object.entries({ model: said, ...report })
    .map(([name, value]) => `${name}: ${JSON.stringify(value, sixDigits)}\n`)
    .join('');
}

describe('a report on a plateau', () => {
  for (const [name, { model, dataset, training, ...others }] of Object.entries(LOOKED)) {
    test(`of ${name} is as it was looked at`, async () => {
      const options = { model, training, dataset: dataset ?? rowsOf(model.features, ['no', 'yes']) };
      const report = await lookAtPlateau({ options, draws: 20, seed: 3, sizes: false, ...others });
      const file = new URL(`findings/${name.replaceAll(' ', '-')}.txt`, import.meta.url);
      assertGolden(file, reportText(report));
    });
  }

  test('refuses what is no option of it', async () => {
    const options = { model: { qubits: 2, features: 4 }, dataset: rowsOf(4, ['no', 'yes']) };
    const refused: string[] = [];
    for (const asked of [
      ...[undefined, { draws: 19 }, { draws: 1_000_001 }, { draws: 20.5 }, { seed: -1 }, { seed: 2 ** 53 }],
      ...[{ shots: 1 }, { shots: 2 ** 31 + 1 }, { nu: -0.1 }, { nu: 1 }, { nu: '0' }, { radius: 0 }],
      ...[{ radius: Number.NaN }, { sizes: 1 }, { more: 1 }, { options: 7 }],
    ]) {
      const given = asked === undefined ? undefined : { options, ...asked };
      const error: unknown = await lookAtPlateau(given as never).catch((each: unknown) => each);
      assert.ok(error instanceof Error, JSON.stringify(asked));
      refused.push(`${JSON.stringify(asked)}: ${error.message}\n`);
    }
    for (const good of [{ nu: 0 }, { shots: 2 }, { seed: 0 }])
      await lookAtPlateau({ options, draws: 20, sizes: false, ...good });
    assertGolden(new URL('findings/refused.txt', import.meta.url), refused.join(''));
  });
});

describe('advice', () => {
  /** Nothing to complain of. */
  const fine = {
    model: { qubits: 3, layers: 4, encoding: 'angle', initialisation: 'zero', circuitParameters: 9 },
    ...{ shots: 100, floor: 0.005, nu: 0.01 },
    variance: { parameters: 9, active: 9, mean: 0.02 },
    visibility: { of: 'qubits', all: 4, seen: 4, spread: 0.1 },
    pairs: [{ classes: ['a', 'b'], cosine: 0.1, antipodal: false }],
  };
  const stepTest = {
    ...{ shots: 100, change: 0.2, error: 0.1, shotsNeeded: 1234.5, violations: 0.3, exactViolations: 0.1 },
    ...{ turning: 1 / 3, exit: { radius: 1, steps: 1234, remarked: 617 } },
  };
  const cases: Readonly<Record<string, object>> = {
    fine: {},
    'seen by half': { visibility: { of: 'qubits', all: 4, seen: 2, spread: 0.1 } },
    'seen by less than half': { visibility: { of: 'qubits', all: 4, seen: 1, spread: 0.1 } },
    'not seen': { visibility: { of: 'features', all: 4, seen: 0, spread: 0.1 } },
    'the same for all': { visibility: { of: 'qubits', all: 4, seen: 4, spread: 1e-21 } },
    'hardly not the same': { visibility: { of: 'qubits', all: 4, seen: 4, spread: 1e-20 } },
    'nothing to see': { visibility: { of: 'qubits', all: 0, seen: 0, spread: 0 } },
    antipodal: { pairs: [{ classes: ['a', 'b'], cosine: -0.987, antipodal: true }] },
    'outside the cone': { variance: { parameters: 9, active: 7, mean: 0.02 } },
    'in the noise': { variance: { parameters: 9, active: 9, mean: 0.0199 } },
    'in the noise from the usual start': {
      variance: { parameters: 9, active: 9, mean: 0.001 },
      model: { ...fine.model, initialisation: 'uniform' },
    },
    'in the noise without a start': {
      variance: { parameters: 9, active: 9, mean: 0.001 },
      model: { ...fine.model, initialisation: undefined },
    },
    'no derivative': {
      variance: { parameters: 9, active: 9, mean: 0 },
      model: { ...fine.model, initialisation: 'uniform' },
    },
    'far above the noise': { variance: { parameters: 9, active: 9, mean: 5 } },
    'falling with size': { scan: { byQubits: [], byLayers: [], slope: -0.9, crossing: null } },
    'falling below the floor': { scan: { byQubits: [], byLayers: [], slope: -4, crossing: 12 } },
    'falling slowly': { scan: { byQubits: [], byLayers: [], slope: -0.7, crossing: 12 } },
    'no line': { scan: { byQubits: [], byLayers: [], slope: null, crossing: null } },
    'a test that sees': { stepTest },
    'a test that sees noise': { stepTest: { ...stepTest, change: 0.199 } },
    'a test that no shots help': { stepTest: { ...stepTest, change: 0.1, shotsNeeded: null } },
    'uphill on the average': { stepTest: { ...stepTest, violations: 0.34 } },
    'at the turning point': { stepTest: { ...stepTest, violations: 1 / 3 } },
    'at the fixed point': { moment: { before: 1, after: 1e-9, atZero: 1, concentrated: true } },
    'with a bias': { moment: { before: 4, after: 1, atZero: 1, concentrated: false } },
    'noise that counts': { decay: { depths: [], rate: 0.25, layersToFloor: 17 } },
    'noise that never reaches the floor': {
      decay: { depths: [], rate: 0.0101, layersToFloor: null },
      nu: 0.2,
    },
    'noise that is none': { decay: { depths: [], rate: 0.01, layersToFloor: 17 } },
    'noise without a rate': { decay: { depths: [], rate: null, layersToFloor: null } },
  };

  test('is given where it is due', () => {
    const said = Object.entries(cases).map(([what, others]) => {
      const advice = adviceOn({ ...fine, ...others } as unknown as PlateauFindings);
      return [`${what}:\n`, ...advice.map((each) => `  ${each}\n`)].join('');
    });
    assertGolden(new URL('findings/advice.txt', import.meta.url), said.join(''));
  });
});
