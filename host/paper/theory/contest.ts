/** Rules against each other in one setting: rates by seeds of their own, then all from the same others, at equal shots. */
import type { RuleName } from '../../index.ts';
import { Resampler } from '../../study/bootstrap.ts';
import { type PairedTest, pairedTest } from '../../study/paired.ts';
import type { PaperCell, Results, Scope } from '../experiment.ts';
import { meanOf, saidPair } from '../judge.ts';
import type { Row, SectionTable } from '../section.ts';
import { measured } from '../summary.ts';

/** What a training came to. */
export interface Reached {
  readonly final: number;
  /** Spent when the cost was half of what it was at the start; null where it never was. */
  readonly toHalf: number | null;
  readonly violations: number;
  /** Share of reversed steps. */
  readonly reversed: number;
}

/** A setting in which rules compete. */
export interface Contest {
  readonly title: string;
  readonly rules: readonly RuleName[];
  /** The training of a rule. */
  cell(rule: RuleName, rate: number, seed: number, scope: Scope): PaperCell;
  /** Undefined of one that left the finite numbers, or is not finished. */
  reached(results: Results, cell: PaperCell): Reached | undefined;
  /** Whether half of the cost at the start is above the least that there is. */
  readonly halves: boolean;
  /** Rates are not searched but the middle ones. */
  readonly untuned?: (scope: Scope) => boolean;
  /** Seeds that are compared at most. */
  readonly seeds?: (scope: Scope) => readonly number[];
}

/** What rules are compared by, each at the rate that is best for it. */
export type Aim = 'final' | 'toHalf';

/** What of a contest's trainings is compared. */
export const aimsOf = ({ halves }: Contest): readonly Aim[] => (halves ? ['final', 'toHalf'] : ['final']);

/** Rules that go up the gradient. */
export const REVERSING: readonly RuleName[] = ['nlr', 'nlr-guarded', 'adam-reversal'];

const SLOW = [0.01, 0.03, 0.1];
const FAST = [0.03, 0.1, 0.3];
/** Rates that are searched: a step of Adam is about as long as its rate in every coordinate. */
export const ratesOf = (rule: RuleName) => (rule.startsWith('adam') ? SLOW : FAST);

/** Seeds to choose rates by. */
const TUNING = 1000;
const tuningSeeds = ({ quick }: Scope) => Array.from({ length: quick ? 2 : 5 }, (_, i) => TUNING + i);

const resampler = new Resampler(20251122);

/** The seeds that are compared. */
export const seedsOf = ({ seeds }: Contest, scope: Scope) => seeds?.(scope) ?? scope.seeds;

const isUntuned = ({ untuned }: Contest, scope: Scope) => untuned?.(scope) ?? false;

function tuningCells(contest: Contest, rule: RuleName, rate: number, scope: Scope): PaperCell[] {
  return tuningSeeds(scope).map((seed) => contest.cell(rule, rate, seed, scope));
}

/** The rate with the lowest mean over the seeds for that; undefined before all of them are finished. */
export function rateOf(
  contest: Contest,
  rule: RuleName,
  aim: Aim,
  scope: Scope,
  results: Results,
): number | undefined {
  const rates = ratesOf(rule);
  if (isUntuned(contest, scope)) return rates[1];
  const means = rates.map((rate) => {
    const cells = tuningCells(contest, rule, rate, scope);
    if (!cells.every((cell) => results.has(cell))) return undefined;
    // One that leaves the finite numbers, or never comes to half, is the worst.
    return cells.reduce((sum, cell) => sum + (contest.reached(results, cell)?.[aim] ?? Infinity), 0);
  });
  if (means.includes(undefined)) return undefined;
  const least = Math.min(...(means as number[]));
  return rates[means.indexOf(least)];
}

/** What has to be run: first what rates are chosen by. */
export function contestCells(contest: Contest, scope: Scope, known: Results): PaperCell[] {
  return contest.rules.flatMap((rule) => {
    const tuning = isUntuned(contest, scope)
      ? []
      : ratesOf(rule).flatMap((rate) => tuningCells(contest, rule, rate, scope));
    const chosen = aimsOf(contest).map((aim) => rateOf(contest, rule, aim, scope, known));
    const rates = [...new Set(chosen)].filter((rate) => rate !== undefined);
    return [
      ...tuning,
      ...rates.flatMap((rate) =>
        seedsOf(contest, scope).map((seed) => contest.cell(rule, rate, seed, scope)),
      ),
    ];
  });
}

/** A rule from every seed. */
export function reachedBy(
  contest: Contest,
  rule: RuleName,
  aim: Aim,
  scope: Scope,
  results: Results,
): (Reached | undefined)[] {
  const rate = rateOf(contest, rule, aim, scope, results) as number;
  return seedsOf(contest, scope).map((seed) =>
    contest.reached(results, contest.cell(rule, rate, seed, scope)),
  );
}

const values = (found: readonly (Reached | undefined)[], aim: Aim) =>
  found.map((each) => each?.[aim] ?? null);

/** One rule against another, seed by seed, each at its own rate. */
export function duel(
  contest: Contest,
  [rule, against]: readonly [RuleName, RuleName],
  aim: Aim,
  scope: Scope,
  results: Results,
): PairedTest {
  const [one, other] = [rule, against].map((each) =>
    values(reachedBy(contest, each, aim, scope, results), aim),
  );
  return pairedTest(
    one.map((value, i) => [value, other[i]]),
    true,
    resampler,
  );
}

/** The best of the rules that never reverse, by the mean; those that came to half on every seed first. */
export function bestDescent(contest: Contest, aim: Aim, scope: Scope, results: Results): RuleName {
  const mean = (rule: RuleName) => {
    const found = values(reachedBy(contest, rule, aim, scope, results), aim);
    return found.includes(null) ? Infinity : meanOf(found);
  };
  return contest.rules
    .filter((rule) => !REVERSING.includes(rule))
    .reduce((best, rule) => (mean(rule) < mean(best) ? rule : best));
}

/** The table of a setting. */
export function contestTable(contest: Contest, name: string, scope: Scope, results: Results): SectionTable {
  const aims = aimsOf(contest);
  const best = aims.map((aim) => bestDescent(contest, aim, scope, results));
  const rows = contest.rules.map((rule): Row => {
    const of = (aim: Aim) => reachedBy(contest, rule, aim, scope, results);
    const [final, toHalf] = [of('final'), of('toHalf')];
    const failed = final.filter((each) => each === undefined).length;
    const against = (aim: Aim, i: number) =>
      rule === best[i] ? 'best descent' : saidPair(duel(contest, [rule, best[i]], aim, scope, results));
    const rates = aims.map((aim) => rateOf(contest, rule, aim, scope, results));
    const half = values(toHalf, 'toHalf');
    return {
      name: `${rule}, eta = ${[...new Set(rates)].join(' / ')}`,
      cells: [
        measured(values(final, 'final')),
        against('final', 0),
        ...(contest.halves
          ? [
              measured(half),
              `${half.filter((each) => each !== null).length} of ${half.length}`,
              against('toHalf', 1),
            ]
          : []),
        measured(final.map((each) => each?.violations)),
        measured(final.map((each) => each?.reversed)),
      ],
      ...(failed > 0 && { failed }),
    };
  });
  return {
    ...{ name, title: contest.title, rows },
    about: isUntuned(contest, scope) ? 'Rates are not searched here.' : '',
    columns: [
      { name: 'final cost', unit: 'number' },
      { name: 'against best descent', unit: 'number' },
      ...(contest.halves
        ? [
            { name: 'spent to half', unit: 'count' as const },
            { name: 'came to half', unit: 'count' as const },
            { name: 'against best descent', unit: 'count' as const },
          ]
        : []),
      { name: 'p_t', unit: 'percent' },
      { name: 'reversed', unit: 'percent' },
    ],
  };
}
