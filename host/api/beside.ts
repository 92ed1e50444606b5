/** Loading chunks, which lie beside the entry. */
import { messageOf } from '../core/checks.ts';
import { CoreError } from '../core/errors.ts';

/** A chunk by the name of its file. @throws CoreError when it is not beside the entry */
export async function besideEntry<T>(name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    const message = `${name} cannot be loaded, which belongs beside index.js: ${messageOf(cause)}`;
    throw new CoreError(Number.NaN, message, { cause });
  }
}
