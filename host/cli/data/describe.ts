/** What a data set is, for people. */
import type { SetEntry } from '../../data/sets/catalogue.ts';
import type { About } from '../../data/sets/made.ts';
import { flagName } from '../output/failure.ts';
import { count, pairs, plural, table } from '../output/format.ts';

/** A value of an option or a fact in a line. */
function value(given: unknown): string {
  if (Array.isArray(given)) return given.join(',');
  if (typeof given === 'number') return String(Number(given.toPrecision(6)));
  if (typeof given !== 'object' || given === null) return String(given);
  return Object.entries(given)
    .map(([name, each]) => `${name} ${value(each)}`)
    .join(', ');
}

/** `bayesAccuracy` as `bayes accuracy`. */
const words = (name: string) => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

/** The lines about a set that was made. */
export function describeSet(about: About): string[] {
  const { rows, perClass, classes, columns, options, facts } = about;
  const share = (of: readonly number[]) => classes.map((name, k) => `${name} ${count(of[k])}`).join(', ');
  const part = (of: number, list: readonly number[]) =>
    of === 0 ? 'none' : `${plural(of, 'row')} of ${plural(columns, 'number')}: ${share(list)}`;
  const flags = Object.entries(options).filter(([, each]) => each !== false);
  return pairs([
    ['data', about.title],
    ['task', about.task],
    ['formula', about.formula],
    ['training', part(rows.train, perClass.train)],
    ['test', part(rows.test, perClass.test)],
    ['options', flags.map(([name, each]) => `${flagName(name)} ${value(each)}`).join(' ')],
    ...Object.entries(facts).map(([name, each]): [string, string] => [words(name), value(each)]),
    ['preprocessing', about.preprocessing],
    ['citation', about.citation],
    ['licence', about.licence],
  ]);
}

const HOW: Readonly<Record<SetEntry['from'], string>> = {
  formula: 'made here',
  download: 'fetch, then make',
  recording: 'from your files',
};

/** The table of all sets. */
export function listSets(sets: Readonly<Record<string, SetEntry>>): string[] {
  const cells = Object.entries(sets).map(([name, { fixed, columns, classes, from }]) => [
    name.padEnd(15) + fixed.title,
    columns,
    classes,
    HOW[from],
    fixed.licence.replace(/[:;(].*/, '').trim(),
  ]);
  return table([`${'name'.padEnd(15)}what it is`, 'numbers', 'classes', 'how', 'licence'], cells);
}
