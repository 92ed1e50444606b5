/** `--graph`: a random one by its name, or a file. */
import { DataError } from '../../core/errors.ts';
import { readText } from '../../files/disk.ts';
import { type Graph, namedGraph } from '../../problems/graph.ts';
import { readGraph } from '../../problems/read-graph.ts';
import { UsageError } from '../output/failure.ts';

/** Draws or reads a graph. @throws UsageError, OptionError, DataError */
export async function graphOf(name: string): Promise<Graph> {
  const known = namedGraph(name);
  if (known !== undefined) return known;
  try {
    return readGraph(await readText(name), name);
  } catch (error) {
    // A word without a dot or a slash is likely to be meant as a name.
    if (error instanceof DataError && error.code === 'ERR_DATA_FILE' && !/[./\\]/.test(name))
      throw new UsageError(`--graph is '${name}'; expected random:N,d or a file, and ${error.message}`);
    throw error;
  }
}
