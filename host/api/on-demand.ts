/** Loading what only training needs. */
import { messageOf } from '../core/checks.ts';
import { CoreError } from '../core/errors.ts';

/** The chunk for training, loaded when it is first asked for. @throws CoreError when it is not beside the entry */
export async function trainingChunk() {
  try {
    return await import('./training-chunk.ts');
  } catch (cause) {
    const message = `training.js cannot be loaded, which belongs beside index.js: ${messageOf(cause)}`;
    throw new CoreError(Number.NaN, message, { cause });
  }
}
