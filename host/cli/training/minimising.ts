/**
 * Minimisations of an energy for the commands that have one: until the end or until the user stops them, for what there is by
 * then is a result too; and what is said beside the energy: reversals, the alarm, a start without a slope.
 */
import type { RuleName } from '../../api/options.ts';
import type { Trainer } from '../../api/trainer.ts';
import { Interrupted } from '../output/failure.ts';
import { count, plural } from '../output/format.ts';
import { alarmed, looksBack } from './result.ts';
import { type RunOptions, runTraining } from './run.ts';

/** Below it an exact gradient is rounding. */
const FLAT = 1e-12;

/** A minimisation that came to its end, or to where it was stopped. */
export interface Minimised {
  /** |grad L| before the first step. */
  readonly firstGradient?: number;
  /** To be thrown when the result has been printed. */
  readonly interrupted?: Interrupted;
}

/** Minimises to the end, or until a signal after at least one step. @throws CoreError when it diverges; Interrupted */
export async function runMinimisation(
  trainer: Trainer,
  options: Pick<RunOptions, 'title' | 'quiet' | 'goal'>,
): Promise<Minimised> {
  try {
    return await runTraining(trainer, { ...options, unkept: 'the result is of the parameters until then' });
  } catch (error) {
    if (!(error instanceof Interrupted) || trainer.steps === 0) throw error;
    return { interrupted: error };
  }
}

/** Warnings about a minimisation. */
export function minimisingWarnings(trainer: Trainer, { firstGradient }: Minimised): string[] {
  const { training, report } = trainer;
  const isFlat = training.shots === 'exact' && firstGradient !== undefined && firstGradient < FLAT;
  const stuck =
    'the gradient was 0 at the start, which no rule leaves: start elsewhere, by --initialisation or --seed';
  return [...(isFlat ? [stuck] : []), ...(report ? alarmed(trainer, report) : [])];
}

/** What the training took. */
export function trainingWords({
  rule,
  steps,
  evaluations,
  shots,
  shotsPerCircuit,
}: {
  readonly rule: RuleName;
  readonly steps: number;
  readonly evaluations: number;
  readonly shots: number;
  readonly shotsPerCircuit: number | 'exact';
}): string {
  const charged = shotsPerCircuit === 'exact' ? 'exact expectations' : plural(shots, 'shot');
  return `${rule}, ${plural(steps, 'step')}, ${plural(evaluations, 'circuit')}, ${charged}`;
}

/** How many steps were reversed, for a rule that reverses. */
export function reversalRows(
  rule: RuleName,
  { reversals, steps }: { readonly reversals: number; readonly steps: number },
): [string, string][] {
  return looksBack(rule) ? [['reversals', `${count(reversals)} of ${plural(steps, 'step')}`]] : [];
}
