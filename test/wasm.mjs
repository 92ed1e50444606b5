// Lets tests import a .wasm file the way the bundler does: as its bytes.
import { register } from 'node:module';

register('./wasm-hook.mjs', import.meta.url);
