/** The tables of the pages, from recorded results of every form. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { currentPerMegahertz, energyOf, NRF52840, timeOf } from '../../bench/results/energy.ts';
import { coverageTable } from '../../bench/results/coverage.ts';
import { coreMutation, mutationTable } from '../../bench/results/mutation.ts';
import {
  beforeTable,
  energyTable,
  peersTable,
  type RecordedFinding,
  repeatsTable,
} from '../../bench/results/tables.ts';

const finding: RecordedFinding = {
  what: 'a step',
  found: { median: 3.456, lower: 3.1, upper: 3.9 },
  unit: 'x as fast',
  bar: { least: 3 },
  met: true,
  before: { median: 7e6 },
  now: { median: 2.0255e6 },
};

describe('the table against the version before', () => {
  it('has a line for each figure with a bar, with the quartiles of its rounds', () => {
    assert.equal(
      beforeTable([finding, { ...finding, what: 'without a bar', bar: undefined }], []),
      `| what | before | now | found | quartiles | bar |  |
|---|---|---|---|---|---|---|
| a step | 7 ms | 2.03 ms | 3.46 x as fast | 3.1 to 3.9 | >= 3 | met |`,
    );
  });

  it('has the least and the greatest of several runs, what is short, and what was not measured', () => {
    const most = { ...finding, bar: { most: 0.4 }, met: false, runs: [3.2, 4.4, 3.6], before: undefined };
    const lines = beforeTable([most], [{ name: 'one-shot', skipped: 'no such option' }]).split('\n');
    assert.match(lines[0], /run to run/);
    assert.equal(lines[2], '| a step | - | 2.03 ms | 3.46 x as fast | 3.2 to 4.4 | <= 0.4 | short |');
    assert.equal(lines[3], '| one-shot | - | - | - | - | - | not measured: no such option |');
  });
});

describe('the tables against others', () => {
  const bars = [
    { row: 'step', peer: 'C reference', found: 26.04, factor: 25, met: true, ours: 9.4e3 },
    { row: 'step', peer: 'Qulacs', factor: 50, met: false },
  ];
  const titles = [
    { row: 'step', title: 'exact step', peer: 'C reference', pair: { ratio: { low: 24.96, high: 27.3 } } },
    { row: 'step', title: 'exact step', peer: 'Qulacs' },
  ];

  it('have the quartiles of the rounds, and a dash for what was not measured', () => {
    assert.deepEqual(peersTable(bars, titles).split('\n').slice(2), [
      '| exact step | C reference | 9.4 µs | 26x faster | 25 to 27.3 | >= 25x | met |',
      '| exact step | Qulacs | - | - | - | >= 50x | short |',
    ]);
  });

  it('say how far a ratio moves, and are met only by every run', () => {
    const run = (ratio: number) => ({ step: { ours: 1e4, C: 1e4 * ratio, ratio } });
    const line = (...ratios: number[]) => repeatsTable([ratios.map(run)], bars, titles).split('\n')[2];
    assert.equal(
      line(26, 25.04, 31),
      '| exact step | 3 | 10 µs to 10 µs | 250 µs to 310 µs | 26, 25, 31 | 25 to 31 | >= 25x | met |',
    );
    assert.match(line(26, 24.94), /\| 26, 24.9 \| 24.9 to 26 \| >= 25x \| short \|$/);
    const elsewhere = repeatsTable([[run(26)], [run(11), run(12)]], bars, titles)
      .split('\n')
      .slice(3);
    assert.deepEqual(elsewhere, [
      '| exact step, on another machine | 2 | 10 µs to 10 µs | 110 µs to 120 µs | 11, 12 | 11 to 12 | >= 25x | short |',
    ]);
  });
});

describe('the energy of a step', () => {
  it('is cycles times the charge of one times the voltage', () => {
    // 3.3 mA at 64 MHz: 51.6 pC a cycle, at 3 V 154.7 pJ.
    assert.equal(currentPerMegahertz(NRF52840).toFixed(1), '51.6');
    const [least, most] = energyOf(1e6, NRF52840);
    assert.equal((1e6 * least).toFixed(1), '154.7');
    assert.equal(most, 2 * least);
    assert.deepEqual(timeOf(64e6, NRF52840), [1, 2]);
  });

  it('is told with its assumptions, and for what was counted alone', () => {
    const firmware = {
      configuration: { target: 'cortex-m4f', how: 'wasm2c', build: 'device-columns-f32', engine: 'columns' },
      sizes: { flash: 1, ram: 1 },
      counts: { step: 500_000, prediction: 640, heap: 9 },
    };
    const lines = energyTable(firmware, NRF52840).split('\n');
    assert.deepEqual(lines.slice(2, 5), [
      '| exact NLR step, d = 8, B = 32 | 500,000 | 7,810 to 15,600 µs | 77.3 to 155 µJ |',
      '| prediction by the effective observable | 640 | 10 to 20 µs | 0.099 to 0.198 µJ |',
      '',
    ]);
    assert.match(
      lines[5],
      /^Estimated for the nRF52840: .* 1 to 2 cycles each \(assumed\), 51.6 µA\/MHz at 3 V/,
    );
  });
});

describe('the tables of what the tests see', () => {
  it('say which files of tests there was no time for', () => {
    const rows = [
      { room: 'host/a', branches: 4, taken: 1 },
      { room: 'host/b', branches: 4, taken: 4 },
    ];
    assert.equal(
      coverageTable([{ what: 'host', tests: 7, unrun: 2, failed: 1, rows }]).split('\n')[2],
      '| host | 62.5 % of 8 | a 25.0 %, b 100.0 % | 7 of 9, 1 of which failed |',
    );
    const sources = { counted: 2, all: 3 };
    assert.equal(
      coverageTable([{ what: 'C', tests: 7, failed: 0, sources, rows }]).split('\n')[2],
      '| C, 2 of 3 sources | 62.5 % of 8 | a 25.0 %, b 100.0 % | 7 |',
    );
  });

  it('have no share of a room of which nothing was tried', () => {
    const counts = { noticed: 0, endless: 0, survived: 0, uncovered: 0, untried: 5 };
    const groups = { one: { files: { 'host/a/x.ts': counts } } };
    assert.equal(
      mutationTable({ sources: { a: 1 }, groups }).split('\n')[2],
      '| a | 1 of 1 | 0 |  | 0 | 0 | 0 | 5 |  |',
    );
  });

  it('say how sure a sample of the core is, and that there is none', () => {
    const core = {
      seed: 3,
      all: 1234,
      counts: { killed: 18, survived: 2, invalid: 1, nowhere: 3 },
      interval: [0.699, 0.972],
    } as const;
    assert.equal(
      coreMutation({ sources: {}, groups: {}, core }),
      'Drawn at random, by seed 3, were 24 of 1,234 changes of the core, of which 1 did not compile and 3 are in no module. Of the others 18 were noticed, 90.0 %, which has 95 % of confidence for a share of all between 69.9 and 97.2 %; 2 survived.',
    );
    assert.equal(coreMutation({ sources: {}, groups: {} }), 'None is recorded.');
  });

  it('say which rooms were not changed, and count an end that does not come as noticed', () => {
    const counts = { noticed: 2, endless: 1, survived: 1, uncovered: 0, untried: 5 };
    const groups = {
      one: { files: { 'host/a/x.ts': counts, 'host/a/y.ts': { ...counts, survived: 5 } } },
      other: { files: { 'host/a/z.ts': { ...counts, noticed: 0, endless: 0, survived: 0 } } },
    };
    const lines = mutationTable({ sources: { '': 2, a: 4, b: 3 }, groups }).split('\n');
    assert.equal(lines[2], '| a | 3 of 4 | 12 | 50.0 % | 2 | 6 | 0 | 15 | y.ts 37.5 % |');
    assert.equal(lines[3], '| all | 3 of 9 | 12 | 50.0 % | 2 | 6 | 0 | 15 | y.ts 37.5 % |');
    assert.equal(lines.at(-1), 'Not changed at all: its entries (2), b (3).');
  });
});
