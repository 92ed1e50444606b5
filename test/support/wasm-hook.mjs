import { readFileSync } from 'node:fs';
import { ensureBuilt } from './built.mjs';

/** A module hook: `import bytes from './x.wasm'` gives a Uint8Array, of a core that is up to date. */
export function load(url, context, next) {
  if (!url.endsWith('.wasm')) return next(url, context);
  const built = /\bbuild\/core\.[\w.-]+$/.exec(url);
  if (built !== null) ensureBuilt(built[0]);
  const base64 = readFileSync(new URL(url)).toString('base64');
  const source = `export default Uint8Array.from(atob('${base64}'), (byte) => byte.charCodeAt(0));`;
  return { format: 'module', source, shortCircuit: true };
}
