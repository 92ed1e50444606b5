/** Reading the step `columns` from a file that is not to be trusted. */
import {
  choice,
  type Fields,
  isFields,
  isListOf,
  known,
  optional,
  refuse,
  text,
  that,
} from '../core/checks.ts';
import { type Column, type Columns, widthOf } from './columns.ts';

const areDistinct = (values: readonly unknown[]) => new Set(values).size === values.length;

/** Reads the step. @param most values that a row may have @throws OptionError */
export function parseColumns(fields: Fields, most: number): Columns {
  const missing = choice('missing', fields.missing, { refuse: 0, drop: 0, mean: 0 });
  const unseen = choice('unseen', fields.unseen, { zeros: 0, refuse: 0 });
  const areColumns = (value: unknown) =>
    isListOf(value, isFields) && value.length > 0 && value.length <= most;
  const given = that<Fields[]>(`a list of 1 to ${most} columns`, areColumns)(fields.columns, 'columns');
  const columns = given.map((column) => parseColumn(column, missing));
  if (columns.reduce((sum, column) => sum + widthOf(column), 0) > most)
    refuse('columns', columns, `columns that become at most ${most} values`);
  const label = optional(text)(fields.label, 'label');
  const { source } = fields;
  return {
    kind: 'columns',
    columns,
    missing,
    unseen,
    ...(label !== undefined && { label }),
    ...(source !== undefined && { source: parseSource(source, columns.length) }),
  };
}

const CATEGORIES = optional(
  that<readonly string[]>(
    'different texts',
    (value) => isListOf(value, (name) => typeof name === 'string') && value.length > 0 && areDistinct(value),
  ),
);

function parseColumn(column: Fields, missing: Columns['missing']): Column {
  known('a column', column, ['name', 'categories', 'fill']);
  const name = optional(text)(column.name, 'name');
  const categories = CATEGORIES(column.categories, 'categories');
  const width = categories?.length ?? 1;
  const isFill =
    missing === 'mean'
      ? (value: unknown) => isListOf(value, Number.isFinite) && value.length === width
      : (value: unknown) => value === undefined;
  const expected = missing === 'mean' ? `${width} finite numbers` : "none without missing 'mean'";
  const fill = that<readonly number[] | undefined>(expected, isFill)(column.fill, 'fill');
  return {
    ...(name !== undefined && { name }),
    ...(categories && { categories }),
    ...(fill && { fill }),
  };
}

function parseSource(source: unknown, length: number): NonNullable<Columns['source']> {
  const { columns, at } = isFields(source) ? source : {};
  const isPlace = (place: unknown) =>
    Number.isInteger(place) && Number(place) >= 0 && Number(place) < Number(columns);
  if (Number.isSafeInteger(columns) && isListOf(at, isPlace) && at.length === length && areDistinct(at))
    return { columns: columns as number, at: at as number[] };
  return refuse('source', source, `${length} different places`);
}
