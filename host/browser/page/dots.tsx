/** One column of a table as points on a line, with intervals, and rings where the paper has its figures. */
import type { Measured, SectionTable } from '../../paper/section.ts';
import { short } from './format.ts';

const WIDTH = 420;
const ROW = 20;
const LEFT = 4;

/** What a cell measured; undefined of another. */
export function measuredIn(cell: SectionTable['rows'][0]['cells'][0] | undefined): Measured | undefined {
  return typeof cell === 'object' && cell !== null && cell.mean !== null ? cell : undefined;
}

/** Draws the column of this number. */
export function Dots({ table, column }: { table: SectionTable; column: number }) {
  const rows = table.rows.map(({ name, cells }) => ({ name, found: measuredIn(cells[column]) }));
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
  const at = (value: number) => LEFT + 8 + ((value - least) / span) * (WIDTH - 2 * LEFT - 16);
  const says = rows
    .map(
      ({ name, found }) =>
        `${name} ${short(found?.mean)}${found?.printed === undefined ? '' : `, printed ${short(found.printed)}`}`,
    )
    .join('; ');
  return (
    <svg
      class="dots"
      viewBox={`0 0 ${WIDTH} ${rows.length * ROW + 16}`}
      role="img"
      aria-label={`${table.columns[column]?.name}: ${says}`}
    >
      {rows.map(({ found }, i) => {
        const y = (i + 0.5) * ROW;
        return (
          <g>
            <line class="rule" x1={LEFT} x2={WIDTH - LEFT} y1={y} y2={y} />
            {found?.interval && (
              <line class="interval" x1={at(found.interval[0])} x2={at(found.interval[1])} y1={y} y2={y} />
            )}
            {found && <circle class="mean" cx={at(found.mean as number)} cy={y} r={3.4} />}
            {found?.printed !== undefined && <circle class="printed" cx={at(found.printed)} cy={y} r={5} />}
          </g>
        );
      })}
      <text x={LEFT} y={rows.length * ROW + 12}>
        {short(least)}
      </text>
      <text class="end" x={WIDTH - LEFT} y={rows.length * ROW + 12}>
        {short(largest)}
      </text>
    </svg>
  );
}
