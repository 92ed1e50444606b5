/** A look before a training: figures against formulas, against the core, and against what is known of circuits. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { lightCone } from '../../../host/api/light-cone.ts';
import { type ModelOptions, resolveModel } from '../../../host/api/options.ts';
import { expectation } from '../../../host/circuits.ts';
import { type Circuit, type CircuitOperation, NlrError, parseObservable } from '../../../host/index.ts';
import { HostRandom } from '../../../host/data/philox.ts';
import { Derivatives } from '../../../host/plateau/derivatives.ts';
import { firstMoment } from '../../../host/plateau/first-moment.ts';
import { lookAtPlateau } from '../../../host/plateau/report.ts';
import { scanSizes } from '../../../host/plateau/scan.ts';
import { testSteps } from '../../../host/plateau/step-test.ts';
import { gradientVariance, shotFloor } from '../../../host/plateau/variance.ts';
import { classPairs } from '../../../host/plateau/visibility.ts';

/** Rows of two classes, each drawn around the mean of its own. */
function clouds(columns: number, means: readonly (readonly number[])[], rows = 24, spread = 0.2) {
  const random = new HostRandom(7);
  const features = Float64Array.from({ length: rows * columns }, (_, i) => {
    const mean = means[Math.floor(i / columns) % means.length];
    return (mean[i % columns] ?? 0) + spread * (2 * random.uniform() - 1);
  });
  const labels = Int32Array.from({ length: rows }, (_, i) => i % means.length);
  return { features, rows, columns, labels, classes: means.map((_, i) => `c${i}`), name: 'clouds' };
}

const data = clouds(8, [
  [1, 0, 0, 1],
  [0, 1, 1, 0],
]);
const model = (change: Partial<ModelOptions>): ModelOptions => ({
  qubits: 4,
  features: 8,
  layers: 3,
  ...change,
});

describe('Var(df)', () => {
  test('of one turn on one qubit is 1/2', async () => {
    const circuit: Circuit = [
      { gate: 'rx', qubits: [0], angle: { feature: 0, scale: 0 } },
      { gate: 'rx', qubits: [0], angle: { parameter: 0 } },
    ];
    const own = { qubits: 1, features: 1, encoding: 'angle', circuit, observable: 'z0' } as const;
    const { mean, standardError, value } = await gradientVariance(own, clouds(1, [[0], [1]]), {
      ...{ draws: 4000, seed: 3 },
    });
    // f = cos, df = -sin: both have the variance 1/2 over a turn, and their squares deviate by 1/sqrt(8).
    assert.ok(Math.abs(mean - 0.5) < 5 * Math.sqrt(1 / 8 / 4000), `${mean}`);
    assert.ok(Math.abs(value.variance - 0.5) < 5 * Math.sqrt(1 / 8 / 4000));
    assert.ok(Math.abs(standardError / Math.sqrt(1 / 8 / 4000) - 1) < 0.1);
  });

  test('falls by two with every qubit of a deep circuit with a global observable, and not of a local one', async () => {
    const options = { draws: 150, seed: 1, floor: shotFloor(1000) };
    const global = await scanSizes(model({ observable: 'parity', layers: 8 }), data, options);
    const local = await scanSizes(model({ observable: 'z0', layers: 2 }), data, options);
    assert.ok(global?.slope && Math.abs(global.slope + 1) < 0.25, `${global?.slope}`);
    assert.ok(global.crossing !== null && global.crossing > 7 && global.crossing < 13, `${global.crossing}`);
    assert.ok(local?.slope && local.slope > -0.5, `${local?.slope}`);
    assert.equal(local.crossing, null);
    assert.equal(shotFloor(1000), 5e-4);
  });

  test('is smaller with noise, and 0 outside the light cone', async () => {
    const how = { draws: 60, seed: 5 };
    const asked = model({ observable: 'z0', layers: 3 });
    const without = await gradientVariance(asked, data, how);
    const noisy = await gradientVariance(asked, data, {
      ...how,
      noise: [{ channel: 'depolarizing', rate: 0.03 }],
    });
    assert.ok(noisy.mean < 0.8 * without.mean && noisy.mean > 0);
    const { parameters } = lightCone(resolveModel(asked));
    assert.equal(without.active, without.parameters - parameters.unseen.length);
    for (const [d, value] of without.each.entries())
      assert.equal(value === 0, parameters.unseen.includes(d), `parameter ${d}: ${value}`);
  });
});

describe('the light cone', () => {
  for (const change of [
    {},
    { observable: 'z0' },
    { layout: 'qcnn', layers: 2 },
    { observable: 'parity', layers: 1 },
    { entanglerGate: 'cz' },
  ] as const)
    test(`has the parameters that the core has in it: ${JSON.stringify(change)}`, async () => {
      const asked = model(change);
      const { active } = await Derivatives.create(asked, data, 1);
      const { all, unseen } = lightCone(resolveModel(asked)).parameters;
      assert.equal(all.length - unseen.length, active);
    });
});

describe('the first moment', () => {
  const gates: Circuit = [
    { gate: 'h', qubits: [0] },
    { gate: 'ry', qubits: [1], angle: { parameter: 0, scale: 0.5, offset: 0.4 } },
    { gate: 'rxx', qubits: [0, 1], angle: { parameter: 1 } },
    { gate: 'cz', qubits: [1, 2] },
    { gate: 'ryy', qubits: [2, 0], angle: { offset: 1.1 } },
    { gate: 'cnot', qubits: [2, 0] },
    { gate: 'rx', qubits: [2], angle: { parameter: 2, offset: -0.3 } },
    { gate: 'rzz', qubits: [1, 2], angle: { parameter: 3, offset: 0.7 } },
    { gate: 'cnot', qubits: [0, 1] },
    { gate: 'ry', qubits: [0], angle: { parameter: 4, offset: 2 } },
  ];
  const observable = parseObservable('0.3 Z0 X1 + 0.7 Y2 - 0.4 X0 Y1 Z2 + 0.2 Z1');
  const own = (initialisation: ModelOptions['initialisation'], initialScale?: number, circuit = gates) =>
    resolveModel({
      ...{ qubits: 3, features: 8, circuit, observable: [observable], head: 'none', loss: 'mse' },
      ...{ initialisation, initialScale },
    });

  test('is the observable itself where nothing is averaged', async () => {
    const found = firstMoment(own('zero'), new Float64Array(8));
    const weight = 0.3 ** 2 + 0.7 ** 2 + 0.4 ** 2 + 0.2 ** 2;
    assert.ok(found && Math.abs(found.before - weight) < 1e-12 && Math.abs(found.after - weight) < 1e-12);
    const exact = await expectation(gates, observable, [0, 0, 0, 0, 0], undefined, { qubits: 3 });
    assert.ok(Math.abs(found.atZero - exact) < 1e-12, `${found.atZero} and ${exact}`);
  });

  test('is that of many draws', async () => {
    const found = firstMoment(own('small-angles', 1), new Float64Array(8));
    const random = new HostRandom(11);
    const draws = 3000;
    const values: number[] = [];
    for (let i = 0; i < draws; i++) {
      const angles = Array.from({ length: 5 }, () => 2 * random.uniform() - 1);
      values.push(await expectation(gates, observable, angles, undefined, { qubits: 3 }));
    }
    const mean = values.reduce((all, each) => all + each, 0) / draws;
    const deviation = Math.sqrt(values.reduce((all, each) => all + (each - mean) ** 2, 0) / draws);
    assert.ok(
      found && Math.abs(found.atZero - mean) < (5 * deviation) / Math.sqrt(draws),
      `${found?.atZero}, ${mean}`,
    );
    assert.ok(found.after < found.before && !found.concentrated);
  });

  test('says which starts of the built-in circuit are at the fixed point', () => {
    const of = (initialisation: ModelOptions['initialisation'], initialScale?: number) =>
      firstMoment(resolveModel(model({ initialisation, initialScale })), data.features);
    assert.equal(of('uniform')?.concentrated, true);
    for (const start of ['gaussian', 'zero'] as const) assert.equal(of(start)?.concentrated, false, start);
    const [small, wide] = [of('small-angles', 0.1), of('small-angles', 1)];
    assert.ok(small && wide && small.after > wide.after && small.after > 0.5 * small.before);
    const zero = of('zero');
    assert.ok(zero && Math.abs(zero.after - zero.before) < 1e-12);
  });

  test('is not worked out where parameters depend on one another', () => {
    const shared: CircuitOperation[] = [...gates, { gate: 'rx', qubits: [1], angle: { parameter: 0 } }];
    assert.equal(firstMoment(own('uniform', undefined, shared), new Float64Array(8)), undefined);
    const blocks = model({ layout: 'mirrored', layers: 2, initialisation: 'identity-blocks' });
    assert.equal(firstMoment(resolveModel(blocks), data.features), undefined);
  });
});

describe('the data', () => {
  test('are antipodal where the classes are x and -x under amplitude encoding, and nowhere else', () => {
    const resolved = resolveModel(model({}));
    const pair = (means: readonly (readonly number[])[]) => classPairs(resolved, clouds(8, means))[0];
    const opposite = pair([
      [1, 1, 0, 0],
      [-1, -1, 0, 0],
    ]);
    assert.ok(opposite.antipodal && opposite.cosine < -0.9);
    for (const [one, other] of [
      [
        [1, 0],
        [0, 1],
      ],
      [
        [1, 1],
        [1, -1],
      ],
    ])
      assert.equal(pair([one, other]).antipodal, false);
    const angles = resolveModel({ qubits: 8, features: 8, encoding: 'angle' });
    assert.deepEqual(classPairs(angles, data), []);
  });

  test('are not seen by an observable at the other end of a shallow circuit, which the advice says first', async () => {
    const few = clouds(2, [
      [1, 0],
      [0, 1],
    ]);
    const options = (layers: number) => ({
      model: { qubits: 6, features: 2, layers, observable: 'z0', head: 'none', loss: 'mse' } as const,
      ...{ training: { batch: 8 }, dataset: few },
    });
    const blind = await lookAtPlateau({ options: options(1), sizes: false, draws: 20 });
    assert.deepEqual([blind.visibility.seen, blind.visibility.spread < 1e-20], [0, true]);
    assert.match(blind.advice[0], /^your observable cannot see your data: none of 1 qubits/);
    const deep = await lookAtPlateau({ options: options(7), sizes: false, draws: 20 });
    assert.equal(deep.visibility.seen, 1);
    assert.ok(deep.visibility.spread > 1e-6);
  });
});

describe('the test of a step', () => {
  const look = (shots: number, rate: number) =>
    lookAtPlateau({
      options: {
        model: model({ observable: 'z0', head: 'none', loss: 'mse' }),
        ...{ training: { shots, rate, batch: 8 }, dataset: data },
      },
      ...{ sizes: false, draws: 20, seed: 2 },
    });

  test('sees noise with few shots and small steps, and the step with many and large ones', async () => {
    const few = (await look(20, 0.003)).stepTest;
    const many = (await look(100_000, 0.1)).stepTest;
    assert.ok(few && many && few.shotsNeeded && many.shotsNeeded);
    assert.ok(few.change < few.error && few.shotsNeeded > 20);
    assert.ok(many.change > 2 * many.error && many.shotsNeeded < 100_000);
    assert.ok(few.violations > 0.2 && many.violations < 0.2 && few.exactViolations < 0.1);
    assert.equal(few.turning, few.rate / (few.rate + few.negativeRate));
    assert.equal(few.looked, 90);
  });

  test('has the second moment of Theorem 1, and the exit time of independent steps', async () => {
    const { stepTest } = await look(50, 0.01);
    assert.ok(stepTest);
    const { moment, exit, diffusion } = stepTest;
    assert.ok(Math.abs(moment.predicted / moment.measured - 1) < 1e-9, JSON.stringify(moment));
    assert.ok(Math.abs(exit.steps * moment.measured - exit.radius ** 2) < 1e-9);
    assert.ok(Math.abs(exit.remarked * 2 * diffusion.stated - exit.radius ** 2) < 1e-9);
    assert.ok(diffusion.stated > diffusion.descent);
  });
});

test('what cannot be looked at is refused', async () => {
  const options = { model: model({}), dataset: data };
  for (const wrong of [{ draws: 3 }, { radius: 0 }, { nu: 1 }, { shots: 1 }])
    await assert.rejects(lookAtPlateau({ options, ...wrong }), { name: 'OptionError' });
});

describe('what is given from JavaScript', () => {
  const dataset = clouds(4, [[1], [-1]]);
  const asked = { qubits: 2, features: 4, layers: 1 };
  const resolved = resolveModel(asked);
  const how = { draws: 20, seed: 1 };
  const step = { options: { model: asked, dataset }, seeds: 1, steps: 1, seed: 1, radius: 1 };
  const calls: readonly (readonly [
    what: string,
    call: (...given: never[]) => unknown,
    ...given: unknown[],
  ])[] = [
    ['nothing', lookAtPlateau],
    ['null', lookAtPlateau, null],
    ['no options', lookAtPlateau, {}],
    ['no model', lookAtPlateau, { options: { dataset } }],
    ['no data', lookAtPlateau, { options: { model: asked } }],
    ['a training of nothing', lookAtPlateau, { options: { ...step.options, training: null } }],
    ['a pipeline of nothing', lookAtPlateau, { options: { ...step.options, pipeline: null } }],
    ['an unknown option', lookAtPlateau, { options: step.options, start: 3 }],
    ['few draws', lookAtPlateau, { options: step.options, draws: 19 }],
    ['a seed of text', lookAtPlateau, { options: step.options, seed: 'x' }],
    ['no radius', lookAtPlateau, { options: step.options, radius: 0 }],
    ['nu of 1', lookAtPlateau, { options: step.options, nu: 1 }],
    ['nothing', gradientVariance],
    ['no draws', gradientVariance, asked, dataset, { seed: 1 }],
    ['one draw', gradientVariance, asked, dataset, { ...how, draws: 1 }],
    ['no data', gradientVariance, asked, null, how],
    ['noise of text', gradientVariance, asked, dataset, { ...how, noise: 'x' }],
    ['nothing', scanSizes],
    ['no floor', scanSizes, asked, dataset, how],
    ['nothing', testSteps],
    ['no options', testSteps, { ...step, options: undefined }],
    ['no seeds', testSteps, { ...step, seeds: 0 }],
    ['no radius', testSteps, { ...step, radius: Number.NaN }],
    ['nothing', classPairs],
    ['no data', classPairs, resolved],
    ['no model', classPairs, {}, dataset],
    ['nothing', firstMoment],
    ['no features', firstMoment, resolved],
    ['text', shotFloor, 'x'],
    ['no shots', shotFloor, 0],
  ];
  for (const [what, call, ...given] of calls) {
    test(`${call.name}: ${what} is refused in words`, async () => {
      const run = async () => call(...(given as never[]));
      await assert.rejects(
        run,
        (error: Error) => error instanceof NlrError && !error.message.includes('undefined (reading'),
      );
    });
  }
});
