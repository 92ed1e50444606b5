/** Golden lines of calls that may have to be waited for, and that name the option at fault. */
import { OptionError } from '../../host/core/errors.ts';
import { outcomes } from './golden.ts';

/**
 * As `outcomes`: a line for each call with its result or its error. The option that an error blames stands behind the code.
 * @param calls by what they are about, made one after the other
 */
export async function settled(calls: Readonly<Record<string, () => unknown>>): Promise<string> {
  const texts: string[] = [];
  for (const [what, call] of Object.entries(calls)) texts.push(outcomes({ [what]: await done(call) }));
  return texts.join('');
}

/** A call again that gives at once what the first one gave. */
async function done(call: () => unknown): Promise<() => unknown> {
  try {
    const result = await call();
    return () => result;
  } catch (error) {
    return () => {
      throw blaming(error);
    };
  }
}

function blaming(error: unknown): unknown {
  if (!(error instanceof OptionError)) return error;
  const { name, code, message, option } = error;
  return Object.assign(new Error(message), { name, code: `${code} of ${option}` });
}
