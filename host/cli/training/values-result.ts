/** The numbers of a finished training that predicts numbers, for programs and for people. */
import type { RegressionMetrics } from '../../api/regression.ts';
import type { Trainer } from '../../api/trainer.ts';
import { fixed, pairs, plural, warningLines } from '../output/format.ts';
import { plain } from '../output/plain.ts';
import type { WatchedData } from './validation.ts';
import { effort, type RunFacts, runFacts } from './result.ts';
import type { RunRecord } from './run.ts';

/** What `train --task regression --json` prints. */
interface ValuesResult extends Omit<RunFacts, 'classes'> {
  readonly task: 'regression';
  /** What is predicted; null without a header. */
  readonly target: string | null;
  /** At the final parameters, exact expectations. */
  readonly train: RegressionMetrics;
  /** Null without a test set. */
  readonly test: RegressionMetrics | null;
}

/** Measures a finished run. */
export async function measureValues(
  trainer: Trainer,
  data: WatchedData,
  record: RunRecord,
): Promise<ValuesResult> {
  const { classes: _, ...facts } = await runFacts(trainer, data, record);
  return {
    task: 'regression',
    target: data.train.labelName ?? null,
    train: trainer.evaluateValues(data.train),
    test: data.test ? trainer.evaluateValues(data.test) : null,
    ...facts,
  };
}

/** How well numbers are predicted, in aligned lines. @param of which rows, as in `, test` */
export function describeValues(
  { rmse, mae, r2, loss, rows }: RegressionMetrics,
  of = '',
): [string, string][] {
  return [
    [`R2${of}`, `${fixed(r2)} of ${plural(rows, 'row')}`],
    [`RMSE${of}`, fixed(rmse)],
    [`mean absolute error${of}`, fixed(mae)],
    [`loss${of}`, `${fixed(loss, 6)}, the squared error in units of the target's variance`],
  ];
}

/** The result in aligned lines, what matters most first, warnings last. */
export function describeValuesResult(result: ValuesResult): string[] {
  const { test, train, target } = result;
  return [
    ...pairs([...(test ? describeValues(test, ', test') : []), ...describeValues(train, ', train')]),
    '',
    ...pairs([
      ['target', target === null ? 'a number' : plain(target)],
      ...effort({ ...result, classes: [] }),
    ]),
    ...warningLines(result.warnings),
  ];
}
