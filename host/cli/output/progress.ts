/** A progress bar on a terminal, nothing anywhere else. */
import { SingleBar } from 'cli-progress';
import type { StepReport } from '../../api/report.ts';
import { fixed } from './format.ts';
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

/**
 * Starts a bar on stderr.
 * @param title what is being trained
 * @param quiet no bar and no lines
 */
export function startProgress(title: string, from: number, steps: number, quiet: boolean): Progress {
  const log = (line: string) => {
    if (!quiet) note(`${line}\n`);
  };
  if (quiet || !process.stderr.isTTY) return { update() {}, log, warn: tell, stop() {} };
  const bar = new SingleBar({
    format: `${title} {bar} {value}/{total}  loss {loss}  {eta_formatted} left`,
    barCompleteChar: '=',
    barIncompleteChar: ' ',
    barsize: 30,
    stream: process.stderr,
    // Signals are the run's business; a hidden cursor would stay hidden after one.
    gracefulExit: false,
    hideCursor: false,
    clearOnComplete: true,
    linewrap: true,
    etaBuffer: 50,
  });
  bar.start(steps, from, { loss: '-' });
  return {
    update: ({ step, loss }) => bar.update(step, { loss: fixed(loss) }),
    log: (line) => {
      note('\r\u001b[K');
      log(line);
    },
    warn: (message) => {
      note('\r\u001b[K');
      tell(message);
    },
    stop: () => bar.stop(),
  };
}
