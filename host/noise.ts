/** Noisy processors: the package's `nlr-vqa/noise` entry. Browser-safe, as the main one. */
export { type ChannelName, checkNoise, type Noise, type NoiseChannel } from './api/noise.ts';
export { loadNoisyModel, type NoisyModelOptions } from './api/noisy-model.ts';
