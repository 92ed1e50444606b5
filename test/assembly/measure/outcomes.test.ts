/**
 * Outcomes of bitstrings, called directly in both precisions, with SIMD and without: against inversion in whole numbers,
 * where bits meet a running sum, and where outcomes are impossible or certain. The modules are compiled here, for the
 * core exports no draw.
 */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { compileEntry, ENTRY_TARGETS } from '../../support/entry-module.ts';
import * as oracle from '../../support/oracle/index.ts';
import { assertChiSquared } from '../../support/statistics.ts';

const ENTRY = 'test/assembly/measure/outcomes-entry.ts';
const SEED = 1108;

/** The exports of test/assembly/measure/outcomes-entry.ts. */
interface Outcomes {
  begin(seed: number, bits: number, shots: number, samples: number): void;
  setChance(lane: number, row: number, chance: number): void;
  isAtOnce(): number;
  draw(step: number, shots: number): void;
  row(lane: number, shot: number): number;
  signs(lane: number, mask: number, shots: number): number;
}

type Name = keyof typeof ENTRY_TARGETS;

/** What a row's probability is counted in: binary fractions, so that every sum is itself. */
const PARTS = 2 ** 20;

/** The first row whose running sum exceeds V 2^-48 of the sum of all, and whether 16 bits left it open. */
function inverted(
  parts: readonly number[],
  bits: number,
  more: () => number,
): { row: number; open: boolean } {
  const total = BigInt(parts.reduce((sum, part) => sum + part, 0));
  const rowOf = (v: bigint) => {
    let sum = 0n;
    return parts.findIndex((part) => {
      sum += BigInt(part);
      return sum << 48n > v * total;
    });
  };
  const least = BigInt(bits) << 32n;
  const open = rowOf(least) !== rowOf(least + 0xffffffffn);
  return { row: rowOf(open ? least + BigInt(more()) : least), open };
}

/** Parts of a whole of a power of two, and of three quarters of it, some of them nothing. */
function randomParts(rng: () => number, rows: number, coarse: boolean): number[] {
  const unit = coarse ? PARTS / 2 ** 16 : 1;
  const cuts = Array.from({ length: rows - 1 }, () => Math.floor((rng() * 0.75 * PARTS) / unit) * unit);
  // Some cuts twice: what is between them is impossible, as it is before 0 and behind the end.
  if (rows > 2) cuts[0] = cuts[1];
  if (rng() < 0.5) cuts[rows - 2] = 0;
  if (rng() < 0.5) cuts[rows >> 1] = 0.75 * PARTS;
  const edges = [0, ...cuts.sort((a, b) => a - b), 0.75 * PARTS];
  return edges.slice(1).map((edge, i) => edge - edges[i]);
}

const modules = new Map<Name, Outcomes>();
before(async () => {
  for (const name of Object.keys(ENTRY_TARGETS) as Name[])
    modules.set(name, await compileEntry(ENTRY, ENTRY_TARGETS[name]));
});

for (const name of Object.keys(ENTRY_TARGETS) as Name[]) {
  describe(`outcomes: ${name}`, () => {
    /** The outcomes of both lanes for these parts, in the unit of a real that holds all their sums. */
    function drawn(parts: readonly number[][], seed: number, step: number, shots: number): number[][] {
      const core = modules.get(name) as Outcomes;
      core.begin(seed, Math.log2(parts[0].length), shots, parts.length);
      parts.forEach((own, lane) => own.forEach((part, row) => core.setChance(lane, row, part / PARTS)));
      core.draw(step, shots);
      return parts.map((_, lane) => Array.from({ length: shots }, (_, shot) => core.row(lane, shot)));
    }

    it(`are those of whole numbers, whatever is open or impossible (seed ${SEED})`, () => {
      const rng = oracle.seededRng(SEED);
      let open = 0;
      for (let step = 0; step < 600; step++) {
        const rows = 2 ** (1 + (step % 6));
        const shots = 1 + oracle.randomInteger(rng, 80);
        const coarse = step % 2 === 0;
        const parts = Array.from({ length: step % 5 === 0 ? 1 : 2 }, () => randomParts(rng, rows, coarse));
        const found = drawn(parts, step, step, shots);
        parts.forEach((own, lane) => {
          const bits = oracle.shotStreams([step, 0], lane, step, 0).bitstrings();
          found[lane].forEach((row, shot) => {
            const expected = inverted(own, bits.next(), bits.more);
            open += Number(expected.open);
            assert.equal(row, expected.row, `step ${step}, lane ${lane}, shot ${shot}`);
            assert.ok(own[row] > 0, `step ${step}: an impossible outcome`);
          });
        });
      }
      assert.ok(open >= 10, `${open} shots were left open by their first bits`);
    });

    it('what is certain is drawn whatever the bits, in a lane beside one that is no number', () => {
      const core = modules.get(name) as Outcomes;
      for (const rows of [2, 16, 64]) {
        for (const certain of [0, 1, rows - 1]) {
          const own = Array.from({ length: rows }, (_, row) => (row === certain ? PARTS / 3 : 0));
          const none = own.map(() => Number.NaN);
          for (let step = 0; step < 40; step++) {
            const [first, second] = drawn([none, own], certain, step, 80);
            assert.deepEqual(second, new Array(80).fill(certain));
            assert.deepEqual(first, new Array(80).fill(0));
            assert.equal(core.signs(0, rows - 1, 80), 80);
          }
        }
      }
    });

    it('follow the probabilities, 20 at once (seed 1109, chi-squared, 5 sigma)', () => {
      const rng = oracle.seededRng(1109);
      const parts = [0, 1].map(() => Array.from({ length: 16 }, () => Math.floor((rng() * PARTS) / 16)));
      const counts = parts.map((own) => own.map(() => 0));
      for (let step = 0; step < 2000; step++) {
        drawn(parts, 1109, step, 20).forEach((rows, lane) => rows.forEach((row) => counts[lane][row]++));
      }
      parts.forEach((own, lane) => {
        const total = own.reduce((sum, part) => sum + part, 0);
        assertChiSquared(
          counts[lane],
          own.map((part) => part / total),
          `lane ${lane}`,
        );
      });
    });

    it('signs are summed of the rows, for every mask and number of shots', () => {
      const core = modules.get(name) as Outcomes;
      const rng = oracle.seededRng(SEED + 1);
      for (let bits = 1; bits <= 6; bits++) {
        for (let shots = 1; shots <= 80; shots++) {
          const parts = [0, 1].map(() => randomParts(rng, 2 ** bits, false));
          const rows = drawn(parts, bits, shots, shots);
          const divided = shots >= 48 && shots >= 5 * 2 ** bits;
          const fits = 8 * Math.ceil(shots / 8) <= 6 * 2 ** bits;
          assert.equal(core.isAtOnce() !== 0, name === 'f64, SIMD' && !divided && fits);
          const mask = oracle.randomInteger(rng, 2 ** bits);
          rows.forEach((own, lane) => {
            const odd = (row: number) =>
              [...(row & mask).toString(2)].filter((digit) => digit === '1').length % 2;
            const sum = own.reduce((total, row) => total + 1 - 2 * odd(row), 0);
            assert.equal(core.signs(lane, mask, shots), sum, `${bits} bits, ${shots} shots, mask ${mask}`);
          });
        }
      }
    });
  });
}
