/** All figures of a comparison. */
import { lossFigure, normFigure } from './curves.ts';
import { costFigure, endFigure } from './ends.ts';
import type { Figure, Shown } from './shown.ts';
import { reversalFigure, violationFigure } from './violations.ts';

/** The figures, what matters most first. */
export function figuresOf(shown: Shown): Figure[] {
  const all = [lossFigure, endFigure, violationFigure, reversalFigure, normFigure, costFigure];
  return all.flatMap((figure) => figure(shown) ?? []);
}

/** Names of all that there may be. */
export const FIGURE_NAMES = ['loss', 'ends', 'violations', 'reversals', 'gradient-norms', 'cost'] as const;
