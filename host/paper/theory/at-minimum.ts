/** Section VI: whether NLR "mistakenly jumps out of a true minimum", by starting there. */
import type { RuleName, TrainingOptions } from '../../index.ts';
import type { Experiment, Results, Scope } from '../experiment.ts';
import { meanOf, said } from '../judge.ts';
import type { Verdict } from '../section.ts';
import { judged, share } from './cells.ts';
import { type Arm, descentCells, descentsOf, over, valuesOf } from './descents.ts';
import type { FlatProblem } from './flat-cost.ts';

const PROBLEMS: readonly { readonly title: string; readonly problem: FlatProblem }[] = [
  { title: 'parity, n = 6', problem: { qubits: 6, layers: 6, observable: 'parity' } },
  { title: 'Ising chain, n = 4', problem: { qubits: 4, layers: 3, observable: 'ising' } },
];
const RULES = ['sgd', 'nlr', 'nlr-guarded'] as const satisfies readonly RuleName[];
const SHOTS = ['exact', 1000, 100] as const;
const STEPS = 300;
/** The paper's. */
const TRAINING: TrainingOptions = { rate: 0.01, negativeRate: 0.02, schedule: 'constant', steps: STEPS };

interface Case {
  readonly arm: Arm;
  readonly rule: RuleName;
  readonly shots: (typeof SHOTS)[number];
}

const CASES: readonly Case[] = PROBLEMS.flatMap(({ title, problem }) =>
  SHOTS.flatMap((shots) =>
    RULES.map((rule): Case => {
      const training = { ...TRAINING, rule, shots };
      return {
        ...{ rule, shots },
        arm: {
          title: `${title}, ${shots === 'exact' ? 'exact' : `${shots} shots`}, ${rule}`,
          ...{ problem, training, looks: 10, seconds: 0.4 },
          start: { at: 'minimum', steps: 600 },
        },
      };
    }),
  ),
);

const rise = ({ initial, final }: { readonly initial: number; readonly final: number }) => final - initial;

function verdict(scope: Scope, results: Results): Verdict {
  const numbers = CASES.map((each) => {
    const found = descentsOf(each.arm, scope.seeds, results);
    const mean = (of: Parameters<typeof valuesOf>[1]) => meanOf(valuesOf(found, of));
    return { ...each, rise: mean(rise), reversed: mean(({ reversals, steps }) => reversals / steps) };
  });
  const of = (rule: RuleName, isExact: boolean) =>
    numbers.filter((each) => each.rule === rule && (each.shots === 'exact') === isExact);
  const stays = of('nlr', true).every((each) => each.reversed < 0.01 && each.rise < 1e-4);
  const noisy = of('nlr', false);
  return {
    claim: 'near a true minimum the tentative step does not raise the loss, so NLR does not jump out of it',
    where: 'section VI',
    verdict: stays ? 'holds only if' : 'does not hold',
    ...(stays && { condition: 'cost and gradient are exact' }),
    number: `exact: reversed in ${of('nlr', true)
      .map(({ reversed }) => share(reversed))
      .join(' and ')} of the steps\n${noisy
      .map((each) => {
        const sgd = numbers.find(
          ({ arm, rule }) => rule === 'sgd' && arm.title === each.arm.title.replace(/nlr$/, 'sgd'),
        );
        return `with shots, ${each.arm.title} reverses ${share(each.reversed)}, the cost rises by ${said(each.rise)} (sgd ${said(sgd?.rise)})`;
      })
      .join('\n')}`,
    ...judged('theory-minimum', scope),
  };
}

/** Section VI. */
export const AT_MINIMUM: Experiment = {
  id: 'theory-minimum',
  title: 'Section VI: at a true minimum',
  about: `The paper says that NLR does not leave a true minimum, for no tentative step raises the loss there. Trainings start where 600 exact steps of Adam end and go on for ${STEPS} steps at the paper's eta 0.01 and eta' 0.02.`,
  cells: (scope) => CASES.flatMap(({ arm }) => descentCells(arm, scope.seeds)),
  summarise: (scope, results) => ({
    ...{ id: 'theory-minimum', title: AT_MINIMUM.title, about: AT_MINIMUM.about, plots: [], notes: [] },
    tables: [
      {
        ...{ name: 'minimum', title: 'From the minimum on' },
        about: 'Costs are exact.',
        columns: [
          { name: 'cost at the start', unit: 'number' },
          { name: 'rise', unit: 'number' },
          { name: 'way from the start', unit: 'number' },
          { name: 'p_t', unit: 'percent' },
          { name: 'reversed', unit: 'percent' },
        ],
        rows: CASES.map(({ arm }) => {
          const found = descentsOf(arm, scope.seeds, results);
          return {
            name: arm.title,
            cells: [
              over(found, ({ initial }) => initial),
              over(found, rise),
              over(found, ({ moved }) => moved),
              over(found, ({ violations }) => violations),
              over(found, ({ reversals, steps }) => reversals / steps),
            ],
          };
        }),
      },
    ],
    verdicts: [verdict(scope, results)],
  }),
};
