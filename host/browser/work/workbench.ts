/** The work of the Train page: a race that can be started, paused, stepped and asked. It shares its thread with nothing else. */
import type { Trainer } from '../../index.ts';
import type { OwnTable, Settings } from '../settings/settings.ts';
import { prepareData, type Prepared, type ReadDigits } from './data.ts';
import type { FileKind } from './files.ts';
import { pointsOf, surfaceOf, tested } from './looks.ts';
import type { Batch, Points, RaceCalls } from './messages.ts';
import { layOut, type Runner } from './race.ts';

/** Milliseconds between two batches for the page, and between two looks at rows and surface. */
const BATCH_MS = 60;
const LOOK_MS = 300;

/** A turn of the event loop, in which messages come in. */
const turn = () => new Promise<void>((resolve) => setTimeout(resolve, 0));

/** A race, what is asked of it, and what others make of its models. */
export interface Workbench {
  readonly calls: RaceCalls;
  /** @throws Error before there is one */
  trainerAt(arm: number): Trainer;
  prepared(): Prepared;
  /** Work on the models, between two steps: within one none can be looked at. */
  inTurn<T>(work: () => T | Promise<T>): Promise<T>;
}

/** A bench without a race. @param tell takes what the page is to be told */
export function workbench(digits: ReadDigits, tell: (batch: Batch) => void): Workbench {
  let [race, opening] = [-1, -1];
  let [runners, prepared] = [[] as Runner[], undefined as Prepared | undefined];
  let [points, focused] = [undefined as Points | undefined, 0];
  let running = false;
  let loop = Promise.resolve();
  let last: Promise<unknown> = loop;
  let looked = 0;
  let settings: Settings | undefined;

  const data = (): Prepared => {
    if (prepared === undefined) throw new Error('there is no race yet');
    return prepared;
  };
  const runnerAt = (arm: number): Runner => {
    const runner = runners[arm];
    if (runner === undefined) throw new Error(`there is no rule ${arm + 1} in this race`);
    return runner;
  };

  /** Tells the page what has come. @param look whether to look at rows and surface too */
  const report = (look: boolean) => {
    const over = runners.every(({ finished }) => finished);
    tell({
      ...{ race, running },
      arms: runners.map((runner) => ({
        columns: runner.take(),
        standing: { ...runner.standing, ...(look ? tested(runner.trainer, data().test, over) : {}) },
      })),
      ...(look && points ? { surface: surfaceOf(runnerAt(focused).trainer, points, focused) } : {}),
    });
    if (look) looked = performance.now();
  };

  const inTurn = <T>(work: () => T | Promise<T>): Promise<T> => {
    const made = last.then(work);
    last = made.catch(() => {});
    return made;
  };

  /** A step of every rule. One that was stopped within its step is behind the others, which wait for it. */
  const stepAll = async () => {
    const going = runners.filter(({ finished }) => !finished);
    const least = Math.min(...going.map(({ trainer }) => trainer.steps));
    for (const runner of going) {
      if (runner.trainer.steps === least) await runner.step();
      if (runner.stopped) return;
    }
  };
  const isOver = () => runners.every(({ finished }) => finished);

  /** Steps until it is told to pause or all rules have come to their end. @param pace steps a second, 0 for no limit */
  const goOn = async (pace: number) => {
    const began = performance.now();
    let [made, told] = [0, began];
    while (running && !isOver()) {
      const now = performance.now();
      const due = pace === 0 ? Number.POSITIVE_INFINITY : Math.floor(((now - began) * pace) / 1000) + 1;
      while (running && made < due && performance.now() - now < BATCH_MS / 2 && !isOver()) {
        await inTurn(stepAll);
        made++;
      }
      if (performance.now() - told >= BATCH_MS) {
        report(performance.now() - looked >= LOOK_MS);
        told = performance.now();
      }
      if (pace > 0 && made >= due)
        await new Promise((resolve) => setTimeout(resolve, Math.min(30, 1000 / pace)));
      else await turn();
    }
    running = false;
    report(true);
  };

  const pause = async () => {
    running = false;
    // A step of a large model takes minutes.
    for (const runner of runners) runner.stop();
    await loop;
  };

  const calls: RaceCalls = {
    async open(number: number, wanted: Settings, table: OwnTable | undefined) {
      opening = number;
      await pause();
      const made = await prepareData(wanted, table, digits);
      const laidOut = await layOut(wanted, made);
      if (opening !== number) throw new Error('another race has been asked for');
      [race, settings, prepared, points] = [number, wanted, made, pointsOf(made)];
      runners = laidOut;
      focused = Math.min(focused, runners.length - 1);
      report(true);
      const { model, classes } = runnerAt(0).trainer;
      const { train, test } = made;
      return {
        circuit: model.circuit,
        ...{ qubits: model.qubits, features: model.features, classes },
        observables: model.observables.map((terms) =>
          terms
            .map(({ coefficient, pauli }) => `${coefficient === 1 ? '' : `${coefficient} `}${pauli}`)
            .join(' + '),
        ),
        parameters: runnerAt(0).trainer.parameters.length,
        rows: { train: train.rows, test: test.rows },
        columnNames: train.columnNames ?? [],
        ...(points && { points }),
        ...(train.shape && { shape: train.shape }),
      };
    },
    async run(pace: number) {
      await pause();
      data();
      running = true;
      loop = goOn(pace);
    },
    pause,
    async step() {
      running = false;
      await loop;
      await inTurn(stepAll);
      report(true);
    },
    async focus(arm: number) {
      runnerAt(arm);
      focused = arm;
      if (!running) await inTurn(() => report(true));
    },
    async classify(row: Float64Array) {
      return inTurn(() => runnerAt(focused).trainer.predict([row])[0]?.probabilities ?? []);
    },
    async sample(index: number) {
      const { features, columns, labels, classes, rows } = data().test;
      const at = index % rows;
      return {
        row: features.slice(at * columns, (at + 1) * columns),
        label: classes[labels[at] as number] ?? '',
      };
    },
    async file(kind: FileKind, arm: number) {
      const { trainer, arm: which } = runnerAt(arm);
      const { fileOf } = await import('./files.ts');
      return inTurn(() => fileOf(kind, trainer, `${settings?.data ?? 'run'}-${which.rule}`));
    },
  };
  return { calls, trainerAt: (arm) => runnerAt(arm).trainer, prepared: data, inTurn };
}
