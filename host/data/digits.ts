/** The built-in data: 2000 genuine MNIST digits, 0 against 1. Origin and licence: mnist-0-1/README.md. */
import { callable, messageOf } from '../core/checks.ts';
import { DataError, NlrError } from '../core/errors.ts';
import { checkSha256 } from './checksum.ts';
import type { Dataset } from './dataset.ts';
import { gunzip, type IdxArray, idxDataset, parseIdx } from './idx.ts';
import type { Split } from './split.ts';

/** SHA-256 of the files after gunzip, as in mnist-0-1/SHA256SUMS. */
const SHA256 = {
  'train-images-idx3-ubyte.gz': '21db0eafd5cc6465974b2d5f2c70f9abb240cb50becb4f6351eb99c730d5d7e9',
  'train-labels-idx1-ubyte.gz': '0bcef6b7c44740be797f99e46a63332d56eaefdb150f429784de9bc86563d31f',
  't10k-images-idx3-ubyte.gz': '36acf2004dde0a713e1f652a37b6f29e9fb00558674d4fda855d9e1aba55bea8',
  't10k-labels-idx1-ubyte.gz': '1b87d4dd261964c1a83297a9c3b7d73ecd4ffc30314301004823c1aa5ebc214d',
} as const;

/** One of the files that `mnist01` reads. */
export type MnistFile = keyof typeof SHA256;

/** Names of the files of the folder mnist-0-1 that `mnist01` reads. */
export const MNIST_FILES = Object.keys(SHA256) as readonly MnistFile[];

/**
 * The digits: 1000 to train on and 1000 to test on, 28 x 28 pixels of 0 to 255, classes '0' and '1'. `read`
 * delivers the files of the folder mnist-0-1 by name, from disk or by fetch. DataError when one is not the
 * file it should be.
 */
export async function mnist01(read: (name: MnistFile) => Promise<Uint8Array>): Promise<Split> {
  callable(read, 'read');
  const [trainImages, trainLabels, testImages, testLabels] = await Promise.all(
    MNIST_FILES.map(async (name) => verified(await fetched(read, name), name)),
  );
  const part = (images: IdxArray, labels: IdxArray, side: 'train' | 'test'): Dataset => ({
    ...idxDataset(images, labels, { classes: ['0', '1'], name: `mnist-0-1 ${side}` }),
    part: side,
  });
  return { train: part(trainImages, trainLabels, 'train'), test: part(testImages, testLabels, 'test') };
}

/** A file, whatever becomes of reading it. @throws NlrError */
async function fetched(read: (name: MnistFile) => Promise<Uint8Array>, name: MnistFile): Promise<Uint8Array> {
  try {
    return await read(name);
  } catch (cause) {
    if (cause instanceof NlrError) throw cause;
    const message = `the file cannot be read: ${messageOf(cause)}`;
    throw new DataError('ERR_DATA_FILE', message, { file: name }, { cause });
  }
}

async function verified(bytes: Uint8Array, name: MnistFile): Promise<IdxArray> {
  const raw = await gunzip(bytes, name);
  await checkSha256(raw, SHA256[name], name, 'the built-in digits');
  return parseIdx(raw, name);
}
