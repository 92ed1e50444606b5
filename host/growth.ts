/** Trainings whose circuit grows: the package's `nlr-vqa/growth` entry. Browser-safe, as the main one. */
export {
  type AdaptOptions,
  growAdapt,
  growLayers,
  type LayerGrowthOptions,
  type Spent,
  type Stage,
} from './api/growth.ts';
