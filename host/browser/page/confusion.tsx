/** The confusion matrix of the rule that has the focus: rows the true class, columns the predicted one. */
import type { Standing } from '../work/messages.ts';
import { percent } from './format.ts';

interface ConfusionProps {
  readonly standing: Standing | undefined;
  readonly classes: readonly string[];
  readonly rule: string;
}

/** Shows the matrix as a table; the share of its row is the depth of a cell's tint. */
export function Confusion({ standing, classes, rule }: ConfusionProps) {
  const rows = standing?.confusion ?? classes.map(() => classes.map(() => 0));
  const tint = (row: readonly number[], value: number) => {
    const sum = row.reduce((a, b) => a + b, 0);
    return Math.round((10 * value) / (sum || 1));
  };
  return (
    <figure class="panel confusion">
      <figcaption>
        <h3>Confusion</h3>
        <span class="note">
          {rule}, {percent(standing?.accuracy)} right
        </span>
      </figcaption>
      <div class="scroll" tabIndex={0} role="group" aria-label="The confusion matrix">
        <table>
          <thead>
            <tr>
              <th scope="col">
                <span class="corner">true ↓ said →</span>
              </th>
              {classes.map((name) => (
                <th scope="col">{name}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, i) => (
              <tr>
                <th scope="row">{classes[i]}</th>
                {row.map((value, k) => (
                  <td class={`tint-${tint(row, value)} ${i === k ? 'right' : 'wrong'}`}>{value}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </figure>
  );
}
