/** For Deno: deno serve --allow-read --port 8000 deno.js */
import { createHandler } from './handler.js';

const read = (name) => Deno.readFile(new URL(name, import.meta.url));
const wasm = await WebAssembly.compile(await read('../../../dist/core.wasm'));

export default createHandler({ wasm, model: await read('model.nlrvqa') });
