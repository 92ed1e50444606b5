/** One training run: steps, progress, checkpoints and an orderly end when the user stops it. */
import type { Ascent } from '../../api/report.ts';
import type { Trainer } from '../../api/trainer.ts';
import { Interrupted } from '../output/failure.ts';
import { writeWhole } from '../../files/disk.ts';
import { fixed } from '../output/format.ts';
import { startProgress } from '../output/progress.ts';
import type { Context } from '../input/source.ts';
import { type Seen, Watch } from './watch.ts';

/** How a run goes on. */
export interface RunOptions {
  /** What the progress bar calls it. */
  readonly title: string;
  readonly quiet: boolean;
  /** Seconds already spent before this run. */
  readonly seconds?: number;
  /** Looks at every step, and may stop the run; what it has seen goes into the checkpoint. Default only curves. */
  readonly watch?: Watch;
  /** Look whether the steps go uphill. */
  readonly ascent?: boolean;
  readonly checkpoint?: { readonly file: string; readonly context: Omit<Context, 'seconds' | 'watch'> };
}

/** What only the run knows at its end. */
export interface RunRecord {
  /** Seconds of training, without the looks at the aggregate loss. */
  readonly seconds: number;
  readonly history: readonly { readonly step: number; readonly loss: number }[];
  /** What else was seen on the way. */
  readonly watch?: Watch;
  /** A record a step, where it was looked whether they go uphill. */
  readonly ascent?: readonly Ascent[];
}

/** Listens for Ctrl-C and polite kills. */
class Stop {
  readonly #controller = new AbortController();
  requested: 'SIGINT' | 'SIGTERM' | undefined;

  /** @param patient let the step under way finish at the first signal, and give up only at the second */
  constructor(
    readonly patient: boolean,
    readonly message: () => string,
  ) {
    process.on('SIGINT', this.#hear);
    process.on('SIGTERM', this.#hear);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  #hear = (signal: NodeJS.Signals): void => {
    const name = signal === 'SIGTERM' ? 'SIGTERM' : 'SIGINT';
    if (!this.patient || this.requested !== undefined)
      this.#controller.abort(new Interrupted(name, this.message()));
    this.requested ??= name;
  };

  dispose(): void {
    process.off('SIGINT', this.#hear);
    process.off('SIGTERM', this.#hear);
  }
}

/** What has been seen on the way, in words, where the user has asked to hear of it. */
function linesOf(step: number, steps: number, { trainingLoss, validation }: Seen): string[] {
  if (trainingLoss === undefined) return [];
  const more = validation && `, validation loss ${fixed(validation.loss, 6)}`;
  return [`step ${step}/${steps}  aggregate loss ${fixed(trainingLoss, 6)}${more ?? ''}`];
}

/**
 * Trains to the end.
 * @throws Interrupted by a signal, after writing the checkpoint if there is one; CoreError when it diverges
 */
export async function runTraining(trainer: Trainer, options: RunOptions): Promise<RunRecord> {
  const { title, quiet, ascent, checkpoint, seconds = 0, watch = new Watch(trainer) } = options;
  const { steps } = trainer.training;
  const looks: Ascent[] = [];
  const progress = startProgress(title, trainer.steps, steps, quiet);
  const interrupted = (saved: boolean) => {
    const done = `interrupted after step ${trainer.steps} of ${steps}`;
    if (checkpoint === undefined) return `${done}; nothing was written`;
    return saved
      ? `${done}; --resume ${checkpoint.file} goes on from there`
      : `${done}; --resume ${checkpoint.file} goes on from the latest checkpoint, if there was one`;
  };
  const stop = new Stop(checkpoint !== undefined, () => interrupted(false));
  let started = performance.now();
  const elapsed = () => seconds + (performance.now() - started) / 1000;
  const save = async () => {
    if (checkpoint === undefined) return;
    const context = { ...checkpoint.context, seconds: elapsed(), watch: await watch.context() };
    await writeWhole(checkpoint.file, trainer.checkpoint(context));
  };
  try {
    // A checkpoint may be of a run that its validation set has ended.
    const until = watch.stop ? trainer.steps : steps;
    for await (const report of trainer.fit({ signal: stop.signal, until, ascent })) {
      const { step } = report;
      if (report.ascent) looks.push(report.ascent);
      progress.update(report);
      const before = performance.now();
      const seen = await watch.look(report);
      for (const line of linesOf(step, steps, seen)) progress.log(line);
      started += performance.now() - before;
      const last = step === steps || watch.stop;
      const due = checkpoint !== undefined && (step % checkpoint.context.every === 0 || last);
      if (due || stop.requested) await save();
      if (stop.requested && !last) {
        throw new Interrupted(stop.requested, interrupted(true));
      }
      if (last) break;
    }
    return { seconds: elapsed(), history: watch.history, watch, ...(looks.length > 0 && { ascent: looks }) };
  } finally {
    progress.stop();
    stop.dispose();
    await watch.end();
  }
}
