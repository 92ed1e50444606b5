/** Downloads that break, lie, are interrupted or refused: what has come is gone on with, and nothing else is taken. */
import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { download, partialOf } from '../../../../host/cli/data/download.ts';
import { DataError } from '../../../../host/core/errors.ts';
import { OutputFile } from '../../../../host/files/output-file.ts';

const CONTENT = Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 7 + (i >> 5)) & 255));

/** What the server does with the next requests; the last one stays. */
type Answer = (request: IncomingMessage, response: ServerResponse) => void;
let answers: Answer[] = [];
/** Says how many bytes have been read. */
const reading = new EventEmitter();
/** The ranges that were asked for. */
let ranges: (string | undefined)[] = [];
let server: Server;
let folder: string;
let url: string;

const whole: Answer = (_, response) => {
  response.writeHead(200, { 'content-length': CONTENT.length }).end(CONTENT);
};
const ranged: Answer = (request, response) => {
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  if (from >= CONTENT.length) response.writeHead(416, { 'content-range': `bytes */${CONTENT.length}` }).end();
  else if (from === 0) whole(request, response);
  else {
    const range = `bytes ${from}-${CONTENT.length - 1}/${CONTENT.length}`;
    response.writeHead(206, { 'content-range': range }).end(CONTENT.subarray(from));
  }
};
/** Sends bytes from where it was asked to, and breaks the connection behind so many. */
const breaking =
  (bytes: number): Answer =>
  (request, response) => {
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const head: Record<string, string | number> = { 'content-length': CONTENT.length - from };
    if (from > 0) head['content-range'] = `bytes ${from}-${CONTENT.length - 1}/${CONTENT.length}`;
    response.writeHead(from > 0 ? 206 : 200, head);
    // What has not been read by then would be lost with the connection.
    const read = (done: number) => {
      if (done < from + bytes) return;
      reading.off('done', read);
      response.destroy();
    };
    reading.on('done', read);
    response.write(CONTENT.subarray(from, from + bytes));
  };
const status =
  (code: number, headers = {}): Answer =>
  (_, response) => {
    response.writeHead(code, headers).end('no');
  };

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nlr-vqa-'));
  server = createServer((request, response) => {
    ranges.push(request.headers.range);
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    answer?.(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/file`;
});
after(async () => {
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true });
});
beforeEach(() => {
  ranges = [];
});

let count = 0;
/** A place for a file, in a folder of its own. */
async function place(): Promise<string> {
  const own = join(folder, String(count++));
  await mkdir(own);
  return join(own, 'file.gz');
}

async function check(bytes: Uint8Array): Promise<void> {
  if (!CONTENT.equals(bytes)) throw new DataError('ERR_DATA_CHECKSUM', 'not the file', { file: 'file.gz' });
}

/** Downloads to a path. */
async function load(
  path: string,
  given: readonly Answer[],
  signal = new AbortController().signal,
  from = url,
) {
  answers = [...given];
  const file = await OutputFile.claim(path);
  const told: number[] = [];
  try {
    const progress = (done: number) => {
      told.push(done);
      reading.emit('done', done);
    };
    return { bytes: await download({ url: from, file, most: 8000, check, signal, progress }), told };
  } finally {
    file.release();
  }
}

const left = (path: string) => readdir(join(path, '..'));

async function loaded(path: string): Promise<void> {
  assert.deepEqual(await left(path), ['file.gz']);
  assert.deepEqual(await readFile(path), CONTENT);
}

describe('a download', () => {
  test('is whole, and leaves nothing beside it', async () => {
    const path = await place();
    const { bytes, told } = await load(path, [whole]);
    assert.equal(bytes, CONTENT.length);
    assert.equal(told.at(-1), CONTENT.length);
    await loaded(path);
    assert.deepEqual(ranges, [undefined]);
  });

  test('goes on where the connection broke', async () => {
    const path = await place();
    await load(path, [breaking(1200), breaking(900), ranged]);
    await loaded(path);
    assert.deepEqual(ranges, [undefined, 'bytes=1200-', 'bytes=2100-']);
  });

  test('that breaks again and again is given up, and the next one goes on', async () => {
    const path = await place();
    await assert.rejects(load(path, [breaking(1000)]), {
      code: 'ERR_DATA_FILE',
      message:
        /^http:.*: cannot be downloaded: .*; 3000 bytes have come, and the same command goes on behind them$/,
    });
    assert.deepEqual(await left(path), ['.file.gz.download']);
    ranges = [];
    await load(path, [ranged]);
    await loaded(path);
    assert.deepEqual(ranges, ['bytes=3000-']);
  });

  test('begins anew where the server knows no ranges, or begins elsewhere', async () => {
    const elsewhere: Answer = (_, response) => {
      response.writeHead(206, { 'content-range': `bytes 7-4999/5000` }).end(CONTENT.subarray(7));
    };
    for (const answer of [whole, elsewhere, status(206)]) {
      const path = await place();
      await writeFile(partialOf(path), CONTENT.subarray(0, 100));
      await load(path, [answer, ranged]);
      await loaded(path);
    }
  });

  test('of which all has come is only checked; one that is too long begins anew', async () => {
    const path = await place();
    await writeFile(partialOf(path), CONTENT);
    await load(path, [ranged]);
    await loaded(path);
    for (const length of [5001, 9000]) {
      const longer = await place();
      await writeFile(partialOf(longer), Buffer.alloc(length));
      await load(longer, [ranged]);
      await loaded(longer);
    }
  });

  test('whose beginning is of another file begins anew, once', async () => {
    const path = await place();
    await writeFile(partialOf(path), Buffer.alloc(2000));
    await load(path, [ranged]);
    await loaded(path);
    assert.deepEqual(ranges, ['bytes=2000-', undefined]);
  });

  test('of another content is refused, and nothing stays', async () => {
    const other: Answer = (_, response) => response.writeHead(200).end('a page that asks to log in');
    for (const begun of [0, 10]) {
      const path = await place();
      if (begun > 0) await writeFile(partialOf(path), CONTENT.subarray(0, begun));
      await assert.rejects(load(path, [other]), { code: 'ERR_DATA_CHECKSUM' });
      assert.deepEqual(await left(path), []);
    }
  });

  test('that never ends is given up', async () => {
    const endless: Answer = (_, response) => {
      response.writeHead(200);
      const more = () => response.write(Buffer.alloc(4000), more);
      more();
    };
    const path = await place();
    await assert.rejects(load(path, [endless]), {
      code: 'ERR_DATA_FILE',
      message: /the server sends more than 8000 bytes, which the file cannot have$/,
    });
    assert.equal((await readFile(partialOf(path))).length, 0);
  });

  test('that the server refuses, or nobody answers, is said', async () => {
    await assert.rejects(load(await place(), [status(404)]), {
      code: 'ERR_DATA_FILE',
      message: /\/file: the server answers 404 Not Found$/,
    });
    assert.equal(ranges.length, 1);
    await assert.rejects(load(await place(), [status(503)]), { message: /: cannot be downloaded: .*503/ });
    assert.equal(ranges.length, 4);
    const nobody = load(await place(), [], undefined, 'http://127.0.0.1:1/file');
    await assert.rejects(nobody, {
      code: 'ERR_DATA_FILE',
      message: /cannot be downloaded: (ECONNREFUSED|bad port)$/,
    });
  });

  test('that is interrupted ends with the reason, and the next one goes on', async () => {
    const path = await place();
    const controller = new AbortController();
    const reason = new Error('Ctrl-C');
    const stalling: Answer = (_, response) => {
      response.writeHead(200, { 'content-length': CONTENT.length });
      response.write(CONTENT.subarray(0, 700));
    };
    answers = [stalling];
    const file = await OutputFile.claim(path);
    const progress = () => controller.abort(reason);
    const given = { url, file, most: 8000, check, signal: controller.signal, progress };
    await assert.rejects(download(given), reason);
    file.release();
    assert.deepEqual(await left(path), ['.file.gz.download']);
    ranges = [];
    await load(path, [ranged]);
    await loaded(path);
    assert.deepEqual(ranges, ['bytes=700-']);
  });

  test('does not write through a link that somebody has put there', async () => {
    const path = await place();
    const other = join(path, '../precious');
    await writeFile(other, 'precious');
    await symlink('precious', partialOf(path));
    await assert.rejects(load(path, [whole]), { code: 'ERR_DATA_FILE', message: /cannot be written/ });
    assert.equal(await readFile(other, 'utf8'), 'precious');
  });
});
