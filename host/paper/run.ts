/** Runs experiments: their cells, each once whoever names it, and what they come to. */
import { type Cell, hashOf, type Problem } from '../study/cell.ts';
import type { CellOutcome } from '../study/result.ts';
import { type CellProgress, runCells } from '../study/run-cells.ts';
import type { CellStore, KeptValue } from '../study/store.ts';
import type { Prepared } from '../study/train-cell.ts';
import { version } from '../../package.json';
import { CellCosts } from './estimate.ts';
import { type Experiment, hashOfPaperCell, type PaperCell, type Results, type Scope } from './experiment.ts';
import { runValues } from './run-values.ts';
import type { Section } from './section.ts';

/** What experiments came to, as plain data: the same whatever ran the cells, and however often it was interrupted. */
export interface Report {
  readonly format: 1;
  readonly version: string;
  /** What makes it again. */
  readonly command: string;
  readonly scope: Scope;
  readonly sections: readonly Section[];
  /** Cells of each experiment, and SHA-256 of all that became of them. */
  readonly hashes: Readonly<Record<string, { readonly cells: number; readonly sha256: string }>>;
  /** What the file was written on, for people; nothing in it depends on that. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** A round of cells that are run together, before the first of them is. */
export interface Round {
  readonly cells: readonly PaperCell[];
  /** Seconds that each should take; 0 of those that the store has. */
  readonly seconds: readonly number[];
  /** Cells that the store has. */
  readonly kept: number;
}

/** How far a cell of a round is. */
export interface PaperProgress {
  readonly index: number;
  readonly step: number;
  readonly steps: number;
  readonly done: boolean;
}

/** How experiments are run. */
export interface PaperRun {
  /** Makes data and model of a problem: see `preparer`. */
  readonly prepare: (problem: Problem, seed: number) => Promise<Prepared>;
  readonly store?: CellStore;
  /** At once; default one for each processor. No result depends on it. */
  readonly threads?: number;
  readonly signal?: AbortSignal;
  /** Hears of each round. */
  readonly onRound?: (round: Round) => void;
  readonly onProgress?: (progress: PaperProgress) => void;
  /** Hears of each experiment's cells at the end, with the seconds of each: those are in no report. */
  readonly onTimes?: (id: string, cell: PaperCell, seconds: number) => void;
}

type Outcome = CellOutcome | KeptValue;

/** What is known so far. */
class Known implements Results {
  readonly #outcomes = new Map<string, Outcome>();
  /** Hashes by the cells' texts: a hash takes a hundred times as long. */
  readonly #hashes = new Map<string, string>();

  hash(cell: PaperCell): string {
    const text = JSON.stringify(cell.kind === 'training' ? cell.cell : [cell.runner, cell.input]);
    const hash = this.#hashes.get(text) ?? hashOfPaperCell(cell);
    this.#hashes.set(text, hash);
    return hash;
  }

  add(outcome: Outcome): void {
    this.#outcomes.set(outcome.hash, outcome);
  }

  of(cell: PaperCell): Outcome | undefined {
    return this.#outcomes.get(this.hash(cell));
  }

  readonly has = (cell: PaperCell) => this.of(cell) !== undefined;

  readonly training: Results['training'] = (cell: Cell) => {
    const found = this.of({ kind: 'training', cell });
    return found && 'result' in found ? found.result : undefined;
  };

  readonly value: Results['value'] = (cell) => {
    const found = this.of(cell);
    return found && 'value' in found ? found.value : undefined;
  };
}

/** Cells that are not known yet, each once, the dearest first so that the last ones to end are short. */
async function missing(
  experiments: readonly Experiment[],
  scope: Scope,
  known: Known,
  { costs, store }: { readonly costs: CellCosts; readonly store: CellStore | undefined },
): Promise<Round> {
  const found = new Map<string, PaperCell>();
  for (const experiment of experiments)
    for (const cell of experiment.cells(scope, known))
      if (!known.has(cell)) found.set(known.hash(cell), cell);
  const costed: { cell: PaperCell; seconds: number }[] = [];
  let kept = 0;
  for (const [hash, cell] of found) {
    const isKept = (store?.get(hash) ?? store?.valueOf(hash)) !== undefined;
    kept += Number(isKept);
    costed.push({ cell, seconds: isKept ? 0 : await costs.of(cell) });
  }
  costed.sort((a, b) => b.seconds - a.seconds);
  return { cells: costed.map(({ cell }) => cell), seconds: costed.map(({ seconds }) => seconds), kept };
}

/** Runs a round. */
async function runRound({ cells }: Round, known: Known, run: PaperRun): Promise<void> {
  const { prepare, store, threads, signal, onProgress } = run;
  const shared = { store, threads, signal };
  const places = (kind: PaperCell['kind']) => cells.flatMap((cell, i) => (cell.kind === kind ? [i] : []));
  const trainings = places('training');
  const outcomes = await runCells(
    trainings.map((i) => (cells[i] as Extract<PaperCell, { kind: 'training' }>).cell),
    {
      ...{ ...shared, prepare },
      onProgress: ({ index, step, steps, outcome }: CellProgress) =>
        onProgress?.({ index: trainings[index], step, steps, done: outcome !== undefined }),
    },
  );
  for (const outcome of outcomes) known.add(outcome);
  const values = places('value');
  const found = await runValues(
    values.map((i) => cells[i] as Extract<PaperCell, { kind: 'value' }>),
    { ...shared, onDone: (i) => onProgress?.({ index: values[i], step: 1, steps: 1, done: true }) },
  );
  for (const outcome of found) known.add(outcome);
}

/** What became of an experiment's cells, without times. */
function hashesOf(experiment: Experiment, scope: Scope, known: Known) {
  const cells = experiment.cells(scope, known);
  const what = [...new Set(cells.map((cell) => known.hash(cell)))].sort().map((hash) => {
    const outcome = cells.map((cell) => known.of(cell)).find((each) => each?.hash === hash);
    if (outcome === undefined) return [hash];
    if ('result' in outcome) return [hash, outcome.result.trace];
    return [hash, 'value' in outcome ? outcome.value : outcome.failure];
  });
  return { cells: what.length, sha256: hashOf(what) };
}

/**
 * Runs experiments to their end.
 * @throws what a cell that cannot be run throws, named; the signal's reason. What is finished is in the store
 */
export async function runPaper(
  experiments: readonly Experiment[],
  scope: Scope,
  command: string,
  run: PaperRun,
): Promise<Report> {
  const known = new Known();
  const costs = new CellCosts();
  for (;;) {
    const round = await missing(experiments, scope, known, { costs, store: run.store });
    if (round.cells.length === 0) break;
    run.onRound?.(round);
    await runRound(round, known, run);
  }
  for (const experiment of experiments) {
    for (const cell of experiment.cells(scope, known))
      run.onTimes?.(experiment.id, cell, known.of(cell)?.seconds ?? 0);
  }
  return {
    ...{ format: 1, version, command, scope },
    sections: experiments.map((experiment) => experiment.summarise(scope, known)),
    hashes: Object.fromEntries(
      experiments.map((experiment) => [experiment.id, hashesOf(experiment, scope, known)]),
    ),
  };
}
