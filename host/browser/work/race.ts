/** Some rules side by side: each takes a step, then the next, so that all have made the same number at any time. */
import type { StepReport, Trainer as AnyTrainer } from '../../index.ts';
import { Trainer } from '../../index.ts';
import { reverses } from '../settings/rules.ts';
import type { Arm, Settings } from '../settings/settings.ts';
import type { Prepared } from './data.ts';
import { type Column, COLUMNS, OTHER, REVERSED, type Standing } from './messages.ts';
import { modelOf, trainingOf } from './options.ts';

/** What is written down of a step, in the order of `COLUMNS`. */
function rowOf(report: StepReport, line: number): Record<Column, number> {
  const { loss, gradientNorm, violationRate, evaluations, shots, decision, ascent } = report;
  return {
    ...{ loss, shots, circuits: evaluations },
    gradient: gradientNorm.loss,
    observable: gradientNorm.observable ?? Number.NaN,
    violation: Number.isNaN(line) ? Number.NaN : violationRate,
    line: ascent?.thresholds.step ?? line,
    decision: decision === 'reversed' ? REVERSED : decision === 'descended' ? 0 : OTHER,
  };
}

/** One rule on its way. */
export class Runner {
  #reports: AsyncGenerator<StepReport> | undefined;
  #stopping = new AbortController();
  /** Steps before the one that is under way. */
  #begun = -1;
  /** eta / (eta + eta'), above which the mean signed rate is below zero; NaN of rules without eta'. */
  readonly #line: number;
  #pending: Record<Column, number>[] = [];
  #failed: string | undefined;
  #done = false;

  constructor(
    readonly arm: Arm,
    readonly trainer: AnyTrainer,
  ) {
    const { rate, negativeRate } = trainer.training;
    this.#line = reverses(arm.rule) ? rate / (rate + negativeRate) : Number.NaN;
  }

  /** Whether there is no step to come. */
  get finished(): boolean {
    return this.#done || this.trainer.finished;
  }

  /** Gives up a step that is under way, which is begun anew later, with the same bits; one that is made is told first. */
  stop(): void {
    if (this.trainer.steps === this.#begun) this.#stopping.abort();
  }

  get stopped(): boolean {
    return this.#stopping.signal.aborted;
  }

  /** Takes a step, unless it has come to its end or is stopped. What ends it early is kept as a sentence. */
  async step(): Promise<void> {
    if (this.finished) return;
    this.#begun = this.trainer.steps;
    if (this.#reports === undefined) {
      this.#stopping = new AbortController();
      const { signal } = this.#stopping;
      // To look which way a step went changes no bit of it; only Algorithm 1 has a line for it.
      this.#reports = this.trainer.fit({ ascent: this.arm.rule === 'nlr', signal });
    }
    try {
      const { value, done } = await this.#reports.next();
      if (done) this.#done = true;
      else this.#pending.push(rowOf(value, this.#line));
    } catch (error) {
      this.#reports = undefined;
      if (this.stopped) return;
      this.#failed = (error as Error).message;
      this.#done = true;
    }
  }

  /** What has come since this was last asked. */
  take(): Record<Column, Float64Array> {
    const rows = this.#pending;
    this.#pending = [];
    const columns = COLUMNS.map((name) => [name, Float64Array.from(rows, (row) => row[name])] as const);
    return Object.fromEntries(columns) as Record<Column, Float64Array>;
  }

  /** How it stands. */
  get standing(): Standing {
    const { trainer } = this;
    const { reversals = 0, alarm = false } = trainer.report ?? {};
    const failed = this.#failed === undefined ? {} : { failed: this.#failed };
    return {
      step: trainer.steps,
      finished: this.finished,
      trace: trainer.trace,
      reversals,
      alarm,
      ...failed,
    };
  }
}

/** Lays out a training for every rule. @throws NlrError */
export async function layOut(settings: Settings, { train, pipeline, features }: Prepared): Promise<Runner[]> {
  const classes = train.classes.length;
  return Promise.all(
    settings.arms.map(async (arm) => {
      const [model, training] = [modelOf(settings, features, classes), trainingOf(settings, arm)];
      const oneVsRest = settings.head === 'none' && classes > 2;
      const asked = oneVsRest ? { ...model, classes: 2 } : model;
      return new Runner(
        arm,
        await Trainer.create({ model: asked, training, dataset: train, pipeline, oneVsRest }),
      );
    }),
  );
}
