/** What the page draws by: places of gates, points of long records, a drawing in the form of MNIST's digits, short numbers. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { centred } from '../../../host/browser/drawing/digit.ts';
import { joined, places } from '../../../host/browser/drawing/thin.ts';
import { columnsOf } from '../../../host/browser/page/circuit.tsx';
import { count, percent, short } from '../../../host/browser/drawing/format.ts';
import { ArmRecord, recordCsv } from '../../../host/browser/page/record.ts';
import { COLUMNS, type Column } from '../../../host/browser/work/messages.ts';
import type { Circuit } from '../../../host/index.ts';
import { assertGolden } from '../../support/golden.ts';

test('gates are as early as the wires between their qubits allow', () => {
  const circuit: Circuit = [
    { gate: 'h', qubits: [0] },
    { gate: 'h', qubits: [1] },
    { gate: 'cnot', qubits: [0, 2] },
    { gate: 'h', qubits: [1] },
    { gate: 'h', qubits: [3] },
  ];
  const { placed, columns } = columnsOf(circuit, 4);
  assert.deepEqual(
    placed.map(([, column]) => column),
    [0, 0, 1, 2, 0],
  );
  assert.equal(columns, 3);
});

describe('points of a chart', () => {
  test('are all there are, or as many as fit with both ends', () => {
    assert.deepEqual([...places(3, 5)], [0, 1, 2]);
    assert.deepEqual([...places(9, 5)], [0, 2, 4, 6, 8]);
    assert.deepEqual([...places(0, 5)], []);
  });

  test('of lines with places of their own leave gaps for one another', () => {
    assert.deepEqual(
      joined([
        { x: [1, 3], y: [10, 30] },
        { x: [2, 3], y: [Number.NaN, 31] },
      ]),
      [
        [1, 2, 3],
        [10, null, 30],
        [null, null, 31],
      ],
    );
  });
});

test('a drawing is brought to 20 pixels, its centre of mass to the middle', () => {
  const side = 28;
  const pixels = new Float64Array(side * side);
  for (let y = 1; y < 11; y++) for (let x = 2; x < 6; x++) pixels[y * side + x] = 255;
  const found = centred(pixels, side);
  const at = (x: number, y: number) => found[y * side + x] as number;
  const lit = Array.from({ length: side }, (_, y) => y).filter((y) => at(13, y) > 128);
  assert.ok(Math.abs(lit.length - 20) <= 1, `${lit.length} rows`);
  let [sum, x, y] = [0, 0, 0];
  found.forEach((value, i) => {
    sum += value;
    x += value * (i % side);
    y += value * Math.floor(i / side);
  });
  assert.ok(Math.abs(x / sum - 13.5) < 0.3 && Math.abs(y / sum - 13.5) < 0.3);
  const black = new Float64Array(side * side);
  assert.deepEqual(centred(black, side), black);
});

test('records grow, keep what was last looked at, and become a table', () => {
  const record = new ArmRecord();
  const columns = (...losses: number[]) =>
    Object.fromEntries(
      COLUMNS.map((name) => [
        name,
        Float64Array.from(losses, (loss) => (name === 'loss' ? loss : name === 'decision' ? 1 : Number.NaN)),
      ]),
    ) as Record<Column, Float64Array>;
  const standing = { step: 2, finished: false, trace: 'a', reversals: 2, alarm: false };
  record.add(columns(0.5, 0.25), { ...standing, accuracy: 0.75 });
  record.add(columns(...new Array<number>(2000).fill(0.125)), standing);
  assert.equal(record.length, 2002);
  assert.equal(record.last('loss'), 0.125);
  assert.equal(record.standing?.accuracy, 0.75);
  assert.deepEqual(record.reversals().slice(0, 3), [1, 2, 3]);
  assert.equal(recordCsv([record], ['1 nlr']).split('\n')[1], '1 nlr,1,0.5,,,,,,,1');
});

test('drawings are brought to their place pixel by pixel', () => {
  const side = 28;
  const drawn = (of: (x: number, y: number) => number) =>
    Float64Array.from({ length: side * side }, (_, i) => of(i % side, Math.floor(i / side)));
  const box = (left: number, top: number, right: number, bottom: number) => (x: number, y: number) =>
    x >= left && x <= right && y >= top && y <= bottom ? 255 : 0;
  const cases = {
    'a box in a corner, wider than high': drawn(box(0, 0, 9, 4)),
    'a box in the other corner, higher than wide': drawn(box(22, 12, 27, 27)),
    'two strokes that meet': drawn((x, y) => Math.max(box(3, 5, 5, 20)(x, y), box(3, 18, 14, 20)(x, y))),
    'all of it': drawn(() => 200),
    'a pixel': drawn(box(5, 9, 5, 9)),
    'a grey slope': drawn((x, y) => (y > 7 && y < 20 ? 9 * x : 0)),
    'what is too dark to count beside a box': drawn((x, y) =>
      Math.max(box(4, 4, 13, 13)(x, y), y === 27 ? 23 : 0),
    ),
    'what is just bright enough': drawn((x, y) => Math.max(box(4, 4, 13, 13)(x, y), y === 27 ? 24 : 0)),
    'nothing but what is too dark': drawn(() => 23),
  };
  const shades = ' .:-=+*#%@';
  const texts = Object.entries(cases).map(([what, pixels]) => {
    const found = centred(pixels, side);
    const sum = found.reduce((all, each) => all + each, 0).toPrecision(9);
    const lines = Array.from({ length: side }, (_, y) =>
      Array.from(found.subarray(y * side, (y + 1) * side), (value) => shades[Math.round(value / 28.4)]).join(
        '',
      ),
    );
    return `${what}, ${sum} in all\n${lines.map((line) => `|${line}|\n`).join('')}`;
  });
  assertGolden(new URL('digits.txt', import.meta.url), texts.join('\n'));
});

test('numbers change their form where they would be long', () => {
  const numbers = [
    0, 9.994, 99.5, 99.99996, 100, 100.4, 99999, 1e5, 1.25e5, 9.99e-4, 1e-3, 0.05, -0.5, -123.4, -2e-9, -3e7,
  ];
  const counts = [0, 0.4, 9999, 1e4, 99999, 1e5, 999999, 1e6, 9.99e6, 1e7, 1e9, 1e10, 1e12, 1e13, -5e6];
  assertGolden(
    new URL('numbers.txt', import.meta.url),
    [
      ...[...numbers, undefined, null, Number.NaN].map(
        (value) => `${value}: ${short(value)}, ${short(value, 2)}`,
      ),
      ...[...counts, undefined, Number.NaN].map((value) => `${value}: ${count(value)}`),
      ...[0, 1, 0.9994, 0.00049, -0.5, undefined, Number.NaN].map((value) => `${value}: ${percent(value)}`),
      ...[
        [1, 1],
        [2, 2],
        [4, 3],
        [5, 3],
        [100, 7],
        [8, 2],
      ].map(
        ([length, most]) => `${most} of ${length}: ${places(length as number, most as number).join(' ')}`,
      ),
      '',
    ].join('\n'),
  );
});

test('numbers are short', () => {
  assert.deepEqual(
    [short(0.51234), short(1234.5), short(1e-5), short(null), short(2e7)],
    ['0.5123', '1235', '1.0e-5', '–', '2.0e7'],
  );
  assert.deepEqual([count(950), count(12345), count(2.5e6), count(3e10)], ['950', '12.3k', '2.5M', '30G']);
  assert.equal(percent(0.305), '30.5 %');
});
