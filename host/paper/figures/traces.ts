/** Trainings of the paper step by step, plain descent and NLR, as Figures 2 and 3 draw them. */
import type { RuleName } from '../../index.ts';
import { quantilesOf } from '../../study/spread.ts';
import type { Results, Scope } from '../experiment.ts';
import { type SetUp, problemOf, trainRows } from '../problems.ts';
import { modelOf, type Reading, readingsOf, settingOf, stepsOf } from '../readings.ts';
import type { Trace, TraceInput } from '../runners/trace.ts';
import { answered, asked, type Asked } from '../theory/cells.ts';

/** The two that the paper draws. */
export const DRAWN = [
  { name: 'standard', rule: 'sgd', colour: '#0072b2' },
  { name: 'NLR', rule: 'nlr', colour: '#d55e00' },
] as const satisfies readonly { readonly name: string; readonly rule: RuleName; readonly colour: string }[];

const SET_UP: SetUp = { set: 'gaussians', encoding: 'amplitude' };
const LOOKS = 40;
const SEEDS = 5;

/** Readings that are drawn, and the seeds. */
export const tracedReadings = (scope: Scope) => readingsOf(scope);
export const tracedSeeds = ({ seeds }: Scope) => seeds.slice(0, SEEDS);

function cellOf(rule: RuleName, reading: Reading, scope: Scope, seed: number): Asked<Trace> {
  const steps = stepsOf(reading, scope, trainRows(SET_UP, scope));
  const input: TraceInput = {
    problem: problemOf(SET_UP, modelOf(reading), scope),
    training: { ...settingOf(reading, steps), rule, seed },
    looks: LOOKS,
  };
  return asked('trace', `steps of ${rule}, ${reading.title}, seed ${seed}`, input, steps * 3e-3);
}

/** All of them. */
export const traceCells = (scope: Scope) =>
  tracedReadings(scope).flatMap((reading) =>
    DRAWN.flatMap(({ rule }) => tracedSeeds(scope).map((seed) => cellOf(rule, reading, scope, seed).cell)),
  );

/** Those of a rule in a reading. */
export const tracesOf = (rule: RuleName, reading: Reading, scope: Scope, results: Results): Trace[] =>
  tracedSeeds(scope).flatMap((seed) => answered(results, cellOf(rule, reading, scope, seed)) ?? []);

/** A point of the band over the seeds. */
export interface BandPoint {
  readonly step: number;
  readonly low: number;
  readonly median: number;
  readonly high: number;
}

/** Median and quartiles of rows that are as long. @param steps of the places in them */
export function bandOf(steps: readonly number[], rows: readonly (readonly number[])[]): BandPoint[] {
  if (rows.length === 0) return [];
  return steps.map((step, i) => {
    const [low, median, high] = quantilesOf(
      rows.map((row) => row[i]),
      [0.25, 0.5, 0.75],
    );
    return { step, low, median, high };
  });
}

/** Means of so many neighbours each. */
export function thinned(values: readonly number[], each: number): number[] {
  return Array.from({ length: Math.floor(values.length / each) }, (_, i) => {
    const some = values.slice(i * each, (i + 1) * each);
    return some.reduce((sum, value) => sum + value, 0) / each;
  });
}

/** The colours of the two. */
export const COLOUR = {
  ...{ field: 'training', type: 'nominal', title: null },
  scale: { domain: DRAWN.map(({ name }) => name), range: DRAWN.map(({ colour }) => colour) },
  legend: { symbolType: 'stroke', symbolOpacity: 1, symbolStrokeWidth: 3 },
};

/** Widths and dashes of the two: NLR is drawn over the other one, and where both are the same both are seen. */
export const STROKE = {
  strokeWidth: { condition: { test: `datum.training === '${DRAWN[0].name}'`, value: 3 }, value: 1.6 },
  strokeDash: { condition: { test: `datum.training === '${DRAWN[0].name}'`, value: [1, 0] }, value: [6, 3] },
};

/** The scale of some values: by powers of ten where they are far apart. */
export const scaleOf = (values: readonly number[]) =>
  Math.min(...values) > 0 && Math.max(...values) > 20 * Math.min(...values)
    ? { type: 'log', nice: false }
    : { zero: false };
