/** What is said about what was found: every sentence, on either side of what decides about it; and verdicts about claims. */
import { test } from 'node:test';
import { adviceOn } from '../../../host/plateau/advice.ts';
import { judgeClaim, observableBound } from '../../../host/plateau/claims.ts';
import type { PlateauFindings } from '../../../host/plateau/findings.ts';
import { assertGolden, outcomes } from '../../support/golden.ts';

/** Findings about which there is little to say: only that this is no plateau. */
const CALM = {
  model: { qubits: 4, layers: 3, encoding: 'amplitude', initialisation: 'zero', circuitParameters: 24 },
  ...{ shots: 1000, floor: 5e-4, nu: 0.01 },
  variance: { parameters: 24, active: 24, mean: 0.01 },
  visibility: { of: 'qubits', all: 4, seen: 4, spread: 0.1 },
  pairs: [],
} as unknown as PlateauFindings;

const visibility = (change: object) => ({ visibility: { ...CALM.visibility, ...change } });
const variance = (change: object) => ({ variance: { ...CALM.variance, ...change } });
const start = (initialisation: unknown) => ({ model: { ...CALM.model, initialisation } });
const TEST = {
  ...{ change: 0.01, error: 0.004, shotsNeeded: 640, shots: 1000, violations: 0.2, exactViolations: 0.05 },
  ...{ turning: 0.25, exit: { remarked: 300, steps: 1200, radius: 1.5 } },
};
const stepTest = (change: object) => ({ stepTest: { ...TEST, ...change } });
const pair = (cosine: number, antipodal: boolean) => ({ classes: ['no', 'yes'], cosine, antipodal });

const CASES: Readonly<Record<string, object>> = {
  'nothing but no plateau': {},
  'no qubit is seen': visibility({ seen: 0 }),
  'all are seen, and answer alike': visibility({ spread: 0.9e-20 }),
  'all are seen, and answer alike but for a little': visibility({ spread: 1e-20 }),
  'no feature is seen': visibility({ of: 'features', all: 2, seen: 0 }),
  'there are none': visibility({ of: 'features', all: 0, seen: 0, spread: 0 }),
  'one of three is seen': visibility({ all: 3, seen: 1 }),
  'two of four are seen': visibility({ seen: 2 }),
  'one of four is seen, and they answer alike': visibility({ seen: 1, spread: 0 }),
  'classes point away from one another': { pairs: [pair(-0.987, true), pair(-0.4, false)] },
  'two pairs do': { pairs: [pair(-0.987, true), { ...pair(-0.5, true), classes: ['a', 'b'] }] },
  'one parameter is outside': variance({ active: 23 }),
  'all are': variance({ active: 0, mean: 0 }),
  'just above four times the floor': variance({ mean: 0.002 }),
  'just below': variance({ mean: 0.00199 }),
  'far below': variance({ mean: 1e-6 }),
  'nine times the floor': variance({ mean: 0.00475 }),
  'ten times': variance({ mean: 0.005 }),
  'ten thousand times, for which no shot is needed': variance({ mean: 5 }),
  'below, from a start that may be any': { ...variance({ mean: 1e-4 }), ...start('uniform') },
  'below, from a start that was not said': { ...variance({ mean: 1e-4 }), ...start(undefined) },
  'below, from small angles': { ...variance({ mean: 1e-4 }), ...start('small-angles') },
  'four times, from a start that may be any': { ...variance({ mean: 0.002 }), ...start('uniform') },
  'no variance, from a start that may be any': { ...variance({ mean: 0 }), ...start('uniform') },
  'no slope': { scan: { slope: null, crossing: null } },
  'a slope that is not exponential': { scan: { slope: -0.7, crossing: null } },
  'a slope that just is': { scan: { slope: -0.71, crossing: null } },
  'a slope that is, with a crossing': { scan: { slope: -1, crossing: 11 } },
  'a steep slope': { scan: { slope: -4, crossing: 1 } },
  'a test that sees its step': stepTest({}),
  'a test that sees noise': stepTest({ change: 0.0079 }),
  'a test at two standard errors': stepTest({ change: 0.008 }),
  'a test that no shots help': stepTest({ change: 0, shotsNeeded: null }),
  'as many violations as turn the sign': stepTest({ violations: 0.25 }),
  'more of them': stepTest({ violations: 0.456, exactViolations: 0.123 }),
  'a start at the fixed point': { moment: { concentrated: true, before: 1, after: 0 } },
  'a start with a bias': { moment: { concentrated: false, before: 0.63, after: 0.078 } },
  'decay that is none': { decay: { rate: null, layersToFloor: null } },
  'decay that is slow': { decay: { rate: 0.01, layersToFloor: 7 } },
  decay: { decay: { rate: 0.011, layersToFloor: null }, nu: 0.025 },
  'decay to the floor': { decay: { rate: 0.25, layersToFloor: 17 }, nu: 0.05 },
  'decay of a circuit of one’s own': {
    ...{ decay: { rate: 0.25, layersToFloor: 17 }, model: { ...CALM.model, layers: undefined } },
  },
  'all at once, the weightiest first': {
    ...visibility({ seen: 1 }),
    pairs: [pair(-0.9, true)],
    ...variance({ active: 20, mean: 1e-4 }),
    ...start('uniform'),
    scan: { slope: -1, crossing: 5 },
    ...stepTest({ change: 0, violations: 0.5 }),
    moment: { concentrated: true, before: 1, after: 0 },
    decay: { rate: 0.5, layersToFloor: 2 },
  },
};

test('advice is a sentence with its figure for each thing that was found', () => {
  const texts = Object.entries(CASES).map(([what, change]) => {
    const said = adviceOn({ ...CALM, ...change } as PlateauFindings);
    return `${what}\n${said.map((sentence) => `  ${sentence}\n`).join('')}`;
  });
  assertGolden(new URL('advice.txt', import.meta.url), texts.join('\n'));
});

test('a claim is judged under every loss, on either side of its bound', () => {
  const digits = (value: number | null) => (value === null ? null : Number(value.toPrecision(6)));
  const judged = (loss: number, gradient: number, parameters: number, more = {}) =>
    judgeClaim({ loss, gradient, parameters, ...more }).map(({ bound, weights, possible }) =>
      [digits(bound), digits(weights), possible].join(' '),
    );
  const table = judgeClaim({ loss: 0.5, gradient: 1, parameters: 4 }).map(
    ({ loss, formula }) => `${loss}: ${formula}`,
  );
  const claims: readonly (readonly [number, number, number, object?])[] = [
    [0.5, 1, 4],
    [0.5, 100, 4],
    [0.5, 1, 4, { outputs: 1, samples: 1 }],
    [0.5, 1, 4, { outputs: 6, samples: 32 }],
    [0.5, 9, 4, { outputs: 1 }],
    [0.5, 9, 4, { samples: 2 }],
    [2, 0, 1],
    [2, 0.1, 1],
    [2.1, 0, 1],
    [2.25, 1, 1],
    [2.3, 1, 1],
    [4, 1, 9],
    [4.1, 0, 9],
    [4.1, 0.001, 9],
    [0, 0, 9],
    [0, 0.001, 9],
    [0.001, 6.38, 90],
    [1, 2, 1],
  ];
  const calls = Object.fromEntries(claims.map((claim) => [JSON.stringify(claim), () => judged(...claim)]));
  const bounds = {
    'the bound of an output by no parameter': () => observableBound(0),
    'by nine': () => observableBound(9),
    'by minus one': () => observableBound(-1),
    'by half a one': () => observableBound(0.5),
  };
  const refused = {
    'a loss below 0': () => judgeClaim({ loss: -1, gradient: 1, parameters: 1 }),
    'a loss without end': () => judgeClaim({ loss: Number.POSITIVE_INFINITY, gradient: 1, parameters: 1 }),
    'a gradient without end': () =>
      judgeClaim({ loss: 1, gradient: Number.POSITIVE_INFINITY, parameters: 1 }),
    'a gradient that is no number': () => judgeClaim({ loss: 1, gradient: Number.NaN, parameters: 1 }),
    'a gradient below 0': () => judgeClaim({ loss: 1, gradient: -1, parameters: 1 }),
    'no parameters': () => judgeClaim({ loss: 1, gradient: 1, parameters: 0 }),
    'no outputs': () => judgeClaim({ loss: 1, gradient: 1, parameters: 1, outputs: 0 }),
    'no samples': () => judgeClaim({ loss: 1, gradient: 1, parameters: 1, samples: 0 }),
    nothing: () => judgeClaim(undefined as never),
    'more than is known': () => judgeClaim({ loss: 1, gradient: 1, parameters: 1, speed: 1 } as never),
  };
  const text = `${table.join('\n')}\n\n${outcomes({ ...calls, ...bounds, ...refused })}`;
  assertGolden(new URL('claims.txt', import.meta.url), text);
});
