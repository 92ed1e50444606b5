/** IDX files, packed and raw: every type is read, and what is damaged is refused. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import {
  gunzip,
  idxDataset,
  type NamedBytes,
  parseIdx,
  readIdx,
  readIdxDataset,
} from '../../../host/data/idx.ts';
import { DataError } from '../../../host/core/errors.ts';
import fc from '../../support/property.ts';

function idx(type: number, shape: readonly number[], body: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(4 + 4 * shape.length + body.length);
  const view = new DataView(bytes.buffer);
  bytes.set([0, 0, type, shape.length]);
  for (const [i, size] of shape.entries()) view.setUint32(4 + 4 * i, size);
  bytes.set(body, 4 + 4 * shape.length);
  return bytes;
}

const bytesOf = (shape: readonly number[], body: readonly number[]) => idx(8, shape, Uint8Array.from(body));

test('idx: every type is read, big-endian', () => {
  const body = new DataView(new ArrayBuffer(16));
  body.setFloat64(0, -1.5);
  body.setFloat64(8, 2 ** -40);
  const bytes = new Uint8Array(body.buffer);
  const read = (type: number, length: number) => parseIdx(idx(type, [length], bytes), 'x');
  assert.deepEqual(read(14, 2).data, Float64Array.of(-1.5, 2 ** -40));
  assert.deepEqual(read(8, 16).data, bytes);
  assert.deepEqual(read(9, 16).data, new Int8Array(body.buffer));
  const each = (size: number, at: (offset: number) => number) =>
    Array.from({ length: 16 / size }, (_, i) => at(i * size));
  assert.deepEqual(
    [...read(11, 8).data],
    each(2, (i) => body.getInt16(i)),
  );
  assert.deepEqual(
    [...read(12, 4).data],
    each(4, (i) => body.getInt32(i)),
  );
  assert.deepEqual(
    [...read(13, 4).data],
    each(4, (i) => body.getFloat32(i)),
  );
});

test('idx: a view into a larger buffer', () => {
  const bytes = bytesOf([2], [7, 8]);
  const padded = new Uint8Array(bytes.length + 5);
  padded.set(bytes, 3);
  assert.deepEqual([...parseIdx(padded.subarray(3, 3 + bytes.length), 'x').data], [7, 8]);
});

test('idx: every other length is refused', () => {
  const good = bytesOf([2, 3], [1, 2, 3, 4, 5, 6]);
  for (let length = 1; length < good.length; length++) {
    assert.throws(() => parseIdx(good.subarray(0, length), 'x.idx'), { code: 'ERR_DATA_IDX', file: 'x.idx' });
  }
  const longer = new Uint8Array(good.length + 1);
  longer.set(good);
  assert.throws(
    () => parseIdx(longer, 'x.idx'),
    /^DataError: x\.idx: the file has 19 bytes; .*2 x 3, which takes 18$/,
  );
  assert.throws(() => parseIdx(new Uint8Array(), 'x.idx'), { code: 'ERR_DATA_EMPTY' });
});

test('idx: other magic numbers and impossible sizes are refused', () => {
  for (const start of [
    [1, 0, 8, 1],
    [0, 1, 8, 1],
    [0, 0, 10, 1],
    [0, 0, 8, 0],
    [80, 75, 3, 4],
  ]) {
    assert.throws(() => parseIdx(Uint8Array.from([...start, 0, 0, 0, 1, 9]), 'x'), { code: 'ERR_DATA_IDX' });
  }
  const huge = bytesOf([0xffffffff, 0xffffffff, 0xffffffff], []);
  assert.throws(() => parseIdx(huge, 'x'), { code: 'ERR_DATA_IDX' });
});

test('idx: gzip is inflated, anything else passes', async () => {
  const raw = bytesOf([3], [4, 5, 6]);
  assert.deepEqual((await readIdx(gzipSync(raw), 'x.gz')).data, Uint8Array.of(4, 5, 6));
  assert.equal(await gunzip(raw, 'x'), raw);
  assert.deepEqual((await readIdx(raw, 'x')).shape, [3]);
});

test('idx: gzip truncated anywhere or with a bit flipped is refused or unharmed', async () => {
  const raw = bytesOf(
    [40],
    Array.from({ length: 40 }, (_, i) => i * 5),
  );
  const packed = gzipSync(raw);
  for (let length = 2; length < packed.length; length++) {
    await assert.rejects(gunzip(packed.subarray(0, length), 'x.gz'), (error) => {
      return error instanceof DataError && error.code === 'ERR_DATA_GZIP' && error.file === 'x.gz';
    });
  }
  // The first ten bytes are the header, whose time stamp and the like nothing depends on.
  for (let bit = 10 * 8; bit < packed.length * 8; bit++) {
    const flipped = Uint8Array.from(packed);
    flipped[bit >> 3] ^= 1 << (bit & 7);
    const outcome = await gunzip(flipped, 'x.gz').catch((error: unknown) => error);
    if (outcome instanceof DataError) assert.equal(outcome.code, 'ERR_DATA_GZIP');
    else assert.deepEqual(outcome, raw);
  }
});

const images = parseIdx(
  bytesOf(
    [4, 2, 3],
    Array.from({ length: 24 }, (_, i) => i),
  ),
  'images',
);
const labels = parseIdx(bytesOf([4], [10, 9, 9, 2]), 'labels');

test('idx: images and labels make a data set', () => {
  const data = idxDataset(images, labels);
  assert.deepEqual([data.rows, data.columns, data.shape, data.name], [4, 6, [2, 3], 'images']);
  assert.deepEqual(data.classes, ['2', '9', '10']);
  assert.deepEqual([...data.labels], [2, 1, 1, 0]);
  assert.deepEqual(
    [...data.features],
    Array.from({ length: 24 }, (_, i) => i),
  );
});

test('idx: classes select and order the rows', () => {
  const data = idxDataset(images, labels, { classes: ['9', '2'], name: 'two' });
  assert.deepEqual([data.rows, data.name, [...data.labels]], [3, 'two', [0, 0, 1]]);
  assert.deepEqual([...data.features.subarray(0, 2)], [6, 7]);
  assert.throws(() => idxDataset(images, labels, { classes: ['9', '3'] }), { code: 'ERR_DATA_LABEL' });
  assert.throws(() => idxDataset(images, labels, { classes: ['9'] }), {
    code: 'ERR_OPTION_VALUE',
    option: 'classes',
  });
  assert.throws(() => idxDataset(images, labels, { classes: ['9', '9'] }), { code: 'ERR_OPTION_VALUE' });
});

test('idx: images and labels that do not belong together are refused', () => {
  assert.throws(() => idxDataset(labels, labels), { code: 'ERR_DATA_IDX' });
  assert.throws(() => idxDataset(images, images), { code: 'ERR_DATA_IDX' });
  const three = parseIdx(bytesOf([3], [1, 2, 3]), 'three');
  assert.throws(() => idxDataset(images, three), { code: 'ERR_DATA_ROWS', file: 'three' });
  const none = parseIdx(bytesOf([0, 2, 2], []), 'none');
  assert.throws(() => idxDataset(none, parseIdx(bytesOf([0], []), 'l')), { code: 'ERR_DATA_EMPTY' });
});

test('idx: any bytes either are an array or are refused', () => {
  const start = fc.tuple(fc.constantFrom(8, 9, 11, 12, 13, 14), fc.integer({ min: 1, max: 3 }));
  fc.assert(
    fc.property(start, fc.uint8Array({ maxLength: 40 }), ([type, rank], rest) => {
      const bytes = Uint8Array.from([0, 0, type, rank, ...rest]);
      try {
        const { shape, data } = parseIdx(bytes, 'x');
        assert.equal(
          data.length,
          shape.reduce((a, b) => a * b, 1),
        );
      } catch (error) {
        assert(error instanceof DataError, `${error}`);
      }
    }),
  );
});

/** Gzip data of a header and then nothing but zeros, as many as there is time for: a member of `zeros` of them. */
const bomb = (shape: readonly number[], zeros: number) =>
  gzipSync(Buffer.concat([bytesOf(shape, []), Buffer.alloc(zeros)]));

test('idx: gzip data is inflated as far as its header says', async () => {
  for (const zeros of [201, 2 ** 24]) {
    await assert.rejects(readIdx(bomb([2, 10, 10], zeros), 'x.gz'), {
      code: 'ERR_DATA_GZIP',
      message: 'x.gz: the gzip data inflates to more than 216 bytes, which is all that there should be',
    });
  }
  await assert.rejects(readIdx(bomb([2, 10, 10], 199), 'x.gz'), {
    code: 'ERR_DATA_IDX',
    message: 'x.gz: the file has 215 bytes; its header says 2 x 10 x 10, which takes 216',
  });
  assert.equal((await readIdx(bomb([2, 10, 10], 200), 'x.gz')).data.length, 200);
  // Cut short behind the header, and in the middle of it.
  const cut = bomb([2, 10, 10], 2 ** 20);
  for (const length of [cut.length - 9, 24]) {
    await assert.rejects(readIdx(cut.subarray(0, length), 'x.gz'), { code: 'ERR_DATA_GZIP' });
  }
});

test('idx: no more is inflated than is asked for', async () => {
  const packed = bomb([2], 2 ** 24);
  let taken = 0;
  const original = DecompressionStream;
  globalThis.DecompressionStream = class extends original {
    constructor(format: CompressionFormat) {
      super(format);
      const readable = this.readable.pipeThrough(
        new TransformStream<Uint8Array, Uint8Array>({
          transform(chunk, controller) {
            taken += chunk.length;
            controller.enqueue(chunk);
          },
        }),
      );
      Object.defineProperty(this, 'readable', { value: readable });
    }
  };
  try {
    await assert.rejects(readIdx(packed, 'x.gz'), { code: 'ERR_DATA_GZIP' });
    await assert.rejects(gunzip(packed, 'x.gz', 100), /inflates to more than 100 bytes/);
  } finally {
    globalThis.DecompressionStream = original;
  }
  // A few pieces of 16 or 64 KiB each, of 16 MiB.
  assert.ok(taken > 0 && taken < 2 ** 21, `${taken}`);
});

test('idx: more numbers than are read are refused by the header alone', async () => {
  for (const shape of [[2 ** 27 + 1], [2 ** 14, 2 ** 14], Array(255).fill(2 ** 32 - 1)]) {
    const says = {
      code: 'ERR_DATA_IDX',
      message: /^x: the file has .* numbers; at most 134217728 are read; split it$/,
    };
    await assert.rejects(readIdx(bytesOf(shape, []), 'x'), says);
    await assert.rejects(readIdx(bomb(shape, 2 ** 16), 'x'), says);
  }
});

test('idx: images and labels are compared before either is inflated', async () => {
  const images = { name: 'images.gz', bytes: bomb([3, 2 ** 12, 2 ** 12], 0) };
  const read = (labels: Uint8Array, pixels: NamedBytes = images) =>
    readIdxDataset(pixels, { name: 'labels', bytes: labels });
  await assert.rejects(read(bytesOf([2], [0, 1])), {
    code: 'ERR_DATA_ROWS',
    message: 'labels: there are 2 labels for the 3 images of images.gz',
  });
  await assert.rejects(read(bytesOf([3, 1], [0, 1, 0])), /^DataError: labels: the labels have 2 dimensions/);
  const swapped = { name: 'swapped', bytes: bytesOf([3], [0, 1, 0]) };
  await assert.rejects(read(bytesOf([3], [0, 1, 0]), swapped), /are images and labels swapped/);
  // Only then is it seen that the images are not there.
  await assert.rejects(read(bytesOf([3], [0, 1, 0])), /^DataError: images\.gz: the file has 16 bytes;/);
  const { features, classes, shape, name } = await read(bytesOf([3], [0, 1, 0]), {
    name: 'i',
    bytes: gzipSync(bytesOf([3, 1, 2], [1, 2, 3, 4, 5, 6])),
  });
  assert.deepEqual([[...features], classes, shape, name], [[1, 2, 3, 4, 5, 6], ['0', '1'], [1, 2], 'i']);
});
