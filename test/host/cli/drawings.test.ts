/** What is drawn by characters, as it stands on a terminal: curves by step, and the losses of a comparison at a glance. */
import { test } from 'node:test';
import { curveLines } from '../../../host/cli/output/curve.ts';
import { sparkline } from '../../../host/cli/output/sparkline.ts';
import { lossesAtAGlance } from '../../../host/cli/study/glance.ts';
import type { ComparedRun } from '../../../host/cli/study/result.ts';
import { assertGolden } from '../../support/golden.ts';

const golden = (name: string, text: string) => assertGolden(new URL(name, import.meta.url), text);

/** A point a step, from some step on. */
const points = (values: readonly number[], from = 1, every = 1) =>
  values.map((value, i) => ({ step: from + i * every, value }));
/** Values that fall by a rational function, which every engine has alike. */
const falling = (count: number, scale = 1) =>
  Array.from({ length: count }, (_, i) => (scale * 20) / (20 + i));

type Series = Parameters<typeof curveLines>[0];
const one = (values: readonly number[], from = 1, every = 1): Series => [
  { name: 'loss', points: points(values, from, every) },
];
const CASES: Readonly<Record<string, readonly [Series, number, boolean]>> = {
  'five steps': [one([5, 4, 3, 2, 1]), 80, false],
  'twenty steps': [one(falling(20)), 80, false],
  'as many as columns': [one(falling(69)), 80, false],
  'two to a column at most': [one(falling(100)), 80, false],
  'more than the widest': [one(falling(500)), 300, false],
  'a terminal of no width': [one(falling(50)), 0, false],
  'a terminal of 31, which is the narrowest': [one(falling(50)), 31, false],
  'a terminal of 32': [one(falling(50)), 32, false],
  'a point every tenth step': [one(falling(5), 10, 10), 60, false],
  'from step 1,001 on': [one(falling(200), 1001), 60, false],
  'a line that is flat': [one([0.5, 0.5, 0.5]), 40, false],
  'two points': [one([1, 2]), 40, false],
  'a point alone': [one([1]), 40, false],
  none: [one([]), 40, true],
  'small numbers': [one(falling(30, 1.5e-7)), 45, false],
  'large numbers': [one(falling(30, 3.25e12)), 45, false],
  'numbers without room': [one(falling(30, -1e-300)), 45, false],
  'below and above 0': [one([-2, 3, -2, 3]), 45, false],
  'two series without colours': [
    [...one(falling(40)), { name: 'later', points: points(falling(20), 21) }],
    ...([50, false] as const),
  ],
  'two series in colours': [
    [...one(falling(40)), { name: 'later', points: points(falling(20, 0.5), 21) }],
    ...([50, true] as const),
  ],
  'two series in colours, the first the later': [
    [{ name: 'later', points: points(falling(20, 0.5), 21) }, ...one(falling(40))],
    ...([50, true] as const),
  ],
  'one series of two that has points, in colours': [
    [{ name: 'none', points: points([1]) }, ...one(falling(40))],
    ...([50, true] as const),
  ],
};

test('a curve is drawn as wide as it may be, with labels, steps and a colour for each series', () => {
  const texts = Object.entries(CASES).map(([what, [series, columns, colour]]) => {
    const lines = curveLines(series, columns, colour).map((line) => `|${line.replaceAll('\u001b', '<esc>')}`);
    return [what, ...lines, ''].join('\n');
  });
  golden('curve.txt', texts.join('\n'));
});

/** A run with a loss at each number of evaluations. */
function run(
  rule: string,
  seed: number,
  losses: readonly (readonly [number, number])[],
  shots = 0,
): ComparedRun {
  const x = losses.map(([at]) => at);
  const curve = { evaluations: x, shots: x.map((at) => shots * at), loss: losses.map(([, loss]) => loss) };
  const result = { curve, shots: shots * (x.at(-1) ?? 0) };
  return { rule, seed, cell: {}, outcome: { hash: '', seconds: 0, result } } as unknown as ComparedRun;
}
const failed = {
  ...run('wild', 1, []),
  outcome: { hash: '', seconds: 0, failure: { code: 'ERR_CORE_DIVERGED', message: '' } },
} as unknown as ComparedRun;
const falls = (from: number, every = 10) => [0, 1, 2, 3, 4].map((i) => [every * i, from - i / 8] as const);

test('losses of a comparison stand below one another on one scale, with where each ends', () => {
  const cases: Readonly<Record<string, readonly ComparedRun[]>> = {
    'one rule': [run('nlr', 1, falls(1))],
    'two rules, one of which ends early, and one that failed': [
      run('nlr', 1, falls(1)),
      run('adam:rate=0.1', 1, falls(0.75, 5)),
      failed,
    ],
    'three seeds of one rule, two of another': [
      ...[1, 1.25, 1.75].map((from, seed) => run('nlr', seed, falls(from))),
      ...[0.5, 1].map((from, seed) => run('adam', seed, falls(from))),
    ],
    'shots of all': [run('nlr', 1, falls(1), 100), run('adam', 1, falls(0.75), 100)],
    'shots of some': [run('nlr', 1, falls(1), 100), run('adam', 1, falls(0.75))],
    'a rule of more than one line': [run('a\nb', 1, falls(1))],
    'losses that stay': [
      run(
        'nlr',
        1,
        falls(1).map(([at]) => [at, 0.5] as const),
      ),
    ],
    'one look at each of two rules': [run('nlr', 1, [[5, 1]]), run('adam', 1, [[5, 1]])],
    'two looks at one of them': [
      run('nlr', 1, [
        [0, 1],
        [5, 0.5],
      ]),
      run('adam', 1, [[5, 1]]),
    ],
    'nothing spent': [
      run('nlr', 1, [
        [0, 1],
        [0, 0.5],
      ]),
    ],
    'none that came to its end': [failed],
    'no run': [],
  };
  const texts = Object.entries(cases).map(([what, runs]) =>
    [what, ...lossesAtAGlance(runs).map((line) => `|${line}`), ''].join('\n'),
  );
  const lines = [
    sparkline([0, 0.49, 0.51, 1, 1.5, 6.5, 6.51, 7, 8, -1, null], 0, 7),
    sparkline([1, 2, null], 1, 1),
    sparkline([3, 1], 2, 1),
    sparkline([], 0, 1),
  ];
  golden('glance.txt', `${texts.join('\n')}\n${lines.map((line) => `|${line}|\n`).join('')}`);
});
