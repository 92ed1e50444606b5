/**
 * `npm run lab`: makes the lab page and serves it on this machine until Ctrl-C.
 *
 *   npm run lab                at any port that is free
 *   npm run lab -- --port 8080
 */
import { parseArgs } from 'node:util';
import { serveFolder } from './file-server.mjs';
import { ROOT } from './fresh.mjs';
import { ensurePublished } from './package.mjs';
import { closeTargets } from './targets.mjs';

const { values } = parseArgs({ options: { port: { type: 'string', default: '0' } } });
try {
  const port = Number(values.port);
  if (!(Number.isInteger(port) && port >= 0 && port < 65536))
    throw new Error(`--port is '${values.port}'; expected a whole number from 0 to 65535`);
  await ensurePublished('dist/lab/index.html');
  await closeTargets();
  const { address } = await serveFolder(`${ROOT}dist/lab/`, port);
  process.stdout.write(`the lab is at ${address}\n`);
} catch (error) {
  process.stderr.write(`${/** @type {Error} */ (error).message}\n`);
  process.exitCode = 1;
}
