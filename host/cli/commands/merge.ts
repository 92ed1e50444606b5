/** `nlr-vqa merge` */
import { join } from 'node:path';
import type { Command } from 'commander';
import { DataError } from '../../core/errors.ts';
import { hashOfCell } from '../../study/cell.ts';
import type { CellOutcome } from '../../study/result.ts';
import { placesOfShard } from '../../study/shard.ts';
import { CellStore } from '../../study/store.ts';
import { commonFlags, type CommonFlags, type ForceFlag, forceFlag } from '../input/flags.ts';
import { NOT_STDOUT, written } from '../input/values.ts';
import { plural } from '../output/format.ts';
import { plain } from '../output/plain.ts';
import { print, printJson, tell } from '../output/streams.ts';
import { StudyFiles } from '../study/files.ts';
import { describeComparison } from '../study/result.ts';
import { type ComparisonCell, runComparison, type Runner } from '../study/run.ts';
import { lookUp } from '../study/shard.ts';
import { readShards, type ShardFile } from '../study/shard-file.ts';
import { type Outputs, withOutputs } from '../training/outputs.ts';

interface MergeFlags extends CommonFlags, ForceFlag {
  readonly out?: string;
}

const EXAMPLES = `
A folder has the files of one shard or of several; compare --shard I/N --out FOLDER writes them. What comes out is what
compare without --shard would have written, its CSV byte for byte.

Examples:
  nlr-vqa merge study
  nlr-vqa merge study-1 study-2 study-3 --out study
  nlr-vqa merge study --out study --json
`;

/** The one comparison that all shards are of. @throws DataError */
function oneComparison([first, ...others]: readonly ShardFile[]): ShardFile {
  for (const { identity, file } of others) {
    if (identity === first.identity) continue;
    const message = `it is of another comparison than ${first.file}: other rules, options, seeds or data`;
    throw new DataError('ERR_DATA_CELLS', message, { file });
  }
  return first;
}

/** Says which trainings are lacking, and of which shards. @throws DataError */
function refuseUnfinished(
  title: string,
  cells: readonly ComparisonCell[],
  outcomes: readonly (CellOutcome | undefined)[],
  shards: readonly ShardFile[],
): never {
  const hashes = cells.map(({ cell }) => hashOfCell(cell));
  const lacking = new Set(hashes.filter((_, i) => outcomes[i] === undefined));
  const { of } = shards[0].shard;
  const isOneDivision = shards.every(({ shard }) => shard.of === of);
  const late = Array.from({ length: isOneDivision ? of : 0 }, (_, i) => i + 1).filter((index) =>
    placesOfShard(hashes, { index, of }).some((place) => lacking.has(hashes[place])),
  );
  const named = late.length > 12 ? `${late.slice(0, 12).join(', ')}, ...` : late.join(', ');
  const which = late.length > 0 ? `, of shard ${named} of ${of}` : '';
  const message = `${lacking.size} of ${plural(new Set(hashes).size, 'training')} for ${title} are not finished${which}; run the shards again, then merge`;
  throw new DataError('ERR_DATA_CELLS', message);
}

async function merge(
  folders: readonly string[],
  { json = false, quiet = false, out }: MergeFlags,
  outputs: Outputs,
): Promise<void> {
  const shards = await readShards(folders);
  const { comparison, args } = oneComparison(shards);
  const stores: CellStore[] = [];
  for (const folder of folders) stores.push(await CellStore.read(folder));
  const found: { readonly each: ComparisonCell; readonly outcome: CellOutcome }[] = [];
  const run: Runner = async (title, cells) => {
    const outcomes = lookUp(cells, stores);
    return outcomes.map((outcome, i) => {
      if (outcome === undefined) return refuseUnfinished(title, cells, outcomes, shards);
      found.push({ each: cells[i], outcome });
      return outcome;
    });
  };
  const compared = await runComparison(comparison, run);
  const result = { ...compared.result, ...(out !== undefined && { out }) };
  if (out !== undefined) {
    const store = await CellStore.open(out);
    try {
      const files = await StudyFiles.claim(outputs, out, comparison.problem.name);
      for (const { each, outcome } of found)
        if (store.get(outcome.hash) === undefined) await store.add(each.cell, outcome);
      await files.write(compared, args);
    } finally {
      await store.close();
    }
  }
  if (json) printJson(result);
  else print(...describeComparison(result));
  if (out !== undefined && !quiet) tell(`wrote ${plain(join(out, 'report.html'))} and what is in it`);
}

/** Adds the command. */
export function addMerge(program: Command): void {
  const command = program
    .command('merge')
    .description('put the shards of a comparison together')
    .argument('<folders...>', 'folders that compare --shard has written')
    .addHelpText('after', EXAMPLES);
  command.optionsGroup('Output:');
  command.option(
    '--out <folder>',
    'write the report there, and all trainings, with which compare goes on',
    written('--out', NOT_STDOUT),
  );
  forceFlag(command);
  commonFlags(command, 'accepted everywhere; nothing is drawn here');
  command.action((folders: string[], flags: MergeFlags) =>
    withOutputs(flags, (outputs) => merge(folders, flags, outputs)),
  );
}
