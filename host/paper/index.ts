/** All experiments of the paper, and how they are run. For Node alone; the command `reproduce` is made of it. */
import { CONSISTENCY } from './consistency.ts';
import type { Experiment } from './experiment.ts';
import { FIGURES } from './figures/index.ts';
import { BY_NUMBER } from './tables/by-number.ts';
import { OPTIMISER_TABLES } from './tables/optimisers.ts';
import { STRATEGY_TABLE } from './tables/strategies.ts';
import { THEORY } from './theory/index.ts';

const numberOf = ({ id }: Experiment) => Number(id.replace(/^\D*/, ''));

/** Every experiment, in the order in which a report has them. */
export const EXPERIMENTS: readonly Experiment[] = [
  ...[...BY_NUMBER, ...OPTIMISER_TABLES, STRATEGY_TABLE].sort((a, b) => numberOf(a) - numberOf(b)),
  ...FIGURES,
  ...THEORY,
  CONSISTENCY,
];

/** Words that mean several. */
const GROUPS: Readonly<Record<string, (id: string) => boolean>> = {
  all: () => true,
  theory: (id) => id.startsWith('theory'),
};

/** Words that name experiments. */
export const EXPERIMENT_WORDS: readonly string[] = [
  ...EXPERIMENTS.map(({ id }) => id).filter((id) => !id.startsWith('theory-')),
  ...Object.keys(GROUPS),
];

/** The experiments that some words name, in the order of reports; of no word all. Undefined for a word that names none. */
export function experimentsOf(words: readonly string[]): readonly Experiment[] | undefined {
  const named = words.length === 0 ? ['all'] : words;
  const picks = named.map((word) => GROUPS[word] ?? ((id: string) => id === word));
  const isKnown = named.every((word, i) => word in GROUPS || EXPERIMENTS.some(({ id }) => picks[i](id)));
  return isKnown ? EXPERIMENTS.filter(({ id }) => picks.some((pick) => pick(id))) : undefined;
}

export type { Experiment, PaperCell, Results, Scope, ValueCell } from './experiment.ts';
export { preparer, type Sources } from './problems.ts';
export { alongside, digits } from './digits.ts';
export { flagsOf } from './judge.ts';
export { typeset } from './typeset.ts';
export { type PaperProgress, type PaperRun, type Report, type Round, runPaper } from './run.ts';
export type { Drawing, Measured, Plot, Row, Section, SectionTable, Unit, Verdict } from './section.ts';
