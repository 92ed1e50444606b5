/** Flags of what goes on beside a training: class weights, a validation set, a log and curves. */
import type { Command } from 'commander';
import type { ClassWeights } from '../../api/class-weights.ts';
import { className, decimal, quoted } from '../../data/dataset.ts';
import { UsageError } from '../output/failure.ts';
import { NOT_STDOUT, number, type Parser, whole, written } from './values.ts';

/** Absent: not. */
export interface WatchFlags {
  readonly classWeights?: ClassWeights;
  readonly validationFraction?: number;
  readonly patience?: number;
  readonly log?: string;
  readonly plot?: string;
  readonly curve?: boolean;
}

/** `balanced`, or `a=2,b=1`: the last sign of equality in a part divides it. */
function classWeights(flag: string): Parser<ClassWeights> {
  return (text) => {
    if (text === 'balanced') return text;
    const parts = text.split(',').map((part): [string, number] => {
      const at = part.lastIndexOf('=');
      const weight = decimal(part.slice(at + 1).trim());
      if (at > 0 && weight !== undefined) return [className(part.slice(0, at)), weight];
      throw new UsageError(`${flag} is '${text}'; expected 'balanced', or weights by class: yes=3,no=1`);
    });
    const twice = parts.find(([name], i) => parts.findIndex(([other]) => other === name) !== i);
    if (twice !== undefined) throw new UsageError(`${flag} gives ${quoted(twice[0])} two weights: '${text}'`);
    return Object.fromEntries(parts);
  };
}

/** A share of the training part. */
function share(flag: string): Parser<number> {
  return (text) => {
    const value = number(flag)(text);
    if (value > 0 && value < 1) return value;
    throw new UsageError(`${flag} is ${value}; expected a number between 0 and 1, both excluded`);
  };
}

/** Adds the flags. @param every the default steps between two looks at the validation set */
export function watchFlags(command: Command, every: number): void {
  command.optionsGroup('Watching:');
  command
    .option(
      '--class-weights <weights>',
      "'balanced', so that rare classes count as much as common ones, or yes=3,no=1; scaled to a mean of 1",
      classWeights('--class-weights'),
    )
    .option(
      '--validation-fraction <share>',
      `share of the training part to look at every ${every} steps, or --evaluate-every, without training on it; the best parameters are kept`,
      share('--validation-fraction'),
    )
    .option(
      '--patience <n>',
      'stop after n looks at the validation set without a lower loss',
      whole('--patience', 1),
    )
    .option(
      '--log <file>',
      'write a line of JSON a step; with --resume go on with that file',
      written('--log', NOT_STDOUT),
    )
    .option(
      '--plot <file>',
      'draw losses, gradient norms and reversals as SVG',
      written('--plot', NOT_STDOUT),
    )
    .option('--curve', 'print the loss as a curve (default: on a terminal)')
    .option('--no-curve', 'not');
}
