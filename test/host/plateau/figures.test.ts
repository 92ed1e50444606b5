/** The figures of a look at a plateau by formulas of their own, and whole reports of small models. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { expectation } from '../../../host/circuits.ts';
import { type CircuitOperation, parseObservable } from '../../../host/index.ts';
import { lightCone } from '../../../host/api/light-cone.ts';
import { type ModelOptions, resolveModel } from '../../../host/api/options.ts';
import { noiseDecay } from '../../../host/plateau/decay.ts';
import { Derivatives } from '../../../host/plateau/derivatives.ts';
import { firstMoment } from '../../../host/plateau/first-moment.ts';
import { mapOf } from '../../../host/plateau/map.ts';
import { lookAtPlateau, type PlateauOptions } from '../../../host/plateau/report.ts';
import { scanSizes } from '../../../host/plateau/scan.ts';
import { gradientVariance, shotFloor } from '../../../host/plateau/variance.ts';
import { classPairs, visibilityOf } from '../../../host/plateau/visibility.ts';
import { assertGolden, outcomes } from '../../support/golden.ts';

/** Rows of some classes by whole numbers, which every engine has alike. */
function rowsOf(count: number, columns: number, classes = ['no', 'yes'], sign = 1) {
  const labels = Int32Array.from({ length: count }, (_, i) => i % classes.length);
  const features = Float64Array.from({ length: count * columns }, (_, k) => {
    const [row, column] = [Math.floor(k / columns), k % columns];
    const value = column % classes.length === labels[row] ? 1.5 : 0.25 + ((k * 7) % 5) / 16;
    return labels[row] === 1 ? sign * value : value;
  });
  return { features, rows: count, columns, labels, classes, name: 'rows' };
}

const DATA = rowsOf(8, 4);
const MODEL: ModelOptions = { qubits: 2, features: 4, layers: 2 };

/** Five digits, and nothing of rounding alone: angles are by functions of which engines have the last bits otherwise. */
const rounded = (value: unknown) =>
  JSON.stringify(
    value,
    (_, each) =>
      typeof each === 'number' ? (Math.abs(each) < 1e-12 ? 0 : Number(each.toPrecision(5))) : each,
    1,
  ).replaceAll(/[[{][^[\]{}]*[\]}]/g, (list) => list.replaceAll(/\s+/g, ' '));
const close = (found: number | undefined, expected: number, what: string) =>
  assert.ok(
    Math.abs((found ?? Number.NaN) - expected) <= 1e-9 * Math.abs(expected),
    `${what}: ${found}, ${expected}`,
  );
const sum = (values: readonly number[]) => values.reduce((all, each) => all + each, 0);

/** Mean and variance by the sums of values and of squares. */
function momentsOf(values: readonly number[]) {
  const [n, all] = [values.length, sum(values)];
  return { mean: all / n, variance: (sum(values.map((each) => each * each)) - (all * all) / n) / (n - 1) };
}

describe('Var(df)', () => {
  test('is the variance of what is drawn, of each parameter and in the mean', async () => {
    for (const change of [{}, { observable: 'z0', layers: 1 }, { observable: 'all-z' }] as const) {
      const model = { ...MODEL, ...change };
      const found = await gradientVariance(model, DATA, { draws: 12, seed: 5 });
      const derivatives = await Derivatives.create(model, DATA, 5);
      const drawn = Array.from({ length: 12 }, (_, draw) => derivatives.draw(draw));
      const count = found.parameters;
      const each = Array.from({ length: count }, (_, d) =>
        momentsOf(drawn.map(({ gradient }) => gradient[d])),
      );
      each.forEach(({ mean, variance }, d) => {
        close(found.means[d], mean, `mean ${d}`);
        assert.ok(Math.abs(found.each[d] - variance) < 1e-12, `variance ${d}`);
        const t = variance < 1e-15 ? 0 : mean / Math.sqrt(variance / 12);
        assert.ok(Math.abs(found.t[d] - t) < 1e-6, `t ${d}: ${found.t[d]}, ${t}`);
      });
      close(found.mean, sum(each.map(({ variance }) => variance)) / count, 'mean');
      assert.ok(found.active > 0 && found.active <= count);
      close(found.meanActive, sum(each.map(({ variance }) => variance)) / found.active, 'mean of the active');
      const squares = drawn.map(({ gradient }) => sum([...gradient].map((x) => x * x)));
      close(found.gradientSquare, momentsOf(squares).mean, '|grad f|^2');
      const value = momentsOf(drawn.map((one) => one.value));
      close(found.value.mean, value.mean, 'f');
      close(found.value.variance, value.variance, 'Var(f)');
      // Of parts whose mean is less than Var(df) by what the divisor draws - 1 makes of it.
      const parts = drawn.map(
        ({ gradient }) => sum(each.map(({ mean }, d) => (gradient[d] - mean) ** 2)) / count,
      );
      const spread = sum(parts.map((part) => (part - found.mean) ** 2)) / 11;
      close(found.standardError, Math.sqrt(spread / 12), 'standard error');
      assert.deepEqual([found.qubits, found.draws], [2, 12]);
    }
    assert.deepEqual([1, 2, 1000].map(shotFloor), [0.5, 0.25, 0.0005]);
  });

  test('by sizes has the slope of a line, and is below the floor from where that line is', async () => {
    for (const [change, floor] of [
      [{ observable: 'parity', layers: 3 }, 0.01],
      [{ observable: 'parity', layers: 3 }, 0.9],
      [{ observable: 'z0', layers: 1 }, 0.01],
    ] as const) {
      const scan = await scanSizes({ ...MODEL, ...change }, DATA, { draws: 20, seed: 2, floor });
      assert.ok(scan);
      const points = scan.byQubits.filter(({ mean }) => mean > 0);
      const [x, y] = [points.map(({ qubits }) => qubits), points.map(({ mean }) => Math.log2(mean))];
      const n = points.length;
      const dot = (a: readonly number[], b: readonly number[]) => sum(a.map((each, i) => each * b[i]));
      const slope = (n * dot(x, y) - sum(x) * sum(y)) / (n * dot(x, x) - sum(x) ** 2);
      close(scan.slope ?? Number.NaN, slope, 'slope');
      const from = Math.ceil((Math.log2(floor) - (sum(y) - slope * sum(x)) / n) / slope);
      assert.equal(scan.crossing, slope < -0.7 ? Math.max(1, from) : null);
    }
    const texts = [];
    for (const [what, model] of Object.entries({
      'layers of angles': { qubits: 3, features: 4, layers: 1, encoding: 'angle', reuploads: 1 },
      'a pooling circuit': { qubits: 4, features: 4, layout: 'qcnn', layers: 2 },
      'many layers': { qubits: 2, features: 2, layers: 5, observable: 'parity' },
    } satisfies Record<string, ModelOptions>)) {
      const scan = await scanSizes(model, rowsOf(4, model.features), { draws: 20, seed: 2, floor: 1e-3 });
      texts.push(`${what}\n${rounded(scan)}\n`);
    }
    // Two more qubits than the model has, but not beyond twelve.
    for (const [qubits, widths] of [
      [9, [2, 3, 4, 6, 8, 9, 10, 11]],
      [12, [2, 3, 4, 6, 8, 10, 12]],
    ] as const) {
      const model = { ...MODEL, qubits, layers: 1, observable: 'z0' } as const;
      const scan = await scanSizes(model, DATA, { draws: 20, seed: 2, floor: 1 });
      assert.deepEqual(
        scan?.byQubits.map((size) => size.qubits),
        widths,
      );
    }
    assertGolden(new URL('scan.txt', import.meta.url), texts.join('\n'));
    const circuit = [{ gate: 'rx', qubits: [0], angle: { parameter: 0 } }] as const;
    const own = { qubits: 1, features: 1, encoding: 'angle', circuit, observable: 'z0' } as const;
    assert.equal(await scanSizes(own, rowsOf(4, 1), { draws: 20, seed: 1, floor: 1 }), undefined);
  });

  test('with noise falls by a rate through no layers, to the floor at some number of them', async () => {
    const noise = [{ channel: 'depolarizing', rate: 0.05 }] as const;
    const how = { noise, draws: 20, seed: 3 };
    const texts: string[] = [];
    for (const [layers, floor] of [
      [2, 1e-3],
      [3, 1e-3],
      [1, 0.5],
      [1, 1e-30],
    ]) {
      const decay = await noiseDecay({ ...MODEL, layers }, DATA, { ...how, floor });
      assert.ok(decay);
      const { depths, rate, layersToFloor } = decay;
      assert.deepEqual(
        depths.map((depth) => depth.layers),
        layers === 3 ? [1, 2, 3, 6] : layers === 2 ? [1, 2, 4] : [1, 2],
      );
      const ratios = depths.map(({ layers: l, noiseless, noisy }) => l * Math.log(noisy / noiseless));
      close(rate ?? Number.NaN, -sum(ratios) / sum(depths.map((depth) => depth.layers ** 2)), 'rate');
      const left = Math.log((depths.at(-1)?.noiseless ?? 0) / floor) / (rate ?? Number.NaN);
      assert.equal(layersToFloor, left < 1000 ? Math.max(1, Math.ceil(left)) : null);
      texts.push(rounded(decay));
    }
    const wide = { ...MODEL, qubits: 8, observable: 'z0' } as const;
    assert.equal(await noiseDecay(wide, DATA, { ...how, floor: 1 }), undefined);
    assert.ok(await noiseDecay({ ...wide, qubits: 7, layers: 1 }, DATA, { ...how, draws: 2, floor: 1 }));
    // Starts and rows that are all alike have no variance, whose logarithm there is none of.
    const alike = { ...DATA, features: new Float64Array(32).fill(1) };
    const same = { ...MODEL, observable: 'z0', initialisation: 'zero' } as const;
    const none = await noiseDecay(same, alike, { ...how, draws: 2, floor: 1 });
    assert.deepEqual([none?.rate, none?.layersToFloor, none?.depths.length], [null, null, 3]);
    assert.ok(none?.depths.every(({ noiseless, noisy }) => noiseless === 0 && noisy === 0));
    assertGolden(new URL('decay.txt', import.meta.url), `${texts.join('\n')}\n`);
  });
});

describe('seeing', () => {
  test('has every gate in its place, and whether it is seen', () => {
    const resolved = resolveModel({
      ...{ qubits: 4, features: 2, encoding: 'angle', observable: [parseObservable('Z1')] },
      circuit: [
        { gate: 'rx', qubits: [0], angle: { feature: 0 } },
        { gate: 'rx', qubits: [3], angle: { feature: 1 } },
        { gate: 'cnot', qubits: [0, 2] },
        { gate: 'ry', qubits: [1], angle: { parameter: 0 } },
        { gate: 'ry', qubits: [3], angle: { parameter: 1 } },
        { gate: 'cnot', qubits: [2, 1] },
        { gate: 'h', qubits: [0] },
      ],
    });
    const map = mapOf(resolved, lightCone(resolved));
    assert.deepEqual([map.qubits, map.columns], [4, 4]);
    assert.deepEqual(
      map.gates.map(({ gate, qubits, column, seen, ...turn }) =>
        [gate, ...qubits, 'at', column, seen ? 'seen' : 'unseen', JSON.stringify(turn)].join(' '),
      ),
      [
        'rx 0 at 0 seen {"feature":0}',
        'rx 3 at 0 unseen {"feature":1}',
        'cnot 0 2 at 1 seen {}',
        'ry 1 at 2 seen {"parameter":0}',
        'ry 3 at 1 unseen {"parameter":1}',
        'cnot 2 1 at 3 seen {}',
        'h 0 at 2 unseen {}',
      ],
    );
    assert.deepEqual(mapOf({ ...resolved, circuit: [] }, lightCone(resolved)), {
      ...{ qubits: 4, columns: 0, gates: [] },
    });
  });

  test('of data is of as many qubits or features as the light cone has', async () => {
    const texts: string[] = [];
    const cases: readonly ModelOptions[] = [
      { ...MODEL, qubits: 4, observable: 'z0', layers: 1 },
      { ...MODEL, qubits: 4, observable: 'z0', layers: 3 },
      { ...MODEL, qubits: 4, features: 5, observable: [parseObservable('Z3')], layers: 1 },
      { ...MODEL, qubits: 4, features: 1, observable: 'z0', layers: 3 },
      { qubits: 3, features: 3, encoding: 'angle', layers: 1, reuploads: 1, observable: 'z0' },
      { qubits: 3, features: 3, encoding: 'angle', layers: 1, reuploads: 1 },
    ];
    for (const model of cases) {
      const derivatives = await Derivatives.create(model, rowsOf(30, model.features), 4);
      texts.push(`${JSON.stringify(model)}\n${rounded(visibilityOf(derivatives))}`);
      assert.equal(derivatives.rows, 30);
    }
    assertGolden(new URL('visibility.txt', import.meta.url), `${texts.join('\n')}\n`);
  });

  test('classes apart goes by the cosine of their means and by overlaps', () => {
    const resolved = resolveModel(MODEL);
    const pairs = {
      'two classes': () => classPairs(resolved, DATA),
      'two classes, one of them turned over': () => classPairs(resolved, rowsOf(8, 4, undefined, -1)),
      'three classes': () => classPairs(resolved, rowsOf(9, 4, ['a', 'b', 'c'])),
      'one row of a class': () => classPairs(resolved, rowsOf(3, 4)),
      'a class without a row': () => classPairs(resolved, { ...DATA, classes: ['no', 'yes', 'none'] }),
      'rows of which more than enough are alike': () => classPairs(resolved, rowsOf(140, 4)),
      'numbers to predict': () =>
        classPairs(resolved, { ...DATA, classes: [], targets: new Float64Array(8) }),
      angles: () => classPairs(resolveModel({ ...MODEL, qubits: 4, encoding: 'angle' }), DATA),
      'rows that are x and -x': () =>
        classPairs(resolved, {
          ...{ rows: 4, columns: 2, labels: Int32Array.of(0, 0, 1, 1), classes: ['a', 'b'], name: 'x' },
          features: Float64Array.of(3, 4, 4, 3, -3, -4, -4, -3),
        }),
      'rows whose mean is 0': () =>
        classPairs(resolved, {
          ...{ rows: 3, columns: 2, labels: Int32Array.of(0, 0, 1), classes: ['a', 'b'], name: 'x' },
          features: Float64Array.of(3, 4, -3, -4, 1, 0),
        }),
    };
    const texts = Object.entries(pairs).map(([what, call]) => `${what}\n${rounded(call())}\n`);
    assertGolden(new URL('pairs.txt', import.meta.url), texts.join(''));
  });
});

test('the start on the average is what each initialisation leaves of an observable', () => {
  const texts = (['uniform', 'gaussian', 'small-angles', 'zero', 'identity-blocks'] as const).flatMap(
    (initialisation) =>
      [
        {},
        { observable: 'parity' },
        { encoding: 'angle', qubits: 4, reuploads: 1 },
        { entanglerGate: 'cz' },
      ].map((change) => {
        const layout = initialisation === 'identity-blocks' ? { layout: 'mirrored' } : {};
        const model = { ...MODEL, initialisation, ...layout, ...change } as ModelOptions;
        return `${JSON.stringify(model)}\n${rounded(firstMoment(resolveModel(model), DATA.features) ?? null)}\n`;
      }),
  );
  assertGolden(new URL('start.txt', import.meta.url), texts.join(''));
});

test('a start that is fixed answers as the circuit does, whatever string is looked at through whatever gate', async () => {
  const turn = (gate: string, qubits: readonly number[], offset: number) =>
    ({ gate, qubits, angle: { offset } }) as unknown as CircuitOperation;
  const before = [turn('ry', [0], 0.7), turn('rx', [1], 1.1), turn('rz', [0], 0.4), turn('ryy', [0, 1], 0.9)];
  const after = [
    turn('rx', [0], 0.3),
    turn('rxx', [1, 0], 0.8),
    turn('rz', [1], 2.1),
    turn('rzz', [0, 1], 0.6),
  ];
  const strings = ['', 'X', 'Y', 'Z'].flatMap((a) =>
    ['', 'X', 'Y', 'Z'].flatMap(
      (b) => [a && `${a}0`, b && `${b}1`].filter((text) => text !== '').join(' ') || [],
    ),
  );
  assert.equal(strings.length, 15);
  for (const between of [
    { gate: 'cnot', qubits: [0, 1] },
    { gate: 'cnot', qubits: [1, 0] },
    { gate: 'cz', qubits: [0, 1] },
    { gate: 'h', qubits: [1] },
  ] as const) {
    const free = { gate: 'rx', qubits: [0], angle: { parameter: 0, offset: 0.5 } } as const;
    const circuit = [free, ...before, between, ...after];
    for (const string of strings) {
      const observable = parseObservable(string);
      const resolved = resolveModel({
        ...{ qubits: 2, features: 4, circuit, observable: [observable], initialisation: 'zero' },
      });
      const exact = await expectation(circuit, observable, [0], undefined, { qubits: 2 });
      const found = firstMoment(resolved, DATA.features);
      assert.ok(Math.abs((found?.atZero ?? 9) - exact) < 1e-12, `${JSON.stringify(between)} ${string}`);
      assert.ok(Math.abs((found?.after ?? 9) - 1) < 1e-12, string);
    }
  }
});

describe('a whole look', () => {
  test('is all of it, from one seed', async () => {
    const looks: Readonly<Record<string, PlateauOptions>> = {
      'amplitudes, with other sizes': { options: { model: MODEL, dataset: DATA }, draws: 50, seed: 3 },
      'shots of the training, noise of the training': {
        options: {
          ...{ model: { ...MODEL, observable: 'z0', head: 'none', loss: 'mse' }, dataset: DATA },
          training: { shots: 40, rate: 0.3, batch: 4, noise: [{ channel: 'dephasing', rate: 0.02 }] },
        },
        ...{ draws: 20 },
      },
      'shots, radius and rate that were asked for': {
        options: { model: MODEL, dataset: DATA, training: { shots: 'exact' } },
        ...{ shots: 30, draws: 20, radius: 0.5, nu: 0.25, sizes: false },
      },
      'a model for each class': {
        options: {
          ...{ model: { ...MODEL, head: 'none', loss: 'mse' }, dataset: rowsOf(9, 4, ['a', 'b', 'c']) },
          oneVsRest: true,
        },
        ...{ draws: 20, sizes: false },
      },
    };
    const texts: string[] = [];
    for (const [what, options] of Object.entries(looks)) {
      const { model, map, ...found } = await lookAtPlateau(options);
      const { qubits, layers, circuitParameters } = model;
      texts.push(
        `${what}\n${rounded({ qubits, layers, circuitParameters, columns: map.columns, ...found })}\n`,
      );
    }
    assertGolden(new URL('report.txt', import.meta.url), texts.join('\n'));
  });

  test('is refused in words where it cannot be', async () => {
    const options = { model: MODEL, dataset: DATA };
    const run = async (change: object): Promise<() => unknown> => {
      const given = { options, draws: 20, sizes: false, ...change } as PlateauOptions;
      return lookAtPlateau(given).then(
        ({ nu, shots, variance: { draws } }) =>
          () => [nu, shots, draws],
        (error: unknown) => () => {
          throw error;
        },
      );
    };
    const changes: readonly object[] = [
      ...[
        {},
        { nu: 0 },
        { nu: 0.99 },
        { nu: 1 },
        { nu: -0.1 },
        { nu: '0' },
        { draws: 19 },
        { draws: 1e6 + 1 },
      ],
      ...[{ draws: 20.5 }, { seed: -1 }, { seed: 0 }, { seed: 2 ** 53 }, { shots: 1 }, { shots: 2 }],
      ...[{ shots: 2 ** 20 }, { shots: 2 ** 20 + 1 }, { shots: 'exact' }, { radius: 0 }, { radius: 1e-9 }],
      ...[
        { radius: Number.POSITIVE_INFINITY },
        { sizes: 1 },
        { speed: 1 },
        { options: null },
        { options: {} },
      ],
      ...[{ options: { ...options, training: { rate: -1 } } }, { options: { ...options, model: {} } }],
    ];
    const name = (change: object) =>
      JSON.stringify(change, (_, value) =>
        value === Number.POSITIVE_INFINITY ? 'Infinity' : value === DATA ? 'rows' : value,
      );
    const calls: Record<string, () => unknown> = {};
    for (const change of changes) calls[name(change)] = await run(change);
    assertGolden(new URL('refusals.txt', import.meta.url), outcomes(calls));
  });
});
