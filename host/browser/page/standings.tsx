/** How the rules stand: a line each, which also chooses whose surface and answers are shown. */
import type { FileKind } from '../work/files.ts';
import { count, percent, short } from '../drawing/format.ts';
import { reverses } from '../settings/rules.ts';
import type { Lab } from './lab.ts';
import { recordCsv } from './record.ts';
import { save, saveText } from './save.ts';
import { useStore } from './store.ts';

const FILES: readonly (readonly [FileKind, string])[] = [
  ['model', 'Model'],
  ['qasm', 'OpenQASM'],
  ['c', 'C array'],
  ['parameters', 'Parameters'],
];

/** The table of rules, and what can be taken home. */
export function Standings({ lab }: { lab: Lab }) {
  const { session } = lab;
  const { arms } = useStore(lab.settings);
  const focused = useStore(session.focused);
  const opened = useStore(session.opened);
  useStore(session.beat);
  const exact = lab.settings.get().shots === 0;
  const download = async (kind: FileKind) => save(await session.client.file(kind, focused));
  const csv = () =>
    saveText(
      'race.csv',
      'text/csv',
      recordCsv(
        session.arms,
        arms.map(({ rule }, i) => `${i + 1} ${rule}`),
      ),
    );
  return (
    <section class="panel standings" aria-label="Standings">
      <div class="scroll" tabIndex={0} role="group" aria-label="The table of rules">
        <table>
          <thead>
            <tr>
              <th scope="col">Rule</th>
              <th scope="col">Step</th>
              <th scope="col">Loss</th>
              <th scope="col">Right</th>
              <th scope="col">‖∇L‖</th>
              <th scope="col">‖∇⟨O⟩‖</th>
              <th scope="col">Reversed</th>
              <th scope="col">
                p<sub>t</sub>
              </th>
              <th scope="col">{exact ? 'Circuits' : 'Shots'}</th>
              <th scope="col">Trace</th>
            </tr>
          </thead>
          <tbody>
            {arms.map(({ rule }, i) => {
              const record = session.arms[i];
              const standing = record?.standing;
              return (
                <tr class={i === focused ? 'is-focused' : ''}>
                  <th scope="row">
                    <label>
                      <input
                        type="radio"
                        name="focus"
                        checked={i === focused}
                        onChange={() => void session.focus(i)}
                      />
                      <i class="chip" style={{ background: `var(--arm-${i})` }} aria-hidden="true" />
                      {rule}
                    </label>
                    {standing?.failed && <span class="wrong">{standing.failed}</span>}
                  </th>
                  <td>{standing?.step ?? 0}</td>
                  <td>{short(record?.last('loss'))}</td>
                  <td>{percent(standing?.accuracy)}</td>
                  <td>{short(record?.last('gradient'))}</td>
                  <td>{short(record?.last('observable'))}</td>
                  <td>{standing?.reversals || (reverses(rule) ? 0 : '–')}</td>
                  <td
                    class={standing?.alarm ? 'alarm' : ''}
                    title={standing?.alarm ? 'the mean signed rate is below zero' : undefined}
                  >
                    {percent(record?.last('violation'))}
                  </td>
                  <td>{count(record?.last(exact ? 'circuits' : 'shots'))}</td>
                  <td class="trace">
                    <code data-trace={i}>{standing?.trace ?? ''}</code>
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      <div class="files" role="group" aria-label={`Save of rule ${focused + 1}`}>
        <span>Save {arms[focused]?.rule}</span>
        {FILES.map(([kind, label]) => (
          <button type="button" class="quiet" disabled={!opened} onClick={() => void download(kind)}>
            {label}
          </button>
        ))}
        <button type="button" class="quiet" disabled={!opened} onClick={csv}>
          Race as CSV
        </button>
      </div>
    </section>
  );
}
