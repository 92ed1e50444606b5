/** What verdicts are made of: means of rows, pairs of rows seed by seed, and words for them. */
import { Resampler } from '../study/bootstrap.ts';
import { type PairedTest, pairedTest } from '../study/paired.ts';
import { digits } from './digits.ts';
import type { Results, Scope } from './experiment.ts';
import { type Arm, type Grid, resultsOf, type Trained } from './grid.ts';
import type { Reading } from './readings.ts';
import type { Judgement, Verdict } from './section.ts';

/** Largest p, of Student's t over the seeds, of a difference that counts as one. */
export const DECIDED = 0.01;

const resampler = new Resampler(20251122);

/** What is compared. */
export type Of = (result: Trained) => number | null;

export const lossOf: Of = ({ loss }) => loss;
export const normOf: Of = ({ gradientNorm }) => gradientNorm.loss;
export const accuracyOf: Of = ({ accuracy }) => accuracy.test;

/** Everything that a verdict looks at. */
export interface Court {
  readonly id: string;
  readonly scope: Scope;
  readonly results: Results;
}

/** The flags of a scope, but for the first seed and the folders of images. */
export function flagsOf({ seeds, quick, epochShots = true }: Scope): string[] {
  return [
    ...(quick ? ['--quick'] : []),
    ...(epochShots ? [] : ['--no-epoch-shots']),
    `--seeds ${seeds.length}`,
  ];
}

/** The command that makes an experiment again. */
export function commandOf(id: string, scope: Scope): string {
  return ['nlr-vqa reproduce', id, ...flagsOf(scope)].join(' ');
}

/** The values of a row by seed. */
export function valuesOf({ scope, results }: Court, grid: Grid, arm: Arm, reading: Reading, of: Of) {
  return resultsOf(grid, arm, reading, scope, results).map((result) => (result ? of(result) : null));
}

/** The mean over the seeds that have a value; not a number where none has. */
export function meanOf(values: readonly (number | null)[]): number {
  const found = values.filter((value) => value !== null);
  return found.reduce((sum, value) => sum + value, 0) / found.length;
}

/** One row against another, seed by seed. @param less is better */
export function paired(
  court: Court,
  grid: Grid,
  [arm, against]: readonly [Arm, Arm],
  reading: Reading,
  of: Of,
  less = true,
): PairedTest {
  const [one, other] = [arm, against].map((each) => valuesOf(court, grid, each, reading, of));
  return pairedTest(
    one.map((value, i) => [value, other[i]]),
    less,
    resampler,
  );
}

/** Whether a difference is decided: better or worse, or neither. @param less is better */
export function decided({ p, mean, deviation }: PairedTest, less = true): 'better' | 'worse' | 'neither' {
  if (mean === null || mean === 0) return 'neither';
  // All seeds alike, and not zero: no chance is left.
  const clear = p === null ? deviation === 0 : p <= DECIDED;
  if (!clear) return 'neither';
  return mean < 0 === less ? 'better' : 'worse';
}

/** A number in a sentence. */
export function said(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '-';
  return digits(value);
}

/** A number by the name of its row; a row that is called after its setting stands behind the number. */
export function saidOf(name: string, value: number | null): string {
  return name.includes(' = ') ? `${said(value)} at ${name}` : `${name} ${said(value)}`;
}

/** A difference in a sentence. */
export function saidPair({ mean, t, p, wins, seeds, ties }: PairedTest): string {
  if (ties === seeds) return 'the same to the last bit';
  const alike = ties > 0 ? `, ${ties} alike` : '';
  const test = t === null ? '' : ` (t ${t.toFixed(1)}${p !== null && p > DECIDED ? ', undecided' : ''})`;
  return `${mean !== null && mean > 0 ? '+' : ''}${said(mean)}${test}, better on ${wins} of ${seeds}${alike}`;
}

/** Several differences in a sentence; what is the same everywhere is said once. */
export function saidPairs(pairs: readonly { readonly name: string; readonly pair: PairedTest }[]): string {
  if (pairs.every(({ pair }) => pair.ties === pair.seeds)) return 'the same to the last bit everywhere';
  return pairs.map(({ name, pair }) => `${name} ${saidPair(pair)}`).join('; ');
}

/** A verdict over readings: holds where it does in all, and else only in those where it does. */
export function overReadings(
  court: Court,
  claim: Pick<Verdict, 'claim' | 'where'>,
  readings: readonly { readonly title: string; readonly holds: boolean; readonly number: string }[],
): Verdict {
  const good = readings.filter(({ holds }) => holds);
  const verdict: Judgement =
    good.length === 0 ? 'does not hold' : good.length === readings.length ? 'holds' : 'holds only if';
  return {
    ...claim,
    verdict,
    ...(verdict === 'holds only if' && { condition: good.map(({ title }) => title).join('; ') }),
    number: readings.map(({ title, number }) => `${title}: ${number}`).join('\n'),
    seeds: court.scope.seeds.length,
    command: commandOf(court.id, court.scope),
  };
}
