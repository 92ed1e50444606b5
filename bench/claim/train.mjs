/** The program of a thread: trains one cell, by the built package. */

/** @typedef {import('./cells.ts').Cell} Cell */
/** @typedef {import('./cells.ts').Outcome} Outcome */

const { Trainer } = /** @type {typeof import('../../host/index.ts')} */ (
  await import(new URL('../../dist/index.js', import.meta.url).href)
);

/** Places of the run where the exact loss is looked at, at equal distances in shots. */
const LOOKS = 40;

/**
 * Circuit and head as some exact steps on the first rows leave them.
 * @param {import('../../host/index.ts').ModelOptions} model
 * @param {import('../../host/index.ts').Dataset} train
 * @param {{ rows: number, steps: number }} warm
 * @param {number} seed
 */
async function warmStart(model, train, { rows, steps }, seed) {
  const { columns } = train;
  const few = { features: train.features.slice(0, rows * columns), labels: train.labels.slice(0, rows) };
  const training = { rule: /** @type {const} */ ('adam'), steps, seed, rate: 0.1, headRate: 0.3 };
  const trainer = await Trainer.create({ model, training, dataset: { ...train, ...few, rows } });
  for await (const _ of trainer.fit());
  return trainer.parameters;
}

/**
 * Called by the pool, in its thread.
 * @param {{ cell: Cell, model: import('../../host/index.ts').ModelOptions, parts: import('./tasks.ts').Parts,
 *   warm?: import('./tasks.ts').Task['warm'] }} work
 * @returns {Promise<Outcome>}
 */
export default async function train({ cell, model, parts, warm }) {
  const { training, seed, budget } = cell;
  const options = { model, training: { ...training, seed, shotsBudget: budget }, dataset: parts.train };
  const trainer = await Trainer.create(options);
  if (warm) trainer.parameters.set(await warmStart(model, parts.train, warm, seed));
  // By the trapezium rule, over the share of the budget that is spent.
  let [before, loss, area] = [0, trainer.trainingLoss(), 0];
  let next = 1;
  for await (const { shots } of trainer.fit()) {
    const share = shots / budget;
    if (share < next / LOOKS && !trainer.finished) continue;
    const now = trainer.trainingLoss();
    area += ((share - before) * (loss + now)) / 2;
    [before, loss] = [share, now];
    next = Math.floor(share * LOOKS) + 1;
  }
  const { report, steps, trace } = trainer;
  const test = trainer.evaluate(parts.test);
  return {
    loss,
    area: area / before,
    testLoss: test.logLoss,
    testAccuracy: test.accuracy,
    steps,
    shots: report?.shots ?? 0,
    trace,
  };
}
