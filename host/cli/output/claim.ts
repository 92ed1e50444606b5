/** What becomes of a claim, for people. */
import type { ClaimVerdict } from '../../plateau/claims.ts';
import { fixed, table } from './format.ts';

/** Whether it can be. */
function verdict({ possible, weights }: ClaimVerdict): string {
  if (possible !== null) return possible ? 'possible' : 'impossible';
  return `only with |w| from ${weights === null ? '' : weights.toPrecision(3)}`;
}

/** The verdicts as a table. */
export function claimLines(verdicts: readonly ClaimVerdict[]): string[] {
  const rows = verdicts.map((each) => [each.loss, each.formula, fixed(each.bound), verdict(each)]);
  return table(['loss', 'the gradient is at most', 'that is', 'verdict'], rows);
}
