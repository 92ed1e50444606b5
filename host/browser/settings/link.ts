/**
 * Settings as the fragment of an address, `#train?data=moons&rules=nlr,adam&seed=1`: what is as by default is left out, and a
 * table of the user's own goes along, compressed, while it is small. A fragment is not sent to any server.
 */
import { deflateSync, inflateSync, strFromU8, strToU8 } from 'fflate';
import { FIELDS, readField } from './fields.ts';
import { DEFAULTS } from './presets.ts';
import { armsText, readArms } from './rules.ts';
import { type FieldValues, type OwnTable, type Settings, type View, VIEWS } from './settings.ts';

/** Characters that a table may take in a link; what is longer has to be brought again. */
export const MOST_TABLE_TEXT = 24000;

/** What a link said. */
export interface Read {
  readonly settings: Settings;
  readonly table?: OwnTable;
  /** A sentence for each part that means nothing, which is left as by default. */
  readonly wrong: readonly string[];
}

const KEYS = Object.keys(FIELDS) as (keyof FieldValues)[];

/** Bytes in the alphabet of addresses. */
function toText(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

const fromText = (text: string) =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (character) =>
    character.charCodeAt(0),
  );

/** A table as a link has it; undefined where it is too long for one. */
function tableText({ name, text }: OwnTable): string | undefined {
  const packed = toText(deflateSync(strToU8(`${name}\n${text}`), { level: 9 }));
  return packed.length <= MOST_TABLE_TEXT ? packed : undefined;
}

/** Bytes that an unpacked table has at most: a few kilobytes could say gigabytes. */
const MOST_TABLE = 4e6;

function readTable(packed: string): OwnTable {
  const [name = '', ...lines] = strFromU8(
    inflateSync(fromText(packed), { out: new Uint8Array(MOST_TABLE) }),
  ).split('\n');
  return { name: name.slice(0, 200), text: lines.join('\n').replace(/\0+$/, '') };
}

/** Whether a link can carry a table along. */
export const isCarried = (table: OwnTable): boolean => tableText(table) !== undefined;

/** The fragment that says all of it, with its #. */
export function linkOf(settings: Settings, table?: OwnTable): string {
  const parts = KEYS.flatMap((key) => {
    const value = settings[key];
    return value === DEFAULTS[key] ? [] : [`${FIELDS[key].word}=${encodeURIComponent(value)}`];
  });
  const rules = armsText(settings.arms);
  if (rules !== armsText(DEFAULTS.arms)) parts.push(`rules=${rules}`);
  const carried = settings.data === 'csv' && table ? tableText(table) : undefined;
  if (carried !== undefined) parts.push(`table=${carried}`);
  return `#${settings.view}${parts.length > 0 ? `?${parts.join('&')}` : ''}`;
}

/** Reads a fragment. Whatever it is, there are settings. */
export function readLink(fragment: string): Read {
  const [view = '', query = ''] = fragment.replace(/^#/, '').split(/\?(.*)/s);
  const wrong: string[] = [];
  const given: Record<string, number | string> = {};
  let [arms, table] = [DEFAULTS.arms, undefined as OwnTable | undefined];
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
      } else if (word === 'table') table = readTable(text);
      else wrong.push(`the link has '${word.slice(0, 40)}', which means nothing here`);
    } catch {
      wrong.push(`${word.slice(0, 40)} in the link is damaged`);
    }
  }
  const isView = (VIEWS as readonly string[]).includes(view);
  if (view !== '' && !isView)
    wrong.push(`there is no page '${view.slice(0, 40)}'; expected ${VIEWS.join(', ')}`);
  return { settings: { ...DEFAULTS, ...given, view: isView ? (view as View) : 'train', arms }, table, wrong };
}
