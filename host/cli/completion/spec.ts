/** What a shell has to know of the command line, read from commander's own definitions. */
import type { Argument, Command, Option } from 'commander';
import type { Completions, Parser } from '../input/values.ts';

/** A flag. */
export interface FlagSpec {
  /** `--rule`, and a short one if there is any. */
  readonly names: readonly string[];
  readonly description: string;
  /** Whether an argument follows. */
  readonly takes: boolean;
  /** What that is; undefined: a number or any text. */
  readonly completions: Completions | undefined;
}

/** A command, or the program itself. */
export interface CommandSpec {
  /** `/data/make`; empty for the program. */
  readonly path: string;
  readonly description: string;
  readonly flags: readonly FlagSpec[];
  /** The commands below it. */
  readonly words: readonly { readonly word: string; readonly description: string }[];
  /** What its arguments are. */
  readonly completions: Completions | undefined;
}

/** Most characters of a description: shells show one line. */
const WIDEST = 60;

/** The start of a description, without its default. */
function short(description: string): string {
  const text = description.replace(/ \(default: .*\)$/, '').replaceAll('\n', ' ');
  if (text.length <= WIDEST) return text;
  return `${text.slice(0, WIDEST - 3).replace(/\W+\w*$/, '')}...`;
}

/** What its parser says, or commander's list of choices. */
function completionsOf({ parseArg, argChoices }: Option | Argument): Completions | undefined {
  return argChoices ?? (parseArg as Parser<unknown> | undefined)?.completions;
}

function flagOf(option: Option): FlagSpec {
  return {
    names: [option.long, option.short].filter((name) => name !== undefined),
    description: short(option.description),
    takes: option.required || option.optional,
    completions: completionsOf(option),
  };
}

/** All commands, the program first, each before those below it. */
export function specsOf(command: Command, path = ''): readonly CommandSpec[] {
  const help = command.createHelp();
  const below = help.visibleCommands(command).filter((each) => each.name() !== 'help');
  const own: CommandSpec = {
    path,
    description: short(command.description()),
    flags: help.visibleOptions(command).map(flagOf),
    words: below.map((each) => ({ word: each.name(), description: short(each.description()) })),
    completions: command.registeredArguments.map(completionsOf).find((found) => found !== undefined),
  };
  return [own, ...below.flatMap((each) => specsOf(each, `${path}/${each.name()}`))];
}

/** Flags whose arguments are completed alike: `--rule|--rules` and what they take. */
export function grouped(
  flags: readonly FlagSpec[],
): readonly (readonly [names: string[], of: Completions])[] {
  const groups = new Map<string, [string[], Completions]>();
  for (const { names, completions } of flags) {
    if (completions === undefined) continue;
    const key = String(completions);
    const group = groups.get(key) ?? [[], completions];
    group[0].push(...names);
    groups.set(key, group);
  }
  return [...groups.values()];
}
