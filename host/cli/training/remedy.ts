/** What is said, once, when reversals begin to outweigh descent in a run: that they do, and what helps. */
import type { ResolvedTraining } from '../../api/options.ts';
import type { StepReport } from '../../api/report.ts';
import { reversalRate } from '../../api/reversal-rate.ts';
import { percent } from '../output/format.ts';

/** Steps before which a share of violations says nothing. */
const LEAST_STEPS = 10;

/** Says it at the first step at which it is so, and never again. @returns what to ask at each step */
export function alarmOnce(training: ResolvedTraining): (report: StepReport) => string | undefined {
  let said = false;
  return ({ step, alarm, meanRate, violationRate: p }) => {
    if (said || !alarm || meanRate >= 0 || step < LEAST_STEPS) return undefined;
    said = true;
    const { rule, rate, shots } = training;
    const found = `step ${step}: reversals outweigh descent in rate, ${percent(p)} of the tentative steps raised the loss`;
    const isConstant = reversalRate(training) !== null && p > 0;
    const below = isConstant ? ` --negative-rate below ${((rate * (1 - p)) / p).toPrecision(2)},` : '';
    const guard = rule === 'nlr' ? ' --rule nlr-guarded,' : '';
    const more = shots === 'exact' ? ' a smaller --rate' : ` more --shots than ${shots}`;
    return `${found}; what helps:${guard}${below} or${more}; nlr-vqa plateau says what a test of the loss can tell`;
  };
}
