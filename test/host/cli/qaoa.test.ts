/** The command `qaoa`, as a user would run it. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Workshop } from '../../support/cli-process.ts';

let shop: Workshop;
before(async () => {
  shop = await Workshop.open();
});
after(() => shop.close());

/** What is looked at of the result. */
interface Shown {
  readonly graph: { readonly name: string; readonly nodes: readonly string[]; readonly edges: number };
  readonly layers: number;
  readonly warmStart: string;
  readonly steps: number;
  readonly shots: number;
  readonly gamma: readonly number[];
  readonly beta: readonly number[];
  readonly expectedCut: number;
  readonly ratio: number;
  readonly largestCut: number;
  readonly best: { readonly cut: number; readonly bits: string; readonly sides: readonly string[][] };
  readonly counts: Readonly<Record<string, number>>;
}

const qaoa = async (...flags: string[]) => (await shop.json(['qaoa', ...flags])) as unknown as Shown;

describe('qaoa', () => {
  test('a square from a file: angles, counts, and the best cut by the names of its nodes', async () => {
    await shop.write('square.txt', 'a b\nb c\nc d\nd a\n');
    const result = await qaoa('--graph', 'square.txt', '--layers', '2', '--samples', '500');
    assert.deepEqual(result.graph, {
      ...{ name: 'square.txt', format: 'edges' },
      ...{ nodes: ['a', 'b', 'c', 'd'], edges: 4 },
    });
    assert.deepEqual([result.gamma.length, result.beta.length, result.layers], [2, 2, 2]);
    assert.deepEqual([result.largestCut, result.best.cut], [4, 4]);
    assert.deepEqual(new Set(result.best.sides.map((side) => side.join())), new Set(['a,c', 'b,d']));
    // Two layers cut an even ring of four whole.
    assert.ok(result.ratio > 0.99, `${result.ratio}`);
    assert.equal(
      Object.values(result.counts).reduce((sum, count) => sum + count, 0),
      500,
    );
    assert.equal(result.steps, 100);
  });

  test('a random graph with shots, the same for the same seed, and lines for people', async () => {
    const flags = ['--graph', 'random:6,3', '--shots', '50', '--steps', '10', '--seed', '5'];
    const result = await qaoa(...flags, '--warm-start', 'interpolate', '--layers', '2');
    assert.deepEqual(await qaoa(...flags, '--warm-start', 'interpolate', '--layers', '2'), result);
    // A loss and two circuits for each of 15 angles a layer.
    assert.equal(result.shots, 50 * 10 * (1 + 30 + 1 + 60));
    const { stdout } = await shop.run(['qaoa', ...flags]);
    assert.match(stdout, /^graph +random:6,3: 6 nodes, 9 edges$/m);
    assert.match(stdout, /^expected cut +\d\.\d+, \d\d\.\d % of the largest$/m);
    assert.match(stdout, /^counts +[01]{6} \d+$/m);
  });

  test('a row of titles is no edge, and how a file was read is said', async () => {
    await shop.write('titled.csv', 'source,target\na,b\nb,c\nc,a\n');
    const { stdout, stderr } = await shop.run(['qaoa', '--graph', 'titled.csv', '--steps', '2']);
    assert.match(stdout, /^graph +titled\.csv: 3 nodes, 3 edges, read as a list of edges$/m);
    assert.match(stderr, /titled\.csv: the first line, source target, is read as the titles of the columns/);
    await shop.write('two-ways.txt', '3 2\n1 2\n1 3\n');
    const flags = ['--graph', 'two-ways.txt', '--steps', '2', '--graph-format'];
    assert.equal((await qaoa(...flags, 'edges')).largestCut, 2);
    assert.equal((await qaoa(...flags, 'rudy')).graph.edges, 2);
  });

  test('what is wrong is said, with the code for it', async () => {
    await shop.write('loop.txt', '0 1\n1 1\n');
    await shop.write('two-ways.txt', '3 2\n1 2\n1 3\n');
    const cases: readonly (readonly [flags: string[], code: number, says: RegExp])[] = [
      [[], 2, /--graph says what to cut/],
      [['--graph', 'ring'], 2, /expected random:N,d or a file/],
      [['--graph', 'random:7,3'], 2, /N d even/],
      [['--graph', 'random:7'], 2, /--graph is "random:7"; expected random:N,d/],
      [['--graph', 'none.txt'], 1, /none\.txt: cannot be read/],
      [['--graph', 'loop.txt'], 1, /loop\.txt:2:1: the edge joins node "1" with itself/],
      [
        ['--graph', 'two-ways.txt'],
        1,
        /two-ways\.txt:1:1: "3 2" could be an edge.*--graph-format 'edges' or 'rudy'/,
      ],
      [['--graph', 'random:6,3', '--graph-format', 'rudy'], 2, /--graph-format is of a file/],
      [['--graph', 'random:6,3', '--layers', '101'], 2, /--layers is 101/],
      [['--graph', 'random:6,3', '--warm-start', 'hot'], 2, /one of ramp, interpolate, relaxed, none/],
      [['--graph', 'random:6,3', '--samples', '2000000'], 2, /--samples is 2000000/],
      [['--graph', 'random:6,3', '--rule', 'frugal', '--shots', '32'], 2, /rule frugal/],
    ];
    for (const [flags, code, says] of cases) {
      const { code: found, stdout, stderr } = await shop.run(['qaoa', ...flags]);
      assert.equal(found, code, `${flags.join(' ')}: ${stderr}`);
      assert.match(stderr, says);
      assert.equal(stderr.trim().split('\n').length, 1, stderr);
      assert.equal(stdout, '');
    }
  });

  test('a graph that is best left whole has no share of its largest cut', async () => {
    await shop.write('whole.txt', '0 1 -1\n1 2 -2\n');
    const flags = ['--graph', 'whole.txt', '--steps', '5'];
    const { ratio, largestCut } = await qaoa(...flags);
    assert.deepEqual([ratio, largestCut], [null, 0]);
    const { stdout } = await shop.run(['qaoa', ...flags]);
    assert.match(stdout, /^expected cut +-?[\d.]+$/m);
  });
});
