/**
 * A cell: one training of a study, problem x rule x setting x seed, as plain data that can be sent, kept and compared. Two
 * cells are the same if their hashes are.
 */
import { createHash } from 'node:crypto';
import type { ModelOptions, RuleName, TrainingOptions } from '../index.ts';
import { resolveTraining } from '../index.ts';
import { refuse, snapshot } from '../core/checks.ts';
import { version } from '../../package.json';

/** Plain data, as JSON has it. A field that is undefined counts as not there. */
export type Json =
  null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json | undefined };

/**
 * What is trained on what. A study knows no more of it than its name: whoever runs cells makes data, preprocessing and
 * model of the rest, which has to say all that they come from.
 */
export interface Problem {
  /** What messages and tables call it; no part of what it is. */
  readonly name: string;
  /** Where its files are, for whoever reads them; no part of what it is either. */
  readonly where?: Json;
  readonly [more: string]: Json | undefined;
}

/** Options of training but for the rule and the seed; those that are absent are the rule's defaults. */
export type Setting = Omit<TrainingOptions, 'rule' | 'seed'>;

/** One training of a study. */
export interface Cell {
  /** What is trained on what. */
  readonly problem: Problem;
  /** Update rule. */
  readonly rule: RuleName;
  /** Options of the training but for rule and seed. */
  readonly setting: Setting;
  /** Options of the model in place of the problem's. */
  readonly model?: Partial<ModelOptions>;
  /** Of every random draw, 0 to 2^53 - 1; what a problem draws of its data goes by it too. */
  readonly seed: number;
  /** How often the loss of the whole training set is looked at, beside the start and the end. */
  readonly looks: number;
  /** Measure whether the steps go uphill: see `FitOptions.ascent`; default not. */
  readonly ascent?: boolean;
}

/** Of the texts that are hashed: raise it when a cell of the same text would come to something else. */
const FORMAT = 1;

/** The data with the fields of every record in alphabetical order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(
    fields.sort(([a], [b]) => Number(a > b) - Number(a < b)).map(([name, field]) => [name, sorted(field)]),
  );
}

/** A text that is the same for the same data, whatever the order of the fields. */
export function canonical(value: unknown): string {
  return JSON.stringify(sorted(value));
}

/** SHA-256 of the text of some data, in hexadecimal digits. */
export function hashOf(value: unknown): string {
  return createHash('sha256').update(canonical(value)).digest('hex');
}

/**
 * The options that say something: those without which the training would be another one. So a cell is the same whether or not
 * it names a default, and stays the same when the library gets an option that it does not use.
 */
export function settingOf(rule: RuleName, setting: Setting): Setting {
  const resolved = (options: Setting) => canonical(resolveTraining({ ...options, rule, seed: 0 }));
  const whole = resolved(setting);
  /** Some options contradict those that are left without another. */
  const isSame = (options: Setting) => {
    try {
      return resolved(options) === whole;
    } catch {
      return false;
    }
  };
  let left = setting;
  for (const name of Object.keys(setting).sort()) {
    const { [name as keyof Setting]: _, ...others } = left;
    if (isSame(others)) left = others;
  }
  return left;
}

/**
 * The hash of a cell: SHA-256, 64 hexadecimal digits. The version of the package is in it, because a trace is its.
 * @throws OptionError for a rule or a setting that there is not
 */
export function hashOfCell({ problem, rule, setting, model, seed, looks, ascent = false }: Cell): string {
  resolveTraining({ ...setting, rule, seed });
  if (!Number.isSafeInteger(looks) || looks < 0) refuse('looks', looks, 'a whole number from 0');
  const { name: _, where: __, ...same } = snapshot('problem', problem);
  const what = { problem: same, rule, setting: settingOf(rule, setting), model: model ?? {} };
  return hashOf({ format: FORMAT, version, ...what, seed, looks, ascent });
}
