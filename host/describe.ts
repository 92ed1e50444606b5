/** The host's part of a model or checkpoint file, and its strict reading: a file is untrusted input. */
import { type Pipeline, parsePipeline } from './data/preprocess.ts';
import { FormatError, NlrError } from './errors.ts';
import {
  type ModelOptions,
  type ResolvedModel,
  type ResolvedTraining,
  resolveModel,
  resolveTraining,
  type TrainingOptions,
} from './options.ts';

/** What the host keeps beside the core's images. */
export interface Description {
  readonly kind: 'model' | 'checkpoint';
  readonly model: ModelOptions;
  readonly training: TrainingOptions;
  /** Fitted preprocessing, applied to every row before the model sees it. */
  readonly pipeline: Pipeline;
  /** Class names, in the order of the labels. */
  readonly classes: readonly string[];
  /** Samples in the training set. */
  readonly samples: number;
  /** Checksum of the training set, by which a checkpoint knows its data. 0 before training. */
  readonly data: number;
  /** Whatever the writer wants to find again, for example where the data came from. */
  readonly context?: unknown;
}

/** A description with its options resolved. */
export interface ReadDescription extends Description {
  readonly resolvedModel: ResolvedModel;
  readonly resolvedTraining: ResolvedTraining;
}

function malformed(what: string, name: string, cause?: unknown): never {
  throw new FormatError('ERR_FORMAT_CONFIGURATION', `the file's description is malformed: ${what}`, name, {
    cause,
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Checks a description read from a file.
 * @throws FormatError
 */
export function readDescription(value: unknown, kind: Description['kind'], name: string): ReadDescription {
  if (!isRecord(value)) malformed('it is not an object', name);
  if (value.kind !== kind) {
    throw new FormatError(
      'ERR_FORMAT_MAGIC',
      `the file is a ${String(value.kind)}; expected a ${kind}`,
      name,
    );
  }
  const { model, training, classes, samples, data } = value;
  if (!isRecord(model) || !isRecord(training)) malformed('model or training options are missing', name);
  if (!Array.isArray(classes) || !classes.every((item) => typeof item === 'string'))
    malformed('classes are no names', name);
  if (!Number.isInteger(samples) || !Number.isInteger(data))
    malformed('samples or data are no whole numbers', name);
  try {
    const options = {
      model: model as unknown as ModelOptions,
      training: training as TrainingOptions,
      pipeline: parsePipeline(value.pipeline),
      classes: classes as readonly string[],
      samples: samples as number,
      data: data as number,
    };
    return {
      kind,
      ...options,
      context: value.context,
      resolvedModel: resolveModel(options.model),
      resolvedTraining: resolveTraining(options.training),
    };
  } catch (error) {
    if (error instanceof NlrError) return malformed(error.message, name, error);
    throw error;
  }
}
