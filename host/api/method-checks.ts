/** What options of training for comparisons need of the others: the chunk's part of their checks. */
import { contradiction } from '../core/checks.ts';
import type { ResolvedTraining } from './options.ts';

/** Refuses options that nothing would read, or that do not go together. @throws OptionError naming the option */
export function checkMethod({ displacement, gradient }: ResolvedTraining): void {
  if (displacement !== 'usual' && gradient !== 'two-point') {
    contradiction(
      `displacement is ${displacement}, but the gradient ${gradient} displaces parameters by its own rule; use two-point, or leave it 'usual'`,
      'displacement',
    );
  }
}
