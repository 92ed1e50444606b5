/** What texts of graphs and Hamiltonians come to, in every format and with everything that can be wrong, and options of what is solved. */
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { ansatz } from '../../../host/problems/circuits.ts';
import { builtIn } from '../../../host/problems/built-in.ts';
import { cutHamiltonian, graph, namedGraph, randomRegular } from '../../../host/problems/graph.ts';
import { hamiltonian } from '../../../host/problems/hamiltonian.ts';
import { minimise } from '../../../host/problems/minimise.ts';
import { qaoa, qaoaCircuit } from '../../../host/problems/qaoa.ts';
import { GRAPH_FORMATS, readGraph } from '../../../host/problems/read-graph.ts';
import { readHamiltonian } from '../../../host/problems/read-hamiltonian.ts';
import { assertGolden } from '../../support/golden.ts';

const file = (name: string) => new URL(`said/${name}.txt`, import.meta.url);

const plain = (value: unknown) =>
  JSON.stringify(value, (_, each: unknown) =>
    typeof each === 'number' && !Number.isInteger(each) ? Number(each.toPrecision(10)) : each,
  );

/** What a call gives, or the error as it is said. */
async function said(what: string, call: () => unknown): Promise<string> {
  try {
    return `${what}\n    ${plain(await call())}\n`;
  } catch (error) {
    const { name, code, option, message } = error as Error & { code?: string; option?: string };
    return `${what}\n    ${name} ${code}${option === undefined ? '' : ` of ${option}`}: ${message}\n`;
  }
}

async function saidOfAll(calls: readonly (readonly [what: string, call: () => unknown])[]): Promise<string> {
  const lines: string[] = [];
  for (const [what, call] of calls) lines.push(await said(what, call));
  return lines.join('');
}

describe('texts', () => {
  it('of graphs', async () => {
    const texts = [
      ...[
        '',
        '\n',
        '# nothing',
        'a b',
        'a b 2\nb c',
        'a,b,0.5\nb;c;-1',
        'a b\r\nb c\rc a',
        '\ufeff0 1',
        '10 2\n2 1',
      ],
      ...[
        'a b 2 3',
        'a',
        'a a',
        'a b\nb a',
        'a b\na b',
        'a b x',
        'a b 1e400',
        'a b Infinity',
        'a b NaN',
        'a b -0.5',
        'a? b',
      ],
      ...[
        '"a b" c',
        '"a" "b"',
        'é ü',
        'a.b c:d_e-f 1',
        "0 1 {'weight': 2.0}",
        '0 1 {"weight": 3}',
        '0 1 {}',
        '0 1 {weight: x}',
      ],
      ...[
        "0 1 {'colour': 1}",
        '% c\n// d\n# e\n0 1',
        'source target\n0 1',
        'Source,Target,Weight\na,b,2',
        'from to\nx y',
        'a b\n0 1\n1 2',
      ],
      ...[
        'u v\nu w',
        'a b weight\nc d 1',
        'a b w8\nc d 1',
        'a b weight\nc d',
        'node1 node2\n1 2',
        'source target',
        'a a\n0 1',
      ],
      ...[
        'p edge 3 2\ne 1 2\ne 2 3',
        'c hello\np edge 3 1\nc there\ne 1 3',
        'p col 3 1\na 1 2 5',
        'p edge 3 1\nx 1 2',
        'p edge 1 1\ne 1 1',
      ],
      ...[
        'p edge 21 1\ne 1 2',
        'p edge 20 1\ne 1 2',
        'p edge x 1\ne 1 2',
        'p edge 3 1\ne 1 4',
        'p edge 3 1\ne 0 1',
        'p edge 3 0',
        'x\np edge 3 1\ne 1 2',
      ],
      ...[
        '3 2\n1 2\n2 3',
        '3 2\n1 2 0.5\n2 3 -1',
        '3 1\n1 2',
        '3 3\n1 2\n2 3\n1 3',
        '4 2\n1 2 1\n3 4',
        '2 2\n1 2 1\n2 1 1',
        '21 1\n1 2',
        '20 1\n1 2',
        '20 1\n1 2 1',
        '21 1\n1 2 1',
      ],
      ...[
        '3 2\n1 2\n2 4',
        '3 2\n0 1\n1 2',
        '3 2 1\n1 2\n2 3',
        '3.5 2\n1 2\n2 3',
        Array.from({ length: 20 }, (_, i) => `n${i} n${i + 1}`).join('\n'),
      ],
    ];
    const calls = texts.flatMap((text) => [
      [JSON.stringify(text), () => readGraph(text, 'a.txt')] as const,
      ...GRAPH_FORMATS.filter(() => /^(?:\d|p|c|a b\n)/.test(text)).map(
        (format) => [`${JSON.stringify(text)} as ${format}`, () => readGraph(text, 'a.txt', format)] as const,
      ),
    ]);
    const odd = [
      ['a number', () => readGraph(7 as never)],
      ['a number for a name', () => readGraph('a b', 7 as never)],
      ['another format', () => readGraph('a b', 'a.txt', 'graphml' as never)],
    ] as const;
    assertGolden(file('graphs'), await saidOfAll([...calls, ...odd]));
  });

  it('of Hamiltonians', async () => {
    const texts = [
      ...[
        '',
        ' \n',
        '# nothing',
        '0.5 [Z0 Z1]',
        '0.5 [Z0 Z1] + 1.5 [X0] -\n2 [Y1 X2]',
        '(0.5+0j) [Z0]',
        '(0.5-1j) [Z0]',
        '(0.5+1j) [Z0] + (0.5-1j) [Z0]',
        '1 []',
      ],
      ...[
        '[Z0]',
        '-[Z0]',
        '+ [Z0]',
        'Z0',
        '0.5 Z0',
        '0.5 * Z0 * Z1',
        '0.5 [Z0 Z0]',
        '0.5 [Z0^ Z1]',
        '0.5 [0^ 1]',
        '0.5 [0^ 0]',
        '0.5 [A0]',
        '0.5 [Z]',
        '0.5 [Z-1]',
      ],
      ...[
        '0.5 [Z20]',
        '0.5 [Z19]',
        '1e400 [Z0]',
        '1e-3 [Z0]',
        '.5 [Z0]',
        '5. [Z0]',
        '0.5 [Z0',
        '0.5 Z0]',
        '0.5 [Z0] 0.5 [Z1]',
        '0.5 [Z0] +',
        '0.5 [Z0] + + 1 [X0]',
        '0.5 [Z0] # end',
      ],
      ...[
        "[('ZZ', 0.5), ('XI', -1)]",
        '[("ZZ", 0.5)]',
        "[('ZZ', 0.5), ('X', 1)]",
        "[('ZA', 0.5)]",
        "[('', 0.5)]",
        "[('ZZ', 0.5j)]",
        "[('ZZ', (0.5+0j))]",
        "[('ZZ', 1+2j)]",
        "[('ZZ' 0.5)]",
      ],
      ...[
        "[('ZZ', 0.5)",
        "[('ZZ', 0.5)] x",
        '[]',
        '[[',
        "[['ZZ', 0.5]]",
        "[('ZZ', x)]",
        '[(ZZ, 0.5)]',
        `[('${'Z'.repeat(20)}', 1)]`,
        `[('${'Z'.repeat(21)}', 1)]`,
        "[('ZI', 1), ('ZI', -1)]",
      ],
      ...[
        "SparsePauliOp(['ZZ'], coeffs=[0.5])",
        '0.5 [Z0] + 0.5 [Z0]',
        '0.5 [Z0] - 0.5 [Z0]',
        '1 [Z0] + 2',
        '2',
        '0.5 [Z0 + Z1]',
        '0,5 [Z0]',
        '0.5j [Z0]',
        '0x1 [Z0]',
      ],
    ];
    const calls = texts.map(
      (text) => [JSON.stringify(text), () => readHamiltonian(text, { name: 'a.txt' })] as const,
    );
    const options = [
      {},
      { name: 7 },
      { qubits: 3 },
      { qubits: 1 },
      { qubits: 21 },
      { electrons: 1 },
      { electrons: -1 },
      { chain: true },
      { more: 1 },
    ];
    const asked = options.map(
      (each) =>
        [`with ${JSON.stringify(each)}`, () => readHamiltonian('0.5 [Z0 Z1]', each as never)] as const,
    );
    assertGolden(file('hamiltonians'), await saidOfAll([...calls, ...asked]));
  });

  it('of names', async () => {
    const names = [
      ...[
        'h2',
        'lih',
        'H2',
        'tfim',
        'tfim:3',
        'tfim:3,0.5',
        'tfim:1,1',
        'tfim:2,0',
        'tfim:20,1',
        'tfim:21,1',
        'tfim:x,1',
        'tfim:3,x',
        'tfim:3,1,1',
        'tfim:2.5,1',
      ],
      ...[
        'heisenberg:2',
        'heisenberg:1',
        'heisenberg:20',
        'heisenberg:21',
        'heisenberg:x',
        'heisenberg:',
        'heisenberg',
        'other',
        '',
      ],
    ];
    const graphs = [
      ...[
        'regular:4,3',
        'regular:4,3,7',
        'regular:5,3',
        'regular:4,4',
        'regular:4,0',
        'regular:21,2',
        'regular:2,1',
        'regular:1,0',
        'regular:x,3',
        'regular:4',
        'ring:4',
        'ring:2',
        'ring:3',
      ],
      ...[
        'complete:4',
        'complete:1',
        'complete:20',
        'complete:21',
        'path:3',
        'star:4',
        'petersen',
        'other',
        '',
      ],
    ];
    const brief = (name: string) => {
      const found = builtIn(name);
      return found && [found.qubits, found.constant, found.terms.length, found.terms.slice(0, 3)];
    };
    const calls = [
      ...names.map((name) => [`Hamiltonian ${name}`, () => brief(name)] as const),
      ...graphs.map((name) => [`graph ${name}`, () => namedGraph(name)] as const),
      ...[
        [4, 3],
        [6, 2],
        [5, 3],
        [3, 3],
        [2, 1],
        [1, 1],
        [21, 2],
        [4, 0],
        [4.5, 2],
      ].map(
        ([nodes, degree]) =>
          [`random ${nodes}, ${degree}`, () => randomRegular(nodes as number, degree as number)] as const,
      ),
      ...[-1, 0, 5, 2 ** 53, 0.5].map(
        (seed) => [`seed ${seed}`, () => randomRegular(4, 2, seed).edges] as const,
      ),
    ];
    assertGolden(file('names'), await saidOfAll(calls));
  });
});

describe('what is made of them', () => {
  it('graphs and sums by hand', async () => {
    const calls = [
      ['two nodes', () => graph(['a', 'b'], [[0, 1, 2]])],
      ['no weight', () => graph(['a', 'b'], [[0, 1]])],
      ['a node twice', () => graph(['a', 'a'], [[0, 1]])],
      ['a loop', () => graph(['a', 'b'], [[1, 1]])],
      ['no such node', () => graph(['a', 'b'], [[0, 2]])],
      [
        'an edge twice',
        () =>
          graph(
            ['a', 'b'],
            [
              [0, 1],
              [1, 0],
            ],
          ),
      ],
      ['one node', () => graph(['a'], [])],
      ['no edge', () => graph(['a', 'b'], [])],
      ['an endless weight', () => graph(['a', 'b'], [[0, 1, Infinity]])],
      [
        'its cut',
        () =>
          cutHamiltonian(
            graph(
              ['a', 'b', 'c'],
              [
                [0, 1, 2],
                [1, 2, -0.5],
              ],
            ),
          ),
      ],
      [
        'a sum',
        () =>
          hamiltonian([
            { pauli: 'Z0 X2', coefficient: 2 },
            { pauli: '', coefficient: 1 },
          ]),
      ],
      ['no sum', () => hamiltonian([])],
      ['a constant alone', () => hamiltonian([{ pauli: '', coefficient: 1 }])],
      ['no Pauli', () => hamiltonian([{ pauli: 'Q0', coefficient: 1 }])],
      ['an endless coefficient', () => hamiltonian([{ pauli: 'Z0', coefficient: Number.NaN }])],
      [
        'more qubits',
        () => hamiltonian([{ pauli: 'Z0', coefficient: 1 }], { qubits: 4, electrons: 2 } as never),
      ],
      ['fewer qubits', () => hamiltonian([{ pauli: 'Z3', coefficient: 1 }], { qubits: 2 } as never)],
    ] as const;
    assertGolden(file('made'), await saidOfAll(calls as never));
  });

  it('circuits', async () => {
    const [h2, chain] = ['h2', 'tfim:3,0.7'].map((name) => builtIn(name)) as [never, never];
    const triangle = graph(
      ['a', 'b', 'c'],
      [
        [0, 1, 1],
        [1, 2, 2],
        [0, 2, -0.5],
      ],
    );
    /** How many operations, the first ones, and the hash of all. */
    const operations = (circuit: readonly object[]) => {
      const texts = circuit.map((each) => plain(each) ?? '');
      const hash = createHash('sha256').update(texts.join('\n')).digest('hex').slice(0, 16);
      return [texts.length, ...texts.slice(0, 5), hash].join(' ');
    };
    const calls = [
      ...(['excitations', 'variational', 'hardware', undefined] as const).flatMap((name) =>
        [undefined, 1, 2].flatMap((layers) => [
          [`h2, ${name}, ${layers}`, () => operations(ansatz(h2, name, layers).circuit)] as const,
          [`chain, ${name}, ${layers}`, () => operations(ansatz(chain, name, layers).circuit)] as const,
        ]),
      ),
      ...[1, 2].flatMap((layers) =>
        [undefined, 0, 5].map(
          (sides) =>
            [`cut, ${layers}, ${sides}`, () => operations(qaoaCircuit(triangle, layers, sides))] as const,
        ),
      ),
    ];
    assertGolden(file('circuits'), await saidOfAll(calls));
  });

  it('options of minimise and qaoa', async () => {
    const h2 = builtIn('h2');
    const own = [{ gate: 'ry', qubits: [0], angle: { parameter: 0 } }];
    const triangle = graph(
      ['a', 'b', 'c'],
      [
        [0, 1, 1],
        [1, 2, 2],
        [0, 2, -0.5],
      ],
    );
    const given: readonly object[] = [
      ...[
        { hamiltonian: 7 },
        { hamiltonian: h2, more: 1 },
        { hamiltonian: h2, ansatz: 'x' },
        { hamiltonian: h2, layers: 0 },
        { hamiltonian: h2, layers: 1001 },
      ],
      ...[
        { hamiltonian: h2, grouping: 'x' },
        { hamiltonian: h2, training: 7 },
        { hamiltonian: h2, training: { rule: 'frugal' } },
        { hamiltonian: h2, training: { batch: 3 } },
      ],
      ...[
        { hamiltonian: h2, training: { rule: 'adam-reversal' } },
        { hamiltonian: h2, circuit: own, layers: 1 },
        { hamiltonian: h2, circuit: own, ansatz: 'hardware' },
      ],
      ...[
        { hamiltonian: h2, circuit: own },
        { hamiltonian: h2, circuit: [{ gate: 'x', qubits: [0] }] },
        { hamiltonian: h2, circuit: 'x' },
        { hamiltonian: h2, initialScale: 4 },
      ],
      ...[
        { hamiltonian: h2, initialisation: 'x' },
        { hamiltonian: h2, initialisation: 'identity-blocks' },
        { hamiltonian: h2, checkpoint: new Uint8Array(3) },
        { hamiltonian: h2, checkpoint: 7 },
      ],
      ...[
        { hamiltonian: h2, training: { shots: 10 } },
        { hamiltonian: h2, training: { shots: 10 }, grouping: 'none' },
        { hamiltonian: h2, training: { shots: 10 }, grouping: 'qubit-wise' },
      ],
    ];
    const minimised = given.map((options) => [
      `minimise ${JSON.stringify({ ...options, hamiltonian: 'hamiltonian' in options && options.hamiltonian === h2 ? 'h2' : 7 })}`,
      async () => {
        const { circuits, ansatz: name, layers, grouping, bases, trainer } = await minimise(options as never);
        const { rule, batch, steps, rate, shots } = trainer.training;
        return {
          circuits,
          name,
          layers,
          grouping,
          bases,
          rule,
          batch,
          steps,
          rate,
          shots,
          classes: trainer.model.classes,
        };
      },
    ]);
    const cuts = [
      ...[
        { graph: 7 },
        { graph: triangle, layers: 0 },
        { graph: triangle, layers: 1.5 },
        { graph: triangle, warmStart: 'x' },
        { graph: triangle, more: 1 },
        { graph: triangle, training: { rule: 'frugal' } },
      ],
      ...[
        { graph: triangle, layers: 2 },
        ...['ramp', 'interpolate', 'relaxed', 'none'].map((warmStart) => ({
          graph: triangle,
          layers: 2,
          warmStart,
        })),
      ],
    ].map((options) => [
      `qaoa ${JSON.stringify({ ...options, graph: options.graph === triangle ? 'triangle' : 7 })}`,
      async () => {
        const stages = [];
        for await (const { layers, trainer, before } of qaoa({
          training: { steps: 2 },
          ...options,
        } as never)) {
          for await (const _ of trainer.fit());
          stages.push([layers, before, [...trainer.parameters].map((angle) => Number(angle.toPrecision(6)))]);
        }
        return stages;
      },
    ]);
    assertGolden(file('options'), await saidOfAll([...minimised, ...cuts] as never));
  });
});
