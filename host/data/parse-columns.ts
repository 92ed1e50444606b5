/** Reading the step `columns` from a file that is not to be trusted. */
import { type Column, type Columns, widthOf } from './columns.ts';

/** Makes an error of what was expected. */
type Expected = (expected: string) => Error;

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === 'string';
const isOneOf = <T extends string>(words: readonly T[], value: unknown): value is T =>
  words.some((word) => word === value);
const areDistinct = (values: readonly unknown[]) => new Set(values).size === values.length;

/** Reads the step. @param most values that a row may have @throws what `expected` makes */
export function parseColumns(
  fields: ReadonlyMap<string, unknown>,
  most: number,
  expected: Expected,
): Columns {
  const [missing, unseen] = [fields.get('missing'), fields.get('unseen')];
  if (!isOneOf(['refuse', 'drop', 'mean'], missing)) throw expected("'refuse', 'drop' or 'mean' as missing");
  if (!isOneOf(['zeros', 'refuse'], unseen)) throw expected("'zeros' or 'refuse' as unseen");
  const found = fields.get('columns');
  if (!Array.isArray(found) || found.length === 0 || found.length > most) {
    throw expected(`a list of 1 to ${most} columns`);
  }
  const columns = found.map((column: unknown) => parseColumn(column, missing, expected));
  if (columns.reduce((sum, column) => sum + widthOf(column), 0) > most) {
    throw expected(`columns that become at most ${most} values`);
  }
  const [label, source] = [fields.get('label'), fields.get('source')];
  if (label !== undefined && !isText(label)) throw expected('text as label');
  return {
    kind: 'columns',
    columns,
    missing,
    unseen,
    ...(label !== undefined && { label }),
    ...(source !== undefined && { source: parseSource(source, columns.length, expected) }),
  };
}

function parseColumn(column: unknown, missing: Columns['missing'], expected: Expected): Column {
  if (!isFields(column)) throw expected('objects as columns');
  const { name, categories, fill, ...others } = column;
  if (Object.keys(others).length > 0) throw expected('columns of name, categories and fill');
  if (name !== undefined && !isText(name)) throw expected('text as the name of a column');
  const texts: readonly unknown[] | undefined = Array.isArray(categories) ? categories : undefined;
  const good = texts !== undefined && texts.length > 0 && texts.every(isText) && areDistinct(texts);
  if (categories !== undefined && !good) throw expected('different texts as categories');
  const width = texts?.length ?? 1;
  const filled = Array.isArray(fill) && fill.length === width && fill.every(Number.isFinite);
  if (missing === 'mean' ? !filled : fill !== undefined) {
    throw expected(
      missing === 'mean' ? 'a finite number to fill each value in' : "no fill without missing 'mean'",
    );
  }
  return {
    ...(name !== undefined && { name }),
    ...(good && { categories: texts }),
    ...(filled && { fill: fill as readonly number[] }),
  };
}

function parseSource(source: unknown, length: number, expected: Expected): NonNullable<Columns['source']> {
  const { columns, at } = isFields(source) ? source : {};
  const whole = Number.isSafeInteger(columns) ? (columns as number) : -1;
  const isPlace = (place: unknown) => Number.isInteger(place) && Number(place) >= 0 && Number(place) < whole;
  if (Array.isArray(at) && at.length === length && at.every(isPlace) && areDistinct(at)) {
    return { columns: whole, at };
  }
  throw expected(`${length} different places as source`);
}
