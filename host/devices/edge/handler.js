/**
 * Training and prediction behind `fetch`, the interface of all edge runtimes:
 *
 *   POST /predict  {"rows": [[...], ...]}                    classes and scores, by the model deployed beside it
 *   POST /train    {"rows": [...], "labels": [...], "steps"} a model file, from labels that are class names
 *
 * No module is compiled while a request runs, which edge runtimes forbid: the runtime hands over a compiled one.
 */
import { DataError, loadModel, OptionError, Trainer } from 'nlr-vqa';

const STEPS = 200;
const MOST_STEPS = 2000;
/** Bounds of a request: what is beyond is refused before it costs time or memory. */
const MOST_BYTES = 1 << 20;
const MOST_ROWS = 10_000;
const MOST_COLUMNS = 1024;
/** Of a training: as amplitudes of six qubits. */
const MOST_TRAINED_COLUMNS = 64;
const MOST_CLASSES = 32;

/** A request that cannot be served. */
class Refusal extends Error {
  constructor(message, status = 400) {
    super(message);
    this.status = status;
  }
}

/** The rows of a request, all of one width up to `most`. @throws Refusal */
function rowsOf({ rows }, most) {
  if (!Array.isArray(rows) || rows.length === 0 || rows.length > MOST_ROWS)
    throw new Refusal(`"rows" must be a list of 1 to ${MOST_ROWS} rows`);
  const width = Array.isArray(rows[0]) ? rows[0].length : 0;
  if (width < 1 || width > most) throw new Refusal(`row 1 must be a list of 1 to ${most} numbers`);
  for (const [i, row] of rows.entries()) {
    if (!Array.isArray(row) || row.length !== width)
      throw new Refusal(`row ${i + 1} must be a list of ${width} numbers, as the first`);
    const bad = row.findIndex((value) => typeof value !== 'number' || !Number.isFinite(value));
    if (bad >= 0) throw new Refusal(`row ${i + 1}, number ${bad + 1} is no number`);
  }
  return rows;
}

/** Labelled rows as a data set. @throws Refusal */
function datasetOf(request) {
  const rows = rowsOf(request, MOST_TRAINED_COLUMNS);
  const { labels } = request;
  if (!Array.isArray(labels) || labels.length !== rows.length)
    throw new Refusal(`"labels" must be a list of ${rows.length} labels, one for each row`);
  const bad = labels.findIndex((label) => !['string', 'number', 'boolean'].includes(typeof label));
  if (bad >= 0) throw new Refusal(`label ${bad + 1} must be a text or a number`);
  const classes = [...new Set(labels.map(String))].sort();
  if (classes.length < 2 || classes.length > MOST_CLASSES)
    throw new Refusal(`there are ${classes.length} classes; expected 2 to ${MOST_CLASSES}`);
  return {
    features: Float64Array.from(rows.flat()),
    rows: rows.length,
    columns: rows[0].length,
    labels: Int32Array.from(labels, (label) => classes.indexOf(String(label))),
    classes,
    name: 'request',
  };
}

/** A whole number of the request. @throws Refusal */
function whole(request, name, otherwise, least, most) {
  const value = request[name] ?? otherwise;
  if (!Number.isInteger(value) || value < least || value > most)
    throw new Refusal(`"${name}" must be a whole number from ${least} to ${most}`);
  return value;
}

/** The recommended model on the request's rows, in as few qubits as hold them. @returns a model file */
async function train(wasm, request) {
  const dataset = datasetOf(request);
  const steps = whole(request, 'steps', STEPS, 1, MOST_STEPS);
  const seed = whole(request, 'seed', 1, 0, 2 ** 32 - 1);
  const qubits = Math.max(2, Math.ceil(Math.log2(dataset.columns)));
  const trainer = await Trainer.create({
    model: { qubits, features: dataset.columns },
    training: { steps, seed },
    dataset,
    wasm,
  });
  for await (const _ of trainer.fit());
  return trainer.save();
}

/** The body of a request as an object, read no further than its bound. @throws Refusal */
async function bodyOf(request) {
  const chunks = [];
  let bytes = 0;
  for await (const chunk of request.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MOST_BYTES) throw new Refusal(`the body has more than ${MOST_BYTES} bytes`, 413);
    chunks.push(chunk);
  }
  let value;
  try {
    value = JSON.parse(await new Blob(chunks).text());
  } catch (error) {
    throw new Refusal(`the body is no JSON: ${error.message}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Refusal('the body must be an object, such as {"rows": [[1, 2], [3, 4]]}');
  return value;
}

/**
 * @param {{wasm: WebAssembly.Module, model: Uint8Array}} deployed a build of the core, and a model file
 * @returns {{fetch(request: Request): Promise<Response>}}
 */
export function createHandler({ wasm, model: file }) {
  let model;
  const routes = {
    async '/predict'(request) {
      model ??= await loadModel(file, { wasm });
      return Response.json(model.predict(rowsOf(request, MOST_COLUMNS)));
    },
    async '/train'(request) {
      return new Response(await train(wasm, request), {
        headers: { 'content-type': 'application/octet-stream' },
      });
    },
  };
  const answer = async (request) => {
    const { pathname } = new URL(request.url);
    if (!Object.hasOwn(routes, pathname)) throw new Refusal('there are /predict and /train', 404);
    if (request.method !== 'POST') throw new Refusal(`${pathname} takes POST`, 405);
    return routes[pathname](await bodyOf(request));
  };
  return {
    async fetch(request) {
      try {
        return await answer(request);
      } catch (error) {
        // The library's word on data and options is one on the request; the rest is ours, and nobody else's business.
        const theirs = error instanceof DataError || error instanceof OptionError;
        const status = error instanceof Refusal ? error.status : theirs ? 400 : 500;
        const headers = status === 405 ? { allow: 'POST' } : {};
        if (status === 500) console.error(error);
        const message = status === 500 ? 'the request failed' : error.message;
        return Response.json({ error: message }, { status, headers });
      }
    },
  };
}
