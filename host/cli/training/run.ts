/** One training run: steps, progress, checkpoints and an orderly end when the user stops it. */
import type { Ascent } from '../../api/report.ts';
import type { Trainer } from '../../api/trainer.ts';
import { shellWord } from '../output/commands.ts';
import { explain, failureOf, Interrupted } from '../output/failure.ts';
import type { OutputFile } from '../../files/output-file.ts';
import { fixed } from '../output/format.ts';
import { plain } from '../output/plain.ts';
import { type Goal, startProgress } from '../output/progress.ts';
import { tell } from '../output/streams.ts';
import type { Context } from '../input/source.ts';
import { alarmOnce } from './remedy.ts';
import { Stop } from './stop.ts';
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
  /** Take no step: the run ends where its checkpoint is. */
  readonly finish?: boolean;
  /** What the loss is to the reader; default a loss. */
  readonly goal?: Goal;
  /** What is said of a run without a checkpoint that is interrupted; default that nothing was written. */
  readonly unkept?: string;
  readonly checkpoint?: { readonly file: OutputFile; readonly context: Omit<Context, 'seconds' | 'watch'> };
}

/** What only the run knows at its end. */
export interface RunRecord {
  /** Seconds of training, without the looks at the aggregate loss. */
  readonly seconds: number;
  /** |grad L| before the first step of this run; undefined where there was none. */
  readonly firstGradient?: number;
  readonly history: readonly { readonly step: number; readonly loss: number }[];
  /** What else was seen on the way. */
  readonly watch?: Watch;
  /** A record a step, where it was looked whether they go uphill. */
  readonly ascent?: readonly Ascent[];
  /** Why the checkpoint is not that of the last step, if it is not. */
  readonly failure?: unknown;
}

/** What has been seen on the way, in words, where the user has asked to hear of it. */
function linesOf(step: number, steps: number, { trainingLoss, validation }: Seen): string[] {
  if (trainingLoss === undefined) return [];
  const more = validation && `, validation loss ${fixed(validation.loss, 6)}`;
  return [`step ${step}/${steps}  aggregate loss ${fixed(trainingLoss, 6)}${more ?? ''}`];
}

/**
 * Trains to the end. A checkpoint that cannot be written stops nothing, because stopping would lose more: it is
 * said once, and tried again when the next one is due.
 * @throws Interrupted by a signal, after writing the checkpoint if there is one; CoreError when it diverges
 */
export async function runTraining(trainer: Trainer, options: RunOptions): Promise<RunRecord> {
  const { title, quiet, ascent, checkpoint, seconds = 0, watch = new Watch(trainer) } = options;
  const { unkept = 'nothing was written', finish = false } = options;
  const { steps } = trainer.training;
  const looks: Ascent[] = [];
  const alarmed = alarmOnce(trainer.training);
  let firstGradient: number | undefined;
  const progress = startProgress(title, trainer.steps, steps, quiet, options.goal);
  const interrupted = (saved: boolean) => {
    const done = `interrupted after step ${trainer.steps} of ${steps}`;
    if (checkpoint === undefined) {
      const { logName } = watch;
      return `${done}; ${logName === undefined ? unkept : `nothing was written but the log, ${plain(logName)}`}`;
    }
    const again = `--resume ${shellWord(checkpoint.file.name)}`;
    return saved
      ? `${done}; ${again} goes on from there`
      : `${done}; ${again} goes on from the latest checkpoint, if there was one`;
  };
  const stop = new Stop(checkpoint !== undefined, () => interrupted(false));
  let started = performance.now();
  const elapsed = () => seconds + (performance.now() - started) / 1000;
  let failure: unknown;
  let ended = false;
  const save = async () => {
    if (checkpoint === undefined) return;
    const context = { ...checkpoint.context, seconds: elapsed(), watch: await watch.context() };
    const bytes = trainer.checkpoint(context);
    const before = failure;
    failure = await failureOf(checkpoint.file.write(bytes));
    if (failure === undefined || before !== undefined) return;
    progress.warn(`${explain(failure, undefined).message}; the training goes on`);
  };
  try {
    // A checkpoint may be of a run that its validation set has ended.
    const until = finish || watch.stop ? trainer.steps : steps;
    for await (const report of trainer.fit({ signal: stop.signal, until, ascent })) {
      const { step } = report;
      firstGradient ??= report.gradientNorm.loss;
      if (report.ascent) looks.push(report.ascent);
      progress.update(report);
      const alarm = quiet ? undefined : alarmed(report);
      if (alarm !== undefined) progress.warn(alarm);
      const before = performance.now();
      const seen = watch.look(report);
      const written = watch.writeDown(report, seen);
      if (written !== undefined) await written;
      for (const line of linesOf(step, steps, seen)) progress.log(line);
      started += performance.now() - before;
      const last = trainer.finished || watch.stop;
      const due = checkpoint !== undefined && (step % checkpoint.context.every === 0 || last);
      if (due || stop.requested) await save();
      if (stop.requested && !last) {
        throw new Interrupted(stop.requested, interrupted(failure === undefined));
      }
      if (last) break;
    }
    ended = true;
    return {
      ...{ seconds: elapsed(), firstGradient, history: watch.history, watch, failure },
      ...(looks.length > 0 && { ascent: looks }),
    };
  } finally {
    progress.stop();
    stop.dispose();
    await watch.end();
    // Of a run to the end the caller says it, beside the result.
    if (!ended && watch.failure !== undefined) tell(explain(watch.failure, undefined).message as string);
  }
}
