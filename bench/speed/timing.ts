/**
 * Timing on a machine that others use too: all contestants take turns in many short rounds of one run, and
 * are compared round by round, so that a passing load falls on all of them alike. In a round each has a few
 * bursts, of which the best one counts. What is counted is processor time: waiting for a processor is no part
 * of it.
 */

/** Nanoseconds of processor time of this process so far; of the wall clock where a system is too coarse about it. */
export function clock(): number {
  if (process.platform === 'win32') return 1e6 * performance.now();
  const { user, system } = process.cpuUsage();
  return 1e3 * (user + system);
}

/** What is timed. */
export interface Contestant {
  readonly name: string;
  /** Does it so many times. @returns nanoseconds that this took */
  readonly run: (times: number) => number | Promise<number>;
}

/** How long and how often. */
export interface RaceOptions {
  /** Rounds; default 31. */
  readonly rounds?: number;
  /** Bursts of a contestant in a round, less when they are long; default 5. */
  readonly bursts?: number;
  /** Nanoseconds of one burst, roughly; default 1 ms. One repetition may take longer. */
  readonly burst?: number;
  /** Nanoseconds for which each one runs before the rounds, so that it is compiled; default 100 ms. */
  readonly warm?: number;
}

/** Middle and spread of many measurements. */
export interface Summary {
  readonly median: number;
  /** First and third quartile. */
  readonly lower: number;
  readonly upper: number;
  readonly least: number;
}

/**
 * The value below which a share of all values lies, between two of them in proportion.
 * @param share 0 to 1
 * @throws RangeError without values
 */
export function quantile(values: readonly number[], share: number): number {
  if (values.length === 0) throw new RangeError('no values');
  const sorted = [...values].sort((a, b) => a - b);
  const place = share * (sorted.length - 1);
  const [below, above] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  return Math.min(above, below + (place - Math.floor(place)) * (above - below));
}

/** Median, quartiles and least. @throws RangeError without values */
export function summarise(values: readonly number[]): Summary {
  return {
    median: quantile(values, 0.5),
    lower: quantile(values, 0.25),
    upper: quantile(values, 0.75),
    least: quantile(values, 0),
  };
}

/** Combines the values of the same round. @throws RangeError when one list is longer than the other */
export function byRound(
  a: readonly number[],
  b: readonly number[],
  combine: (a: number, b: number) => number,
): number[] {
  if (a.length !== b.length) throw new RangeError(`${a.length} rounds against ${b.length}`);
  return a.map((value, round) => combine(value, b[round]));
}

/** How many times longer `a` took than `b`, round by round. */
export function ratios(a: readonly number[], b: readonly number[]): number[] {
  return byRound(a, b, (first, second) => first / second);
}

/** Who comes when in a round: each round begins with another one, and every second goes backwards. */
export function turns(count: number, round: number): number[] {
  const order = Array.from({ length: count }, (_, i) => (i + (round >> 1)) % count);
  return round % 2 === 0 ? order : order.reverse();
}

/** An action, repeated and timed. */
export function repeated(action: () => void): Contestant['run'] {
  return (times) => {
    const start = clock();
    for (let i = 0; i < times; i++) action();
    return clock() - start;
  };
}

/**
 * Runs one until it is compiled.
 * @returns nanoseconds of one repetition, at best; of goes long enough for the clock, in one tick of which a short one
 *   takes nothing
 */
async function warmUp({ run }: Contestant, warm: number): Promise<number> {
  let spent = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let times = 1; spent < warm; times *= 2) {
    const took = await run(times);
    spent += took;
    if (took >= warm / 100) least = Math.min(least, took / times);
  }
  return least;
}

/** The best of a contestant's bursts in one round: nanoseconds of one repetition. */
async function bestBurst({ run }: Contestant, times: number, bursts: number): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < bursts; i++) least = Math.min(least, (await run(times)) / times);
  return least;
}

/**
 * Times contestants against one another.
 * @returns for each of them, in their order, the nanoseconds of one repetition in every round
 */
export async function race(
  contestants: readonly Contestant[],
  { rounds = 31, bursts = 5, burst = 1e6, warm = 1e8 }: RaceOptions = {},
): Promise<number[][]> {
  const plans: { readonly times: number; readonly bursts: number }[] = [];
  for (const contestant of contestants) {
    const cost = await warmUp(contestant, warm);
    const times = Math.max(1, Math.round(burst / cost));
    plans.push({
      times,
      bursts: Math.max(1, Math.min(bursts, Math.floor((bursts * burst) / (times * cost)))),
    });
  }
  const found = contestants.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const i of turns(contestants.length, round)) {
      found[i].push(await bestBurst(contestants[i], plans[i].times, plans[i].bursts));
    }
  }
  return found;
}
