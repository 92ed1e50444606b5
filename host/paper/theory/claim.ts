/** The real claim, tried where it could be true: whether reversing wins anywhere at equal shots. */
import type { RuleName } from '../../index.ts';
import type { PairedTest } from '../../study/paired.ts';
import type { Experiment, Results, Scope } from '../experiment.ts';
import { meanOf, saidPair } from '../judge.ts';
import type { Verdict } from '../section.ts';
import { judged, share } from './cells.ts';
import { claimPlot } from './claim-plot.ts';
import {
  type Aim,
  aimsOf,
  bestDescent,
  type Contest,
  contestCells,
  contestTable,
  duel,
  reachedBy,
  REVERSING,
} from './contest.ts';
import { contestsOf } from './contests.ts';

/** A rule that reverses against one that does not. */
interface Bout {
  readonly contest: Contest;
  readonly rule: RuleName;
  readonly against: RuleName;
  readonly aim: Aim;
  readonly test: PairedTest;
  /** Share of its steps that it reversed, mean over the seeds. */
  readonly reversed: number;
}

/** Fewer reversals than this make no difference that would be theirs. */
const HARDLY = 0.005;

/** Every rule that reverses, where it does, against one that does not, by each aim. */
function bouts(scope: Scope, results: Results, against: (contest: Contest, aim: Aim) => RuleName): Bout[] {
  return contestsOf(scope).flatMap((contest) =>
    aimsOf(contest).flatMap((aim) => {
      const other = against(contest, aim);
      return contest.rules
        .filter((rule) => REVERSING.includes(rule))
        .map((rule): Bout => {
          const found = reachedBy(contest, rule, aim, scope, results);
          const reversed = meanOf(found.map((each) => each?.reversed ?? null));
          const test = duel(contest, [rule, other], aim, scope, results);
          return { contest, rule, aim, test, against: other, reversed };
        })
        .filter(({ reversed }) => reversed >= HARDLY);
    }),
  );
}

/** Aims in words. */
const AIMS: Readonly<Record<Aim, string>> = { final: 'final cost', toHalf: 'spent to half' };

/** Whether a test is decided for the first rule, allowing for so many tests. */
const won = ({ mean, p, wins, seeds }: PairedTest, tests: number) =>
  mean !== null && mean < 0 && wins === seeds && (p ?? 1) * tests < 0.05;

function claimVerdict(
  scope: Scope,
  results: Results,
  {
    claim,
    where,
    against,
  }: Pick<Verdict, 'claim' | 'where'> & { readonly against: (contest: Contest, aim: Aim) => RuleName },
): Verdict {
  const all = bouts(scope, results, against);
  const wins = all.filter(({ test }) => won(test, all.length));
  const ahead = all.filter(({ test }) => (test.mean ?? 0) < 0);
  const nearest = [...all].sort((a, b) => (a.test.t ?? Infinity) - (b.test.t ?? Infinity))[0];
  const said = ({ contest, rule, against: other, aim, test, reversed }: Bout) =>
    `${rule} against ${other}, ${contest.title}, ${AIMS[aim]}: ${saidPair(test)}, ${share(reversed)} of its steps reversed`;
  return {
    ...{ claim, where },
    verdict: wins.length === 0 ? 'does not hold' : 'holds only if',
    ...(wins.length > 0 && {
      condition: [...new Set(wins.map(({ contest, aim }) => `${contest.title}: ${AIMS[aim]}`))].join('; '),
    }),
    number: `${wins.length} of ${all.length} comparisons in which steps were reversed are decided for reversing (better on every seed, p below 0.05 / ${all.length}), ${ahead.length} lie on its side\n${wins.length > 0 ? '' : 'the nearest: '}${(wins.length > 0 ? wins.slice(0, 4) : [nearest]).map(said).join('\n')}`,
    ...judged('theory-claim', scope),
  };
}

function remark2(scope: Scope, results: Results): Verdict {
  const all = contestsOf(scope).map((contest) => ({
    contest,
    test: duel(contest, ['nlr', 'two-rates'], 'final', scope, results),
  }));
  const better = all.filter(({ test }) => won(test, all.length));
  const worse = all.filter(({ test }) => (test.mean ?? 0) > 0 && test.losses === test.seeds);
  return {
    claim: 'the sign flip is better than two positive rates',
    where: 'Remark 2',
    verdict: better.length === 0 ? 'does not hold' : better.length === all.length ? 'holds' : 'holds only if',
    ...(better.length > 0 &&
      better.length < all.length && { condition: better.map(({ contest }) => contest.title).join('; ') }),
    number: `NLR against two-rates, final cost: decided for NLR in ${better.length} of ${all.length} settings, worse on every seed in ${worse.length}\n${all
      .slice(0, 3)
      .map(({ contest, test }) => `${contest.title}: ${saidPair(test)}`)
      .join('\n')}`,
    ...judged('theory-claim', scope),
  };
}

/** The claim. */
export const CLAIM: Experiment = {
  id: 'theory-claim',
  title: 'The claim where it could be true',
  about:
    "Whether going against the gradient helps anywhere: plateaus, global and local observables, saddles, flat starts and every initialiser, all rules at equal shots (exact ones at equal steps). Every rule has its rate chosen on other seeds out of three, for the final cost and for what is spent to half of the first one by itself; eta' = 2 eta. Costs are exact, of 1 - <O> behind the paper's circuit on |0...0>; adam-reversal needs samples and has a setting with data.",
  pictures: ['claim'],
  cells: (scope, known) => contestsOf(scope).flatMap((contest) => contestCells(contest, scope, known)),
  summarise: (scope, results) => ({
    ...{ id: 'theory-claim', title: CLAIM.title, about: CLAIM.about },
    plots: [claimPlot(scope, results)],
    tables: contestsOf(scope).map((contest, i) => contestTable(contest, `claim-${i + 1}`, scope, results)),
    verdicts: [
      claimVerdict(scope, results, {
        claim: 'reversals escape flat regions better than optimisers that never reverse, at equal shots',
        where: 'abstract, sections I, V.D and VII',
        against: (contest, aim) => bestDescent(contest, aim, scope, results),
      }),
      claimVerdict(scope, results, {
        claim: 'reversals are better than plain gradient descent, at equal shots',
        where: 'abstract, section V.D',
        against: () => 'sgd',
      }),
      remark2(scope, results),
    ],
    notes: scope.quick
      ? ['Cut: the settings with n = 10 and the flat start with n = 8 are in the full report alone.']
      : [],
  }),
};
