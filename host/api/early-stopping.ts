/** Stopping when a validation set says so, with the best parameters kept. */
import { messageOf, optional, record, type Table, text, that, whole } from '../core/checks.ts';
import { FormatError } from '../core/errors.ts';
import { type Dataset, readDataset } from '../data/dataset.ts';
import { Trainer } from './trainer.ts';

/** Options of `EarlyStopping`. */
export interface EarlyStoppingOptions {
  /** Labelled rows, or rows with targets, as they come. Nothing is fitted to them: neither parameters nor preprocessing. */
  readonly dataset: Dataset;
  /** Steps between two looks; default 10. */
  readonly every?: number;
  /** Looks without a lower loss after which `stop` is true; default never. */
  readonly patience?: number;
}

/** A look at the validation set. */
export interface ValidationLook {
  /** Steps completed. */
  readonly step: number;
  /** Exact mean loss of the validation set, by class weights where there are some. */
  readonly loss: number;
  /** Share of right answers; null where numbers are predicted. */
  readonly accuracy: number | null;
}

/** Plain data that carries an `EarlyStopping` through a checkpoint. */
export interface EarlyStoppingState {
  /** The look with the lowest loss; absent before the first. */
  readonly best?: ValidationLook;
  /** The parameters then, of every model: the bytes of 64-bit floats, little-endian, as hexadecimal digits. */
  readonly parameters?: readonly string[];
  /** Looks since. */
  readonly misses: number;
}

/** Exact text of numbers. JSON alone would lose the sign of zero. */
function digitsOf(values: ArrayLike<number>): string {
  const view = new DataView(new ArrayBuffer(8 * values.length));
  for (let i = 0; i < values.length; i++) view.setFloat64(8 * i, values[i] as number, true);
  return Array.from(new Uint8Array(view.buffer), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The numbers back. @throws TypeError */
function valuesOf(digits: unknown, count: number): Float64Array {
  if (typeof digits !== 'string' || digits.length !== 16 * count || !/^[0-9a-f]*$/.test(digits))
    throw new TypeError('the best parameters are malformed');
  const bytes = Uint8Array.from({ length: 8 * count }, (_, i) =>
    Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16),
  );
  const view = new DataView(bytes.buffer);
  const values = Float64Array.from({ length: count }, (_, i) => view.getFloat64(8 * i, true));
  if (!values.every(Number.isFinite)) throw new TypeError('the best parameters are not finite');
  return values;
}

function isLook(value: unknown): value is ValidationLook {
  const { step, loss, accuracy } = (value ?? {}) as Partial<Record<keyof ValidationLook, unknown>>;
  return (
    Number.isInteger(step) &&
    (step as number) >= 1 &&
    Number.isFinite(loss) &&
    (accuracy === null || (typeof accuracy === 'number' && accuracy >= 0 && accuracy <= 1))
  );
}

const OPTIONS: Table<EarlyStoppingOptions> = {
  dataset: readDataset as Table<EarlyStoppingOptions>['dataset'],
  every: optional(whole(1)),
  patience: optional(whole(1)),
};

/**
 * Looks at a validation set now and then while a trainer trains, and keeps the parameters of the lowest loss.
 * @example
 * ```ts
 * const early = new EarlyStopping(trainer, { dataset: validation, every: 10, patience: 5 });
 * for await (const _ of trainer.fit()) {
 *   early.look();
 *   if (early.stop) break;
 * }
 * early.restore();
 * ```
 */
export class EarlyStopping {
  /** Steps between two looks. */
  readonly every: number;
  readonly #patience: number;
  readonly #dataset: Dataset;
  readonly #trainer: Trainer;
  #best: ValidationLook | undefined;
  #parameters: readonly Float64Array[] = [];
  #misses = 0;

  /** @throws OptionError, and DataError when the trainer cannot evaluate the data set */
  constructor(trainer: Trainer, options: EarlyStoppingOptions) {
    that('a trainer', (value) => value instanceof Trainer)(trainer, 'trainer');
    const { dataset, every = 10, patience = Infinity } = record('EarlyStopping', options, OPTIONS);
    this.every = every;
    this.#patience = patience;
    this.#dataset = dataset;
    this.#trainer = trainer;
    // What is wrong with the data is found before training, not after the first steps of it.
    this.#measure();
  }

  /** How the validation set fares. @throws OptionError, DataError, CoreError */
  #measure(): Omit<ValidationLook, 'step'> {
    if (this.#trainer.target !== undefined)
      return { loss: this.#trainer.evaluateValues(this.#dataset).loss, accuracy: null };
    const { loss, accuracy } = this.#trainer.evaluate(this.#dataset);
    return { loss, accuracy };
  }

  /** The look with the lowest loss so far, the first of equal ones; undefined before the first. */
  get best(): ValidationLook | undefined {
    return this.#best;
  }

  /** Whether `patience` looks in a row have not lowered the loss. */
  get stop(): boolean {
    return this.#misses >= this.#patience;
  }

  /** What a checkpoint needs to go on with: put it into its context. */
  get state(): EarlyStoppingState {
    if (this.#best === undefined) return { misses: this.#misses };
    return { best: this.#best, parameters: this.#parameters.map(digitsOf), misses: this.#misses };
  }

  /** Goes on from the state in a checkpoint. @throws FormatError when it is malformed, or of another model */
  resume(state: unknown, name = 'checkpoint'): this {
    text(name, 'name');
    try {
      const { best, parameters, misses } = (state ?? {}) as Partial<
        Record<keyof EarlyStoppingState, unknown>
      >;
      if (!Number.isSafeInteger(misses) || (misses as number) < 0) throw new TypeError('misses is no count');
      if (best !== undefined && !isLook(best)) throw new TypeError('the best look is malformed');
      if (best !== undefined && best.step > this.#trainer.steps)
        throw new TypeError('the best look is of a step that is not done');
      const models = this.#trainer.modelParameters;
      const digits = Array.isArray(parameters) ? parameters : [];
      if (best !== undefined && digits.length !== models.length)
        throw new TypeError('the best parameters are of another model');
      this.#parameters = best === undefined ? [] : models.map(({ length }, i) => valuesOf(digits[i], length));
      this.#best = best;
      this.#misses = misses as number;
      return this;
    } catch (cause) {
      const message = `the state of early stopping is malformed: ${messageOf(cause)}`;
      throw new FormatError('ERR_FORMAT_CONFIGURATION', message, name, { cause });
    }
  }

  /**
   * Looks at the validation set if it is time to: after every `every`-th step, and after the last. Call it after each
   * step, between two of them.
   * @returns what was found; undefined when it was not time
   */
  look(): ValidationLook | undefined {
    const { steps, finished } = this.#trainer;
    if (steps === 0 || (steps % this.every !== 0 && !finished)) return undefined;
    const found: ValidationLook = { step: steps, ...this.#measure() };
    const { loss } = found;
    if (loss < (this.#best?.loss ?? Infinity)) {
      this.#best = found;
      this.#parameters = this.#trainer.answering.map((values) => Float64Array.from(values));
      this.#misses = 0;
    } else this.#misses++;
    return found;
  }

  /** Puts the best parameters back into the trainer, which then saves and predicts with them. */
  restore(): void {
    this.#trainer.answering.forEach((values, i) => {
      const kept = this.#parameters[i];
      if (kept !== undefined) values.set(kept);
    });
  }
}
