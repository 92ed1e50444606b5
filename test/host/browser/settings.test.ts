/** The settings of the page: when a field has a use, what its texts mean, what a rule has, and what suits a data set. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FIELDS, fieldsIn, type Group, readField } from '../../../host/browser/settings/fields.ts';
import { linkOf, readLink, readSettings } from '../../../host/browser/settings/link.ts';
import { DEFAULTS, paperOf, withData } from '../../../host/browser/settings/presets.ts';
import {
  armsText,
  defaultOf,
  optionsOf,
  readArms,
  reverses,
  RULE_NAMES,
  wrongOption,
} from '../../../host/browser/settings/rules.ts';
import { type FieldValues, SETS, type Settings } from '../../../host/browser/settings/settings.ts';
import { ownTable, readTable } from '../../../host/browser/settings/table.ts';
import { assertGolden } from '../../support/golden.ts';

const KEYS = Object.keys(FIELDS) as (keyof FieldValues)[];
const GROUPS: readonly Group[] = ['data', 'model', 'training', 'problem', 'cave', 'slice', 'device'];

test('a field is shown where the other settings have a use for it', () => {
  const on = ['data', 'layout', 'encoding', 'problem'] as const;
  const all = on.reduce<readonly Partial<Settings>[]>(
    (some, key) => some.flatMap((one) => (FIELDS[key].words ?? []).map((word) => ({ ...one, [key]: word }))),
    [{}],
  );
  const lines = GROUPS.flatMap((group) => [
    group,
    ...fieldsIn(group).map((key) => {
      const { shown = () => true, word } = FIELDS[key];
      const where = all.filter((change) => shown({ ...DEFAULTS, ...change }));
      const words = on.map((name) => [name, new Set(where.map((change) => change[name]))] as const);
      // What decides decides alone: all of its words go with all words of the others.
      const product = words.reduce((count, [, some]) => count * some.size, 1);
      assert.equal(where.length, product, word);
      const some = words.filter(([name, { size }]) => size < (FIELDS[name].words ?? []).length);
      const text = some.map(([name, each]) => `${name} is ${[...each].join(' or ')}`).join(' and ');
      return `  ${word}: ${text || 'always'}`;
    }),
  ]);
  assertGolden(new URL('shown.txt', import.meta.url), `${lines.join('\n')}\n`);
});

test('a text is the value of a field, or a sentence about what was expected', () => {
  const lines = KEYS.flatMap((key) => {
    const { words, least = 0, most = 0, whole: isWhole, text } = FIELDS[key];
    const step = isWhole ? 1 : (most - least) / 100;
    const texts = words
      ? [words[0], words.at(-1), `${words[0]}x`, words[0]?.toUpperCase(), '', 'x'.repeat(50)]
      : text !== undefined
        ? ['', 'ä'.repeat(text), 'ä'.repeat(text + 1)]
        : [
            least,
            most,
            least - step,
            most + step,
            least + step / 2,
            '',
            ' ',
            'x',
            `${least} `,
            'NaN',
            '1e999',
          ];
    return [
      key,
      ...texts.map((each) => {
        const read = readField(key, String(each));
        const shown = String(each).length > 20 ? `${String(each).length} characters` : `'${each}'`;
        return `  ${shown}: ${JSON.stringify('wrong' in read ? read.wrong : read.value)}`;
      }),
    ];
  });
  assertGolden(new URL('fields.txt', import.meta.url), `${lines.join('\n')}\n`);
});

describe('a rule', () => {
  test('has the options that it reads, with its own defaults and ranges', () => {
    const lines = RULE_NAMES.flatMap((rule) => [
      `${rule}${reverses(rule) ? ', which reverses' : ''}; without a head ${optionsOf(rule, false).join(', ')}`,
      ...optionsOf(rule).map((option) => {
        const defaults = ([{}, { rate: 0.3 }, { rate: 900 }] as Record<string, number>[]).map((options) =>
          defaultOf(rule, option, options),
        );
        const given = defaultOf(rule, option, {}, 0.5);
        return `  ${option}: ${defaults.join(', ')}; ${given} with a rate of 0.5 instead`;
      }),
    ]);
    assertGolden(new URL('rules.txt', import.meta.url), `${lines.join('\n')}\n`);
  });

  test('refuses numbers beyond the ends of a range', () => {
    const asked: readonly (readonly [string, string, ...string[]])[] = [
      ['nlr', 'rate', '1e-30', '1e-31', '1000', '1000.1', '0', '', ' ', 'x', 'NaN', `${'9'.repeat(50)}`],
      ['nlr', 'negativeRate', '0', '-0.1', '1000', '1001'],
      ['adam', 'beta1', '0', '0.999', '1', '-0.001'],
      ['armijo', 'backtracks', '1', '0', '2.5', '30', '31', '1000'],
      ['armijo', 'decrease', '0', '0.5', '1', '-1'],
      ['sgd-restart', 'stallSteps', '1', '0', '1.5'],
      ['nlr-guarded', 'guard', '0', '-1', '100', '1e9'],
      ['sfgn', 'damping', '0', '0.05', '1e9', '-1'],
    ];
    const lines = asked.flatMap(([rule, option, ...texts]) =>
      texts.map(
        (each) =>
          `${rule} ${option} '${each}': ${wrongOption(rule as 'nlr', option as 'rate', each) ?? 'well'}`,
      ),
    );
    assertGolden(new URL('rule-numbers.txt', import.meta.url), `${lines.join('\n')}\n`);
  });

  test('is a word in a link, with its options, and what means nothing is said', () => {
    const links = [
      '',
      ',',
      'nlr',
      'nlr:rate=0.01:negative-rate=0.02,adam',
      'nlr:',
      'nlr:rate',
      'nlr:rate=',
      'nlr:rate=2=3',
      'nlr:negativeRate=1',
      'sgd:negative-rate=1,adam:beta1=0.5:beta2=2',
      'sgd-restart:stall-steps=3',
      'best,nlr',
      `${'x'.repeat(60)}`,
      `nlr:${'x'.repeat(60)}=1`,
      ':rate=1',
      'nlr,adam,sgd,frugal',
      'nlr,adam,sgd,frugal,momentum',
      'nlr,nlr',
    ];
    const lines = links.map((link) => {
      const wrong: string[] = [];
      const arms = readArms(link, (sentence) => wrong.push(sentence));
      return [
        `'${link}'`,
        `  ${armsText(arms)} ${JSON.stringify(arms)}`,
        ...wrong.map((each) => `  ${each}`),
      ].join('\n');
    });
    assertGolden(new URL('arms.txt', import.meta.url), `${lines.join('\n')}\n`);
  });
});

describe('settings', () => {
  test('of a data set are a link with the model that suits it', () => {
    const from = { ...DEFAULTS, rows: 30, steps: 7 };
    const lines = [
      ...SETS.map((set) => linkOf(withData(from, set))),
      linkOf(paperOf(from)),
      linkOf(DEFAULTS),
    ];
    const wide = linkOf({ ...DEFAULTS, view: 'fit', label: 'a & b=ü', noise: 0.25, seed: 2 ** 53 - 1 });
    assertGolden(new URL('links.txt', import.meta.url), `${[...lines, wide].join('\n')}\n`);
    for (const link of [...lines, wide]) assert.equal(linkOf(readSettings(link).settings), link);
  });

  test('of a link are what it says, and what it does not', async () => {
    const links = [
      ...[
        '',
        '#',
        'train',
        '#plateau',
        '#nowhere?steps=3',
        `#${'x'.repeat(50)}`,
        '#?steps=3',
        '#train?',
        '##fit',
        'fit#',
      ],
      ...[
        '#train?&&steps=3&',
        '#train?steps',
        '#train?steps=3=4',
        '#train?steps=3&steps=4',
        '#fit?steps=3?4',
      ],
      ...['#train?label=a%20b%3D', '#train?label=%', '#train?rules=%', '#train?rules=', '#train?rules=best'],
      ...[
        '#train?rules=sgd,best',
        `#train?${'x'.repeat(50)}=1`,
        `#train?${'x'.repeat(50)}=%`,
        '#train?Steps=3',
      ],
      ...['#train?data=csv&table=', '#train?table=~', '#train?data=csv&table=!!!'],
    ];
    const lines: string[] = [];
    for (const link of links) {
      const { settings, wrong, packed, table } = await readLink(link);
      const said = [
        linkOf(settings, table),
        ...wrong,
        ...(packed === undefined ? [] : [`packed: ${packed}`]),
      ];
      lines.push(`'${link}'\n${said.map((each) => `  ${each}\n`).join('')}`);
    }
    assertGolden(new URL('read-links.txt', import.meta.url), lines.join(''));
  });

  test('have a table in the alphabet of addresses, whatever its bytes are', async () => {
    // Bytes of every kind: +, / and = of the usual alphabet would end up in an address.
    const text = Array.from({ length: 600 }, (_, i) => String.fromCharCode(32 + ((i * i * 31) % 700))).join(
      '',
    );
    for (const name of ['a.csv', 'a', 'ab', '']) {
      const table = await ownTable(name, text);
      assert.match(table.packed ?? '', /^[\w-]+$/);
      assert.deepEqual(await readTable(table.packed ?? ''), table);
    }
    const long = await ownTable('n'.repeat(300), 'a\n\nb\n');
    const read = await readTable(long.packed ?? '');
    assert.deepEqual([read.name, read.text], ['n'.repeat(200), 'a\n\nb\n']);
    assert.deepEqual(await readTable((await ownTable('', '')).packed ?? ''), {
      ...{ name: '', text: '', packed: (await ownTable('', '')).packed },
    });
  });
});
