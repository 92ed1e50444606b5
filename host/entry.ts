/**
 * What dist/index.js exports: the library, and for its chunks and the entries beside it what they share with it, which is no part of the API and
 * has no types.
 */
export * from './index.ts';
export { ENCODINGS, ENGINES, GATES, GRADIENTS, LOSSES, RULES } from './api/choices.ts';
export { Classifier, prepare, SHOT_OPTIONS } from './api/classifier.ts';
export { blaming, openFile } from './api/file-description.ts';
export { MAX_MODELS } from './api/options.ts';
export { PredictingModel } from './api/predicting-model.ts';
export { TRAINING } from './api/training-options.ts';
export { integer, record, refuse, snapshot } from './core/checks.ts';
export { coreMaker, LOADING } from './core/core.ts';
export { readDataset } from './data/dataset.ts';
export { checkRaw, readPipeline } from './data/preprocess.ts';
