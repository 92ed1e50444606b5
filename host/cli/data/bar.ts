/** How far the making or the download of a data set is. */
import { count } from '../output/format.ts';
import { type Bar, startBar } from '../output/bar.ts';

/** Tells how much is done, and of how much. */
export interface SetBar {
  update(done: number, of: number): void;
  stop(): void;
}

/** A bar that begins with the first update, which says how much there is. */
export function barOf(title: string, quiet = false): SetBar {
  let bar: Bar | undefined;
  return {
    update(done, total) {
      const words = `${count(done)} of ${count(total)}`;
      bar ??= startBar({ title, total, from: done, words }, quiet);
      bar.update(done, words, total);
    },
    stop: () => bar?.stop(),
  };
}
