/**
 * Graphs as files have them, an edge a line: `a b` or `a b weight`, between blanks, commas or semicolons, with NetworkX's
 * `{'weight': 2.0}` too; DIMACS, `p edge N M` and `e a b`; and rudy's, as of the Gset, which begins with `N M`. Lines that begin
 * with #, %, // or, of DIMACS, c are comments.
 */
import { MAX_QUBITS } from '../../assembly/abi/codes.ts';
import { text as checkText } from '../core/checks.ts';
import { DataError } from '../core/errors.ts';
import { decimal } from '../data/dataset.ts';
import { type Graph, graph } from './graph.ts';

/** A line that is no comment: its fields, and at which column each begins. */
interface Line {
  readonly number: number;
  readonly fields: readonly string[];
  readonly columns: readonly number[];
}

/** Names of nodes. */
const NODE = /^[\p{L}\p{N}.:_-]+$/u;

const FIELD = /"[^"]*"|\{[^}]*\}|[^\s,;]+/g;

function linesOf(text: string): Line[] {
  return text.split(/\r\n|\n|\r/).flatMap((line, i) => {
    if (/^\s*(#|%|\/\/|$)/.test(line)) return [];
    const found = [...line.matchAll(FIELD)];
    const columns = found.map(({ index }) => [...line.slice(0, index)].length + 1);
    return [{ number: i + 1, fields: found.map(([field]) => field.replace(/^"|"$/g, '')), columns }];
  });
}

/** Whether the first of some lines says how many nodes and edges there are, as rudy's does. */
function isCounted([first, ...rest]: readonly Line[]): boolean {
  const [nodes, edges] = first.fields.map((field) => decimal(field) ?? Number.NaN);
  const isNode = (field: string) =>
    Number.isInteger(decimal(field)) && Number(field) >= 1 && Number(field) <= nodes;
  return (
    first.fields.length === 2 &&
    Number.isInteger(nodes) &&
    rest.length === edges &&
    rest.every(({ fields }) => fields.slice(0, 2).every(isNode))
  );
}

/** Names of nodes in their order: numbers by their size, others as they come. */
function ordered(names: readonly string[]): string[] {
  const isNumber = (name: string) => /^\d+$/.test(name);
  return names.every(isNumber) ? [...names].sort((a, b) => Number(a) - Number(b)) : [...names];
}

/** A weight as NetworkX or a third field has it; 1 where there is none. */
function weightOf({ fields, columns, number }: Line, file: string): number {
  const [, , field = '1'] = fields;
  const text = field.startsWith('{') ? (/['"]?weight['"]?\s*:\s*([^\s,}]+)/.exec(field)?.[1] ?? '1') : field;
  const weight = decimal(text);
  if (weight !== undefined && Number.isFinite(weight)) return weight;
  const message = `${JSON.stringify(text)} is no weight; expected a number`;
  throw new DataError('ERR_DATA_NUMBER', message, { file, line: number, column: columns[2] });
}

/**
 * Reads a graph from a text. Nodes have any names without blanks; numbers become qubits in their order, and so do the numbers
 * that a header counts, from 1, whether or not they have an edge.
 * @param name what messages call the text, usually its file
 * @throws DataError with line and column
 * @example
 * ```ts
 * readGraph('a b 2\nb c').edges; // [{ a: 0, b: 1, weight: 2 }, { a: 1, b: 2, weight: 1 }]
 * ```
 */
export function readGraph(text: string, name = 'graph'): Graph {
  checkText(name, 'name');
  const all = linesOf(checkText(text, 'text').replace(/^\ufeff/, ''));
  const problem = all.findIndex(({ fields: [first] }) => first === 'p');
  const isDimacs = problem >= 0 && all.slice(0, problem).every(({ fields: [first] }) => first === 'c');
  const header = isDimacs ? all[problem] : all.length > 0 && isCounted(all) ? all[0] : undefined;
  const at = ({ number, columns }: Line, field = 0) => ({
    file: name,
    line: number,
    column: columns[field] ?? 1,
  });
  const fail = (message: string, line: Line, field?: number): never => {
    throw new DataError('ERR_DATA_GRAPH', message, at(line, field));
  };
  const edgeLines = all.flatMap((line): Line[] => {
    if (line === header || (isDimacs && line.fields[0] === 'c')) return [];
    if (!isDimacs) return [line];
    if (line.fields[0] !== 'e' && line.fields[0] !== 'a')
      fail(`a line of DIMACS begins with c, p or e, not with ${JSON.stringify(line.fields[0])}`, line);
    return [{ ...line, fields: line.fields.slice(1), columns: line.columns.slice(1) }];
  });
  if (edgeLines.length === 0)
    throw new DataError('ERR_DATA_EMPTY', 'there is no edge; expected lines such as 0 1', { file: name });
  const counted = header === undefined ? undefined : Number(header.fields[isDimacs ? 2 : 0]);
  if (counted !== undefined && !(Number.isInteger(counted) && counted >= 2 && counted <= MAX_QUBITS))
    fail(
      `the graph has ${header?.fields[isDimacs ? 2 : 0]} nodes; expected 2 to ${MAX_QUBITS}`,
      header as Line,
    );
  const named = edgeLines.flatMap(({ fields }) => fields.slice(0, 2));
  const nodes =
    counted === undefined
      ? ordered([...new Set(named)])
      : Array.from({ length: counted }, (_, node) => String(node + 1));
  const places = new Map(nodes.map((node, i) => [node, i]));
  const seen = new Map<string, number>();
  const edges = edgeLines.map((line): [number, number, number] => {
    const [first, second, , ...more] = line.fields;
    if (second === undefined || more.length > 0)
      fail(
        `the line has ${line.fields.length} fields; expected two nodes, and a weight if there is one`,
        line,
      );
    const odd = [first, second].findIndex((node) => !NODE.test(node));
    if (odd >= 0)
      fail(
        `${JSON.stringify(line.fields[odd])} is no name of a node; expected letters, digits and . : _ -`,
        line,
        odd,
      );
    const [a, b] = [first, second].map(
      (node, field) =>
        places.get(node) ??
        fail(`there is no node ${JSON.stringify(node)} among 1 to ${counted}`, line, field),
    );
    if (a === b) fail(`the edge joins node ${JSON.stringify(first)} with itself`, line);
    const key = a < b ? `${a} ${b}` : `${b} ${a}`;
    const before = seen.get(key);
    if (before !== undefined) fail(`the edge was there before, in line ${before}`, line);
    seen.set(key, line.number);
    return [a, b, weightOf(line, name)];
  });
  if (nodes.length > MAX_QUBITS)
    throw new DataError(
      'ERR_DATA_GRAPH',
      `the graph has ${nodes.length} nodes; at most ${MAX_QUBITS} fit, a qubit each`,
      {
        file: name,
      },
    );
  return graph(nodes, edges, name);
}
