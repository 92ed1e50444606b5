/** How far long work is and how long it still takes: a bar on a terminal, nothing anywhere else. */
import { SingleBar } from 'cli-progress';

/** Tells how much is done. */
export interface Bar {
  /**
   * @param words what is said beside the bar
   * @param total where it is not known from the start
   */
  update(done: number, words: string, total?: number): void;
  stop(): void;
}

/** What a bar is of. */
export interface BarOptions {
  readonly title: string;
  readonly total: number;
  /** What was done before. */
  readonly from?: number;
  readonly words: string;
}

/** Columns of the bar itself: as many where there is room, and the fewest that say something. */
const COLUMNS = 30;
const FEWEST = 5;

/** Seconds that a pace is not taken from, and then seconds that it is taken from at least. */
const EARLY = 1;

/**
 * The mean pace, which stays put where that of a moment jumps. The first second is left out: a start is as slow as nothing
 * that follows, and what is kept from another time is done at once.
 */
export class Pace {
  #since: { readonly elapsed: number; readonly done: number } | undefined;

  /**
   * Seconds left; undefined while there is no pace.
   * @param elapsed seconds since the start
   */
  left(elapsed: number, done: number, total: number): number | undefined {
    if (elapsed < EARLY) return undefined;
    this.#since ??= { elapsed, done };
    const seconds = elapsed - this.#since.elapsed;
    const made = done - this.#since.done;
    return seconds < EARLY || made <= 0 ? undefined : (seconds / made) * (total - done);
  }
}

/** Units of time, each with its seconds. */
const UNITS = [
  ['d', 86400],
  ['h', 3600],
  ['m', 60],
  ['s', 1],
] as const;

/** A time in its two largest units: `3h 20m`. */
export function span(seconds: number): string {
  const whole = Math.ceil(seconds);
  const at = UNITS.findIndex(([, size]) => whole >= size);
  if (at < 0 || at === UNITS.length - 1) return `${whole}s`;
  const [[large, size], [small, each]] = [UNITS[at], UNITS[at + 1]];
  const parts = Math.round(whole / each);
  return `${Math.floor(parts / (size / each))}${large} ${parts % (size / each)}${small}`;
}

/**
 * The line that is drawn. Where it is narrow the bar gives way, then the title, not what is said.
 * @param share that is done, of 1
 * @param columns of the terminal
 */
export function barLine(
  { title, words, share, left }: Pick<BarOptions, 'title' | 'words'> & { share: number; left?: number },
  columns: number,
): string {
  const said = left === undefined ? words : `${words}  ${span(left)} left`;
  const room = Math.min(COLUMNS, columns - 1 - `${title}  ${said}`.length);
  if (room >= FEWEST) return `${title} ${'='.repeat(Math.round(room * share)).padEnd(room)} ${said}`;
  return `${title} ${said}`.length < columns ? `${title} ${said}` : said;
}

/** Starts a bar on stderr. @param quiet none */
export function startBar({ title, total, from = 0, words }: BarOptions, quiet: boolean): Bar {
  if (quiet || !process.stderr.isTTY) return { update() {}, stop() {} };
  const pace = new Pace();
  const bar = new SingleBar({
    format: (_, { progress, value, total, startTime, maxWidth }, said: { words: string }) => {
      const left = pace.left((Date.now() - startTime) / 1000, value, total);
      return barLine({ title, words: said.words, share: progress, left }, maxWidth);
    },
    stream: process.stderr,
    // Signals are the run's business; a hidden cursor would stay hidden after one.
    gracefulExit: false,
    hideCursor: false,
    clearOnComplete: true,
    linewrap: true,
  });
  bar.start(total, from, { words });
  return {
    update(done, words, total) {
      if (total !== undefined) bar.setTotal(total);
      bar.update(done, { words });
    },
    stop: () => bar.stop(),
  };
}
