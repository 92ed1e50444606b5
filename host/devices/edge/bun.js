/** For Bun, which serves what this exports: bun run bun.js */
import { createHandler } from './handler.js';

const read = (name) => Bun.file(new URL(name, import.meta.url)).bytes();
const wasm = await WebAssembly.compile(await read('../../../dist/core.wasm'));

export default createHandler({ wasm, model: await read('model.nlrvqa') });
