/** Remark 1: how long it takes to leave a plateau, by walks and by trainings. */
import type { Experiment, Results, Scope } from '../experiment.ts';
import { said } from '../judge.ts';
import type { Exit, ExitInput } from '../runners/exit.ts';
import type { Row, Verdict } from '../section.ts';
import type { RuleName } from '../../index.ts';
import { answered, asked, type Asked, judged, share } from './cells.ts';
import { provenDiffusion, statedDiffusion } from './diffusion.ts';
import { exitSteps, remarkedExitSteps } from './exit-time.ts';
import type { FlatProblem } from './flat-cost.ts';

/** A landscape to be left. */
interface Ground {
  readonly title: string;
  readonly problem: FlatProblem;
  readonly shots: number;
  readonly rate: number;
  readonly radius: number;
  /** Seconds a walk. */
  readonly seconds: number;
  readonly walks: (scope: Scope) => number;
}

const GROUNDS: readonly Ground[] = [
  {
    title: 'n = 8, L = 8, parity, 100 shots',
    problem: { qubits: 8, layers: 8, observable: 'parity' },
    ...{ shots: 100, rate: 0.03, radius: 0.5, seconds: 0.2 },
    walks: ({ quick }) => (quick ? 10 : 100),
  },
  {
    title: 'n = 10, L = 5, parity, 4 shots',
    problem: { qubits: 10, layers: 5, observable: 'parity' },
    ...{ shots: 4, rate: 0.03, radius: 0.5, seconds: 0.3 },
    walks: ({ quick }) => (quick ? 5 : 50),
  },
];

const RULES = ['sgd', 'armijo', 'nlr'] as const satisfies readonly RuleName[];
/** Steps at most. */
const MOST = 2000;

/** Pure chance: in as many dimensions as the paper's circuit has parameters. */
const WALK = { dimensions: 90, moment: 0.0045, radius: 0.75 } as const;

function walkCell({ quick, seeds }: Scope): Asked<Exit> {
  const { dimensions, moment, radius } = WALK;
  const input: ExitInput = {
    walker: { dimensions, moment, seed: seeds[0] },
    radius,
    walks: quick ? 40 : 400,
  };
  return asked('exit', 'a random walk', input, quick ? 1 : 10);
}

function exitCell(
  { title, problem, shots, rate, radius, seconds, walks }: Ground,
  rule: RuleName,
  scope: Scope,
): Asked<Exit> {
  const training = { rule, rate, shots, steps: MOST, schedule: 'constant', seed: scope.seeds[0] } as const;
  const input: ExitInput = { walker: { problem, training }, radius, walks: walks(scope) };
  return asked('exit', `${rule} leaves, ${title}`, input, seconds * walks(scope));
}

function rowOf(name: string, radius: number, found: Exit | undefined): Row[] {
  if (found === undefined) return [];
  const { steps, deviation, moment, dimensions, violations, left, walks } = found;
  const [stated, proven] = [statedDiffusion(moment), provenDiffusion(moment, dimensions)];
  return [
    {
      name,
      cells: [
        violations,
        moment,
        { mean: steps, deviation, interval: null, count: walks },
        exitSteps(radius, moment),
        remarkedExitSteps(radius, stated),
        remarkedExitSteps(radius, proven),
        `${left} of ${walks}`,
      ],
    },
  ];
}

function verdicts(scope: Scope, results: Results): Verdict[] {
  const walk = answered(results, walkCell(scope));
  const all = GROUNDS.map((ground) => ({
    ground,
    exits: RULES.map((rule) => answered(results, exitCell(ground, rule, scope))),
  }));
  const sentences = all.flatMap(({ ground, exits: [sgd, armijo, nlr] }) =>
    sgd && armijo && nlr
      ? [
          {
            faster: nlr.steps < sgd.steps && nlr.moment > sgd.moment,
            text: `${ground.title}: NLR ${said(nlr.steps)} steps at E|Delta theta|^2 ${said(nlr.moment)}, SGD ${said(sgd.steps)} at ${said(sgd.moment)}, backtracking ${said(armijo.steps)} at ${said(armijo.moment)}`,
            drifts: exitSteps(ground.radius, sgd.moment) / sgd.steps,
          },
        ]
      : [],
  );
  const faster = sentences.filter((each) => each.faster);
  const found: Verdict[] = [];
  if (walk !== undefined) {
    const expected = exitSteps(WALK.radius, walk.moment);
    found.push({
      claim: 'E[tau_exit] is about R^2 / (2 D)',
      where: 'Remark 1',
      verdict: 'does not hold',
      number: `a pure random walk in ${walk.dimensions} dimensions takes ${said(walk.steps)} steps, the mean of ${walk.walks}; R^2 / E|Delta theta|^2 is ${said(expected)}, R^2 / (2 D) ${said(remarkedExitSteps(WALK.radius, statedDiffusion(walk.moment)))} with the D of Eq. 16, half of it, and ${said(remarkedExitSteps(WALK.radius, provenDiffusion(walk.moment, walk.dimensions)))} with that of the proof, ${walk.dimensions} times it`,
      ...judged('theory-remark-1', scope, 1),
    });
  }
  found.push({
    claim: 'the larger diffusion coefficient of NLR lets it leave flat regions faster',
    where: 'Remark 1, Theorem 1',
    verdict:
      sentences.length > 0 && faster.length === sentences.length
        ? 'holds'
        : faster.length > 0
          ? 'holds only if'
          : 'does not hold',
    ...(faster.length > 0 &&
      faster.length < sentences.length && {
        condition:
          'the gradient is nearly all noise; leaving is not descending, see the costs of theory-claim',
      }),
    number: `${sentences.map(({ text }) => text).join('\n')}\nSGD drifts: it needs ${sentences.map(({ drifts }) => share(1 / drifts)).join(' and ')} of the steps of a walk with its second moment`,
    ...judged('theory-remark-1', scope, 1),
  });
  return found;
}

/** Remark 1. */
export const REMARK_1: Experiment = {
  id: 'theory-remark-1',
  title: 'Remark 1: the time to leave a plateau',
  about:
    'The paper expects R^2 / (2 D) steps to leave a ball of radius R. A walk with independent steps takes R^2 / E|Delta theta|^2: half of the D of Eq. 16 is missing, or a factor d with that of the proof. Trainings start at random places and are followed until they are R away; they drift as well.',
  cells: (scope) => [
    walkCell(scope).cell,
    ...GROUNDS.flatMap((ground) => RULES.map((rule) => exitCell(ground, rule, scope).cell)),
  ],
  summarise: (scope, results) => ({
    ...{ id: 'theory-remark-1', title: REMARK_1.title, about: REMARK_1.about, plots: [], notes: [] },
    tables: [
      {
        ...{ name: 'exit', title: 'Steps to leave a ball' },
        about: `R = ${WALK.radius} of the walk, ${GROUNDS[0].radius} of trainings; eta = ${GROUNDS[0].rate}, eta' = 2 eta.`,
        columns: [
          { name: 'p_t', unit: 'percent' },
          { name: 'E|Delta theta|^2', unit: 'number' },
          { name: 'steps', unit: 'number' },
          { name: 'R^2 / E|Delta theta|^2', unit: 'number' },
          { name: 'R^2 / 2D, Eq. 16', unit: 'number' },
          { name: 'R^2 / 2D, proof', unit: 'number' },
          { name: 'left', unit: 'count' },
        ],
        rows: [
          ...rowOf('random walk', WALK.radius, answered(results, walkCell(scope))),
          ...GROUNDS.flatMap((ground) =>
            RULES.flatMap((rule) =>
              rowOf(
                `${rule}, ${ground.title}`,
                ground.radius,
                answered(results, exitCell(ground, rule, scope)),
              ),
            ),
          ),
        ],
      },
    ],
    verdicts: verdicts(scope, results),
  }),
};
