/**
 * Files of the host that are cut short, flipped, of another version or written the other way round: refused with
 * the right code, before anything is loaded. The images inside are the core's: hostile-images.test.ts.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, describe, it } from 'node:test';
import { crc32, packContainer, unpackContainer } from '../../host/files/container.ts';
import { Status } from '../../assembly/abi/codes.ts';
import { CoreError, FormatError, loadModel, Trainer } from '../../host/index.ts';
import {
  CHECKSUM_AT,
  KIND_AT,
  LENGTH_AT,
  resealed,
  swappedWords,
  VERSION_AT,
} from '../support/core-image.ts';
import { finish, MODEL, rowsOf, TRAINING, trainerOf } from '../support/host-data.ts';

const dataset = rowsOf(['no', 'yes']);
/** From the end of a file: how long the description is, the version, the checksum, the magic; u32 each. */
const FOOTER_BYTES = 16;
const VERSION_FROM_END = 12;
const CHECKSUM_FROM_END = 8;

const files: Record<'model' | 'checkpoint', Uint8Array> = {
  model: new Uint8Array(0),
  checkpoint: new Uint8Array(0),
};
const kinds = Object.keys(files) as (keyof typeof files)[];

/** Reads a file as what it is called. */
function open(kind: keyof typeof files, file: Uint8Array): Promise<unknown> {
  const name = 'bad.nlrvqa';
  return kind === 'model' ? loadModel(file, { name }) : Trainer.resume(file, { dataset, name });
}

/** Why a file is refused; a file that is not refused fails the test. */
async function refusal(kind: keyof typeof files, file: Uint8Array, what: string): Promise<FormatError> {
  try {
    await open(kind, file);
  } catch (error) {
    assert.ok(error instanceof FormatError, `${what}: ${(error as Error).stack}`);
    assert.match(error.message, /^bad\.nlrvqa: [^\n]+$/);
    return error;
  }
  assert.fail(`${what} was read`);
}

/** Asserts that a file is refused with a code. */
async function refuses(
  kind: keyof typeof files,
  file: Uint8Array,
  code: string,
  what: string,
): Promise<void> {
  const { code: found, message } = await refusal(kind, file, what);
  assert.equal(found, code, `${what}: ${message}`);
}

/** Asserts that the core refuses the image inside a sound file. */
async function coreRefuses(
  kind: keyof typeof files,
  file: Uint8Array,
  status: Status,
  what: string,
): Promise<void> {
  const { cause, message } = await refusal(kind, file, what);
  assert.ok(cause instanceof CoreError, `${what}: ${message}`);
  assert.equal(Status[cause.status], Status[status], `${what}: ${message}`);
}

/** A file whose image is another one; all checksums of the file itself are right. */
function withImage(file: Uint8Array, change: (image: Uint8Array) => Uint8Array): Uint8Array {
  const { images, description } = unpackContainer(file, 'file');
  return packContainer({ images: images.map((image) => change(image.slice())), description });
}

before(async () => {
  const trainer = await finish(await trainerOf());
  [files.model, files.checkpoint] = [trainer.save(), trainer.checkpoint()];
});

describe('hostile files', () => {
  for (const kind of kinds) {
    it(`${kind}: cut short at every length`, async () => {
      const file = files[kind];
      for (let length = 0; length < file.length; length++) {
        const code = length < 4 ? 'ERR_FORMAT_MAGIC' : 'ERR_FORMAT_LENGTH';
        await refuses(kind, file.subarray(0, length), code, `${length} bytes`);
      }
    });

    it(`${kind}: every bit flipped`, async () => {
      const file = files[kind];
      const footer = file.length - FOOTER_BYTES;
      const codeAt = (byte: number, found: Uint8Array) => {
        if (byte < 4) return 'ERR_FORMAT_MAGIC';
        if (byte >= file.length - 4) return 'ERR_FORMAT_LENGTH';
        const version = new DataView(found.buffer).getUint32(file.length - VERSION_FROM_END, true);
        const known = new DataView(file.buffer, file.byteOffset).getUint32(
          file.length - VERSION_FROM_END,
          true,
        );
        return byte >= footer && version !== known ? 'ERR_FORMAT_VERSION' : 'ERR_FORMAT_CHECKSUM';
      };
      for (let bit = 0; bit < 8 * file.length; bit++) {
        const bad = file.slice();
        bad[bit >> 3] ^= 1 << (bit & 7);
        await refuses(kind, bad, codeAt(bit >> 3, bad), `bit ${bit}`);
      }
    });

    it(`${kind}: every other version of the file itself, with the right checksum`, async () => {
      const file = files[kind];
      for (const version of [0, 2, 3, 255, 256, 2 ** 16, 2 ** 24, 2 ** 31, 2 ** 32 - 1]) {
        const bad = file.slice();
        const view = new DataView(bad.buffer);
        view.setUint32(bad.length - VERSION_FROM_END, version, true);
        const checksum = crc32(bad.subarray(-4), crc32(bad.subarray(0, -CHECKSUM_FROM_END)));
        view.setUint32(bad.length - CHECKSUM_FROM_END, checksum, true);
        await refuses(kind, bad, 'ERR_FORMAT_VERSION', `version ${version}`);
      }
    });

    it(`${kind}: written by a processor of the other byte order`, async () => {
      const file = files[kind];
      for (const width of [2, 4, 8] as const) {
        await refuses(kind, swappedWords(file, width), 'ERR_FORMAT_MAGIC', `words of ${width} bytes`);
      }
      await refuses(kind, file.slice().reverse(), 'ERR_FORMAT_MAGIC', 'backwards');
      const footer = file.slice();
      footer.set(swappedWords(file.subarray(-FOOTER_BYTES), 4), file.length - FOOTER_BYTES);
      await refuses(kind, footer, 'ERR_FORMAT_LENGTH', 'footer');
      const checksum = file.slice();
      checksum.subarray(-CHECKSUM_FROM_END, -CHECKSUM_FROM_END + 4).reverse();
      await refuses(kind, checksum, 'ERR_FORMAT_CHECKSUM', 'checksum');
    });

    it(`${kind}: an image inside that is of another version, kind or byte order, in a sound file`, async () => {
      const file = files[kind];
      const changes: [string, Status, (image: Uint8Array) => Uint8Array][] = [
        ['older', Status.OtherVersion, (image) => withVersion(image, -1)],
        ['newer', Status.OtherVersion, (image) => withVersion(image, 1)],
        [
          'version in the other byte order',
          Status.OtherVersion,
          (image) => resealed(swap(image, VERSION_AT, 2)),
        ],
        ['damaged', Status.BadChecksum, (image) => swap(image, CHECKSUM_AT, 4)],
        ['another kind', Status.BadMagic, (image) => resealed(swap(image, KIND_AT, 2))],
      ];
      for (const [what, status, change] of changes)
        await coreRefuses(kind, withImage(file, change), status, what);
      // The host goes from image to image by their lengths, and knows a file by its magic.
      const long = withImage(file, (image) => resealed(swap(image, LENGTH_AT, 4)));
      await refuses(kind, long, 'ERR_FORMAT_LENGTH', 'length');
      const magic = withImage(file, (image) => resealed(swappedWords(image, 4)));
      await refuses(kind, magic, 'ERR_FORMAT_MAGIC', 'whole image');
    });

    it(`${kind}: what is read after all those refusals is what was written`, async () => {
      const first = await open(kind, files[kind]);
      const trace = (opened: unknown) => (opened instanceof Trainer ? opened.trace : undefined);
      assert.equal(trace(await open(kind, files[kind])), trace(first));
    });
  }

  it('the other kind of file', async () => {
    await refuses('model', files.checkpoint, 'ERR_FORMAT_MAGIC', 'a checkpoint');
    await refuses('checkpoint', files.model, 'ERR_FORMAT_MAGIC', 'a model');
  });

  it('a checkpoint of single precision in double precision, and the other way round', async () => {
    const wasm = readFileSync(new URL('../../build/core.device-fast-f32.wasm', import.meta.url));
    const single = await finish(await Trainer.create({ model: MODEL, training: TRAINING, dataset, wasm }));
    await coreRefuses('checkpoint', single.checkpoint(), Status.BadMagic, 'single in double');
    await assert.rejects(
      Trainer.resume(files.checkpoint, { dataset, wasm }),
      ({ cause }: Error) => cause instanceof CoreError && cause.status === Status.BadMagic,
    );
  });
});

function swap(image: Uint8Array, at: number, bytes: number): Uint8Array {
  image.subarray(at, at + bytes).reverse();
  return image;
}

function withVersion(image: Uint8Array, more: number): Uint8Array {
  const view = new DataView(image.buffer, image.byteOffset);
  view.setUint16(VERSION_AT, view.getUint16(VERSION_AT, true) + more, true);
  return resealed(image);
}
