/** Puts the lengths and checksums of a model or checkpoint file right, so that what is wrong in it is read. */
import { crc32 } from '../../../host/files/container.ts';
import { IMAGE_HEADER, LENGTH_AT, resealed } from '../../support/core-image.ts';

const FOOTER = 16;

/** The same file, with what its images and its description really take, and their checksums. */
export function sealed(given: Uint8Array): Uint8Array {
  const file = Uint8Array.from(given);
  const footer = file.length - FOOTER;
  if (footer < IMAGE_HEADER) return file;
  const view = new DataView(file.buffer);
  let at = 0;
  while (at + IMAGE_HEADER <= footer && view.getUint32(at, true) === view.getUint32(0, true)) {
    const length = view.getUint32(at + LENGTH_AT, true);
    if (length < IMAGE_HEADER || at + length > footer) break;
    resealed(file.subarray(at, at + length));
    at += length;
  }
  view.setUint32(footer, footer - at, true);
  view.setUint32(footer + 8, crc32(file.subarray(-4), crc32(file.subarray(0, -8))), true);
  return file;
}
