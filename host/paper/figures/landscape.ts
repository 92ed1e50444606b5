/** Figure 1: the synthetic landscape, and what Algorithm 1 does in its cave. */
import type { Experiment } from '../experiment.ts';
import {
  CAVE,
  cost,
  descend,
  FLAT,
  FORMULA,
  plateauHalf,
  steepness,
  WELL,
  type Place,
} from '../landscape.ts';
import { said } from '../judge.ts';
import type { Row } from '../section.ts';
import { judged } from '../theory/cells.ts';

const RATES = { rate: 0.1, negativeRate: 0.2 };
const STEPS = 2000;

/** Where descents start: in the box, on the cave's wall, on the plain around, on the slope of the well. */
const STARTS: readonly (readonly [name: string, place: Place])[] = [
  ['in the box', [-2.3, -1.8]],
  ['on the wall of the cave', [-0.7, -1.5]],
  ['on the plain', [-3.5, 2.5]],
  ['on the slope of the well', [0.5, 0.5]],
];

const paths = () =>
  STARTS.map(([name, place]) => ({
    ...{ name, place },
    plain: descend(place, { ...RATES, negativeRate: 0 }, STEPS),
    nlr: descend(place, RATES, STEPS),
  }));

/** Figure 1. */
export const FIGURE_1: Experiment = {
  id: 'figure-1',
  title: 'Figure 1: a synthetic barren plateau',
  about: `The paper shows a surface with a shallow cave at (-2, -2) and its gradient, with a box around the plateau, and gives no formula. Ours: ${FORMULA}.`,
  pictures: ['figure-1a', 'figure-1b'],
  cells: () => [],
  summarise: (scope) => {
    const all = paths();
    const half = plateauHalf();
    const violations = all.reduce((sum, { nlr }) => sum + nlr.violations, 0);
    const [inBox] = all;
    const end = inBox.nlr.places[STEPS];
    return {
      ...{ id: 'figure-1', title: FIGURE_1.title, about: FIGURE_1.about },
      tables: [
        {
          ...{ name: 'descents', title: `${STEPS} exact steps of eta = 0.1 on the landscape` },
          about: "Algorithm 1 with eta' = 0.2, and descent that does not take a step that fails.",
          columns: [
            { name: 'cost at the start', unit: 'number' },
            { name: '|grad C| there', unit: 'number' },
            { name: 'cost of descent', unit: 'number' },
            { name: 'cost of NLR', unit: 'number' },
            { name: 'reversals', unit: 'count' },
          ],
          rows: all.map(({ name, place, plain, nlr }): Row => ({
            name: `${name}, (${place.join(', ')})`,
            cells: [
              cost(place),
              steepness(place),
              cost(plain.places[STEPS]),
              cost(nlr.places[STEPS]),
              nlr.violations,
            ],
          })),
        },
      ],
      plots: [
        {
          name: 'figure-1a',
          title: 'Figure 1 (a)',
          description: `The surface: a cave at (${CAVE.join(', ')}), cost ${said(cost(CAVE))}, and the minimum at (${WELL.join(', ')}).`,
          drawing: 'surface',
        },
        {
          name: 'figure-1b',
          title: 'Figure 1 (b)',
          description: `The size of the gradient, with the plateau's box: |grad C| is at most ${FLAT} up to ${half.toFixed(2)} to either side of the cave's middle.`,
          drawing: 'steepness',
        },
      ],
      verdicts: [
        {
          claim: "negative learning lets the trajectory leave the cave's plateau",
          where: 'Fig. 1, section III.B',
          verdict: 'does not hold',
          number: `from inside the box both end at (${end.map(said).join(', ')}): the exact cost never rises at such steps, ${violations} reversals from ${all.length} starts, so NLR is gradient descent, step by step`,
          ...judged('figure-1', scope, 0),
        },
      ],
      notes: [
        `The plateau's box: the largest square around the cave on which |grad C| is at most ${FLAT}, ${half.toFixed(3)} to either side.`,
      ],
    };
  },
};
