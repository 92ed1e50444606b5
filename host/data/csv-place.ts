/** Where a field of a CSV text is, for messages. Slow and exact: it runs once, when reading fails. */

import type { Cursor } from './csv-records.ts';

/**
 * Line and character column, from 1, of the first character of `field` (from 0) in the record that begins
 * at `start` and any blank lines. Past the last field, the end of the record.
 */
export function fieldPlace(
  source: string,
  delimiter: string,
  start: Readonly<Cursor>,
  field: number,
): { readonly line: number; readonly column: number } {
  let at = start.inBytes ? charactersIn(source, start.at) : start.at;
  at += blankLines(source, delimiter, at);
  let insideQuotes = false;
  for (let passed = 0; passed < field && at < source.length; at++) {
    if (source[at] === '"') insideQuotes = !insideQuotes;
    else if (insideQuotes) continue;
    else if (source[at] === '\r' || source[at] === '\n') break;
    else if (source[at] === delimiter) passed++;
  }
  while (source[at] !== delimiter && /[^\S\r\n]/.test(source[at] ?? '')) at++;
  const before = source.slice(0, at).split(/\r\n|\n|\r/);
  return { line: before.length, column: [...before[before.length - 1]].length + 1 };
}

/** Characters in the first `bytes` bytes of UTF-8. */
function charactersIn(source: string, bytes: number): number {
  const head = new TextEncoder().encode(source).subarray(0, bytes);
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(head).length;
}

/** Length of the blank lines from `at` on. */
function blankLines(source: string, delimiter: string, at: number): number {
  const line = /[^\r\n]*(\r\n|\n|\r)/y;
  let length = 0;
  for (;;) {
    line.lastIndex = at + length;
    const text = line.exec(source)?.[0];
    if (text === undefined || text.trim() !== '' || text.includes(delimiter)) return length;
    length += text.length;
  }
}
