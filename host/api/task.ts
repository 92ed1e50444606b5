/** What a task makes of the options of a model and of its training. */
import { contradiction, shown } from '../core/checks.ts';
import type { ModelOptions, ResolvedModel, ResolvedTraining } from './options.ts';

/** What is predicted: a class, or a number. */
export type Task = 'classification' | 'regression';

/** The options of a model with so many classes. @param numeric whether numbers are predicted, by the squared error then */
export function taskModel(asked: ModelOptions, classes: number, numeric: boolean): ModelOptions {
  // What is no record is refused where it is looked at.
  if (typeof asked !== 'object' || asked === null) return asked;
  if (numeric && asked.classes !== undefined && asked.classes !== 2)
    contradiction(`classes is ${shown(asked.classes)}; the task regression has none`, 'classes');
  const loss = asked.loss ?? (numeric ? 'mse' : undefined);
  return Object.freeze({ ...asked, classes, ...(loss && { loss }) });
}

/** Checks that a model can predict numbers. @throws OptionError */
export function checkNumeric({ head, loss }: ResolvedModel, { answerer }: ResolvedTraining): void {
  if (loss !== 'mse' || head !== 'linear') {
    const message = `the task regression needs the linear head and the loss mse, not ${head} and ${loss}`;
    contradiction(message, 'task');
  }
  if (answerer === 'caller') {
    const message =
      'numbers cannot be predicted by a quantum processor; the task regression needs the answerer simulator';
    contradiction(message, 'answerer');
  }
}

/** Checks that what is for classes alone is not asked for where numbers are predicted. @throws OptionError */
export function checkWithoutClasses(asked: Readonly<Record<string, unknown>>): void {
  const option = Object.keys(asked).find((name) => asked[name] !== undefined && asked[name] !== false);
  if (option === undefined) return;
  const message = `${option} is for classes; the task regression has none`;
  contradiction(message, option);
}
