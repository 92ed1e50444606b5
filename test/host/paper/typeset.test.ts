/** Texts of a report as print has them. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { EXPERIMENTS, typeset } from '../../../host/paper/index.ts';

describe('a set text', () => {
  for (const [text, set] of [
    ["eta' = 0.02 beats eta'_eff", 'η′ = 0.02 beats η′_eff'],
    ['eta/2 g.Hg > g.grad C', 'η/2 g·Hg > g·∇C'],
    ['1 - <O> behind |0...0>, over [-pi, pi]', '1 − ⟨O⟩ behind |0…0⟩, over [−π, π]'],
    ['<Z0>, all <Z_i>, E|Delta theta|^2', '⟨Z₀⟩, all ⟨Zᵢ⟩, E|Δθ|²'],
    ['t -1.6, 2^-12, 1.44e9 ± 3.2e-6', 't −1.6, 2⁻¹², 1.44 × 10⁹ ± 3.2 × 10⁻⁶'],
    ['|grad C| >= epsilon, <Z> <= sqrt(90 L)', '|∇C| ≥ ε, ⟨Z⟩ ≤ √(90 L)'],
    ['Phi(change) of "noise"', 'Φ(change) of “noise”'],
    ['`train --nu 0.1` with nu', '`train --nu 0.1` with ν'],
    ['beta, numerical, theory-claim, nu-net, zeta', 'beta, numerical, theory-claim, nu-net, zeta'],
    ['nlr-vqa at n = 8, a < b > c', 'nlr-vqa at n = 8, a < b > c'],
  ] as const)
    test(text, () => assert.equal(typeset(text), set));

  test('is what setting it again leaves', () => {
    for (const { title, about } of EXPERIMENTS)
      for (const text of [title, about]) assert.equal(typeset(typeset(text)), typeset(text));
  });
});
