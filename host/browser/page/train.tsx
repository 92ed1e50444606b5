/** The Train page. */
import { paperOf } from '../settings/presets.ts';
import { ArmsForm } from './arms-form.tsx';
import { CircuitFigure } from './circuit.tsx';
import { Confusion } from './confusion.tsx';
import { Controls } from './controls.tsx';
import { Fetched } from './fetched.tsx';
import { FieldGroup } from './form.tsx';
import type { Lab } from './lab.ts';
import { RaceCharts } from './race-charts.tsx';
import { Standings } from './standings.tsx';
import { useStore } from './store.ts';
import { SurfaceFigure } from './surface.tsx';

/** Where a table of the user's own comes in, beside dropping it anywhere on the page. */
function Bring({ lab }: { lab: Lab }) {
  const table = useStore(lab.table);
  const settings = useStore(lab.settings);
  return (
    <div class="bring">
      <label class="file">
        <span>{table && settings.data === 'csv' ? table.name : 'Your CSV: choose or drop'}</span>
        <input
          type="file"
          accept=".csv,.tsv,.txt,text/csv"
          onChange={({ currentTarget }) => {
            const [file] = currentTarget.files ?? [];
            if (file) void lab.bring(file);
            currentTarget.value = '';
          }}
        />
      </label>
    </div>
  );
}

/** Of the digits alone. */
const pad = async () => (await import('./pad.tsx')).Pad;

function Settings({ lab }: { lab: Lab }) {
  const settings = useStore(lab.settings);
  const { change } = lab;
  return (
    <aside class="settings" aria-label="Settings">
      <FieldGroup group="data" title="Data" {...{ settings, change }} />
      <Bring lab={lab} />
      <ArmsForm arms={settings.arms} change={(arms) => lab.settings.set({ ...settings, arms })} />
      <FieldGroup group="training" title="Training" {...{ settings, change }} />
      <FieldGroup group="model" title="Model" {...{ settings, change }} />
      <button type="button" class="quiet add" onClick={() => lab.settings.set(paperOf(settings))}>
        The paper’s setting
      </button>
    </aside>
  );
}

/** The page. */
export function Train({ lab }: { lab: Lab }) {
  const { session } = lab;
  const settings = useStore(lab.settings);
  const opened = useStore(session.opened);
  const failure = useStore(session.failure);
  const surface = useStore(session.surface);
  const focused = useStore(session.focused);
  useStore(session.beat);
  const rule = settings.arms[focused]?.rule ?? '';
  const standing = session.arms[focused]?.standing;
  return (
    <div class="train">
      <Settings lab={lab} />
      <div class="stage">
        <Controls lab={lab} />
        {failure && (
          <p class="failure" role="alert">
            {failure}
          </p>
        )}
        <Standings lab={lab} />
        <RaceCharts {...{ session, settings }} />
        {opened && (
          <section class="looks" aria-label="What the model says">
            {opened.points && (
              <SurfaceFigure
                points={opened.points}
                surface={surface}
                classes={opened.classes}
                columns={opened.columnNames}
                rule={rule}
              />
            )}
            {opened.shape && (
              <Fetched
                fetch={pad}
                with={{ session, rule, classes: opened.classes, look: standing?.confusion }}
              />
            )}
            <Confusion standing={standing} classes={opened.classes} rule={rule} />
          </section>
        )}
        {opened && <CircuitFigure {...opened} />}
      </div>
    </div>
  );
}
