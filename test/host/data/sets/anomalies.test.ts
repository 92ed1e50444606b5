/** Windows of a recording with anomalies: which are one, in what order, and how they are split. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Anomaly, anomalyWindows } from '../../../../host/data/sets/anomalies.ts';

const pad = (n: number) => String(n).padStart(2, '0');
/** A time of a day's 5-minute grid, as the benchmark writes it. */
const time = (i: number) => `2013-12-02 ${pad(Math.floor(i / 12))}:${pad((5 * i) % 60)}:00`;
const csv = (rows: number, order = (i: number) => i) =>
  `timestamp,value\n${Array.from({ length: rows }, (_, i) => `${time(order(i))},${order(i) + 0.5}`).join('\n')}\n`;

const wrong: Anomaly[] = [[time(20), `${time(29)}.000000`]];

test('anomalies: a window is one where enough of its rows are in one, both ends included', () => {
  const made = (share: number) =>
    anomalyWindows(csv(48), wrong, { length: 8, stride: 8, share, testFraction: 0 }, 'pump.csv');
  const { train, about } = made(0.5);
  assert.deepEqual(
    [train.rows, train.columns, train.classes, train.name],
    [6, 8, ['normal', 'anomaly'], 'pump.csv'],
  );
  assert.deepEqual([...train.features.subarray(8, 10)], [8.5, 9.5]);
  // Rows 20 to 29: four of the third window, six of the fourth.
  assert.deepEqual([...train.labels], [0, 0, 1, 1, 0, 0]);
  assert.deepEqual([...made(0.51).train.labels], [0, 0, 0, 1, 0, 0]);
  assert.deepEqual(about.facts, { rowsRead: 48, rowsInAnomalies: 10, outOfOrder: 0 });
});

test('anomalies: parts do not share a row', () => {
  const { train, test: held } = anomalyWindows(csv(100), wrong, {
    length: 10,
    stride: 3,
    testFraction: 0.25,
  });
  // 31 windows: 23 to train on, three that overlap with both, five to test on.
  assert.deepEqual([train.rows, held?.rows], [23, 5]);
  const last = train.features[train.features.length - 1];
  assert((held?.features[0] as number) > last);
  assert.deepEqual([train.part, held?.part], ['train', 'test']);
});

test('anomalies: rows are put in the order of time', () => {
  const mixed = anomalyWindows(
    csv(48, (i) => (i * 29) % 48),
    wrong,
    { testFraction: 0 },
  );
  const sorted = anomalyWindows(csv(48), wrong, { testFraction: 0 });
  assert.deepEqual(mixed.train.features, sorted.train.features);
  assert.deepEqual(mixed.train.labels, sorted.train.labels);
  assert((mixed.about.facts.outOfOrder as number) > 0);
});

test('anomalies: times with a zone, days alone, and numbers', () => {
  const read = (times: readonly string[], anomaly: Anomaly) =>
    anomalyWindows(
      `value,timestamp,more\n${times.map((text, i) => `${i},${text},x`).join('\n')}\n`,
      [anomaly],
      { length: 2, stride: 1, share: 1, testFraction: 0 },
    ).train.labels;
  const zoned = ['2020-01-01T00:00:00Z', '2020-01-01T02:00:00+01:00', '2020-01-01T00:00:00-0200'];
  assert.deepEqual([...read(zoned, ['2020-01-01 01:00', '2020-01-01T02:00:00Z'])], [0, 1]);
  assert.deepEqual(
    [...read(['2020-01-01', '2020-01-02', '2020-01-03'], ['2020-01-02', '2020-01-04'])],
    [0, 1],
  );
  assert.deepEqual([...read(['1', '2', '10'], ['2', '11'])], [0, 1]);
});

test('anomalies: what is no recording, no time or no list is refused where it is', () => {
  const cut = (text: string, list: unknown = wrong, options = {}) =>
    assert.throws.bind(undefined, () => anomalyWindows(text, list as Anomaly[], options, 'pump.csv'));
  cut('time,value\n1,2\n')({ code: 'ERR_DATA_COLUMN', message: /pump\.csv.*timestamp/ });
  cut('timestamp,size\n1,2\n')({ code: /ERR_DATA/ });
  cut('timestamp,value\n1,2\nnoon,3\n')({
    code: 'ERR_DATA_NUMBER',
    message: /pump\.csv:3: "noon" is no time/,
  });
  cut('timestamp,value\n1,x\n')({ code: 'ERR_DATA_NUMBER', line: 2 });
  cut(csv(10))({ code: 'ERR_DATA_ROWS', message: /10 rows are less than a window of 16/ });
  cut(csv(40), [['2013-12-03', '2013-12-02']])({ message: /anomaly 1 is from .* the later one second/ });
  cut(csv(40), [['soon', 'later']])({ code: 'ERR_DATA_SYNTAX' });
  cut(csv(40), [['2013-12-03']])({ code: 'ERR_OPTION_VALUE', message: /anomalies is/ });
  cut(csv(40), wrong, { share: 0 })({ code: 'ERR_OPTION_VALUE', option: 'share' });
  cut(csv(40), wrong, { length: 16, stride: 1, testFraction: 0.1 })({ code: 'ERR_DATA_ROWS' });
});
