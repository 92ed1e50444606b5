/** From CSV text to records: who cuts it into cells, and how far that is. */
import { CsvError, parse } from 'csv-parse/browser/esm/sync';

/** Where the record under way begins; blank lines may come first. */
export interface Cursor {
  /** Counts characters, or with `inBytes` the bytes of their UTF-8. */
  at: number;
  readonly inBytes: boolean;
}

/** Takes one record: its cells without the spaces around them, and the line, from 1, on which it begins. */
type TakeRecord = (cells: string[], line: number) => void;

/** A quote in the wrong place of the record under way. */
export class QuoteError extends Error {
  constructor(
    message: string,
    /** Field from 0. */
    readonly field: number,
  ) {
    super(message);
  }
}

/** A cursor at the beginning of a text. */
export function cursorOf(source: string): Cursor {
  return { at: 0, inBytes: source.includes('"') };
}

/**
 * Goes through the records of RFC 4180, with LF, CRLF or CR line ends, and skips blank lines. Text without a
 * quote, most of what there is, needs no parser: cutting it at the delimiters is ten times as fast.
 * @throws QuoteError, and whatever `take` throws
 */
export function eachRecord(source: string, delimiter: string, cursor: Cursor, take: TakeRecord): void {
  if (cursor.inBytes) parseQuoted(source, delimiter, cursor, take);
  else cutPlain(source, delimiter, cursor, take);
}

function parseQuoted(source: string, delimiter: string, cursor: Cursor, take: TakeRecord): void {
  // The parser counts up to where a record ends, and of the CRLF within quotes both characters.
  let twice = 0;
  try {
    parse(source, {
      delimiter,
      record_delimiter: ['\r\n', '\n', '\r'],
      skip_empty_lines: true,
      trim: true,
      relax_column_count: true,
      on_record: (cells: string[], { bytes, lines }) => {
        const ends = cells.flatMap((cell) => cell.match(/\r\n|\n|\r/g) ?? []);
        twice += ends.filter((end) => end === '\r\n').length;
        take(cells, lines - twice - ends.length);
        cursor.at = bytes;
      },
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const message =
      error.code === 'CSV_QUOTE_NOT_CLOSED'
        ? 'the quote that opens this field is never closed'
        : 'this field has a quote inside it; quote the whole field and double the quotes in it';
    throw new QuoteError(message, typeof error.column === 'number' ? error.column : 0);
  }
}

function cutPlain(source: string, delimiter: string, cursor: Cursor, take: TakeRecord): void {
  const next = (end: string, from: number) => {
    const at = source.indexOf(end, from);
    return at < 0 ? source.length : at;
  };
  let feed = next('\n', 0);
  let carriage = next('\r', 0);
  for (let line = 1, from = 0; from < source.length; line++) {
    if (feed < from) feed = next('\n', from);
    if (carriage < from) carriage = next('\r', from);
    const end = Math.min(feed, carriage);
    const text = source.slice(from, end);
    from = end + (end === carriage && feed === end + 1 ? 2 : 1);
    if (text.trim() === '' && !text.includes(delimiter)) continue;
    const cells = text.split(delimiter);
    for (let field = 0; field < cells.length; field++) cells[field] = (cells[field] as string).trim();
    take(cells, line);
    cursor.at = from;
  }
}
