/**
 * The digits that a device trains on: the built-in ones through the preprocessing of the recommended preset (pooled,
 * 7 principal components, a constant one), in whole numbers of a byte, as C for its flash.
 *
 *   node --import tsx host/devices/digits.ts > digits.c
 */
import { readFile } from 'node:fs/promises';
import { type Dataset, fitPipeline, mnist01, type Step, transformDataset } from '../data/index.ts';
import { isProgram } from './tools.ts';

/** As digits.h has them. */
export const DIGITS_FEATURES = 8;
const TRAINING = 256;
const TEST = 128;
const LARGEST = 127;

/** Digits in whole numbers: features row by row, labels 0 or 1. */
export interface Digits {
  readonly features: Int8Array;
  readonly labels: Uint8Array;
}

const PREPROCESSING: readonly Step[] = [
  { kind: 'pool', to: [14, 14] },
  { kind: 'pca', components: DIGITS_FEATURES - 1 },
  { kind: 'constant', ratio: 1 },
];

function quantised({ features, labels }: Dataset, count: number, unit: number): Digits {
  const whole = Array.from(features.subarray(0, count * DIGITS_FEATURES), (value) =>
    Math.max(-LARGEST, Math.min(LARGEST, Math.round(value / unit))),
  );
  return { features: Int8Array.from(whole), labels: Uint8Array.from(labels.subarray(0, count)) };
}

/** The training set and the test set of the devices. */
export async function deviceDigits(): Promise<{ readonly training: Digits; readonly test: Digits }> {
  const folder = new URL('../data/mnist-0-1/', import.meta.url);
  const digits = await mnist01(async (name) => new Uint8Array(await readFile(new URL(name, folder))));
  const { pipeline, training } = fitPipeline(digits.train, [...PREPROCESSING]);
  const test = transformDataset(pipeline, digits.test);
  const unit = training.features.reduce((most, value) => Math.max(most, Math.abs(value)), 0) / LARGEST;
  return { training: quantised(training, TRAINING, unit), test: quantised(test, TEST, unit) };
}

function table(name: string, size: string, { features, labels }: Digits): string {
  const rows = Array.from(labels, (label, i) => {
    const row = features.subarray(i * DIGITS_FEATURES, (i + 1) * DIGITS_FEATURES);
    return `  {{${row.join(', ')}}, ${label}},\n`;
  });
  return `const struct digit ${name}[${size}] = {\n${rows.join('')}};\n`;
}

/** The C file with both sets. */
export async function digitsSource(): Promise<string> {
  const { training, test } = await deviceDigits();
  return [
    '#include "digits.h"\n',
    table('digits_training', 'DIGITS_TRAINING', training),
    table('digits_test', 'DIGITS_TEST', test),
  ].join('\n');
}

if (isProgram(import.meta.url)) process.stdout.write(await digitsSource());
