/** The head that fits measured outputs: against losses written down again, their differences, and closed forms. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { exponential } from '../../../host/api/exponential.ts';
import { fittedHead, type HeadTask, type MeasuredOutputs } from '../../../host/api/head-newton.ts';
import { HostRandom } from '../../../host/data/philox.ts';
import { Normals } from '../../../host/data/sets/normal.ts';

const range = (length: number) => Array.from({ length }, (_, i) => i);

test('exp(x) is within two units in the last place', () => {
  for (let x = 0; x > -707; x -= 0.0371) {
    const wanted = Math.exp(x);
    assert.ok(Math.abs(exponential(x) - wanted) <= 2 * 2 ** -52 * wanted, `exp(${x})`);
  }
  assert.equal(exponential(0), 1);
  assert.equal(exponential(-709), 0);
  assert.equal(exponential(Number.NEGATIVE_INFINITY), 0);
  assert.ok(Number.isNaN(exponential(Number.NaN)));
});

/** Samples whose outputs are known. @param spread standard deviation of what is added to each */
function samples(rows: number, width: number, spread = 0) {
  const random = new Normals(new HostRandom(7, 3));
  const truth = Float64Array.from({ length: rows * width }, () => 0.4 * random.next());
  const means = truth.map((value) => value + spread * random.next());
  const half = (width * (width + 1)) / 2;
  const covariances = new Float64Array(rows * half);
  for (let sample = 0; sample < rows; sample++)
    for (let i = 0; i < width; i++) covariances[sample * half + (i * (i + 3)) / 2] = spread ** 2;
  const measured: MeasuredOutputs = { means, covariances, width };
  return { truth, measured, random };
}

/** The mean loss with its ridge, from its definition. */
function lossOf({ means, width }: MeasuredOutputs, task: HeadTask, head: Float64Array): number {
  const rows = means.length / width;
  const each = width + 1;
  let sum = 0;
  for (let b = 0; b < rows; b++) {
    const z = range(task.logits).map((c) =>
      range(each).reduce(
        (s, j) => s + (head[c * each + j] as number) * (j < width ? (means[b * width + j] as number) : 1),
        0,
      ),
    );
    const wanted = task.wanted[b] as number;
    const [first = 0] = z;
    let loss: number;
    if (task.loss === 'mse') loss = (first - wanted) ** 2;
    else if (task.logits === 1) loss = Math.log(1 + Math.exp(wanted === 1 ? -first : first));
    else loss = Math.log(z.reduce((s, value) => s + Math.exp(value), 0)) - (z[wanted] as number);
    sum += (task.weights?.[b] ?? 1) * loss;
  }
  const squares = [...head].reduce((s, value, at) => s + (at % each < width ? value * value : 0), 0);
  return sum / rows + (task.ridge / 2) * squares;
}

const weighted = range(60).map((i) => (i % 3 === 0 ? 2 : 0.5));
const TASKS: Record<string, HeadTask> = {
  'squared error': { logits: 1, loss: 'mse', wanted: range(60).map((i) => Math.sin(i)), ridge: 1e-3 },
  'cross-entropy': { logits: 1, loss: 'bce', wanted: range(60).map((i) => Number(i % 5 < 2)), ridge: 1e-3 },
  'weighted cross-entropy': {
    ...{ logits: 1, loss: 'bce', ridge: 1e-2 },
    ...{ wanted: range(60).map((i) => Number(i % 5 < 2)), weights: weighted },
  },
  'softmax of three': { logits: 3, loss: 'bce', wanted: range(60).map((i) => i % 3), ridge: 1e-3 },
};

describe('without noise the head is where the loss is least', () => {
  for (const [name, task] of Object.entries(TASKS)) {
    test(name, () => {
      const { measured } = samples(60, 4);
      const start = new Float64Array(5 * task.logits).fill(0.1);
      const head = fittedHead(measured, task, start);
      const least = lossOf(measured, task, head);
      assert.ok(least < lossOf(measured, task, start));
      for (let k = 0; k < head.length; k++) {
        const moved = (by: number) =>
          lossOf(
            measured,
            task,
            head.map((value, i) => value + (i === k ? by : 0)),
          );
        const slope = (moved(1e-4) - moved(-1e-4)) / 2e-4;
        assert.ok(Math.abs(slope) < 1e-7, `slope ${slope} along ${k}`);
        assert.ok(moved(0.05) > least && moved(-0.05) > least);
      }
    });
  }
});

test('of the squared error noise is taken off exactly: (M - V) w = c', () => {
  const width = 2;
  const spread = 0.3;
  const { measured } = samples(40, width, spread);
  const wanted = range(40).map((i) => Math.cos(i));
  const task: HeadTask = { logits: 1, loss: 'mse', wanted, ridge: 0 };
  const [w0 = 0, w1 = 0, bias = 0] = fittedHead(measured, task, new Float64Array(3));
  // Normal equations of centred outputs, by Cramer's rule.
  const column = (j: number) => range(40).map((b) => measured.means[b * width + j] as number);
  const mean = (values: readonly number[]) => values.reduce((s, v) => s + v, 0) / values.length;
  const product = (x: readonly number[], y: readonly number[]) =>
    mean(x.map((v, i) => (v - mean(x)) * ((y[i] as number) - mean(y))));
  const [f0, f1] = [column(0), column(1)];
  const [a, b, d] = [product(f0, f0) - spread ** 2, product(f0, f1), product(f1, f1) - spread ** 2];
  const [p, q] = [product(f0, wanted), product(f1, wanted)];
  const det = a * d - b * b;
  const [v0, v1] = [(p * d - b * q) / det, (a * q - p * b) / det];
  assert.ok(Math.abs(w0 - v0) < 1e-9 && Math.abs(w1 - v1) < 1e-9, `${w0} ${v0} ${w1} ${v1}`);
  assert.ok(Math.abs(bias - (mean(wanted) - v0 * mean(f0) - v1 * mean(f1))) < 1e-9);
});

test('of the cross-entropy it brings the head nearer to what it is without noise', () => {
  const { truth, measured, random } = samples(20_000, 2, 0.04);
  const wanted = range(20_000).map((b) => {
    const z = 4 * (truth[2 * b] as number) - 2 * (truth[2 * b + 1] as number) + 0.5;
    return Number(random.random.uniform() < 1 / (1 + Math.exp(-z)));
  });
  const task: HeadTask = { logits: 1, loss: 'bce', wanted, ridge: 1e-5 };
  const start = new Float64Array(3);
  const none = new Float64Array(measured.covariances.length);
  const best = fittedHead({ ...measured, means: truth, covariances: none }, task, start);
  const far = (head: Float64Array) => Math.hypot(...head.map((value, i) => value - (best[i] as number)));
  const corrected = far(fittedHead(measured, task, start));
  const plain = far(fittedHead({ ...measured, covariances: none }, task, start));
  assert.ok(corrected < 0.75 * plain, `${corrected} from the best head, ${plain} without the covariance`);
});

test('where noise is all there is, the head stays as good as it was', () => {
  const { measured } = samples(30, 3, 1);
  const task: HeadTask = { logits: 1, loss: 'bce', wanted: range(30).map((i) => i % 2), ridge: 1e-3 };
  const head = fittedHead(
    { ...measured, covariances: measured.covariances.map((v) => 9 * v) },
    task,
    Float64Array.of(0, 0, 0, 0),
  );
  assert.ok(head.every(Number.isFinite));
});
