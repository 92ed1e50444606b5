/** The program of a thread: trains one cell and reads the model, by the built package. */

/** @typedef {import('./cells.ts').Cell} Cell */
/** @typedef {import('./cells.ts').Outcome} Outcome */
/** @typedef {import('./cells.ts').Rows} Rows */

const { Trainer } = /** @type {typeof import('../../host/index.ts')} */ (
  await import(new URL('../../dist/index.js', import.meta.url).href)
);

/**
 * Called by the pool, in its thread.
 * @param {{ cell: Cell, rows: Rows }} work
 * @returns {Promise<Outcome>}
 */
export default async function train({ cell: { configuration, seed, readings }, rows }) {
  const { model, training, oneVsRest } = configuration;
  const trainer = await Trainer.create({
    model,
    training: { ...training, seed },
    dataset: rows.train,
    ...(oneVsRest && { oneVsRest }),
  });
  for await (const _ of trainer.fit());
  const { accuracy, logLoss } = trainer.evaluate(rows.evaluated);
  const models = trainer.modelParameters.length;
  return {
    accuracy,
    read: readings.map((shots) => trainer.evaluate(rows.evaluated, { shots }).accuracy),
    logLoss,
    parameters: trainer.parameters.length,
    arenaBytes: trainer.arenaBytes / models,
    models,
    trace: trainer.trace,
  };
}
