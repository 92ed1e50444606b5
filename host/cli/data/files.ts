/** A data set as files: CSV, or pairs of IDX files, a part each. */
import type { Dataset } from '../../data/dataset.ts';
import type { MadeData } from '../../data/sets/made.ts';
import { csvLines, toIdx } from '../../data/write.ts';
import type { OutputFile } from '../../files/output-file.ts';
import { UsageError } from '../output/failure.ts';
import { inPieces } from '../output/streams.ts';
import type { Outputs } from '../training/outputs.ts';

/** Where each part of a set goes: the training part's files, then the test part's. */
interface Places {
  readonly format: 'csv' | 'idx';
  readonly train: readonly OutputFile[];
  readonly test: readonly OutputFile[];
}

/** Names of the files of a part. */
function namesOf(stem: string, format: Places['format']): string[] {
  return format === 'csv' ? [`${stem}.csv`] : [`${stem}.images.idx`, `${stem}.labels.idx`];
}

/**
 * Takes the files for this process before any work.
 * @param out `NAME.csv`, or `NAME.idx` for pairs of IDX files; the test part's have `.test` behind NAME
 * @param parts whether there is a test part
 * @throws UsageError, DataError
 */
export async function claimFiles(out: string, test: boolean, outputs: Outputs): Promise<Places> {
  const [, stem, format] = /^(.*[^/\\])\.(csv|idx)$/s.exec(out) ?? [];
  if (stem === undefined || (format !== 'csv' && format !== 'idx')) {
    throw new UsageError(
      `--out is '${out}'; expected the name of a file that ends in .csv, or .idx for IDX files`,
    );
  }
  const claimed = async (names: readonly string[]) => {
    const files: OutputFile[] = [];
    for (const name of names) files.push(await outputs.claim('--out', name, 'data'));
    return files;
  };
  const train = await claimed(namesOf(stem, format));
  return { format, train, test: test ? await claimed(namesOf(`${stem}.test`, format)) : [] };
}

/** The bytes of the files of a part. */
function* bytesOf(dataset: Dataset, format: Places['format']): Generator<Uint8Array> {
  if (format === 'csv') {
    yield Buffer.concat(Array.from(inPieces(csvLines(dataset)), (piece) => Buffer.from(piece)));
    return;
  }
  const { images, labels } = toIdx(dataset);
  yield images;
  yield labels;
}

/** Writes a set into its files, each whole or not at all. @returns their names @throws DataError */
export async function writeFiles({ train, test }: MadeData, places: Places): Promise<string[]> {
  const pending: [OutputFile, Uint8Array][] = [];
  for (const [dataset, files] of [
    [test, places.test],
    [train, places.train],
  ] as const) {
    if (dataset === undefined) continue;
    let next = 0;
    for (const bytes of bytesOf(dataset, places.format)) {
      pending.push([files[next++], bytes]);
    }
  }
  // Neither part when the place of one has something else.
  for (const [file, bytes] of pending) await file.holds(bytes);
  for (const [file, bytes] of pending) await file.write(bytes);
  return pending.map(([file]) => file.name);
}
