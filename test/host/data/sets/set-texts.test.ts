/** The sets that are made: every option below, at and above its bounds, what a set says of itself, and its numbers by formulas. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { row } from '../../../../host/data/dataset.ts';
import { HostRandom } from '../../../../host/data/philox.ts';
import { adHoc, type AdHocOptions } from '../../../../host/data/sets/ad-hoc.ts';
import { type Anomaly, anomalyWindows } from '../../../../host/data/sets/anomalies.ts';
import { DATA_SETS, makeData } from '../../../../host/data/sets/catalogue.ts';
import { Fourier } from '../../../../host/data/sets/fft.ts';
import { bayesOfGaussians, gaussians, type GaussiansOptions } from '../../../../host/data/sets/gaussians.ts';
import type { MadeData } from '../../../../host/data/sets/made.ts';
import { moons } from '../../../../host/data/sets/moons.ts';
import { normalBelow } from '../../../../host/data/sets/normal.ts';
import { noiseSource, STEPS } from '../../../../host/data/sets/qdataset-noise.ts';
import { drawPulses, PULSES, waveform } from '../../../../host/data/sets/qdataset-evolution.ts';
import { qdataset } from '../../../../host/data/sets/qdataset.ts';
import { vibration, type VibrationOptions } from '../../../../host/data/sets/vibration.ts';
import { assertGolden, outcomes } from '../../../support/golden.ts';
import { settled } from '../../../support/settled.ts';

const golden = (name: string) => new URL(name, import.meta.url);

/** Calls by their options. */
const each = <T>(what: string, list: readonly T[], call: (options: T) => unknown) =>
  Object.fromEntries(list.map((options) => [`${what} ${JSON.stringify(options)}`, () => call(options)]));

/** Everything a set is but its numbers, of which the first row is rounded. */
function shown({ train, test: rest, about }: MadeData) {
  const part = (data: typeof train | undefined) =>
    data && {
      ...{
        name: data.name,
        rows: data.rows,
        part: data.part,
        names: data.columnNames,
        label: data.labelName,
      },
      labels: data.labels.slice(0, 12).join(''),
      first: Array.from(row(data, 0).subarray(0, 4), (value) => Number(value.toPrecision(6))),
    };
  return JSON.parse(JSON.stringify({ train: part(train), test: part(rest), about }), (_, value: unknown) =>
    typeof value === 'number' ? Number(value.toPrecision(6)) : value,
  ) as unknown;
}

/** Sizes alone, for the bounds. */
const sizes = ({ train, test: rest }: MadeData) => [train.rows, rest?.rows ?? 0, train.columns];

/** Options that every set has. */
const SEEDS = [
  { seed: -1 },
  { seed: 0 },
  { seed: 2 ** 53 - 1 },
  { seed: 2 ** 53 },
  { seed: 1.5 },
  { seed: '1' },
];
const SHARES = [0, 0.01, 0.5, 0.99, 1, -0.1, Number.NaN, '0.2'].map((testFraction) => ({ testFraction }));

test('gaussians and moons: bounds, and what they say of themselves', () => {
  const clouds = [
    ...[1, 2, 3, 1e6 + 1, 10.5].map((rows) => ({ rows, testFraction: 0 })),
    ...[1, 2, 4096, 4097].map((dimensions) => ({ rows: 2, testFraction: 0, dimensions })),
    ...[0, 1e-9, 99.9, 100, '4'].map((separation) => ({ rows: 2, testFraction: 0, separation })),
    ...[0, 1e-3, 179.9, 180, Number.NaN].map((angle) => ({ rows: 2, testFraction: 0, angle })),
    ...[...SEEDS, ...SHARES].map((more) => ({ rows: 20, ...more })),
    ...[{ rows: 2, testFraction: 0.5 }, { colour: 1 }, null, 7],
  ];
  const half = [
    ...[1, 2, 3, 1e6 + 1].map((rows) => ({ rows, testFraction: 0 })),
    ...[-0.1, 0, 10, 10.1, 'x'].map((noise) => ({ rows: 4, testFraction: 0, noise })),
    ...[...SEEDS, ...SHARES].map((more) => ({ rows: 20, ...more })),
    ...[{ colour: 1 }],
  ];
  assertGolden(
    golden('set-clouds.txt'),
    outcomes({
      gaussians: () => shown(gaussians({ rows: 10 })),
      'gaussians, whole': () =>
        shown(gaussians({ rows: 4, dimensions: 2, testFraction: 0, angle: 60, separation: 1, seed: 7 })),
      ...each('gaussians', clouds, (options) => sizes(gaussians(options as Partial<GaussiansOptions>))),
      ...each(
        'best',
        [
          [4, 90],
          [0, 90],
          [100, 90],
          [4, 0],
          [4, 180],
        ],
        ([separation, angle]) => {
          const { vectors, states } = bayesOfGaussians(separation, angle);
          return [vectors.toPrecision(9), states.toPrecision(9)];
        },
      ),
      moons: () => shown(moons({ rows: 10 })),
      'moons without noise': () => shown(moons({ rows: 5, noise: 0, testFraction: 0 })),
      ...each('moons', half, (options) => sizes(moons(options as object))),
    }),
  );
});

test('gaussians: the best accuracies by their definition', () => {
  // At right angles a plane through 0 divides the states as well as the vectors; at 60 degrees |mu_0 + mu_1| is 4 / tan 30.
  const [a, b] = [normalBelow(2), normalBelow(2 / Math.tan(Math.PI / 6))];
  const { vectors, states } = bayesOfGaussians(4, 60);
  assert.ok(Math.abs(vectors - a) < 1e-15 && Math.abs(states - (a * b + (1 - a) * (1 - b))) < 1e-15);
  assert.equal(normalBelow(9), 1);
  assert.equal(normalBelow(-9), 0);
  assert.ok(normalBelow(8.2) <= 1 && normalBelow(-8.2) >= -1e-15);
});

test('ad-hoc and vibration: bounds, and what they say of themselves', () => {
  const points = [
    ...[0, 1, 1e5 + 1].map((train) => ({ train, test: 0 })),
    ...[-1, 0, 1, 1e5 + 1].map((testing) => ({ train: 1, test: testing })),
    ...[0, 0.001, 0.6, 0.99, 1].map((gap) => ({ train: 1, test: 1, gap })),
    ...[false, true, 1].map((distinct) => ({ train: 200, test: 60, gap: 0.6, distinct })),
    ...[...SEEDS, { colour: 1 }].map((more) => ({ train: 2, test: 1, ...more })),
  ];
  const windows = [
    ...[1, 2, 3, 1e5 + 1].map((perClass) => ({ perClass, samples: 4, testFraction: 0 })),
    ...[3, 4, 5, 4097].map((samples) => ({ perClass: 2, samples, testFraction: 0 })),
    ...[
      ['healthy'],
      [],
      ['healthy', 'healthy'],
      ['bearing', 'healthy'],
      ['healthy', 'unbalanced', 'misaligned', 'bearing'],
      ['broken', 'healthy'],
      'healthy',
    ].map((classes) => ({ perClass: 2, samples: 4, testFraction: 0, classes })),
    ...[-0.1, 0, 100, 100.1].map((severity) => ({ perClass: 2, samples: 4, testFraction: 0, severity })),
    ...[-0.1, 0, 100, 100.1].map((noise) => ({ perClass: 2, samples: 4, testFraction: 0, noise })),
    ...[...SEEDS, ...SHARES, { colour: 1 }].map((more) => ({ perClass: 10, samples: 4, ...more })),
  ];
  assertGolden(
    golden('set-signals.txt'),
    outcomes({
      'ad-hoc': () => shown(adHoc({ train: 3, test: 2 })),
      'ad-hoc, one of each': () => adHoc({ train: 1, test: 0, seed: 5 }).points.train.join(' '),
      ...each('ad-hoc', points, (options) => {
        const made = adHoc(options as Partial<AdHocOptions>);
        return [
          sizes(made),
          made.about.facts,
          made.points.train.slice(0, 6).join(' '),
          made.points.test.slice(0, 6).join(' '),
        ];
      }),
      vibration: () => shown(vibration({ perClass: 5 })),
      ...each('vibration', windows, (options) => sizes(vibration(options as Partial<VibrationOptions>))),
      ...each('vibration of', ['healthy', 'unbalanced', 'misaligned', 'bearing'] as const, (condition) => {
        const other = condition === 'healthy' ? 'bearing' : 'healthy';
        const { train } = vibration({
          perClass: 2,
          samples: 48,
          classes: [condition, other],
          noise: 0,
          testFraction: 0,
          severity: 2,
        });
        return Array.from(train.features.subarray(0, 96), (value) => value.toFixed(4)).join(' ');
      }),
    }),
  );
});

test('recordings with anomalies: times, windows, parts, and what is wrong', () => {
  const recording = (times: readonly string[]) =>
    `timestamp,value\n${times.map((time, i) => `${time},${i}`).join('\n')}\n`;
  const count = (rows: number) => recording(Array.from({ length: rows }, (_, i) => String(i)));
  const cut =
    (csv: string, anomalies: unknown, options: object = {}) =>
    () => {
      const made = anomalyWindows(csv, anomalies as Anomaly[], {
        length: 2,
        stride: 2,
        testFraction: 0,
        ...options,
      });
      const rows = (data: MadeData['train'] | undefined) =>
        data &&
        Array.from({ length: data.rows }, (_, i) => `${row(data, i).join(' ')} -> ${data.labels[i]}`).join(
          ', ',
        );
      return [rows(made.train), rows(made.test), made.about.facts];
    };
  const spans = [
    ...[
      [],
      [['2', '3']],
      [['2', '2']],
      [['3', '2']],
      [['2.5', '9']],
      [
        ['0', '1'],
        ['4', '4'],
      ],
      [['x', '1']],
      [['1', 'x']],
      [['1']],
      ['12'],
      7,
      [[1, 2]],
    ],
    ...[[['2013-12-02', '2013-12-03']], [['2013-12-03', '2013-12-02']], [['2013-13-02', '2013-12-03']]],
  ];
  const times = [
    '2013-12-02',
    '2013-12-02 21:15',
    '2013-12-02T21:15:30.25Z',
    '2013-12-02 21:15:00+01:00',
    '2013-12-02 21:15:00-0130',
    '2013-12-02 21',
    '1.5e3',
    'now',
  ];
  const day = [['2013-12-02 20:15:00', '2013-12-02 21:15:00']];
  assertGolden(
    golden('set-recordings.txt'),
    outcomes({
      itself: () => shown(anomalyWindows(count(64), [['40', '50']], { length: 4, stride: 4 }, 'r.csv')),
      ...each('anomalies', spans, (list) => cut(count(6), list)()),
      ...each('a time', times, (time) => cut(recording([time, '2013-12-05']), day)()),
      ...each('length', [1, 2, 3, 6, 7, 4096, 4097], (length) => cut(count(6), [], { length })()),
      ...each('stride', [0, 1, 2, 4, 5, 1e6, 1e6 + 1], (stride) => cut(count(6), [['1', '1']], { stride })()),
      ...each('share', [-0.1, 0, 0.25, 0.5, 0.51, 1, 1.1], (share) =>
        cut(
          count(8),
          [
            ['1', '1'],
            ['4', '5'],
          ],
          { share },
        )(),
      ),
      ...each('for testing', [0, 0.01, 0.2, 0.5, 0.9, 1], (testFraction) =>
        cut(count(10), [], { testFraction })(),
      ),
      ...each('overlapping, for testing', [0.25, 0.5, 0.75], (testFraction) =>
        cut(count(10), [], { length: 3, stride: 1, testFraction })(),
      ),
      'out of order': cut(recording(['3', '1', '2', '1']), [['1', '1']]),
      'other columns': cut('value,host,timestamp\n5,a,2\n4,b,1\n', []),
      'no header': cut('1,2\n3,4\n', []),
      'no values': cut('timestamp,other\n1,2\n', []),
      'a value that is none': cut('timestamp,value\n1,x\n', []),
      'a seed': cut(count(2), [], { seed: -1 }),
      'an option that is none': cut(count(2), [], { colour: 1 }),
      'no text': cut(7 as never, []),
    }),
  );
});

test('QDataSet: bounds, what does not go together, and what it says of itself', async () => {
  const small = { rows: 4, realisations: 2, testFraction: 0 };
  const list: readonly object[] = [
    ...[1, 2, 3, 1e6 + 1].map((rows) => ({ rows, realisations: 1, testFraction: 0 })),
    ...[0, 1, 1e6 + 1].map((realisations) => ({ rows: 2, realisations, testFraction: 0 })),
    ...['gaussian', 'square', 'round'].map((pulses) => ({ ...small, pulses })),
    ...['x', 'xy', 'y'].map((control) => ({ ...small, control })),
    ...[
      [],
      ['N1'],
      ['N2'],
      ['N3'],
      ['N4'],
      ['N5'],
      ['N6'],
      ['N7'],
      ['N1', 'N6'],
      ['N1', 'N1'],
      ['N1', 'N2', 'N3'],
      'N1',
    ].flatMap((noise) => ['x', 'xy'].map((control) => ({ ...small, control, noise }))),
    ...[...SEEDS, ...SHARES, { colour: 1 }].map((more) => ({ ...small, realisations: 1, ...more })),
  ];
  const made = await settled({
    itself: async () => shown(await qdataset({ ...small, testFraction: 0.25 })),
    'by name': async () =>
      shown(await makeData('qdataset', { ...small, control: 'xy', noise: ['N2', 'N6'], pulses: 'square' })),
    ...Object.fromEntries(
      list.map((options) => [
        JSON.stringify(options),
        async () => {
          const { train, test: rest, about } = await qdataset(options);
          return [
            train.rows,
            rest?.rows ?? 0,
            about.options.noise,
            Array.from(row(train, train.rows - 1).subarray(0, 3), (value) => value.toFixed(6)).join(' '),
          ];
        },
      ]),
    ),
    'a signal that is none': () => qdataset(small, { signal: 7 as never }),
    'a signal that says no': () => qdataset(small, { signal: AbortSignal.abort(new Error('enough')) }),
    'progress that is none': () => qdataset(small, { progress: 7 as never }),
    progress: async () => {
      const seen: string[] = [];
      await qdataset({ ...small, rows: 5 }, { progress: (done, of) => seen.push(`${done} of ${of}`) });
      return seen.join(', ');
    },
    'no such set': () => makeData('nab' as never),
    ...Object.fromEntries(
      (['gaussians', 'moons', 'ad-hoc', 'vibration'] as const).map((name) => [
        `${name} by name`,
        async () => sizes(await makeData(name)),
      ]),
    ),
  });
  assertGolden(golden('set-qubit.txt'), made);
});

test('QDataSet: noise by its definition, and pulses where they are said to be', () => {
  const drawn = (noise: 'N1' | 'N2' | 'N3' | 'N4' | 'N5', seed: number) => {
    const source = noiseSource(noise, new HostRandom(seed, 1));
    return Array.from({ length: 3 }, () => {
      const out = new Float64Array(STEPS);
      source(out, undefined);
      return out;
    });
  };
  // N2, N3 and N4 are of the same sums.
  const [plain, swelling, squared] = (['N2', 'N3', 'N4'] as const).map((noise) => drawn(noise, 3)[0]);
  for (let j = 0; j < STEPS; j++) {
    const swell = 1 - 2 * Math.abs((j + 0.5) / STEPS - 0.5);
    assert.ok(Math.abs(swelling[j] - 2 * plain[j] * swell) < 1e-12, `N3 at ${j}`);
    assert.ok(Math.abs(squared[j] - (plain[j] * swell) ** 2) < 1e-10, `N4 at ${j}`);
  }
  const before = Float64Array.from({ length: STEPS }, (_, j) => j / STEPS - 0.5);
  const sixth = new Float64Array(STEPS);
  noiseSource('N6', new HostRandom(1, 1))(sixth, before);
  before.forEach((value, j) => assert.ok(Math.abs(sixth[j] - 0.3 * value ** 2) < 1e-15));
  for (const noise of ['N1', 'N5'] as const) {
    const [first, second, third] = drawn(noise, 4);
    assert.notDeepEqual(first, second);
    assert.notDeepEqual(first, third);
    // Of each frequency f two cosines with one phase, at f and at f + 1, as large as the root of the density.
    const size = (f: number) =>
      Math.sqrt(
        noise === 'N5' ? 1 / (f + 1) : (f <= 15 ? 1 / (f + 1) : 1 / 16) + Math.exp(-((f - 30) ** 2) / 50) / 2,
      );
    for (const out of [first, second]) {
      const found = Array.from({ length: 48 }, (_, f) => {
        let [re, im] = [0, 0];
        out.forEach((value, j) => {
          re += (value * Math.cos((2 * Math.PI * f * j) / STEPS)) / STEPS;
          im -= (value * Math.sin((2 * Math.PI * f * j) / STEPS)) / STEPS;
        });
        return [re, im];
      });
      // The first phase is known up to its sign, and with it all others.
      const [cos] = found[0].map((value) => value / size(0));
      const fits = [1, -1].some((sign) => {
        let [x, y] = [size(0) * cos, sign * size(0) * Math.sqrt(1 - cos * cos)];
        return found.slice(1).every(([re, im], before) => {
          [x, y] = [2 * re - x, 2 * im - y];
          return Math.abs(Math.hypot(x, y) - size(before + 1)) < 1e-9;
        });
      });
      assert.ok(fits, noise);
    }
  }
  const { amplitudes, times } = drawPulses(new HostRandom(2, 1));
  assert.equal(amplitudes.length, PULSES);
  assert.ok(
    times.every((time, k) => time > 0.05 && time < 0.95 && (k === 0 || time - times[k - 1] >= 0.1 - 1e-12)),
    `${times}`,
  );
  const [gaussian, square] = [
    waveform({ amplitudes, times }, 'gaussian'),
    waveform({ amplitudes, times }, 'square'),
  ];
  for (let j = 0; j < STEPS; j += 7) {
    const away = times.map((time) => (j + 0.5) / STEPS - time);
    const near = away.findIndex((distance) => Math.abs(distance) < 0.05);
    assert.equal(square[j], near < 0 ? 0 : amplitudes[near]);
    const sum = away.reduce(
      (all, distance, k) => all + amplitudes[k] * Math.exp(-((60 * distance) ** 2) / 2),
      0,
    );
    assert.ok(Math.abs(gaussian[j] - sum) < 1e-10, `${j}`);
  }
});

test('the transform of a step is the sum by its definition', () => {
  for (const size of [2, 8, 32]) {
    const [re, im] = [0, 1].map((part) =>
      Float64Array.from({ length: size }, (_, k) => ((k * k + 3 * part * k) % 11) - 4),
    );
    const expected = Array.from({ length: size }, (_, j) => {
      let [x, y] = [0, 0];
      for (let k = 0; k < size; k++) {
        const angle = (2 * Math.PI * j * k) / size;
        x += re[k] * Math.cos(angle) - im[k] * Math.sin(angle);
        y += re[k] * Math.sin(angle) + im[k] * Math.cos(angle);
      }
      return [x, y];
    });
    new Fourier(size).transform(re, im);
    expected.forEach(([x, y], j) =>
      assert.ok(Math.abs(re[j] - x) < 1e-9 && Math.abs(im[j] - y) < 1e-9, `${j} of ${size}`),
    );
  }
});

test('the catalogue: what every set and each of its options is called', () => {
  const calls = Object.entries(DATA_SETS).flatMap(
    ([name, { fixed, columns, classes, from, options }]): [string, () => unknown][] => [
      [name, () => ({ ...fixed, columns, classes, from })],
      ...Object.entries(options).map(([option, { kind, argument, help, value }]): [string, () => unknown] => [
        `${name}: ${option}`,
        () => ({ kind, argument, help, value }),
      ]),
    ],
  );
  assertGolden(golden('set-catalogue.txt'), outcomes(Object.fromEntries(calls)));
});
