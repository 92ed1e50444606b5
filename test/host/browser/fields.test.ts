/** The settings of the lab: what each is called and takes, when a form shows it, and what comes of all as options. */
import { describe, test } from 'node:test';
import { FIELDS, fieldsIn, type Group, readField } from '../../../host/browser/settings/fields.ts';
import { linkOf, readSettings } from '../../../host/browser/settings/link.ts';
import { DEFAULTS, paperOf, withData } from '../../../host/browser/settings/presets.ts';
import {
  defaultOf,
  LABELS,
  optionsOf,
  readArms,
  reverses,
  RULE_NAMES,
  wrongOption,
} from '../../../host/browser/settings/rules.ts';
import { type FieldValues, type Settings, SETS } from '../../../host/browser/settings/settings.ts';
import { modelOf, trainingOf } from '../../../host/browser/work/options.ts';
import { assertGolden } from '../../support/golden.ts';

const file = (name: string) => new URL(`fields/${name}.txt`, import.meta.url);
const KEYS = Object.keys(FIELDS) as (keyof FieldValues)[];
const plain = (value: unknown) => JSON.stringify(value);

/** Settings that differ in what decides which fields are of use. */
const VARIED: readonly Partial<Settings>[] = KEYS.flatMap((key) =>
  (FIELDS[key].words ?? []).map((word) => ({ [key]: word })),
);

describe('the fields', () => {
  test('have names, ranges and defaults, and are shown where they are of use', () => {
    const groups: readonly Group[] = ['data', 'model', 'training', 'problem', 'cave', 'slice', 'device'];
    const lines = groups.flatMap((group) => [
      `${group}\n`,
      ...fieldsIn(group).map((key) => {
        const { shown, ...field } = FIELDS[key];
        const hidden = VARIED.filter((change) => shown && !shown({ ...DEFAULTS, ...change }));
        const bare = shown && VARIED.filter((change) => !shown({ ...DEFAULTS, head: 'none', ...change }));
        return `  ${key} ${plain(field)}\n    hidden ${plain(hidden)}\n    hidden without a head ${bare?.length ?? 0}\n`;
      }),
    ]);
    assertGolden(file('fields'), lines.join(''));
  });

  test('take what they say', () => {
    const texts = [
      '',
      ' ',
      'x',
      '-1',
      '0',
      '0.005',
      '0.3',
      '1',
      '1.5',
      '2',
      '3',
      '20',
      '21',
      '1000',
      '1e9',
      '-1e9',
      'NaN',
      'linear',
      'a'.repeat(101),
    ];
    const lines = KEYS.map((key) => {
      const said = texts.map((text) => readField(key, text));
      const good = said.flatMap((found) => ('value' in found ? [found.value] : []));
      const wrong = said.flatMap((found) => ('wrong' in found ? [found.wrong] : []));
      return `${key} takes ${plain(good)}\n${wrong.map((each) => `    ${each}\n`).join('')}`;
    });
    assertGolden(file('texts'), lines.join(''));
  });
});

describe('the rules', () => {
  test('have options with defaults, and say what is wrong with others', () => {
    const lines = RULE_NAMES.map((rule) => {
      const options = optionsOf(rule).map((option) => {
        const usual = [
          defaultOf(rule, option, {}),
          defaultOf(rule, option, { rate: 0.3 }),
          defaultOf(rule, option, {}, 0.2),
        ];
        const wrong = ['', 'x', '-1', '0', '0.5', '1', '2', '1.5', '1e9'].map(
          (text) => wrongOption(rule, option, text) ?? 'good',
        );
        return `  ${option} (${LABELS[option]}) ${plain(usual)}\n${[...new Set(wrong)].map((each) => `    ${each}\n`).join('')}`;
      });
      return `${rule}${reverses(rule) ? ' reverses' : ''}, without a head ${plain(optionsOf(rule, false))}\n${options.join('')}`;
    });
    assertGolden(file('rules'), lines.join(''));
  });

  test('are read from a link', () => {
    const texts = [
      ...[
        '',
        'nlr',
        'nlr,adam',
        'nlr:rate=0.1',
        'nlr:rate=0.1:negative-rate=0.2,sgd',
        'x',
        'nlr:x=1',
        'nlr:rate',
        'nlr:rate=x',
        'nlr:rate=-1',
      ],
      ...[
        'sgd:negative-rate=1',
        ',,nlr,',
        'nlr,sgd,adam,momentum,rmsprop',
        'nlr:rate=0.1:rate=0.2',
        `${'y'.repeat(60)}`,
        'adam:head-rate=0.1',
      ],
    ];
    const lines = texts.map((text) => {
      const wrong: string[] = [];
      const arms = readArms(text, (sentence) => wrong.push(sentence));
      return `${plain(text)} ${plain(arms)}\n${wrong.map((each) => `    ${each}\n`).join('')}`;
    });
    assertGolden(file('arms'), lines.join(''));
  });
});

describe('settings', () => {
  const kinds: Readonly<Record<string, Settings>> = {
    defaults: DEFAULTS,
    paper: paperOf(DEFAULTS),
    ...Object.fromEntries(SETS.map((set) => [set, withData(DEFAULTS, set)])),
    qcnn: { ...DEFAULTS, layout: 'qcnn' },
    bare: { ...DEFAULTS, head: 'none', observable: 'all-z' },
    'bare, one output': { ...DEFAULTS, head: 'none', observable: 'z0' },
    exact: { ...DEFAULTS, shots: 0 },
    shots: { ...DEFAULTS, shots: 20 },
  };

  test('are links, models and trainings', () => {
    const arms = [
      { rule: 'nlr', options: { rate: 0.1, headRate: 0.2 } },
      { rule: 'frugal', options: {} },
    ] as const;
    const lines = Object.entries(kinds).map(([name, settings]) => {
      const link = linkOf(settings);
      return [
        `${name}: ${link}`,
        plain(readSettings(link.replace(/^#/, ''))).length > 2 ? plain(modelOf(settings, 4, 3)) : '',
        ...arms.map((arm) => plain(trainingOf(settings, arm))),
        '',
      ].join('\n    ');
    });
    assertGolden(file('settings'), lines.map((line) => `${line.trimEnd()}\n`).join(''));
  });

  test('are read from links, whatever is wrong with them', () => {
    const fragments = [
      ...[
        '',
        '#',
        'train',
        '#train',
        '#plateau?',
        '#nowhere',
        '#train?x=1',
        '#train?rows=5',
        '#train?rows=100',
        '#train?rows=100&rows=200',
        '#train?data=csv',
      ],
      ...[
        '#train?data=none',
        '#train?rules=',
        '#train?rules=nlr,x',
        '#train?shots=1.5',
        '#train?shots=0&steps=1',
        '#train?=1',
        '#train?%',
        '#train?label=%20a',
        '#train?seed=-1',
      ],
    ];
    const lines = fragments.map((fragment) => {
      const { settings, ...found } = readSettings(fragment);
      const changed = Object.fromEntries(
        Object.entries(settings).filter(([key, value]) => plain(value) !== plain(DEFAULTS[key as 'view'])),
      );
      return `${plain(fragment)} ${plain(changed)} ${plain(found)}\n`;
    });
    assertGolden(file('links'), lines.join(''));
  });
});
