/** `--graph`: a random one by its name, or a file. */
import { DataError } from '../../core/errors.ts';
import { readText } from '../../files/disk.ts';
import { type Graph, namedGraph } from '../../problems/graph.ts';
import { type GraphFormat, type ReadGraph, readGraph } from '../../problems/read-graph.ts';
import { UsageError } from '../output/failure.ts';

/**
 * Draws or reads a graph.
 * @param format of a file; absent: what it looks like
 * @throws UsageError, OptionError, DataError
 */
export async function graphOf(name: string, format?: GraphFormat): Promise<Graph | ReadGraph> {
  const known = namedGraph(name);
  if (known !== undefined && format !== undefined)
    throw new UsageError(`--graph-format is of a file; ${name} is drawn at random`);
  if (known !== undefined) return known;
  try {
    return readGraph(await readText(name), name, format);
  } catch (error) {
    // The flag in the place of the library's argument.
    if (error instanceof DataError && error.code === 'ERR_DATA_GRAPH')
      throw new DataError(
        error.code,
        error.message.replace(/format '(?=edges)/, "--graph-format '"),
        {},
        { cause: error },
      );
    // A word without a dot or a slash is likely to be meant as a name.
    if (error instanceof DataError && error.code === 'ERR_DATA_FILE' && !/[./\\]/.test(name))
      throw new UsageError(`--graph is '${name}'; expected random:N,d or a file, and ${error.message}`);
    throw error;
  }
}
