/** What becomes of the claims of Tables I to V and VII. */
import { armOf } from '../arms.ts';
import type { Arm, Grid } from '../grid.ts';
import {
  type Court,
  commandOf,
  decided,
  lossOf,
  meanOf,
  normOf,
  type Of,
  overReadings,
  paired,
  said,
  saidOf,
  saidPair,
  valuesOf,
} from '../judge.ts';
import { type Reading, READINGS, readingsOf } from '../readings.ts';
import type { Verdict } from '../section.ts';

/** The rows of the paper. */
const ownRows = ({ arms }: Grid): readonly Arm[] => arms.filter(({ name }) => !name.endsWith('*'));

const [, STEP_SHOTS] = READINGS;

/** A row's mean. */
const mean = (court: Court, grid: Grid, arm: Arm, reading: Reading, of: Of) =>
  meanOf(valuesOf(court, grid, arm, reading, of));

/** The means of all rows in a sentence. */
const means = (court: Court, grid: Grid, reading: Reading, of: Of) =>
  ownRows(grid)
    .map((arm) => saidOf(arm.name, mean(court, grid, arm, reading, of)))
    .join(', ');

/** Whether a row is better than every other one of the paper, decided seed by seed against each. */
function isBest(court: Court, grid: Grid, best: Arm, reading: Reading, of: Of, less: boolean): boolean {
  return ownRows(grid)
    .filter((arm) => arm !== best)
    .every((arm) => decided(paired(court, grid, [best, arm], reading, of, less), less) === 'better');
}

/** That one row is the best of its table. */
function bestRow(
  court: Court,
  grid: Grid,
  name: string,
  { claim, where, of, less }: Pick<Verdict, 'claim' | 'where'> & { of: Of; less: boolean },
): Verdict {
  const best = armOf(grid.arms, name);
  return overReadings(
    court,
    { claim, where },
    readingsOf(court.scope).map((reading) => ({
      title: reading.title,
      holds: isBest(court, grid, best, reading, of, less),
      number: means(court, grid, reading, of),
    })),
  );
}

/** That a row is worse than another one. */
function worseThan(
  court: Court,
  grid: Grid,
  [worse, other]: readonly [string, string],
  claim: Pick<Verdict, 'claim' | 'where'>,
): Verdict {
  const arms = [armOf(grid.arms, worse), armOf(grid.arms, other)] as const;
  return overReadings(
    court,
    claim,
    readingsOf(court.scope).map((reading) => {
      const pair = paired(court, grid, arms, reading, lossOf);
      return { title: reading.title, holds: decided(pair) === 'worse', number: `loss ${saidPair(pair)}` };
    }),
  );
}

export function table1Verdicts(court: Court, grid: Grid): Verdict[] {
  return [
    bestRow(court, grid, "eta' = 0.02", {
      claim: "eta' = 0.02 has the lowest final loss",
      ...{ where: 'Table I, section V.C', of: lossOf, less: true },
    }),
    bestRow(court, grid, "eta' = 0.02", {
      claim: "eta' = 0.02 has the largest final gradient norm",
      ...{ where: 'Table I, section V.C', of: normOf, less: false },
    }),
    worseThan(court, grid, ["eta' = 0.1", "eta' = 0.02"], {
      claim: "a large eta' of 0.1 destabilises training",
      where: 'Table I, section V.C',
    }),
  ];
}

/** kappa: which is the best of three, at each depth. */
export function kappaVerdicts(court: Court, grid: Grid): Verdict[] {
  const judged = (depth: number, claimed: number) => {
    const armAt = (what: string) => armOf(grid.arms, `L = ${depth}, ${what}`);
    const lossAt = (what: string) => said(mean(court, grid, armAt(what), STEP_SHOTS, lossOf));
    const others = [1.5, 2, 3].filter((value) => value !== claimed);
    const isBest = others.every((value) => {
      const arms = [armAt(`kappa = ${claimed}`), armAt(`kappa = ${value}`)] as const;
      return decided(paired(court, grid, arms, STEP_SHOTS, lossOf)) === 'better';
    });
    const losses = [1.5, 2, 3].map((value) => `${lossAt(`kappa = ${value}`)} at kappa = ${value}`);
    return { isBest, number: `L = ${depth}: final loss ${losses.join(', ')}, SGD ${lossAt('SGD')}` };
  };
  const [shallow, deep] = [judged(3, 1.5), judged(9, 3)];
  const [isShallow, isDeep] = [shallow.isBest, deep.isBest];
  return [
    {
      claim: 'kappa of 1.5 suits shallow circuits, kappa of 3 deep ones',
      where: 'section III.B, Eq. 10',
      verdict: isShallow && isDeep ? 'holds' : isShallow || isDeep ? 'holds only if' : 'does not hold',
      ...(isShallow !== isDeep && { condition: isShallow ? 'shallow, L = 3' : 'deep, L = 9' }),
      number: `${shallow.number}\n${deep.number}`,
      seeds: court.scope.seeds.length,
      command: commandOf(court.id, court.scope),
    },
  ];
}

/** Share by which more training may lower the loss where there is little left to gain. */
const MINIMAL = 0.05;

export function table2Verdicts(court: Court, grid: Grid): Verdict[] {
  const [, , , long, longest] = ownRows(grid);
  return [
    overReadings(
      court,
      { claim: '300 epochs are as good as 500', where: 'Table II, section V.C' },
      readingsOf(court.scope).map((reading) => {
        const [at300, at500] = [long, longest].map((arm) => mean(court, grid, arm, reading, lossOf));
        const gain = (at300 - at500) / Math.abs(at300);
        return {
          title: reading.title,
          holds: Math.abs(gain) <= MINIMAL,
          number: `loss ${said(at300)} at 300, ${said(at500)} at 500 (${said(100 * gain)} % lower)`,
        };
      }),
    ),
    overReadings(
      court,
      {
        claim: 'the gradient norm grows with the epochs while the loss falls',
        where: 'Table II, section V.C',
      },
      readingsOf(court.scope).map((reading) => {
        const [first] = ownRows(grid);
        const pair = paired(court, grid, [longest, first], reading, normOf, false);
        return {
          title: reading.title,
          holds: decided(pair, false) === 'better',
          number: `|grad L| ${means(court, grid, reading, normOf)}`,
        };
      }),
    ),
  ];
}

/** @param qubits the rows with d as qubits, as far as they are run */
export function table3Verdicts(court: Court, features: Grid, qubits: Grid): Verdict[] {
  const where = 'Table III, section V.C';
  return Object.entries({ features, qubits }).flatMap(([what, grid]) => [
    bestRow(court, grid, 'd = 8', {
      claim: `d = 8 has the largest gradient norm, d as ${what}`,
      ...{ where, of: normOf, less: false },
    }),
    bestRow(court, grid, 'd = 12', {
      claim: `the loss is lowest at d = 12, d as ${what}`,
      ...{ where, of: lossOf, less: true },
    }),
  ]);
}

export function table4Verdicts(court: Court, grid: Grid): Verdict[] {
  return [
    bestRow(court, grid, 'L = 5', {
      claim: 'L = 5 has the lowest loss',
      ...{ where: 'Table IV, section V.C', of: lossOf, less: true },
    }),
    worseThan(court, grid, ['L = 11', 'L = 5'], {
      claim: 'deeper circuits, L = 11, end at a higher loss than L = 5',
      where: 'Table IV, section V.C',
    }),
  ];
}

export function table5Verdicts(court: Court, grid: Grid): Verdict[] {
  return [
    bestRow(court, grid, 'sigma = 0.02', {
      claim: 'a perturbation of 0.02 has the lowest loss',
      ...{ where: 'Table V, Fig. 4', of: lossOf, less: true },
    }),
    worseThan(court, grid, ['sigma = 0.1', 'sigma = 0.005'], {
      claim: 'perturbations above 0.05 do harm',
      where: 'section V.D, Fig. 4',
    }),
  ];
}

export function table7Verdicts(court: Court, grid: Grid): Verdict[] {
  const rows = ownRows(grid);
  const [first] = rows;
  const last = rows.at(-1) as Arm;
  const along = (of: Of, less: boolean, claim: string, what: string) =>
    overReadings(
      court,
      { claim, where: 'Table VII, section V.C' },
      readingsOf(court.scope).map((reading) => ({
        title: reading.title,
        holds: decided(paired(court, grid, [last, first], reading, of, less), less) === 'better',
        number: `${what} ${means(court, grid, reading, of)}`,
      })),
    );
  return [
    along(lossOf, true, 'the training loss falls with more samples', 'loss'),
    along(normOf, false, 'the gradient norm grows with more samples', '|grad L|'),
  ];
}
