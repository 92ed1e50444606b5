/**
 * Images that are cut short, flipped, of another version or written the other way round: refused with the right
 * status, and not one byte of memory changes, so that training goes on with the bits it would have had.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Gradient, Rule, Status } from '../../assembly/abi/codes.ts';
import { type Build, BUILDS, isSingle, load, Machine, ok, putImage } from '../support/core-harness.ts';
import {
  CHECKSUM_AT,
  IMAGE_HEADER,
  KIND_AT,
  LENGTH_AT,
  resealed,
  sealed,
  swappedWords,
  VERSION_AT,
} from '../support/core-image.ts';
import * as oracle from '../support/oracle/index.ts';

const SEED = 1025;
const MODEL = oracle.randomModel(oracle.seededRng(SEED), {
  qubits: 2,
  outputs: 2,
  logits: 2,
  diagonal: true,
});
const { batch: SAMPLES, labels: LABELS } = oracle.randomBatch(oracle.seededRng(SEED), MODEL, 2);
/** With shots, so that the random stream has to stay where it is, too; room for states of either precision. */
const TRAINING = { rule: Rule.Adam, batch: 2, gradient: Gradient.ParameterShift, shots: 5, workspace: 8192 };
/** Builds on which each of the 65536 versions is tried, not only some. */
const EVERY_VERSION: readonly Build[] = ['device', 'device-f32'];

/** The calls that read images, with the kind they take. */
const READERS = { checkpoint: 'checkpoint_read', model: 'model_read' } as const;
type Kind = keyof typeof READERS;

function trained(build: Build, steps: number): Machine {
  const machine = new Machine(build, MODEL, TRAINING);
  ok(machine.abi.parameters_initialise(), 'initialise');
  for (let step = 0; step < steps; step++) machine.step(SAMPLES, LABELS);
  return machine;
}

function imageOf(kind: Kind, machine: Machine): Uint8Array {
  return kind === 'checkpoint' ? machine.checkpoint() : machine.modelImage();
}

/** A machine between two steps that is offered bad images of one kind. */
class Target {
  readonly machine: Machine;
  readonly image: Uint8Array;

  constructor(
    readonly build: Build,
    readonly kind: Kind,
  ) {
    this.image = imageOf(kind, trained(build, 2));
    this.machine = trained(build, 3);
  }

  /** Asserts that an image is refused and that all of the memory is as it was, the image itself included. */
  refuses(bad: Uint8Array, status: Status, what: string, length = bad.length): void {
    const { abi } = this.machine;
    putImage(abi, bad);
    const before = new Uint8Array(abi.memory.buffer).slice();
    const found = abi[READERS[this.kind]](length);
    if (found !== status) assert.fail(`${what}: ${Status[found] ?? found} instead of ${Status[status]}`);
    assert.equal(Buffer.compare(before, new Uint8Array(abi.memory.buffer)), 0, `${what} changed the memory`);
  }

  /** Asserts that training goes on as if nothing had been offered. */
  goesOn(): void {
    this.machine.step(SAMPLES, LABELS);
    assert.equal(this.machine.trace, trained(this.build, this.machine.report.Step).trace);
  }
}

/** What a wrong byte of an image, not sealed again, is refused for. */
function statusAt(byte: number): Status {
  if (byte < VERSION_AT) return Status.BadMagic;
  if (byte < KIND_AT) return Status.OtherVersion;
  return byte >= LENGTH_AT && byte < CHECKSUM_AT ? Status.BadLength : Status.BadChecksum;
}

for (const build of BUILDS) {
  for (const kind of Object.keys(READERS) as Kind[]) {
    describe(`hostile images: ${kind}, ${build}`, () => {
      const target = new Target(build, kind);
      const { image } = target;

      it('cut short at every length, with the old length or an honest one in the header', () => {
        for (let length = 0; length < image.length; length++) {
          const cut = image.slice(0, length);
          target.refuses(cut, Status.BadLength, `the first ${length} bytes`);
          // The bytes that are missing are still in the image area, from the image before.
          target.refuses(image, Status.BadLength, `all bytes, called ${length}`, length);
          // An honest checkpoint of another length belongs to another configuration; a model ends in the middle.
          if (length >= IMAGE_HEADER && kind === 'checkpoint')
            target.refuses(sealed(cut), Status.BadLength, `sealed at ${length}`);
        }
        target.goesOn();
      });

      it('every bit flipped', () => {
        for (let bit = 0; bit < 8 * image.length; bit++) {
          const bad = image.slice();
          bad[bit >> 3] ^= 1 << (bit & 7);
          target.refuses(bad, statusAt(bit >> 3), `bit ${bit}`);
        }
      });

      it('every other version, older or newer', () => {
        const version = new DataView(image.buffer).getUint16(VERSION_AT, true);
        const bad = image.slice();
        for (let other = 0; other < 65536; other++) {
          if (other === version) continue;
          if (!EVERY_VERSION.includes(build) && other > 256 && other < 65280) continue;
          new DataView(bad.buffer).setUint16(VERSION_AT, other, true);
          resealed(bad);
          target.refuses(bad, Status.OtherVersion, `version ${other}`);
        }
      });

      it('written by a processor of the other byte order', () => {
        const swappedAt = (at: number, width: 2 | 4) => {
          const bad = image.slice();
          bad.subarray(at, at + width).reverse();
          return bad;
        };
        target.refuses(resealed(swappedAt(0, 4)), Status.BadMagic, 'magic');
        target.refuses(resealed(swappedAt(VERSION_AT, 2)), Status.OtherVersion, 'version');
        target.refuses(resealed(swappedAt(KIND_AT, 2)), Status.BadMagic, 'kind and precision');
        target.refuses(resealed(swappedAt(LENGTH_AT, 4)), Status.BadLength, 'length');
        target.refuses(swappedAt(CHECKSUM_AT, 4), Status.BadChecksum, 'checksum');
        // The whole header, then the whole image, by the words that it is made of.
        for (const width of [2, 4, 8] as const) {
          const header = image.slice();
          header.set(swappedWords(image.subarray(0, IMAGE_HEADER), width));
          target.refuses(resealed(header), Status.BadMagic, `header, ${width} bytes`);
          target.refuses(resealed(swappedWords(image, width)), Status.BadMagic, `image, ${width} bytes`);
          // A right header over a swapped body shows by the checksum alone.
          const body = swappedWords(image, width);
          body.set(image.subarray(0, IMAGE_HEADER));
          target.refuses(body, Status.BadChecksum, `body, ${width} bytes`);
        }
        target.refuses(image.slice().reverse(), Status.BadMagic, 'backwards');
        target.goesOn();
      });

      it('of the other kind, or of no kind', () => {
        const other = imageOf(kind === 'model' ? 'checkpoint' : 'model', trained(build, 2));
        target.refuses(other, Status.BadMagic, 'the other kind');
        for (let byte = 0; byte < 256; byte++) {
          for (const at of [KIND_AT, KIND_AT + 1]) {
            const bad = image.slice();
            bad[at] = byte;
            if (bad[at] !== image[at]) target.refuses(resealed(bad), Status.BadMagic, `${byte} at ${at}`);
          }
        }
        target.goesOn();
      });

      it('in the middle of a step: Busy, and the step goes on', () => {
        const machine = trained(build, 3);
        const { abi } = machine;
        machine.fill(SAMPLES, LABELS);
        ok(abi.step_begin(2), 'step_begin');
        for (let status = Status.More; status === Status.More; status = abi.step_advance(1)) {
          // Nothing is put in place: between steps only the image area is the caller's.
          const before = new Uint8Array(abi.memory.buffer).slice();
          assert.equal(abi[READERS[kind]](image.length), Status.Busy);
          assert.equal(Buffer.compare(before, new Uint8Array(abi.memory.buffer)), 0);
        }
        assert.equal(machine.trace, trained(build, 4).trace);
      });
    });
  }
}

describe('hostile images: another precision', () => {
  it('a checkpoint is refused and changes nothing, a model is read', () => {
    for (const build of BUILDS) {
      for (const other of BUILDS.filter((name) => isSingle(name) !== isSingle(build))) {
        const target = new Target(build, 'checkpoint');
        const foreign = imageOf('checkpoint', trained(other, 2));
        // The double-precision image may be too long for the other's image area; then it cannot even be put there.
        if (foreign.length <= target.machine.abi.image_capacity())
          target.refuses(foreign, Status.BadMagic, `${other} in ${build}`);
        target.goesOn();
        const abi = load(build);
        const model = imageOf('model', trained(other, 2));
        putImage(abi, model);
        assert.equal(abi.model_read(model.length), Status.Ok, `${other} in ${build}`);
      }
    }
  });
});
