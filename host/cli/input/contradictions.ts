/** Flags that say the opposite of one another: the last would win, and nobody would know. */
import type { Command } from 'commander';
import { UsageError } from '../output/failure.ts';

/** Makes a command refuse `--name` beside `--no-name`, in either order. */
export function refuseOpposites(command: Command): void {
  for (const negative of command.options.filter(({ negate }) => negate)) {
    const positive = command.options.find(
      (each) => !each.negate && each.attributeName() === negative.attributeName(),
    );
    if (positive === undefined) continue;
    const seen = new Set<string>();
    for (const { long, name } of [positive, negative].map((each) => ({
      long: each.long,
      name: each.name(),
    }))) {
      command.on(`option:${name}`, () => {
        seen.add(`${long}`);
        if (seen.size > 1) throw new UsageError(`${[...seen].join(' and ')} exclude each other`);
      });
    }
  }
}
