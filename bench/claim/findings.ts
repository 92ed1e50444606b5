/** What was found: figures of each arm, and the differences seed by seed. */
import type { ArmFinding, Difference, Spread } from '../results/claim.ts';
import type { Outcome } from './cells.ts';

const round = (value: number) => Number(value.toPrecision(5));

function spread(values: readonly number[]): Spread {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean: round(mean), deviation: round(Math.sqrt(squares / (values.length - 1))) };
}

/** The rule's values less another arm's, pair by pair. */
export function difference(own: readonly number[], other: readonly number[]): Difference {
  const pairs = own.map((value, i) => value - other[i]);
  const { mean, deviation } = spread(pairs);
  return {
    mean,
    t: round(mean / (deviation / Math.sqrt(pairs.length))),
    wins: pairs.filter((value) => value < 0).length,
  };
}

/** Figures of an arm. @param rule what became of the rule, on the same seeds; absent of the rule itself */
export function armFinding(
  head: Pick<ArmFinding, 'arm' | 'title' | 'rival' | 'setting' | 'tuning'>,
  outcomes: readonly Outcome[],
  rule: readonly Outcome[] | undefined,
): ArmFinding {
  const of = (name: 'loss' | 'area' | 'testLoss' | 'testAccuracy', list = outcomes) =>
    list.map((outcome) => outcome[name]);
  return {
    ...head,
    steps: outcomes[0].steps,
    loss: spread(of('loss')),
    area: spread(of('area')),
    testLoss: spread(of('testLoss')),
    testAccuracy: spread(of('testAccuracy')),
    ...(rule && {
      against: {
        loss: difference(of('loss', rule), of('loss')),
        area: difference(of('area', rule), of('area')),
      },
    }),
    losses: of('loss').map(round),
  };
}
