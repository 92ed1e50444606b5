/** What others have written reaches a terminal without its control characters, whichever command prints it. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { plain } from '../../../host/cli/output/plain.ts';
import fc from '../../support/property.ts';
import { clusters, Workshop } from '../../support/cli-process.ts';

const HOSTILE =
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

test('plain: control characters become escapes, other text stays as it is', () => {
  assert.equal(plain('Köln 😀 \\n'), 'Köln 😀 \\n');
  assert.equal(plain('\u001b[2J\r\n\t\u009b31m\u007f'), '\\x1b[2J\\x0d\\x0a\\x09\\x9b31m\\x7f');
  assert.equal(plain('a\u202eb\u2066c\u2028'), 'a\\u202eb\\u2066c\\u2028');
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const shown = plain(text);
      assert.doesNotMatch(shown, HOSTILE);
      assert.equal(plain(shown), shown);
    }),
  );
});

describe('the command', () => {
  let shop: Workshop;
  const evil = '\u001b[2J\u0007\u009b31m';
  const file = `d${evil}.csv`;
  before(async () => {
    shop = await Workshop.open();
    await shop.write(file, clusters([`a${evil}`, `b\u202e`], 40).replace('a,b,c,', `a,b,c${evil},`));
  });
  after(() => shop.close());

  test('prints no control character of a class, a column, a cell or a path', async () => {
    const model = `m${evil}`;
    const train = ['train', '--csv', file, '--label', 'kind', '--steps', '3', '--shots', 'exact'];
    await shop.write('bad.csv', `x,kind\n${evil},a\n1,b\n`);
    await shop.write('new.csv', `a,b\n1,2\n`);
    const first = await shop.run([...train, '--out', model]);
    assert.equal(first.code, 0, first.stderr);
    assert.match(first.stdout, /classes +a\\x1b\[2J\\x07\\x9b31m, b\\u202e\n/);
    const commands = [
      [...train, '--out', model],
      [...train, '--seeds', '2', '--out', model],
      ['evaluate', model, '--csv', file],
      ['predict', model, '--csv', file],
      ['predict', model, '--csv', 'new.csv'],
      ['inspect', model],
      ['train', '--csv', 'bad.csv', '--label', 'kind'],
      ['train', '--csv', `no${evil}.csv`, '--label', 'kind'],
      ['train', '--csv', file, '--label', evil],
      ['evaluate', model, '--csv', file, '--classes', evil],
      ['train', `--${evil}`],
      [evil],
      ['demo', '--steps', '1', '--out', model],
    ];
    for (const args of commands) {
      for (const debug of ['', '1']) {
        const { stdout, stderr } = await shop.run(args, { NLR_DEBUG: debug });
        assert(stdout.length + stderr.length > 0);
        assert.doesNotMatch(stdout + stderr, HOSTILE, args.join(' '));
      }
    }
    const { classes } = await shop.json(['inspect', model]);
    assert.deepEqual(classes, ['0', '1']);
  });

  test('--json says names as they are', async () => {
    const { stderr } = await shop.run([
      'train',
      '--csv',
      file,
      '--label',
      'kind',
      '--steps',
      '3',
      '--out',
      'm',
    ]);
    assert.match(stderr, /wrote m\n$/);
    assert.deepEqual((await shop.json(['inspect', 'm'])).classes, [`a${evil}`, 'b\u202e']);
  });
});
