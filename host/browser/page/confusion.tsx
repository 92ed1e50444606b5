/** The confusion matrix of the rule that has the focus: rows the true class, columns the predicted one. */
import type { Standing } from '../work/messages.ts';
import { Figure } from './figure.tsx';
import { percent } from '../drawing/format.ts';

interface ConfusionProps {
  readonly standing: Standing | undefined;
  readonly classes: readonly string[];
  readonly rule: string;
}

/** Shows the matrix as a table; the share of its row is the depth of a cell's tint. */
export function Confusion({ standing, classes, rule }: ConfusionProps) {
  const rows = standing?.confusion ?? classes.map(() => classes.map(() => 0));
  const share = (row: readonly number[], value: number) => value / (row.reduce((a, b) => a + b, 0) || 1);
  return (
    <Figure kind="confusion" title="Confusion" note={`${rule}, ${percent(standing?.accuracy)} right`}>
      <div class="scroll" tabIndex={0} role="group" aria-label="The confusion matrix">
        <table>
          <thead>
            <tr>
              <th scope="col">
                <span class="corner">
                  true ↓<br />
                  said →
                </span>
              </th>
              {classes.map((name) => (
                <th scope="col" title={name}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, i) => (
              <tr>
                <th scope="row" title={classes[i]}>
                  {classes[i]}
                </th>
                {row.map((value, k) => (
                  <td class={i === k ? 'right' : 'wrong'} style={{ '--share': share(row, value) }}>
                    {value}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Figure>
  );
}
