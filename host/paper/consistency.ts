/**
 * Whether the paper agrees with itself: what it prints in one place against what it prints, claims or derives in another. Needs
 * no run; every check compares numbers, and would say so if they agreed.
 */
import { type Experiment } from './experiment.ts';
import { commandOf, said } from './judge.ts';
import {
  type PrintedRow,
  type PrintedSet,
  TABLE_1,
  TABLE_10,
  TABLE_11,
  TABLE_2,
  TABLE_3,
  TABLE_4,
  TABLE_5,
  TABLE_6,
  TABLE_7,
  TABLE_8,
  TABLE_9,
} from './printed.ts';
import { SET_TITLES, SETS } from './problems.ts';

/** A check. */
export interface Check {
  /** What ought to be so. */
  readonly claim: string;
  readonly where: string;
  readonly agrees: boolean;
  /** What is found, in numbers. */
  readonly found: string;
}

const same = (one: object, other: object) => JSON.stringify(one) === JSON.stringify(other);

/** Parameters of the circuit: L = 5 layers of three angles on 6 qubits. */
const PARAMETERS = 90;

/** Largest |grad L| of the mean of (<Z> - y)^2 at a loss: |2 (f - y) df| with |df/dtheta| <= 1, by Cauchy-Schwarz. */
export const largestLossNorm = (loss: number) => 2 * Math.sqrt(PARAMETERS * loss);

/** kappa of Eq. 10. */
export const kappaOfEq10 = (nu: number, layers: number, variance: number) =>
  (1 + Math.log(1 + nu * layers)) * Math.sqrt(variance / layers);

/** Two experiments with other settings do not come to the same figures, to the last digit. */
function copies(): Check[] {
  const reInit = SETS.filter((set) => same(TABLE_8['Random Re-Init'][set], TABLE_8.RMSProp[set]));
  const synthetic = Object.keys(TABLE_6).filter((name) => same(TABLE_6[name], TABLE_8[name].gaussians));
  const rounded = (value: number | undefined) => Number((value as number).toFixed(4));
  const inNine = [
    [TABLE_9.Standard, TABLE_6.SGD],
    [TABLE_9.NLR, TABLE_6.NLR],
  ].filter(
    ([nine, six]) =>
      Math.abs(rounded(nine.loss) - (six.loss as number)) < 2e-4 && nine.gradient === six.gradient,
  );
  const asInX = SETS.filter(
    (set) => same(TABLE_8.SGD[set], TABLE_10.Standard[set]) && same(TABLE_8.NLR[set], TABLE_10.NLR[set]),
  );
  return [
    {
      claim: "Table I (by eta') and Table V (by the perturbation) are figures of different experiments",
      where: 'Tables I and V',
      agrees: !same(Object.values(TABLE_1), Object.values(TABLE_5)),
      found: same(TABLE_1, TABLE_5) ? 'all 15 figures are the same' : 'they differ',
    },
    {
      claim: 'Random Re-Init is another method than RMSProp',
      where: 'Table VIII',
      agrees: reInit.length === 0,
      found: `the two rows have the same figures on ${reInit.length} of ${SETS.length} data sets`,
    },
    {
      claim: 'Tables VIII and X have the same figures of SGD and NLR on the same data',
      where: 'Tables VIII and X',
      agrees: asInX.length === SETS.length,
      found: `they have on ${asInX.length} of ${SETS.length}; on ${SET_TITLES.gaussians} NLR has ${TABLE_8.NLR.gaussians.loss} and ${TABLE_10.NLR.gaussians.loss}`,
    },
    {
      claim: 'Tables VI and VIII have the same figures on synthetic data',
      where: 'Tables VI and VIII',
      agrees: synthetic.length === Object.keys(TABLE_6).length,
      found: `${synthetic.length} of ${Object.keys(TABLE_6).length} rows are the same`,
    },
    {
      claim: 'Table IX has the figures of Table VI, to rounding',
      where: 'Tables VI and IX',
      agrees: inNine.length === 2,
      found: `losses ${TABLE_9.Standard.loss} and ${TABLE_9.NLR.loss} against ${TABLE_6.SGD.loss} and ${TABLE_6.NLR.loss}`,
    },
  ];
}

/** The same setting, the paper's defaults on synthetic data, in every table that has it. */
function defaults(): Check[] {
  const rows: Readonly<Record<string, PrintedRow>> = {
    I: TABLE_1['0.02'],
    II: TABLE_2['300'],
    III: TABLE_3['8'],
    IV: TABLE_4['5'],
    V: TABLE_5['0.02'],
    VI: TABLE_6.NLR,
    VII: TABLE_7['1000'],
    VIII: TABLE_8.NLR.gaussians,
    IX: TABLE_9.NLR,
    X: TABLE_10.NLR.gaussians,
    XI: TABLE_11['Negative learning rate'],
  };
  const spread = (part: 'loss' | 'gradient') => {
    const values = Object.values(rows).map((row) => row[part] as number);
    const ratio = Math.max(...values) / Math.min(...values);
    const list = Object.entries(rows).map(([table, row]) => `${table} ${row[part]}`);
    return { ratio, found: `${list.join(', ')}: a factor of ${said(ratio)}` };
  };
  const [loss, gradient] = [spread('loss'), spread('gradient')];
  return [
    {
      claim: 'NLR at the default setting ends at the same loss in every table',
      where: 'Tables I to XI, synthetic data',
      agrees: loss.ratio < 1.05,
      found: loss.found,
    },
    {
      claim: 'NLR at the default setting ends at the same gradient norm in every table',
      where: 'Tables I to XI, synthetic data',
      agrees: gradient.ratio < 1.05,
      found: gradient.found,
    },
  ];
}

/** What the text says of the tables. */
function sayings(): Check[] {
  const others = Object.entries(TABLE_6).filter(([name]) => name !== 'NLR');
  const below = others.filter(([, row]) => (row.gradient as number) > (TABLE_6.NLR.gradient as number));
  const lower = (set: PrintedSet) => {
    const [standard, nlr] = [TABLE_10.Standard[set].loss, TABLE_10.NLR[set].loss] as [number, number];
    return (100 * (standard - nlr)) / standard;
  };
  const cuts = SETS.map((set) => `${SET_TITLES[set]} ${said(lower(set))} %`).join(', ');
  const largest = Math.max(...SETS.map(lower));
  const inRange = (['mnist', 'fashion-mnist'] as const).filter((set) => lower(set) >= 5 && lower(set) <= 10);
  const rows = Object.keys(TABLE_8).filter((name) => /Gaussian|Uniform/.test(name));
  const weakest = SETS.filter((set) =>
    Object.entries(TABLE_8).some(
      ([name, row]) =>
        name !== 'NLR' && (row[set].gradient as number) > (TABLE_8.NLR[set].gradient as number),
    ),
  );
  const [nlr, identity] = [TABLE_11['Negative learning rate'], TABLE_11['Identity initialisation']];
  const apart = (identity.loss - nlr.loss) / Math.hypot(nlr.deviation, identity.deviation);
  return [
    {
      claim: 'NLR achieves stronger gradient signals than the other optimisers',
      where: 'Table VI and its caption',
      agrees: below.length === 0,
      found: `its ${TABLE_6.NLR.gradient} is below ${below.map(([name, row]) => `${name} ${row.gradient}`).join(', ') || 'none'}`,
    },
    {
      claim: 'NLR has higher gradient magnitudes on every data set',
      where: 'Table VIII, caption',
      agrees: weakest.length === 0,
      found: `another optimiser has a larger one on ${weakest.map((set) => SET_TITLES[set]).join(', ') || 'none'}`,
    },
    {
      claim: 'the largest fall of the loss is 8.2 %',
      where: 'section I against Table X',
      agrees: Math.abs(largest - 8.2) < 0.1,
      found: cuts,
    },
    {
      claim: 'on MNIST and Fashion-MNIST the loss is 5 to 10 % lower',
      where: 'section V.D against Table X',
      agrees: inRange.length === 2,
      found: `MNIST ${said(lower('mnist'))} %, Fashion-MNIST ${said(lower('fashion-mnist'))} %`,
    },
    {
      claim: 'Table VIII shows NLR above Gaussian and uniform perturbations',
      where: 'section V.C against Table VIII',
      agrees: rows.length === 2,
      found: `it has ${rows.length} of these two rows`,
    },
    {
      claim: 'NLR has the best loss of the four strategies',
      where: 'Table XI',
      agrees: apart >= 1,
      found: `${nlr.loss} ± ${nlr.deviation} against ${identity.loss} ± ${identity.deviation}: ${said(apart)} standard deviations apart`,
    },
  ];
}

/** What the formulas allow. */
function formulas(): Check[] {
  const bound = largestLossNorm(TABLE_1['0.02'].loss as number);
  const largest = Math.max(
    ...[TABLE_1, TABLE_2, TABLE_3, TABLE_4, TABLE_5, TABLE_6, TABLE_7, TABLE_11].flatMap((table) =>
      Object.values(table).map((row) => row.gradient as number),
    ),
    ...Object.values(TABLE_8).flatMap((row) => SETS.map((set) => row[set].gradient as number)),
  );
  const [kappa, more] = [kappaOfEq10(0.05, 5, 1), kappaOfEq10(0.1, 5, 1)];
  const [effective, effectiveMore] = [1 / (1 + 0.05 * 5), 1 / (1 + 0.1 * 5)];
  // A noisy gradient g = G + xi in one dimension with curvature 1: Eq. 13 and what its proof has in its last line.
  const [gradient, noise, c] = [0.1, 0.2, 0.3];
  const g = gradient + noise;
  const stated = (2 * (1 - c) * g * gradient) / g ** 2;
  const proven = (2 * (g * gradient - c * g ** 2)) / g ** 2;
  const [d, sigma] = [PARAMETERS, 1];
  // E|step|^2 = eta^2 d sigma^2 with the proof's tr Sigma = d sigma^2, eta = 1.
  const [inProof, inStatement] = [(d * sigma ** 2) / (2 * d), sigma ** 2];
  const shots = 1 / (2 * 1000);
  return [
    {
      claim: 'a gradient norm of 6.381 is possible at a loss of 0.000155 with the squared error of <Z>',
      where: 'Table I, |grad C|',
      agrees: bound >= (TABLE_1['0.02'].gradient as number),
      found: `|grad L| is at most 2 sqrt(90 L) = ${said(bound)}`,
    },
    {
      claim: 'the gradient norms are possible where they are those of <Z>, |grad f|',
      where: 'Tables I to XI',
      agrees: largest <= Math.sqrt(PARAMETERS),
      found: `the largest is ${largest}; |grad f| is at most sqrt(90) = ${said(Math.sqrt(PARAMETERS))}`,
    },
    {
      claim: 'Eq. 10 gives a kappa from 1.5 to 3 at nu = 0.05, L = 5, a variance of 1',
      where: 'Eq. 10 against its guideline',
      agrees: kappa >= 1.5 && kappa <= 3,
      found: `kappa = ${said(kappa)}`,
    },
    {
      claim: "more noise moves eta' the same way in Eq. 10 and in eta'_eff",
      where: "Eq. 10 against eta'_eff of section V.C",
      agrees: Math.sign(more - kappa) === Math.sign(effectiveMore - effective),
      found: `from nu = 0.05 to 0.1 Eq. 10 goes from ${said(kappa)} to ${said(more)}, eta'_eff / eta' from ${said(effective)} to ${said(effectiveMore)}`,
    },
    {
      claim: 'Eq. 13 is what its proof shows',
      where: 'Lemma 2 against appendix A',
      agrees: Math.abs(stated - proven) < 1e-12,
      found: `2 (1 - c) g.G is not 2 (g.G - c |g|^2) unless g = G: with G = ${gradient}, xi = ${noise}, c = ${c}, H = 1 the bounds are ${said(stated)} and ${said(proven)}`,
    },
    {
      claim: 'D of Eq. 16 is what its proof derives from D = E|step|^2 / (2 d)',
      where: 'Theorem 1 against appendix A',
      agrees: Math.abs(inProof - inStatement) < 1e-12,
      found: `the proof's definition gives ${said(inProof)} eta^2 sigma^2, Eq. 16 has ${said(inStatement)} eta^2 sigma^2`,
    },
    {
      claim: 'the noise of measured gradients falls like exp(-alpha d)',
      where: 'Assumption 3',
      agrees: [4, 8, 12].every((qubits) => shots <= 2 ** -qubits),
      found: `of one derivative at M = 1000 it is up to 1/(2 M) = ${said(shots)} whatever d is; 2^-d is ${said(2 ** -12)} at d = 12`,
    },
  ];
}

/** All checks. */
export function checks(): Check[] {
  return [...copies(), ...defaults(), ...sayings(), ...formulas()];
}

const ABOUT =
  'What the paper prints in one place against what it prints, says or derives in another. Nothing is run.';

/** The checks as an experiment. */
export const CONSISTENCY: Experiment = {
  id: 'consistency',
  title: 'The paper against itself',
  about: ABOUT,
  cells: () => [],
  summarise: (scope) => ({
    ...{ id: 'consistency', title: 'The paper against itself', about: ABOUT },
    tables: [
      {
        ...{ name: 'checks', title: 'Checks', about: '' },
        columns: [
          { name: 'where', unit: 'number' },
          { name: 'agrees', unit: 'number' },
        ],
        rows: checks().map(({ claim, where, agrees }) => ({
          name: claim,
          cells: [where, agrees ? 'yes' : 'no'],
        })),
      },
    ],
    plots: [],
    verdicts: checks().map(({ claim, where, agrees, found }) => ({
      ...{ claim, where, number: found, seeds: 0 },
      verdict: agrees ? 'holds' : 'does not hold',
      command: commandOf('consistency', scope),
    })),
    notes: [
      'The constants sigma = 0.05 and tau = 0.1 of section V.A have no place in Algorithm 1; the rules nlr-noise, nlr-threshold and nlr-plateau are three readings of them.',
    ],
  }),
};
