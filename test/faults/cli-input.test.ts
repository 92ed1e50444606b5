/** The command given wrong data, wrong options and damaged files: refused in one sentence, with the right code. */
import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import { crc32 } from '../../host/files/container.ts';
import { clusters, withoutReading, Workshop } from '../support/cli-process.ts';

let shop: Workshop;
const quick = ['--shots', 'exact', '--steps', '5'];

/**
 * The command must refuse: this exit code, one sentence on stderr that says this, nothing on stdout, no stack
 * trace and no file that was not there before.
 */
async function refused(args: readonly string[], code: 1 | 2, says: RegExp): Promise<void> {
  const files = await readdir(shop.folder);
  const found = await shop.run(args);
  assert.equal(found.stdout, '');
  assert.match(withoutReading(found.stderr), /^nlr-vqa: [^\n]+\n$/);
  assert.match(found.stderr, says);
  assert.doesNotMatch(found.stderr, /unexpected|^\s+at |node:internal/);
  assert.equal(found.code, code, found.stderr);
  assert.deepEqual(await readdir(shop.folder), files, 'nothing half-written');
}

/** Good rows with one bad line as line 6. */
function withLine(line: string): string {
  const lines = clusters(['no', 'yes'], 40).split('\n');
  return [...lines.slice(0, 5), line, ...lines.slice(5)].join('\n');
}

before(async () => {
  shop = await Workshop.open();
  await shop.write('good.csv', clusters(['no', 'yes'], 40));
  await shop.write('three.csv', clusters(['no', 'yes', 'maybe'], 40));
  const seventy = Array.from({ length: 70 }, (_, i) => `c${i}`);
  await shop.write('seventy.csv', clusters(seventy, 280));
  const train = ['train', '--csv', 'good.csv', '--label', 'kind', ...quick];
  const { code, stderr } = await shop.run([...train, '--out', 'model.nlrvqa', '--checkpoint', 'run.ckpt']);
  assert.equal(code, 0, stderr);
});
after(() => shop.close());

describe('data files', () => {
  const cases: readonly (readonly [what: string, content: string | undefined, says: RegExp])[] = [
    ['a missing file', undefined, /bad\.csv: cannot be read: there is no such file/],
    ['an empty file', '', /bad\.csv: the file has no rows/],
    ['a header without rows', 'a,b,c,kind\n', /bad\.csv: the file has a header but no rows/],
    ['a ragged row', withLine('1,2,yes'), /bad\.csv:6:8: the row has 3 fields, expected 4/],
    ['text where a number belongs', withLine('1,two,3,yes'), /bad\.csv:6:3: "two" in column "b"/],
    [
      'NaN',
      withLine('1,2,NaN,yes'),
      /bad\.csv:6:5: "NaN" in column "c" .* no value; .*; --missing drop .* --missing mean/,
    ],
    ['an infinity', withLine('-inf,2,3,yes'), /bad\.csv:6:1: "-inf" in column "a"/],
    ['a number beyond 64 bits', withLine('1,1e999,3,yes'), /bad\.csv:6:3: "1e999" .* out of range/],
    ['a missing label', withLine('1,2,3,'), /bad\.csv:6:7: the label in column "kind"/],
    ['an open quote', withLine('1,"2,3,yes'), /bad\.csv:6:3: the quote that opens this field/],
    ['one class only', clusters(['no'], 20), /bad\.csv: every row has the label "no"/],
    ['bytes that are no text', '\u0000\ud800', /bad\.csv/],
  ];
  for (const [what, content, says] of cases) {
    test(`${what}`, async () => {
      if (content !== undefined) await shop.write('bad.csv', content);
      await refused(['train', '--csv', 'bad.csv', '--label', 'kind', ...quick, '--out', 'never'], 1, says);
    });
  }

  test('a zero vector', async () => {
    await shop.write('zero.csv', withLine('0,0,0,yes'));
    const flags = ['--no-standardise', '--no-constant', '--test-fraction', '0'];
    const args = ['train', '--csv', 'zero.csv', '--label', 'kind', ...quick, ...flags];
    await refused(args, 1, /zero\.csv:6: the row has no direction to encode/);
  });

  test('an unknown label in a test set and in an evaluation', async () => {
    await shop.write('unknown.csv', withLine('1,2,3,perhaps'));
    const says = /unknown\.csv:6:7: the label "perhaps" is none of the classes "no", "yes"/;
    const train = ['train', '--csv', 'good.csv', '--label', 'kind', ...quick];
    await refused([...train, '--test-csv', 'unknown.csv'], 1, says);
    await refused(['evaluate', 'model.nlrvqa', '--csv', 'unknown.csv', '--label', 'kind'], 1, says);
  });

  test('no such column', async () => {
    const args = ['train', '--csv', 'good.csv', '--label', 'colour'];
    await refused(args, 1, /good\.csv:1: no column has the name "colour"; the columns are "a", "b"/);
  });

  test('a folder, and files that are not IDX', async () => {
    await refused(['train', '--csv', '.', '--label', 'kind'], 1, /\.: cannot be read: it is a folder/);
    await refused(['train', '--idx', 'good.csv', 'good.csv'], 1, /good\.csv: not an IDX file/);
  });

  test('rows of another width than the model', async () => {
    await shop.write('narrow.csv', '1,2\n3,4\n');
    await refused(
      ['predict', 'model.nlrvqa', '--csv', 'narrow.csv'],
      1,
      /narrow\.csv: the data has 2 columns without names; the model takes 3: "a", "b", "c"\n$/,
    );
    await shop.write('wide.csv', '1,2,3,0\n3,4,5,1\n');
    await refused(
      ['predict', 'model.nlrvqa', '--csv', 'wide.csv'],
      1,
      /--label COLUMN leaves the labels out/,
    );
  });

  test('columns that do not vary', async () => {
    const rows = Array.from({ length: 20 }, (_, i) => `1,2,3,${i % 2 ? 'yes' : 'no'}`);
    await shop.write('constant.csv', `a,b,c,kind\n${rows.join('\n')}\n`);
    // Without --quiet each of them is named before.
    const args = ['train', '--csv', 'constant.csv', '--label', 'kind', '--quiet', ...quick];
    await refused(args, 1, /constant\.csv: .* no column varies, or the values are too small to square/);
  });

  test('a column of the model that is taken for the labels', async () => {
    const args = ['predict', 'model.nlrvqa', '--csv', 'good.csv', '--label', 'a'];
    await refused(args, 1, /no column "a": the model takes "a", "b", "c"; the data has "b", "c", "kind"\n$/);
  });

  test('more features than amplitudes', async () => {
    const args = ['train', '--no-pca', '--pool', '8x8', ...quick];
    await refused(args, 2, /--qubits 4 gives 16 amplitudes, but a row has 65 features .* --qubits 7/);
  });
});

describe('options', () => {
  const cases: readonly (readonly [args: string, says: RegExp])[] = [
    ['train --qubits 0', /--qubits is 0; expected a whole number from 1 to 20/],
    ['train --qubits 40', /--qubits is 40/],
    ['train --qubits four', /--qubits is 'four'; expected a number/],
    ['train --layers 0', /--layers is 0/],
    ['train --layers 100000', /--layers is 100000/],
    ['train --rate 0', /--rate is 0; expected a number from 1e-30 to 1000/],
    ['train --rate -1', /--rate is -1/],
    ['train --rate NaN', /--rate is 'NaN'/],
    ['train --negative-rate 0', /--negative-rate is 0/],
    ['train --head-rate -2', /--head-rate is -2/],
    ['train --shots 0', /--shots is 0/],
    ['train --shots 2.5', /--shots is 2\.5/],
    ['train --shots many', /--shots is 'many'/],
    ['train --batch 0', /--batch is 0/],
    ['train --steps 0', /--steps is 0/],
    ['train --beta1 1', /--beta1 is 1/],
    ['train --epsilon 0', /--epsilon is 0/],
    ['train --readout-error 0.7', /--readout-error is 0\.7/],
    ['train --rule bogus', /--rule is 'bogus'; expected one of nlr, nlr-guarded/],
    ['train --observable Z9', /--observable: 'Z9'/],
    ['train --observable +', /--observable: .* has no term at character 1/],
    ['train --observable 1e999*Z0', /--observable: 1e999 in .* is too large a coefficient/],
    [`train --observable ${Array(65).fill('Z0').join(';')}`, /--observable: expected 1 to 64 Pauli sums/],
    [`train --observable ${Array(1025).fill('Z0').join('+')}`, /--observable: .* 1024 terms at most/],
    ['train --rule nlr-guarded --shots 1', /--shots is 1; expected a whole number from 2/],
    ['train --shots 20 --gradient adjoint', /--gradient: the adjoint gradient needs exact expectations/],
    ['train --pca 0', /--pca gives 1 to 196 components/],
    ['train --pool 40x40', /--pool to 40 x 40 does not fit/],
    ['train --pool 14', /--pool is '14'; expected HEIGHTxWIDTH/],
    ['train --seed -1', /--seed is '-1'/],
    ['train --seed 9007199254740992', /--seed .* a whole number from 0 to 2\^53 - 1/],
    ['train --classes 0', /--classes/],
    ['train --test-fraction 0.5', /--test-fraction needs --csv or --idx/],
    ['train --csv good.csv', /--csv needs --label/],
    ['train --csv good.csv --label kind --test-fraction 1', /--test-fraction is 1/],
    ['train --csv good.csv --label kind --idx a b', /--csv and --idx exclude each other/],
    ['train --csv three.csv --label kind --head none', /--head: 3 classes need the linear head/],
    ['train --csv three.csv --label kind --loss hinge', /--loss: 3 classes/],
    ['train --idx one', /--idx takes two files, images and labels, not 1/],
    ['train --idx one two three', /too many arguments for 'train'/],
    [
      'train --csv seventy.csv --label kind',
      /seventy\.csv has 70 classes, a softmax head at most 64; --classes/,
    ],
    ['train --every 5', /--every needs --checkpoint/],
    ['train --frobnicate', /unknown option '--frobnicate'/],
    ['train surplus', /too many arguments for 'train'/],
    ['train --qubits', /'--qubits <n>' argument missing/],
    ['plan --features 100', /--features is 100, but 4 qubits have only 16 amplitudes/],
    ['plan --target moon', /--target is 'moon'; expected one of release, device, device-f32/],
    ['plan --gate-ns 0', /--gate-ns is 0/],
    ['plan --classes a,a', /--classes name "a" twice/],
    ['plan --classes a', /--classes names fewer than two/],
    ['plan --budget-ms 0', /--budget-ms is 0/],
    ['evaluate model.nlrvqa --csv good.csv --label kind --shots 0', /--shots is 0/],
    ['evaluate model.nlrvqa', /give --csv FILE --label COLUMN or --idx/],
    ['evaluate model.nlrvqa --csv good.csv --label kind --classes no,perhaps', /--classes names 'perhaps'/],
    ['predict model.nlrvqa', /needs either --csv FILE or --idx IMAGES/],
    ['predict model.nlrvqa --idx x --label kind', /--label needs --csv FILE/],
    ['predict model.nlrvqa --idx x --image 3x3', /--image needs --csv FILE/],
    ['predict model.nlrvqa --idx x --no-header', /--header needs --csv FILE/],
    ['predict', /missing required argument 'model'/],
    ['inspect', /expected a file, or --claim/],
    ['trian', /unknown command 'trian' \(Did you mean train\?\)/],
  ];
  for (const [line, says] of cases) {
    test(`${line}`, () => refused(line.split(' '), 2, says));
  }
});

describe('damaged models and checkpoints', () => {
  const commands: Readonly<Record<string, (file: string) => string[]>> = {
    'model.nlrvqa': (file) => ['predict', file, '--csv', 'good.csv', '--label', 'kind'],
    'run.ckpt': (file) => ['train', '--resume', file],
  };

  /** Runs the commands that read a file on a damaged copy of it. */
  async function damaged(damage: (bytes: Uint8Array) => Uint8Array, says: RegExp): Promise<void> {
    for (const [name, command] of Object.entries(commands)) {
      await shop.write(`damaged-${name}`, damage(new Uint8Array(await shop.read(name))));
      for (const args of [command(`damaged-${name}`), ['inspect', `damaged-${name}`]]) {
        await refused(args, 1, says);
      }
    }
  }

  test('cut short', async () => {
    await damaged((bytes) => bytes.subarray(0, bytes.length >> 1), /damaged-.*: the file is cut short/);
    await damaged((bytes) => bytes.subarray(0, bytes.length - 1), /damaged-.*: the file is cut short/);
    await damaged((bytes) => bytes.subarray(0, 3), /damaged-.*: this is not an nlr-vqa model/);
    await damaged((bytes) => bytes.subarray(0, 0), /damaged-.*: this is not an nlr-vqa model/);
  });

  test('one bit flipped, anywhere', async () => {
    for (const share of [0.01, 0.2, 0.5, 0.8, 0.99]) {
      await damaged((bytes) => {
        bytes[Math.floor(share * bytes.length)] ^= 4;
        return bytes;
      }, /damaged-/);
    }
  });

  test('from a newer version', () =>
    damaged((bytes) => {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
      view.setUint32(bytes.length - 12, 99, true);
      const checksum = crc32(bytes.subarray(bytes.length - 4), crc32(bytes.subarray(0, bytes.length - 8)));
      view.setUint32(bytes.length - 8, checksum, true);
      return bytes;
    }, /damaged-.*: the file has version 99; this nlr-vqa reads version 1/));

  test('the other kind of file', async () => {
    await refused(['train', '--resume', 'model.nlrvqa'], 1, /model\.nlrvqa: .* expected a checkpoint/);
    await refused(
      commands['model.nlrvqa']('run.ckpt'),
      1,
      /run\.ckpt: this is a checkpoint; .* --finish --out FILE makes a model of it/,
    );
    await refused(['inspect', 'good.csv'], 1, /good\.csv: this is not an nlr-vqa model or checkpoint/);
  });
});

test('NLR_DEBUG=1 shows where an error came from', async () => {
  const { code, stderr } = await shop.run(['inspect', 'good.csv'], { NLR_DEBUG: '1' });
  assert.equal(code, 1);
  assert.match(stderr, /\n {4}at /);
});
