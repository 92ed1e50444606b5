/** The host's part of a model or checkpoint file, and its strict reading: a file is untrusted input. */
import { type FileBytes, unpackContainer } from '../files/container.ts';
import { type Pipeline, parsePipeline } from '../data/preprocess.ts';
import { parseClassWeights } from './class-weights.ts';
import { CoreError, FormatError } from '../core/errors.ts';
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
  /** How much the loss of a sample counts, by its class, in the same order; absent: all alike. */
  readonly classWeights?: readonly number[];
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

/** A model or checkpoint file, read and checked. */
export interface OpenFile {
  /** Images of the core: one, or one a class against the rest. */
  readonly images: readonly Uint8Array[];
  readonly read: ReadDescription;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Makes a description of what a file holds. @throws whatever its readers stumble over */
function parse(value: Record<string, unknown>, models: number): Omit<ReadDescription, 'kind'> {
  const { model, training, classes, samples, data, context } = value;
  const options = { model: model as ModelOptions, training: (training ?? {}) as TrainingOptions };
  const pipeline = parsePipeline(value.pipeline);
  const resolvedModel = resolveModel(options.model);
  const resolvedTraining = resolveTraining(options.training);
  const names: readonly string[] = Array.isArray(classes) ? classes : [];
  const distinct = new Set(names.filter((name) => typeof name === 'string')).size;
  const expected = models > 1 ? models : resolvedModel.classes;
  if (distinct !== expected || names.length !== expected || (models > 1 && resolvedModel.classes > 2))
    throw new TypeError(`it needs ${expected} different classes`);
  if (!Number.isInteger(samples) || !Number.isInteger(data))
    throw new TypeError('samples or data are missing');
  return {
    ...options,
    ...{ pipeline, resolvedModel, resolvedTraining, context },
    ...{ classes: names, samples: samples as number, data: data as number },
    classWeights: parseClassWeights(value.classWeights, names.length),
  };
}

/**
 * Reads a model or checkpoint file and checks its description.
 * @param name for messages
 * @param expected the kind of file; absent: either
 * @throws FormatError
 */
export function openFile(file: FileBytes, name: string, expected?: Description['kind']): OpenFile {
  const { images, description } = unpackContainer(file, name);
  const value = isRecord(description) ? description : {};
  const kind = expected ?? (value.kind === 'checkpoint' ? 'checkpoint' : 'model');
  if (value.kind !== kind) {
    throw new FormatError('ERR_FORMAT_MAGIC', `this is another kind of file; expected a ${kind}`, name);
  }
  try {
    return { images, read: { kind, ...parse(value, images.length) } };
  } catch (cause) {
    const message = `the file's description is malformed: ${(cause as Error).message}`;
    throw new FormatError('ERR_FORMAT_CONFIGURATION', message, name, { cause });
  }
}

/** Does what puts a file into the core, whose refusals are then the file's. @throws FormatError */
export async function blaming<T>(name: string, read: () => T | Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    // Without a status there was no core to refuse anything.
    if (!(cause instanceof CoreError && cause.status < 0)) throw cause;
    throw new FormatError('ERR_FORMAT_CONFIGURATION', cause.message, name, { cause });
  }
}
