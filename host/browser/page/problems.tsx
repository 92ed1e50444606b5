/** The Problems page: hydrogen's energy curve and the cut of a graph, solved live. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { ChartSpec } from '../drawing/chart.ts';
import type { Graph } from '../../problems/index.ts';
import type { Progress } from '../work/problems.ts';
import { Chart } from './chart.tsx';
import { Figure } from './figure.tsx';
import { FieldGroup } from './form.tsx';
import { percent, short } from '../drawing/format.ts';
import type { Lab } from './lab.ts';
import { useStore } from './store.ts';

/** What is known of the problem so far. */
interface Known extends Omit<Progress, 'values' | 'run'> {
  readonly values: readonly number[];
}
const NOTHING: Known = { values: [] };

/** Adds what has come. */
export function added(known: Known, { values = new Float64Array(), run: _, ...more }: Progress): Known {
  return { ...known, ...more, values: [...known.values, ...values] };
}

/** A graph on a circle, its nodes by the side of the cut that they are on. */
function GraphFigure({
  graph,
  bits,
  value,
  exact,
}: {
  graph: Graph;
  bits?: string;
  value?: number;
  exact?: number;
}) {
  const size = 300;
  const at = (node: number) => {
    const angle = (2 * Math.PI * node) / graph.nodes.length - Math.PI / 2;
    return [size / 2 + 0.4 * size * Math.cos(angle), size / 2 + 0.4 * size * Math.sin(angle)] as const;
  };
  const isCut = (a: number, b: number) => bits !== undefined && bits[a] !== bits[b];
  const says = `A graph of ${graph.nodes.length} nodes and ${graph.edges.length} edges; the best cut measured so far is ${value ?? 'none'} of ${exact ?? 'unknown'}`;
  return (
    <Figure kind="graph" title="Cut" note={`best measured ${value ?? '–'} of ${exact ?? '–'}`}>
      <svg viewBox={`0 0 ${size} ${size}`} role="img" aria-label={says}>
        {graph.edges.map(({ a, b }) => {
          const [[x1, y1], [x2, y2]] = [at(a), at(b)];
          return <line class={isCut(a, b) ? 'cut' : ''} {...{ x1, y1, x2, y2 }} />;
        })}
        {graph.nodes.map((name, node) => {
          const [x, y] = at(node);
          return (
            <g class={`node side-${bits?.[node] ?? 'none'}`}>
              <circle cx={x} cy={y} r={13} />
              <text x={x} y={y + 1}>
                {name}
              </text>
            </g>
          );
        })}
      </svg>
    </Figure>
  );
}

/** The bitstrings that come most often. */
function Bitstrings({ top }: { top: readonly (readonly [string, number])[] }) {
  return (
    <Figure kind="bits" title="Bitstrings" note="of 500 measured">
      <div class="bars">
        {top.map(([bits, share]) => (
          <p class="bar">
            <code>{bits}</code>
            <meter min={0} max={top[0]?.[1] ?? 1} value={share} aria-label={`share of ${bits}`} />
            <span>{percent(share)}</span>
          </p>
        ))}
      </div>
    </Figure>
  );
}

/** What the circuit comes to has the colour of its rule. */
const energyOf = (arm: number): ChartSpec => ({
  xLabel: 'step',
  lines: [
    { label: 'circuit', arm },
    { label: 'exact', arm: -1, dash: true },
  ],
});
const curveOf = (arm: number): ChartSpec => ({
  xLabel: 'angstrom',
  lines: [
    { label: 'exact', arm: -1 },
    { label: 'circuit', arm, dots: true },
  ],
});

/** The page. */
export function ProblemsView({ lab }: { lab: Lab }) {
  const { session, change } = lab;
  const settings = useStore(lab.settings);
  const focused = useStore(session.focused);
  const [known, setKnown] = useState(NOTHING);
  const [running, setRunning] = useState(false);
  const [wrong, setWrong] = useState('');
  const run = useRef(0);
  const rule = settings.arms[focused]?.rule ?? settings.arms[0]?.rule ?? '';
  const { problem, distance, nodes, degree, cutLayers, problemShots, seed } = settings;
  const key = JSON.stringify([
    problem,
    distance,
    nodes,
    degree,
    cutLayers,
    problemShots,
    seed,
    settings.arms,
    focused,
  ]);

  const stop = () => {
    run.current++;
    setRunning(false);
    return session.client.stopSolving();
  };
  useEffect(() => {
    setKnown(NOTHING);
    setWrong('');
    return () => void stop();
  }, [key]);
  useEffect(
    () =>
      session.onProgress((progress) => {
        if (progress.run !== run.current) return;
        setKnown((before) => added(before, progress));
        if (progress.done) setRunning(false);
      }),
    [session],
  );
  const solve = async () => {
    const mine = ++run.current;
    setKnown(NOTHING);
    setWrong('');
    setRunning(true);
    try {
      await session.client.solve(mine, settings, focused);
    } catch (error) {
      if (mine !== run.current) return;
      setWrong((error as Error).message);
      setRunning(false);
    }
  };
  const { values, exact, curve, graph, cut, done } = known;
  const found = values.at(-1);
  const isMolecule = problem === 'h2';
  const unit = isMolecule ? 'hartree' : 'edges';
  const energyData = () => [
    Float64Array.from(values, (_, i) => i + 1),
    values,
    values.map(() => exact ?? null),
  ];
  const curveData = () => [
    (curve ?? []).map(([at]) => at),
    (curve ?? []).map(([, lowest]) => lowest),
    (curve ?? []).map(([, , solved]) => solved),
  ];
  return (
    <div class="train">
      <aside class="settings" aria-label="Settings">
        <FieldGroup group="problem" title="Problem" {...{ settings, change }} />
        <p class="hint">
          Solved by {rule}, the rule that has the focus on the Train page, seed {seed}.
        </p>
      </aside>
      <div class="stage">
        <div class="controls" role="toolbar" aria-label="The problem">
          <button type="button" class="main" onClick={() => void (running ? stop() : solve())}>
            {running ? 'Stop' : 'Solve'}
          </button>
          <span class="phase" role="status">
            {running ? 'solving' : done ? 'solved' : values.length > 0 ? 'stopped' : 'ready'}
          </span>
          <output class="result">
            {exact !== undefined &&
              found !== undefined &&
              `${short(found, 5)} ${isMolecule ? `hartree, lowest ${short(exact, 5)}` : `edges expected, largest ${exact}`}, off by ${short(Math.abs(found - exact), 5)}`}
          </output>
        </div>
        {wrong && (
          <p class="failure" role="alert">
            {wrong}
          </p>
        )}
        <section class="charts" aria-label="Charts">
          <Chart
            title={isMolecule ? `Energy at ${distance} Å` : 'Expected cut'}
            note={`${unit}; dashed: ${isMolecule ? 'the lowest, by diagonalisation' : 'the largest, by trying all'}`}
            says={`${unit} by step; the latest is ${short(found, 5)}, exact is ${short(exact, 5)}`}
            spec={energyOf(focused)}
            data={energyData}
            version={values.length + String(exact)}
            file="energy"
          />
          {isMolecule ? (
            <Chart
              title="Energy by bond length"
              note="line: exact; points: solved by the circuit"
              says={`Lowest energy of hydrogen at ${curve?.length ?? 0} bond lengths, ${curve?.filter(([, , solved]) => solved !== null).length ?? 0} of them solved`}
              spec={curveOf(focused)}
              data={curveData}
              version={curve}
              file="energy-curve"
            />
          ) : (
            graph && <GraphFigure graph={graph} bits={cut?.bits} value={cut?.value} exact={exact} />
          )}
          {!isMolecule && cut && <Bitstrings top={cut.top} />}
        </section>
      </div>
    </div>
  );
}
