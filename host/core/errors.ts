/**
 * The errors of the package. Every one is an `NlrError` with a stable `code`; the subclasses are the
 * families a caller catches apart. A cancelled call throws the `reason` of its AbortSignal instead.
 */
import { REFUSALS, type RefusalCode } from './refusals.ts';

/** Codes of `DataError`: something is wrong with the caller's data. */
export type DataErrorCode =
  /** The file is missing or cannot be read. */
  | 'ERR_DATA_FILE'
  /** There is no data: an empty file, a header alone, no rows or no feature columns. */
  | 'ERR_DATA_EMPTY'
  /** Quotes in a CSV file do not pair up. */
  | 'ERR_DATA_SYNTAX'
  /** A row has more or fewer fields than the first one. */
  | 'ERR_DATA_RAGGED'
  /** Text, or nothing, where a number belongs. */
  | 'ERR_DATA_NUMBER'
  /** There is no value: a blank cell, NA, N/A, NaN, null or ?. */
  | 'ERR_DATA_MISSING'
  /** A number is NaN, infinite or too large for 64 bits. */
  | 'ERR_DATA_FINITE'
  /** A column does not exist, its name is not unique, or it cannot be a feature. */
  | 'ERR_DATA_COLUMN'
  /** A label is missing or is none of the classes. */
  | 'ERR_DATA_LABEL'
  /** Fewer than two classes are present. */
  | 'ERR_DATA_ONE_CLASS'
  /** Too few rows for what was asked, or numbers of samples that do not agree. */
  | 'ERR_DATA_ROWS'
  /** More features than amplitudes, or another number of features than the preprocessing was fitted to. */
  | 'ERR_DATA_FEATURES'
  /** A row of zeros, which has no direction to encode. */
  | 'ERR_DATA_ZERO_VECTOR'
  /** Not an IDX file, or shorter or longer than its header says. */
  | 'ERR_DATA_IDX'
  /** A gzip stream is truncated or corrupt. */
  | 'ERR_DATA_GZIP'
  /** A term of a Hamiltonian is no Pauli string, or the sum is not Hermitian. */
  | 'ERR_DATA_HAMILTONIAN'
  /** An edge of a graph has no two nodes, or comes twice, or the graph has too many. */
  | 'ERR_DATA_GRAPH'
  /** A file is not the one it should be. */
  | 'ERR_DATA_CHECKSUM'
  /** Shards of a study are not finished, or of different studies, or the file of one is none. */
  | 'ERR_DATA_CELLS';

/** Codes of `OptionError`: something is wrong with the caller's options. */
export type OptionErrorCode =
  /** The value is out of range or of the wrong type. */
  | 'ERR_OPTION_VALUE'
  /** There is no such option. */
  | 'ERR_OPTION_UNKNOWN'
  /** Options contradict one another, or the data they are applied to. */
  | 'ERR_OPTION_COMBINATION';

/** Codes of `FormatError`: a model or checkpoint file is not acceptable. */
export type FormatErrorCode =
  | 'ERR_FORMAT_MAGIC'
  | 'ERR_FORMAT_VERSION'
  | 'ERR_FORMAT_LENGTH'
  | 'ERR_FORMAT_CHECKSUM'
  | 'ERR_FORMAT_CONFIGURATION'
  | 'ERR_FORMAT_PREPROCESSING';

/** Codes of `CoreError`, one for each refusal in `Status`. */
export type CoreErrorCode =
  | RefusalCode
  /** The module cannot be loaded, only predicts where it is to train, or answers with a status this host does not know. */
  | 'ERR_CORE_MODULE';

/** Codes of `QpuError` (nlr-vqa/qpu), for the last of the attempts. */
export type QpuErrorCode =
  /** The counts were wrong: see the message. */
  | 'ERR_QPU_COUNTS'
  /** Whoever measures threw; its error is the `cause`. */
  | 'ERR_QPU_FAILED'
  /** There was no answer in time. */
  | 'ERR_QPU_TIMEOUT';

/** Codes of `QasmError` (nlr-vqa/qasm): something is wrong with an OpenQASM program. */
export type QasmErrorCode =
  /** It is not written as OpenQASM is. */
  | 'ERR_QASM_SYNTAX'
  /** A name is not declared, is there twice, or means nothing in its place. */
  | 'ERR_QASM_NAME'
  /** Operands of another kind or number than the statement takes. */
  | 'ERR_QASM_TYPE'
  /** A number is out of its range, or depends on an input where it may not. */
  | 'ERR_QASM_VALUE'
  /** More qubits, operations, steps or nesting than there is room for. */
  | 'ERR_QASM_SIZE'
  /** It is OpenQASM, and no circuit that runs without looking at its outcomes: classical control, say. */
  | 'ERR_QASM_UNSUPPORTED';

/** Codes of plain `NlrError`s of nlr-vqa/parallel. */
export type ParallelErrorCode =
  /** A thread ended in the middle of its work, or cannot start. */
  'ERR_PARALLEL_THREAD';

/** Codes of plain `NlrError`s of the queue of trainings, on the command line. */
export type QueueErrorCode =
  /** There is no queue, or it does not answer. */
  | 'ERR_QUEUE_CONNECTION'
  /** A package that the queue needs is not installed. */
  | 'ERR_QUEUE_PACKAGE'
  /** A training could not be made by any worker that tried. */
  | 'ERR_QUEUE_TRAINING';

/** Every code an `NlrError` can carry. */
export type NlrErrorCode =
  | DataErrorCode
  | OptionErrorCode
  | FormatErrorCode
  | CoreErrorCode
  | QpuErrorCode
  | QasmErrorCode
  | ParallelErrorCode
  | QueueErrorCode;

/** The base of every error this package throws on purpose. */
export class NlrError extends Error {
  /** The name of its class, as in every stack trace. */
  override readonly name: string = 'NlrError';

  constructor(
    /** What went wrong, for programs. */
    readonly code: NlrErrorCode,
    /** What went wrong, what was expected and where: one sentence for people. */
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Where in a source something is wrong. */
export interface Place {
  /** The display name of the source. */
  readonly file?: string;
  /** Line, from 1. */
  readonly line?: number;
  /** Character column, from 1, in code points. Given only together with the line. */
  readonly column?: number;
}

/** The data is at fault. The message starts with `file:line:column: `, as far as they are known. */
export class DataError extends NlrError {
  /** The name of its class, as in every stack trace. */
  override readonly name = 'DataError';
  /** The display name of the source; undefined where there is none. */
  readonly file: string | undefined;
  /** Line, from 1; undefined where it is not known. */
  readonly line: number | undefined;
  /** Character column, from 1, in code points; undefined where it is not known. */
  readonly column: number | undefined;

  constructor(code: DataErrorCode, message: string, place: Place = {}, options?: ErrorOptions) {
    const parts = [place.file, place.line, place.column].filter((part) => part !== undefined);
    super(code, parts.length > 0 ? `${parts.join(':')}: ${message}` : message, options);
    this.file = place.file;
    this.line = place.line;
    this.column = place.column;
  }
}

/** An option is at fault; `option` is its name, if it is a single one. */
export class OptionError extends NlrError {
  /** The name of its class, as in every stack trace. */
  override readonly name = 'OptionError';

  constructor(
    code: OptionErrorCode,
    message: string,
    /** The option's name, where a single one is at fault. */
    readonly option?: string,
    options?: ErrorOptions,
  ) {
    super(code, message, options);
  }
}

/** A model or checkpoint file is at fault. The message starts with `file: ` when the file is known. */
export class FormatError extends NlrError {
  /** The name of its class, as in every stack trace. */
  override readonly name = 'FormatError';

  constructor(
    code: FormatErrorCode,
    message: string,
    /** The file's name, where it is known. */
    readonly file?: string,
    options?: ErrorOptions,
  ) {
    super(code, file === undefined ? message : `${file}: ${message}`, options);
  }
}

/** The core refused a call. */
export class CoreError extends NlrError {
  /** The name of its class, as in every stack trace. */
  override readonly name = 'CoreError';

  constructor(
    /** The `Status` the core returned; NaN when there was no module to return one. */
    readonly status: number,
    message: string,
    options?: ErrorOptions,
  ) {
    super(REFUSALS[-status]?.[0] ?? 'ERR_CORE_MODULE', message, options);
  }
}
