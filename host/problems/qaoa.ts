/**
 * The quantum approximate optimisation algorithm for MaxCut (Farhi, Goldstone and Gutmann 2014): p layers of
 * exp(-i gamma C) exp(-i beta B), with C = sum w (1 - Z_a Z_b) / 2 and B = sum X_i, from the uniform superposition.
 */
import type { Circuit, CircuitOperation } from '../api/circuit.ts';
import type { TrainingOptions } from '../api/options.ts';
import { contradiction, oneOf, optional, real, record, type Table, whole } from '../core/checks.ts';
import { LOADING, type LoadOptions } from '../core/core.ts';
import { cutHamiltonian, type Graph, regraphed } from './graph.ts';
import { type Minimisation, minimise, readTraining, trainingFrom } from './minimise.ts';
import { roundedCut } from './relax.ts';

/**
 * How the angles start. 'none': uniform over [-pi, pi]. 'ramp': as a slow change from B to C would have them, gamma rising and
 * beta falling. 'interpolate': 1, 2, ... p layers are trained, each from the angles of the one before, interpolated (Zhou et
 * al. 2020). 'relaxed': a ramp, and state and mixer of a rounded relaxation in place of the superposition (Egger, Marecek and
 * Woerner 2021), with epsilon = 1/4.
 */
export type WarmStart = (typeof WARM_STARTS)[number];
/** All of them. */
export const WARM_STARTS = ['ramp', 'interpolate', 'relaxed', 'none'] as const;

/** What is cut, and how. */
export interface QaoaOptions extends LoadOptions {
  /** What is cut, 2 to 20 nodes. */
  readonly graph: Graph;
  /** p, 1 to 100; default 1. */
  readonly layers?: number;
  /** Default 'ramp'. */
  readonly warmStart?: WarmStart;
  /** As of `minimise`. */
  readonly training?: TrainingOptions;
}

/** One stage: a minimisation of minus the cut. All but 'interpolate' have a single one. */
export interface QaoaStage extends Minimisation {
  /** What is cut, checked and copied. */
  readonly graph: Graph;
  readonly layers: number;
  /** What the stages before took. */
  readonly before: {
    /** Steps. */
    readonly steps: number;
    /** Circuits. */
    readonly evaluations: number;
    /** Shots of all circuits; 0 where they were exact. */
    readonly shots: number;
  };
  /** gamma and beta of each layer, as they are. */
  angles(): {
    /** Of exp(-i gamma C), radians for a weight of 1. */
    readonly gamma: number[];
    /** Of exp(-i beta B), radians. */
    readonly beta: number[];
  };
}

const OPTIONS: Table<QaoaOptions> = {
  ...LOADING,
  graph: regraphed,
  layers: optional(whole(1, 100)),
  warmStart: optional(oneOf(...WARM_STARTS)),
  training: readTraining,
};

/** epsilon of 'relaxed': a node starts on its side of the rounded cut with the probability 1 - epsilon. */
const EPSILON = 0.25;

/** Of training in place of the library's own defaults. */
export const CUTTING: TrainingOptions = { steps: 100, rate: 0.05 };

/** Angles between the last and first values of a ramp, a typical optimum of one layer. */
const RAMP = 0.75;

const range = (length: number) => Array.from({ length }, (_, i) => i);

/** The circuit: parameter 2l is gamma of layer l, 2l + 1 its beta. @param sides bits of a cut that it starts from, if any */
export function qaoaCircuit({ nodes, edges }: Graph, layers: number, sides?: number): Circuit {
  const tilt = (node: number) => {
    const chance = ((sides ?? 0) >> node) & 1 ? 1 - EPSILON : EPSILON;
    return 2 * Math.asin(Math.sqrt(chance));
  };
  const start = nodes.map((_, node): CircuitOperation => {
    if (sides === undefined) return { gate: 'h', qubits: [node] };
    return { gate: 'ry', qubits: [node], angle: { offset: tilt(node) } };
  });
  const mixer = (node: number, parameter: number): CircuitOperation[] => {
    if (sides === undefined) return [{ gate: 'rx', qubits: [node], angle: { parameter, scale: 2 } }];
    return [
      { gate: 'ry', qubits: [node], angle: { offset: -tilt(node) } },
      { gate: 'rz', qubits: [node], angle: { parameter, scale: -2 } },
      { gate: 'ry', qubits: [node], angle: { offset: tilt(node) } },
    ];
  };
  const layer = (number: number): CircuitOperation[] => [
    ...edges.map(({ a, b, weight }): CircuitOperation => {
      return { gate: 'rzz', qubits: [a, b], angle: { parameter: 2 * number, scale: -weight } };
    }),
    ...nodes.flatMap((_, node) => mixer(node, 2 * number + 1)),
  ];
  return [...start, ...range(layers).flatMap(layer)];
}

/** gamma rises and beta falls, at the middles of p equal parts; gamma in units of the mean size of a weight. */
function ramp({ edges }: Graph, layers: number): number[] {
  const mean = edges.reduce((sum, { weight }) => sum + Math.abs(weight), 0) / edges.length || 1;
  return range(layers).flatMap((layer) => {
    const share = (layer + 0.5) / layers;
    return [(RAMP * share) / mean, RAMP * (1 - share)];
  });
}

/** Angles of one layer more: those of layer l are (l/p) of the one before and (p - l)/p of its own (Zhou et al. 2020, appendix B). */
export function interpolated(angles: ArrayLike<number>): number[] {
  const layers = angles.length / 2;
  return range(layers + 1).flatMap((layer) =>
    [0, 1].map((kind) => {
      const [before, own] = [angles[2 * (layer - 1) + kind] ?? 0, angles[2 * layer + kind] ?? 0];
      return (layer * before + (layers - layer) * own) / layers;
    }),
  );
}

/**
 * Sets up the cutting of a graph: yields a stage, to be trained by `trainer.fit()`; of 'interpolate' one for each number of
 * layers, else one.
 * @throws OptionError, CoreError
 * @example
 * ```ts
 * for await (const { trainer, energy } of qaoa({ graph: randomRegular(8, 3), layers: 2 })) {
 *   for await (const _ of trainer.fit());
 *   console.log(-(await energy())); // the expected cut
 * }
 * ```
 */
export async function* qaoa(options: QaoaOptions): AsyncGenerator<QaoaStage, void, undefined> {
  const read = record('qaoa', options, OPTIONS);
  const { graph, layers = 1, warmStart: how = 'ramp', training, ...loading } = read;
  const problem = cutHamiltonian(graph);
  if (how === 'interpolate' && training?.shotsBudget !== undefined && training.shotsBudget !== 'none')
    contradiction(
      'a budget of shots is of one training, and interpolate has one for each layer',
      'shotsBudget',
    );
  const sides = how === 'relaxed' ? roundedCut(graph, training?.seed ?? 1).bits : undefined;
  let last: QaoaStage | undefined;
  for (let p = how === 'interpolate' ? 1 : layers; p <= layers; p++) {
    const found = await minimise({
      ...loading,
      hamiltonian: problem,
      circuit: qaoaCircuit(graph, p, sides),
      training: trainingFrom(training, CUTTING),
    });
    const { trainer } = found;
    if (last !== undefined) trainer.parameters.set(interpolated(last.trainer.parameters));
    else if (how !== 'none') trainer.parameters.set(ramp(graph, p));
    const before = last && {
      steps: last.before.steps + last.trainer.steps,
      evaluations: last.before.evaluations + (last.trainer.report?.evaluations ?? 0),
      shots: last.before.shots + (last.trainer.report?.shots ?? 0),
    };
    last = {
      ...found,
      ...{ graph, layers: p, before: before ?? { steps: 0, evaluations: 0, shots: 0 } },
      angles: () => {
        const of = (kind: number) => range(p).map((layer) => trainer.parameters[2 * layer + kind]);
        return { gamma: of(0), beta: of(1) };
      },
    };
    yield last;
  }
}

/**
 * The expected cut of one layer in closed form, for any weights (Wang, Hadfield, Jiang and Rieffel 2018 for equal ones; Ozaeta,
 * van Dam and McMahon 2022): for each edge w (1 - <Z_u Z_v>) / 2 with
 *
 *   <Z_u Z_v> = -1/2 sin 4b sin(g w) (prod_k cos(g w_uk) + prod_k cos(g w_vk))
 *               + 1/2 sin^2 2b (prod_k cos(g (w_uk - w_vk)) - prod_k cos(g (w_uk + w_vk)))
 *
 * k over all other nodes.
 */
export function oneLayerCut(graph: Graph, gamma: number, beta: number): number {
  const { nodes, edges } = regraphed(graph, 'graph');
  real(-Number.MAX_VALUE)(gamma, 'gamma');
  real(-Number.MAX_VALUE)(beta, 'beta');
  const weights = nodes.map(() => new Float64Array(nodes.length));
  for (const { a, b, weight } of edges) {
    weights[a][b] = weight;
    weights[b][a] = weight;
  }
  return edges.reduce((sum, { a, b, weight }) => {
    const others = range(nodes.length).filter((node) => node !== a && node !== b);
    const product = (angle: (node: number) => number) =>
      others.reduce((all, node) => all * Math.cos(gamma * angle(node)), 1);
    const single = product((k) => weights[a][k]) + product((k) => weights[b][k]);
    const double =
      product((k) => weights[a][k] - weights[b][k]) - product((k) => weights[a][k] + weights[b][k]);
    const zz =
      (-Math.sin(4 * beta) * Math.sin(gamma * weight) * single + Math.sin(2 * beta) ** 2 * double) / 2;
    return sum + (weight * (1 - zz)) / 2;
  }, 0);
}
