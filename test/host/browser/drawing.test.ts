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

test('numbers are short', () => {
  assert.deepEqual(
    [short(0.51234), short(1234.5), short(1e-5), short(null), short(2e7)],
    ['0.5123', '1235', '1.0e-5', '–', '2.0e7'],
  );
  assert.deepEqual([count(950), count(12345), count(2.5e6), count(3e10)], ['950', '12.3k', '2.5M', '30G']);
  assert.equal(percent(0.305), '30.5 %');
});
