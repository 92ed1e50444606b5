/** `plateau` and `inspect --claim`, as a user runs them. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { clusters, Workshop } from '../../support/cli-process.ts';

let shop: Workshop;
const data = ['--csv', 'data.csv', '--label', 'kind', '--layers', '2', '--batch', '8'];
before(async () => {
  shop = await Workshop.open();
  await shop.write('data.csv', clusters(['a', 'b'], 40));
});
after(() => shop.close());

describe('plateau', () => {
  test('says what it found, the same each time, and writes a page that needs no other file', async () => {
    const args = ['plateau', ...data, '--starts', '40', '--shots', '200'];
    const found = await shop.json([...args, '--html', 'page.html']);
    const { html: _, ...again } = await shop.json([...args, '--html', 'other.html']);
    const { html, ...first } = found;
    assert.deepEqual(again, first);
    assert.equal(html, 'page.html');
    assert.equal(found.floor, 1 / 400);
    assert.ok((found.advice as string[]).length > 2);
    const page = new TextDecoder().decode(await shop.read('page.html'));
    assert.doesNotMatch(page, /(?:src|href)="(?!#)/);
    assert.doesNotMatch(page, /@import|url\((?!#)|<script|undefined|NaN/);
    for (const name of ['by-qubits', 'by-layers', 'by-parameter', 'noise'])
      assert.match(page, new RegExp(`<figure id="${name}"><svg `));
    assert.match(page, /id="light-cone"><svg /);
    const ids = [...page.matchAll(/\bid="([^"]+)"/g)].map(([, id]) => id);
    assert.equal(new Set(ids).size, ids.length);
  });

  test('is for people too', async () => {
    const { code, stdout, stderr } = await shop.run(['plateau', ...data, '--starts', '20', '--no-sizes']);
    assert.equal(code, 0, stderr);
    for (const row of [
      'circuit',
      'Var\\(df\\)',
      'shot floor',
      'light cone',
      'data seen',
      'first moment',
      'p_t',
      'Theorem 1',
      'Remark 1',
    ])
      assert.match(stdout, new RegExp(`^${row} `, 'm'));
    assert.match(stdout, /^advice: /m);
    assert.doesNotMatch(stdout, /noise  |undefined|NaN/);
  });

  test('takes a circuit of the user', async () => {
    await shop.write(
      'own.qasm',
      'OPENQASM 3.0;\ninclude "stdgates.inc";\ninput float x0; input float x1; input float x2; input float a; input float b;\nqubit[3] q;\nrx(x0) q[0]; rx(x1) q[1]; rx(x2) q[2]; cx q[2], q[1]; cx q[1], q[0]; ry(a) q[0]; ry(b) q[2];\n',
    );
    const own = ['--circuit', 'own.qasm', '--circuit-features', 'x0,x1,x2', '--observable', 'Z0'];
    const csv = ['--csv', 'data.csv', '--label', 'kind', '--batch', '8'];
    const found = await shop.json(['plateau', ...csv, ...own, '--starts', '20']);
    const { active, parameters } = found.variance as { active: number; parameters: number };
    assert.deepEqual([active, parameters, found.scan], [1, 2, undefined]);
  });

  for (const [flags, code, message] of [
    [['--starts', '3'], 2, /--starts is '3'/],
    [['--radius', '0'], 2, /--radius is 0; expected a number above 0/],
    [['--nu', '2'], 2, /--nu is 2/],
    [['--csv', 'none.csv'], 1, /none\.csv: cannot be read/],
  ] as const)
    test(`refused: ${flags.join(' ')}`, async () => {
      const found = await shop.run(['plateau', ...data, ...flags, '--html', 'none.html']);
      assert.deepEqual([found.code, found.stdout], [code, ''], found.stderr);
      assert.match(found.stderr, message);
      assert.ok(!existsSync(shop.path('none.html')));
    });
});

describe('inspect --claim', () => {
  test('says under which loss it can be', async () => {
    const claim = 'loss=1.55e-4,gradient=6.38,parameters=90';
    const { stdout, code } = await shop.run(['inspect', '--claim', claim]);
    assert.equal(code, 0);
    assert.equal(stdout.match(/impossible/g)?.length, 3);
    assert.match(stdout, /linear head, sigmoid, cross-entropy .* only with \|w\| from 4\.34e\+3/);
    const { verdicts, observableBound } = await shop.json(['inspect', '--claim', claim]);
    assert.equal((verdicts as unknown[]).length, 6);
    assert.ok(Math.abs((observableBound as number) - Math.sqrt(90)) < 1e-12);
  });

  for (const [args, message] of [
    [[], /expected a file, or --claim/],
    [['--claim', 'loss=1'], /--claim has no gradient; expected gradient=NUMBER/],
    [['--claim', 'loss=x,gradient=1,parameters=1'], /--claim has 'loss=x'; expected each of loss, gradient/],
    [['--claim', 'loss=1,loss=1,gradient=1,parameters=1'], /--claim has 'loss=1'/],
    [['--claim', 'loss=1,gradient=1,parameters=1.5'], /parameters is 1\.5/],
    [['data.csv', '--claim', 'loss=1,gradient=1,parameters=1'], /expected a file, or --claim/],
  ] as const)
    test(`refused: inspect ${args.join(' ')}`, async () => {
      const { code, stderr } = await shop.run(['inspect', ...args]);
      assert.equal(code, 2, stderr);
      assert.match(stderr, message);
    });
});

describe('the alarm of a training', () => {
  test('says its remedy, once', async () => {
    const train = ['train', ...data, '--shots', '5', '--steps', '60', '--rate', '0.003'];
    const { stderr } = await shop.run([...train, '--rule', 'nlr']);
    const said = stderr.match(
      /step \d+: reversals outweigh descent in rate, [\d.]+ % of the tentative steps raised the loss; what helps: --rule nlr-guarded, --negative-rate below [\d.]+, or more --shots than 5/g,
    );
    assert.equal(said?.length, 1, stderr);
    const quiet = await shop.run([...train, '--rule', 'nlr', '--quiet']);
    assert.equal(quiet.stderr, '');
    const { stderr: guarded } = await shop.run([...train, '--rule', 'sgd']);
    assert.doesNotMatch(guarded, /what helps/);
  });
});
