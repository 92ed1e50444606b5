/** For workerd and Cloudflare Workers: module and model are bound by workerd.capnp, or by wrangler's rules. */
import wasm from 'core.wasm';
import model from 'model.nlrvqa';
import { createHandler } from './handler.js';

export default createHandler({ wasm, model: new Uint8Array(model) });
