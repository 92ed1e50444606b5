/** Texts that are kept in the repository: what a person reads is compared whole, and a change of it shows in review. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Compares a text with the file that keeps it. With NLR_GOLDEN=write the file is written instead: look at its difference
 * before it is committed.
 * @param file beside the test, such as new URL('sections.txt', import.meta.url)
 * @param text what there should be in it
 */
export function assertGolden(file: URL, text: string): void {
  const path = fileURLToPath(file);
  if (process.env.NLR_GOLDEN === 'write') writeFileSync(path, text);
  const kept = existsSync(path) ? readFileSync(path, 'utf8').replaceAll('\r\n', '\n') : '';
  assert.equal(text, kept, `${basename(path)} is otherwise; NLR_GOLDEN=write writes it anew`);
}

/**
 * A line for each call: what it gives as JSON, or the name, the code and the sentence of what it throws.
 * @param calls by what they are about
 */
export function outcomes(calls: Readonly<Record<string, () => unknown>>): string {
  return Object.entries(calls)
    .map(([what, call]) => `${what}\n  ${outcome(call)}\n`)
    .join('');
}

function outcome(call: () => unknown): string {
  try {
    return JSON.stringify(call()) ?? 'undefined';
  } catch (error) {
    const { name, code, message } = error as Error & { code?: string };
    return `${name} ${code ?? 'without a code'}: ${message}`;
  }
}
