/** Graphs, their cuts, and the Hamiltonian whose lowest energy is minus the largest cut. */
import { MAX_QUBITS } from '../../assembly/abi/codes.ts';
import type { PauliTerm } from '../api/circuit.ts';
import {
  integer,
  isFields,
  isListOf,
  looking,
  type Reader,
  refuse,
  shown,
  snapshot,
  text,
  that,
} from '../core/checks.ts';
import { decimal } from '../data/dataset.ts';
import { HostRandom } from '../data/philox.ts';
import { type Hamiltonian, hamiltonian } from './hamiltonian.ts';

/** An edge between two nodes, by their numbers from 0. */
export interface Edge {
  /** One of its nodes. */
  readonly a: number;
  /** The other, which is not the same. */
  readonly b: number;
  /** What it counts where it is cut: finite, also below 0. */
  readonly weight: number;
}

/** An undirected graph without loops. */
export interface Graph {
  /** What messages and results call it. */
  readonly name: string;
  /** Names of the nodes; node i is qubit i. */
  readonly nodes: readonly string[];
  /** At least one; no two nodes have more than one. */
  readonly edges: readonly Edge[];
}

/** The stream of the host's random numbers that graphs are drawn from. */
const STREAM = 0x67726170;

const range = (length: number) => Array.from({ length }, (_, i) => i);

/**
 * A graph of numbered edges.
 * @param nodes 2 to 20: a number of them, or their names
 * @throws OptionError
 * @example
 * ```ts
 * graph(3, [[0, 1], [1, 2, 0.5]]).edges[1].weight; // 0.5
 * ```
 */
export function graph(
  nodes: number | readonly string[],
  edges: readonly (readonly [a: number, b: number, weight?: number])[],
  name = 'a graph',
): Graph {
  const isNames = (value: unknown) => isListOf(value, (each) => typeof each === 'string');
  const numbered = typeof nodes === 'number';
  const names = numbered
    ? range(integer('nodes', nodes, 2, MAX_QUBITS)).map(String)
    : [...that<readonly string[]>('a number of nodes or their names', isNames)(nodes, 'nodes')];
  const count = integer('nodes', names.length, 2, MAX_QUBITS);
  const list = snapshot('edges', edges);
  const seen = new Set<string>();
  const isNode = (node: unknown) =>
    Number.isInteger(node) && (node as number) >= 0 && (node as number) < count;
  const isEdge = (edge: unknown) => {
    const [a, b, weight = 1] = Array.isArray(edge) ? (edge as number[]) : [];
    if (!isNode(a) || !isNode(b) || a === b || !Number.isFinite(weight)) return false;
    const key = `${Math.min(a, b)} ${Math.max(a, b)}`;
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  };
  if (!isListOf(list, isEdge) || list.length === 0)
    refuse('edges', edges, `pairs of different nodes 0 to ${count - 1}, each pair once, with finite weights`);
  return snapshot('the graph', {
    ...{ name: text(name, 'name'), nodes: names },
    edges: list.map(([a, b, weight = 1]) => ({ a, b, weight })),
  });
}

/** Edges at random, each between two free ends of nodes that have none in common yet; undefined where that comes to no end. */
function paired(nodes: number, degree: number, random: HostRandom): [number, number][] | undefined {
  const free = new Array<number>(nodes).fill(degree);
  const all = range(nodes).flatMap((a) => range(a).map((b): [number, number] => [b, a]));
  const edges: [number, number][] = [];
  while (2 * edges.length < nodes * degree) {
    const open = all.filter((pair) => !edges.includes(pair));
    let chosen = random.below(
      Math.max(
        1,
        open.reduce((sum, [a, b]) => sum + free[a] * free[b], 0),
      ),
    );
    const found = open.find(([a, b]) => (chosen -= free[a] * free[b]) < 0);
    if (found === undefined) return undefined;
    edges.push(found);
    for (const node of found) free[node]--;
  }
  return edges;
}

/**
 * A random d-regular graph, every simple one about as likely as any other: free ends of nodes are paired one after the other,
 * from the beginning where they do not go together (Steger and Wormald 1999). Of many edges it is those that are left out
 * which are drawn.
 * @throws OptionError
 */
export function randomRegular(nodes: number, degree: number, seed = 1): Graph {
  const key = integer('seed', seed, 0, Number.MAX_SAFE_INTEGER);
  const name = `random:${shown(nodes)},${shown(degree)}${key === 1 ? '' : `,${key}`}`;
  const isSize = (value: number, least: number, most: number) =>
    Number.isInteger(value) && value >= least && value <= most;
  if (!isSize(nodes, 2, MAX_QUBITS) || !isSize(degree, 1, nodes - 1) || (nodes * degree) % 2 === 1)
    refuse('graph', name, `random:N,d with N from 2 to ${MAX_QUBITS}, d from 1 to N - 1, and N d even`);
  const random = new HostRandom(key, STREAM);
  const isDense = 2 * degree >= nodes;
  let drawn: [number, number][] | undefined;
  while (drawn === undefined) drawn = paired(nodes, isDense ? nodes - 1 - degree : degree, random);
  const isDrawn = (a: number, b: number) => drawn?.some(([x, y]) => x === a && y === b) === true;
  const pairs = range(nodes).flatMap((a) => range(nodes).map((b): [number, number] => [a, b]));
  return graph(
    nodes,
    pairs.filter(([a, b]) => a < b && isDrawn(a, b) !== isDense),
    name,
  );
}

/**
 * A random graph by its name, 'random:N,d' or 'random:N,d,seed'.
 * @returns undefined of a text that begins otherwise
 * @throws OptionError for one with wrong numbers
 */
export function namedGraph(name: string): Graph | undefined {
  text(name, 'name');
  if (!name.startsWith('random:') && name !== 'random') return undefined;
  const [nodes = Number.NaN, degree = Number.NaN, seed = 1, ...more] = name
    .slice('random:'.length)
    .split(',')
    .map((part) => decimal(part.trim()) ?? Number.NaN);
  if (more.length > 0 || [nodes, degree, seed].some(Number.isNaN))
    refuse('graph', name, 'random:N,d or random:N,d,seed');
  return randomRegular(nodes, degree, seed);
}

/** A graph of the caller's, checked and copied: as `graph` makes it of its edges. @throws OptionError */
export const regraphed: Reader<Graph> = (given, at) =>
  looking(at, given, () => {
    const isEdges = (edges: unknown) => isListOf(edges, isFields);
    if (!isFields(given) || !isEdges(given.edges) || !Array.isArray(given.nodes))
      return refuse(at, given, 'a graph, as graph, readGraph and randomRegular make it');
    const { nodes, edges, name } = given as unknown as Graph;
    return graph(
      nodes,
      edges.map(({ a, b, weight }) => [a, b, weight] as const),
      name,
    );
  });

/** H = sum w (Z_a Z_b - 1) / 2: minus the weight of the edges that a bitstring cuts. */
export function cutHamiltonian(given: Graph): Hamiltonian {
  const { name, nodes, edges } = regraphed(given, 'graph');
  const terms: PauliTerm[] = edges.flatMap(({ a, b, weight }) => [
    { pauli: `Z${a} Z${b}`, coefficient: weight / 2 },
    { pauli: '', coefficient: -weight / 2 },
  ]);
  return hamiltonian(terms, { name, qubits: nodes.length, about: { problem: 'MaxCut' } });
}

/** The weight of the edges between the nodes whose bits are set and the others. */
export function cutOf({ edges }: Graph, bits: number): number {
  return edges.reduce((sum, { a, b, weight }) => (((bits >> a) ^ (bits >> b)) & 1 ? sum + weight : sum), 0);
}

/** The largest cut, by trying all of them: the last node stays where it is. */
export function largestCut(given: Graph): {
  /** Weight of the edges that it cuts, 0 or more. */
  readonly cut: number;
  /** The side of each node: node i is bit i, from the lowest; the last node is on the side of 0. */
  readonly bits: number;
} {
  const { nodes, edges } = regraphed(given, 'graph');
  const around = nodes.map((_, node) => edges.filter(({ a, b }) => a === node || b === node));
  let [bits, cut] = [0, 0];
  let best = { cut, bits };
  // Each differs from the one before by one node (Gray 1953).
  for (let i = 1; i < 2 ** (nodes.length - 1); i++) {
    const node = 31 - Math.clz32(i & -i);
    for (const { a, b, weight } of around[node]) cut += ((bits >> a) ^ (bits >> b)) & 1 ? -weight : weight;
    bits ^= 1 << node;
    if (cut > best.cut) best = { cut, bits };
  }
  // Without what has been rounded on the way.
  return { cut: cutOf(given, best.bits), bits: best.bits };
}
