/** The Plateau page: Figure 1's landscape with the ways of the rules, a slice of the chosen model's loss, and variances. */
import { useEffect, useMemo, useState } from 'preact/hooks';
import { DOMAIN, FORMULA } from '../../paper/landscape.ts';
import type { ChartSpec } from '../drawing/chart.ts';
import { energyAt, RATE, series } from '../work/cave.ts';
import type { Slice, Variance, Way } from '../work/plateau.ts';
import { ArmsForm } from './arms-form.tsx';
import { Chart } from './chart.tsx';
import { FieldGroup } from './form.tsx';
import { short } from '../drawing/format.ts';
import { Heat } from './heat.tsx';
import type { Lab } from './lab.ts';
import { useStore } from './store.ts';
import { Turnable } from './turnable.tsx';

/** Cells along a side of the landscape. */
const SIDE = 57;

/** Half the distance over which a slope is taken. */
const STEP = 1e-3;

/** Heights and slopes of the landscape as the circuit has it. */
function landscape() {
  const terms = series();
  const at = (k: number) => DOMAIN[0] + ((DOMAIN[1] - DOMAIN[0]) * k) / (SIDE - 1);
  const all = (of: (x: number, y: number) => number) =>
    Float64Array.from({ length: SIDE * SIDE }, (_, i) => of(at(i % SIDE), at(Math.floor(i / SIDE))));
  const slope = (x: number, y: number) =>
    Math.hypot(
      energyAt(terms, x + STEP, y) - energyAt(terms, x - STEP, y),
      energyAt(terms, x, y + STEP) - energyAt(terms, x, y - STEP),
    ) /
    (2 * STEP);
  return { heights: all((x, y) => energyAt(terms, x, y)), slopes: all(slope) };
}

const VARIANCES: ChartSpec = {
  xLabel: 'qubits',
  log: true,
  lines: [
    { label: 'local', arm: 1 },
    { label: 'global', arm: 0 },
    { label: 'floor', arm: -1, dash: true },
  ],
};

/** Shots of the floor where none are chosen. */
const USUAL_SHOTS = 1000;

/** Asks for something, and takes it unless it is no longer wanted. @returns what ends the wish */
function latest<T>(
  ask: () => Promise<T>,
  take: (value: T) => void,
  fail: (error: unknown) => void,
): () => void {
  let isWanted = true;
  const wait = async () => {
    try {
      const value = await ask();
      if (isWanted) take(value);
    } catch (error) {
      if (isWanted) fail(error);
    }
  };
  void wait();
  return () => {
    isWanted = false;
  };
}

/** The page. */
export function PlateauView({ lab }: { lab: Lab }) {
  const { session, change } = lab;
  const settings = useStore(lab.settings);
  const focused = useStore(session.focused);
  const phase = useStore(session.phase);
  const failure = useStore(session.failure);
  const { heights, slopes } = useMemo(landscape, []);
  const [ways, setWays] = useState<readonly Way[]>([]);
  const [slice, setSlice] = useState<Slice | undefined>();
  const [found, setFound] = useState<readonly Variance[]>([]);
  const [wrong, setWrong] = useState('');
  const { arms, startX, startY, caveSteps, seed, sliceA, sliceB, layers, entangler, entanglerGate } =
    settings;
  const fail = (error: unknown) => setWrong((error as Error).message);

  useEffect(
    () =>
      latest(
        () => session.client.ways(settings),
        (next) => {
          setWays(next);
          setWrong('');
        },
        fail,
      ),
    [JSON.stringify([arms, startX, startY, caveSteps, seed])],
  );
  const isReady = phase !== 'opening' && phase !== 'failed' && phase !== 'running';
  useEffect(() => {
    if (!isReady) return undefined;
    return latest(
      () => session.client.slice(settings, focused),
      (next) => {
        setSlice(next);
        setWrong('');
      },
      fail,
    );
  }, [isReady, focused, sliceA, sliceB]);
  useEffect(() => {
    setFound([]);
    const end = session.onVariance((one) => setFound((before) => [...before, one]));
    session.client.variances(settings).catch(fail);
    return () => {
      end();
      void session.client.stopVariances();
    };
  }, [layers, entangler, entanglerGate]);

  const drawn = ways.map(({ at }, arm) => ({ arm, at }));
  const cave = useMemo(() => ({ side: SIDE, heights, domain: DOMAIN, ways: drawn }), [ways]);
  const heat = useMemo(() => ({ side: SIDE, heights: slopes, domain: DOMAIN, ways: drawn }), [ways]);
  const real = useMemo(
    () =>
      slice && failure === undefined
        ? { side: slice.side, heights: slice.values, domain: [-Math.PI, Math.PI] as const, ways: [] }
        : undefined,
    [slice, failure],
  );
  const shots = settings.shots || USUAL_SHOTS;
  const ends = ways.map(({ at, energy, reversed, failed }, i) => {
    const times = reversed.reduce((sum, one) => sum + one, 0);
    // Its line covers the other's.
    const same = ways.findIndex((other, j) => j < i && `${other.at}` === `${at}`);
    const also = same < 0 ? '' : `, all the way as ${arms[same]?.rule}`;
    return `${arms[i]?.rule ?? ''} ${failed ?? `${short(energy, 3)}${times > 0 ? `, ${times} reversed` : ''}${also}`}`;
  });
  return (
    <div class="train">
      <aside class="settings" aria-label="Settings">
        <FieldGroup group="cave" title="Landscape" {...{ settings, change }} />
        <ArmsForm arms={arms} rate={RATE} change={(next) => lab.settings.set({ ...settings, arms: next })} />
        <FieldGroup group="slice" title="Slice" {...{ settings, change }} />
        <FieldGroup group="model" title="Model" open={false} {...{ settings, change }} />
      </aside>
      <div class="stage">
        {(failure || wrong) && (
          <p class="failure" role="alert">
            {failure ? `The slice has no model: ${failure}` : wrong}
          </p>
        )}
        <section class="plateaus" aria-label="Landscapes">
          <Turnable
            title="Figure 1’s landscape"
            note="drag to turn it"
            says={`A cost over two parameters with a well at (2, 2) and a cave at (-2, -2), and the ways of the rules from (${startX}, ${startY}): ${ends.join('; ')}`}
            file="landscape"
            surface={cave}
          />
          <Heat
            surface={heat}
            says="The gradient’s size: none in the cave or far from the well"
            choose={(x, y) => lab.settings.set({ ...settings, startX: x, startY: y })}
          />
          <Turnable
            title="Slice of the model’s loss"
            note={
              slice && real
                ? `θ${slice.along[0]} and θ${slice.along[1]} of θ0 to θ${slice.parameters - 1}, ±π beside where they are`
                : failure
                  ? ''
                  : 'computing'
            }
            says="The loss of the chosen model over two of its parameters"
            file="slice"
            surface={real}
          />
          <Chart
            title="Variance of a derivative"
            note={`${found.length === 0 ? 'computing; ' : ''}by qubits: blue ⟨Z₀⟩, orange parity; dashed 1/(2M), M = ${shots}`}
            says={`Variance of derivatives by qubits: ${found.map(({ qubits, local, global }) => `${qubits} qubits local ${short(local)}, global ${short(global)}`).join('; ')}`}
            spec={VARIANCES}
            data={() => [
              found.map(({ qubits }) => qubits),
              found.map(({ local }) => local),
              found.map(({ global }) => global),
              found.map(() => 1 / (2 * shots)),
            ]}
            version={`${found.length} ${shots}`}
            file="variance"
          />
        </section>
        <section class="panel sentences" aria-label="Where the rules came to">
          <h3>Where the rules came to</h3>
          <ul>
            {ends.map((sentence) => (
              <li>{sentence}</li>
            ))}
          </ul>
          <p class="note">
            {FORMULA}. The paper shows its figure without a formula; this one is ours. The rules are the
            core’s own: they minimise the energy of a circuit of 12 qubits and two parameters that is the
            Fourier series of this landscape up to the sixth harmonic of a period of 12, and differs from it
            by 0.05 at most. What is drawn is the circuit.
          </p>
        </section>
      </div>
    </div>
  );
}
