/**
 * The built-in circuits: how features get into them, the layers of trained gates, and what entangles the qubits. All are
 * lists of operations, as circuits of the caller's own.
 */
import { MAX_FEATURES, MAX_OPERATIONS, MAX_QUBITS } from '../../assembly/abi/codes.ts';
import { contradiction, flag, integer, oneOf, refuse } from '../core/checks.ts';
import type { Circuit, CircuitOperation } from './circuit.ts';
import { type GateName, isOnTwo } from './gates.ts';

/** How trained gates are laid out. */
export interface Structure {
  /**
   * 'layers': each is RX RY RZ on every qubit, then the entangler. 'mirrored': the same, but of every 2 `mirrorDepth`
   * layers the second half are the first half backwards, so that a block can be the identity (Grant et al.,
   * arXiv:1903.05076). 'qcnn': convolutions and poolings that halve the qubits (Cong et al., arXiv:1810.03787; Pesah et
   * al., arXiv:2011.02966). Default 'layers'.
   */
  readonly layout: (typeof LAYOUTS)[number];
  /** Which pairs of qubits the entangler joins; default 'chain'. */
  readonly entangler: (typeof ENTANGLERS)[number];
  /** By which gate; default 'cnot'. */
  readonly entanglerGate: (typeof ENTANGLER_GATES)[number];
  /** Layers in half a block of the layout 'mirrored'; default 1. */
  readonly mirrorDepth: number;
  /** How often the features are encoded, before as many groups of layers (Perez-Salinas et al., arXiv:1907.02085); default 1. */
  readonly reuploads: number;
  /**
   * One parameter for the same gate on all qubits of a layer, or of all convolutions of a QCNN's round (Volkoff and Coles,
   * arXiv:2005.12200); default false.
   */
  readonly correlated: boolean;
}

/** A circuit, and the qubits on which it leaves what is to be observed. */
export interface Ansatz {
  readonly circuit: Circuit;
  readonly observed: readonly number[];
}

type Pair = readonly [number, number];

const AXES = ['rx', 'ry', 'rz'] as const;

/** The paper's. */
const CHAIN = {
  layout: 'layers',
  entangler: 'chain',
  entanglerGate: 'cnot',
  mirrorDepth: 1,
  reuploads: 1,
  correlated: false,
} as const;

const range = (length: number) => Array.from({ length }, (_, i) => i);

/** The pairs that an entangler joins, in time order: chain (i, i+1), ring also (n-1, 0), all-to-all every i < j. */
export function entangledPairs(qubits: number, entangler: Structure['entangler']): Pair[] {
  const pairs: Pair[] = [];
  for (let a = 0; a < qubits; a++) {
    const end = entangler === 'all-to-all' ? qubits : Math.min(a + 2, qubits);
    for (let b = a + 1; b < end; b++) pairs.push([a, b]);
  }
  if (entangler === 'ring' && qubits > 2) pairs.push([qubits - 1, 0]);
  return pairs;
}

/** Layers in a block: what is repeated as a whole. */
const blockOf = ({ layout, mirrorDepth }: Pick<Structure, 'layout' | 'mirrorDepth'>) =>
  layout === 'mirrored' ? 2 * mirrorDepth : 1;

/** Trained parameters of one layer. */
export const layerParameters = (qubits: number, { correlated }: Pick<Structure, 'correlated'>): number =>
  3 * (correlated ? 1 : qubits);

/**
 * Layers of RX RY RZ on every qubit and an entangler, with the features encoded before the first one and before others. The
 * parameters of a layer are those of qubit 0 about X, Y, Z, then those of qubit 1, in mirrored layers too.
 * @param layers a multiple of twice the mirror depth where the layout is 'mirrored'
 * @param encoding operations that encode the features
 */
export function layered(
  qubits: number,
  layers: number,
  structure: Omit<Structure, 'layout'> & { readonly layout: 'layers' | 'mirrored' },
  encoding: Circuit = [],
): Circuit {
  const { entangler, entanglerGate, reuploads, correlated } = structure;
  const block = blockOf(structure);
  const parameters = layerParameters(qubits, structure);
  const joins = entangledPairs(qubits, entangler).map((pair) => ({ gate: entanglerGate, qubits: pair }));
  const starts = range(reuploads).map((k) => block * Math.floor((k * layers) / block / reuploads));
  const operations: CircuitOperation[] = [];
  // A circuit that is too long is refused by its length, which need not be exact.
  for (let layer = 0; layer < layers && operations.length <= MAX_OPERATIONS; layer++) {
    if (starts.includes(layer)) operations.push(...encoding);
    const turns = range(3 * qubits).map((i): CircuitOperation => {
      const parameter = layer * parameters + (correlated ? i % 3 : i);
      return { gate: AXES[i % 3] as GateName, qubits: [Math.floor(i / 3)], angle: { parameter } };
    });
    const whole = [...turns, ...joins];
    operations.push(...(layer % block < block / 2 ? whole : whole.reverse()));
  }
  return operations;
}

/**
 * A quantum convolutional network without measurements on the way. In each round every two neighbours among the active
 * qubits meet in a general two-qubit gate of 15 parameters (RZ RY RZ on both, RXX RYY RZZ, RZ RY RZ on both), first
 * pairs (0, 1), (2, 3) ..., then (1, 2), (3, 4) ...; then every second qubit turns the one before it by CRZ and CRX, which is
 * what a measurement and a rotation that depends on it come to, and is left alone from there on.
 */
export function qcnn(qubits: number, rounds: number, correlated: boolean): Ansatz {
  const operations: CircuitOperation[] = [];
  let [parameter, observed] = [0, range(qubits)];
  /** Gates on each pair, those of one qubit on both, with parameters of their own for each pair, or the same. */
  const add = (gates: string, pairs: readonly Pair[]) => {
    const first = parameter;
    for (const pair of pairs) {
      if (correlated) parameter = first;
      for (const gate of gates.split(' ') as GateName[]) {
        for (const on of isOnTwo(gate) ? [pair] : pair.map((qubit) => [qubit] as const))
          operations.push({ gate, qubits: on, angle: { parameter: parameter++ } });
      }
    }
  };
  for (let round = 0; round < rounds; round++) {
    const pairs = observed.slice(1).map((b, i): Pair => [observed[i] as number, b]);
    const [even, odd] = [0, 1].map((first) => pairs.filter((_, i) => i % 2 === first)) as [Pair[], Pair[]];
    add('rz ry rz rxx ryy rzz rz ry rz', [...even, ...odd]);
    add(
      'crz crx',
      even.map(([kept, pooled]) => [pooled, kept]),
    );
    observed = observed.filter((_, i) => i % 2 === 0);
  }
  return { circuit: operations, observed };
}

/** The d of d + d (d - 1) / 2 features: angles, and what comes of every two of them. Not whole where there is none. */
export const anglesOf = (features: number): number => (Math.sqrt(8 * features + 1) - 1) / 2;

/**
 * The ZZ feature map (Havlicek et al., arXiv:1804.11326) of qubits 0 to d - 1: twice H on each, then
 * exp(i (sum_i x_i Z_i + sum_{i<j} x_ij Z_i Z_j)). The features are the x_i, then the x_ij = (pi - x_i)(pi - x_j) in the order
 * (0,1), (0,2) ... (1,2) ..., which the step 'products' of a pipeline makes.
 * @param angles d
 */
export function zzFeatureMap(angles: number): Circuit {
  integer('angles', angles, 1, MAX_QUBITS);
  const qubits = range(angles).map((qubit) => [qubit] as const);
  const turn = (gate: GateName, on: CircuitOperation['qubits'], feature: number) => ({
    gate,
    qubits: on,
    angle: { feature, scale: -2 },
  });
  const once: Circuit = [
    ...qubits.map((on) => ({ gate: 'h', qubits: on }) as const),
    ...qubits.map((on, i) => turn('rz', on, i)),
    ...entangledPairs(angles, 'all-to-all').map((on, i) => turn('rzz', on, angles + i)),
  ];
  return [...once, ...once];
}

/** The paper's ansatz (section V.A): per layer RX RY RZ on every qubit, then CNOT along the chain. */
export function chainAnsatz(qubits: number, layers: number): Circuit {
  integer('qubits', qubits, 1, MAX_QUBITS);
  integer('layers', layers, 1, MAX_OPERATIONS);
  return layered(qubits, layers, CHAIN);
}

/** Angle encoding: feature i turns qubit i mod n about Y (the second round about Z, and so on). */
export function angleEncoding(qubits: number, features: number): Circuit {
  integer('qubits', qubits, 1, MAX_QUBITS);
  integer('features', features, 1, MAX_FEATURES);
  return range(features).map((feature) => ({
    gate: AXES[(1 + Math.floor(feature / qubits)) % 3] as GateName,
    qubits: [feature % qubits],
    angle: { feature },
  }));
}

/** Structures as options have them. */
export type StructureOptions = { readonly [Name in keyof Structure]?: Structure[Name] | undefined };

/** What the options of a structure may be, the defaults first. */
export const LAYOUTS = ['layers', 'mirrored', 'qcnn'] as const;
export const ENTANGLERS = ['chain', 'ring', 'all-to-all'] as const;
export const ENTANGLER_GATES = ['cnot', 'cz'] as const;

/** Names of the options of a structure. */
export const STRUCTURE_FIELDS = [
  'layout',
  'entangler',
  'entanglerGate',
  'mirrorDepth',
  'reuploads',
  'correlated',
] as const;

/** Options that a layout has no use for. */
const FOREIGN = {
  layers: ['mirrorDepth'],
  mirrored: [],
  qcnn: ['entangler', 'entanglerGate', 'mirrorDepth', 'reuploads'],
} as const satisfies Record<Structure['layout'], readonly (keyof Structure)[]>;

/**
 * Checks a structure and lays it out.
 * @param depth layers, or rounds of a QCNN
 * @param encoding operations that encode the features; none of amplitudes, which are prepared once
 * @throws OptionError
 */
export function layOut(
  given: StructureOptions,
  qubits: number,
  depth: number | undefined,
  encoding: Circuit | undefined,
): Ansatz & { readonly structure: Partial<Structure>; readonly layers: number } {
  const layout = oneOf(...LAYOUTS)(given.layout ?? CHAIN.layout, 'layout');
  const foreign = FOREIGN[layout].find((name) => given[name] !== undefined);
  if (foreign !== undefined) contradiction(`${foreign} does not go with the layout ${layout}`, foreign);
  const correlated = flag(given.correlated ?? CHAIN.correlated, 'correlated');
  if (layout === 'qcnn') {
    const most = Math.ceil(Math.log2(integer('qubits', qubits, 2, MAX_QUBITS)));
    const layers = integer('layers', depth ?? most, 1, most);
    const { circuit, observed } = qcnn(qubits, layers, correlated);
    const structure = { layout, correlated };
    return { circuit: [...(encoding ?? []), ...circuit], observed, layers, structure };
  }
  const { entangler, entanglerGate, mirrorDepth, reuploads } = { ...CHAIN, ...given };
  const structure = {
    ...{ layout, correlated },
    entangler: oneOf(...ENTANGLERS)(entangler, 'entangler'),
    entanglerGate: oneOf(...ENTANGLER_GATES)(entanglerGate, 'entanglerGate'),
    ...(layout === 'mirrored' && { mirrorDepth: integer('mirrorDepth', mirrorDepth, 1, MAX_OPERATIONS) }),
  };
  const block = blockOf({ layout, mirrorDepth });
  const layers = integer('layers', depth ?? block * Math.ceil(5 / block), 1, MAX_OPERATIONS);
  if (layers % block > 0) refuse('layers', layers, `a multiple of ${block}: blocks of the layout mirrored`);
  if (encoding === undefined && reuploads !== 1)
    contradiction('reuploads needs features that drive gates: the encoding angle or zz', 'reuploads');
  const all = { ...CHAIN, ...structure, reuploads: integer('reuploads', reuploads, 1, layers / block) };
  return {
    circuit: layered(qubits, layers, all, encoding),
    observed: range(qubits),
    layers,
    structure: { ...structure, reuploads },
  };
}
