/** Asking whoever measures in place of the simulator, without end only as long as there are answers. */
import { ASK_COUNT, Option, Status } from '../../assembly/abi/codes.ts';
import type { Core } from '../core/core.ts';
import { CoreError } from '../core/errors.ts';

/** Answers the question that is open in a core, by telling its counts; a rejection gives the step up. */
export type Answer = (core: Core, signal?: AbortSignal) => Promise<void>;

/**
 * Has the questions of a step answered.
 * @returns a function for each time that the core asks
 * @throws CoreError ERR_CORE_BAD_COUNTS from it, when the answer resolves without having told anything
 */
export function asking(core: Core, answer: Answer, signal?: AbortSignal): () => Promise<void> {
  const { abi } = core;
  const terms = abi.option_value(Option.Terms);
  let last = '';
  let times = 0;
  return async () => {
    const question = core.integers(abi.ask_ptr(), ASK_COUNT).join();
    times = question === last ? times + 1 : 1;
    last = question;
    // Terms with the same letters ask the same one after the other, but no more often than there are terms.
    if (times > terms) {
      const message = 'answer resolved without telling any counts; expected counts that sum to the shots';
      throw new CoreError(Status.BadCounts, message);
    }
    await answer(core, signal);
  };
}
