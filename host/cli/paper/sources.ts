/** Where the images of the paper's sets are from: folders of the user's, or the few that come with the package. */
import { readFile } from 'node:fs/promises';
import { mnist01 } from '../../data/digits.ts';
import type { OriginalName } from '../../data/sets/originals.ts';
import type { Split } from '../../data/split.ts';
import type { PaperCell, Scope, Sources } from '../../paper/index.ts';
import { makeOriginal } from '../input/made-sets.ts';

/** Folders of the four original files of each set; absent: there is none. */
export type Folders = Readonly<Partial<Record<OriginalName, string>>>;

/** Where images are from. */
export const imagesOf = (folders: Folders): Scope['images'] => ({
  mnist: folders.mnist === undefined ? 'sample' : 'whole',
  'fashion-mnist': folders['fashion-mnist'] === undefined ? 'sample' : 'whole',
});

/** What is said of a set of which the few images that come along are taken. */
const SAMPLES: Readonly<Record<OriginalName, string>> = {
  mnist: 'MNIST is the 1000 training and 1000 test digits that come along (--mnist FOLDER)',
  'fashion-mnist':
    'Fashion-MNIST is the 12 training and 6 test images that come along, far too few (--fashion FOLDER)',
};

/** A sentence for each set of which cells take such a sample. A cell is plain data that names its set. */
export function sampleSentences(images: Scope['images'], cells: readonly PaperCell[]): string[] {
  const texts = cells.map((cell) => JSON.stringify(cell));
  return (Object.keys(SAMPLES) as OriginalName[])
    .filter((set) => images[set] === 'sample' && texts.some((text) => text.includes(`"set":"${set}"`)))
    .map((set) => SAMPLES[set]);
}

/** Reads images. */
export function sourcesOf(folders: Folders): Sources {
  return {
    digits: () =>
      mnist01((name) => readFile(new URL(`./mnist-0-1/${name}`, import.meta.url))) as Promise<Split>,
    originals: async (name, options, from) => {
      const flags = from === 'sample' ? { sample: true } : { from: folders[name] };
      const { train, test } = await makeOriginal(name, flags, { ...options });
      return { train, test } as Split;
    },
  };
}
