/**
 * Training and prediction behind `fetch`, the interface of all edge runtimes:
 *
 *   POST /predict  {"rows": [[...], ...]}                    classes and scores, by the model deployed beside it
 *   POST /train    {"rows": [...], "labels": [...], "steps"} a model file, from labels that are class names
 *
 * No module is compiled while a request runs, which edge runtimes forbid: the runtime hands over a compiled one.
 */
import { loadModel, Trainer } from 'nlr-vqa';

const STEPS = 200;
const MOST_STEPS = 2000;

/** Labelled rows as a data set. @throws TypeError */
function datasetOf({ rows, labels }) {
  if (!Array.isArray(rows) || !Array.isArray(labels) || rows.length !== labels.length || rows.length === 0) {
    throw new TypeError('rows and labels must be lists of the same length');
  }
  const columns = rows[0].length;
  if (rows.some((row) => !Array.isArray(row) || row.length !== columns)) {
    throw new TypeError(`every row must have ${columns} features, as the first`);
  }
  const classes = [...new Set(labels.map(String))].sort();
  return {
    features: Float64Array.from(rows.flat()),
    rows: rows.length,
    columns,
    labels: Int32Array.from(labels, (label) => classes.indexOf(String(label))),
    classes,
    name: 'request',
  };
}

/** The recommended model on the request's rows, in as few qubits as hold them. @returns a model file */
async function train(wasm, request) {
  const dataset = datasetOf(request);
  const steps = Math.min(request.steps ?? STEPS, MOST_STEPS);
  const qubits = Math.max(2, Math.ceil(Math.log2(dataset.columns)));
  const trainer = await Trainer.create({
    model: { qubits, features: dataset.columns },
    training: { steps, seed: request.seed ?? 1 },
    dataset,
    wasm,
  });
  for await (const _ of trainer.fit());
  return trainer.save();
}

/**
 * @param {{wasm: WebAssembly.Module, model: Uint8Array}} deployed a build of the core, and a model file
 * @returns {{fetch(request: Request): Promise<Response>}}
 */
export function createHandler({ wasm, model: file }) {
  let model;
  const routes = {
    async '/predict'({ rows }) {
      model ??= await loadModel(file, { wasm });
      return Response.json(model.predict(rows));
    },
    async '/train'(request) {
      return new Response(await train(wasm, request), {
        headers: { 'content-type': 'application/octet-stream' },
      });
    },
  };
  return {
    async fetch(request) {
      const route = routes[new URL(request.url).pathname];
      if (route === undefined || request.method !== 'POST')
        return Response.json({ error: 'POST to /predict or /train' }, { status: 404 });
      try {
        return await route(await request.json());
      } catch (error) {
        // Errors of the library say what was wrong with the request; the rest is ours.
        const theirs =
          error instanceof SyntaxError || error instanceof TypeError || typeof error.code === 'string';
        return Response.json({ error: error.message }, { status: theirs ? 400 : 500 });
      }
    },
  };
}
