/** Loading what only training needs. */
import { besideEntry } from './beside.ts';

/** The chunk for training, loaded when it is first asked for. @throws CoreError when it is not beside the entry */
export const trainingChunk = () => besideEntry('training.js', () => import('./training-chunk.ts'));
