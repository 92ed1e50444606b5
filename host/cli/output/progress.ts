/** How far a training is, and lines beside its bar. */
import type { StepReport } from '../../api/report.ts';
import { startBar } from './bar.ts';
import { count, fixed } from './format.ts';
import { note, tell } from './streams.ts';

/** Shows how far a training run is. */
export interface Progress {
  update(report: StepReport): void;
  /** Prints a line without tearing the bar. */
  log(line: string): void;
  /** Prints a message without tearing the bar, also when asked to be quiet. */
  warn(message: string): void;
  stop(): void;
}

/** What a loss is called where it is not one to its reader, and its sign there. */
export interface Goal {
  readonly name: string;
  readonly sign: 1 | -1;
}

const LOSS: Goal = { name: 'loss', sign: 1 };

/**
 * Starts a bar on stderr.
 * @param title what is being trained
 * @param quiet no bar and no lines
 */
export function startProgress(
  title: string,
  from: number,
  steps: number,
  quiet: boolean,
  { name, sign }: Goal = LOSS,
): Progress {
  const isDrawn = !quiet && process.stderr.isTTY;
  const words = (step: number) => `step ${count(step)} of ${count(steps)}`;
  const bar = startBar({ title, total: steps, from, words: words(from) }, quiet);
  const clear = () => {
    if (isDrawn) note('\r\u001b[K');
  };
  return {
    update: ({ step, loss }) => bar.update(step, `${words(step)}  ${name} ${fixed(sign * loss)}`),
    log(line) {
      clear();
      if (!quiet) note(`${line}\n`);
    },
    warn(message) {
      clear();
      tell(message);
    },
    stop: bar.stop,
  };
}
