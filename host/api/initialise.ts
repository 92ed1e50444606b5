/** How a circuit's parameters start, where not uniform. */
import type { Reals } from '../core/core.ts';
import { HostRandom } from '../data/philox.ts';
import { layerParameters } from './ansatz.ts';
import type { ResolvedModel } from './options.ts';

/** The host's stream of random numbers that this draws from. */
const STREAM = 0x696e6974;

/** True with the probability e^(-x p), 0 <= x, p <= 1 (von Neumann 1951): the count of falling numbers below x, each let through by p, is even. */
function exponentialCoin(random: HostRandom, x: number, p: number): boolean {
  for (let even = true, last = x; ; even = !even) {
    const next = random.uniform();
    if (next >= last || (p < 1 && random.uniform() >= p)) return even;
    last = next;
  }
}

/**
 * A draw from N(0, 1) by comparing uniform numbers (Karney, "Sampling exactly from the normal distribution", 2016,
 * algorithm N): it needs no logarithm, whose last bits differ between engines.
 */
export function normal(random: HostRandom): number {
  const half = () => exponentialCoin(random, 0.5, 1);
  for (;;) {
    let k = 0;
    while (half()) k++;
    let isKept = true;
    for (let i = k * (k - 1); i > 0 && isKept; i--) isKept = half();
    if (!isKept) continue;
    const x = random.uniform();
    for (let i = 0; i <= k && isKept; i++) isKept = exponentialCoin(random, x, (2 * k + x) / (2 * k + 2));
    if (isKept) return random.next() % 2 === 0 ? k + x : -(k + x);
  }
}

/** The standard deviation 1 / sqrt(4 S (L + 2)): Zhang et al., arXiv:2203.09376, theorem 4.1. */
function zhang({ observables, layers = 0 }: ResolvedModel): number {
  const weights = observables.flat().map(({ pauli }) => pauli.match(/[XYZ]\d/gi)?.length ?? 0);
  return Math.sqrt(1 / (4 * Math.max(1, ...weights) * (layers + 2)));
}

/**
 * Starts a circuit's parameters as its model says.
 * @param parameters as the core has drawn them, those of the circuit uniform over [-pi, pi]; changed
 */
export function initialise(parameters: Reals, model: ResolvedModel, seed: number): void {
  const { initialisation, initialScale, circuitParameters, qubits, layers = 0, mirrorDepth = 1 } = model;
  const circuit = parameters.subarray(0, circuitParameters);
  switch (initialisation) {
    case 'zero':
      circuit.fill(0);
      break;
    case 'small-angles':
      for (let i = 0; i < circuit.length; i++) circuit[i] *= (initialScale as number) / Math.PI;
      break;
    case 'gaussian': {
      const random = new HostRandom(seed, STREAM);
      const deviation = initialScale ?? zhang(model);
      for (let i = 0; i < circuit.length; i++) circuit[i] = deviation * normal(random);
      break;
    }
    case 'identity-blocks': {
      const each = layerParameters(qubits, { correlated: model.correlated === true });
      const block = 2 * mirrorDepth;
      for (let layer = 0; layer < layers; layer++) {
        const place = layer % block;
        // The layer that this one is the mirror image of.
        const first = layer - 2 * place + block - 1;
        for (let i = 0; i < each && place >= mirrorDepth; i++)
          circuit[layer * each + i] = -(circuit[first * each + i] as number);
      }
    }
  }
}
