/** A table of the user's own as a link carries it: deflated by the browser, in the alphabet of addresses. */
import type { OwnTable } from './settings.ts';

/** Characters that a table may take in a link; what is longer has to be brought again. */
export const MOST_TABLE_TEXT = 24000;

/** Bytes that an unpacked table has at most: a few kilobytes could say gigabytes. */
const MOST_TABLE = 4e6;

/** Bytes in the alphabet of addresses. */
function toText(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

const fromText = (text: string) =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (character) =>
    character.charCodeAt(0),
  );

/**
 * Sends bytes through a compressor or what undoes one.
 * @throws Error when that refuses them, or when more than `most` bytes come out
 */
async function through(
  bytes: Uint8Array<ArrayBuffer>,
  stream: CompressionStream | DecompressionStream,
  most = Number.POSITIVE_INFINITY,
): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
  for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) {
    length += value?.length ?? 0;
    if (length > most) {
      await reader.cancel();
      throw new Error(`more than ${most} bytes`);
    }
    if (value) parts.push(value);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

/** A table with what a link says of it, which is nothing where it is too long for one. */
export async function ownTable(name: string, text: string): Promise<OwnTable> {
  const bytes = new TextEncoder().encode(`${name}\n${text}`);
  const packed = toText(await through(bytes, new CompressionStream('deflate-raw')));
  return { name, text, ...(packed.length <= MOST_TABLE_TEXT ? { packed } : {}) };
}

/** The table of a link. @throws Error when it is damaged, or larger than any that a link is made of */
export async function readTable(packed: string): Promise<OwnTable> {
  const bytes = await through(fromText(packed), new DecompressionStream('deflate-raw'), MOST_TABLE);
  const [name = '', ...lines] = new TextDecoder().decode(bytes).split('\n');
  return { name: name.slice(0, 200), text: lines.join('\n'), packed };
}
