// Lets tests import a .wasm file the way the bundler does: as its bytes.
import * as modules from 'node:module';
import { load } from './wasm-hook.mjs';

// Newer versions of Node run hooks in the same thread; Node 20 has the other kind alone.
if ('registerHooks' in modules) modules.registerHooks({ load });
else modules.register('./wasm-hook.mjs', import.meta.url);
