/** How circuits' parameters start. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { normal } from '../../../host/api/initialise.ts';
import { HostRandom } from '../../../host/data/philox.ts';
import { type ModelOptions, resolveModel, Trainer } from '../../../host/index.ts';
import { ensureBuilt } from '../../support/built.mjs';
import { finish, rowsOf } from '../../support/host-data.ts';
import { oracleModel } from '../../support/host-oracle.ts';
import * as oracle from '../../support/oracle/index.ts';
import { assertChiSquared, assertMean, variance } from '../../support/statistics.ts';

/** Seeds of all draws here, for whoever wants to see another one. */
const SEED = 20;

const dataset = rowsOf(['no', 'yes']);
const START = { qubits: 4, features: 3 };

/** Parameters as a trainer starts. */
async function started(model: ModelOptions, seed = SEED, wasm?: Uint8Array): Promise<number[]> {
  const training = { steps: 1, seed };
  return Array.from((await Trainer.create({ model, training, dataset, wasm })).parameters);
}

/** Those of the circuit alone, of many seeds. */
async function many(model: ModelOptions, runs: number): Promise<number[]> {
  const { circuitParameters } = resolveModel(model);
  const all: number[][] = [];
  for (let seed = SEED; seed < SEED + runs; seed++)
    all.push((await started(model, seed)).slice(0, circuitParameters));
  return all.flat();
}

/** The standard normal distribution, from below, by Simpson's rule. */
function below(x: number): number {
  const parts = 2000;
  const step = x / parts;
  const density = (t: number) => Math.exp((-t * t) / 2) / Math.sqrt(2 * Math.PI);
  let sum = density(0) + density(x);
  for (let i = 1; i < parts; i++) sum += (i % 2 === 1 ? 4 : 2) * density(i * step);
  return 0.5 + (sum * step) / 3;
}

/** Draws are N(0, 1). */
function assertNormal(draws: readonly number[], what: string): void {
  const edges = Array.from({ length: 33 }, (_, i) => -4 + i / 4);
  const counts = Array.from({ length: 34 }, () => 0);
  for (const draw of draws) counts[edges.filter((edge) => draw >= edge).length]++;
  const cumulative = [0, ...edges.map(below), 1];
  const probabilities = cumulative.slice(1).map((p, i) => p - cumulative[i]);
  assertChiSquared(counts, probabilities, what);
  assertMean(draws, 0, what);
  assertMean(
    draws.map((draw) => draw * draw),
    1,
    `${what}: squares`,
  );
}

/** Draws are uniform over [-half, half]. */
function assertUniform(draws: readonly number[], half: number, what: string): void {
  const counts = Array.from({ length: 20 }, () => 0);
  for (const draw of draws) {
    assert.ok(Math.abs(draw) <= half, `${what}: ${draw}`);
    counts[Math.min(19, Math.floor((10 * (draw + half)) / half))]++;
  }
  assertChiSquared(
    counts,
    counts.map(() => 1 / 20),
    what,
  );
}

describe('a normal draw', () => {
  test('has the distribution of its name', () => {
    const random = new HostRandom(SEED);
    assertNormal(
      Array.from({ length: 100_000 }, () => normal(random)),
      `N(0, 1), seed ${SEED}`,
    );
  });

  test('is not the one before', () => {
    const random = new HostRandom(SEED);
    const pairs = Array.from({ length: 20_000 }, () => normal(random) * normal(random));
    assertMean(pairs, 0, `products of two draws, seed ${SEED}`);
  });
});

describe('parameters', () => {
  test('start uniform unless something else is said, with the bits that they always had', async () => {
    const plain = await started(START);
    assert.deepEqual(await started({ ...START, initialisation: 'uniform' }), plain);
    assertUniform(await many({ ...START, layers: 5 }, 60), Math.PI, `uniform, seeds from ${SEED}`);
    // The core's own stream, purpose 0.
    const stream = new oracle.Stream([SEED, 0], [0, 0, oracle.INITIALISE_PURPOSE]);
    for (const value of plain.slice(0, 60))
      assert.ok(Math.abs(value - (2 * oracle.uniform53(stream) - 1) * Math.PI) < 1e-15);
  });

  const gaussians: readonly (readonly [Partial<ModelOptions>, strings: number, layers: number])[] = [
    [{ layers: 5 }, 1, 5],
    [{ layers: 10, observable: 'parity' }, 4, 10],
    [{ layers: 6, observable: 'mean-z', entangler: 'ring', entanglerGate: 'cz' }, 1, 6],
    [{ layers: 4, layout: 'mirrored', observable: [[{ pauli: 'Z0 Y2', coefficient: 3 }]] }, 2, 4],
  ];
  for (const [options, strings, layers] of gaussians)
    test(`gaussian have the variance 1 / (4 S (L + 2)) of S = ${strings}, L = ${layers}`, async () => {
      const draws = await many({ ...START, ...options, initialisation: 'gaussian' }, 60);
      const deviation = Math.sqrt(1 / (4 * strings * (layers + 2)));
      assertNormal(
        draws.map((draw) => draw / deviation),
        `gaussian, seeds from ${SEED}`,
      );
    });

  test('gaussian have the standard deviation that is asked for, on a QCNN too', async () => {
    const model = { ...START, layout: 'qcnn', initialisation: 'gaussian', initialScale: 0.25 } as const;
    const draws = await many(model, 40);
    assertNormal(
      draws.map((draw) => 4 * draw),
      `gaussian, seeds from ${SEED}`,
    );
  });

  test('at small angles are uniform in a small interval', async () => {
    const small = { ...START, initialisation: 'small-angles' } as const;
    assertUniform(await many(small, 60), 0.1, `small angles, seeds from ${SEED}`);
    const draws = await many({ ...small, initialScale: 0.02 }, 60);
    assertUniform(draws, 0.02, `small angles, seeds from ${SEED}`);
    assert.ok(variance(draws) < 0.02 ** 2 / 2);
  });

  test('at zero are zero, and a head is drawn as always', async () => {
    const { circuitParameters } = resolveModel(START);
    const [zero, plain] = [await started({ ...START, initialisation: 'zero' }), await started(START)];
    assert.deepEqual(
      zero.slice(0, circuitParameters),
      Array.from({ length: circuitParameters }, () => 0),
    );
    assert.deepEqual(zero.slice(circuitParameters), plain.slice(circuitParameters));
  });

  const blocks: readonly Partial<ModelOptions>[] = [
    { layers: 2 },
    { layers: 6 },
    { layers: 8, mirrorDepth: 2, entangler: 'ring' },
    { layers: 6, mirrorDepth: 3, entangler: 'all-to-all', entanglerGate: 'cz' },
    { layers: 4, correlated: true },
    { layers: 4, encoding: 'angle', reuploads: 2 },
  ];
  for (const options of blocks)
    test(`in identity blocks, ${JSON.stringify(options)}, make every block the identity`, async () => {
      const mirrored = {
        ...START,
        layout: 'mirrored',
        initialisation: 'identity-blocks',
        ...options,
      } as const;
      const resolved = resolveModel(mirrored);
      const theta = await started(mirrored);
      const { operations, ...model } = oracleModel(resolved);
      const trained = operations.filter(({ source }) => source !== 2);
      const block = trained.length / ((options.layers ?? 1) / (2 * (options.mirrorDepth ?? 1)));
      for (let from = 0; from < trained.length; from += block) {
        const part = { ...model, operations: trained.slice(from, from + block) };
        const unitary = oracle.circuitMatrix(part, theta, [0, 0, 0]);
        const distance = oracle.distance(unitary, oracle.identity(2 ** resolved.qubits));
        assert.ok(distance < 1e-12, `block at ${from}: ${distance}`);
      }
      // The half that is drawn is that of a start without blocks.
      const drawn = await started({ ...mirrored, initialisation: 'uniform' });
      const width = resolved.circuitParameters / (options.layers ?? 1);
      for (let layer = 0; layer < (options.layers ?? 1); layer++) {
        const isForward = layer % (2 * (options.mirrorDepth ?? 1)) < (options.mirrorDepth ?? 1);
        const own = (values: number[]) => values.slice(layer * width, (layer + 1) * width);
        if (isForward) assert.deepEqual(own(theta), own(drawn));
      }
    });

  test('in identity blocks are uniform, and no two seeds the same', async () => {
    const model = { ...START, layout: 'mirrored', initialisation: 'identity-blocks' } as const;
    assertUniform(await many(model, 60), Math.PI, `identity blocks, seeds from ${SEED}`);
    assert.notDeepEqual(await started(model, 1), await started(model, 2));
  });

  test('are the same in every build of the same precision, and rounded in the others', async () => {
    const read = (name: string) => {
      ensureBuilt(`build/${name}`);
      return readFileSync(new URL(`../../../build/${name}`, import.meta.url));
    };
    const layout = 'mirrored';
    for (const initialisation of ['gaussian', 'small-angles', 'identity-blocks', 'zero'] as const) {
      const model = { ...START, layout, initialisation } as const;
      const release = await started(model);
      assert.deepEqual(await started(model, SEED, read('core.device.wasm')), release);
      const single = await started(model, SEED, read('core.device-f32.wasm'));
      single.forEach((value, i) => assert.ok(Math.abs(value - release[i]) <= 2e-6, `${initialisation} ${i}`));
    }
  });

  test('differ from model to model of one against the rest', async () => {
    const three = rowsOf(['a', 'b', 'c']);
    const model = { ...START, initialisation: 'gaussian' } as const;
    const trainer = await Trainer.create({ model, training: { steps: 1 }, dataset: three, oneVsRest: true });
    const [first, second] = trainer.modelParameters.map((values) => Array.from(values));
    assert.notDeepEqual(first, second);
  });

  test('of a checkpoint are not drawn again', async () => {
    const model = { ...START, initialisation: 'gaussian' } as const;
    const options = { model, training: { steps: 4, shots: 10 }, dataset };
    const whole = await finish(await Trainer.create(options));
    const first = await finish(await Trainer.create(options), 2);
    const rest = await finish(await Trainer.resume(first.checkpoint(), { dataset }));
    assert.equal(rest.trace, whole.trace);
  });

  test('that start gaussian see a slope where uniform ones see a plateau', async () => {
    const deep = {
      qubits: 8,
      features: 3,
      layers: 16,
      observable: 'mean-z',
      head: 'none',
      loss: 'mse',
    } as const;
    const slope = async (model: ModelOptions) => {
      const training = { rule: 'sgd', steps: 1, seed: SEED } as const;
      const trainer = await finish(await Trainer.create({ model, training, dataset }));
      return trainer.report?.gradientNorm.observable ?? 0;
    };
    const [uniform, gaussian] = [await slope(deep), await slope({ ...deep, initialisation: 'gaussian' })];
    assert.ok(gaussian > 2 * uniform, `gaussian ${gaussian}, uniform ${uniform}, seed ${SEED}`);
  });
});

describe('options of a start', () => {
  const bad: readonly (readonly [Partial<ModelOptions>, RegExp])[] = [
    [{ initialisation: 'xavier' as never }, /^initialisation is "xavier"; expected one of uniform, gaussian/],
    [{ initialisation: 'identity-blocks' }, /^the initialisation identity-blocks needs the layout mirrored$/],
    [{ initialScale: 0.1 }, /^the initialisation uniform has no initialScale$/],
    [{ initialisation: 'zero', initialScale: 0.1 }, /^the initialisation zero has no initialScale$/],
    [{ initialisation: 'gaussian', initialScale: 4 }, /^initialScale is 4; expected a number from 0 to 3.14/],
    [{ initialisation: 'small-angles', initialScale: Number.NaN }, /^initialScale is NaN/],
    [{ initialisation: 'small-angles', initialScale: '1' as never }, /^initialScale is "1"/],
    [{ initialisation: 'gaussian', layout: 'qcnn' }, /^gaussian without layers needs an initialScale$/],
  ];
  for (const [options, message] of bad)
    test(`${JSON.stringify(options)} are refused`, () => {
      assert.throws(() => resolveModel({ ...START, ...options }), { name: 'OptionError', message });
    });
});
