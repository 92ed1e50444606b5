/** Section III-A: the global cost over clients, with reversals by the aggregate. */
import { PAPER, type TrainingOptions } from '../../index.ts';
import type { Experiment, Results, Scope } from '../experiment.ts';
import { meanOf, said } from '../judge.ts';
import type { ClientsInput, ClientsResult } from '../runners/clients.ts';
import type { Verdict } from '../section.ts';
import { measured } from '../summary.ts';
import { answered, asked, type Asked, judged, share } from './cells.ts';
import { turningShare } from './diffusion.ts';

const COUNTS = [1, 4, 16] as const;
const RULES = ['sgd', 'nlr'] as const;
const { batch: _, ...PAPERS } = PAPER.training;

interface Case {
  readonly title: string;
  readonly rule: (typeof RULES)[number];
  readonly count: number;
  readonly alike: boolean;
}

const CASES: readonly Case[] = [true, false].flatMap((alike) =>
  COUNTS.filter((count) => alike || count > 1).flatMap((count) =>
    RULES.map((rule) => ({
      ...{ rule, count, alike },
      title: `${rule}, ${count} client${count === 1 ? '' : 's'}${alike ? '' : ', 9 tenths of a class each'}`,
    })),
  ),
);

/** Samples of a mini-batch, and training rows, of all clients together. */
const BATCH = 32;
const ROWS = 1000;
const FAR = 8;

function cellOf({ title, rule, count, alike }: Case, { quick }: Scope, seed: number): Asked<ClientsResult> {
  // Each client draws from a seed of its own: those of one training may not be those of the next.
  const training: TrainingOptions = {
    ...{ ...PAPERS, rule, batch: BATCH / count, seed: 100 * seed },
    steps: quick ? 150 : PAPER.training.steps,
    engine: 'columns',
  };
  const input: ClientsInput = { clients: count, alike, training, separation: FAR, rows: ROWS };
  return asked('clients', `${title}, seed ${seed}`, input, (training.steps ?? 0) * 6e-3);
}

const seedsOf = ({ seeds, quick }: Scope) => (quick ? seeds.slice(0, 3) : seeds);

function numbersOf(each: Case, scope: Scope, results: Results, of: (found: ClientsResult) => number) {
  return seedsOf(scope).map((seed) => {
    const found = answered(results, cellOf(each, scope, seed));
    return found ? of(found) : null;
  });
}

function verdict(scope: Scope, results: Results): Verdict {
  const { rate = 0, negativeRate = 0 } = PAPERS;
  const rows = CASES.filter(({ rule }) => rule === 'nlr').map((each) => {
    const sgd = CASES.find(
      (other) => other.rule === 'sgd' && other.count === each.count && other.alike === each.alike,
    );
    const final = (one: Case | undefined) =>
      one ? meanOf(numbersOf(one, scope, results, (found) => found.final)) : NaN;
    return {
      ...each,
      ...{ nlr: final(each), sgd: final(sgd) },
      reversed: meanOf(numbersOf(each, scope, results, ({ reversals, steps }) => reversals / steps)),
    };
  });
  const better = rows.filter(({ nlr, sgd }) => nlr < sgd);
  return {
    claim: 'Eq. 8 and 9 on the global cost train all clients together',
    where: 'section III.A and B',
    verdict: better.length === rows.length ? 'holds' : better.length > 0 ? 'holds only if' : 'does not hold',
    ...(better.length > 0 &&
      better.length < rows.length && { condition: better.map(({ title }) => title).join('; ') }),
    number: `${rows
      .map(
        ({ title, nlr, sgd, reversed }) =>
          `${title}: ${said(nlr)}, reversed ${share(reversed)}, sgd ${said(sgd)}`,
      )
      .join('\n')}\nabove ${share(turningShare({ rate, negativeRate }))} reversals outweigh descent`,
    ...judged('theory-clients', scope, seedsOf(scope).length),
  };
}

/** Section III-A. */
export const CLIENTS: Experiment = {
  id: 'theory-clients',
  title: 'Section III-A: the global cost over clients',
  about: `The paper defines a global cost over clients and applies Eq. 8 and 9 to it; its experiments have a single one. Here K clients in one process have 1/K of the synthetic set and of the mini-batch each, measure loss, gradient and tentative loss with 1000 shots, and the aggregate decides. With K = 1 this is the training of a single model bit for bit, which a test looks at.`,
  cells: (scope) => CASES.flatMap((each) => seedsOf(scope).map((seed) => cellOf(each, scope, seed).cell)),
  summarise: (scope, results) => ({
    ...{ id: 'theory-clients', title: CLIENTS.title, about: CLIENTS.about, plots: [], notes: [] },
    tables: [
      {
        ...{ name: 'clients', title: 'Exact global cost over all data' },
        about: scope.quick ? 'Cut: 150 of the 500 steps.' : '500 steps.',
        columns: [
          { name: 'at the start', unit: 'number' },
          { name: 'at the end', unit: 'number' },
          { name: 'reversed', unit: 'percent' },
          { name: 'circuits', unit: 'count' },
        ],
        rows: CASES.map((each) => ({
          name: each.title,
          cells: [
            measured(numbersOf(each, scope, results, ({ initial }) => initial)),
            measured(numbersOf(each, scope, results, ({ final }) => final)),
            measured(numbersOf(each, scope, results, ({ reversals, steps }) => reversals / steps)),
            measured(numbersOf(each, scope, results, ({ evaluations }) => evaluations)),
          ],
        })),
      },
    ],
    verdicts: [verdict(scope, results)],
  }),
};
