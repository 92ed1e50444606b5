/** Observables as text. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseObservable } from '../../../host/index.ts';

describe('the text of an observable', () => {
  const good: Readonly<Record<string, readonly (readonly [number, string])[]>> = {
    Z0: [[1, 'Z0']],
    'Z0 Z1': [[1, 'Z0 Z1']],
    '-1 Z0 * X2 @ Y1': [[-1, 'Z0 * X2 @ Y1']],
    '0.5 Z0 Z1 - 1.2e-3X2': [
      [0.5, 'Z0 Z1'],
      [-0.0012, 'X2'],
    ],
    'Z0 + .5': [
      [1, 'Z0'],
      [0.5, ''],
    ],
    ' - z19 ': [[-1, 'z19']],
    '2 * I0 Z1': [[2, 'I0 Z1']],
  };
  for (const [text, terms] of Object.entries(good)) {
    test(`'${text}' is read`, () => {
      assert.deepEqual(
        parseObservable(text),
        terms.map(([coefficient, pauli]) => ({ pauli, coefficient })),
      );
    });
  }

  const bad: Readonly<Record<string, RegExp>> = {
    Z0Z1: /'Z0Z1' in 'Z0Z1' is not a Pauli on one of the qubits 0 to 19, each at most once and apart by spaces/,
    'Z0 Z0': /'Z0' in 'Z0 Z0' is not/,
    'I0 Z0': /'Z0' in 'I0 Z0' is not/,
    'I1 I1': /'I1' in 'I1 I1' is not/,
    Q0: /'Q0' in 'Q0' is not/,
    Z20: /'Z20'/,
    'Z0 + X4294967296': /'X4294967296'/,
    Z: /'Z' in 'Z'/,
    'Z-1': /'Z' in 'Z'/,
    'Z0.5': /'Z0.5'/,
    'NaN Z0': /'NaN' in 'NaN Z0'/,
    '1e999 Z0': /1e999 in '1e999 Z0' is too large a coefficient/,
    '1.2.3 Z0': /'1.2.3' in/,
    'Z0 0.5': /'0.5' in 'Z0 0.5'/,
    '': /'' has no term at character 1; expected a Pauli sum/,
    '  ': /has no term at character 1/,
    'Z0 +': /'Z0 \+' has no term at character 4/,
    'Z0 - - Z1': /has no term at character 4/,
    'Z0; Z1': /'Z0;' in/,
    Z０: /'Z０'/,
  };
  for (const [text, message] of Object.entries(bad)) {
    test(`'${text}' is refused where it is read`, () => {
      assert.throws(() => parseObservable(text), { name: 'OptionError', code: 'ERR_OPTION_VALUE', message });
    });
  }

  test('has to be a text', () => {
    for (const text of [undefined, null, 7, ['Z0'], {}]) {
      assert.throws(() => parseObservable(text as string), { name: 'OptionError', code: 'ERR_OPTION_VALUE' });
    }
  });
});
