/** A long series in a bounded room: neighbours are put together as it grows. */

/** Points at most; an even number. */
const MOST = 400;

/** Neighbouring steps of a series. */
interface Bucket {
  /** The last of its steps. */
  readonly step: number;
  readonly count: number;
  readonly sums: readonly (number | null)[];
}

/** Plain data that carries a series through a checkpoint. */
export interface ThinnedState {
  /** Entries that a full bucket has. */
  readonly width: number;
  readonly buckets: readonly Bucket[];
}

/** A point of a series: the means over the steps up to `step` since the point before. */
interface Point {
  readonly step: number;
  readonly values: readonly (number | null)[];
}

const sum = (a: number | null, b: number | null) => (a === null || b === null ? null : a + b);

function merged(a: Bucket, b: Bucket): Bucket {
  return {
    step: b.step,
    count: a.count + b.count,
    sums: a.sums.map((value, i) => sum(value, b.sums[i])),
  };
}

/** Whether a value from a file is the state of a series of `numbers` values a step. */
export function isThinnedState(value: unknown, numbers: number): value is ThinnedState {
  const { width, buckets } = (value ?? {}) as Partial<Record<keyof ThinnedState, unknown>>;
  const isCount = (count: unknown) => Number.isSafeInteger(count) && (count as number) >= 1;
  const isSum = (each: unknown) => each === null || Number.isFinite(each);
  return (
    isCount(width) &&
    Array.isArray(buckets) &&
    buckets.length <= MOST &&
    buckets.every((bucket: Partial<Record<keyof Bucket, unknown>> | null) => {
      const { step, count, sums } = bucket ?? {};
      return (
        isCount(step) && isCount(count) && Array.isArray(sums) && sums.length === numbers && sums.every(isSum)
      );
    })
  );
}

/** A series of numbers by step, of at most 400 points: exact up to as many entries, then means. */
export class Thinned {
  #width: number;
  readonly #buckets: Bucket[];

  /** @param state from a checkpoint, to go on as if there had been none */
  constructor(state: ThinnedState = { width: 1, buckets: [] }) {
    this.#width = state.width;
    this.#buckets = [...state.buckets];
  }

  /** Adds the numbers of a step, in the order of steps; null where there is none. */
  add(step: number, values: readonly (number | null)[]): void {
    const bucket = { step, count: 1, sums: values };
    const last = this.#buckets.at(-1);
    if (last !== undefined && last.count < this.#width) {
      this.#buckets[this.#buckets.length - 1] = merged(last, bucket);
      return;
    }
    if (this.#buckets.length === MOST) this.#halve();
    this.#buckets.push(bucket);
  }

  #halve(): void {
    const before = this.#buckets.splice(0);
    for (let i = 0; i < before.length; i += 2) this.#buckets.push(merged(before[i], before[i + 1]));
    this.#width *= 2;
  }

  get points(): readonly Point[] {
    return this.#buckets.map(({ step, count, sums }) => ({
      step,
      values: sums.map((each) => (each === null ? null : each / count)),
    }));
  }

  get state(): ThinnedState {
    return { width: this.#width, buckets: [...this.#buckets] };
  }
}
