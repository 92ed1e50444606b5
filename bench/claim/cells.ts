/** Cells of the experiment: one training each, by a hash of all that decides its bits; those that are done stay on disk. */
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { TrainingOptions } from '../../host/api/options.ts';

/** One training. */
export interface Cell {
  readonly task: string;
  /** Whatever it sets, the seed and the budget of shots apart. */
  readonly training: Setting;
  readonly seed: number;
  /** Shots at most. */
  readonly budget: number;
}

/** Options of a training that are plain values. */
export type Setting = Omit<TrainingOptions, 'seed' | 'shotsBudget' | 'signal'>;

/** What became of one. */
export interface Outcome {
  /** Exact, over all rows to train on, after the last step. */
  readonly loss: number;
  /** Mean of that loss over the shots that were spent, from the first to the last. */
  readonly area: number;
  /** Exact, over the rows to test on. */
  readonly testLoss: number;
  readonly testAccuracy: number;
  readonly steps: number;
  readonly shots: number;
  /** The hash of losses and parameters. */
  readonly trace: string;
}

/** A value as JSON with its keys in order. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value)
    .filter(([, part]) => part !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, part]) => `${JSON.stringify(key)}:${canonical(part)}`).join(',')}}`;
}

/** Hash of plain data, whatever the order of its keys. */
export function hashOf(value: unknown): string {
  return createHash('sha256').update(canonical(value)).digest('hex').slice(0, 24);
}

/** Hash of a cell, and of what its task is made of. */
export function keyOf(cell: Cell, recipe: unknown): string {
  return hashOf({ cell, recipe });
}

/** A line of the file. */
interface Line<C, O> {
  readonly key: string;
  readonly cell: C;
  readonly outcome: O;
}

/** Cells that are done, in a file of JSON lines: whoever is interrupted loses those that were running. */
export class Store<C = Cell, O = Outcome> {
  readonly #done = new Map<string, Line<C, O>>();

  /** @throws SyntaxError when a line but the last is damaged */
  constructor(readonly file: string) {
    mkdirSync(dirname(file), { recursive: true });
    if (!existsSync(file)) return;
    const text = readFileSync(file, 'utf8');
    // A last line without an end was being written.
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    if (whole.length < text.length) writeFileSync(file, whole);
    for (const line of whole.split('\n').filter(Boolean)) {
      const read = JSON.parse(line) as Line<C, O>;
      this.#done.set(read.key, read);
    }
  }

  get(key: string): O | undefined {
    return this.#done.get(key)?.outcome;
  }

  add(key: string, cell: C, outcome: O): void {
    const line = { key, cell, outcome };
    this.#done.set(key, line);
    appendFileSync(this.file, `${JSON.stringify(line)}\n`);
  }
}
