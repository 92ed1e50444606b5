/** The tables in assembly/abi keep their own rules, and every file that derives from them is up to date. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { ENUMERATIONS } from '../../../assembly/abi/enumerations.table.ts';
import { OPTIONS } from '../../../assembly/abi/options.table.ts';
import { REPORT } from '../../../assembly/abi/report.table.ts';
import { STATUSES } from '../../../assembly/abi/statuses.table.ts';
import { generated } from '../../../host/build/generate.ts';
import { isRequired } from '../../../host/build/generate/options.ts';

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
    it(`number ${name} from 0 on, each once`, () => {
      const numbers = rows.map(({ number }) => number).sort((a, b) => a - b);
      assert.deepEqual(numbers, [...numbers.keys()]);
      assert.equal(new Set(rows.map((row) => row.name)).size, rows.length);
    });
  }

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

describe('the generated files', async () => {
  for (const [path, text] of await generated()) {
    it(`${path} is up to date`, () => {
      const file = new URL(path, ROOT);
      assert.ok(existsSync(file) && readFileSync(file, 'utf8') === text, 'npm run generate');
    });
  }
});
