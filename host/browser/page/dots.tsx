/** One column of a table as points on a line, with intervals, and rings where the paper has its figures. */
import type { Measured, SectionTable } from '../../paper/section.ts';
import { typeset } from '../../paper/typeset.ts';
import { short } from '../drawing/format.ts';

const WIDTH = 420;
const ROW = 20;
/** Room for the names of the rows, and characters of one in it. */
const LEFT = 130;
const RIGHT = 4;
const NAME = 24;

/** What a cell measured; undefined of another. */
export function measuredIn(cell: SectionTable['rows'][0]['cells'][0] | undefined): Measured | undefined {
  return typeof cell === 'object' && cell !== null && cell.mean !== null ? cell : undefined;
}

/** A number as its column shows it. */
export function shown(value: number | null | undefined, unit: string): string {
  if (value === null || value === undefined) return '–';
  return unit === 'percent' ? `${(100 * value).toFixed(1)} %` : short(value, unit === 'count' ? 0 : 3);
}

/** Draws the column of this number. */
export function Dots({ table, column }: { table: SectionTable; column: number }) {
  const unit = table.columns[column]?.unit ?? 'number';
  const rows = table.rows.map(({ name, cells }) => ({
    name: typeset(name),
    found: measuredIn(cells[column]),
  }));
  const numbers = rows.flatMap(({ found }) =>
    found
      ? [
          found.mean as number,
          ...(found.interval ?? []),
          ...(found.printed === undefined ? [] : [found.printed]),
        ]
      : [],
  );
  const [least, largest] = [Math.min(...numbers), Math.max(...numbers)];
  if (!Number.isFinite(least)) return <p class="note">This column has no numbers over seeds.</p>;
  const span = largest - least || 1;
  const at = (value: number) => LEFT + 8 + ((value - least) / span) * (WIDTH - LEFT - RIGHT - 16);
  const says = rows
    .map(
      ({ name, found }) =>
        `${name} ${shown(found?.mean, unit)}${found?.printed === undefined ? '' : `, printed ${shown(found.printed, unit)}`}`,
    )
    .join('; ');
  return (
    <svg
      class="dots"
      viewBox={`0 0 ${WIDTH} ${rows.length * ROW + 16}`}
      role="img"
      aria-label={`${table.columns[column]?.name}: ${says}`}
    >
      {rows.map(({ name, found }, i) => {
        const y = (i + 0.5) * ROW;
        return (
          <g>
            <text x={0} y={y + 3}>
              {name.length > NAME ? `${name.slice(0, NAME - 1)}…` : name}
            </text>
            <line class="rule" x1={LEFT} x2={WIDTH - RIGHT} y1={y} y2={y} />
            {found?.interval && (
              <line class="interval" x1={at(found.interval[0])} x2={at(found.interval[1])} y1={y} y2={y} />
            )}
            {found && <circle class="mean" cx={at(found.mean as number)} cy={y} r={3.4} />}
            {found?.printed !== undefined && <circle class="printed" cx={at(found.printed)} cy={y} r={5} />}
          </g>
        );
      })}
      <text x={LEFT} y={rows.length * ROW + 12}>
        {shown(least, unit)}
      </text>
      <text class="end" x={WIDTH - RIGHT} y={rows.length * ROW + 12}>
        {shown(largest, unit)}
      </text>
    </svg>
  );
}
