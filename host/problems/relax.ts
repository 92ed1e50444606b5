/** A good cut from a relaxation, to start from: vectors in place of bits, and random hyperplanes to round them. */
import { HostRandom } from '../data/philox.ts';
import { dot } from '../data/eigen.ts';
import { normal } from '../api/initialise.ts';
import { cutOf, type Graph } from './graph.ts';

const STREAM = 0x72656c61;

/** Sweeps over all nodes at most, and how little a sweep may gain before it was the last, as a share of all weight. */
const MOST_SWEEPS = 1000;
const LEAST_GAIN = 1e-9;

/** Hyperplanes that are tried. */
const ROUNDINGS = 10;

/**
 * The best of some cuts that random hyperplanes make of unit vectors with the largest sum w (1 - v_a v_b) / 2 (Goemans and
 * Williamson 1995), which are found node by node, each opposite to the sum of its neighbours (the mixing method: Wang, Chang
 * and Kolter 2017).
 * @returns bit i is the side of node i
 */
export function roundedCut(given: Graph, seed: number): { readonly cut: number; readonly bits: number } {
  const { nodes, edges } = given;
  const random = new HostRandom(seed, STREAM);
  // With so many dimensions there are no local maxima (Pataki 1998).
  const dimensions = Math.ceil(Math.sqrt(2 * nodes.length)) + 1;
  const draw = () => Float64Array.from({ length: dimensions }, () => normal(random));
  const vectors = nodes.map(() => {
    const vector = draw();
    const length = Math.sqrt(dot(vector, vector));
    return vector.map((value) => value / length);
  });
  const all = edges.reduce((sum, { weight }) => sum + Math.abs(weight), 0);
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    let gain = 0;
    for (let node = 0; node < nodes.length; node++) {
      const pull = new Float64Array(dimensions);
      for (const { a, b, weight } of edges) {
        if (a !== node && b !== node) continue;
        vectors[a === node ? b : a].forEach((value, i) => (pull[i] += weight * value));
      }
      const length = Math.sqrt(dot(pull, pull));
      if (length === 0) continue;
      gain += length + dot(pull, vectors[node]);
      vectors[node] = pull.map((value) => -value / length);
    }
    if (gain <= LEAST_GAIN * all) break;
  }
  let best = { cut: Number.NEGATIVE_INFINITY, bits: 0 };
  for (let rounding = 0; rounding < ROUNDINGS; rounding++) {
    const plane = draw();
    const bits = vectors.reduce((sum, vector, node) => (dot(plane, vector) < 0 ? sum | (1 << node) : sum), 0);
    const cut = cutOf(given, bits);
    if (cut > best.cut) best = { cut, bits };
  }
  return best;
}
