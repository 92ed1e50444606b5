/** Training a model on a data set. What does it is a chunk of its own. */
import type { FileBytes } from '../files/container.ts';
import { text } from '../core/checks.ts';
import { Classifier } from './classifier.ts';
import { openFile } from './file-description.ts';
import { trainingChunk } from './on-demand.ts';
import type { ResumeOptions, TrainerOptions } from './trainer-options.ts';
import type { Training } from './training.ts';

export type { FitOptions, ResumeOptions, TrainerOptions } from './trainer-options.ts';

/** Trains one model, or one per class. Made by `Trainer.create` or `Trainer.resume`. */
export type Trainer = Training;

/** Makes trainers; they are `instanceof` it. */
export const Trainer = {
  /**
   * Checks options and data, lays the memory out and draws the initial parameters.
   * @throws OptionError, DataError, CoreError
   */
  async create(options: TrainerOptions): Promise<Trainer> {
    return (await trainingChunk()).Training.create(options);
  },

  /**
   * Goes on from a checkpoint file, with the bits that an uninterrupted run would have had.
   * @throws FormatError when the file is damaged, of another build or of other data
   */
  async resume(file: FileBytes, options: ResumeOptions): Promise<Trainer> {
    return (await trainingChunk()).Training.resume(file, options);
  },

  /** What a checkpoint's writer put beside it. @throws FormatError */
  contextOf(file: FileBytes, name = 'checkpoint'): unknown {
    return openFile(file, text(name, 'name'), 'checkpoint').read.context;
  },

  /** Whether a value is a trainer. */
  [Symbol.hasInstance](value: unknown): value is Trainer {
    return value instanceof Classifier && 'checkpoint' in value;
  },
} as const;
