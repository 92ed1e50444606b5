import { readFileSync } from 'node:fs';

/** A module hook: `import bytes from './x.wasm'` gives a Uint8Array. */
export function load(url, context, next) {
  if (!url.endsWith('.wasm')) return next(url, context);
  const base64 = readFileSync(new URL(url)).toString('base64');
  const source = `export default Uint8Array.from(atob('${base64}'), (byte) => byte.charCodeAt(0));`;
  return { format: 'module', source, shortCircuit: true };
}
