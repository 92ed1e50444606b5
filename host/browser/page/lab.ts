/** What the whole page shares: the settings, which the address follows, the user's table, and the race. */
import { linkOf, readLink } from '../settings/link.ts';
import { withData } from '../settings/presets.ts';
import type { FieldValues, OwnTable, SetName, Settings } from '../settings/settings.ts';
import { ownTable } from '../settings/table.ts';
import { Session } from './session.ts';
import { type Store, store } from './store.ts';

/** A file that is dropped has so many bytes at most: more would not be read by a person either. */
const MOST_FILE = 16 * 2 ** 20;

/** The shared state of a page. */
export interface Lab {
  readonly settings: Store<Settings>;
  readonly table: Store<OwnTable | undefined>;
  readonly session: Session;
  /** Sentences on parts of a link that mean nothing, or on a file that cannot be taken. */
  readonly notices: Store<readonly string[]>;
  change(key: keyof FieldValues, value: number | string): void;
  /** Takes a file of the user's as the data. */
  bring(file: File): Promise<void>;
}

/** Reads the address, and has it follow the settings from then on. */
export async function makeLab(): Promise<Lab> {
  const first = await readLink(location.hash);
  const settings = store(first.settings);
  const table = store(first.table);
  const notices = store(first.wrong);
  const session = new Session();
  let { view } = first.settings;
  const follow = () => {
    const link = linkOf(settings.get(), table.get());
    // Another view is a place to come back to; another setting is not.
    if (link !== location.hash)
      history[view === settings.get().view ? 'replaceState' : 'pushState'](null, '', link);
    ({ view } = settings.get());
    session.follow(settings.get(), table.get());
  };
  settings.watch(follow);
  table.watch(follow);
  addEventListener('hashchange', async () => {
    const { hash } = location;
    const read = await readLink(hash);
    // Another one may have come while a table was unpacked.
    if (hash !== location.hash) return;
    notices.set(read.wrong);
    ({ view } = read.settings);
    if (read.table && read.table.text !== table.get()?.text) table.set(read.table);
    settings.set(read.settings);
  });
  follow();
  const change = (key: keyof FieldValues, value: number | string) =>
    settings.set(
      key === 'data' ? withData(settings.get(), value as SetName) : { ...settings.get(), [key]: value },
    );
  return {
    ...{ settings, table, session, notices, change },
    async bring(file) {
      if (file.size > MOST_FILE) {
        notices.set([`${file.name} has ${file.size} bytes; expected ${MOST_FILE} at most`]);
        return;
      }
      const text = await file.text();
      if (text.includes('\0')) {
        notices.set([`${file.name} is not text; expected a CSV file in UTF-8`]);
        return;
      }
      notices.set([]);
      table.set(await ownTable(file.name, text));
      settings.set({ ...withData(settings.get(), 'csv'), view: 'train' });
    },
  };
}
