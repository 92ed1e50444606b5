/** What goes on beside a training: a log, a validation set, and the curves. */
import { EarlyStopping, type ValidationLook } from '../../api/early-stopping.ts';
import type { StepReport } from '../../api/report.ts';
import type { Trainer } from '../../api/trainer.ts';
import type { Dataset } from '../../data/dataset.ts';
import { DataError } from '../../core/errors.ts';
import { LineLog } from '../../files/line-log.ts';
import type { OutputFile } from '../../files/output-file.ts';
import type { WatchContext } from '../input/source.ts';
import { Curves, type CurvesState } from '../output/curves.ts';

/** Steps between two looks at the validation set unless `--evaluate-every` says. */
export const LOOK_EVERY = 10;

/** Begins a log, or goes on with that of a run that is resumed, which has to reach its last step. @throws DataError */
export async function openLog(file: Pick<OutputFile, 'name' | 'path'>, steps: number): Promise<LineLog> {
  if (steps === 0) return LineLog.begin(file);
  let last: number | undefined;
  const log = await LineLog.resume(file, (line, number) => {
    let step: unknown;
    try {
      step = (JSON.parse(line) as { step?: unknown }).step;
    } catch {}
    if (Number.isInteger(step)) {
      const stays = (step as number) <= steps;
      if (stays) last = step as number;
      return stays;
    }
    const message = 'this is no line of a log of steps; give --log another file, or the one of this run';
    throw new DataError('ERR_DATA_SYNTAX', message, { file: file.name, line: number });
  });
  if (last === undefined || last === steps) return log;
  await log.close();
  const message = `the log ends with step ${last}, but the run goes on after step ${steps}; give --log another file, or the one of this run`;
  throw new DataError('ERR_DATA_ROWS', message, { file: file.name });
}

/** What there is to watch. */
interface WatchOptions {
  /** Rows to look at on the way, the steps between two looks, and the looks to wait for a lower loss. */
  readonly validation?: { readonly dataset: Dataset; readonly every: number; readonly patience?: number };
  /** Steps between two looks at the loss of the whole training set. */
  readonly evaluateEvery?: number;
  /** Whether the curves are drawn, or a checkpoint has to carry them; else no step is added to them. */
  readonly keepCurves?: boolean;
  /** From a checkpoint, and its name. */
  readonly from?: { readonly context: WatchContext | undefined; readonly name: string };
}

/** What was seen of a step. */
export interface Seen {
  /** Loss of the whole training set, if it was looked at. */
  readonly trainingLoss?: number;
  readonly validation?: ValidationLook;
}

/** Watches one training. */
export class Watch {
  readonly curves: Curves;
  /** Every look at the loss of the whole training set in this process. */
  readonly history: { readonly step: number; readonly loss: number }[] = [];
  readonly early: EarlyStopping | undefined;
  readonly #trainer: Trainer;
  readonly #options: WatchOptions;
  #log: LineLog | undefined;

  /** @throws DataError, FormatError */
  constructor(trainer: Trainer, options: WatchOptions = {}) {
    const { validation, from } = options;
    this.#trainer = trainer;
    this.#options = options;
    this.curves = new Curves(from?.context?.curves);
    const { dataset, every, patience } = validation ?? {};
    this.early = dataset && new EarlyStopping(trainer, { dataset, every, patience });
    if (from?.context?.early !== undefined) this.early?.resume(from.context.early, from.name);
  }

  /**
   * Takes a log to write, and to close at the end. Apart from the rest, because opening cuts it: only what nothing
   * refuses any more may do that.
   */
  writeTo(log: LineLog): void {
    this.#log = log;
  }

  /** What the log is called, where there is one. */
  get logName(): string | undefined {
    return this.#log?.name;
  }

  /** Whether there is nothing to be gained by going on. */
  get stop(): boolean {
    return this.early?.stop ?? false;
  }

  /** Looks at a step, right after it. */
  look(report: StepReport): Seen {
    const { step } = report;
    const { evaluateEvery } = this.#options;
    if (this.#options.keepCurves) this.curves.add(report);
    const due = evaluateEvery !== undefined && (step % evaluateEvery === 0 || this.#trainer.finished);
    const trainingLoss = due ? this.#trainer.trainingLoss() : undefined;
    if (trainingLoss !== undefined) {
      this.history.push({ step, loss: trainingLoss });
      this.curves.addTrainingLoss(step, trainingLoss);
    }
    const validation = this.early?.look();
    if (validation !== undefined) this.curves.addValidationLoss(step, validation.loss);
    return { trainingLoss, validation };
  }

  /** Writes a step, and what was seen of it, into the log; undefined where there is none to wait for. */
  writeDown(report: StepReport, { trainingLoss, validation }: Seen): Promise<void> | undefined {
    if (this.#log === undefined) return undefined;
    const { ascent, ...plain } = report;
    return this.#log.add(
      JSON.stringify({
        ...plain,
        ...(ascent && { ascent }),
        ...(trainingLoss !== undefined && { trainingLoss }),
        ...(validation && { validationLoss: validation.loss, validationAccuracy: validation.accuracy }),
      }),
    );
  }

  /** What a checkpoint has to carry; the log is then as far as the checkpoint. */
  async context(): Promise<WatchContext> {
    await this.#log?.flush(true);
    const { validation, keepCurves, evaluateEvery } = this.#options;
    const curves: CurvesState | undefined = keepCurves ? this.curves.state : undefined;
    if (validation === undefined) return { curves, evaluateEvery };
    const { every, patience } = validation;
    return { curves, evaluateEvery, every, patience, early: this.early?.state };
  }

  /** Why the log could not be written; undefined when it could, or there is none. */
  get failure(): unknown {
    return this.#log?.failure;
  }

  /** Puts the best parameters back, where a validation set chose them, and closes the log. */
  async end(): Promise<void> {
    this.early?.restore();
    await this.#log?.close();
  }
}
