/** From a circuit to an OpenQASM program. */
import { MAX_FEATURES, MAX_QUBITS } from '../../assembly/abi/codes.ts';
import {
  type Angle,
  checkCircuit,
  type Circuit,
  type CircuitOperation,
  parametersOf,
} from '../api/circuit.ts';
import { type GateName, hasAngle } from '../api/gates.ts';
import {
  contradiction,
  flag,
  isListOf,
  isNumbers,
  optional,
  record,
  refuse,
  snapshot,
  type Table,
  text,
  whole,
} from '../core/checks.ts';
import { RESERVED } from './cursor.ts';

/** How a circuit is written. */
export interface WriteOptions {
  /** Of OpenQASM, which has no inputs before 3; default 3. */
  readonly version?: 2 | 3;
  /** Default as many as the circuit names. */
  readonly qubits?: number;
  /** Numbers of the parameters, or the names that they have as inputs; default theta_0, theta_1, ... */
  readonly parameters?: readonly string[] | ArrayLike<number>;
  /** The same for features; default x_0, x_1, ... */
  readonly features?: readonly string[] | ArrayLike<number>;
  /** Whether all qubits are measured at the end; default false. */
  readonly measure?: boolean;
  /** Lines of a comment at the top. */
  readonly comment?: string;
}

/** What parameters or features are written as. */
type Drivers = readonly string[] | readonly number[];

/** A name as both versions take it. */
const NAME = /^[a-z][A-Za-z0-9_]*$/;

/** Names that no input can have: the registers, the language's own, gates of the libraries and of here, and functions. */
const TAKEN: ReadonlySet<string> = new Set([
  ...['q', 'c', 'pragma', ...RESERVED[3]],
  ...'p x y z h s sdg t tdg sx rx ry rz cx cy cz cp crx cry crz ch swap ccx cswap cu'.split(' '),
  ...'phase cphase id u u1 u2 u3 rxx ryy rzz'.split(' '),
  ...'arccos arcsin arctan ceiling cos exp floor log mod popcount real imag rotl rotr sin sqrt tan'.split(
    ' ',
  ),
]);

const readDrivers = (given: unknown, at: string): Drivers => {
  if (isNumbers(given)) {
    const numbers = Array.from(given);
    return numbers.every(Number.isFinite) ? numbers : refuse(at, given, 'finite numbers, or names');
  }
  const isName = (name: unknown) => typeof name === 'string' && NAME.test(name) && !TAKEN.has(name);
  if (isListOf(given, isName) && new Set(given).size === given.length) return snapshot(at, given as string[]);
  return refuse(
    at,
    given,
    'numbers, or different names that start with a small letter and are no words of OpenQASM',
  );
};

const OPTIONS: Table<WriteOptions> = {
  version: optional((version, at) =>
    version === 2 || version === 3 ? version : refuse(at, version, '2 or 3'),
  ),
  qubits: optional(whole(1, MAX_QUBITS)),
  parameters: optional(readDrivers),
  features: optional(readDrivers),
  measure: optional(flag),
  comment: optional(text),
};

/** What gates are called, where not as in a circuit. */
const NAMES: Readonly<Record<2 | 3, Readonly<Partial<Record<GateName, string>>>>> = {
  2: { cnot: 'cx', cphase: 'cu1', u: 'u3' },
  3: { cnot: 'cx', cphase: 'cp', u: 'U' },
};

/** Gates that stdgates.inc does not have, made of those that it has. */
const DEFINITIONS: Readonly<Partial<Record<GateName, string>>> = {
  rzz: 'gate rzz(theta) a, b { cx a, b; rz(theta) b; cx a, b; }',
  rxx: 'gate rxx(theta) a, b { h a; h b; cx a, b; rz(theta) b; cx a, b; h a; h b; }',
  ryy: 'gate ryy(theta) a, b { rx(pi/2) a; rx(pi/2) b; cx a, b; rz(theta) b; cx a, b; rx(-pi/2) a; rx(-pi/2) b; }',
};

/**
 * An operation by gates that every qelib1.inc has: the one of the paper (arXiv:1707.03429) lacks many that came later, and
 * with another a definition of them would be the second.
 */
function inOldGates(operation: CircuitOperation): Circuit {
  const { gate, qubits, angle } = operation;
  const [a, b] = qubits as [number, number];
  const quarter = (name: 'rx' | 'ry', sign: 1 | -1, on: number): CircuitOperation => ({
    gate: name,
    qubits: [on],
    angle: { offset: (sign * Math.PI) / 2 },
  });
  const between = (before: Circuit, inside: Circuit, after: Circuit): Circuit => [
    ...before,
    ...inside,
    ...after,
  ];
  const sum: CircuitOperation = { gate: 'cnot', qubits: [a, b] };
  const zz: Circuit = [sum, { gate: 'rz', qubits: [b], angle }, sum];
  const both = (each: (on: number) => CircuitOperation): Circuit => [each(a), each(b)];
  switch (gate) {
    case 'sx':
      return [quarter('rx', 1, a)];
    case 'swap':
      return [sum, { gate: 'cnot', qubits: [b, a] }, sum];
    case 'crx':
      return between([quarter('ry', -1, b)], [{ gate: 'crz', qubits: [a, b], angle }], [quarter('ry', 1, b)]);
    case 'cry':
      return between([quarter('rx', 1, b)], [{ gate: 'crz', qubits: [a, b], angle }], [quarter('rx', -1, b)]);
    case 'rzz':
      return zz;
    case 'rxx': {
      const turns = both((on) => ({ gate: 'h', qubits: [on] }));
      return between(turns, zz, turns);
    }
    case 'ryy':
      return between(
        both((on) => quarter('rx', 1, on)),
        zz,
        both((on) => quarter('rx', -1, on)),
      );
    default:
      return [operation];
  }
}

/** A number with all its digits, as both versions write one that is not whole. */
export function numberText(value: number): string {
  const written = String(value);
  if (!/^-?\d+(e.*)?$/.test(written)) return written;
  return written.replace(/^(-?\d+)/, '$1.0');
}

/** An angle: a number, or scale * name + offset. */
function angleText(
  { parameter, feature, scale = 1, offset = 0 }: Angle,
  parameters: Drivers,
  features: Drivers,
): string {
  const driver =
    parameter !== undefined ? parameters[parameter] : feature !== undefined ? features[feature] : 0;
  if (typeof driver !== 'string') return numberText(scale * (driver as number) + offset);
  const product = scale === 1 ? driver : `${numberText(scale)}*${driver}`;
  if (offset === 0) return product;
  return `${product} ${offset < 0 ? '-' : '+'} ${numberText(Math.abs(offset))}`;
}

/** One operation. */
function statement(
  operation: CircuitOperation,
  version: 2 | 3,
  parameters: Drivers,
  features: Drivers,
): string {
  const { gate, qubits, angle, angles } = operation;
  const on = qubits.map((qubit) => `q[${qubit}]`).join(version === 2 ? ',' : ', ');
  const name = NAMES[version][gate] ?? gate;
  if (gate === 'u') return `${name}(${(angles ?? [0, 0, 0]).map(numberText).join(', ')}) ${on};`;
  const isTurn = hasAngle(gate);
  return `${name}${isTurn ? `(${angleText(angle ?? {}, parameters, features)})` : ''} ${on};`;
}

/** As many drivers as a circuit has, checked. @throws OptionError */
function driversOf(
  what: 'parameters' | 'features',
  given: Drivers | undefined,
  count: number,
  version: 2 | 3,
): Drivers {
  if (version === 2 && count > 0 && (given === undefined || typeof given[0] === 'string'))
    contradiction(`OpenQASM 2 has no inputs; the ${what} need numbers`, what);
  const letter = what === 'parameters' ? 'theta' : 'x';
  if (given === undefined) return Array.from({ length: count }, (_, i) => `${letter}_${i}`);
  return given.length === count ? given : refuse(what, given, `${count} of them`);
}

/**
 * Writes a circuit as a program: parameters and features as inputs, or as numbers where those are given.
 * @throws OptionError
 * @example
 * ```ts
 * writeOpenQasm([{ gate: 'h', qubits: [0] }, { gate: 'cnot', qubits: [0, 1] }], { version: 2 });
 * ```
 */
export function writeOpenQasm(circuit: Circuit, options: WriteOptions = {}): string {
  const { version = 3, measure = false, comment, ...given } = record('writeOpenQasm', options, OPTIONS);
  const operations = snapshot('circuit', circuit);
  checkCircuit(operations, given.qubits ?? MAX_QUBITS, MAX_FEATURES);
  const qubits =
    given.qubits ??
    operations.reduce((most, { qubits: on }) => Math.max(most, ...on.map((qubit) => qubit + 1)), 1);
  const driven = operations.reduce((most, { angle }) => Math.max(most, (angle?.feature ?? -1) + 1), 0);
  const parameters = driversOf(
    'parameters',
    given.parameters as Drivers | undefined,
    parametersOf(operations),
    version,
  );
  const features = driversOf('features', given.features as Drivers | undefined, driven, version);
  const inputs = [...parameters, ...features].filter((driver) => typeof driver === 'string');
  if (new Set(inputs).size < inputs.length)
    refuse('features', features, 'other names than the parameters have');
  const used = new Set(operations.map(({ gate }) => gate));
  const definitions = Object.entries(DEFINITIONS).filter(
    ([gate]) => version === 3 && used.has(gate as GateName),
  );
  const old = version === 2;
  return [
    ...(comment === undefined ? [] : comment.split(/\r\n|\r|\n/).map((line) => `// ${line}`.trimEnd())),
    `OPENQASM ${version}.0;`,
    `include "${old ? 'qelib1.inc' : 'stdgates.inc'}";`,
    ...inputs.map((name) => `input float[64] ${name};`),
    ...definitions.map(([, definition]) => definition),
    old ? `qreg q[${qubits}];` : `qubit[${qubits}] q;`,
    ...(measure ? [old ? `creg c[${qubits}];` : `bit[${qubits}] c;`] : []),
    ...(old ? operations.flatMap(inOldGates) : operations).map((operation) =>
      statement(operation, version, parameters, features),
    ),
    ...(measure ? [old ? 'measure q -> c;' : 'c = measure q;'] : []),
    '',
  ].join('\n');
}
