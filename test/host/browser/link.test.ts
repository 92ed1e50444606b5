/** A link says all that decides a run, and nothing that it says can break the page. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FIELDS, readField } from '../../../host/browser/settings/fields.ts';
import { isCarried, linkOf, readLink } from '../../../host/browser/settings/link.ts';
import { DEFAULTS } from '../../../host/browser/settings/presets.ts';
import { armsText, optionsOf, readArms, RULE_NAMES } from '../../../host/browser/settings/rules.ts';
import { type FieldValues, type Settings, VIEWS } from '../../../host/browser/settings/settings.ts';
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

const TABLE = { name: 'pumps, old.csv', text: 'heat,noise,state\n1,2,"fine & well"\n2,1,größer\n' };

describe('a link', () => {
  test('without anything is where a visitor starts', () => {
    assert.deepEqual(readLink(''), { settings: DEFAULTS, table: undefined, wrong: [] });
    assert.equal(linkOf(DEFAULTS), '#train');
  });

  test('gives back the settings that it was made of', () => {
    fc.assert(
      fc.property(settings, (all) => {
        assert.deepEqual(readLink(linkOf(all)), { settings: all, table: undefined, wrong: [] });
      }),
    );
  });

  test('carries a table along, to the letter', () => {
    const link = linkOf({ ...DEFAULTS, data: 'csv' }, TABLE);
    assert.match(link, /^#[\w?&=.-]+$/);
    assert.deepEqual(readLink(link).table, TABLE);
    assert.equal(readLink(linkOf(DEFAULTS, TABLE)).table, undefined, 'only where it is the data');
  });

  test('does not carry one that is too long', () => {
    const text = Array.from({ length: 40000 }, (_, i) => `${Math.sin(i)},${i % 2}`).join('\n');
    const long = { name: 'long.csv', text };
    assert.equal(isCarried(long), false);
    assert.equal(linkOf({ ...DEFAULTS, data: 'csv' }, long), '#train?data=csv');
  });

  test('says what in it means nothing, and leaves that as it was', () => {
    const { settings: read, wrong } = readLink(
      '#train?qubits=99&data=stars&seed=1.5&colour=red&rules=sgd:guard=2,best&table=%%',
    );
    assert.deepEqual({ ...read, arms: [] }, { ...DEFAULTS, arms: [] });
    assert.deepEqual(read.arms, [{ rule: 'sgd', options: {} }]);
    assert.equal(wrong.length, 7, wrong.join('\n'));
    assert.match(wrong[0] ?? '', /^qubits is '99'; expected a whole number from 1 to 10$/);
    assert.match(wrong[1] ?? '', /^data is 'stars'; expected one of moons, digits/);
    assert.match(wrong[4] ?? '', /^sgd has no option 'guard'; expected rate, head-rate$/);
    assert.match(wrong[6] ?? '', /^table in the link is damaged$/);
  });

  test('is read whatever it is', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.constantFrom(...Object.values(FIELDS).map(({ word }) => word), 'table', 'rules'),
        (text, word) => {
          for (const link of [text, `#${text}`, `#train?${word}=${text}`]) {
            const { settings: read } = readLink(link);
            for (const key of KEYS)
              assert.ok('value' in readField(key, String(read[key])), `${key} of ${link}`);
            assert.ok(read.arms.length >= 1 && read.arms.length <= 4);
          }
        },
      ),
    );
  });
});

test('rules beyond the fourth do not race, which is said', () => {
  const wrong: string[] = [];
  assert.equal(readArms('sgd,adam,nlr,momentum,rmsprop', (sentence) => wrong.push(sentence)).length, 4);
  assert.deepEqual(wrong, ['there are 5 rules; the first 4 race']);
});
