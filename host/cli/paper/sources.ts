/** Where the images of the paper's sets are from: folders of the user's, or the few that come with the package. */
import { readFile } from 'node:fs/promises';
import { mnist01 } from '../../data/digits.ts';
import type { OriginalName } from '../../data/sets/originals.ts';
import type { Split } from '../../data/split.ts';
import type { Scope, Sources } from '../../paper/index.ts';
import { makeOriginal } from '../input/made-sets.ts';

/** Folders of the four original files of each set; absent: there is none. */
export type Folders = Readonly<Partial<Record<OriginalName, string>>>;

/** Where images are from. */
export const imagesOf = (folders: Folders): Scope['images'] => ({
  mnist: folders.mnist === undefined ? 'sample' : 'whole',
  'fashion-mnist': folders['fashion-mnist'] === undefined ? 'sample' : 'whole',
});

/** What is said of images that are not the whole set; undefined where all are. */
export function sampleSentence({ mnist, 'fashion-mnist': fashion }: Scope['images']): string | undefined {
  const found = [
    ...(mnist === 'sample'
      ? ['MNIST is the 1000 training and 1000 test digits that come along (--mnist FOLDER)']
      : []),
    ...(fashion === 'sample'
      ? ['Fashion-MNIST is the 12 training and 6 test images that come along, far too few (--fashion FOLDER)']
      : []),
  ];
  return found.length === 0 ? undefined : found.join('; ');
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
