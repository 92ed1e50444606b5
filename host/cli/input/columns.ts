/** Which columns of a CSV file are read, and as what: as the flags say, or as a model wants them. */
import { DataError } from '../../core/errors.ts';
import { type Columns, placesIn } from '../../data/columns.ts';
import type { CsvColumn, CsvHeader, CsvOptions } from '../../data/csv.ts';
import { listed } from '../../data/dataset.ts';
import { UsageError } from '../output/failure.ts';
import type { CsvSource } from './source.ts';

type Use = NonNullable<CsvOptions['use']>;

/** Work on the header that is done at the first column. */
function once<T>(work: (header: CsvHeader) => T): (header: CsvHeader) => T {
  let done: { readonly value: T } | undefined;
  return (header) => {
    done ??= { value: work(header) };
    return done.value;
  };
}

/** The fields that a flag names, by name or by index. @throws DataError */
function fieldsOf(flag: string, words: readonly string[], header: CsvHeader, file: string): Set<number> {
  const { names, fields } = header;
  return new Set(
    words.flatMap((word) => {
      const named = Array.from({ length: fields }, (_, field) => field).filter(
        (field) => names?.[field] === word,
      );
      if (named.length > 0) return named;
      const index = /^[+-]?\d+$/.test(word) ? Number(word) : Number.NaN;
      const field = index < 0 ? index + fields : index;
      if (field >= 0 && field < fields) return [field];
      const known =
        names === undefined ? `they count from 0 to ${fields - 1}` : `the columns are ${listed(names)}`;
      throw new DataError('ERR_DATA_COLUMN', `${flag} names ${listed([word])}, but ${known}`, { file });
    }),
  );
}

/** As `--columns`, `--ignore` and `--text` say; a column is otherwise what its cells are. */
export function useOfFlags({ file, columns, ignore, text }: CsvSource): Use {
  const told = once((header) => {
    const find = (flag: string, words: readonly string[] = []) => fieldsOf(flag, words, header, file);
    const kept = columns && find('--columns', columns);
    const left = find('--ignore', ignore);
    for (const word of text ?? []) {
      if ([...find('--text', [word])].some((field) => !left.has(field) && kept?.has(field) !== false))
        continue;
      const flag = kept ? '--columns does not name' : '--ignore leaves out';
      throw new UsageError(`--text names ${listed([word])}, which ${flag}`);
    }
    return { kept, left, texts: find('--text', text) };
  });
  return ({ field }, header) => {
    const { kept, left, texts } = told(header);
    if (left.has(field) || kept?.has(field) === false) return 'skip';
    return texts.has(field) ? 'text' : 'either';
  };
}

/**
 * As a model takes them.
 * @param hint ends the sentence about one column too many
 * @throws DataError when one is not there
 */
export function useOfModel(step: Columns, file: string, hint?: string): Use {
  const wanted = once(({ columns, names }) => {
    const columnNames = names && columns.map(({ name }) => name ?? '');
    try {
      const places = placesIn(step, {
        name: file,
        columns: columns.length,
        ...(columnNames && { columnNames }),
      });
      return new Map(places.map((place, j) => [place, j]));
    } catch (error) {
      const isOneTooMany = columns.length === (step.source?.columns ?? step.columns.length) + 1;
      if (!(error instanceof DataError && error.code === 'ERR_DATA_FEATURES' && isOneTooMany && hint))
        throw error;
      throw new DataError(error.code, `${error.message}${hint}`, {}, { cause: error });
    }
  });
  return ({ position }, header) => {
    const j = wanted(header).get(position);
    if (j === undefined) return 'skip';
    return step.columns[j]?.categories === undefined ? 'number' : 'text';
  };
}

/** Columns that a model has no use for, but for the labels. */
export function strangers({ label }: Columns, skipped: readonly CsvColumn[]): string[] {
  return skipped.map(({ name, field }) => name ?? String(field)).filter((name) => name !== label);
}
