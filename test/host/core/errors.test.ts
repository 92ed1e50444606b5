/** The classes of errors: their messages, their families, a code for every refusal of the core. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Status } from '../../../assembly/abi/codes.ts';
import { CoreError, DataError, FormatError, NlrError, OptionError } from '../../../host/core/errors.ts';

test('errors: a data error starts with its place', () => {
  const message = (place?: ConstructorParameters<typeof DataError>[2]) =>
    new DataError('ERR_DATA_NUMBER', 'not a number', place).message;
  assert.equal(message(), 'not a number');
  assert.equal(message({ file: 'a.csv' }), 'a.csv: not a number');
  assert.equal(message({ file: 'a.csv', line: 3 }), 'a.csv:3: not a number');
  assert.equal(message({ file: 'a.csv', line: 3, column: 7 }), 'a.csv:3:7: not a number');
  const error = new DataError('ERR_DATA_NUMBER', 'x', { file: 'a.csv', line: 3, column: 7 });
  assert.deepEqual([error.file, error.line, error.column], ['a.csv', 3, 7]);
});

test('errors: families can be caught apart and together', () => {
  const cause = new Error('why');
  const errors = [
    new DataError('ERR_DATA_EMPTY', 'm', {}, { cause }),
    new OptionError('ERR_OPTION_VALUE', 'm', 'shots', { cause }),
    new FormatError('ERR_FORMAT_MAGIC', 'm', 'model.nlr', { cause }),
    new CoreError(Status.Busy, 'm', { cause }),
  ];
  assert.deepEqual(
    errors.map(({ name }) => name),
    ['DataError', 'OptionError', 'FormatError', 'CoreError'],
  );
  for (const error of errors) {
    assert(error instanceof NlrError && error instanceof Error);
    assert.equal(error.cause, cause);
    assert(error.stack?.startsWith(`${error.name}: `) || error.stack?.startsWith('Error: '));
  }
  assert.equal(errors[2].message, 'model.nlr: m');
});

test('errors: every refusal of the core has a code of its own', () => {
  const refusals = Object.values(Status).filter(
    (status): status is Status => typeof status === 'number' && status < 0,
  );
  const codes = refusals.map((status) => new CoreError(status, 'm').code);
  for (const [i, status] of refusals.entries()) {
    const words = Status[status].replace(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase();
    assert.equal(codes[i], `ERR_CORE_${words}`);
  }
  assert.equal(new CoreError(-999, 'm').code, 'ERR_CORE_MODULE');
});
