/** What the caller's values are read as, or refused by: every reader at its bounds, and snapshots that nobody can change. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { runInNewContext } from 'node:vm';
import {
  bytes,
  callable,
  choice,
  contradiction,
  fieldsOf,
  flag,
  frozen,
  integer,
  isFields,
  isListOf,
  isNamed,
  isNumbers,
  known,
  looking,
  messageOf,
  oneOf,
  optional,
  type Reader,
  real,
  record,
  refuse,
  shown,
  signal,
  snapshot,
  text,
  that,
  whole,
} from '../../../host/core/checks.ts';
import { CoreError, NlrError, OptionError } from '../../../host/core/errors.ts';
import { assertGolden } from '../../support/golden.ts';
import { settled } from '../../support/settled.ts';

const golden = (name: string) => new URL(`checks-${name}.txt`, import.meta.url);

/** What cannot be read: looking at it throws what it is given. */
const unreadable = (thrown: unknown) =>
  new Proxy(
    {},
    {
      get: () => {
        throw thrown;
      },
      ownKeys: () => {
        throw thrown;
      },
    },
  );

describe('a value', () => {
  test('is shown short, whatever it is', async () => {
    const values: Readonly<Record<string, unknown>> = {
      'a number': 1.5,
      NaN: Number.NaN,
      'minus zero': -0,
      'a text': '4',
      undefined: undefined,
      null: null,
      true: true,
      'a large integer': 12n,
      'a symbol': Symbol('s'),
      'a function': () => 3,
      'a class': Map,
      'a record': { a: 1, b: [undefined] },
      'a list': [1, 'x', null],
      'a list of 80': new Array(80).fill(0),
      'a list of 81': new Array(81).fill(0),
      'a text of 78, with quotes 80': 'x'.repeat(78),
      'a text of 79, with quotes 81': 'x'.repeat(79),
      'a record of a circle': (() => {
        const circle: Record<string, unknown> = {};
        circle.circle = circle;
        return circle;
      })(),
      'a record that is no text': { toJSON: () => undefined },
      'what cannot be read': unreadable(new Error('no')),
      floats: new Float64Array(3),
      integers: new Int32Array(2),
      bytes: new Uint8Array(2),
      'a view': new DataView(new ArrayBuffer(1)),
    };
    const calls = Object.fromEntries(
      Object.entries(values).map(([what, value]) => [what, () => shown(value)]),
    );
    assertGolden(golden('shown'), await settled(calls));
  });

  test('that was thrown says what it says', () => {
    const mute = Object.defineProperty(new Error('loud'), 'message', {
      get: () => {
        throw new Error('mute');
      },
    });
    assert.deepEqual(
      [
        new Error('a'),
        'b',
        7,
        undefined,
        { message: 'c' },
        Object.assign(new Error('d'), { message: 9 }),
        mute,
      ].map(messageOf),
      ['a', 'b', '7', 'undefined', '{"message":"c"}', '9', 'an error that cannot be read'],
    );
  });

  test('that cannot be read is refused at its place, with what it threw as the cause', () => {
    const cause = new Error('no');
    const refused = (error: unknown) => {
      assert.ok(error instanceof OptionError);
      assert.deepEqual([error.code, error.option, error.cause], ['ERR_OPTION_VALUE', 'here', cause]);
      assert.equal(error.message, 'here is 7; expected a value that can be read');
      return true;
    };
    assert.throws(
      () =>
        looking('here', 7, () => {
          throw cause;
        }),
      refused,
    );
    const own = new CoreError(Number.NaN, 'known');
    assert.throws(
      () =>
        looking('here', 7, () => {
          throw own;
        }),
      (error) => error === own,
    );
    assert.equal(
      looking('here', 7, () => 8),
      8,
    );
    assert.throws(() => refuse('this', 'x', 'y', cause), {
      message: 'this is "x"; expected y',
      cause,
      option: 'this',
    });
    assert.throws(() => contradiction('a and b', 'a'), {
      ...{ name: 'OptionError', code: 'ERR_OPTION_COMBINATION', message: 'a and b', option: 'a' },
    });
    assert.ok(own instanceof NlrError);
  });
});

describe('a reader', () => {
  const VALUES: Readonly<Record<string, unknown>> = {
    ...{
      '-1': -1,
      '-0': -0,
      '0': 0,
      '1': 1,
      '1.5': 1.5,
      '3': 3,
      '4': 4,
      NaN: Number.NaN,
      Infinity: Infinity,
    },
    ...{ "'1'": '1', "''": '', "'b'": 'b', "'toString'": 'toString', true: true, false: false, null: null },
    ...{ undefined: undefined, 'a list': [1], 'a record': {}, 'a function': () => {}, '2^53': 2 ** 53 },
    ...{ bytes: Uint8Array.of(1, 2), floats: Float32Array.of(1), 'a buffer': new ArrayBuffer(2) },
    ...{ 'a signal': new AbortController().signal },
  };
  const READERS: Readonly<Record<string, Reader<unknown>>> = {
    'a whole number from 0': whole(0),
    'a whole number from 1 to 3': whole(1, 3),
    'a number from 0': real(0),
    'a number from 1 to 3': real(1, 3),
    'any number': real(-Number.MAX_VALUE),
    'a or b': oneOf('a', 'b'),
    'a text': text,
    'a flag': flag,
    'a function': callable,
    'a signal': signal,
    bytes: bytes,
    'a flag or nothing': optional(flag),
    'b or c': (value, at) => choice(at, value, { b: 0, c: 0 }),
    'a list': that('a list', Array.isArray),
  };
  test('takes what it is for, and refuses the rest in a sentence', () => {
    const lines = Object.entries(READERS).flatMap(([what, reader]) => {
      const taken: string[] = [];
      const refused: string[] = [];
      const expected = new Set<string>();
      for (const [name, value] of Object.entries(VALUES)) {
        try {
          const read = reader(value, 'it');
          taken.push(Object.is(read, value) ? name : `${name} as ${Object.prototype.toString.call(read)}`);
        } catch (error) {
          const { code, option, message } = error as OptionError;
          refused.push(name);
          assert.ok(message.startsWith(`it is ${shown(value)}; `), message);
          expected.add(`${code} of ${option}: ${message.slice(message.indexOf('; ') + 2)}`);
        }
      }
      return [
        what,
        `  takes ${taken.join(', ')}`,
        `  refuses ${refused.join(', ')}`,
        `  ${[...expected].join('; ')}`,
      ];
    });
    assertGolden(golden('readers'), `${lines.join('\n')}\n`);
  });

  test('of whole numbers makes 0 of minus 0', () => {
    assert.ok(Object.is(integer('it', -0, -1, 1), 0));
    assert.equal(integer('it', -1, -1, 1), -1);
    assert.equal(integer('it', 1, -1, 1), 1);
    assert.throws(() => integer('it', 2, -1, 1), {
      message: 'it is 2; expected a whole number from -1 to 1',
    });
    assert.throws(() => integer('it', -2, -1, 1), {
      message: 'it is -2; expected a whole number from -1 to 1',
    });
  });

  test('of bytes takes views by their part, and those of another frame', () => {
    const buffer = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8).buffer;
    const read = (value: unknown) => Array.from(bytes(value, 'it'));
    const own = new Uint8Array(buffer, 2, 2);
    assert.equal(bytes(own, 'it'), own);
    assert.deepEqual(read(new Uint16Array(buffer, 2, 2)), [3, 4, 5, 6]);
    assert.deepEqual(read(new DataView(buffer, 6)), [7, 8]);
    assert.deepEqual(read(buffer).length, 8);
    assert.deepEqual(read(new SharedArrayBuffer(3)), [0, 0, 0]);
    assert.deepEqual(read(runInNewContext('Uint8Array.of(7, 8).buffer') as unknown), [7, 8]);
    assert.deepEqual(read(runInNewContext('Uint8Array.of(7, 8)') as unknown), [7, 8]);
    assert.ok(isNamed(new Map(), 'Map') && !isNamed(new Map(), 'Set'));
  });

  test('of records reads each field once, and none that it does not know', async () => {
    const table = { count: whole(0), name: optional(text) };
    type Record = { count: number; name?: string };
    let reads = 0;
    const counted = Object.defineProperty({}, 'count', { enumerable: true, get: () => ++reads }) as Record;
    assert.deepEqual(record('it', counted, table), { count: 1, name: undefined });
    assert.equal(reads, 1);
    const given = (value: unknown) => () => record('it', value as Record, table);
    const loose = (value: unknown) => () => fieldsOf('it', value as Record, table);
    const readers = await settled({
      'all fields': given({ count: 1, name: 'n' }),
      'no field': given({}),
      'a strange field': given({ count: 1, size: 2 }),
      'a wrong field': given({ count: 1, name: 2 }),
      null: given(null),
      'a text': given('x'),
      'a list': given([]),
      'a list of one': given([1]),
      'what cannot be read': given(unreadable(new Error('no'))),
      'what refuses by an error of its own': given(
        unreadable(new OptionError('ERR_OPTION_VALUE', 'own', 'own')),
      ),
      'strange fields that may be': loose({ count: 1, size: 2 }),
      'a field that cannot be read': loose(unreadable('no')),
      'known fields': () => known('it', { a: 1 }, ['a', 'b']),
      'an unknown field': () => known('it', { a: 1, c: 1 }, ['a', 'b']),
      'no record': () => known('it', 3 as unknown as object, ['a', 'b']),
    });
    assertGolden(golden('records'), readers);
  });
});

describe('a list', () => {
  const isOne = (value: unknown) => value === 1;
  test('has no holes, and is one', () => {
    assert.ok(isListOf([], isOne) && isListOf([1, 1], isOne));
    for (const value of [[1, 2], new Array(1), '11', { length: 0 }, Uint8Array.of(1), null])
      assert.ok(!isListOf(value, isOne));
  });

  test('of numbers may be typed, but for what is no number', () => {
    for (const value of [[], [1, Number.NaN], new Float64Array(1), new Uint8Array(0)])
      assert.ok(isNumbers(value));
    for (const value of [
      ['1'],
      new Array(1),
      '1',
      new BigInt64Array(1),
      new BigUint64Array(1),
      new DataView(new ArrayBuffer(8)),
      null,
      {},
    ])
      assert.ok(!isNumbers(value));
  });

  test('is no record', () => {
    assert.ok(isFields({}) && isFields(Object.create(null)) && isFields(new Uint8Array(1)));
    for (const value of [[], null, undefined, 'x', 3, () => {}]) assert.ok(!isFields(value));
  });
});

describe('a snapshot', () => {
  test('is a deep copy that nobody can change, of what there is', () => {
    const given = {
      list: [1, -0, { deep: 'x' }],
      typed: Float32Array.of(0.5, -0),
      none: undefined,
      date: null,
    };
    const taken = snapshot('it', given);
    assert.deepEqual(taken, { list: [1, 0, { deep: 'x' }], typed: [0.5, 0], date: null });
    assert.ok(!Object.hasOwn(taken, 'none'));
    assert.ok(Object.is(taken.list[1], 0) && Object.is(taken.typed[1], 0));
    for (const part of [taken, taken.list, taken.list[2], taken.typed]) assert.ok(Object.isFrozen(part));
    given.list.push(2);
    assert.equal(taken.list.length, 3);
    assert.equal(snapshot('it', taken), taken, 'is not taken again');
    assert.notEqual(snapshot('it', Object.freeze({ a: 1 })), undefined);
    for (const value of [3, 'x', null, undefined, true]) assert.equal(snapshot('it', value), value);
    assert.ok(Object.is(snapshot('it', -0), 0));
  });

  test('has an end in depth, in size, and in circles', () => {
    const nested = (depth: number) => {
      let value: unknown = 1;
      for (let i = 0; i < depth; i++) value = [value];
      return value;
    };
    const refused = {
      code: 'ERR_OPTION_VALUE',
      option: 'it',
      message: /; expected at most 16777216 values, 32 deep, in no circle$/,
    };
    assert.ok(snapshot('it', nested(33)));
    assert.throws(() => snapshot('it', nested(34)), refused);
    const circle: unknown[] = [];
    circle.push(circle);
    assert.throws(() => snapshot('it', circle), refused);
    // Each list and record counts, and what is in it; of what is too large nothing is copied.
    const large = new Uint8Array(2 ** 24 - 40_000);
    assert.throws(() => snapshot('it', new Uint8Array(2 ** 24)), refused);
    assert.throws(
      () => snapshot('it', [...Array.from({ length: 80 }, () => new Uint8Array(1000)), large]),
      refused,
    );
    const record = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`${i}`, 0]));
    assert.throws(() => snapshot('it', [...Array.from({ length: 80 }, () => record), large]), refused);
    const many = Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`${i}`, 0]));
    assert.deepEqual(snapshot('it', many), many);
    assert.throws(() => snapshot('it', unreadable(new Error('no'))), {
      message: 'it is an object; expected a value that can be read',
    });
  });

  test('is not needed of what was made here: freezing goes all the way', () => {
    const made = { a: [{ b: 1 }], c: null };
    assert.equal(frozen(made), made);
    assert.ok(Object.isFrozen(made) && Object.isFrozen(made.a) && Object.isFrozen(made.a[0]));
    assert.equal(frozen(3), 3);
    assert.equal(frozen(null), null);
  });
});
