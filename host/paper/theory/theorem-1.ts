/** Theorem 1: how far a step goes in the mean square, with reversals and with backtracking, against Eq. 16. */
import type { Experiment, Results, Scope } from '../experiment.ts';
import { said } from '../judge.ts';
import type { Row, Verdict } from '../section.ts';
import type { Tentative } from '../runners/tentative.ts';
import { answered, judged, share } from './cells.ts';
import {
  meanSquareRate,
  provenDiffusion,
  secondMoment,
  statedDiffusion,
  turningShare,
  meanRate,
} from './diffusion.ts';
import { allSteps, LANDSCAPES, placesOf, stepsAt, type Landscape } from './tentative-places.ts';

/** Steps at a rate, with what Eq. 16 says of them. */
interface Held {
  readonly landscape: Landscape;
  readonly rate: number;
  readonly found: Tentative;
  readonly reversing: number;
  readonly backtracking: number;
}

/** d of the paper's circuit. */
const dimensionsOf = ({ problem }: Landscape) => 3 * problem.qubits * problem.layers;

function held(scope: Scope, results: Results): Held[] {
  return LANDSCAPES.flatMap((landscape) =>
    landscape.rates.flatMap((rate): Held[] => {
      const found = answered(results, stepsAt(landscape, rate, scope));
      if (found === undefined) return [];
      const { noticed, square, backtrackedSquare } = found;
      const moment = (violated: number) => secondMoment(meanSquareRate(noticed, rate, violated), square);
      return [
        {
          ...{ landscape, rate, found, reversing: moment((2 * rate) ** 2) },
          backtracking: moment(backtrackedSquare ?? 0),
        },
      ];
    }),
  );
}

function rowOf({ landscape, rate, found, reversing, backtracking }: Held): Row {
  const stated = statedDiffusion(found.reversing);
  return {
    name: `${landscape.title}, eta = ${rate}`,
    cells: [
      ...[found.noticed, found.reversing, reversing / found.reversing],
      ...[found.backtracking, backtracking / found.backtracking],
      ...[stated / provenDiffusion(found.reversing, dimensionsOf(landscape))],
      meanRate(found.noticed, { rate, negativeRate: 2 * rate }) / rate,
    ],
  };
}

function verdicts(scope: Scope, results: Results): Verdict[] {
  const all = held(scope, results);
  const tested = all.filter(({ found }) => found.noticed > 0);
  const ordered = tested.filter(({ found }) => found.reversing > found.backtracking);
  const off = Math.max(...tested.map(({ found, reversing }) => Math.abs(reversing / found.reversing - 1)));
  const negative = tested.filter(({ found }) => found.noticed > turningShare({ rate: 1, negativeRate: 2 }));
  const examples = negative
    .slice(0, 3)
    .map(
      ({ landscape, rate, found }) =>
        `${landscape.title}, eta ${rate}: p ${share(found.noticed)}, ${said(meanRate(found.noticed, { rate: 1, negativeRate: 2 }))} eta`,
    )
    .join('; ');
  return [
    {
      claim: 'a step with reversals goes farther in the mean square than one with backtracking, D_NLR > D_BT',
      where: 'Theorem 1, Eq. 16',
      verdict: ordered.length === tested.length ? 'holds' : 'holds only if',
      ...(ordered.length !== tested.length && { condition: 'there are violations' }),
      number: `on ${ordered.length} of ${tested.length} landscapes and rates with violations; Eq. 16 is within ${share(off)} of the measured E|Delta theta|^2`,
      ...judged('theory-theorem-1', scope, 1),
    },
    {
      claim: "eta' > E[backtracked rate] is enough for D_NLR > D_BT",
      where: 'Theorem 1',
      verdict: 'holds only if',
      condition:
        "the backtracked rates do not spread: what is compared is eta'^2 with E[rate^2], and E[rate]^2 <= E[rate^2]; with the proof's eta' >= eta it always is",
      number:
        "rates 0 and 1 at even odds have the mean 0.5 and the mean square 0.5: eta' = 0.6 exceeds the mean, and 0.36 < 0.5",
      ...judged('theory-theorem-1', scope, 0),
    },
    {
      claim: 'a larger diffusion coefficient means that NLR makes its way off the plateau faster',
      where: 'Theorem 1, abstract',
      verdict: negative.length > 0 ? 'does not hold' : 'holds only if',
      ...(negative.length === 0 && { condition: "p_t stays below eta/(eta + eta')" }),
      number: `the second moment says how far, not where to: the mean signed rate (1 - p) eta - p eta' is below zero on ${negative.length} of ${tested.length} landscapes and rates${negative.length === 0 ? '' : ` (${examples}), where p_t is above a third`}`,
      ...judged('theory-theorem-1', scope, 1),
    },
  ];
}

/** Theorem 1. */
export const THEOREM_1: Experiment = {
  id: 'theory-theorem-1',
  title: 'Theorem 1: reversals and backtracking in the mean square',
  about:
    "Eq. 16 has D = [(1 - p) eta^2 + p eta'^2] sigma^2 with E|g|^2 = sigma^2, which is E|Delta theta|^2 itself; the proof has D = E|Delta theta|^2 / (2 d) and E|g|^2 = d sigma^2, and then leaves its 1/2 out: the two differ by 2 d. Measured is E|Delta theta|^2 over the places; Eq. 16 is worked out with the measured p, E|g|^2 and E[backtracked rate^2].",
  cells: (scope) => allSteps(scope),
  summarise: (scope, results) => ({
    ...{ id: 'theory-theorem-1', title: THEOREM_1.title, about: THEOREM_1.about, plots: [], notes: [] },
    tables: [
      {
        ...{ name: 'moments', title: 'E|Delta theta|^2 of a step' },
        about: `Test and gradient with the landscape's shots; backtracking halves at most 10 times. ${placesOf(scope)} places a row.`,
        columns: [
          { name: 'p_t', unit: 'percent' },
          { name: 'NLR', unit: 'number' },
          { name: 'Eq. 16 / NLR', unit: 'number' },
          { name: 'backtracking', unit: 'number' },
          { name: 'Eq. 16 / backtracking', unit: 'number' },
          { name: 'D of Eq. 16 / of the proof', unit: 'number' },
          { name: 'mean signed rate / eta', unit: 'number' },
        ],
        rows: held(scope, results).map(rowOf),
      },
    ],
    verdicts: verdicts(scope, results),
  }),
};
