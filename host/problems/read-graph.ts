/**
 * Graphs as files have them, an edge a line: `a b` or `a b weight`, between blanks, commas or semicolons, with NetworkX's
 * `{'weight': 2.0}` too, below a row of titles or not; DIMACS, `p edge N M` and `e a b`; and rudy's, as of the Gset, which
 * begins with `N M`. Lines that begin with #, %, // or, of DIMACS, c are comments.
 */
import { MAX_QUBITS } from '../../assembly/abi/codes.ts';
import { text as checkText, oneOf, optional, snapshot } from '../core/checks.ts';
import { DataError } from '../core/errors.ts';
import { decimal } from '../data/dataset.ts';
import { type Graph, graph } from './graph.ts';

/** How a file has its edges: a line an edge (nodes and, where there is one, a weight), DIMACS, or rudy (counts first). */
export const GRAPH_FORMATS = ['edges', 'dimacs', 'rudy'] as const;
/** How the edges of a graph are written in a file: one of {@link GRAPH_FORMATS}. */
export type GraphFormat = (typeof GRAPH_FORMATS)[number];

/** A graph from a file. */
export interface ReadGraph extends Graph {
  /** How the file was read. */
  readonly format: GraphFormat;
  /** The row of titles above the edges, where there is one. */
  readonly titles?: readonly string[];
}

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

/** So many of something, for people. */
const counted = (count: number | string, noun: string) => `${count} ${noun}${Number(count) === 1 ? '' : 's'}`;

/** Whether the first of some lines says how many nodes and edges there are, as rudy's does. */
function isCounted([first, ...rest]: readonly Line[]): boolean {
  const [nodes, edges] = first.fields.map((field) => decimal(field) ?? Number.NaN);
  const isNode = (field: string) =>
    Number.isInteger(decimal(field)) && Number(field) >= 1 && Number(field) <= nodes;
  return (
    first.fields.length === 2 &&
    Number.isInteger(nodes) &&
    rest.length > 0 &&
    rest.length === edges &&
    rest.every(({ fields }) => fields.slice(0, 2).every(isNode))
  );
}

/** Whether lines that `isCounted` could all be edges too: two fields each, and no edge a loop or there twice. */
function couldBeEdges(lines: readonly Line[]): boolean {
  const keys = lines.map(({ fields }) => [...fields].sort().join(' '));
  const areEdges = lines.every(({ fields }) => fields.length === 2 && fields[0] !== fields[1]);
  return areEdges && new Set(keys).size === lines.length && Number(lines[0].fields[1]) <= MAX_QUBITS;
}

/** What tables of edges call the two ends, in lower case. */
const ENDS: readonly string[] = [
  ...['source target', 'from to', 'src dst', 'start end', 'begin end', 'tail head', 'head tail', 'u v'],
  ...['node1 node2', 'node_1 node_2', 'node a node b', 'node_a node_b', 'vertex1 vertex2'],
];

/**
 * Whether the first of some lines has titles: words for the two ends that no other line names, or such as are no numbers
 * where all other nodes are and have no weight, or a weight that is a word.
 */
function isTitled([first, ...rest]: readonly Line[]): boolean {
  const [a, b, weight] = first.fields;
  const others = new Set(rest.flatMap(({ fields }) => fields.slice(0, 2)));
  if (b === undefined || a === b || rest.length === 0 || others.has(a) || others.has(b)) return false;
  const isNumber = (text: string) => decimal(text) !== undefined;
  if (ENDS.includes(`${a} ${b}`.toLowerCase())) return true;
  if (weight !== undefined && /^[\p{L}_ ]+$/u.test(weight))
    return rest.every(({ fields: [, , w] }) => isNumber(w ?? ''));
  return ![a, b, weight ?? ''].some(isNumber) && [...others].every(isNumber);
}

/** Whether a line of DIMACS says how large the problem is. */
const isProblem = ({ fields: [first] }: Line) => first === 'p';

/** What the lines look like, or what they are said to be. @throws DataError for what could be two of them, or not what it is said to be */
function formatOf(all: readonly Line[], file: string, given: GraphFormat | undefined): GraphFormat {
  const problem = all.findIndex(isProblem);
  const isDimacs = problem >= 0 && all.slice(0, problem).every(({ fields: [first] }) => first === 'c');
  const isRudy = !isDimacs && all.length > 0 && isCounted(all);
  const [first] = all;
  const refuse = (message: string): never => {
    throw new DataError('ERR_DATA_GRAPH', message, { file, line: first?.number, column: first?.columns[0] });
  };
  if ((given === 'dimacs' && !isDimacs) || (given === 'rudy' && !isRudy))
    refuse(
      given === 'dimacs'
        ? 'there is no line such as p edge 4 5, with which a file of DIMACS begins'
        : 'the first line does not say how many nodes there are, and how many lines with edges follow',
    );
  if (given !== undefined) return given;
  if (isDimacs) return 'dimacs';
  if (!isRudy) return 'edges';
  const shown = first.fields.join(' ');
  if (couldBeEdges(all))
    refuse(
      `${JSON.stringify(shown)} could be an edge, or say that ${counted(first.fields[0], 'node')} and ${counted(first.fields[1], 'edge')} follow; format 'edges' or 'rudy' says which`,
    );
  return 'rudy';
}

/** Names of nodes in their order: numbers by their size, others as they come. */
function ordered(names: readonly string[]): string[] {
  const isNumber = (name: string) => /^\d+$/.test(name);
  return names.every(isNumber) ? [...names].sort((a, b) => Number(a) - Number(b)) : [...names];
}

/** A weight as NetworkX or a third field has it; 1 where there is none. */
function weightOf({ fields, columns, number }: Line, file: string): number {
  const [, , field = '1'] = fields;
  const isClosed = /^\{.*\}$/.test(field);
  const text = isClosed ? (/(?<!\w)weight['"]?\s*:\s*([^\s,}]*)/.exec(field)?.[1] ?? '1') : field;
  const weight = decimal(text);
  if (weight !== undefined && Number.isFinite(weight)) return weight;
  const message = `${JSON.stringify(text)} is no weight; expected a number`;
  throw new DataError('ERR_DATA_NUMBER', message, { file, line: number, column: columns[2] });
}

/**
 * Reads a graph from a text. Nodes have any names without blanks; numbers become qubits in their order, and so do the numbers
 * that a header counts, from 1, whether or not they have an edge.
 * @param name what messages call the text, usually its file
 * @param format of the text; default what it looks like, and what could be an edge list as well as rudy's is refused
 * @throws DataError with line and column
 * @example
 * ```ts
 * readGraph('a b 2\nb c').edges; // [{ a: 0, b: 1, weight: 2 }, { a: 1, b: 2, weight: 1 }]
 * ```
 */
export function readGraph(text: string, name = 'graph', format?: GraphFormat): ReadGraph {
  checkText(name, 'name');
  const all = linesOf(checkText(text, 'text').replace(/^\ufeff/, ''));
  const found = formatOf(all, name, optional(oneOf(...GRAPH_FORMATS))(format, 'format'));
  const isDimacs = found === 'dimacs';
  const header = isDimacs ? all.find(isProblem) : found === 'rudy' ? all[0] : undefined;
  const titles = found === 'edges' && all.length > 0 && isTitled(all) ? all[0] : undefined;
  const at = ({ number, columns }: Line, field = 0) => ({
    file: name,
    line: number,
    column: columns[field] ?? 1,
  });
  const fail = (message: string, line: Line, field?: number): never => {
    throw new DataError('ERR_DATA_GRAPH', message, at(line, field));
  };
  const edgeLines = all.flatMap((line): Line[] => {
    if (line === header || line === titles || (isDimacs && line.fields[0] === 'c')) return [];
    if (!isDimacs) return [line];
    if (line.fields[0] !== 'e' && line.fields[0] !== 'a')
      fail(`a line of DIMACS begins with c, p or e, not with ${JSON.stringify(line.fields[0])}`, line);
    return [{ ...line, fields: line.fields.slice(1), columns: line.columns.slice(1) }];
  });
  if (edgeLines.length === 0)
    throw new DataError('ERR_DATA_EMPTY', 'there is no edge; expected lines such as 0 1', { file: name });
  const size = header === undefined ? undefined : Number(header.fields[isDimacs ? 2 : 0]);
  if (size !== undefined && !(Number.isInteger(size) && size >= 2 && size <= MAX_QUBITS))
    fail(
      `the graph has ${counted(header?.fields[isDimacs ? 2 : 0] ?? 'no number of', 'node')}; expected 2 to ${MAX_QUBITS}`,
      header as Line,
    );
  const named = edgeLines.flatMap(({ fields }) => fields.slice(0, 2));
  const nodes =
    size === undefined
      ? ordered([...new Set(named)])
      : Array.from({ length: size }, (_, node) => String(node + 1));
  const places = new Map(nodes.map((node, i) => [node, i]));
  const seen = new Map<string, number>();
  const edges = edgeLines.map((line): [number, number, number] => {
    const [first, second, , ...more] = line.fields;
    if (second === undefined || more.length > 0)
      fail(
        `the line has ${counted(line.fields.length, 'field')}; expected two nodes, and a weight if there is one`,
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
        places.get(node) ?? fail(`there is no node ${JSON.stringify(node)} among 1 to ${size}`, line, field),
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
  return snapshot('the graph', {
    ...graph(nodes, edges, name),
    ...{ format: found, ...(titles !== undefined && { titles: titles.fields }) },
  });
}
