/**
 * The search for an arm's settings on a task at a budget, on seeds of its own: every combination of the coarse options
 * on a few seeds, the best of them with every combination of the fine ones on more, and the best of those on all. What
 * counts is the mean of the exact loss after the last step.
 */
import { plan } from '../../host/index.ts';
import type { ArmFinding } from '../results/claim.ts';
import { type Arm, combinations, FIRST } from './arms.ts';
import type { Setting } from './cells.ts';
import { cellsOf, type Laboratory } from './laboratory.ts';
import { TASKS } from './tasks.ts';

/** How thorough a search is: seeds of each of the three rounds, and how many settings reach the second and the third. */
export interface Search {
  readonly seeds: readonly [number, number, number];
  readonly kept: readonly [number, number];
}

/** The first of the seeds that settings are searched on. */
export const FIRST_TUNING_SEED = 1001;

/** What a search has found, and what it took. */
export interface Tuned {
  readonly setting: Setting;
  readonly search: NonNullable<ArmFinding['tuning']>;
}

/** A setting with its mean loss. */
interface Scored {
  readonly setting: Setting;
  readonly loss: number;
}

/** Whether a budget pays for a step. */
async function isPaid(task: string, setting: Setting, budget: number): Promise<boolean> {
  const { stepsPaid } = await plan(TASKS[task].model, { ...setting, shotsBudget: budget });
  return stepsPaid !== null && stepsPaid > 0;
}

/** Searches. @returns the arm as it is where it has nothing to search */
export async function tuned(
  laboratory: Laboratory,
  task: string,
  arm: Arm,
  budget: number,
  search: Search,
): Promise<Tuned | undefined> {
  const { coarse, fine = {} } = arm;
  if (coarse === undefined) return undefined;
  const tried = new Set<string>();
  const charged = new Map<string, number>();
  const round = async (settings: readonly Setting[], seedCount: number): Promise<Scored[]> => {
    const seeds = Array.from({ length: seedCount }, (_, i) => FIRST_TUNING_SEED + i);
    const cells = settings.flatMap((setting) => cellsOf(task, setting, seeds, budget));
    const outcomes = await laboratory.run(cells, `${task}, ${arm.title}, ${budget} shots: search`);
    for (const setting of settings) tried.add(JSON.stringify(setting));
    // A later round has some trainings of the ones before again.
    cells.forEach((cell, i) => charged.set(JSON.stringify(cell), outcomes[i].shots));
    return settings
      .map((setting, i) => {
        const own = outcomes.slice(i * seedCount, (i + 1) * seedCount);
        return { setting, loss: own.reduce((sum, { loss }) => sum + loss, 0) / seedCount };
      })
      .sort((a, b) => a.loss - b.loss);
  };
  const [first, second, third] = search.seeds;
  const all = coarse(budget)
    .flatMap(combinations)
    .map((setting) => ({ ...arm.fixed, ...FIRST, ...setting }));
  const paid = await Promise.all(all.map(async (setting) => isPaid(task, setting, budget)));
  const coarsely = await round(
    all.filter((_, i) => paid[i]),
    first,
  );
  const refined = coarsely
    .slice(0, search.kept[0])
    .flatMap(({ setting }) => combinations(fine).map((own) => ({ ...setting, ...own })));
  const finely = await round(refined, second);
  const [best, next] = await round(
    finely.slice(0, search.kept[1]).map(({ setting }) => setting),
    third,
  );
  const shots = [...charged.values()].reduce((sum, each) => sum + each, 0);
  return {
    setting: best.setting,
    search: { settings: tried.size, shots, loss: best.loss, next: next?.loss ?? best.loss },
  };
}
