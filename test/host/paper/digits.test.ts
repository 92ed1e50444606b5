/** Numbers of a report as they are written. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { alongside, digits } from '../../../host/paper/index.ts';

describe('digits', () => {
  for (const [value, written] of [
    [0, '0'],
    [-0, '0'],
    [2, '2'],
    [1.0003, '1.00'],
    [0.2, '0.200'],
    [-0.012345, '-0.0123'],
    [99.96, '100'],
    [999.4, '999'],
    [999.5, '1,000'],
    [405900.4, '405,900'],
    [-1800, '-1,800'],
    [1.44e9, '1.44e9'],
    [1e6, '1.00e6'],
    [1e-4, '0.000100'],
    [3.21e-6, '3.21e-6'],
  ] as const)
    test(`${Object.is(value, -0) ? '-0' : value} is ${written}`, () => assert.equal(digits(value), written));
});

describe('alongside', () => {
  for (const [deviation, value, written] of [
    [0.00246, 1.00031, '1.0003'],
    [0.27, 0.4501, '0.45'],
    [12.3, 405.9, '406'],
    [101055, 405900.4, '405,900'],
    [3e-9, 2.5e-6, '2.50e-6'],
    [0, 1.0003, '1.00'],
    [null, 1.0003, '1.00'],
  ] as const)
    test(`${value}, which varies by ${deviation}, is ${written}`, () =>
      assert.equal(alongside(deviation)(value), written));
});
