/** The Fit page: what the model of the Train page takes on a device, and what would make it smaller. */
import { useEffect, useState } from 'preact/hooks';
import type { Fit, Target } from '../work/fit.ts';
import { FieldGroup } from './form.tsx';
import { count } from '../drawing/format.ts';
import type { Lab } from './lab.ts';
import { save } from './save.ts';
import { useStore } from './store.ts';

/** A sentence for each of some kind, if there are any. */
function Sentences({ title, list }: { title: string; list: readonly string[] }) {
  if (list.length === 0) return null;
  return (
    <section class="panel sentences">
      <h3>{title}</h3>
      <ul>
        {list.map((sentence) => (
          <li>{sentence}</li>
        ))}
      </ul>
    </section>
  );
}

/** Bytes of memory against what there is. */
function Gauge({ bytes, budget }: { bytes: number; budget: number }) {
  return (
    <meter
      class="gauge"
      min={0}
      max={Math.max(bytes, budget)}
      high={budget}
      value={bytes}
      aria-label={`${bytes} of ${budget} bytes`}
    />
  );
}

function Row({
  fit,
  budget,
  chosen,
  choose,
}: {
  fit: Fit;
  budget: number;
  chosen: boolean;
  choose: () => void;
}) {
  const { target, moduleBytes, plan, refusal } = fit;
  return (
    <tr class={chosen ? 'is-focused' : ''}>
      <th scope="row">
        <label>
          <input type="radio" name="target" checked={chosen} onChange={choose} />
          {target}
        </label>
      </th>
      <td>{moduleBytes.toLocaleString('en')}</td>
      {plan ? (
        <>
          <td class={plan.fits ? '' : 'alarm'}>{plan.arenaBytes.toLocaleString('en')}</td>
          <td>
            <Gauge bytes={plan.arenaBytes} budget={budget} />
          </td>
          <td>{plan.engine}</td>
          <td>{count(plan.gateApplicationsPerStep)}</td>
          <td>{count(plan.shotsPerStep)}</td>
          <td>{plan.millisecondsPerStep === null ? '–' : `${plan.millisecondsPerStep.toPrecision(3)} ms`}</td>
          <td>{plan.fits ? 'fits' : 'too large'}</td>
        </>
      ) : (
        <td colSpan={7} class="refusal">
          {refusal}
        </td>
      )}
    </tr>
  );
}

/** The page. */
export function FitView({ lab }: { lab: Lab }) {
  const { session, change } = lab;
  const settings = useStore(lab.settings);
  const focused = useStore(session.focused);
  const opened = useStore(session.opened);
  const phase = useStore(session.phase);
  const failure = useStore(session.failure);
  const [fits, setFits] = useState<readonly Fit[]>([]);
  /** Whether the fits are of other settings, or not there yet. */
  const [isOld, setOld] = useState(true);
  const [wrong, setWrong] = useState('');
  const key = JSON.stringify([settings, focused, phase === 'opening', opened?.features]);
  useEffect(() => {
    let isLatest = true;
    const look = async () => {
      if (phase === 'opening' || opened === undefined) return;
      try {
        const found = await session.client.fits(settings, focused);
        if (!isLatest) return;
        setFits(found);
        setOld(false);
      } catch (error) {
        if (isLatest) setWrong((error as Error).message);
      }
    };
    setWrong('');
    setOld(true);
    void look();
    return () => {
      isLatest = false;
    };
  }, [key]);
  const chosen = fits.find(({ target }) => target === settings.target);
  const download = async () => {
    try {
      save(await session.client.firmware(settings.target as Target, focused));
    } catch (error) {
      setWrong((error as Error).message);
    }
  };
  return (
    <div class="train">
      <aside class="settings" aria-label="Settings">
        <FieldGroup group="device" title="Device" {...{ settings, change }} />
        <FieldGroup group="model" title="Model" {...{ settings, change }} />
        <FieldGroup group="training" title="Training" {...{ settings, change }} />
      </aside>
      <div class="stage">
        {(failure || wrong) && (
          <p class="failure" role="alert">
            {failure ?? wrong}
          </p>
        )}
        <section class="panel standings" aria-label="Modules" aria-busy={isOld}>
          <div class="scroll" tabIndex={0} role="group" aria-label="The table of modules">
            <table>
              <thead>
                <tr>
                  <th scope="col">Module</th>
                  <th scope="col">Its bytes</th>
                  <th scope="col">Memory</th>
                  <th scope="col">of {settings.budgetBytes.toLocaleString('en')}</th>
                  <th scope="col">Engine</th>
                  <th scope="col">Gates / step</th>
                  <th scope="col">Shots / step</th>
                  <th scope="col">Time / step</th>
                  <th scope="col">
                    <span class="visually-hidden">Verdict</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {fits.map((fit) => (
                  <Row
                    fit={fit}
                    budget={settings.budgetBytes}
                    chosen={fit.target === settings.target}
                    choose={() => change('target', fit.target)}
                  />
                ))}
              </tbody>
            </table>
          </div>
          <div class="files">
            <span role="status">
              {isOld && !failure && !wrong ? 'reckoning: ' : ''}
              {settings.arms[focused]?.rule} on {settings.data}, {opened?.parameters ?? 0} parameters
            </span>
            <button
              type="button"
              class="quiet"
              disabled={phase === 'opening' || failure !== undefined}
              onClick={() => void download()}
            >
              Model and C sources, zip
            </button>
          </div>
        </section>
        {chosen?.plan && (
          <div class="columns">
            <Sentences title="What would make it fit" list={chosen.plan.advice} />
            <Sentences title="What deserves attention" list={chosen.plan.warnings} />
            <Sentences title="Good to know" list={chosen.plan.notes} />
          </div>
        )}
      </div>
    </div>
  );
}
