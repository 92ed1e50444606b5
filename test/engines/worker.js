/** The interpreter as a worker: POST a script to /MODULE, get its transcript. Modules are bound, as workers want it. */
import deviceColumnsF32 from 'core.device-columns-f32.wasm';
import deviceFastF32 from 'core.device-fast-f32.wasm';
import deviceFast from 'core.device-fast.wasm';
import deviceF32 from 'core.device-f32.wasm';
import device from 'core.device.wasm';
import release from 'core.wasm';
import { transcript } from './transcript.js';

const MODULES = {
  '/core.wasm': release,
  '/core.device.wasm': device,
  '/core.device-fast.wasm': deviceFast,
  '/core.device-f32.wasm': deviceF32,
  '/core.device-columns-f32.wasm': deviceColumnsF32,
  '/core.device-fast-f32.wasm': deviceFastF32,
};

export default {
  async fetch(request) {
    return new Response(transcript(MODULES[new URL(request.url).pathname], await request.text()));
  },
};
