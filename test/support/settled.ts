/** What promises come to, as calls that `outcomes` can write down. */

/**
 * Runs calls one after another.
 * @param calls by what they are about
 * @returns for each a call that returns what it came to, or throws it again
 */
export async function settled(
  calls: Readonly<Record<string, () => Promise<unknown>>>,
): Promise<Record<string, () => unknown>> {
  const all: Record<string, () => unknown> = {};
  for (const [what, call] of Object.entries(calls)) {
    try {
      const value = await call();
      all[what] = () => value;
    } catch (error) {
      all[what] = () => {
        throw error;
      };
    }
  }
  return all;
}
