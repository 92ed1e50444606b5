/** All figures of the paper. */
import type { Experiment } from '../experiment.ts';
import { FIGURE_2, FIGURE_3 } from './curves.ts';
import { FIGURE_1 } from './landscape.ts';
import { FIGURE_4 } from './perturbation.ts';

/** In the paper's order. */
export const FIGURES: readonly Experiment[] = [FIGURE_1, FIGURE_2, FIGURE_3, FIGURE_4];
