/** The four charts of a race: loss, gradient norms, violations against their line, and what it took. */
import { useMemo, useState } from 'preact/hooks';
import type { ChartData, ChartSpec, Line } from '../drawing/chart.ts';
import { joined, type OwnLine, places } from '../drawing/thin.ts';
import type { Settings } from '../settings/settings.ts';
import type { Column } from '../work/messages.ts';
import { Chart } from './chart.tsx';
import { short } from '../drawing/format.ts';
import type { ArmRecord } from './record.ts';
import type { Session } from './session.ts';
import { useStore } from './store.ts';

/** Points of a line at most. */
const MOST_POINTS = 400;

/** What may be along x. */
const ALONG = { step: 'step', circuits: 'circuits', shots: 'shots' } as const;
type Along = keyof typeof ALONG;

/** The line of a column of a rule, by what it has spent. */
function lineOf(record: ArmRecord, along: Exclude<Along, 'step'>, column: Column): OwnLine {
  const at = places(record.length, MOST_POINTS);
  const [x, y] = [record.column(along), record.column(column)];
  return { x: Float64Array.from(at, (i) => x[i] as number), y: Float64Array.from(at, (i) => y[i] as number) };
}

/** Columns of all rules by the step, which they have in common. */
function byStep(records: readonly ArmRecord[], columns: readonly Column[]): ChartData {
  const at = places(Math.max(0, ...records.map(({ length }) => length)), MOST_POINTS);
  const lines = columns.flatMap((column) =>
    records.map((record) => {
      const values = record.column(column);
      return Array.from(at, (i) => (Number.isNaN(values[i] ?? Number.NaN) ? null : (values[i] as number)));
    }),
  );
  return [Float64Array.from(at, (i) => i + 1), ...lines];
}

/** The charts. */
export function RaceCharts({ session, settings }: { session: Session; settings: Settings }) {
  const beat = useStore(session.beat);
  const [chosen, choose] = useState<Along>('step');
  const exact = settings.shots === 0 && settings.arms.every(({ rule }) => rule !== 'frugal');
  const along: Along = chosen === 'shots' && exact ? 'circuits' : chosen;
  const spent = exact ? 'circuits' : 'shots';
  const { arms } = settings;
  const key = JSON.stringify([arms, along, settings.steps]);
  const specs = useMemo(() => {
    const each = (dash = false): Line[] => arms.map(({ rule }, arm) => ({ label: rule, arm, dash }));
    const common = { xLabel: along, sync: 'race', ...(along === 'step' ? { end: settings.steps } : {}) };
    const marks: ChartSpec['marks'] = () =>
      session.arms
        .map((record, arm) => {
          const x = along === 'step' ? undefined : record.column(along);
          return { arm, at: record.reversals().map((step) => x?.[step - 1] ?? step) };
        })
        .filter(({ at }) => at.length > 0);
    return {
      loss: { ...common, lines: each(), marks },
      norms: { ...common, lines: [...each(), ...each(true)], log: true },
      violations: { ...common, lines: [...each(), ...each(true)], range: [0, 1] as const },
      spent: { ...common, lines: each() },
    } satisfies Record<string, ChartSpec>;
  }, [key]);
  const data =
    (...columns: Column[]) =>
    (): ChartData => {
      if (along === 'step') return byStep(session.arms, columns);
      return joined(columns.flatMap((column) => session.arms.map((record) => lineOf(record, along, column))));
    };
  const says = (what: string, column: Column) =>
    `${what} by ${ALONG[along]}: ${arms.map(({ rule }, i) => `${rule} ${short(session.arms[i]?.last(column))}`).join(', ')}`;
  const common = { version: `${beat} ${along}` };
  return (
    <section class="charts" aria-label="Charts">
      <div class="along" role="radiogroup" aria-label="Along x">
        {(exact ? (['step', 'circuits'] as const) : (['step', 'circuits', 'shots'] as const)).map((each) => (
          <label>
            <input type="radio" name="along" checked={along === each} onChange={() => choose(each)} />
            {ALONG[each]}
          </label>
        ))}
      </div>
      <Chart
        {...common}
        title="Loss"
        note="ticks: reversals"
        file="loss"
        spec={specs.loss}
        data={data('loss')}
        says={says('Mini-batch loss', 'loss')}
      />
      <Chart
        {...common}
        title="Gradient norms"
        note="‖∇L‖, dashed ‖∇⟨O⟩‖"
        file="gradient-norms"
        spec={specs.norms}
        data={data('gradient', 'observable')}
        says={says('Norm of the gradient of the loss', 'gradient')}
      />
      <Chart
        {...common}
        title="Violations"
        note="pₜ; dashed: its ascent line"
        file="violations"
        spec={specs.violations}
        data={data('violation', 'line')}
        says={says('Share of steps that raised the loss', 'violation')}
      />
      <Chart
        {...common}
        title={exact ? 'Circuits' : 'Shots'}
        note="spent"
        file="spent"
        spec={specs.spent}
        data={data(spent)}
        says={says(`${spent} spent`, spent)}
      />
    </section>
  );
}
