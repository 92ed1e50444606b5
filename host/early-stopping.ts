/** Stopping by a validation set: the package's `nlr-vqa/early-stopping` entry. Browser-safe, as the main one. */
export {
  EarlyStopping,
  type EarlyStoppingOptions,
  type EarlyStoppingState,
  type ValidationLook,
} from './api/early-stopping.ts';
