/** The frame of the page: where one is, what cannot be understood, and the view. */
import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { type View, VIEWS } from '../settings/settings.ts';
import { Fetched } from './fetched.tsx';
import type { Lab } from './lab.ts';
import { useStore } from './store.ts';
import { Train } from './train.tsx';

const TITLES: Readonly<Record<View, string>> = {
  train: 'Train',
  plateau: 'Plateau',
  problems: 'Problems',
  fit: 'Fit',
  paper: 'Paper',
};

type Draw = ComponentType<{ readonly lab: Lab }>;

/** The other views. */
const FETCHED: Readonly<Partial<Record<View, () => Promise<Draw>>>> = {
  plateau: async () => (await import('./plateau.tsx')).PlateauView,
  problems: async () => (await import('./problems.tsx')).ProblemsView,
  paper: async () => (await import('./paper.tsx')).PaperView,
  fit: async () => (await import('./fit.tsx')).FitView,
};

function Shown({ view, lab }: { view: View; lab: Lab }) {
  const fetch = FETCHED[view];
  return fetch === undefined ? <Train lab={lab} /> : <Fetched key={view} fetch={fetch} with={{ lab }} />;
}

/** Light, dark, or as the system has it; kept in this browser. */
function ThemeButton() {
  const [dark, setDark] = useState(
    (localStorage.getItem('theme') ??
      (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')) === 'dark',
  );
  const turn = () => {
    const next = dark ? 'light' : 'dark';
    localStorage.setItem('theme', next);
    document.documentElement.dataset.theme = next;
    setDark(!dark);
  };
  return (
    <button type="button" class="quiet theme" onClick={turn}>
      {dark ? 'Light' : 'Dark'}
    </button>
  );
}

/** Takes a file that is dropped anywhere. */
function useDrop(lab: Lab): boolean {
  const [over, setOver] = useState(false);
  useEffect(() => {
    const take = (event: DragEvent) => {
      event.preventDefault();
      setOver(event.type === 'dragover');
      const [file] = event.type === 'drop' ? (event.dataTransfer?.files ?? []) : [];
      if (file) void lab.bring(file);
    };
    const types = ['dragover', 'dragleave', 'drop'] as const;
    for (const type of types) addEventListener(type, take);
    return () => types.forEach((type) => removeEventListener(type, take));
  }, [lab]);
  return over;
}

/** The page. */
export function App({ lab }: { lab: Lab }) {
  const settings = useStore(lab.settings);
  const notices = useStore(lab.notices);
  const over = useDrop(lab);
  return (
    <>
      <a
        class="skip"
        href="#stage"
        onClick={(event) => {
          event.preventDefault();
          document.querySelector<HTMLElement>('main')?.focus();
        }}
      >
        To the page
      </a>
      <header class="top">
        <h1>
          nlr-vqa <span>lab</span>
        </h1>
        <nav aria-label="Views">
          {VIEWS.filter((view) => view === 'train' || FETCHED[view]).map((view) => (
            <button
              type="button"
              aria-current={view === settings.view ? 'page' : undefined}
              onClick={() => lab.settings.set({ ...settings, view })}
            >
              {TITLES[view]}
            </button>
          ))}
        </nav>
        <ThemeButton />
      </header>
      {notices.length > 0 && (
        <div class="notices" role="alert">
          <ul>
            {notices.map((sentence) => (
              <li>{sentence}</li>
            ))}
          </ul>
          <button type="button" class="quiet" onClick={() => lab.notices.set([])}>
            Close
          </button>
        </div>
      )}
      <main id="stage" tabIndex={-1}>
        <h2 class="visually-hidden">{TITLES[settings.view]}</h2>
        <Shown view={settings.view} lab={lab} />
      </main>
      {over && <div class="drop">Drop a CSV to train on it</div>}
    </>
  );
}
