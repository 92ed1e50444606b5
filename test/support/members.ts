/**
 * Members of the core's enumerations as the tables in assembly/abi have them, in the order of their numbers: tests go
 * through these, so that a new member is in all of them from its row on.
 */
import {
  Engine,
  EXACT_GRADIENTS,
  Gradient,
  LAID_OUT_ENGINES,
  type Loss,
  NOISY_ENGINES,
  PASSING_GRADIENTS,
  PER_SAMPLE_RULES,
  POOLING_RULES,
  PULLING_GRADIENTS,
  type Rule,
  type Schedule,
  TENTATIVE_RULES,
} from '../../assembly/abi/codes.ts';
import {
  ENGINES as ENGINE_ROWS,
  GRADIENTS as GRADIENT_ROWS,
  LOSSES as LOSS_ROWS,
  type MemberRow,
  SCHEDULES as SCHEDULE_ROWS,
} from '../../assembly/abi/enumerations.table.ts';
import { RULES as RULE_ROWS, type RuleRow } from '../../assembly/abi/rules.table.ts';
import { featuresOf, useOf } from '../../host/build/profiles.mjs';
import { type Build, type CoreTraining, DOUBLE_BUILDS, hasColumns } from './core-harness.ts';

const numbers = (rows: readonly { readonly number: number }[]) =>
  rows.map(({ number }) => number).sort((a, b) => a - b);

/** Whether the bit of a member is set in a trait of codes.ts. */
const has = (trait: number) => (member: number) => ((trait >> member) & 1) !== 0;

/** Rules that need what single displaced circuits give, and more of the model besides: they have tests of their own. */
const DISPLACING = RULE_ROWS.filter((row) => 'displacing' in row).map(({ number }): Rule => number);

/** Rules that train any model by any gradient but for what `canTrain` says. */
export const RULES: readonly Rule[] = numbers(RULE_ROWS).filter((rule) => !DISPLACING.includes(rule));

const rowOf = (rule: Rule) => (RULE_ROWS as readonly RuleRow[]).find(({ number }) => number === rule);

/** Whether a build has a rule. */
export function hasRule(build: Build, rule: Rule): boolean {
  const feature = rowOf(rule)?.feature;
  return feature === undefined || featuresOf(useOf(build))[feature];
}

/** Whether a build runs noisy circuits. */
export const hasNoise = (build: Build): boolean => featuresOf(useOf(build)).NOISE;

/** The rules of a build. */
export const rulesOf = (build: Build): readonly Rule[] => RULES.filter((rule) => hasRule(build, rule));

/** Rules that draw the samples of their gradient from the mini-batch. */
export const POOLING: readonly Rule[] = RULES.filter(has(POOLING_RULES));

/** Rules that read what each sample adds to the gradient. */
const PER_SAMPLE: readonly Rule[] = RULES.filter(has(PER_SAMPLE_RULES));

/** Whether a build can train so: it has the rule, and the rule can do with the gradient in the engine. */
export function canTrain(
  build: Build,
  { rule, gradient = Gradient.Adjoint, engine = Engine.Auto }: Partial<CoreTraining>,
): boolean {
  if (rule === undefined) return true;
  const passing = has(PASSING_GRADIENTS)(gradient);
  const together = LAID_OUT.includes(engine) && has(PULLING_GRADIENTS)(gradient);
  if (PER_SAMPLE.includes(rule) && (passing || together)) return false;
  return hasRule(build, rule) && !(POOLING.includes(rule) && passing);
}

/** Rules that look at the loss behind a step. */
export const TENTATIVE: readonly Rule[] = RULES.filter(has(TENTATIVE_RULES));

/**
 * Rules whose step is not continuous in the gradient, as by its sign. Where an entry is 0 but for rounding, the oracle's
 * step is another one: their tests work it out from the core's own gradients.
 */
const JUMPING: readonly Rule[] = [];

/** Rules that the oracle follows step by step. */
export const FOLLOWED: readonly Rule[] = RULES.filter((rule) => !JUMPING.includes(rule));

/** A rule's word, as users write it. */
export const wordOfRule = (rule: Rule) => rowOf(rule)?.word;

/** Vectors that a rule keeps. */
export const ruleVectors = (rule: Rule) => rowOf(rule)?.vectors ?? 0;

export const GRADIENTS: readonly Gradient[] = numbers(GRADIENT_ROWS);

/** Gradients that shots can give. */
export const SHOT_GRADIENTS: readonly Gradient[] = GRADIENTS.filter(
  (gradient) => !has(EXACT_GRADIENTS)(gradient),
);

/** Gradients that are the oracle's but for rounding, when expectations are exact: those made of passes only estimate. */
export const TRUE_GRADIENTS: readonly Gradient[] = GRADIENTS.filter(
  (gradient) => !has(PASSING_GRADIENTS)(gradient),
);

/** Engines for circuits without noise, `Auto` apart, which is a choice among them: the others have tests of their own. */
export const ENGINES: readonly Engine[] = numbers(ENGINE_ROWS).filter(
  (engine) => engine !== Engine.Auto && !has(NOISY_ENGINES)(engine),
);

export const LAID_OUT: readonly Engine[] = ENGINES.filter(has(LAID_OUT_ENGINES));

/** The engines of a build. */
export const enginesOf = (build: Build): readonly Engine[] =>
  hasColumns(build) ? ENGINES : ENGINES.filter((engine) => !LAID_OUT.includes(engine));

export const LOSSES: readonly Loss[] = numbers(LOSS_ROWS);

export const SCHEDULES: readonly Schedule[] = numbers(SCHEDULE_ROWS);

/** Whether a build has a schedule. */
export function hasSchedule(build: Build, schedule: Schedule): boolean {
  const row = (SCHEDULE_ROWS as readonly MemberRow[]).find(({ number }) => number === schedule);
  return row?.feature === undefined || featuresOf(useOf(build))[row.feature];
}

/** Builds with the methods from the literature that the others are held against. */
export const RIVAL_BUILDS: readonly Build[] = DOUBLE_BUILDS.filter(
  (build) => featuresOf(useOf(build)).RIVAL_METHODS,
);
