/**
 * The corpus: for every way in which a call can end, the shortest sequence found that makes it end so. Kept as
 * text, options by their names, so that it stays readable and outlives new option numbers:
 *
 *   configure,Qubits,2 fill_page,-4 init features_ptr=0000003f circuit_add,1,0,0,1,0,1,NaN
 */
import { Engine, Option } from '../../assembly/abi/codes.ts';
import type { Build } from '../support/core-harness.ts';
import { Fuzzer } from './calls-at-random.ts';
import { caseSeed, emptyTally, outcomeOf, runCase } from './campaign.ts';
import type { Entry } from './recorder.ts';

/** A sequence and what its last call comes to. */
export interface Sequence {
  readonly reaches: string;
  readonly calls: string;
}

/** The builds that have a corpus: with one engine, and with all of them. */
export const CORPUS_BUILDS = ['device', 'device-fast'] as const satisfies readonly Build[];

/** Where the corpus of a build lies. */
export function corpusUrl(build: (typeof CORPUS_BUILDS)[number]): URL {
  return new URL(`corpus/${build}.json`, import.meta.url);
}

/** Calls whose outcome goes by the engine, too. */
const BY_ENGINE = ['step_advance Ok', 'predict Ok', 'model_read Ok', 'checkpoint_read Ok'];

function numeral(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

/** Entries as text. */
export function formatEntries(entries: readonly Entry[]): string {
  return entries
    .map(({ name, args, bytes }) => {
      if (bytes !== undefined) return `${name}=${Buffer.from(bytes).toString('hex')}`;
      const words = args.map(numeral);
      if (name === 'configure' && Option[args[0]] !== undefined) words[0] = Option[args[0]];
      return [name, ...words].join(',');
    })
    .join(' ');
}

/** Text as entries. */
export function parseEntries(text: string): Entry[] {
  return text.split(' ').map((item) => {
    const [name, hex] = item.split('=');
    if (hex !== undefined) return { name, args: [], bytes: Buffer.from(hex, 'hex') };
    const [call, ...words] = item.split(',');
    const args = words.map((word) =>
      /^[A-Z]/.test(word) && word in Option ? Option[word as keyof typeof Option] : Number(word),
    );
    return { name: call, args };
  });
}

/** How the last call of some entries ends on a fresh instance. @throws Error when something fails on the way */
export function outcomeAtEnd(build: Build, entries: readonly Entry[]): string {
  const fuzzer = new Fuzzer(build, () => 0);
  let last = '';
  fuzzer.watch = (name, result) => {
    last = detailed(fuzzer, outcomeOf(name, result));
  };
  fuzzer.replay(entries);
  return last;
}

function detailed(fuzzer: Fuzzer, outcome: string): string {
  return BY_ENGINE.includes(outcome) ? `${outcome} ${Engine[fuzzer.engine]}` : outcome;
}

/** Leaves out what is not needed to reach an outcome, larger pieces first. */
function shrunk(build: Build, entries: readonly Entry[], reaches: string): readonly Entry[] {
  let kept = entries;
  for (let piece = Math.ceil(kept.length / 2); piece >= 1;) {
    const before = kept.length;
    for (let from = kept.length - piece; from >= 0; from -= piece) {
      const fewer = [...kept.slice(0, from), ...kept.slice(from + piece)];
      if (outcomeAtEnd(build, fewer) === reaches) kept = fewer;
    }
    // Pieces of one again, until none of them can go.
    if (piece > 1) piece = Math.floor(piece / 2);
    else if (kept.length === before) break;
  }
  return kept;
}

/** Runs some cases of a build and keeps the shortest way to every outcome, shrunk. */
export function collect(build: Build, seed: number, cases: number): Sequence[] {
  const shortest = new Map<string, readonly Entry[]>();
  for (let index = 0; index < cases; index++) {
    runCase(build, caseSeed(seed, index), emptyTally(), (fuzzer, name, result) => {
      const reaches = detailed(fuzzer, outcomeOf(name, result));
      const best = shortest.get(reaches);
      if (best === undefined || fuzzer.recorded.length < best.length)
        shortest.set(reaches, [...fuzzer.recorded]);
    });
  }
  return [...shortest]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([reaches, entries]) => ({
      reaches,
      calls: formatEntries(shrunk(build, entries, reaches)),
    }));
}
