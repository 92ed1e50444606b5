/** Whole files, the host's part included: what is damaged or cut short is refused, byte by byte. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { crc32, packContainer, unpackContainer } from '../../../host/files/container.ts';
import { FormatError, loadModel, Trainer } from '../../../host/index.ts';

const dataset = {
  features: Float64Array.of(0.2, 0.7, 0.9, -0.1, 0.4, 0.4, -0.3, 0.8),
  rows: 4,
  columns: 2,
  labels: Int32Array.of(0, 1, 1, 0),
  classes: ['left', 'right'],
  name: 'four rows',
};
const files: { model: Uint8Array; checkpoint: Uint8Array } = {
  model: new Uint8Array(),
  checkpoint: new Uint8Array(),
};

before(async () => {
  const model = { qubits: 2, features: 2, layers: 1 };
  const trainer = await Trainer.create({ model, training: { batch: 2, steps: 3 }, dataset });
  for await (const { step } of trainer.fit()) if (step === 2) break;
  files.model = trainer.save();
  files.checkpoint = trainer.checkpoint();
});

for (const kind of ['model', 'checkpoint'] as const) {
  /** Opens a file the way a user does. */
  const open = (file: Uint8Array) => (kind === 'model' ? loadModel(file) : Trainer.resume(file, { dataset }));

  describe(`container: a ${kind} file`, () => {
    it('opens as it was written', async () => {
      await assert.doesNotReject(open(files[kind]));
    });

    it('is refused with any one byte changed, to any other value', () => {
      const file = files[kind].slice();
      for (let at = 0; at < file.length; at++) {
        const right = file[at] as number;
        for (let change = 1; change < 256; change++) {
          file[at] = right ^ change;
          assert.throws(() => unpackContainer(file, kind), FormatError, `byte ${at} changed by ${change}`);
        }
        file[at] = right;
      }
    });

    it('is refused at every shorter length, and with anything behind it', async () => {
      const file = files[kind];
      for (let length = 0; length < file.length; length++) {
        assert.throws(() => unpackContainer(file.subarray(0, length), kind), FormatError, `${length} bytes`);
      }
      const longer = new Uint8Array(file.length + 1);
      longer.set(file);
      assert.throws(() => unpackContainer(longer, kind), FormatError);
      await assert.rejects(open(file.subarray(0, 100)), FormatError);
    });

    it('is refused when the damage is inside an image and the file is sealed again', async () => {
      const { images, description } = unpackContainer(files[kind], kind);
      const image = (images[0] as Uint8Array).slice();
      const last = image.length - 1;
      image[last] = (image[last] as number) ^ 1;
      await assert.rejects(open(packContainer({ images: [image], description })), FormatError);
    });

    it('is not taken for the other kind', async () => {
      const other = kind === 'model' ? files.checkpoint : files.model;
      await assert.rejects(open(other), FormatError);
    });
  });
}

it('the checksum is CRC-32 of whatever length, in one part or two', () => {
  const check = new TextEncoder().encode('123456789');
  // The check value of CRC-32 in every catalogue of checksums.
  assert.equal(crc32(check), 0xcbf43926);
  const bitwise = (bytes: Uint8Array) => {
    let crc = ~0;
    for (const byte of bytes) {
      crc ^= byte;
      for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (0xedb88320 & -(crc & 1));
    }
    return ~crc >>> 0;
  };
  const every = Uint8Array.from({ length: 261 }, (_, i) => (i * 167) % 256);
  for (let length = 0; length <= every.length; length++) {
    const bytes = every.subarray(0, length);
    assert.equal(crc32(bytes), bitwise(bytes), `${length} bytes`);
    const cut = length >> 1;
    assert.equal(crc32(bytes.subarray(cut), crc32(bytes.subarray(0, cut))), bitwise(bytes));
  }
});
