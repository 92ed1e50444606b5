/** Tasks beside the claim's, each of which leaves what `frugal` was made on in one way. */
import { FOUR, images, PCA, type Task, TASKS } from './tasks.ts';

/** One of them, and its budgets of shots. */
export interface Variant extends Task {
  readonly budgets: readonly number[];
}

/** Rows of each class where there are four, so that there are 1000 again. */
const OF_FOUR = 250;

/** Every variant, by its name. */
export const VARIANTS: Readonly<Record<string, Variant>> = {
  'four-classes': {
    title: 'Fashion 0/1/2/3, softmax of four',
    model: { ...FOUR, classes: 4 },
    steps: PCA,
    data: images('fashion-mnist', ['0', '1', '2', '3'], OF_FOUR),
    budgets: [3e5, 3e6],
  },
  'ten-layers': {
    ...TASKS['fashion-64'],
    title: 'Fashion 5/9, 64 pixels, ten layers: 187 parameters',
    model: { ...TASKS['fashion-64'].model, layers: 10 },
    budgets: [3e5],
  },
  warm: {
    ...TASKS['fashion-5-9'],
    title: 'Fashion 5/9, started from 100 exact steps on 50 rows',
    warm: { rows: 50, steps: 100 },
    budgets: [3e5],
  },
  long: { ...TASKS.gaussians, title: 'two Gaussians, longer', budgets: [1e7] },
  hinge: {
    ...TASKS['mnist-3-6'],
    title: 'MNIST 3/6, hinge loss',
    model: { ...TASKS['mnist-3-6'].model, loss: 'hinge' },
    budgets: [3e5],
  },
};
