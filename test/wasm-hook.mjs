import { readFile } from 'node:fs/promises';

/** A module hook: `import bytes from './x.wasm'` gives a Uint8Array. */
export async function load(url, context, next) {
  if (!url.endsWith('.wasm')) return next(url, context);
  const base64 = (await readFile(new URL(url))).toString('base64');
  const source = `export default Uint8Array.from(atob('${base64}'), (byte) => byte.charCodeAt(0));`;
  return { format: 'module', source, shortCircuit: true };
}
