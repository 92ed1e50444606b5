/**
 * Settings as the fragment of an address, `#train?data=moons&rules=nlr,adam&seed=1`: what is as by default is left out, and a
 * table of the user's own goes along, compressed, while it is small. A fragment is not sent to any server.
 */
import { FIELDS, readField } from './fields.ts';
import { DEFAULTS } from './presets.ts';
import { armsText, readArms } from './rules.ts';
import { type FieldValues, type OwnTable, type Settings, type View, VIEWS } from './settings.ts';
import { readTable } from './table.ts';

/** What a link said. */
export interface Read {
  readonly settings: Settings;
  /** The table that it carries, packed. */
  readonly packed?: string;
  /** A sentence for each part that means nothing, which is left as by default. */
  readonly wrong: readonly string[];
}

/** What is said of a table that cannot be unpacked. */
const DAMAGED_TABLE = 'table in the link is damaged';

const KEYS = Object.keys(FIELDS) as (keyof FieldValues)[];

/** The fragment that says all of it, with its #. */
export function linkOf(settings: Settings, table?: OwnTable): string {
  const parts = KEYS.flatMap((key) => {
    const value = settings[key];
    return value === DEFAULTS[key] ? [] : [`${FIELDS[key].word}=${encodeURIComponent(value)}`];
  });
  const rules = armsText(settings.arms);
  if (rules !== armsText(DEFAULTS.arms)) parts.push(`rules=${rules}`);
  const carried = settings.data === 'csv' ? table?.packed : undefined;
  if (carried !== undefined) parts.push(`table=${carried}`);
  return `#${settings.view}${parts.length > 0 ? `?${parts.join('&')}` : ''}`;
}

/** Reads a fragment, but for unpacking a table. Whatever it is, there are settings. */
export function readSettings(fragment: string): Read {
  const [view = '', query = ''] = fragment.replace(/^#/, '').split(/\?(.*)/s);
  const wrong: string[] = [];
  const given: Record<string, number | string> = {};
  let [arms, packed] = [DEFAULTS.arms, undefined as string | undefined];
  for (const part of query.split('&').filter((each) => each !== '')) {
    const [word = '', raw = ''] = part.split(/=(.*)/s);
    const key = KEYS.find((each) => FIELDS[each].word === word);
    try {
      const text = decodeURIComponent(raw);
      if (key !== undefined) {
        const read = readField(key, text);
        if ('wrong' in read) wrong.push(read.wrong);
        else given[key] = read.value;
      } else if (word === 'rules') {
        const found = readArms(text, (sentence) => wrong.push(sentence));
        if (found.length > 0) arms = found;
      } else if (word === 'table') packed = text;
      else wrong.push(`the link has '${word.slice(0, 40)}', which means nothing here`);
    } catch {
      wrong.push(`${word.slice(0, 40)} in the link is damaged`);
    }
  }
  const isView = (VIEWS as readonly string[]).includes(view);
  if (view !== '' && !isView)
    wrong.push(`there is no page '${view.slice(0, 40)}'; expected ${VIEWS.join(', ')}`);
  return {
    settings: { ...DEFAULTS, ...given, view: isView ? (view as View) : 'train', arms },
    packed,
    wrong,
  };
}

/** Reads a fragment with its table. */
export async function readLink(fragment: string): Promise<Read & { readonly table?: OwnTable }> {
  const read = readSettings(fragment);
  if (read.packed === undefined) return read;
  try {
    return { ...read, table: await readTable(read.packed) };
  } catch {
    return { ...read, wrong: [...read.wrong, DAMAGED_TABLE] };
  }
}
