/**
 * The choice of a configuration by cross-validation. It is given the training rows and nothing else. Everything of the
 * grid is trained on some folds with few steps; the best are trained on more folds, with few and with many steps, and
 * the one with the highest mean accuracy is chosen, at equal accuracies that with the least log loss. Where a grid has
 * further steps and the longest training was best, it competes with still longer ones on the same folds. Preprocessing
 * is fitted to each fold's own training part.
 */
import type { Dataset } from '../../host/data/dataset.ts';
import { fitPipeline } from '../../host/data/fit.ts';
import { transformDataset } from '../../host/data/preprocess.ts';
import { hashOf } from '../claim/cells.ts';
import type { AccuracyFinding } from '../results/accuracy.ts';
import type { Job, Outcome, Rows, Trains } from './cells.ts';
import { type Configuration, configurations, retrained } from './grid.ts';
import { foldOf, FOLDS } from './folds.ts';
import { inOnePage } from './page.ts';
import type { AccuracySet } from './sets.ts';

/** What a search starts its trainings from: none of the seeds of the final ones. */
export const CHOOSING_SEED = 1001;

/** What was chosen, and by what. */
export interface Choice {
  readonly configuration: Configuration;
  /** Mean accuracy of the chosen one over its validation folds, and of the next; the number that was tried. */
  readonly accuracy: number;
  readonly next: number;
  readonly tried: number;
  readonly trainings: number;
}

/** Choices that were made here. */
const MADE = new WeakSet<Choice>();

/** Whether a choice has been made by cross-validation, and is not just an object that looks like one. */
export const isMade = (choice: Choice): boolean => MADE.has(choice);

/** A configuration with how it fared. */
interface Scored {
  readonly configuration: Configuration;
  readonly accuracy: number;
  readonly logLoss: number;
}

const meanOf = (outcomes: readonly Outcome[], of: 'accuracy' | 'logLoss') =>
  outcomes.reduce((sum, outcome) => sum + outcome[of], 0) / outcomes.length;

/** Better ones first. */
const order = (a: Scored, b: Scored) => b.accuracy - a.accuracy || a.logLoss - b.logLoss;

/** Rows as a configuration's model takes them, with preprocessing that is fitted to the rows to train on. */
export function prepared(configuration: Configuration, train: Dataset, evaluated: Dataset): Rows {
  const { pipeline, training } = fitPipeline(train, configuration.preprocessing);
  return { train: training, evaluated: transformDataset(pipeline, evaluated) };
}

/** Rows of folds, each prepared once for a preprocessing and kept. */
function foldRows(train: Dataset): (configuration: Configuration, fold: number) => Promise<Rows> {
  const kept = new Map<string, Promise<Rows>>();
  return async (configuration, index) => {
    const key = hashOf([configuration.preprocessing, index]);
    const found = kept.get(key);
    if (found) return found;
    const fold = foldOf(train, index);
    const rows = Promise.resolve(prepared(configuration, fold.train, fold.validation));
    kept.set(key, rows);
    return rows;
  };
}

/** Chooses. @param train the training rows of the set @throws RangeError where no configuration fits in a page */
export async function choose(
  set: Pick<AccuracySet, 'title' | 'data' | 'grid' | 'folds'>,
  train: Dataset,
  trains: Trains,
): Promise<Choice> {
  const { grid, folds, data, title } = set;
  const rowsOf = foldRows(train);
  let trainings = 0;
  const round = async (tried: readonly Configuration[], count: number, what: string): Promise<Scored[]> => {
    const jobs = tried.flatMap((configuration) =>
      Array.from({ length: count }, (_, fold): Job => {
        const split = `order ${1 + Math.floor(fold / FOLDS)}, fold ${1 + (fold % FOLDS)} of ${FOLDS}`;
        const cell = { data, split, configuration, seed: CHOOSING_SEED + fold, readings: [] };
        return { cell, rows: async () => rowsOf(configuration, fold) };
      }),
    );
    trainings += jobs.length;
    const outcomes = await trains.run(jobs, `${title}: ${what}`);
    return tried
      .map((configuration, i) => {
        const own = outcomes.slice(i * count, (i + 1) * count);
        return { configuration, accuracy: meanOf(own, 'accuracy'), logLoss: meanOf(own, 'logLoss') };
      })
      .sort(order);
  };
  const [few, many] = grid.steps;
  const all = await inOnePage(configurations(grid, few));
  if (all.length === 0) throw new RangeError(`${title}: nothing of the grid fits in a page`);
  const first = await round(all, folds.first, 'everything');
  const best = first.slice(0, folds.kept).map(({ configuration }) => configuration);
  const longer = best.map((configuration) => retrained(configuration, { steps: many }));
  const second = await round([...best, ...longer], folds.second, 'the best');
  const { configuration: leader } = second[0];
  const isAtEdge = leader.training.steps === many;
  const further = (isAtEdge ? (grid.further ?? []) : []).map((steps) => retrained(leader, { steps }));
  const third = await round(further, folds.second, 'longer');
  const [chosen, next] = [...second, ...third].sort(order);
  const choice: Choice = Object.freeze({
    configuration: chosen.configuration,
    accuracy: chosen.accuracy,
    next: next.accuracy,
    tried: all.length + longer.length + further.length,
    trainings,
  });
  MADE.add(choice);
  return choice;
}

/** The choice that a record is of, made again without its trainings. @throws RangeError where the grid has no such configuration */
export function chosenBefore(
  { grid, title }: Pick<AccuracySet, 'title' | 'grid'>,
  { recipe, circuit, rate, steps, validation, next, tried, trainings }: AccuracyFinding['chosen'],
): Choice {
  const configuration = configurations(grid, steps).find(
    (each) => each.recipe === recipe && each.circuit === circuit && each.training.rate === rate,
  );
  if (configuration === undefined)
    throw new RangeError(`${title}: what is recorded, ${recipe}, ${circuit}, is not in its grid`);
  const choice: Choice = Object.freeze({ configuration, accuracy: validation, next, tried, trainings });
  MADE.add(choice);
  return choice;
}
