/** The Paper page: what became of the paper's claims, with the tables and points behind each, and a run that shows it. */
import { useEffect, useState } from 'preact/hooks';
import type { Section, SectionTable, Verdict } from '../../paper/section.ts';
import { typeset } from '../../paper/typeset.ts';
import { Dots, measuredIn, shown } from './dots.tsx';
import type { Lab } from './lab.ts';
import { runOf } from './paper-runs.ts';

/** What the build keeps of the recorded report: paper.json beside the page. */
export interface Kept {
  readonly commit: string;
  readonly command: string;
  readonly sections: readonly Omit<Section, 'plots'>[];
}

const WORDS = ['holds', 'holds only if', 'does not hold'] as const;

/** What became of all claims, in a sentence. What the paper says against itself is no claim that was tried. */
export function summary(sections: Kept['sections']): string {
  const of = (isAgainst: boolean) =>
    sections.filter(({ id }) => (id === 'consistency') === isAgainst).flatMap(({ verdicts }) => verdicts);
  const [claims, checks] = [of(false), of(true)];
  const [holds, some, not] = WORDS.map((word) => claims.filter(({ verdict }) => verdict === word).length);
  const failed = checks.filter(({ verdict }) => verdict !== 'holds').length;
  return `Of ${claims.length} claims that were tried ${holds} hold, ${some} hold only in some readings, ${not} do not hold; of ${checks.length} checks of the paper against itself ${failed} fail.`;
}

/** A text of the report, set; what stands between backticks as code. */
function Prose({ of }: { of: string }) {
  return (
    <>
      {typeset(of)
        .split('`')
        .map((part, i) => (i % 2 === 1 ? <code>{part}</code> : part))}
    </>
  );
}

function Cell({ cell, unit }: { cell: SectionTable['rows'][0]['cells'][0]; unit: string }) {
  const found = measuredIn(cell);
  if (found === undefined)
    return (
      <td>
        {typeof cell === 'string' ? <Prose of={cell} /> : shown(typeof cell === 'number' ? cell : null, unit)}
      </td>
    );
  return (
    <td>
      {shown(found.mean, unit)}
      {found.deviation !== null && <span class="note"> ± {shown(found.deviation, unit)}</span>}
      {found.printed !== undefined && <span class="paper-says">{shown(found.printed, unit)}</span>}
    </td>
  );
}

/** One table with the points of a column of it. */
function TableFigure({ table }: { table: SectionTable }) {
  const first = table.columns.findIndex((_, i) =>
    table.rows.some(({ cells }) => measuredIn(cells[i]) !== undefined),
  );
  const [column, choose] = useState(Math.max(0, first));
  const { columns, rows, title, about } = table;
  return (
    <figure class="paper-table">
      <figcaption>
        <h4>
          <Prose of={title} />
        </h4>
        {about && (
          <span class="note">
            <Prose of={about} />
          </span>
        )}
      </figcaption>
      <div class="paper-row">
        <div class="scroll" tabIndex={0} role="group" aria-label={title}>
          <table>
            <thead>
              <tr>
                <th scope="col">
                  <span class="visually-hidden">Row</span>
                </th>
                {columns.map(({ name }, i) => (
                  <th scope="col">
                    <button type="button" class="quiet" aria-pressed={i === column} onClick={() => choose(i)}>
                      <Prose of={name} />
                    </button>
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map(({ name, cells }) => (
                <tr>
                  <th scope="row">
                    <Prose of={name} />
                  </th>
                  {cells.map((cell, i) => (
                    <Cell cell={cell} unit={columns[i]?.unit ?? 'number'} />
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
        {first >= 0 && <Dots table={table} column={column} />}
      </div>
    </figure>
  );
}

/** A claim and what became of it. */
function Claim({ verdict }: { verdict: Verdict }) {
  const { claim, where, condition, number, seeds } = verdict;
  return (
    <li class={`claim is-${WORDS.indexOf(verdict.verdict)}`}>
      <p>
        <b class="verdict">{verdict.verdict}</b> <Prose of={claim} />
        <span class="note"> {where}</span>
      </p>
      {condition && (
        <p class="note">
          only in: <Prose of={condition} />
        </p>
      )}
      <details>
        <summary class="note">
          figures, {seeds} {seeds === 1 ? 'seed' : 'seeds'}
        </summary>
        {number.split('\n').map((line) => (
          <p class="note">
            <Prose of={line} />
          </p>
        ))}
        <code>{verdict.command}</code>
      </details>
    </li>
  );
}

function SectionPart({ section, lab }: { section: Kept['sections'][0]; lab: Lab }) {
  const [open, setOpen] = useState(false);
  const { id, title, about, verdicts, tables, notes } = section;
  return (
    <section class="panel paper-section" aria-label={title}>
      <header>
        <h3>
          <Prose of={title} />
        </h3>
        <button
          type="button"
          class="quiet"
          onClick={() => lab.settings.set(runOf(id))}
          aria-label={`Open a run: ${title}`}
        >
          Open a run
        </button>
      </header>
      <ul>
        {verdicts.map((verdict) => (
          <Claim verdict={verdict} />
        ))}
      </ul>
      {tables.length > 0 && (
        <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
          <summary>
            {tables.length} {tables.length === 1 ? 'table' : 'tables'}
          </summary>
          {open && (
            <>
              <p class="note">
                <Prose of={about} />
              </p>
              {tables.map((table) => (
                <TableFigure table={table} />
              ))}
              {notes.map((note) => (
                <p class="note">
                  <Prose of={note} />
                </p>
              ))}
            </>
          )}
        </details>
      )}
    </section>
  );
}

/** The page. */
export function PaperView({ lab }: { lab: Lab }) {
  const [kept, setKept] = useState<Kept | null | undefined>();
  const [wrong, setWrong] = useState('');
  useEffect(() => {
    const read = async () => {
      try {
        const response = await fetch('paper.json');
        if (!response.ok) throw new Error(`the report cannot be read: ${response.status}`);
        setKept((await response.json()) as Kept | null);
      } catch (error) {
        setWrong((error as Error).message);
      }
    };
    void read();
  }, []);
  if (wrong)
    return (
      <p class="wait" role="alert">
        {wrong}
      </p>
    );
  if (kept === undefined) return <p class="wait">Loading the report</p>;
  if (kept === null) return <p class="wait">No report on the paper has been recorded</p>;
  return (
    <div class="stage paper">
      <p class="lead">
        {summary(kept.sections)}{' '}
        <span class="note">
          Made by {kept.command} at commit {kept.commit.slice(0, 10)}; a ring or a number in italics is the
          paper’s own figure.
        </span>
      </p>
      {kept.sections.map((section) => (
        <SectionPart key={section.id} {...{ section, lab }} />
      ))}
    </div>
  );
}
