/** Qiskit's ad hoc data: NumPy's stream, the observable, the cells, and the points that a seed draws. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AdHocData, adHoc, adHocGrid } from '../../../../host/data/sets/ad-hoc.ts';
import { hermitianEigenvectors, zeros } from '../../../../host/data/sets/hermitian.ts';
import { NumpyRandom } from '../../../../host/data/sets/numpy-random.ts';
import { HostRandom } from '../../../../host/data/philox.ts';

/** Three of `random()`, seven of `choice(100)`, one of `random()`, by NumPy 2.4.6's `default_rng`. */
const STREAMS: readonly (readonly [seed: number, first: number[], choices: number[], last: number])[] = [
  [
    0,
    [0.6369616873214543, 0.2697867137638703, 0.04097352393619469],
    [7, 1, 17, 81, 64, 91, 50],
    0.7294965609839984,
  ],
  [
    1,
    [0.5118216247002567, 0.9504636963259353, 0.14415961271963373],
    [82, 94, 24, 31, 86, 42, 27],
    0.4091991363691613,
  ],
  [
    12345,
    [0.22733602246716966, 0.31675833970975287, 0.7973654573327341],
    [64, 67, 98, 39, 83, 33, 56],
    0.18673418560371335,
  ],
  [
    2 ** 32,
    [0.8897387912781343, 0.5571380502062263, 0.8009080868919721],
    [22, 95, 89, 5, 6, 23, 25],
    0.00030824035715149023,
  ],
  [
    2 ** 40 + 5,
    [0.004739459374490829, 0.3725845824112115, 0.5872294266977701],
    [89, 15, 0, 41, 88, 98, 7],
    0.05021781454428709,
  ],
  [
    2 ** 53 - 1,
    [0.7862681066761149, 0.6063032385025929, 0.5376094823800641],
    [75, 15, 56, 10, 78, 42, 34],
    0.24335396015747057,
  ],
];

for (const [seed, first, choices, last] of STREAMS) {
  test(`ad-hoc: NumPy's stream of seed ${seed}`, () => {
    const random = new NumpyRandom(seed);
    assert.deepEqual(
      first.map(() => random.random()),
      first,
    );
    assert.deepEqual(
      choices.map(() => random.below(100)),
      choices,
    );
    // An odd number of choices keeps half a word, which `random` does not touch.
    assert.equal(random.random(), last);
  });
}

test('ad-hoc: a choice rejects words, so that it has no bias', () => {
  // Of a bound just above 2^31 nearly half of all words are rejected: the mean of the others is that of the bound.
  const random = new NumpyRandom(3);
  const bound = 2 ** 31 + 1;
  let sum = 0;
  for (let i = 0; i < 4000; i++) sum += random.below(bound) / bound;
  assert(Math.abs(sum / 4000 - 0.5) < 5 / Math.sqrt(12 * 4000));
});

test('ad-hoc: eigenvectors of a Hermitian matrix, descending, the largest entry real and positive', () => {
  const random = new HostRandom(5);
  for (let trial = 0; trial < 50; trial++) {
    const side = 2 + (trial % 5);
    const m = zeros(side);
    for (let i = 0; i < side; i++) {
      for (let j = 0; j <= i; j++) {
        const [x, y] = [random.uniform() - 0.5, i === j ? 0 : random.uniform() - 0.5];
        m.re[i * side + j] = m.re[j * side + i] = x;
        m.im[i * side + j] = y;
        m.im[j * side + i] = -y;
      }
    }
    const v = hermitianEigenvectors(m);
    let before = Infinity;
    for (let k = 0; k < side; k++) {
      const re = (i: number) => v.re[i * side + k];
      const im = (i: number) => v.im[i * side + k];
      const image = Array.from({ length: side }, (_, i) => {
        let [x, y] = [0, 0];
        for (let j = 0; j < side; j++) {
          x += m.re[i * side + j] * re(j) - m.im[i * side + j] * im(j);
          y += m.re[i * side + j] * im(j) + m.im[i * side + j] * re(j);
        }
        return [x, y];
      });
      const value = image.reduce((sum, [x, y], i) => sum + re(i) * x + im(i) * y, 0);
      assert(value <= before + 1e-14);
      before = value;
      const rest = image.map(([x, y], i) => Math.hypot(x - value * re(i), y - value * im(i)));
      assert(Math.max(...rest) < 1e-14, `${rest}`);
      const sizes = image.map((_, i) => Math.hypot(re(i), im(i)));
      const largest = sizes.indexOf(Math.max(...sizes));
      assert(re(largest) > 0 && Math.abs(im(largest)) < 1e-15);
      assert(Math.abs(Math.hypot(...sizes) - 1) < 1e-14);
    }
  }
});

test('ad-hoc: the expectations of seed 0 on the grid', () => {
  const { expectations } = adHocGrid(0);
  assert(Math.abs(expectations[0] - -0.2837027779) < 1e-10);
  assert(Math.abs(expectations[1020] - -0.9179590683) < 1e-10);
});

test('ad-hoc: how many points of the grid are of each class', () => {
  for (const [seed, A, B, none] of [
    [0, 1272, 4277, 4451],
    [1, 2446, 3348, 4206],
    [12345, 3417, 1995, 4588],
  ]) {
    assert.deepEqual(adHoc({ seed }).about.facts.cells, { A, B, void: none });
  }
});

const pairs = (points: Int32Array) => Array.from(points, (at) => [Math.floor(at / 100), at % 100]);

/** The data of Qiskit's tutorial: 20 of each class to train on and 5 to test on. */
const tutorial = (): AdHocData => adHoc({ seed: 0, train: 20, test: 5 });

test('ad-hoc: the points that seed 0 draws, and their numbers', () => {
  const { points, train, test: held } = tutorial();
  assert.deepEqual(pairs(points.train.subarray(0, 5)), [
    [87, 13],
    [57, 72],
    [7, 93],
    [76, 39],
    [67, 33],
  ]);
  assert.deepEqual(pairs(points.train.subarray(20, 25)), [
    [89, 91],
    [57, 56],
    [78, 52],
    [30, 8],
    [52, 98],
  ]);
  assert.deepEqual([train.rows, held?.rows, train.classes], [40, 10, ['A', 'B']]);
  assert.deepEqual([...train.features.subarray(0, 2)], [(2 * Math.PI * 87) / 100, (2 * Math.PI * 13) / 100]);
  assert.deepEqual([train.labels[0], train.labels[20], train.part, held?.part], [0, 1, 'train', 'test']);
});

test('ad-hoc: points that come again are counted, and left out on demand', () => {
  const all = adHoc({ seed: 4, train: 300, test: 100 });
  const known = new Set(all.points.train);
  const repeated = all.points.train.length - known.size;
  const inBoth = all.points.test.filter((at) => known.has(at)).length;
  assert(repeated > 0 && inBoth > 0);
  assert.deepEqual([all.about.facts.repeatedTrainRows, all.about.facts.testRowsInTrain], [repeated, inBoth]);
  const distinct = adHoc({ seed: 4, train: 300, test: 100, distinct: true });
  const points = [...distinct.points.train, ...distinct.points.test];
  assert.equal(new Set(points).size, points.length);
  assert.equal(distinct.train.rows, known.size);
  assert.deepEqual([distinct.about.facts.repeatedTrainRows, distinct.about.facts.testRowsInTrain], [0, 0]);
});

test('ad-hoc: a gap that no point has is refused', () => {
  assert.throws(() => adHoc({ seed: 1, gap: 0.999 }), {
    code: 'ERR_OPTION_VALUE',
    option: 'gap',
    message: /^gap is 0\.999, but with seed 1 the expectations are from -1\.000 to 0\.958; expected less$/,
  });
  assert.throws(() => adHoc({ gap: 1 }), { code: 'ERR_OPTION_VALUE' });
  assert.throws(() => adHoc({ rows: 3 } as never), { code: 'ERR_OPTION_UNKNOWN' });
});
