/** The tables in assembly/abi keep their own rules, and every file that derives from them is up to date. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { ENUMERATIONS } from '../../../assembly/abi/enumerations.table.ts';
import { namingRules, type OptionRow, OPTIONS } from '../../../assembly/abi/options.table.ts';
import { REPORT } from '../../../assembly/abi/report.table.ts';
import { RULES } from '../../../assembly/abi/rules.table.ts';
import { STATUSES } from '../../../assembly/abi/statuses.table.ts';
import { generated } from '../../../host/build/generate.ts';
import { optionDoc } from '../../../host/build/generate/c-header.ts';
import { docOf, entryOf, type TrainingOption } from '../../../host/build/generate/library.ts';
import { isRequired } from '../../../host/build/generate/options.ts';
import { defaultOf } from '../../../host/cli/input/flags.ts';
import type { RuleName } from '../../../host/api/choices.ts';
import { resolveTraining } from '../../../host/api/options.ts';
import { TRAINING } from '../../../host/api/training-options.ts';

const ROOT = new URL('../../../', import.meta.url);

/** Options of the first version: those since take 0. */
const FIRST_OPTIONS = 31;

describe('the tables of the ABI', () => {
  const lists: Readonly<Record<string, readonly { readonly name: string; readonly number: number }[]>> = {
    Option: OPTIONS,
    Report: REPORT,
    ...Object.fromEntries(ENUMERATIONS.map(({ name, members }) => [name, members])),
    refusals: STATUSES.filter(({ number }) => number < 0).map(({ name, number }) => ({
      name,
      number: -1 - number,
    })),
  };
  for (const [name, rows] of Object.entries(lists)) {
    // Channels are entries of the table of operations, whose numbers they leave room for.
    const first = name === 'Channel' ? 16 : 0;
    it(`number ${name} from ${first} on, each once`, () => {
      const numbers = rows.map(({ number }) => number - first).sort((a, b) => a - b);
      assert.deepEqual(numbers, [...numbers.keys()]);
      assert.equal(new Set(rows.map((row) => row.name)).size, rows.length);
    });
  }

  it('name in the texts of an option the rules that read it, and only where some do', () => {
    const read = new Set<string>(RULES.flatMap((row) => ('reads' in row ? row.reads : [])));
    for (const row of OPTIONS)
      assert.equal(JSON.stringify(row).includes('{rules}'), read.has(row.name), row.name);
    assert.equal(namingRules('of {rules}', 'Epsilon'), 'of rmsprop, adam, frugal and adam-reversal');
    assert.equal(namingRules('of {rules}', 'Guard'), 'of nlr-guarded and adam-reversal');
  });

  it('have a sentence for every refusal', () => {
    for (const { name, number, ...row } of STATUSES) assert.equal('sentence' in row, number < 0, name);
  });

  it('let every later option be 0, so that models from before stay valid', () => {
    for (const row of OPTIONS)
      assert.ok(row.number < FIRST_OPTIONS || !isRequired(row), `${row.name} cannot be 0`);
  });

  it('have a word for every member of a choice', () => {
    for (const row of OPTIONS) {
      if (row.kind !== 'choice') continue;
      const { members } = ENUMERATIONS.find(({ name }) => name === row.of) ?? { members: [] };
      assert.ok(members.length > 1, row.of);
      for (const member of members) assert.ok('word' in member, `${row.of}.${member.name}`);
    }
  });
});

describe('a default that depends on the rule', () => {
  const row: TrainingOption = {
    name: 'Beta2',
    number: 27,
    doc: 'Second decay.',
    kind: 'decay',
    default: 0.999,
    byRule: { momentum: 0.99, sgd: 0.5 },
    training: { name: 'beta2', doc: 'Second decay', flag: { argument: 'x', help: 'second decay' } },
  };

  it('is in the comments of the library and of the C header', () => {
    const all = '0.999; 0.99 for momentum; 0.5 for sgd';
    assert.equal(docOf(row), `Second decay, 0 to below 1; default ${all}.`);
    assert.equal(optionDoc(row), `Second decay. 0 to below 1; the library sets ${all}.`);
    assert.match(entryOf(row), /value: 0.999, byRule: \{"momentum":0.99,"sgd":0.5\} \}/);
  });

  it('is in the help with the rules that share it together', () => {
    assert.equal(defaultOf(row, 'beta2'), '0.999; 0.99 for momentum; 0.5 for sgd');
    const shared = { ...row, byRule: { frugal: 32, gcans: 32 } };
    assert.equal(defaultOf(shared, 'beta2'), '0.999; 32 for frugal and gcans');
    assert.equal(
      defaultOf(shared, 'beta2', (rule) => rule !== 'frugal'),
      '0.999; 32 for gcans',
    );
  });

  it('is alone in the help where every rule that reads the option has one', () => {
    const of = (name: string) => OPTIONS.find((each) => each.name === name) as OptionRow;
    assert.equal(defaultOf(of('Damping'), 'damping'), '0.05');
    assert.equal(
      defaultOf(of('Threshold'), 'threshold'),
      '0.1 for nlr-threshold and nlr-plateau; 0.001 for sgd-restart',
    );
  });

  it('is what an option that was not given is, beside such a rule', (context) => {
    const { beta2 } = TRAINING;
    context.after(() => Object.assign(TRAINING, { beta2 }));
    Object.assign(TRAINING, { beta2: { ...beta2, byRule: row.byRule } });
    const found = (rule: RuleName, given?: number) => resolveTraining({ rule, beta2: given }).beta2;
    assert.deepEqual([found('adam'), found('sgd'), found('sgd', 0.25)], [0.999, 0.5, 0.25]);
  });
});

it('every generated file is up to date', async () => {
  for (const [path, text] of await generated()) {
    const file = new URL(path, ROOT);
    assert.ok(existsSync(file) && readFileSync(file, 'utf8') === text, `${path}: npm run generate`);
  }
});
