/** What every rule comes to in every setting of the claim, as one picture. */
import type { RuleName } from '../../index.ts';
import type { Results, Scope } from '../experiment.ts';
import type { Plot } from '../section.ts';
import { meanOf, said } from '../judge.ts';
import { bestDescent, reachedBy } from './contest.ts';
import { contestsOf } from './contests.ts';

/** Colours of the rules; those that never reverse are pale. */
const COLOURS: Readonly<Record<string, string>> = {
  sgd: '#7f7f7f',
  momentum: '#56b4e9',
  adam: '#0072b2',
  'two-rates': '#009e73',
  nlr: '#d55e00',
  'nlr-guarded': '#e69f00',
  'adam-reversal': '#cc79a7',
};
const ROW = 26;

/** A row for each setting, a point for each rule: its mean final cost by that of the best rule that never reverses. */
export function claimPlot(scope: Scope, results: Results): Plot {
  const contests = contestsOf(scope);
  const values = contests.flatMap((contest) => {
    const mean = (rule: RuleName) =>
      meanOf(reachedBy(contest, rule, 'final', scope, results).map((each) => each?.final ?? null));
    const best = mean(bestDescent(contest, 'final', scope, results));
    return contest.rules.flatMap((rule) => {
      const ratio = mean(rule) / best;
      return ratio > 0 && ratio < Infinity ? [{ setting: contest.title, rule, ratio }] : [];
    });
  });
  const domain = Object.keys(COLOURS);
  const title = 'Final cost of every rule in every setting';
  const ratios = values.flatMap(({ rule, ratio }) => (rule === 'nlr' ? [ratio] : []));
  return {
    ...{ name: 'claim', title },
    description: `Means over the seeds, each rule at its own rate, by that of the best rule that never reverses; triangles reverse. NLR ends at ${said(Math.min(...ratios))} to ${said(Math.max(...ratios))} times its cost.`,
    spec: {
      ...{ title, width: 360, height: ROW * contests.length, data: { values } },
      mark: { type: 'point', filled: true, size: 75, opacity: 0.9 },
      encoding: {
        y: {
          ...{
            field: 'setting',
            type: 'nominal',
            title: null,
            sort: contests.map((contest) => contest.title),
          },
          axis: { labelLimit: 520, grid: true, ticks: false },
        },
        x: {
          ...{ field: 'ratio', type: 'quantitative', title: 'final cost / that of the best descent' },
          scale: { type: 'log', nice: false, padding: 10 },
          axis: { values: [0.1, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000], format: '~g' },
        },
        color: {
          ...{ field: 'rule', type: 'nominal', title: null },
          scale: { domain, range: domain.map((rule) => COLOURS[rule]) },
          legend: { columns: 4, symbolOpacity: 1 },
        },
        shape: {
          ...{ field: 'rule', type: 'nominal', title: null },
          scale: {
            domain,
            range: domain.map((rule) => (/nlr|reversal/.test(rule) ? 'triangle-up' : 'circle')),
          },
        },
      },
    },
  };
}
