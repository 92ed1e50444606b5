/** What the rule in use is like. */
import { Option, Rule } from '../abi/codes';
import { integer } from '../memory/options';

/** Whether the rule tries a step and looks at the loss behind it. */
export function isTentative(): bool {
  const rule = integer(Option.Rule);
  return rule == Rule.Nlr || rule == Rule.NlrGuarded;
}
