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
  parsePipeline,
  pipelineInputs,
  pipelineOutputs,
  type Scale,
  type Standardise,
  type Transform,
  transformDataset,
} from './preprocess.ts';
export { type Split, type SplitOptions, shuffled, trainTestSplit } from './split.ts';
