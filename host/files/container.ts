/**
 * The files of the host: one core image per trained model, then what only a host needs.
 *
 *   image ... image | JSON, UTF-8 | u32 JSON bytes, u32 version, u32 checksum, u32 magic "NLRH"
 *
 * All little-endian. A device reads the first image, whose own header says its length, and never looks
 * further. The checksum is CRC-32 over every byte of the file except its own four.
 */
import { bytes } from '../core/checks.ts';
import { FormatError, OptionError } from '../core/errors.ts';

/** The bytes of a file, as `fetch`, `readFile` or a file input give them. */
export type FileBytes = ArrayBuffer | ArrayBufferView;

const IMAGE_MAGIC = 0x56524c4e;
const MAGIC = 0x48524c4e;
const VERSION = 1;
const FOOTER_BYTES = 16;
const LEAST_IMAGE_BYTES = 24;

/** What a file holds. */
export interface Container {
  /** Core images, one or more. */
  readonly images: readonly Uint8Array[];
  /** The host's part; checked by whoever reads it. */
  readonly description: unknown;
}

/** The remainders of all bytes, from those of single bits: the remainder of a sum is the sum of the remainders. */
const TABLE = new Uint32Array(256);
for (let bit = 128, crc = 1; bit > 0; bit >>= 1) {
  crc = (crc >>> 1) ^ (0xedb88320 & -(crc & 1));
  for (let byte = 0; byte < 256; byte += 2 * bit) TABLE[byte + bit] = (TABLE[byte] as number) ^ crc;
}

/** CRC-32 (IEEE 802.3, reflected) of some bytes, going on from `crc`. */
export function crc32(bytes: Uint8Array, crc = 0): number {
  let state = ~crc;
  // Four at a time: of a file as short as most are, an engine is then done before it has taken to compiling the loop, which
  // takes longer.
  const table = TABLE;
  const { length } = bytes;
  let i = 0;
  for (; i + 3 < length; i += 4) {
    state = (state >>> 8) ^ (table[(state ^ (bytes[i] as number)) & 255] as number);
    state = (state >>> 8) ^ (table[(state ^ (bytes[i + 1] as number)) & 255] as number);
    state = (state >>> 8) ^ (table[(state ^ (bytes[i + 2] as number)) & 255] as number);
    state = (state >>> 8) ^ (table[(state ^ (bytes[i + 3] as number)) & 255] as number);
  }
  for (; i < length; i++) state = (state >>> 8) ^ (table[(state ^ (bytes[i] as number)) & 255] as number);
  return ~state >>> 0;
}

/** Checksum of a file: everything but the field itself. */
function fileChecksum(file: Uint8Array): number {
  return crc32(file.subarray(file.length - 4), crc32(file.subarray(0, file.length - 8)));
}

/** A description as JSON. @throws OptionError for a `context` that has none */
function asJson(description: unknown): Uint8Array {
  try {
    return new TextEncoder().encode(JSON.stringify(description));
  } catch (cause) {
    const message = 'context cannot be written; expected what JSON can hold, in no circle';
    throw new OptionError('ERR_OPTION_VALUE', message, 'context', { cause });
  }
}

/** Writes a file. @throws OptionError */
export function packContainer({ images, description }: Container): Uint8Array {
  const json = asJson(description);
  const length = images.reduce((sum, image) => sum + image.length, json.length + FOOTER_BYTES);
  const file = new Uint8Array(length);
  let at = 0;
  for (const part of [...images, json]) {
    file.set(part, at);
    at += part.length;
  }
  const view = new DataView(file.buffer);
  view.setUint32(at, json.length, true);
  view.setUint32(at + 4, VERSION, true);
  view.setUint32(at + 12, MAGIC, true);
  view.setUint32(at + 8, fileChecksum(file), true);
  return file;
}

/**
 * Reads a file back.
 * @param name for messages
 * @throws FormatError: another kind of file, cut short, damaged, or from a newer version; OptionError: no bytes
 */
export function unpackContainer(given: FileBytes, name: string): Container {
  const file = bytes(given, name);
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (file.length < 4 || view.getUint32(0, true) !== IMAGE_MAGIC) {
    throw new FormatError('ERR_FORMAT_MAGIC', 'this is not an nlr-vqa model or checkpoint', name);
  }
  const footer = file.length - FOOTER_BYTES;
  if (footer < LEAST_IMAGE_BYTES || view.getUint32(footer + 12, true) !== MAGIC) {
    throw new FormatError(
      'ERR_FORMAT_LENGTH',
      `the file is cut short or damaged at its end, after ${file.length} bytes`,
      name,
    );
  }
  const version = view.getUint32(footer + 4, true);
  if (version !== VERSION) {
    throw new FormatError(
      'ERR_FORMAT_VERSION',
      `the file has version ${version}; this nlr-vqa reads version ${VERSION}`,
      name,
    );
  }
  if (view.getUint32(footer + 8, true) !== fileChecksum(file)) {
    throw new FormatError(
      'ERR_FORMAT_CHECKSUM',
      'the file is damaged: its checksum does not match its bytes',
      name,
    );
  }
  const end = footer - view.getUint32(footer, true);
  const images: Uint8Array[] = [];
  let at = 0;
  while (at + LEAST_IMAGE_BYTES <= end) {
    const length = view.getUint32(at + 8, true);
    if (length < LEAST_IMAGE_BYTES) break;
    images.push(file.subarray(at, at + length));
    at += length;
  }
  if (at !== end || images.length === 0) {
    throw new FormatError('ERR_FORMAT_LENGTH', 'the parts of the file do not add up to its length', name);
  }
  try {
    return { images, description: JSON.parse(new TextDecoder().decode(file.subarray(end, footer))) };
  } catch (cause) {
    const message = "the file's description is malformed: it is not JSON";
    throw new FormatError('ERR_FORMAT_CONFIGURATION', message, name, { cause });
  }
}
