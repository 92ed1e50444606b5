/** What a race has told so far: a column of numbers for each thing that is drawn, which grows. */
import { type Column, COLUMNS, REVERSED, type Standing } from '../work/messages.ts';

/** Numbers that are added to at the end. */
class Growing {
  #values = new Float64Array(512);
  length = 0;

  add(more: Float64Array): void {
    const length = this.length + more.length;
    if (length > this.#values.length) {
      const wider = new Float64Array(Math.max(length, 2 * this.#values.length));
      wider.set(this.#values.subarray(0, this.length));
      this.#values = wider;
    }
    this.#values.set(more, this.length);
    this.length = length;
  }

  get all(): Float64Array {
    return this.#values.subarray(0, this.length);
  }
}

/** The record of one rule. */
export class ArmRecord {
  readonly #columns = new Map<Column, Growing>(COLUMNS.map((name) => [name, new Growing()]));
  standing: Standing | undefined;

  add(columns: Readonly<Record<Column, Float64Array>>, standing: Standing): void {
    for (const name of COLUMNS) this.#columns.get(name)?.add(columns[name]);
    // What was not looked at again is as it was.
    this.standing = { ...this.standing, ...standing };
  }

  /** Steps that are recorded. */
  get length(): number {
    return this.#columns.get('loss')?.length ?? 0;
  }

  column(name: Column): Float64Array {
    return this.#columns.get(name)?.all ?? new Float64Array();
  }

  /** The latest number of a column; undefined before there is one. */
  last(name: Column): number | undefined {
    return this.column(name).at(-1);
  }

  /** Steps, from 1, at which the rule reversed. */
  reversals(): number[] {
    const steps: number[] = [];
    this.column('decision').forEach((decision, i) => decision === REVERSED && steps.push(i + 1));
    return steps;
  }
}

/** The record of all rules as a table, for other programs. @param names of the rules, in order */
export function recordCsv(arms: readonly ArmRecord[], names: readonly string[]): string {
  const lines = [['rule', 'step', ...COLUMNS].join(',')];
  arms.forEach((arm, k) => {
    const columns = COLUMNS.map((name) => arm.column(name));
    for (let i = 0; i < arm.length; i++) {
      const cells = columns.map((column) => (Number.isNaN(column[i]) ? '' : String(column[i])));
      lines.push([names[k], i + 1, ...cells].join(','));
    }
  });
  return `${lines.join('\n')}\n`;
}
