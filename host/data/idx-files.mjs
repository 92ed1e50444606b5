/** What the scripts share that take samples from IDX files. */
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';

export const IMAGES_HEADER = 16;
export const LABELS_HEADER = 8;
/** Bytes of an image. */
export const PIXELS = 28 * 28;

export const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

/** The header with the number of items replaced, then the items. */
export function idx(header, items) {
  const start = Buffer.from(header);
  start.writeUInt32BE(items.length, 4);
  return Buffer.concat([start, ...items]);
}

/** Gzip with no time (zlib writes 0) and no operating system in its header. */
export function gzip(bytes) {
  const packed = gzipSync(bytes, { level: 9 });
  packed[9] = 255;
  return packed;
}
