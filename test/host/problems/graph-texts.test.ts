/** Every way to write a graph, and every refusal with its whole sentence, against texts that are kept. */
import { test } from 'node:test';
import {
  cutHamiltonian,
  type Graph,
  graph,
  largestCut,
  namedGraph,
  randomRegular,
} from '../../../host/problems/graph.ts';
import { type GraphFormat, readGraph } from '../../../host/problems/read-graph.ts';
import { roundedCut } from '../../../host/problems/relax.ts';
import { assertGolden, outcomes } from '../../support/golden.ts';

const golden = (name: string) => new URL(name, import.meta.url);

/** A graph in a line: its format and titles where it was read, its nodes, and its edges by their names. */
function line({
  name,
  nodes,
  edges,
  ...read
}: Graph & { format?: string; titles?: readonly string[] }): string {
  const { format = 'made', titles } = read;
  const list = edges.map(({ a, b, weight }) => `${nodes[a]}-${nodes[b]}*${weight}`);
  return `${name}, ${format}${titles ? ` below ${titles.join('|')}` : ''}: ${nodes.join(' ')}: ${list.join(' ')}`;
}

/** What each text is read as. */
const reading = (texts: readonly string[], format?: GraphFormat) =>
  outcomes(
    Object.fromEntries(
      texts.map((text) => [
        `${JSON.stringify(text)}${format === undefined ? '' : ` as ${format}`}`,
        () => line(readGraph(text, 'g.txt', format)),
      ]),
    ),
  );

/** A path over so many nodes, from 1. */
const path = (nodes: number) => Array.from({ length: nodes - 1 }, (_, i) => `${i + 1} ${i + 2}`).join('\n');

test('graphs in files: lines of edges in every separator, with weights and comments', () => {
  const texts = [
    ...[
      '0 1',
      '0\t1\n1\t2',
      '0,1\n1,2,3',
      '0;1;2\n1;2;-0.5',
      '  0 , 1 , 2  ',
      '\ufeff0 1',
      '0 1\r1 2\r\n2 3\n',
    ],
    ...['# c\n% c\n// c\n\n  \n  # c\n0 1', '0 1 # 2', '0 1\nc 1', 'x#1 b'],
    ...['"a" "b"', '"a b" c', '"" c', 'a "c', 'a-b.c:d_e é٣', 'a b!', 'a+ b', '(a b)'],
    ...[
      '0 1 1e-3',
      '0 1 .5',
      '0 1 +2',
      '0 1 2.',
      '0 1 0',
      '0 1 -0',
      '0 1 1e400',
      '0 1 nan',
      '0 1 0x1',
      '0 1 ""',
    ],
    ...["0 1 {'weight': 2.5}", '0 1 {"weight":3, "x": 1}', '0 1 {weight:4}', "0 1 {'x': 1}", '0 1 {}'],
    ...[
      "0 1 {'weight': heavy}",
      "0 1 {'weight': }",
      "0 1 {'edge_weight': 3}",
      "0 1 {'edge_weight': 3, 'weight': 4}",
      '0 1 {7',
      '0 1 {',
      "a b\nc d {'weight' : -1}",
      '🦆 b 1x',
    ],
    ...[
      '0',
      '0 1\n2',
      '0 1 2 3',
      '0 0',
      '0 1\n1 2\n2 2',
      '0 1\n0 1',
      '0 1\n1 2\n1 0',
      '1 0\n\n2 1\n1 2',
      'b a\nc b\nb c',
    ],
    ...[
      '10 9\n9 2',
      '10 9\n9 x',
      'b a',
      '01 1',
      '1 +1',
      '1.0 1',
      '',
      '\n\n',
      '# only',
      'a,b;c',
      ',a,b',
      '{x} a',
    ],
    ...[path(20), path(21), `${path(20)}\n20 x`, `a ${'b'.repeat(60)} c`],
  ];
  assertGolden(golden('graph-edges.txt'), reading(texts) + reading(['2 1\n1 2', '', 'p edge 2 1'], 'edges'));
});

test('graphs in files: a row of titles, and what is none', () => {
  const ends = [
    'source target',
    'from to',
    'src dst',
    'start end',
    'begin end',
    'tail head',
    'head tail',
    'u v',
  ];
  const numbered = ['node1,node2', 'node_1,node_2', '"node a","node b"', 'node_a,node_b', 'vertex1,vertex2'];
  const below = (titles: string, rest: string) => `${titles}\n${rest}`;
  const texts = [
    ...[...ends, ...numbered].map((titles) => below(titles, 'a b\nb c')),
    ...[
      'Source TARGET',
      'target source',
      'u w',
      'vertex1 node2',
      'x x',
      'u',
      'source target w',
      'source target 1',
    ].map((titles) => below(titles, 'a b\nb c')),
    ...['source target', 'x y', '1 y', 'x 2', '1 2', 'x y z', 'x y z_z', 'x y 7', 'x y z1', '9 8 w'].map(
      (titles) => below(titles, '0 1\n3 4'),
    ),
    ...['x y w', 'x y "w w"', 'x y é', 'x y w2', 'x y w z', '1 2 w'].map((titles) =>
      below(titles, 'a b 1\nb c 2.5'),
    ),
    ...['x y w\na b\nb c', 'x y w\na b 1\nb c', 'x y w\na b 1\nb c heavy', 'x y w\na x 1', 'x y w\ny b 1'],
    ...[
      'source target',
      'source,target\nsource b',
      'source,target\na target',
      'x y\n0 a',
      'x y\n0 1\n1 y',
      'x y\n0',
    ],
    ...['a b w\n0 1 2', '# c\nfrom to\n0 1', 'from to\nfrom to', 'to from\n0 1\n1 0'],
  ];
  assertGolden(golden('graph-titles.txt'), reading(texts));
});

test('graphs in files: DIMACS and rudy, and which of them a text is', () => {
  const texts = [
    ...[
      'p edge 3 2\ne 1 2\ne 2 3',
      'c hi\nc\np col 4 1\na 1 2 5\nc end',
      'p edge 2 1\ne 1 2 0.5',
      'p 3 2\ne 1 2',
      'p',
    ],
    ...[
      'p edge\ne 1 2',
      'p edge x 1\ne 1 2',
      'p edge 2.5 1\ne 1 2',
      'p edge 1 1\ne 1 2',
      'p edge 20 1\ne 1 20',
    ],
    ...[
      'p edge 21 1\ne 1 2',
      'p edge 3 1',
      'p edge 3 1\nc e 1 2',
      'p edge 3 1\nf 1 2',
      'p edge 3 1\n1 2',
      'c p\n1 2',
    ],
    ...[
      'p edge 3 1\ne 0 1',
      'p edge 3 1\ne 1 4',
      'p edge 3 1\ne 1 1',
      'p edge 3 1\ne 1',
      'p edge 3 1\ne 1 2 3 4',
    ],
    ...[
      'p edge 3 2\ne 1 2\ne 2 1',
      'p edge 3 1\ne 1 2 x',
      'p edge 3 1\ne 1 !',
      'x 1\np edge 3 1',
      'p edge 3 1\np edge 3 1',
    ],
    ...['p q\nq r', 'e 1 2\np edge 2 1', 'p edge 3 1\n  e   1   9'],
    ...[
      '3 2\n1 2 1\n2 3 1',
      '3 2\n1 2 1\n2 3',
      '3 2\n1 2\n2 3',
      '3 1\n1 3',
      '3 2\n1 2 1\n2 4 1',
      '3 2\n0 1 1\n1 2 1',
    ],
    ...[
      '3 3\n1 2\n2 3\n1 3',
      '2 1\n1 2',
      '1 2\n1 2\n1 1',
      '3 2\n1 2\n2 1',
      '4 1\n1 2 7',
      '4 2\n1 2 7\n1 2 7',
      '4 1\n1 1 2',
    ],
    ...[
      '2.0 1\n1 2',
      '2 1.0\n1 2',
      '2.5 1\n1 2',
      '3 2 1\n1 2\n2 3',
      'x 1\n1 2',
      '3 1\nx 2 1',
      '3 1\n1.5 2 1',
      '2 0',
      '0 0',
    ],
    ...[
      '1 1\n1 1',
      '20 1\n1 20 2',
      '21 1\n1 20 2',
      '4 2\n2 4\n1 2',
      '4 2\n2 4\n2 1',
      '# c\n 3 2\n1 2\n2 3',
      '3,2\n1,2\n3,1',
    ],
    ...[
      `20 19\n${path(20)}`,
      `19 20\n${path(19)}\n1 19\n1 18`,
      `20 20\n${path(20)}\n1 20`,
      `30 20\n${path(20)}\n1 20`,
    ],
    ...[`30 21\n${path(20)}\n1 20\n1 19`, `30 22\n${path(20)}\n1 20\n1 19\n1 18`],
  ];
  const said = ['3 2\n1 2\n2 3', '3 2\n1 2 1\n2 3 1', '0 1', '', 'p edge 2 1\ne 1 2', '\n  # c\n  0 1'];
  assertGolden(
    golden('graph-formats.txt'),
    [
      reading(texts),
      ...(['edges', 'dimacs', 'rudy', 'csv' as 'edges'] as const).map((format) => reading(said, format)),
    ].join(''),
  );
});

test('graphs that are made: from numbers and names, at random, and the refusals', () => {
  const made = (what: string, make: () => Graph): [string, () => unknown] => [what, () => line(make())];
  const names = [
    'random',
    'random:',
    'random:2,1',
    'random:8,3',
    'random:8,3,1',
    'random:8,3,2',
    ' random:8,3',
    'randomly',
  ];
  const wrong = [
    'random:1,1',
    'random:2,0',
    'random:2,2',
    'random:3,1',
    'random:3,2',
    'random:20,1',
    'random:21,2',
    'random:22,1',
  ];
  const odd = [
    'random:8,3,-1',
    'random:8,3,0',
    'random:8,3,1.5',
    'random:8,3,1,1',
    'random:8;3',
    'random:8,x',
    'random: 8 , 3 ',
  ];
  assertGolden(
    golden('graph-made.txt'),
    outcomes(
      Object.fromEntries([
        made('two nodes', () => graph(2, [[0, 1]])),
        made('a weight of 0', () =>
          graph(
            ['a', 'b', 'c'],
            [
              [2, 0, 0],
              [1, 2, -3],
            ],
            'abc',
          ),
        ),
        made('20 nodes', () => graph(20, [[19, 0]])),
        ...[1, 21, 2.5, -1, Number.NaN].map((count) => made(`${count} nodes`, () => graph(count, [[0, 1]]))),
        made('one name', () => graph(['a'], [[0, 1]])),
        made('a name that is none', () => graph(['a', 1 as never], [[0, 1]])),
        made('no list of names', () => graph('ab' as never, [[0, 1]])),
        made('a name of 7', () => graph(2, [[0, 1]], 7 as never)),
        ...[
          [],
          [[0, 2]],
          [[-1, 0]],
          [[0, 0]],
          [
            [0, 1],
            [1, 0],
          ],
          [
            [0, 1],
            [0, 1],
          ],
          [[0, 1, Infinity]],
          [[0, 0.5]],
          [7],
          7,
        ].map((edges) => made(`edges ${JSON.stringify(edges)}`, () => graph(2, edges as never))),
        ...[...names, ...wrong, ...odd].map((name): [string, () => unknown] => [
          `named ${JSON.stringify(name)}`,
          () => {
            const found = namedGraph(name);
            return found && line(found);
          },
        ]),
        ['named 7', () => namedGraph(7 as never)],
        made('10 nodes of 4', () => randomRegular(10, 4, 3)),
        made('6 nodes of 4, which are drawn as what is left out', () => randomRegular(6, 4, 9)),
        made('8 nodes of 4', () => randomRegular(8, 4)),
        made('a seed of text', () => randomRegular(8, 3, '1' as never)),
        made('nodes of text', () => randomRegular('8' as never, 3)),
        ...[
          {},
          7,
          null,
          { nodes: 2, edges: [] },
          { nodes: ['a', 'b'], edges: [[0, 1]] },
          { nodes: ['a', 'b'], edges: [], name: 'g' },
        ].map((given): [string, () => unknown] => [
          `the largest cut of ${JSON.stringify(given)}`,
          () => largestCut(given as never),
        ]),
      ]),
    ),
  );
});

test('cuts: the largest and the Hamiltonian, by number', () => {
  const square = graph(
    4,
    [
      [0, 1],
      [1, 2],
      [2, 3],
      [3, 0],
    ],
    'square',
  );
  const weighted = graph(
    4,
    [
      [0, 1, 2],
      [1, 2, -1],
      [2, 3, 3],
      [0, 2, 0.5],
    ],
    'weighted',
  );
  const negative = graph(
    3,
    [
      [0, 1, -1],
      [1, 2, -2],
    ],
    'negative',
  );
  const zero = graph(2, [[0, 1, 0]], 'zero');
  const all = [square, weighted, negative, zero, randomRegular(12, 3, 4), randomRegular(20, 3, 2)];
  assertGolden(
    golden('graph-cuts.txt'),
    outcomes(
      Object.fromEntries(
        all.flatMap((given): [string, () => unknown][] => [
          [`the largest cut of ${given.name}`, () => largestCut(given)],
          [`a rounded one of ${given.name}`, () => [1, 2, 3].map((seed) => roundedCut(given, seed))],
          ...(given.nodes.length > 4
            ? []
            : [[`the Hamiltonian of ${given.name}`, () => cutHamiltonian(given)] as [string, () => unknown]]),
        ]),
      ),
    ),
  );
});
