/** SHA-256 of what was read, against what it should be. */
import { DataError } from '../core/errors.ts';

/**
 * Refuses bytes with another SHA-256. A page served without TLS has no SubtleCrypto; there nothing is compared.
 * @param expected in hexadecimal digits
 * @param what the file should be, for the message
 * @throws DataError
 */
export async function checkSha256(
  bytes: Uint8Array,
  expected: string,
  name: string,
  what: string,
): Promise<void> {
  const digest = await globalThis.crypto?.subtle?.digest('SHA-256', new Uint8Array(bytes));
  if (digest === undefined || hex(digest) === expected) return;
  const message = `not the file of ${what}: its SHA-256 is another one`;
  throw new DataError('ERR_DATA_CHECKSUM', message, { file: name });
}

function hex(digest: ArrayBuffer): string {
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
