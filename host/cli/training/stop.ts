/** What stops a training in good order: Ctrl-C, a polite kill, a terminal that is closed. */
import { Interrupted, type StopSignal } from '../output/failure.ts';

const SIGNALS: readonly StopSignal[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** Listens for signals from when it is made until `dispose`. */
export class Stop {
  readonly #controller = new AbortController();
  #urged = false;
  /** The first signal that came. */
  requested: StopSignal | undefined;

  /**
   * @param patient let the step under way finish at the first signal, and give up only when asked again
   * @param message what to say when it is given up
   */
  constructor(
    readonly patient: boolean,
    readonly message: () => string,
  ) {
    for (const signal of SIGNALS) process.on(signal, this.#hear);
  }

  /** Aborts when the work is to be given up. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  #hear = (name: NodeJS.Signals): void => {
    const signal = name as StopSignal;
    // A closed terminal is told of twice, by the system and by the shell, and a shutdown brings SIGTERM and SIGHUP:
    // that is no impatience.
    const again = this.#urged && signal !== 'SIGHUP';
    if (signal !== 'SIGHUP') this.#urged = true;
    if (!this.patient || again) this.#controller.abort(new Interrupted(signal, this.message()));
    this.requested ??= signal;
  };

  dispose(): void {
    for (const signal of SIGNALS) process.off(signal, this.#hear);
  }
}

/** Gives work a signal that Ctrl-C, a polite kill or a closed terminal aborts. @param said the reason, for people */
export async function interruptible<T>(
  said: () => string,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const stop = new Stop(false, said);
  try {
    return await work(stop.signal);
  } finally {
    stop.dispose();
  }
}
