/** Single calls into the core; the one that does nothing is the baseline of every section. */
import type { CoreExports } from '../../host/core/abi.ts';
import { type Row, row } from './table.ts';
import { type Contestant, clock, summarise } from './timing.ts';

/** The numbers that calls are given in turn begin again after so many. */
const ARGUMENTS = 32;

/** An export that takes the number of a sample, or nothing. */
export type Exported = (sample: number) => number;

let loops = 0;

/**
 * Calls an export with 0, 1, ... 31 in turn, from a place in code that calls nothing else, as in a program with
 * one core. The engine takes what it learns about a call to belong to the text, so every loop has one of its own.
 */
export function ownCalls(name: string, exported: Exported): Contestant {
  const loop = new Function(
    'call',
    'clock',
    `// ${loops++}
    return (times) => {
      const start = clock();
      for (let i = 0; i < times; i++) call(i & ${ARGUMENTS - 1});
      return clock() - start;
    };`,
  ) as (call: Exported, clock: () => number) => Contestant['run'];
  return { name, run: loop(exported, clock) };
}

/** The same from one place that all calls go through in common, where the engine cannot know which comes. */
export function sharedCalls(name: string, exported: Exported): Contestant {
  const run = (times: number) => {
    const start = clock();
    for (let i = 0; i < times; i++) exported(i & (ARGUMENTS - 1));
    return clock() - start;
  };
  return { name, run };
}

/** Calls into the core for a constant. */
export function emptyCall(abi: CoreExports): Contestant {
  return ownCalls('empty call', abi.abi_version);
}

/** Its row. */
export function emptyRow(found: readonly number[]): Row {
  return row('empty call', { time: summarise(found), unit: 'calls' });
}
