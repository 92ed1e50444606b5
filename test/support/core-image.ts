/** Images of the core, taken apart and sealed again: for tests that lie to it with a valid checksum. */

/** Bytes before an image's body: magic, version, kind, precision, length, checksum, configuration, count. */
export const IMAGE_HEADER = 24;
/** Where the header keeps its fields. */
export const VERSION_AT = 4;
export const KIND_AT = 6;
export const LENGTH_AT = 8;
export const CHECKSUM_AT = 12;
export const CONFIGURATION_AT = 16;
export const COUNT_AT = 20;

/** Options of a model image, or slots of a checkpoint's report. */
export function countOf(image: Uint8Array): number {
  return new DataView(image.buffer, image.byteOffset).getUint32(COUNT_AT, true);
}

/** Where a model image has its counts of operations and terms, and then these; a checkpoint its parameters. */
export function afterCount(image: Uint8Array): number {
  return IMAGE_HEADER + 8 * countOf(image);
}

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  return crc;
});

/** CRC-32 (IEEE 802.3, reflected). @param from the checksum of what comes before */
export function crc32(bytes: Uint8Array, from = 0): number {
  let crc = ~from >>> 0;
  for (const byte of bytes) crc = (crc >>> 8) ^ TABLE[(crc ^ byte) & 255];
  return ~crc >>> 0;
}

/** Puts the right checksum into an image's header and leaves all else as it is. @returns the image */
export function resealed(image: Uint8Array): Uint8Array {
  const view = new DataView(image.buffer, image.byteOffset, image.byteLength);
  view.setUint32(CHECKSUM_AT, 0, true);
  view.setUint32(CHECKSUM_AT, crc32(image), true);
  return image;
}

/** A copy whose words of so many bytes each are backwards; bytes behind the last whole word stay. */
export function swappedWords(bytes: Uint8Array, width: 2 | 4 | 8): Uint8Array {
  const copy = bytes.slice();
  for (let at = 0; at + width <= copy.length; at += width) copy.subarray(at, at + width).reverse();
  return copy;
}

/** A copy with the right checksum, and the right or another length, in its header. */
export function sealed(image: Uint8Array, length = image.length): Uint8Array {
  const copy = image.slice();
  new DataView(copy.buffer).setUint32(LENGTH_AT, length, true);
  return resealed(copy);
}

/** A copy with one 64-bit float written into it, sealed. */
export function withDouble(image: Uint8Array, at: number, value: number): Uint8Array {
  const copy = image.slice();
  new DataView(copy.buffer).setFloat64(at, value, true);
  return sealed(copy);
}

/** A copy with one 32-bit word written into it, sealed. */
export function withWord(image: Uint8Array, at: number, value: number): Uint8Array {
  const copy = image.slice();
  new DataView(copy.buffer).setUint32(at, value, true);
  return sealed(copy);
}

/** A copy with another count of options or slots, sealed: those that it did not have are 0, others are cut. */
export function withCount(image: Uint8Array, count: number): Uint8Array {
  const copy = new Uint8Array(image.length + 8 * (count - countOf(image)));
  copy.set(image.subarray(0, Math.min(afterCount(image), IMAGE_HEADER + 8 * count)));
  copy.set(image.subarray(afterCount(image)), IMAGE_HEADER + 8 * count);
  return withWord(copy, COUNT_AT, count);
}
