/** The QDataSet: the qubit against given matrices and dense ones, its noise against exact means. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HostRandom } from '../../../../host/data/philox.ts';
import { addRotation, drawPulses, waveform } from '../../../../host/data/sets/qdataset-evolution.ts';
import { type Noise, NOISES, noiseSource, STEPS } from '../../../../host/data/sets/qdataset-noise.ts';
import { noiselessExpectations, qdataset } from '../../../../host/data/sets/qdataset.ts';

const PULSES = { amplitudes: [50, -30, 80, -60, 20], times: [0.12, 0.29, 0.46, 0.63, 0.8] };

/** Rows X, Y, Z, columns after +x, +y, +z, from the published equations. */
const GIVEN = {
  gaussian: [
    ...[0.6950183, -0.71641933, 0.06076928],
    ...[-0.00701889, -0.09127666, -0.99580084],
    ...[0.71895779, 0.69167327, -0.06846742],
  ],
  square: [
    ...[0.85219396, -0.52245394, -0.02841369],
    ...[0.11500753, 0.24001655, -0.96393222],
    ...[0.51042994, 0.81818943, 0.26462679],
  ],
} as const;

for (const [shape, expected] of Object.entries(GIVEN)) {
  test(`qdataset: the given matrix of ${shape} pulses`, () => {
    const found = noiselessExpectations(waveform(PULSES, shape as keyof typeof GIVEN));
    expected.forEach((value, i) => assert(Math.abs(found[i] - value) < 1e-8, `${i}: ${found[i]}`));
  });
}

/** A complex 2 x 2 matrix: real and imaginary part of each entry, row by row. */
type Matrix = readonly (readonly [number, number])[];

function times(a: Matrix, b: Matrix): Matrix {
  return [0, 1, 2, 3].map((at) => {
    const [i, j] = [at >> 1, at & 1];
    let [re, im] = [0, 0];
    for (const k of [0, 1]) {
      const [[x, y], [u, v]] = [a[2 * i + k], b[2 * k + j]];
      re += x * u - y * v;
      im += x * v + y * u;
    }
    return [re, im] as const;
  });
}

const dagger = (a: Matrix): Matrix => [0, 2, 1, 3].map((at) => [a[at][0], -a[at][1]] as const);
const PAULI: readonly Matrix[] = [
  [
    [0, 0],
    [1, 0],
    [1, 0],
    [0, 0],
  ],
  [
    [0, 0],
    [0, -1],
    [0, 1],
    [0, 0],
  ],
  [
    [1, 0],
    [0, 0],
    [0, 0],
    [-1, 0],
  ],
];

/** exp(-i (x X + y Y + z Z)) by its series, term by term. */
function exponential(h: readonly number[]): Matrix {
  const generator: Matrix = [0, 1, 2, 3].map((at) => {
    const [re, im] = [0, 1].map((part) => h.reduce((sum, value, k) => sum + value * PAULI[k][at][part], 0));
    return [im, -re] as const;
  });
  let term: Matrix = [
    [1, 0],
    [0, 0],
    [0, 0],
    [1, 0],
  ];
  let sum = term;
  for (let n = 1; n < 40; n++) {
    term = times(term, generator).map(([re, im]) => [re / n, im / n] as const);
    sum = sum.map(([re, im], at) => [re + term[at][0], im + term[at][1]] as const);
  }
  return sum;
}

test('qdataset: pulses and noise on all axes, against dense matrices; also angles beyond the series', () => {
  const random = new HostRandom(2);
  for (const size of [1, 40, 3000]) {
    const draw = () => Float64Array.from({ length: STEPS }, () => size * (random.uniform() - 0.5));
    const drive = { x: draw(), y: draw(), noiseX: draw(), noiseZ: draw() };
    const found = new Float64Array(9);
    addRotation(drive, found);
    let u: Matrix = [
      [1, 0],
      [0, 0],
      [0, 0],
      [1, 0],
    ];
    for (let j = 0; j < STEPS; j++) {
      const h = [drive.x[j] + drive.noiseX[j], drive.y[j], 12 + drive.noiseZ[j]];
      u = times(exponential(h.map((value) => value / 2 / STEPS)), u);
    }
    for (let i = 0; i < 3; i++) {
      for (let j = 0; j < 3; j++) {
        const product = times(PAULI[i], times(u, times(PAULI[j], dagger(u))));
        const expected = (product[0][0] + product[3][0]) / 2;
        assert(Math.abs(found[3 * i + j] - expected) < 1e-11, `${size} ${i} ${j}`);
      }
    }
  }
});

test('qdataset: pulses keep apart and within the time', () => {
  const random = new HostRandom(1);
  for (let trial = 0; trial < 200; trial++) {
    const { amplitudes, times } = drawPulses(random);
    assert(amplitudes.every((amplitude) => Math.abs(amplitude) <= 100));
    times.forEach((time, k) => {
      assert(time - (times[k - 1] ?? -0.05) >= 0.1);
      assert(time <= 0.95);
    });
  }
});

/** Spectral densities at whole frequencies. */
const DENSITIES = {
  N1: (f: number) => (f <= 15 ? 1 / (f + 1) : 1 / 16) + Math.exp(-((f - 30) ** 2) / 50) / 2,
  N5: (f: number) => 1 / (f + 1),
};

/** E[b_j], E[b_j^2] by the formulas. */
function momentsOf(noise: Noise, j: number): { mean: number; square: number; fourth: number } {
  if (noise === 'N1' || noise === 'N5') {
    const fading = 2 * Math.cos((Math.PI * j) / STEPS);
    let square = 0;
    for (let f = 0; f < STEPS / 2; f++) square += (DENSITIES[noise](f) / 2) * fading ** 2;
    return { mean: 0, square, fourth: 3 * square ** 2 };
  }
  const swell = 1 - 2 * Math.abs((j + 0.5) / STEPS - 0.5);
  if (noise === 'N4') {
    const variance = (STEPS / 4) * swell ** 2;
    return { mean: 0.01 * variance, square: 3e-4 * variance ** 2, fourth: 105e-8 * variance ** 4 };
  }
  const scale = noise === 'N2' ? 0.1 : 0.2 * swell;
  const square = (STEPS / 4) * scale ** 2;
  return { mean: 0, square, fourth: 3 * square ** 2 };
}

for (const noise of NOISES.filter((each) => each !== 'N6')) {
  test(`qdataset: the mean and the mean square of ${noise} at some times`, () => {
    const source = noiseSource(noise, new HostRandom(5, 1));
    const out = new Float64Array(STEPS);
    const at = [0, 100, 511, 700, 1023];
    const count = 1500;
    const sums = at.map(() => [0, 0]);
    for (let k = 0; k < count; k++) {
      source(out, undefined);
      at.forEach((j, i) => {
        sums[i][0] += out[j];
        sums[i][1] += out[j] ** 2;
      });
    }
    at.forEach((j, i) => {
      const { mean, square, fourth } = momentsOf(noise, j);
      const [found, foundSquare] = sums[i].map((sum) => sum / count);
      assert(
        Math.abs(found - mean) <= 5 * Math.sqrt((square - mean ** 2) / count),
        `mean at ${j}: ${found} ${mean}`,
      );
      assert(
        Math.abs(foundSquare - square) <= 5 * Math.sqrt((fourth - square ** 2) / count),
        `square at ${j}: ${foundSquare} ${square}`,
      );
    });
  });
}

test('qdataset: a realisation of N1 and of N5 is the sum of cosines that it is said to be', () => {
  for (const noise of ['N1', 'N5'] as const) {
    const source = noiseSource(noise, new HostRandom(9, 4));
    // The phases come from the stream in turns, one of the first realisation, one of the second.
    const random = new HostRandom(9, 4);
    const words = Float64Array.from({ length: STEPS }, () => (2 * Math.PI * random.next()) / 2 ** 32);
    for (const which of [0, 1]) {
      const out = new Float64Array(STEPS);
      source(out, undefined);
      for (const j of [0, 1, 77, 512, 1023]) {
        let sum = 0;
        for (let f = 0; f < STEPS / 2; f++) {
          const phase = words[2 * f + which] + (2 * Math.PI * j * (f + 0.5)) / STEPS;
          sum += Math.sqrt(DENSITIES[noise](f)) * Math.cos(phase);
        }
        assert(
          Math.abs(out[j] - 2 * Math.cos((Math.PI * j) / STEPS) * sum) < 1e-11,
          `${noise} ${which} ${j}`,
        );
      }
    }
  }
});

test('qdataset: N2 is correlated as sums of a sliding window are', () => {
  const source = noiseSource('N2', new HostRandom(6, 1));
  const out = new Float64Array(STEPS);
  const lags = [1, 128, 255, 256, 400];
  const sums = lags.map(() => 0);
  const count = 3000;
  for (let k = 0; k < count; k++) {
    source(out, undefined);
    lags.forEach((lag, i) => (sums[i] += out[300] * out[300 + lag]));
  }
  lags.forEach((lag, i) => {
    const expected = 0.01 * Math.max(256 - lag, 0);
    assert(
      Math.abs(sums[i] / count - expected) < 5 * Math.sqrt((2.56 ** 2 + expected ** 2) / count),
      `${lag}`,
    );
  });
});

/** The Bessel function J_0, by its integral. */
function bessel(x: number): number {
  let sum = 0;
  for (let i = 0; i < 64; i++) sum += Math.cos(x * Math.cos((2 * Math.PI * (i + 0.5)) / 64));
  return sum / 64;
}

test('qdataset: without pulses the noise dephases by a product of Bessel functions, exactly', () => {
  const nothing = new Float64Array(STEPS);
  const drive = { x: nothing, y: nothing, noiseX: nothing, noiseZ: new Float64Array(STEPS) };
  const source = noiseSource('N1', new HostRandom(1, 1));
  const count = 4000;
  const sum = new Float64Array(9);
  for (let k = 0; k < count; k++) {
    source(drive.noiseZ, undefined);
    addRotation(drive, sum);
  }
  // The phase is the sum of b_j / M: of each frequency a cosine of a random phase, with this amplitude.
  let coherence = 1;
  for (let f = 0; f < STEPS / 2; f++) {
    let [re, im] = [0, 0];
    for (let j = 0; j < STEPS; j++) {
      const [fading, angle] = [2 * Math.cos((Math.PI * j) / STEPS), (2 * Math.PI * j * (f + 0.5)) / STEPS];
      re += fading * Math.cos(angle);
      im += fading * Math.sin(angle);
    }
    coherence *= bessel((Math.sqrt(DENSITIES.N1(f)) * Math.hypot(re, im)) / STEPS);
  }
  assert(coherence > 0.2 && coherence < 0.9, `${coherence}`);
  const error = 5 / Math.sqrt(count);
  assert(Math.abs(sum[0] / count - coherence * Math.cos(12)) < error);
  assert(Math.abs(sum[3] / count - coherence * Math.sin(12)) < error);
  assert(Math.abs(sum[8] / count - 1) < 1e-12);
});

test('qdataset: 18 numbers of two classes, a row whatever the others are', async () => {
  const options = { realisations: 6, testFraction: 0, seed: 2 };
  const { train, about } = await qdataset({ ...options, rows: 6 });
  assert.deepEqual([train.rows, train.columns, train.classes], [6, 18, ['noiseless', 'noisy']]);
  assert.deepEqual(train.columnNames?.slice(0, 4), ['X(+x)', 'Y(+x)', 'Z(+x)', 'X(-x)']);
  assert.deepEqual([...train.labels], [0, 1, 0, 1, 0, 1]);
  const fewer = await qdataset({ ...options, rows: 4 });
  assert.deepEqual(fewer.train.features, train.features.slice(0, 4 * 18));
  assert.deepEqual(about.facts, { standardErrorAtMost: 1 / Math.sqrt(6), independentNumbers: 9 });
  // The expectations after a state and after its opposite cancel; without noise those of a state have length 1.
  for (let i = 0; i < 6; i++) {
    for (let k = 0; k < 18; k++) {
      const opposite = train.features[i * 18 + (Math.floor(k / 3) ^ 1) * 3 + (k % 3)];
      assert.equal(train.features[i * 18 + k] + opposite, 0);
    }
    const length = Math.hypot(...train.features.subarray(i * 18, i * 18 + 3));
    assert(train.labels[i] === 0 ? Math.abs(length - 1) < 1e-12 : length < 1);
  }
});

test('qdataset: two axes, all kinds of noise and pulses', async () => {
  for (const noise of NOISES) {
    const options = { rows: 2, realisations: 3, testFraction: 0, control: 'xy', pulses: 'square' } as const;
    const axes: Noise[] = noise === 'N3' ? ['N1', 'N3'] : ['N3', noise];
    const { train, about } = await qdataset({ ...options, noise: axes });
    assert(train.features.every((value) => Math.abs(value) <= 1 + 1e-12));
    assert.deepEqual(about.options.noise, axes);
  }
  const { about } = await qdataset({ rows: 2, realisations: 1, testFraction: 0, control: 'xy' });
  assert.deepEqual(about.options.noise, ['N1', 'N5']);
});

test('qdataset: noise that does not go with the pulses is refused', async () => {
  const refused = (options: object, message: RegExp) =>
    assert.rejects(qdataset(options), { name: 'OptionError', option: 'noise', message });
  await refused({ noise: ['N1', 'N2'] }, /control x takes one kind of noise, not 2/);
  await refused({ control: 'xy', noise: ['N1'] }, /control xy takes two kinds of noise, not 1/);
  await refused({ noise: ['N6'] }, /N6 is the square of the noise on the axis before/);
  await refused({ noise: ['N7'] }, /expected 1 to 2 of N1, N2, N3, N4, N5, N6, each once at most/);
});

test('qdataset: progress is told, and an abort ends it with its reason', async () => {
  const told: number[] = [];
  const reason = new Error('enough');
  const controller = new AbortController();
  const progress = (done: number, of: number) => {
    told.push(done, of);
    if (done === 3) controller.abort(reason);
  };
  await assert.rejects(
    qdataset({ rows: 8, realisations: 1 }, { signal: controller.signal, progress }),
    reason,
  );
  assert.deepEqual(told, [0, 8, 1, 8, 3, 8]);
});
