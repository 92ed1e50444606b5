/** The options of data sets as flags. */
import { type Command, Option } from 'commander';
import type { SetEntry } from '../../data/sets/catalogue.ts';
import type { SetOption } from '../../data/sets/options.ts';
import { list, number } from '../input/values.ts';
import { flagName } from '../output/failure.ts';

/** What a default looks like in a help text. */
function shown(value: unknown): string {
  return Array.isArray(value) ? value.join(',') : String(value);
}

/** The flag of one option. */
function flagOf(name: string, { kind, argument, help, value }: SetOption<unknown>): Option {
  const flag = flagName(name);
  if (kind === 'flag') return new Option(flag, help);
  const option = new Option(`${flag} <${argument}>`, `${help} (default: ${shown(value)})`);
  if (kind === 'number') option.argParser(number(flag));
  if (kind === 'list') option.argParser((text: string) => list(flag)(text));
  return option;
}

/** Adds a flag for each option of a set; the seed is every command's. */
export function setFlags(command: Command, { options }: SetEntry): void {
  for (const [name, option] of Object.entries(options))
    if (name !== 'seed') command.addOption(flagOf(name, option).helpGroup('The data:'));
}

/** The set's options among the flags of a command. */
export function optionsIn(flags: Readonly<Record<string, unknown>>, { options }: SetEntry) {
  const given = Object.keys(options).filter((name) => flags[name] !== undefined);
  return Object.fromEntries(given.map((name) => [name, flags[name]]));
}
