/** A link says all that decides a run, and nothing that it says can break the page. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import { FIELDS, readField } from '../../../host/browser/settings/fields.ts';
import { linkOf, readLink, readSettings } from '../../../host/browser/settings/link.ts';
import { DEFAULTS } from '../../../host/browser/settings/presets.ts';
import {
  armsText,
  defaultOf,
  optionsOf,
  readArms,
  RULE_NAMES,
  wrongOption,
} from '../../../host/browser/settings/rules.ts';
import { type FieldValues, type Settings, VIEWS } from '../../../host/browser/settings/settings.ts';
import { ownTable } from '../../../host/browser/settings/table.ts';
import { RATE } from '../../../host/browser/work/cave.ts';
import fc from '../../support/property.ts';

/** Any value that a field takes. */
const valueOf = (key: keyof FieldValues) => {
  const { words, text, whole, least = 0, most = 0 } = FIELDS[key];
  if (words) return fc.constantFrom(...words);
  if (text !== undefined) return fc.string({ maxLength: text });
  return whole
    ? fc.integer({ min: least, max: most })
    : fc.double({ min: least, max: most, noNaN: true }).map((value) => value + 0);
};

const KEYS = Object.keys(FIELDS) as (keyof FieldValues)[];

const arms = fc.array(
  fc.constantFrom(...RULE_NAMES).chain((rule) =>
    fc.record({
      rule: fc.constant(rule),
      options: fc.dictionary(
        fc.constantFrom(...optionsOf(rule)),
        fc.double({ min: 0.5, max: 0.9, noNaN: true }),
        { noNullPrototype: true },
      ),
    }),
  ),
  { minLength: 1, maxLength: 4 },
);

const settings = fc
  .record({
    view: fc.constantFrom(...VIEWS),
    arms,
    ...Object.fromEntries(KEYS.map((key) => [key, valueOf(key)])),
  })
  .map((all) => JSON.parse(JSON.stringify(all)) as Settings)
  // The numbers of whole options are not drawn whole.
  .filter((all) =>
    readArms(armsText(all.arms), () => {}).every(
      ({ options }, i) => Object.keys(options).length === Object.keys(all.arms[i]?.options ?? {}).length,
    ),
  );

const NAME = 'pumps, old.csv';
const TEXT = 'heat,noise,state\n1,2,"fine & well"\n2,1,größer\n';

describe('a link', () => {
  test('without anything is where a visitor starts', () => {
    assert.deepEqual(readSettings(''), { settings: DEFAULTS, packed: undefined, wrong: [] });
    assert.equal(linkOf(DEFAULTS), '#train');
  });

  test('gives back the settings that it was made of', () => {
    fc.assert(
      fc.property(settings, (all) => {
        assert.deepEqual(readSettings(linkOf(all)), { settings: all, packed: undefined, wrong: [] });
      }),
    );
  });

  test('carries a table along, to the letter', async () => {
    const table = await ownTable(NAME, TEXT);
    const link = linkOf({ ...DEFAULTS, data: 'csv' }, table);
    assert.match(link, /^#[\w?&=.-]+$/);
    const { table: read, wrong } = await readLink(link);
    assert.deepEqual([read, wrong], [{ ...table, name: NAME, text: TEXT }, []]);
    assert.equal((await readLink(linkOf(DEFAULTS, table))).table, undefined, 'only where it is the data');
  });

  test('that was made by another compressor has the same table', async () => {
    const packed = deflateRawSync(`${NAME}\n${TEXT}`, { level: 1 }).toString('base64url');
    const { table } = await readLink(`#train?data=csv&table=${packed}`);
    assert.deepEqual(table, { name: NAME, text: TEXT, packed });
  });

  test('that would unpack to more than any table is damaged, and nothing is kept of it', async () => {
    for (const [length, taken] of [
      [3.9e6, true],
      [4.1e6, false],
    ] as const) {
      const packed = deflateRawSync(`a\n${'0'.repeat(length)}`).toString('base64url');
      const { table, wrong } = await readLink(`#train?data=csv&table=${packed}`);
      assert.deepEqual([table?.text.length, wrong.length], taken ? [length, 0] : [undefined, 1]);
    }
  });

  test('does not carry one that is too long', async () => {
    const text = Array.from({ length: 40000 }, (_, i) => `${Math.sin(i)},${i % 2}`).join('\n');
    const long = await ownTable('long.csv', text);
    assert.equal(long.packed, undefined);
    assert.equal(linkOf({ ...DEFAULTS, data: 'csv' }, long), '#train?data=csv');
  });

  test('says what in it means nothing, and leaves that as it was', async () => {
    const { settings: read, wrong } = await readLink(
      '#train?qubits=99&data=stars&seed=1.5&colour=red&rules=sgd:guard=2,best&table=~~',
    );
    assert.deepEqual({ ...read, arms: [] }, { ...DEFAULTS, arms: [] });
    assert.deepEqual(read.arms, [{ rule: 'sgd', options: {} }]);
    assert.equal(wrong.length, 7, wrong.join('\n'));
    assert.match(wrong[0] ?? '', /^qubits is '99'; expected a whole number from 1 to 10$/);
    assert.match(wrong[1] ?? '', /^data is 'stars'; expected one of moons, digits/);
    assert.match(wrong[4] ?? '', /^sgd has no option 'guard'; expected rate, head-rate$/);
    assert.match(wrong[6] ?? '', /^table in the link is damaged$/);
  });

  test('is read whatever it is', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'binary' }),
        fc.constantFrom(...Object.values(FIELDS).map(({ word }) => word), 'table', 'rules'),
        async (text, word) => {
          for (const link of [text, `#${text}`, `#train?${word}=${text}`]) {
            const { settings: read } = await readLink(link);
            for (const key of KEYS)
              assert.ok('value' in readField(key, String(read[key])), `${key} of ${link}`);
            assert.ok(read.arms.length >= 1 && read.arms.length <= 4);
          }
        },
      ),
    );
  });
});

test('a number that an option may not be is refused with what it may be', () => {
  assert.equal(wrongOption('nlr', 'rate', '-5'), "rate of nlr is '-5'; expected a number from 1e-30 to 1000");
  assert.equal(
    wrongOption('adam', 'beta1', '1'),
    "beta1 of adam is '1'; expected a number from 0 to less than 1",
  );
  assert.match(
    wrongOption('sgd-restart', 'stallSteps', '2.5') ?? '',
    /^stall-steps of sgd-restart is '2.5'; expected a whole number from /,
  );
  assert.equal(wrongOption('nlr', 'rate', '0.5'), undefined);
});

test('where there is no model, rules have no rate of a head and the rate of the landscape', () => {
  assert.deepEqual(optionsOf('nlr'), ['rate', 'negativeRate', 'headRate']);
  assert.deepEqual(optionsOf('nlr', false), ['rate', 'negativeRate']);
  const shown = (options: Record<string, number>) =>
    optionsOf('nlr', false).map((name) => defaultOf('nlr', name, options, RATE));
  assert.deepEqual(shown({}), [RATE, 2 * RATE]);
  assert.deepEqual(shown({ rate: 0.3 }), [RATE, 0.6]);
});

test('rules beyond the fourth do not race, which is said', () => {
  const wrong: string[] = [];
  assert.equal(readArms('sgd,adam,nlr,momentum,rmsprop', (sentence) => wrong.push(sentence)).length, 4);
  assert.deepEqual(wrong, ['there are 5 rules; the first 4 race']);
});
