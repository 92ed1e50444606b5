import { setOption } from '../../../assembly/memory/options';
import {
  below,
  blockWord,
  followingBlock,
  nextBlock,
  nextBlockTo,
  nextWord,
  nextWord64,
  openStream,
  philox,
  uniform,
} from '../../../assembly/number/random';
import { Option } from '../../../assembly/abi/codes';

const COUNTER: usize = memory.data(16, 16);
const BLOCK: usize = memory.data(16, 16);

/** The vectors published with Random123 (kat_vectors, philox4x32 10). */
function check(
  c0: u32,
  c1: u32,
  c2: u32,
  c3: u32,
  k0: u32,
  k1: u32,
  e0: u32,
  e1: u32,
  e2: u32,
  e3: u32,
): void {
  store<u32>(COUNTER, c0);
  store<u32>(COUNTER, c1, 4);
  store<u32>(COUNTER, c2, 8);
  store<u32>(COUNTER, c3, 12);
  philox(COUNTER, BLOCK, k0, k1);
  expect(load<u32>(BLOCK)).toBe(e0);
  expect(load<u32>(BLOCK, 4)).toBe(e1);
  expect(load<u32>(BLOCK, 8)).toBe(e2);
  expect(load<u32>(BLOCK, 12)).toBe(e3);
}

function seed(low: u32, high: u32): void {
  setOption(Option.SeedLow, low);
  setOption(Option.SeedHigh, high);
}

describe('philox4x32-10', () => {
  it('gives the published vectors', () => {
    check(0, 0, 0, 0, 0, 0, 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8);
    const f: u32 = 0xffffffff;
    check(f, f, f, f, f, f, 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd);
    check(
      0x243f6a88,
      0x85a308d3,
      0x13198a2e,
      0x03707344,
      0xa4093822,
      0x299f31d0,
      0xd16cfe09,
      0x94fdcceb,
      0x5001e420,
      0x24126ea1,
    );
  });

  it('streams the words of consecutive blocks in order', () => {
    seed(0, 0);
    openStream(0, 0, 0, 0);
    expect(nextWord()).toBe(0x6627e8d5);
    expect(nextWord()).toBe(0xe169c58d);
    expect(nextWord()).toBe(0xbc57ac4c);
    expect(nextWord()).toBe(0x9b00dbd8);
    const fifth = nextWord();
    openStream(0, 0, 0, 0, 1);
    expect(nextWord()).toBe(fifth);
  });

  it('a block drawn whole is the four words that would have come one by one', () => {
    seed(0x12345678, 0x9abcdef0);
    for (let step: u32 = 0; step < 100; step++) {
      openStream(1, step, 2, 3);
      const first = nextWord64();
      const second = nextWord64();
      const fifth = nextWord();
      openStream(1, step, 2, 3);
      expect(followingBlock()).toBe((first >> 32) | ((second >> 32) << 32));
      expect(nextBlock()).toBe((first >> 32) | ((second >> 32) << 32));
      expect(blockWord(0)).toBe(<i64>first);
      expect(blockWord(1)).toBe(<i64>second);
      expect(nextWord()).toBe(fifth);
    }
  });

  it('a block to an address of choice is the one that would have come', () => {
    seed(0x12345678, 0x9abcdef0);
    openStream(1, 4, 2, 3, 7);
    nextBlockTo(BLOCK);
    const following = nextWord();
    openStream(1, 4, 2, 3, 7);
    for (let i = 0; i < 4; i++) expect(load<u32>(BLOCK + (i << 2))).toBe(nextWord());
    expect(following).toBe(nextWord());
  });
});

describe('uniform and below', () => {
  it('uniform is in [0, 1) with mean 1/2 and variance 1/12 within 5 sigma (seed 7)', () => {
    seed(7, 0);
    openStream(0, 0, 0, 0);
    const draws = 20000;
    let mean: f64 = 0;
    let square: f64 = 0;
    for (let i = 0; i < draws; i++) {
      const u = uniform();
      assert(u >= 0 && u < 1);
      mean += u / draws;
      square += ((u - 0.5) * (u - 0.5)) / draws;
    }
    expect(abs(mean - 0.5)).toBeLessThan(5 * Math.sqrt(1.0 / 12 / draws));
    expect(abs(square - 1.0 / 12)).toBeLessThan(5 * Math.sqrt(1.0 / 180 / draws));
  });

  it('below is uniform over its range: chi-squared with 9 degrees of freedom below 33.7, p = 1e-4 (seed 8)', () => {
    seed(8, 0);
    openStream(0, 0, 0, 0);
    const counts = new StaticArray<i32>(10);
    for (let i = 0; i < 10000; i++) counts[below(10)]++;
    let chi: f64 = 0;
    for (let i = 0; i < 10; i++) chi += <f64>((counts[i] - 1000) * (counts[i] - 1000)) / 1000;
    expect(chi).toBeLessThan(33.7);
    expect(below(1)).toBe(0);
  });
});
