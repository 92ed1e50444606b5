/** The oracle's generator against its published vectors, its samplers against exact probabilities. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Encoding, Loss } from '../../../assembly/abi/codes.ts';
import * as oracle from './index.ts';
import { PHILOX_VECTORS } from '../philox-vectors.ts';
import {
  assertChiSquared,
  assertMean,
  binomialProbabilities,
  mean,
  SIGMAS,
  variance,
} from '../statistics.ts';

/** A stream that repeats the given words. */
function repeating(...words: number[]): oracle.WordSource & { drawn: number } {
  return {
    drawn: 0,
    word() {
      this.drawn += 1;
      return words[(this.drawn - 1) % words.length];
    },
  };
}

describe('oracle: Philox4x32-10', () => {
  it('gives the known answers of Random123', () => {
    for (const [counter, key, words] of PHILOX_VECTORS)
      assert.deepEqual(oracle.philox4x32(counter, key), words);
  });

  it('a stream is the words of blocks 0, 1, ... in order', () => {
    const last = 1 | (9 << 4);
    const stream = new oracle.Stream([7, 8], [3, 5, last]);
    const words = Array.from({ length: 8 }, () => stream.word());
    assert.deepEqual(words, [
      ...oracle.philox4x32([0, 3, 5, last], [7, 8]),
      ...oracle.philox4x32([1, 3, 5, last], [7, 8]),
    ]);
  });

  it('a term on its own starts 2^20 blocks per term further on, and two samples share its blocks', () => {
    for (const sample of [2, 3]) {
      const stream = oracle.shotStreams([7, 8], sample, 5, 9).term(2);
      const words = Array.from({ length: 4 }, () => stream.word());
      const blocks = [2 ** 21, 2 ** 21 + 1].map((block) =>
        oracle.philox4x32([block, 2, 5, 1 | (9 << 4)], [7, 8]),
      );
      const from = 2 * (sample - 2);
      assert.deepEqual(
        words,
        blocks.flatMap((block) => block.slice(from, from + 2)),
      );
    }
  });

  it('two ranges of bitstrings share a block, and the sample has it alone', () => {
    const streams = oracle.shotStreams([7, 8], 3, 5, 9);
    const words = [4, 5].flatMap((range) => {
      const stream = streams.range(range);
      return [stream.word(), stream.word()];
    });
    assert.deepEqual(words, oracle.philox4x32([4, 3, 5, 1 | (9 << 4)], [7, 8]));
  });

  it('a word is a bitstring of both samples of a pair, and each has further bits of its own', () => {
    for (const sample of [2, 3]) {
      const bits = oracle.shotStreams([7, 8], sample, 5, 9).bitstrings();
      const last = 1 | (9 << 4);
      const words = [0, 1].flatMap((block) => oracle.philox4x32([block, 2, 5, last], [7, 8]));
      words.forEach((word, shot) => {
        assert.equal(bits.next(), sample === 2 ? word & 0xffff : word >>> 16);
        assert.equal(bits.more(), oracle.philox4x32([2 ** 20 + shot, sample, 5, last], [7, 8])[0]);
      });
    }
  });

  it('uniform53 is in [0, 1) at its ends', () => {
    assert.equal(oracle.uniform53(repeating(0)), 0);
    assert.equal(oracle.uniform53(repeating(0xffffffff)), 1 - 2 ** -53);
    assert.equal(oracle.uniform53(repeating(0, 0x80000000)), 0.5);
  });
});

describe('oracle: subsets', () => {
  it('below: the high word of fraction times bound', () => {
    assert.equal(oracle.below(repeating(0), 10), 0);
    assert.equal(oracle.below(repeating(0xffffffff), 10), 9);
    assert.equal(oracle.below(repeating(0, 0x80000000), 10), 5);
    assert.equal(oracle.below(repeating(0x99999999, 0x19999999), 10), 0);
    assert.equal(oracle.below(repeating(0x9999999a, 0x19999999), 10), 1);
  });

  it('every subset of 3 of 6 is as likely (seed 21, chi-squared, 5 sigma)', () => {
    const counts = new Map<string, number>();
    for (let draw = 0; draw < 4000; draw++) {
      const subset = oracle.floydSubset(oracle.shotStreams([21, 0], draw, 0, 0).term(0), 6, 3);
      const key = subset.sort().join();
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    assert.equal(counts.size, 20);
    assertChiSquared([...counts.values()], new Array(20).fill(1 / 20), 'subsets');
  });
});

/** The two words of U, a fraction of 2^53, low first, as the signed number from the middle that a draw takes. */
function wordsOf(u: number): [low: number, high: number] {
  const bits = (BigInt(Math.floor(u * 2 ** 53)) << 11n) ^ (1n << 63n);
  return [Number(bits & 0xffffffffn), Number(bits >> 32n)];
}

describe('oracle: binomial', () => {
  it('4 shots at p = 1/2: 1/16, 5/16, 11/16, 15/16', () => {
    const edges = [0, 1 / 16, 5 / 16, 11 / 16, 15 / 16];
    edges.forEach((edge, k) => {
      const source = repeating(...wordsOf(edge + 1e-9));
      assert.equal(oracle.binomialDraw(source, 4, 0.5), k);
      assert.equal(source.drawn, 2);
      if (k > 0) assert.equal(oracle.binomialDraw(repeating(...wordsOf(edge - 1e-9)), 4, 0.5), k - 1);
    });
  });

  it('one shot is one uniform number compared with 1 - p', () => {
    for (let trial = 0; trial < 500; trial++) {
      const p = oracle.uniform53(oracle.shotStreams([trial, 77], 0, 1, 0).term(0));
      const u = oracle.uniform53(oracle.shotStreams([trial, 78], 0, 1, 0).term(0));
      assert.equal(oracle.binomialDraw(repeating(...wordsOf(u)), 1, p), Number(u >= 1 - p));
    }
  });

  it('more chance never makes fewer successes of the same word', () => {
    for (let seed = 0; seed < 100; seed++) {
      const draws = [0.1, 0.3, 0.5, 0.7].map((p) =>
        oracle.binomialDraw(oracle.shotStreams([seed, 78], 0, 0, 0).term(0), 100, p),
      );
      assert.deepEqual(
        draws,
        [...draws].sort((a, b) => a - b),
      );
    }
  });

  it('ends: nothing is drawn where the outcome is certain, and the extremes are reached', () => {
    const source = repeating(0);
    for (const p of [0, -1e-17, NaN]) assert.equal(oracle.binomialDraw(source, 1000, p), 0);
    assert.equal(oracle.binomialDraw(source, 1000, 1), 1000);
    assert.equal(source.drawn, 0);
    assert.equal(oracle.binomialDraw(source, 0, 0.3), 0);
    assert.equal(oracle.binomialDraw(repeating(...wordsOf(0)), 10, 0.5), 0);
    assert.equal(oracle.binomialDraw(repeating(...wordsOf(1 - 2 ** -40)), 10, 0.5), 10);
  });

  it('next to 0 and 1 it takes 64 bits more', () => {
    // U = 2^-64 of a word and almost all, or almost nothing, of the next: about 2^-63, 2^-64; P(0) = 2^-63.5 between.
    const p = 1 - 2 ** (-63.5 / 100);
    for (const [rest, k] of [
      [0xffffffff, 1],
      [0, 0],
    ]) {
      const source = repeating(1, 0x80000000, rest, rest);
      assert.equal(oracle.binomialDraw(source, 100, p), k);
      assert.equal(source.drawn, 4);
      const other = repeating(0xfffffffe, 0x7fffffff, 0xffffffff - rest, 0xffffffff - rest);
      assert.equal(oracle.binomialDraw(other, 100, 1 - p), 100 - k);
      assert.equal(other.drawn, 4);
    }
  });

  for (const [shots, p, seed] of [
    [20, 0.3, 11],
    [64, 0.4, 14],
    [100, 0.77, 12],
    [1000, 0.02, 13],
    [1000, 0.002, 15],
    [1000, 0.45, 16],
  ]) {
    it(`follows the binomial distribution: M = ${shots}, p = ${p}, seed ${seed} (chi-squared, 5 sigma)`, () => {
      const counts = new Array<number>(shots + 1).fill(0);
      for (let draw = 0; draw < 10_000; draw++) {
        counts[oracle.binomialDraw(oracle.shotStreams([seed, 0], draw, 0, 0).term(0), shots, p)] += 1;
      }
      assertChiSquared(counts, binomialProbabilities(shots, p), 'binomial');
    });
  }
});

/** Streams that have the same words for everything, and the same bits for every bitstring. */
function streamsOf(
  words: number[],
  bits = 0,
  rest = 0,
): oracle.ShotStreams & { source: ReturnType<typeof repeating>; further: number } {
  const source = repeating(...words);
  const streams = {
    source,
    further: 0,
    bitstrings: () => ({
      next: () => bits,
      more() {
        streams.further += 1;
        return rest;
      },
    }),
    range: () => source,
    term: () => source,
  };
  return streams;
}

describe('oracle: bitstrings', () => {
  it('a shot is the first outcome whose running sum exceeds its bits, impossible outcomes never', () => {
    for (const rest of [0, 0xffffffff]) {
      const drawn = (bits: number, probabilities: number[]) =>
        oracle.bitstringCounts(streamsOf([], bits, rest), 2, probabilities);
      assert.deepEqual(drawn(0, [0, 0.5, 0, 0.5]), [0, 2, 0, 0]);
      assert.deepEqual(drawn(0x8000, [0, 0.5, 0, 0.5]), [0, 0, 0, 2]);
      assert.deepEqual(drawn(0x7fff, [0, 0.5, 0, 0.5]), [0, 2, 0, 0]);
      assert.deepEqual(drawn(0xffff, [0.25, 0.75, 0, 0]), [0, 2, 0, 0]);
      assert.deepEqual(drawn(0xffff, [0, 0, 1, 0]), [0, 0, 2, 0]);
    }
  });

  it('32 bits more decide where the first leave two outcomes open', () => {
    const third = 2 ** 16 / 3;
    const bits = Math.floor(third);
    const rest = Math.floor((third - bits) * 2 ** 32);
    for (const [more, outcome] of [
      [rest - 1, 0],
      [rest + 1, 1],
    ]) {
      const streams = streamsOf([], bits, more);
      assert.equal(oracle.bitstringCounts(streams, 1, [1 / 3, 2 / 3])[outcome], 1);
      assert.equal(streams.further, 1);
    }
  });

  it('many shots are divided among the halves of the outcomes', () => {
    // U = 1/2: half of what has chance 1/2, or a hair more.
    const streams = streamsOf([0, 0]);
    assert.deepEqual(oracle.bitstringCounts(streams, 64, [0.25, 0.25, 0.25, 0.25]), [16, 16, 16, 16]);
    assert.equal(streams.source.drawn, 6);
  });

  for (const [e, seed, shots] of [
    [0, 32, 20],
    [0.1, 33, 20],
    [0, 34, 200],
    [0.1, 35, 200],
  ]) {
    it(`follow the probabilities: readout error ${e}, ${shots} at a time, seed ${seed} (chi-squared, 5 sigma)`, () => {
      const rng = oracle.seededRng(seed);
      const raw = Array.from({ length: 16 }, () => rng());
      const sum = raw.reduce((a, b) => a + b, 0);
      const probabilities = raw.map((v) => v / sum);
      const read = probabilities.map((_, outcome) =>
        probabilities.reduce((total, p, k) => {
          const flipped = [0, 1, 2, 3].filter((bit) => ((outcome ^ k) >> bit) & 1).length;
          return total + p * e ** flipped * (1 - e) ** (4 - flipped);
        }, 0),
      );
      const counts = new Array<number>(16).fill(0);
      for (let step = 0; step < 20_000 / shots; step++) {
        const streams = oracle.shotStreams([seed, 0], 0, step, 0);
        oracle.bitstringCounts(streams, shots, probabilities, e).forEach((count, i) => {
          counts[i] += count;
        });
      }
      assertChiSquared(counts, read, 'bitstrings');
    });
  }
});

describe('oracle: measurements', () => {
  const rng = oracle.seededRng(41);
  const REPEATS = 400;
  const SHOTS = 50;

  /** Unbiased, and scattering by the variance they claim. */
  function assertUnbiased(draws: number[], expected: number, variances: number[], what: string): void {
    assertMean(draws, expected, what);
    // The relative error of a variance from R near-normal draws is sqrt(2 / R).
    const relative = SIGMAS * Math.sqrt(2 / REPEATS);
    const [found, claimed] = [variance(draws), mean(variances)];
    assert.ok(Math.abs(found / claimed - 1) < relative, `${what}: variance ${found}, claimed ${claimed}`);
  }

  for (const diagonal of [true, false]) {
    it(`are unbiased with the variance they claim, ${diagonal ? 'bitstrings' : 'term by term'}`, () => {
      const model = oracle.randomModel(rng, {
        qubits: 3,
        outputs: 2,
        logits: 1,
        readoutError: 0.07,
        diagonal,
      });
      assert.equal(oracle.sharesBitstrings(model), diagonal);
      const theta = oracle.randomTheta(rng, model);
      const { batch } = oracle.randomBatch(rng, model, 1);
      const weights = [0.8, -1.3];
      const plan = { shots: SHOTS, seed: [42, 0] as const };
      const measurements = Array.from({ length: REPEATS }, (_, step) =>
        oracle.measureSample(model, theta, batch[0], plan, 0, step, oracle.EVALUATION_LOSS),
      );
      const exact = oracle.evaluate(model, theta, batch[0]);
      assertUnbiased(
        measurements.map(({ f }) => f[0] * weights[0] + f[1] * weights[1]),
        exact[0] * weights[0] + exact[1] * weights[1],
        measurements.map((m) => m.variance(weights)),
        'weighted outputs',
      );
    });
  }

  it('constants do not count: one string beside them is measured on its own, two diagonal ones together', () => {
    const identity = { output: 0, xMask: 0, zMask: 0, coefficient: 1 };
    const shares = (...terms: oracle.OracleTerm[]) =>
      oracle.sharesBitstrings(oracle.paperModel(2, 1, 2, { terms }));
    assert.equal(shares(identity, oracle.zTerm(0)), false);
    assert.equal(shares(identity, oracle.zTerm(0), oracle.zTerm(1)), true);
    assert.equal(shares(oracle.zTerm(0), { ...oracle.zTerm(1), xMask: 1 }), false);
  });

  it('an identity term is exact and draws nothing', () => {
    const terms = [{ output: 0, xMask: 0, zMask: 0, coefficient: 0.75 }];
    const model = oracle.paperModel(2, 1, 2, { terms, encoding: Encoding.Zero });
    const streams = streamsOf([0]);
    const state = oracle.basisState(4, 0);
    assert.deepEqual(oracle.measure(model, state, 10, streams).f, [0.75]);
    assert.deepEqual([streams.source.drawn, streams.further], [0, 0]);
  });

  it('the parameter-shift gradient from shots is unbiased for fixed loss derivatives (5 sigma)', () => {
    const model = oracle.randomModel(rng, {
      qubits: 2,
      outputs: 1,
      logits: 0,
      loss: Loss.Hinge,
      readoutError: 0,
    });
    // A tiny output keeps the hinge active, so that its slope does not depend on the shots.
    const terms = model.terms.map((term) => ({ ...term, coefficient: term.coefficient / 10 }));
    const small = { ...model, terms };
    const theta = oracle.randomTheta(rng, small);
    const { batch, labels } = oracle.randomBatch(rng, small, 2);
    const exact = oracle.lossGradient(small, theta, batch, labels).gradient;
    const draws = Array.from({ length: 200 }, (_, step) => {
      return oracle.shotLossGradient(small, theta, batch, labels, { shots: 10, seed: [43, 0] }, step)
        .gradient;
    });
    exact.forEach((expected, p) => {
      assertMean(
        draws.map((gradient) => gradient[p]),
        expected,
        `parameter ${p}`,
      );
    });
  });

  it('evaluations of a step: 0, 1, then +pi/2 and -pi/2 of every operation', () => {
    const shifts = [0, 1].flatMap((op) => [oracle.shiftEvaluation(op, 1), oracle.shiftEvaluation(op, -1)]);
    assert.deepEqual([oracle.EVALUATION_LOSS, oracle.EVALUATION_TENTATIVE, ...shifts], [0, 1, 2, 3, 4, 5]);
  });

  it('compiled order numbers the streams, and a missing operation has no gradient', () => {
    const model = oracle.paperModel(2, 1, 4);
    const theta = oracle.randomTheta(rng, model);
    const { batch, labels } = oracle.randomBatch(rng, model, 1);
    const at = (compiledOrder?: number[]) =>
      oracle.shotLossGradient(model, theta, batch, labels, { shots: 20, seed: [44, 0], compiledOrder }, 0)
        .gradient;
    assert.deepEqual(at([0, 1, 2, 3, 4, 5, 6]), at());
    const [first, ...others] = at([0, 2]);
    assert.equal(first, at()[0]);
    assert.deepEqual(
      [1, 3, 4, 5].map((p) => others[p - 1]),
      [0, 0, 0, 0],
    );
  });
});
