/** The host's part of a model or checkpoint file, and its strict reading: a file is untrusted input. */
import { type FileBytes, unpackContainer } from '../files/container.ts';
import { MAX_COUNT } from '../../assembly/abi/codes.ts';
import {
  anything,
  flag,
  oneOf,
  optional,
  record,
  refuse,
  snapshot,
  type Table,
  whole,
} from '../core/checks.ts';
import { CoreError, FormatError, type NlrError, OptionError } from '../core/errors.ts';
import { readClasses } from '../data/dataset.ts';
import { type Pipeline, parsePipeline, pipelineInputs, pipelineOutputs } from '../data/preprocess.ts';
import { parseClassWeights } from './class-weights.ts';
import { readTarget, type Target } from './regression.ts';
import {
  MAX_MODELS,
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
  /** Of a model that predicts numbers, which has no classes: what they are in its units. */
  readonly target?: Target;
  /** Samples in the training set. */
  readonly samples: number;
  /** Checksum of the training set, by which a checkpoint knows its data. 0 before training. */
  readonly data: number;
  /** Of a checkpoint behind the end: whether the head has been fitted to what `refitHead` kept. */
  readonly headFitted?: boolean;
  /** Whatever the writer wants to find again, for example where the data came from. */
  readonly context?: unknown;
}

/** A description with its options resolved. */
export interface ReadDescription extends Description {
  readonly resolvedModel: ResolvedModel;
  readonly resolvedTraining: ResolvedTraining;
}

/** A model or checkpoint file, read and checked. */
interface OpenFile {
  /** Images of the core: one, or one a class against the rest. */
  readonly images: readonly Uint8Array[];
  readonly read: ReadDescription;
}

/** Every field, and what it may be. */
const FIELDS: Table<Description> = {
  kind: oneOf('model', 'checkpoint'),
  model: (model) => snapshot('model', model as ModelOptions),
  training: (training = {}) => snapshot('training', training as TrainingOptions),
  pipeline: parsePipeline,
  classes: readClasses,
  classWeights: optional(anything),
  target: optional(readTarget),
  samples: whole(1, MAX_COUNT),
  data: whole(0, 2 ** 32 - 1),
  headFitted: optional(flag),
  context: optional(anything),
};

/** What predicts numbers is one model with one output of a linear head and the squared error. @throws OptionError */
function checkNumeric(
  { target, classWeights }: Description,
  { head, loss, classes }: ResolvedModel,
  models: number,
): void {
  if (target === undefined) return;
  if (head !== 'linear' || loss !== 'mse' || classes !== 2 || models !== 1 || classWeights)
    refuse('target', target, "none but with one linear head and the loss 'mse'");
}

/** Makes a description of what a file holds. @throws NlrError */
function parse(value: Description, models: number): ReadDescription {
  const read = record('the description', value, FIELDS);
  const { model, training, pipeline, classes } = read;
  const resolvedModel = resolveModel(model);
  const resolvedTraining = resolveTraining(training);
  whole(1, MAX_MODELS)(models, 'the number of models');
  checkNumeric(read, resolvedModel, models);
  const expected = read.target !== undefined ? 0 : models > 1 ? models : resolvedModel.classes;
  if (classes.length !== expected || (models > 1 && resolvedModel.classes > 2))
    refuse('classes', classes, `${expected} different names`);
  const inputs = pipelineInputs(pipeline);
  if (inputs !== undefined && pipelineOutputs(pipeline, inputs) !== resolvedModel.features)
    refuse('pipeline', pipeline, `one that gives ${resolvedModel.features} features`);
  const classWeights = parseClassWeights(read.classWeights, classes.length);
  return { ...read, classWeights, resolvedModel, resolvedTraining };
}

/**
 * Reads a model or checkpoint file and checks its description.
 * @param name for messages
 * @param expected the kind of file; absent: either
 * @throws FormatError
 */
export function openFile(file: FileBytes, name: string, expected?: Description['kind']): OpenFile {
  const { images, description } = unpackContainer(file, name);
  const value = (description ?? {}) as Description;
  const kind = expected ?? (value.kind === 'checkpoint' ? 'checkpoint' : 'model');
  if (value.kind !== kind) {
    const found =
      value.kind === 'checkpoint' || value.kind === 'model' ? `a ${value.kind}` : 'another kind of file';
    throw new FormatError('ERR_FORMAT_MAGIC', `this is ${found}; expected a ${kind}`, name);
  }
  try {
    return { images, read: parse(value, images.length) };
  } catch (cause) {
    const { code, message } = cause as NlrError;
    if (code === 'ERR_OPTION_UNKNOWN') {
      const newer = `the file needs a newer nlr-vqa, or is malformed: ${message}`;
      throw new FormatError('ERR_FORMAT_VERSION', newer, name, { cause });
    }
    const malformed = `the file's description is malformed: ${message}`;
    throw new FormatError('ERR_FORMAT_CONFIGURATION', malformed, name, { cause });
  }
}

/** Does what puts a file into the core, whose refusals are then the file's. @throws FormatError */
export async function blaming<T>(name: string, read: () => T | Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    const refusal = cause instanceof OptionError ? cause.cause : cause;
    // Without a status there was no core to refuse anything.
    if (!(refusal instanceof CoreError && refusal.status < 0)) throw cause;
    throw new FormatError('ERR_FORMAT_CONFIGURATION', refusal.message, name, { cause });
  }
}
