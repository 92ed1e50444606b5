/** What becomes of the claims of Tables VI, VIII, IX and X. */
import { armOf } from '../arms.ts';
import { type Arm, type Grid, meanNorm } from '../grid.ts';
import {
  accuracyOf,
  type Court,
  decided,
  lossOf,
  meanOf,
  normOf,
  type Of,
  overReadings,
  paired,
  said,
  saidPair,
  saidPairs,
  valuesOf,
} from '../judge.ts';
import type { PrintedSet } from '../printed.ts';
import { SET_TITLES } from '../problems.ts';
import { type Reading, READINGS, readingsOf } from '../readings.ts';
import type { Verdict } from '../section.ts';
import { tunedArms } from './tuned.ts';

const [, STEP_SHOTS] = READINGS;

/** Rows against which NLR is held. */
const rivalsIn = ({ arms }: Grid): readonly Arm[] =>
  arms.filter(({ name, printed }) => name !== 'NLR' && printed !== undefined);

/** NLR against each rival: how often it is better, decided seed by seed. */
function beats(court: Court, grid: Grid, reading: Reading, of: Of, less: boolean) {
  const nlr = armOf(grid.arms, 'NLR');
  const pairs = rivalsIn(grid).map((arm) => ({
    name: `against ${arm.name}`,
    pair: paired(court, grid, [nlr, arm], reading, of, less),
  }));
  return {
    holds: pairs.every(({ pair }) => decided(pair, less) === 'better'),
    number: saidPairs(pairs),
  };
}

/** Per cent by which NLR's mean loss is below another row's. */
function percentLower(court: Court, grid: Grid, against: Arm, reading: Reading): number {
  const [nlr, other] = [armOf(grid.arms, 'NLR'), against].map((arm) =>
    meanOf(valuesOf(court, grid, arm, reading, lossOf)),
  );
  return (100 * (other - nlr)) / other;
}

export function optimiserVerdicts(court: Court, grid: Grid, tuned: Grid): Verdict[] {
  const where = 'Table VI, section V.C';
  const readings = readingsOf(court.scope, true);
  const found = tunedArms(tuned, STEP_SHOTS, court.scope, court.results);
  const pairOf = (name: string) => {
    const arms = [found.get('NLR'), found.get(name)] as const;
    const grid = { ...tuned, arms: arms.flatMap((arm) => arm ?? []) };
    const [nlr, other] = arms;
    return nlr && other ? paired(court, grid, [nlr, other], STEP_SHOTS, lossOf) : undefined;
  };
  const rivals = ['SGD', 'Momentum', 'Adam'].map((name) => ({ name, pair: pairOf(name) }));
  return [
    overReadings(
      court,
      { claim: 'NLR ends at a lower loss than SGD, momentum, RMSProp and Adam at the same rate', where },
      readings.map((reading) => ({ title: reading.title, ...beats(court, grid, reading, lossOf, true) })),
    ),
    overReadings(
      court,
      { claim: 'NLR ends with a larger gradient norm than the others', where },
      readings.map((reading) => ({ title: reading.title, ...beats(court, grid, reading, normOf, false) })),
    ),
    overReadings(
      court,
      {
        claim: 'NLR beats SGD, momentum and Adam where each has the rate that suits it, at equal shots',
        where,
      },
      [
        {
          title: STEP_SHOTS.title,
          holds: rivals.every(({ pair }) => pair !== undefined && decided(pair) === 'better'),
          number: rivals.map(({ name, pair }) => `against ${name} ${pair ? saidPair(pair) : '-'}`).join(', '),
        },
      ],
    ),
    overReadings(
      court,
      {
        claim: 'the average gradient norm of the training is higher with NLR than with standard training',
        where: 'section V.D, Fig. 3',
      },
      readings.map((reading) => {
        const arms = [armOf(grid.arms, 'NLR'), armOf(grid.arms, 'SGD')] as const;
        const pair = paired(court, grid, arms, reading, meanNorm, false);
        return {
          title: reading.title,
          holds: decided(pair, false) === 'better',
          number: `mean |grad L| ${saidPair(pair)}`,
        };
      }),
    ),
  ];
}

/** Table VIII: NLR against everything, on every set. */
export function crossVerdicts(court: Court, grids: Readonly<Record<PrintedSet, Grid>>): Verdict[] {
  const where = 'Table VIII';
  const readings = readingsOf(court.scope, true);
  const overSets = (of: Of, less: boolean, reading: Reading) => {
    const sets = Object.entries(grids).map(([set, grid]) => {
      const { holds } = beats(court, grid, reading, of, less);
      const [best] = [...rivalsIn(grid), armOf(grid.arms, 'NLR')]
        .map(({ name }) => ({
          name,
          mean: meanOf(valuesOf(court, grid, armOf(grid.arms, name), reading, of)),
        }))
        .sort((a, b) => (less ? a.mean - b.mean : b.mean - a.mean));
      return { holds, number: `${SET_TITLES[set as PrintedSet]} ${best.name} ${said(best.mean)}` };
    });
    return {
      title: reading.title,
      holds: sets.every(({ holds }) => holds),
      number: `best on ${sets.map(({ number }) => number).join(', ')}`,
    };
  };
  return [
    overReadings(
      court,
      { claim: 'NLR has the lowest loss on every data set', where },
      readings.map((reading) => overSets(lossOf, true, reading)),
    ),
    overReadings(
      court,
      { claim: 'NLR has the highest accuracy on every data set', where },
      readings.map((reading) => overSets(accuracyOf, false, reading)),
    ),
  ];
}

export function perturbationVerdicts(court: Court, grid: Grid): Verdict[] {
  const nlr = armOf(grid.arms, 'NLR');
  const others = ['Gaussian perturbation', 'Uniform perturbation', 'Random Re-Init'];
  return [
    overReadings(
      court,
      {
        claim: 'NLR beats Gaussian and uniform perturbations and random re-initialisation',
        where: 'section V.C, "Comparison with Random Noise Perturbations"',
      },
      readingsOf(court.scope, true).map((reading) => {
        const pairs = others.map((name) => ({
          name: `against ${name}`,
          pair: paired(court, grid, [nlr, armOf(grid.arms, name)], reading, lossOf),
        }));
        return {
          title: reading.title,
          holds: pairs.every(({ pair }) => decided(pair) === 'better'),
          number: saidPairs(pairs),
        };
      }),
    ),
  ];
}

/** A grid of Table X. */
interface StandardGrid {
  readonly set: PrintedSet;
  readonly encoding: string;
  readonly grid: Grid;
}

/** Table X and the abstract: by how much the loss is lower. */
export function standardVerdicts(court: Court, grids: readonly StandardGrid[]): Verdict[] {
  const readings = readingsOf(court.scope, true);
  const images = grids.filter(({ set }) => set === 'mnist' || set === 'fashion-mnist');
  const lower = (reading: Reading, list: readonly StandardGrid[]) =>
    list.map(({ set, encoding, grid }) => {
      const arms = [armOf(grid.arms, 'NLR'), armOf(grid.arms, 'Standard')] as const;
      return {
        name: `${SET_TITLES[set]} (${encoding})`,
        percent: percentLower(court, grid, arms[1], reading),
        decided: decided(paired(court, grid, arms, reading, lossOf)),
      };
    });
  const inWords = (found: ReturnType<typeof lower>) => {
    if (found.every(({ percent }) => percent === 0)) return 'the same to the last bit everywhere';
    const each = found.map(({ name, percent, decided: how }) => {
      const [size, way] = [said(Math.abs(percent)), percent < 0 ? 'higher' : 'lower'];
      return `${name} ${size} % ${way}${how === 'neither' ? ' (undecided)' : ''}`;
    });
    return `loss of NLR on ${each.join(', ')}`;
  };
  const normOver = (reading: Reading) => {
    const pairs = images.map(({ set, encoding, grid }) => {
      const arms = [armOf(grid.arms, 'NLR'), armOf(grid.arms, 'Standard')] as const;
      return {
        name: `${SET_TITLES[set]} (${encoding})`,
        pair: paired(court, grid, arms, reading, normOf, false),
      };
    });
    return {
      title: reading.title,
      holds: pairs.every(({ pair }) => decided(pair, false) === 'better'),
      number: saidPairs(pairs),
    };
  };
  return [
    overReadings(
      court,
      { claim: 'the loss is up to 8.2 % lower than with standard training', where: 'section I' },
      readings.map((reading) => {
        const found = lower(reading, grids);
        const most = found.filter(({ decided: how }) => how === 'better');
        return {
          title: reading.title,
          holds: most.some(({ percent }) => percent >= 8.2),
          number: inWords(found),
        };
      }),
    ),
    overReadings(
      court,
      { claim: 'on MNIST and Fashion-MNIST the loss is 5 to 10 % lower', where: 'section V.D' },
      readings.map((reading) => {
        const found = lower(reading, images);
        return {
          title: reading.title,
          holds: found.every(({ percent, decided: how }) => how === 'better' && percent >= 5),
          number: inWords(found),
        };
      }),
    ),
    overReadings(
      court,
      {
        claim: 'on MNIST and Fashion-MNIST the final gradient norm is larger',
        where: 'section V.D, Table X',
      },
      readings.map(normOver),
    ),
    overReadings(
      court,
      { claim: 'NLR is more accurate than standard training on every real data set', where: 'Table X' },
      readings.map((reading) => {
        const pairs = grids
          .filter(({ set }) => set !== 'gaussians')
          .map(({ set, encoding, grid }) => {
            const arms = [armOf(grid.arms, 'NLR'), armOf(grid.arms, 'Standard')] as const;
            return {
              name: `${SET_TITLES[set]} (${encoding})`,
              pair: paired(court, grid, arms, reading, accuracyOf, false),
            };
          });
        return {
          title: reading.title,
          holds: pairs.every(({ pair }) => decided(pair, false) === 'better'),
          number: saidPairs(pairs),
        };
      }),
    ),
  ];
}
