/**
 * What is not installed skips a test, and says so. With NLR_ALL_ENGINES set, as in continuous integration, where
 * everything is there, it fails it.
 */
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';

/** What to say of what is lacking. @throws AssertionError where nothing may lack */
function said(lacking: string): string {
  const message = `please install: ${lacking}`;
  if (process.env.NLR_ALL_ENGINES !== undefined) assert.fail(message);
  return message;
}

/**
 * Skips or fails a test that needs what is not there.
 * @param lacking what to install; undefined: nothing
 * @returns whether the test may go on
 */
export function needs(context: TestContext, lacking: string | undefined): boolean {
  if (lacking === undefined) return true;
  context.skip(said(lacking));
  return false;
}

/** The same for a suite, as its option `skip`. @throws AssertionError where nothing may lack */
export function without(lacking: string | undefined): string | false {
  return lacking === undefined ? false : said(lacking);
}
