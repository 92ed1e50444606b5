/** Inflating gzip data, never beyond a bound: a few bytes can stand for any number of them. */
import { DataError } from '../core/errors.ts';

/** Whether bytes begin as gzip data does. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** Chunks as one array. */
function joined(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

/**
 * Inflates gzip data until it ends or passes a bound.
 * @param most bytes that are wanted
 * @param name of the file, for messages
 * @returns everything, or `most` bytes and a little more when there is more
 * @throws DataError for data that is cut short or corrupt, as far as it was inflated
 */
export async function inflate(bytes: Uint8Array, most: number, name: string): Promise<Uint8Array> {
  const stream = new Blob([new Uint8Array(bytes)]).stream().pipeThrough(new DecompressionStream('gzip'));
  const reader = stream.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return joined(chunks, length);
      chunks.push(value);
      length += value.length;
      if (length > most) return joined(chunks, length);
    }
  } catch (cause) {
    const message = 'the gzip data is truncated or corrupt; copy or download the file again';
    throw new DataError('ERR_DATA_GZIP', message, { file: name }, { cause });
  } finally {
    // Nothing is inflated that nobody waits for; what has ended takes no harm.
    await reader.cancel().catch(() => {});
  }
}
