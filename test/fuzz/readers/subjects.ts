/**
 * What is fuzzed: every reader of what somebody else may have written, and what has to hold of it. Bundled as one
 * script, whose coverage is watched, with counted allocations (`instrument.ts`).
 */
import { isDeepStrictEqual } from 'node:util';
import { loadModel } from '../../../host/api/model.ts';
import { resolveModel, resolveTraining } from '../../../host/api/options.ts';
import { Trainer } from '../../../host/api/trainer.ts';
import { NlrError } from '../../../host/core/errors.ts';
import { parseCsv } from '../../../host/data/csv.ts';
import type { Dataset } from '../../../host/data/dataset.ts';
import { type IdxArray, idxDataset, parseIdx } from '../../../host/data/idx.ts';
import {
  applyPipeline,
  parsePipeline,
  type Pipeline,
  pipelineInputs,
  pipelineOutputs,
} from '../../../host/data/preprocess.ts';
import { packContainer, unpackContainer } from '../../../host/files/container.ts';
import { sealed } from './seal.ts';

/** Reads one input and throws when something that has to hold does not. Refusals are not its business. */
type Read = (input: Uint8Array) => Promise<void> | void;

/** A reader under test. */
export interface Subject {
  /** Whether its inputs are text: how they are kept, and what mutations suit them. */
  readonly text: boolean;
  /** Whether checksums are put right before it reads. */
  readonly sealed: boolean;
  readonly read: Read;
}

/** More values in a row than are tried. */
const MOST_VALUES = 256;

function hold(truth: boolean, what: string): asserts truth {
  if (!truth) throw new Error(what);
}

const decoded = (input: Uint8Array) => new TextDecoder().decode(input);

/** Parsed JSON. @throws NlrError for what is none: that is no reader of ours */
function parsedJson(input: Uint8Array): unknown {
  try {
    return JSON.parse(decoded(input));
  } catch {
    throw new NlrError('ERR_FORMAT_CONFIGURATION', 'not JSON');
  }
}

/** CSV that says what a data set says: no header, the label last. */
function csvOf({ features, labels, classes, rows, columns }: Dataset): string {
  const lines = Array.from({ length: rows }, (_, i) => {
    const row = features.subarray(i * columns, (i + 1) * columns);
    const cells = Array.from(row, (value) => (Object.is(value, -0) ? '-0' : String(value)));
    const label = classes.length > 0 ? [`"${classes[labels[i]].replaceAll('"', '""')}"`] : [];
    return [...cells, ...label].join(',');
  });
  return `${lines.join('\n')}\n`;
}

function readCsv(input: Uint8Array): void {
  const text = decoded(input);
  for (const label of [-1, undefined]) {
    const found = parseCsv(text, { name: 'fuzzed', label });
    hold(found.features.every(Number.isFinite), 'csv: a feature is not finite');
    hold(found.features.length === found.rows * found.columns, 'csv: a row is short');
    hold(
      found.labels.every((at) => (label === undefined ? at === -1 : at >= 0 && at < found.classes.length)),
      'csv: a label is none of the classes',
    );
    const again = parseCsv(csvOf(found), { name: 'fuzzed', label, header: false, delimiter: ',' });
    for (const part of ['features', 'labels', 'classes'] as const)
      hold(isDeepStrictEqual([...again[part]], [...found[part]]), `csv: other ${part} the second time`);
  }
}

/** Numbers of the types of an IDX file, and how each is written. */
const IDX_TYPES = [
  [Uint8Array.name, 8, 'setUint8'],
  [Int8Array.name, 9, 'setInt8'],
  [Int16Array.name, 11, 'setInt16'],
  [Int32Array.name, 12, 'setInt32'],
  [Float32Array.name, 13, 'setFloat32'],
  [Float64Array.name, 14, 'setFloat64'],
] as const;

/** An IDX file that says what an array says. */
function idxOf({ shape, data }: IdxArray): Uint8Array {
  const [, code, set] = IDX_TYPES.find(([name]) => name === data.constructor.name) ?? [];
  hold(code !== undefined && set !== undefined, `idx: ${data.constructor.name}`);
  const header = 4 + 4 * shape.length;
  const file = new Uint8Array(header + data.byteLength);
  const view = new DataView(file.buffer);
  file.set([0, 0, code, shape.length]);
  shape.forEach((size, i) => view.setUint32(4 + 4 * i, size));
  data.forEach((value, i) => view[set](header + i * data.BYTES_PER_ELEMENT, value));
  return file;
}

function readIdxFile(input: Uint8Array): void {
  const found = parseIdx(input, 'fuzzed');
  const again = parseIdx(idxOf(found), 'fuzzed');
  hold(isDeepStrictEqual(again, found), 'idx: another array the second time');
  const rows = found.shape[0];
  if (rows > input.length) return;
  const labels = { name: 'labels', shape: [rows], data: Uint8Array.from({ length: rows }, (_, i) => i % 3) };
  const dataset = idxDataset(found, labels);
  hold(dataset.features.length === found.data.length, 'idx: a pixel is lost');
  const named = idxDataset(found, { name: 'labels', shape: [rows], data: found.data.slice(0, rows) });
  hold(named.labels.length === rows, 'idx: a label is lost');
}

function assertPipeline(pipeline: Pipeline): void {
  const again = parsePipeline(JSON.parse(JSON.stringify(pipeline)));
  hold(JSON.stringify(again) === JSON.stringify(pipeline), 'pipeline: another one the second time');
  const inputs = pipelineInputs(pipeline) ?? 4;
  if (inputs > MOST_VALUES) return;
  const outputs = pipelineOutputs(pipeline, inputs);
  const row = Float64Array.from({ length: inputs }, (_, i) => i / 4);
  hold(applyPipeline(pipeline, row).length === outputs, 'pipeline: not as many values as it says');
}

function readOptions(input: Uint8Array): void {
  const { model, training } = (parsedJson(input) ?? {}) as Record<string, never>;
  const resolved = [resolveModel(model), resolveTraining(training)];
  const again = [resolveModel(model), resolveTraining(training)];
  hold(JSON.stringify(again) === JSON.stringify(resolved), 'options: others the second time');
}

/** What a file holds is what it holds when it is written again. */
function assertContainer(input: Uint8Array): void {
  const first = packContainer(unpackContainer(input, 'fuzzed'));
  hold(isDeepStrictEqual(packContainer(unpackContainer(first, 'again')), first), 'file: other bytes');
}

/** The module with one page of memory: no file makes it take more. */
async function readModel(input: Uint8Array, wasm: WebAssembly.Module): Promise<void> {
  const model = await loadModel(input, { wasm, name: 'fuzzed' });
  assertContainer(input);
  assertPipeline(model.pipeline);
  const inputs = pipelineInputs(model.pipeline) ?? model.model.features;
  if (inputs > MOST_VALUES) return;
  const [{ label, name, scores }] = model.predict([Float64Array.from({ length: inputs }, (_, i) => i / 4)]);
  hold(model.classes[label] === name, 'model: no such class');
  const { length } = model.classes;
  hold(scores.length === length || (length === 2 && scores.length === 1), 'model: not a score a class');
}

/** The data that the checkpoints of the corpus belong to. */
export const DATA: Dataset = {
  features: Float64Array.from({ length: 16 }, (_, i) => Math.sin(i + 1)),
  rows: 8,
  columns: 2,
  labels: Int32Array.from({ length: 8 }, (_, i) => i % 2),
  classes: ['no', 'yes'],
  name: 'eight rows',
};

async function readCheckpoint(input: Uint8Array, wasm: WebAssembly.Module): Promise<void> {
  const options = { wasm, dataset: DATA, name: 'fuzzed' };
  const trainer = await Trainer.resume(input, options);
  assertContainer(input);
  const written = trainer.checkpoint();
  const again = await Trainer.resume(written, options);
  hold(again.trace === trainer.trace && again.steps === trainer.steps, 'checkpoint: another trace');
  hold(isDeepStrictEqual(again.checkpoint(), written), 'checkpoint: other bytes');
  await loadModel(trainer.save(), { wasm });
}

/** Faults that are there to be found, behind bytes that have to be guessed one by one. */
function readPlanted(input: Uint8Array): void {
  if (input[0] !== 0x5b) return;
  if (input[1] !== 0x7b) return;
  if (input[2] !== 0x22) return;
  if (input[3] === 0x30) throw new TypeError('planted');
  if (input[3] === 0x31) new Float64Array(2 ** 24).fill(0);
  if (input[3] === 0x32) for (let i = 0; i < 2 ** 20; i++) input[4] = i;
}

/** The readers by name. @param wasm build/core.device.wasm */
export function subjectsOf(wasm: WebAssembly.Module): Readonly<Record<string, Subject>> {
  const subject = (text: boolean, read: Read, isSealed = false): Subject => ({
    text,
    sealed: isSealed,
    async read(input) {
      try {
        await read(isSealed ? sealed(input) : input);
      } catch (error) {
        if (!(error instanceof NlrError)) throw error;
      }
    },
  });
  return {
    csv: subject(true, readCsv),
    idx: subject(false, readIdxFile),
    pipeline: subject(true, (input) => assertPipeline(parsePipeline(parsedJson(input)))),
    options: subject(true, readOptions),
    model: subject(false, (input) => readModel(input, wasm), true),
    checkpoint: subject(false, (input) => readCheckpoint(input, wasm), true),
    planted: subject(false, readPlanted),
  };
}
