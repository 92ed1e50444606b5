/** A server of the files of one folder, on this machine alone: no more than any host of files does. */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, normalize } from 'node:path';

/** @type {Record<string, string>} */
const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
};

/**
 * Serves a folder.
 * @param {string} folder with a slash at its end
 * @param {number} port 0: any that is free
 * @returns {Promise<{ readonly address: string, close(): void }>}
 */
export async function serveFolder(folder, port = 0) {
  const server = createServer(async ({ url = '/', method }, response) => {
    const { pathname } = new URL(url, 'http://localhost');
    const name = normalize(decodeURIComponent(pathname)).replace(/^[/\\]+/, '');
    const file = name === '' || name.endsWith('/') ? `${name}index.html` : name;
    try {
      if (method !== 'GET' && method !== 'HEAD') throw new Error(`${method} is not served`);
      if (file.startsWith('..')) throw new Error('outside the folder');
      const bytes = await readFile(folder + file);
      response.writeHead(200, {
        'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
        'cache-control': 'no-cache',
        'x-content-type-options': 'nosniff',
      });
      response.end(method === 'HEAD' ? undefined : bytes);
    } catch {
      response.writeHead(404, { 'content-type': 'text/plain' });
      response.end('there is no such file\n');
    }
  });
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(undefined));
  });
  const found = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    address: `http://127.0.0.1:${found.port}/`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
