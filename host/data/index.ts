/** Data sets and fitted preprocessing: the package's `nlr-vqa/data` entry. Runs in browsers and Node. */
export { DataError, FormatError, NlrError, OptionError } from '../core/errors.ts';
export {
  type CsvColumn,
  type CsvFile,
  type CsvHeader,
  type CsvLayout,
  type CsvOptions,
  type CsvUse,
  parseCsv,
  readCsv,
} from './csv.ts';
export {
  checkDataset,
  checkEncodable,
  checkFeatures,
  type Dataset,
  rowOf as row,
  selectClasses,
  subset,
} from './dataset.ts';
export type { ColumnsStep } from './fit-columns.ts';
export { type Fitted, fitPipeline, type Size, type Step } from './fit.ts';
export { MNIST_FILES, type MnistFile, mnist01 } from './digits.ts';
export { type AdHocData, type AdHocOptions, adHoc } from './sets/ad-hoc.ts';
export { type Anomaly, type AnomalyOptions, anomalyWindows } from './sets/anomalies.ts';
export { DATA_SETS, type FormulaName, makeData, type SetEntry } from './sets/catalogue.ts';
export { bayesOfGaussians, type GaussiansOptions, gaussians } from './sets/gaussians.ts';
export type { About, MadeData, MakingRun } from './sets/made.ts';
export { type MoonsOptions, moons } from './sets/moons.ts';
export type { SetOption } from './sets/options.ts';
export {
  ORIGINAL_FILES,
  type OriginalFile,
  type OriginalName,
  type OriginalOptions,
  readOriginals,
} from './sets/originals.ts';
export { type QDatasetOptions, qdataset } from './sets/qdataset.ts';
export { type Condition, type VibrationOptions, vibration } from './sets/vibration.ts';
export {
  gunzip,
  type IdxArray,
  type IdxData,
  type IdxOptions,
  idxDataset,
  MAX_IDX_NUMBERS,
  type NamedBytes,
  parseIdx,
  readIdx,
  readIdxDataset,
} from './idx.ts';
export {
  applyPipeline,
  type Column,
  type Columns,
  type Constant,
  type Crop,
  type MinMax,
  type Pca,
  type Pipeline,
  type Pool,
  type Products,
  parsePipeline,
  pipelineInputs,
  pipelineOutputs,
  type Scale,
  type Standardise,
  type Transform,
  transformDataset,
} from './preprocess.ts';
export { type Split, type SplitOptions, shuffled, trainTestSplit } from './split.ts';
export { csvLines, type IdxPair, toCsv, toIdx } from './write.ts';
