/** Loading what fits a head behind a training. */
import { besideEntry } from './beside.ts';
import type { HeadRefit } from './head-refit.ts';

/** Lays out what fits the head; undefined where the training does not ask for it. @throws as `HeadRefit.prepare`, and CoreError when the chunk is not beside the entry */
export async function prepareRefit(
  ...asked: Parameters<typeof HeadRefit.prepare>
): Promise<HeadRefit | undefined> {
  const [, , { refitHead }] = asked;
  if (refitHead === 'none') return undefined;
  const fitting = await besideEntry('head-refit.js', () => import('./head-refit.ts'));
  return fitting.HeadRefit.prepare(...asked);
}
