/** Every way to write a Hamiltonian, and every refusal with its whole sentence, against texts that are kept. */
import { test } from 'node:test';
import { BUILT_IN, builtIn, heisenberg, tfim } from '../../../host/problems/built-in.ts';
import { ansatz, ANSATZE } from '../../../host/problems/circuits.ts';
import { groupTerms, GROUPINGS } from '../../../host/problems/groups.ts';
import { type Hamiltonian, hamiltonian, observableOf } from '../../../host/problems/hamiltonian.ts';
import { lowestEnergy } from '../../../host/problems/lowest.ts';
import { pauliText } from '../../../host/problems/pauli.ts';
import { readHamiltonian } from '../../../host/problems/read-hamiltonian.ts';
import { assertGolden, outcomes } from '../../support/golden.ts';

const golden = (name: string) => new URL(name, import.meta.url);

/** A Hamiltonian in a line: its name, its qubits, its terms, and what is known of it. */
function line({ name, qubits, constant, terms, about, electrons, chain }: Hamiltonian): string {
  const sum = [`${constant}`, ...terms.map(({ pauli, coefficient }) => `${coefficient} [${pauli}]`)];
  const more = [electrons && `${electrons} electrons`, chain, JSON.stringify(about)].filter(Boolean);
  return `${name} of ${qubits}: ${sum.join(' + ')}: ${more.join(', ')}`;
}

const reading = (texts: readonly string[]) =>
  outcomes(
    Object.fromEntries(
      texts.map((text) => [JSON.stringify(text), () => line(readHamiltonian(text, { name: 'h.txt' }))]),
    ),
  );

const made = (list: readonly (readonly [what: string, make: () => Hamiltonian | undefined])[]) =>
  outcomes(
    Object.fromEntries(
      list.map(([what, make]) => [
        what,
        () => {
          const found = make();
          return found && line(found);
        },
      ]),
    ),
  );

test("Hamiltonians in files: OpenFermion's text", () => {
  const texts = [
    ...[
      '[Z0]',
      '0.5 [Z0]',
      '-0.5[Z0]',
      '+ 0.5 [Z0]',
      '- - [Z0]',
      '-+-2 [Z0]',
      '.5 [X0]',
      '5. [X0]',
      '1e2 [Y3]',
      '1E-2 [Y3]',
    ],
    ...[
      '1.5e+1 [X0]',
      '2 [X0 Y1  Z12]',
      '[ X1 X0 ]',
      '[Z1 Z0] + [Z0 Z1]',
      '(0.5+0j) [Z0]',
      '(0.5) [Z0]',
      '( -1 - 0j ) [Z0]',
    ],
    ...[
      '(0j+0.5) [Z0]',
      '(1+2) [Z0]',
      '(-(1)) [Z0]',
      '0.5J [X0] - 0.5j [X0] + [Z0]',
      '1 [Z0] + 1e-11j [Z0]',
      '1 [Z0] + 1e-9j [Z0]',
    ],
    ...[
      '1 [Z0] + 1.1e-10j [Z0]',
      '2j [Z0] + 2j [X1]',
      '[Z0] + 0.25 [] + 0.25 []',
      '0 [Z0] + [X1]',
      '[Z0] - [Z0]',
      '[Z0] - [Z0] + []',
    ],
    ...[
      '# a comment\n[Z0] # another\n + # more\n[X0]',
      '\ufeff[Z0]',
      '\ufeff',
      ' \n# nothing',
      '',
      '[]',
      '3 []',
    ],
    ...[
      '[Z19]',
      '[Z20]',
      '[Z1 X19]',
      '[Z007]',
      '[Z0 Z0]',
      '[X3 Y3]',
      '[z0]',
      '[Q0]',
      '[Z]',
      '[Z0Z1]',
      '[Z0,Z1]',
      '[0^ 1]',
      '[3^]',
      '[12]',
    ],
    ...[
      '[0^x]',
      '[a0^]',
      '[X0 3]',
      '[X0^]',
      '[Z0',
      '[',
      '[Z0 ',
      'Z0',
      '0.5',
      '0.5 Z0',
      '0.5 (Z0)',
      '0.5 [Z0] [Z1]',
      '0.5 [Z0] 2 [Z1]',
    ],
    ...[
      '0.5 [Z0] +',
      '0.5 [Z0] + -',
      '+',
      '-',
      '- #',
      '[Z0] * [Z1]',
      '[Z0]; [Z1]',
      '0.5 0.5 [Z0]',
      '1,5 [Z0]',
      'x [Z0]',
      'nan [Z0]',
      '1e999 [Z0]',
    ],
    ...[
      '(0.5 [Z0]',
      '(0.5+) [Z0]',
      '() [Z0]',
      '(1+1+1) [Z0]',
      '(1 1) [Z0]',
      '(x) [Z0]',
      '(1e999) [Z0]',
      '(1+1e999j) [Z0]',
      '(0.5+0.5j) [Z0]',
    ],
    ...[
      '[Z0] +\n\n  [Z1] +\n  [é1]',
      '[Z0]\n+ 0.5 [X0] + 0.5j [X0]',
      'é [Z0]',
      `[Z0] ${'x'.repeat(24)}`,
      `[Z0] ${'x'.repeat(25)}`,
    ],
    ...['(0.5j) [X1 Z0]', '[Z0] + 1j [] ', '[[Z0]]', '1 [[(', '2 [ ("Z", 1)]'],
  ];
  assertGolden(golden('hamiltonian-operators.txt'), reading(texts));
});

test('Hamiltonians in files: labels with coefficients', () => {
  const texts = [
    ...[
      '[("Z", 1)]',
      "[('Z', 1)]",
      '[["Z", 1]]',
      '[("Z", 1),]',
      '[("Z", 1) , ]',
      '[("Z", 1]]',
      '[ [ "Z" , 1 ] ]',
      '[("ZI", 1), ("IX", -2)]',
    ],
    ...[
      '[("XYZI", 0.5)]',
      '[("IIIZ", 1)]',
      '[("ZII", 1)]',
      '[("Z", (0.5+0j))]',
      '[("Z", -(0.5))]',
      '[("Z", - 1)]',
      '[("Z", 1j), ("Z", -1j), ("X", 1)]',
    ],
    ...[
      '[("Z", 1), ("Z", 2)]',
      '[("I", 1), ("Z", 1)]',
      '[("II", 1)]',
      '[("ZZ", 1),\n # c\n("XX", 2) # d\n] # e',
      '\ufeff[("Z", 1)]',
      '  [("Z", 1)]  ',
    ],
    ...[
      `[("${'I'.repeat(19)}Z", 1)]`,
      `[("${'I'.repeat(20)}Z", 1)]`,
      '[("", 1)]',
      '[("z", 1)]',
      '[("ZA", 1)]',
      '[("Z Z", 1)]',
      '[("ZQZ", 1)]',
      '[("aZ", 1)]',
    ],
    ...[
      '[("ZZ", 1), ("Z", 1)]',
      '[("Z", 1), ("ZZ", 1)]',
      '[(Z, 1)]',
      '[("Z, 1)]',
      '[(\'Z", 1)]',
      '[(1, "Z")]',
      '[("Z\n", 1)]',
    ],
    ...[
      '[("Z" 1)]',
      '[("Z"; 1)]',
      '[("Z",)]',
      '[("Z", x)]',
      '[("Z", 1e999)]',
      '[("Z", 0.5+0.5j)]',
      '[("Z", (0.5+0.5j))]',
      '[("Z", 1, 2)]',
      '[("Z", 1',
    ],
    ...[
      '[("Z", 1)',
      '[("Z", 1) ("X", 1)]',
      '[("Z", 1);]',
      '[("Z", 1),',
      '[("Z", 1), 7]',
      '[("Z", 1), ()]',
      '[("Z", 1)] x',
      '[("Z", 1)]\n\nmore',
      '[("Z", 1)]]',
    ],
    ...[
      '[()]',
      '[(',
      '[[',
      '[[]]',
      '[("Z", 0)]',
      '[("Z", 1), ("Z", -1)]',
      '[("Z",\n1j)]',
      '[("X", 1),\n("Z",\n1j)]',
      '[(\n"Z", 1), ("X", 1j)]',
    ],
  ];
  assertGolden(golden('hamiltonian-labels.txt'), reading(texts));
});

test('Hamiltonians that are made and built in, and what the options may be', () => {
  const z = [{ pauli: 'Z1', coefficient: 1 }];
  const many = (count: number) =>
    Array.from({ length: count }, (_, i) => ({ pauli: pauliText({ x: i + 1, z: 0 }), coefficient: 1 }));
  const options = [
    ...[
      { qubits: 1 },
      { qubits: 2 },
      { qubits: 20 },
      { qubits: 21 },
      { qubits: 0 },
      { qubits: 2.5 },
      { name: 'n' },
      { name: 7 },
    ],
    ...[
      { electrons: 0 },
      { electrons: 1 },
      { electrons: 2 },
      { electrons: 2, qubits: 3 },
      { electrons: 21, qubits: 20 },
      { electrons: 20, qubits: 20 },
    ],
    ...[
      { electrons: 19, qubits: 20 },
      { chain: 'tfim' },
      { chain: 'heisenberg' },
      { chain: '' },
      { chain: 'other' },
    ],
    ...[{ about: { a: 1 } }, { about: 'x' }, { about: [] }, { colour: 1 }],
  ];
  const terms: unknown[] = [
    ...[
      [],
      7,
      null,
      [7],
      [null],
      [{}],
      [{ pauli: 'Z0' }],
      [{ pauli: 7, coefficient: 1 }],
      [{ pauli: 'Z0', coefficient: Infinity }],
    ],
    ...[
      [{ pauli: '', coefficient: 2 }],
      [{ pauli: 'Z20', coefficient: 1 }],
      [{ pauli: 'Q0', coefficient: 1 }],
      [{ pauli: 'Z0 X0', coefficient: 1 }],
    ],
    ...[
      [
        ...z,
        { pauli: '', coefficient: -0.5 },
        { pauli: 'Z1', coefficient: 2 },
        { pauli: 'X3 Y0', coefficient: 1 },
      ],
      [...z, { pauli: 'Z1', coefficient: -1 }],
    ],
  ];
  const names = [
    ...[
      'h2',
      'lih',
      'h2:',
      'h2:1',
      'lih:x',
      'H2',
      '',
      'water',
      'tfim',
      'tfim:',
      'tfim:2',
      'tfim:2,1',
      'tfim: 2 , -0.5 ',
      'tfim:2,0',
      'tfim:1,1',
    ],
    ...[
      'tfim:20,1',
      'tfim:21,1',
      'tfim:2.5,1',
      'tfim:2,x',
      'tfim:2,1e999',
      'tfim:2,1,1',
      'tfim:-2,1',
      'tfimx:2,1',
      'heisenberg',
      'heisenberg:2',
    ],
    ...[
      'heisenberg:1',
      'heisenberg:20',
      'heisenberg:21',
      'heisenberg:2,1',
      'heisenberg:x',
      'heisenberg:3\n',
      ...BUILT_IN,
    ],
  ];
  assertGolden(
    golden('hamiltonian-made.txt'),
    made([
      ...options.map(
        (each) => [`Z1 with ${JSON.stringify(each)}`, () => hamiltonian(z, each as never)] as const,
      ),
      ...options.map(
        (each) =>
          [`"[Z1]" with ${JSON.stringify(each)}`, () => readHamiltonian('[Z1]', each as never)] as const,
      ),
      ...terms.map((each) => [`terms ${JSON.stringify(each)}`, () => hamiltonian(each as never)] as const),
      ['1024 strings', () => hamiltonian(many(1024))],
      ['an option null', () => hamiltonian(z, null as never)],
      ['a text of 7', () => readHamiltonian(7 as never)],
      ...names.map((name) => [`built in ${JSON.stringify(name)}`, () => builtIn(name)] as const),
      ['built in 7', () => builtIn(7 as never)],
      ['an Ising chain of text', () => tfim('2' as never, 1)],
      ['an Ising chain in no field', () => tfim(2, Number.NaN)],
      ['a Heisenberg chain of 1', () => heisenberg(1)],
    ]) +
      outcomes({
        '1023 strings': () => hamiltonian(many(1023)).terms.length,
        'the operator without a constant': () => observableOf(hamiltonian(z)),
        'the operator with one': () => observableOf(readHamiltonian('[Z0] + 2 []')),
        'the lowest energy of {}': () => lowestEnergy({} as never),
        'the lowest energy of 7': () => lowestEnergy(7 as never),
        'the lowest energy of no terms': () => lowestEnergy({ terms: [], constant: 0 } as never),
        ...Object.fromEntries(
          [5, 6, 96, 97].map((most) => [
            `the lowest energy in ${most} vectors`,
            () => lowestEnergy(tfim(2, 0), most).toFixed(9),
          ]),
        ),
      }),
  );
});

test('circuits: which of them, how many layers, and every gate', () => {
  const problems: Readonly<Record<string, Hamiltonian>> = {
    h2: builtIn('h2') as Hamiltonian,
    ising: tfim(3, 1),
    heisenberg: heisenberg(4),
    sum: hamiltonian([{ pauli: 'X0 Y2', coefficient: 1 }], { name: 'sum' }),
    molecule: hamiltonian([{ pauli: 'X0 Z4', coefficient: 1 }], { electrons: 3 }),
  };
  const gates = (of: Hamiltonian, name?: unknown, layers?: unknown) => () => {
    const found = ansatz(of, name as never, layers as never);
    const all = found.circuit.map(({ gate, qubits, angle }) => {
      const turn = angle
        ? `(${angle.scale === undefined ? '' : `${angle.scale}*`}${angle.parameter}${angle.offset ? `+${angle.offset}` : ''})`
        : '';
      return `${gate}${turn}@${qubits.join('-')}`;
    });
    return `${found.name}, ${found.layers} layers: ${all.join(' ')}`;
  };
  const depth = (of: Hamiltonian) => () => {
    const { name, layers, circuit } = ansatz(of);
    return { name, layers, gates: circuit.length };
  };
  assertGolden(
    golden('hamiltonian-circuits.txt'),
    outcomes({
      ...Object.fromEntries(
        Object.entries(problems).flatMap(([called, of]) =>
          [...ANSATZE, undefined].flatMap((name) =>
            (name === 'hardware' ? [1, 2] : [1]).map((layers) => [
              `${called}: ${name}, ${layers}`,
              gates(of, name, layers),
            ]),
          ),
        ),
      ),
      'variational, 2 layers': gates(heisenberg(3), 'variational', 2),
      'of an odd chain': gates(heisenberg(5), 'variational', 1),
      'Ising, 2 layers': gates(tfim(2, 1), undefined, 2),
      'excitations, 2 layers': gates(
        hamiltonian([{ pauli: 'Z3', coefficient: 1 }], { electrons: 1 }),
        undefined,
        2,
      ),
      'no such ansatz': gates(tfim(2, 1), 'none', 1),
      ...Object.fromEntries(
        [0, 1.5, 1001, 'x'].map((layers) => [`${layers} layers`, gates(tfim(2, 1), 'hardware', layers)]),
      ),
      ...Object.fromEntries([2, 12, 13].map((sites) => [`a chain of ${sites}`, depth(tfim(sites, 1))])),
      ...Object.fromEntries(
        [1, 6, 7].map((qubits) => [
          `a sum of ${qubits}`,
          depth(hamiltonian([{ pauli: 'X0', coefficient: 1 }], { qubits })),
        ]),
      ),
      '1000 layers': () => ansatz(tfim(2, 1), 'hardware', 1000).circuit.length,
      molecule: depth(problems.h2),
    }),
  );
});

test('groups: which terms share their shots, and behind which turns', () => {
  const sum = readHamiltonian(
    '0.5 [Z0 Z1] - 0.25 [X0 X1] + 0.125 [Y0 Y1] + [Z0] - 2 [Y2] + 0.75 [X0 Y1 Z2] - 0.6 [X2]',
  );
  const shown = (of: Hamiltonian) =>
    Object.fromEntries(
      GROUPINGS.map((grouping) => [
        `${of.name}, ${grouping}`,
        () =>
          groupTerms(of.terms, of.qubits, grouping)
            .map(({ turns, terms, diagonal }) => {
              const behind = turns.map((turn) => `${turn.sign === 1 ? '+' : '-'}${pauliText(turn)}`);
              const list = terms.map(
                ({ pauli }, i) => `${pauli} is ${diagonal[i].coefficient} ${diagonal[i].pauli}`,
              );
              return `${behind.join(' ')}: ${list.join(', ')}`;
            })
            .join(' | '),
      ]),
    );
  assertGolden(
    golden('hamiltonian-groups.txt'),
    outcomes({
      ...shown(sum),
      ...shown(tfim(3, 0.5)),
      ...shown(heisenberg(3)),
      ...shown(builtIn('h2') as Hamiltonian),
    }),
  );
});
