/** Graphs: from files and at random, their cuts, and the Hamiltonian of the largest. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DataError, OptionError } from '../../../host/core/errors.ts';
import {
  cutHamiltonian,
  cutOf,
  type Graph,
  graph,
  largestCut,
  namedGraph,
  randomRegular,
} from '../../../host/problems/graph.ts';
import { lowestEnergy } from '../../../host/problems/lowest.ts';
import { readGraph } from '../../../host/problems/read-graph.ts';
import { roundedCut } from '../../../host/problems/relax.ts';
import { assertClose } from '../../support/close.ts';
import * as oracle from '../../support/oracle/index.ts';

const SQUARE: readonly [number, number][] = [
  [0, 1],
  [1, 2],
  [2, 3],
  [3, 0],
];

/** Edges as texts. */
const edgesOf = ({ nodes, edges }: Graph) =>
  edges.map(({ a, b, weight }) => `${nodes[a]}-${nodes[b]} ${weight}`);

function weighted(rng: oracle.Rng, nodes: number): Graph {
  const edges: [number, number, number][] = [[0, 1, 0.5]];
  for (let a = 0; a < nodes; a++) {
    for (let b = a + 1; b < nodes; b++)
      if (a + b > 1 && rng() < 0.6) edges.push([a, b, oracle.randomBetween(rng, -1, 2)]);
  }
  return graph(nodes, edges);
}

describe('cuts', () => {
  it('the largest is minus the lowest energy, of weighted graphs too', () => {
    const rng = oracle.seededRng(41);
    for (let trial = 0; trial < 12; trial++) {
      const given = weighted(rng, 2 + (trial % 6));
      const { cut, bits } = largestCut(given);
      assertClose(cut, -lowestEnergy(cutHamiltonian(given)), 1e-9, `trial ${trial}`);
      assertClose(cutOf(given, bits), cut, 1e-12, `trial ${trial}`);
      const all = Array.from({ length: 2 ** given.nodes.length }, (_, each) => cutOf(given, each));
      assertClose(cut, Math.max(...all), 1e-12, 'by trying all');
    }
  });

  it('a rounded relaxation has at least 0.878 of the largest of small graphs', () => {
    for (let seed = 1; seed <= 10; seed++) {
      const given = randomRegular(12, 3, seed);
      const { cut, bits } = roundedCut(given, seed);
      assert.equal(cut, cutOf(given, bits));
      assert.ok(cut >= 0.878 * largestCut(given).cut, `seed ${seed}: ${cut}`);
      assert.deepEqual(roundedCut(given, seed), { cut, bits });
    }
  });
});

describe('random regular graphs', () => {
  it('are simple and regular, and the same for the same seed', () => {
    for (const [nodes, degree] of [
      [2, 1],
      [8, 3],
      [10, 4],
      [20, 3],
      [12, 7],
      [20, 10],
      [6, 5],
    ]) {
      const { edges } = randomRegular(nodes, degree, 7);
      assert.equal(edges.length, (nodes * degree) / 2);
      for (let node = 0; node < nodes; node++)
        assert.equal(edges.filter(({ a, b }) => a === node || b === node).length, degree);
      assert.deepEqual(randomRegular(nodes, degree, 7).edges, edges);
    }
  });

  it('every one is as likely: perfect matchings of 6 nodes, seeds 1 to 3000', () => {
    const tally = new Map<string, number>();
    for (let seed = 1; seed <= 3000; seed++) {
      const key = edgesOf(randomRegular(6, 1, seed)).join();
      tally.set(key, (tally.get(key) ?? 0) + 1);
    }
    assert.equal(tally.size, 15);
    const squares = [...tally.values()].reduce((sum, count) => sum + (count - 200) ** 2 / 200, 0);
    // 14 degrees of freedom: mean 14, deviation 5.3.
    assert.ok(squares < 14 + 5 * Math.sqrt(28), `${squares}`);
  });

  it('are found by name, and refused with wrong numbers', () => {
    assert.equal(namedGraph('random:8,3')?.name, 'random:8,3');
    assert.deepEqual(namedGraph('random:8,3,1')?.edges, randomRegular(8, 3, 1).edges);
    assert.equal(namedGraph('ring.txt'), undefined);
    for (const name of [
      'random',
      'random:8',
      'random:7,3',
      'random:3,3',
      'random:30,3',
      'random:8,3,x',
      'random:8,0',
      'random:8,3,1,1',
    ])
      assert.throws(() => namedGraph(name), OptionError, name);
  });
});

describe('files', () => {
  it('edges, with weights and names, in every separator', () => {
    assert.deepEqual(edgesOf(readGraph('0 1\n1 2\n# a comment\n2 3 0.5\n\n')), ['0-1 1', '1-2 1', '2-3 0.5']);
    assert.deepEqual(edgesOf(readGraph('b,a,2\r\na;c;-1')), ['b-a 2', 'a-c -1']);
    assert.deepEqual(readGraph('10 2\n2 9').nodes, ['2', '9', '10'], 'numbers in their order');
    assert.deepEqual(edgesOf(readGraph("0 1 {'weight': 2.5}\n1 2 {}")), ['0-1 2.5', '1-2 1'], 'NetworkX');
  });

  it('DIMACS and rudy, whose nodes count from 1', () => {
    const dimacs = 'c a square\np edge 5 4\ne 1 2\ne 2 3\ne 3 4\ne 4 1\n';
    const rudy = '5 4\n1 2 1\n2 3 1\n3 4 1\n4 1 1\n';
    for (const text of [dimacs, rudy]) {
      const { nodes, edges } = readGraph(text);
      assert.equal(nodes.length, 5, 'a node without an edge is one all the same');
      assert.deepEqual(
        edges.map(({ a, b }) => [a, b]),
        SQUARE,
      );
    }
    assert.deepEqual(edgesOf(readGraph('2 1\n1 2')), ['1-2 1'], 'a header and an edge');
  });

  it('a row of titles is none of the edges, and a name is no title', () => {
    const cases: readonly (readonly [text: string, titles: readonly string[] | undefined, edges: number])[] =
      [
        ['source,target\na,b\nb,c', ['source', 'target'], 2],
        ['From;To;Cost\na;b;1\nb;c;2', ['From', 'To', 'Cost'], 2],
        ['x y w\na b 1\nb c 2', ['x', 'y', 'w'], 2],
        ['one two\n0 1\n1 2', ['one', 'two'], 2],
        ['a b\nb c', undefined, 2],
        ['a b\nc d', undefined, 2],
        ['source target\ntarget c', undefined, 2],
      ];
    for (const [text, titles, edges] of cases) {
      const found = readGraph(text);
      assert.deepEqual([found.format, found.titles, found.edges.length], ['edges', titles, edges], text);
    }
  });

  it('what could be a list of edges as well as rudy is refused, unless it is said', () => {
    const text = '3 2\n1 2\n1 3';
    assert.throws(() => readGraph(text), /"3 2" could be an edge, or say that 3 nodes and 2 edges follow/);
    assert.equal(readGraph(text, 'g', 'edges').edges.length, 3);
    assert.equal(readGraph(text, 'g', 'rudy').edges.length, 2);
    assert.equal(readGraph('3 2\n1 2 1\n1 3 1').format, 'rudy', 'weights tell');
    assert.throws(() => readGraph('0 1', 'g', 'dimacs'), /no line such as p edge/);
    assert.throws(() => readGraph('0 1', 'g', 'rudy'), /does not say how many nodes/);
    assert.throws(() => readGraph('0 1', 'g', 'csv' as 'edges'), OptionError);
  });

  it('wrong ones are refused with line and column', () => {
    const cases: readonly (readonly [
      text: string,
      line: number | undefined,
      column: number | undefined,
      says: RegExp,
    ])[] = [
      ['', undefined, undefined, /no edge/],
      ['# nothing', undefined, undefined, /no edge/],
      ['0 1\n2', 2, 1, /1 field; expected two nodes/],
      ['0 1\n1 2 3 4', 2, 1, /4 fields/],
      ['0 1\n1 (0.5)', 2, 3, /"\(0\.5\)" is no name of a node/],
      ['0 1\n1 1', 2, 1, /"1" with itself/],
      ['0 1\n1 2\n1 0', 3, 1, /there before, in line 1/],
      ['0 1 heavy', 1, 5, /"heavy" is no weight/],
      ['0 1 1e999', 1, 5, /no weight/],
      ['p edge 3 1\ne 1 4', 2, 5, /no node "4" among 1 to 3/],
      ['p edge 30 1\ne 1 4', 1, 1, /30 nodes; expected 2 to 20/],
      ['p edge 3 1\nx 1 2', 2, 1, /begins with c, p or e/],
      [
        Array.from({ length: 21 }, (_, i) => `${i} ${i + 1}`).join('\n'),
        undefined,
        undefined,
        /22 nodes; at most 20/,
      ],
    ];
    for (const [text, line, column, says] of cases) {
      assert.throws(
        () => readGraph(text, 'g.txt'),
        (error: unknown) => {
          assert.ok(error instanceof DataError, text);
          assert.deepEqual(
            [error.file, error.line, error.column],
            ['g.txt', line, column],
            `${text}: ${error.message}`,
          );
          assert.match(error.message, says);
          return true;
        },
      );
    }
  });

  it('graphs of numbers are refused likewise', () => {
    for (const make of [
      () => graph(1, []),
      () => graph(3, []),
      () => graph(3, [[0, 3]]),
      () => graph(3, [[0, 0]]),
      () =>
        graph(3, [
          [0, 1],
          [1, 0],
        ]),
      () => graph(3, [[0, 1, Number.NaN]]),
      () => graph(21, SQUARE),
      () => graph(undefined as never, SQUARE),
    ])
      assert.throws(make, OptionError);
  });
});
