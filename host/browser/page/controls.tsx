/** Run, pause, step, reset, the pace, and the link. */
import { useState } from 'preact/hooks';
import type { Lab } from './lab.ts';
import { useStore } from './store.ts';

/** Paces to choose from, steps a second. */
const PACES = [
  [10, '10 steps/s'],
  [60, '60 steps/s'],
  [300, '300 steps/s'],
  [0, 'as fast as it goes'],
] as const;

const SAYS = {
  opening: 'laying out',
  ready: 'ready',
  running: 'running',
  paused: 'paused',
  over: 'finished',
  failed: 'cannot run',
} as const;

/** The bar of controls. */
export function Controls({ lab }: { lab: Lab }) {
  const { session } = lab;
  const phase = useStore(session.phase);
  const settings = useStore(lab.settings);
  const table = useStore(lab.table);
  const pace = useStore(session.pace);
  useStore(session.beat);
  const [copied, setCopied] = useState('');
  const step = Math.max(0, ...session.arms.map(({ standing }) => standing?.step ?? 0));
  const isRunning = phase === 'running';
  const isStuck = phase === 'failed' || phase === 'over';
  const choosePace = (next: number) => {
    session.pace.set(next);
    if (isRunning) void session.run();
  };
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(location.href);
      const without = settings.data === 'csv' && table && table.packed === undefined;
      setCopied(without ? 'copied; the table is too long to go along' : 'copied');
    } catch {
      setCopied('the link is in the address bar');
    }
    setTimeout(() => setCopied(''), 4000);
  };
  return (
    <div class="controls" role="toolbar" aria-label="The race">
      <button
        type="button"
        class="main"
        disabled={isStuck}
        onClick={() => void (isRunning ? session.pause() : session.run())}
      >
        {isRunning ? 'Pause' : phase === 'paused' ? 'Resume' : 'Run'}
      </button>
      <button type="button" disabled={isStuck} onClick={() => void session.step()}>
        Step
      </button>
      <button type="button" onClick={() => void session.open(settings, table)}>
        Reset
      </button>
      <select
        class="pace"
        aria-label="Pace"
        value={pace}
        onChange={({ currentTarget }) => choosePace(Number(currentTarget.value))}
      >
        {PACES.map(([value, label]) => (
          <option value={value}>{label}</option>
        ))}
      </select>
      <div class="progress">
        <progress max={settings.steps} value={step} aria-label="Steps made" />
        <output aria-live="off">
          {step} / {settings.steps}
        </output>
        <span class={`phase is-${phase}`} role="status">
          {SAYS[phase]}
        </span>
      </div>
      <span class="seed">
        seed <b>{settings.seed}</b>
      </span>
      <button type="button" onClick={() => void copy()}>
        Copy link
      </button>
      <span class="copied" role="status">
        {copied}
      </span>
    </div>
  );
}
