/** `compare`: rules against each other, seed by seed, at equal cost, and after any interruption as if there had been none. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import type { ComparisonResult, RunJson } from '../../../host/cli/study/result.ts';
import { bandOf } from '../../../host/cli/study/figures/bands.ts';
import { readArms, readTuning } from '../../../host/cli/study/arms.ts';
import { clusters, signalledAt, Workshop } from '../../support/cli-process.ts';

let shop: Workshop;
const data = ['--csv', 'data.csv', '--label', 'kind', '--layers', '1', '--batch', '4'];

before(async () => {
  shop = await Workshop.open();
  await shop.write('data.csv', clusters(['a', 'b'], 40));
});
after(() => shop.close());

async function compared(args: readonly string[]): Promise<ComparisonResult> {
  return (await shop.json(['compare', ...data, ...args])) as unknown as ComparisonResult;
}

/** A run that did not fail. */
function good(run: RunJson | undefined): Extract<RunJson, { trace: string }> {
  assert.ok(run && 'trace' in run, JSON.stringify(run));
  return run;
}

const text = async (name: string) => new TextDecoder().decode(await shop.read(name));
const CSV = ['runs.csv', 'paired.csv', 'tuning.csv', 'curves.csv'];
const PICTURES = ['loss', 'ends', 'violations', 'reversals', 'gradient-norms', 'cost'];
const csvOf = (folder: string) => Promise.all(CSV.map((name) => text(`${folder}/${name}`)));

describe('a run of a comparison', () => {
  const kinds: Record<string, readonly string[]> = {
    'a test set drawn from each seed': ['--shots', '20'],
    'no test set, exact': ['--test-fraction', '0'],
    'a test set of its own': ['--test-csv', 'data.csv', '--class-weights', 'balanced'],
  };
  for (const [kind, flags] of Object.entries(kinds)) {
    test(`is that of train: ${kind}`, async () => {
      const shared = [...flags.filter((flag) => !/class-weights|balanced/.test(flag)), '--steps', '12'];
      const { runs, rules } = await compared([
        ...shared,
        '--rules',
        'nlr,adam:rate=0.2',
        '--seeds',
        '2',
        '--seed',
        '7',
      ]);
      assert.deepEqual(
        runs.map(({ rule, seed }) => [rule, seed]),
        [
          ['nlr', 7],
          ['adam:rate=0.2', 7],
          ['nlr', 8],
          ['adam:rate=0.2', 8],
        ],
      );
      assert.equal(rules[1].name, 'adam');
      assert.equal(rules[1].setting.rate, 0.2);
      for (const run of runs) {
        const rule = run.rule === 'nlr' ? ['--rule', 'nlr'] : ['--rule', 'adam', '--rate', '0.2'];
        const train = await shop.json(['train', ...data, ...shared, ...rule, '--seed', String(run.seed)]);
        const { trace, loss, lossTest, accuracyTest, accuracyTrain, shots, evaluations, steps } = good(run);
        assert.deepEqual(
          {
            trace,
            loss,
            lossTest,
            shots,
            evaluations,
            steps,
            accuracy: { train: accuracyTrain, test: accuracyTest },
          },
          Object.fromEntries(
            ['trace', 'loss', 'lossTest', 'shots', 'evaluations', 'steps', 'accuracy'].map((name) => [
              name,
              train[name],
            ]),
          ),
        );
      }
    });
  }

  test('has what was measured of the direction of its steps, where a rule reverses', async () => {
    const args = ['--rules', 'nlr,sgd', '--steps', '12', '--shots', '20', '--seeds', '1'];
    const [nlr, sgd] = (await compared(args)).runs.map(good);
    const train = await shop.json([
      'train',
      ...data,
      '--rule',
      'nlr',
      '--steps',
      '12',
      '--shots',
      '20',
      '--ascent',
    ]);
    const { meanProduct, ratio, thresholds } = train.ascent as Record<string, unknown> & {
      thresholds: object;
    };
    assert.deepEqual(nlr.ascent, { meanProduct, ratio, ...thresholds });
    assert.equal(sgd.ascent, undefined);
    const [without] = (await compared([...args, '--no-ascent'])).runs.map(good);
    assert.equal(without.ascent, undefined);
    assert.equal(without.trace, nlr.trace);
  });
});

describe('pairs', () => {
  test('are every rule against those before it, over the seeds', async () => {
    const { runs, paired, seeds, rules } = await compared([
      ...['--rules', 'sgd,adam,nlr', '--steps', '15', '--shots', '10', '--seeds', '5'],
    ]);
    assert.deepEqual(seeds, [1, 2, 3, 4, 5]);
    const pairs = [...new Set(paired.map(({ rule, against }) => `${rule} ${against}`))];
    assert.deepEqual(pairs, ['adam sgd', 'nlr sgd', 'nlr adam']);
    const lossOf = (rule: string, seed: number): number =>
      good(runs.find((run) => run.rule === rule && run.seed === seed)).loss;
    for (const { rule, against, measure, mean, t, p, wins, losses, ties, seeds: of } of paired) {
      if (measure !== 'loss') continue;
      const differences: number[] = seeds.map((seed) => lossOf(rule, seed) - lossOf(against, seed));
      const expected = differences.reduce((sum, each) => sum + each, 0) / 5;
      const variance = differences.reduce((sum, each) => sum + (each - expected) ** 2, 0) / 4;
      assert.ok(Math.abs((mean ?? 0) - expected) < 1e-12);
      assert.ok(Math.abs((t ?? 0) - expected / Math.sqrt(variance / 5)) < 1e-9);
      assert.ok(p !== null && p > 0 && p <= 1);
      assert.equal(wins, differences.filter((each) => each < 0).length);
      assert.equal(wins + losses + ties, of);
    }
    const [{ measures }] = rules;
    const losses = seeds.map((seed) => lossOf('sgd', seed)).sort((a, b) => a - b);
    assert.equal(measures.loss?.median, losses[2]);
  });

  test('are there of one rule too: none', async () => {
    const { paired, runs } = await compared(['--rules', 'adam', '--steps', '2', '--seeds', '2']);
    assert.deepEqual([paired.length, runs.length], [0, 2]);
  });
});

describe('equal cost', () => {
  test('in circuits: as many steps as they pay for', async () => {
    const { runs } = await compared([
      '--rules',
      'nlr,sgd,adam:batch=8',
      '--evaluations',
      '200',
      '--seeds',
      '1',
    ]);
    const [nlr, sgd, adam] = runs.map(good);
    // A step of nlr is a loss and a gradient at one batch, and one more loss.
    assert.deepEqual([sgd.steps, sgd.evaluations], [50, 200]);
    assert.deepEqual([nlr.steps, nlr.evaluations], [25, 200]);
    assert.deepEqual([adam.steps, adam.evaluations], [25, 200]);
  });

  test('in shots: none spends more than the budget', async () => {
    const { runs, shots } = await compared([
      ...['--rules', 'adam:shots=5,adam:shots=50,frugal', '--shots-budget', '40000', '--seeds', '2'],
    ]);
    for (const run of runs.map(good)) assert.ok(run.shots <= 40000 && run.shots > 20000, `${run.shots}`);
    assert.equal(
      shots.compared,
      runs.reduce((sum, run) => sum + good(run).shots, 0),
    );
  });

  test('is missed in steps, which is said', async () => {
    const { stderr } = await shop.run([
      'compare',
      ...data,
      '--rules',
      'nlr,sgd',
      '--steps',
      '3',
      '--seeds',
      '1',
    ]);
    assert.match(
      stderr,
      /the costliest rule takes 2\.00 times what the cheapest does; --shots-budget or --evaluations/,
    );
  });

  test('comes with an estimate, and nothing else when only that is asked for', async () => {
    const args = [
      '--rules',
      'nlr,sgd:rate=0.1/0.2',
      '--shots',
      '10',
      '--steps',
      '5',
      '--seeds',
      '3',
      '--tune-seeds',
      '2',
    ];
    const found = await shop.json(['compare', ...data, ...args, '--estimate']);
    assert.deepEqual([found.runs, found.tuning, found.finished], [6, 4, 0]);
    const result = await compared(args);
    const { compared: shots, tuning } = result.shots;
    assert.equal(found.shots, shots + tuning);
    const { stdout } = await shop.run(['compare', ...data, ...args, '--estimate']);
    assert.match(stdout, /4 trainings to tune, at most, and 6 trainings to compare: at most [\d,]+ shots/);
  });
});

describe('a folder', () => {
  const study = [
    '--rules',
    'nlr,adam,frugal',
    '--steps',
    '6',
    '--shots',
    '10',
    '--seeds',
    '3',
    '--looks',
    '6',
  ];
  const into = (folder: string, ...more: string[]) => [
    'compare',
    ...data,
    ...study,
    '--out',
    folder,
    ...more,
  ];

  test('has the same bytes of CSV whatever ran it, and however often it was killed', async () => {
    const whole = await shop.run(into('whole', '--threads', '1'));
    assert.equal(whole.code, 0, whole.stderr);
    const expected = await csvOf('whole');
    assert.equal(expected[0].split('\n').length, 11);
    assert.doesNotMatch(expected.join(), /seconds/);
    await shop.run(into('threads', '--threads', '3'));
    assert.deepEqual(await csvOf('threads'), expected);
    const pictures = (await readdir(shop.path('whole'))).filter((name) => /\.(svg|png)$/.test(name));
    assert.deepEqual(pictures.sort(), PICTURES.flatMap((name) => [`${name}.png`, `${name}.svg`]).sort());
    for (const name of pictures)
      assert.deepEqual(await shop.read(`threads/${name}`), await shop.read(`whole/${name}`), name);
    // Later and later in a run, until one comes to its end before it would be killed.
    let killed = 0;
    let last = await shop.run(into('killed'), signalledAt(2));
    const begun = new Set<number>();
    for (let change = 30; last.signal === 'SIGKILL'; change += 30) {
      killed++;
      begun.add((await text('killed/cells.jsonl').catch(() => '')).split('\n').length - 1);
      last = await shop.run(into('killed'), signalledAt(change));
    }
    assert.equal(last.code, 0, last.stderr);
    assert.ok(killed > 4 && begun.size > 1, `${killed} times, at ${[...begun]} cells`);
    assert.match(last.stderr, /finished already/);
    assert.deepEqual(await csvOf('killed'), expected);
    assert.equal((await text('killed/cells.jsonl')).split('\n').length, 10);
    assert.deepEqual((await readdir(shop.path('killed'))).sort(), (await readdir(shop.path('whole'))).sort());
    const result = JSON.parse(await text('whole/result.json')) as ComparisonResult;
    assert.equal(result.runs.length, 9);
  });

  test('says what is kept when a run is interrupted', async () => {
    // Before any work the system's own answer to a signal will do.
    let cells = 0;
    for (let change = 60; cells === 0; change += 3) {
      const folder = `stopped-${change}`;
      const { code, stderr } = await shop.run(into(folder), signalledAt(change, 'SIGINT'));
      assert.ok(!existsSync(shop.path(`${folder}/runs.csv`)), folder);
      cells = (await text(`${folder}/cells.jsonl`).catch(() => '')).split('\n').length - 1;
      if (cells === 0) continue;
      assert.equal(code, 130, stderr);
      assert.match(
        stderr,
        /interrupted(; \d trainings? of this part done: (they are|it is) in stopped-\d+, and| before a training of this part was done;) the same command goes on/,
      );
    }
  });

  test('grows by what is new, and by data that has changed', async () => {
    await shop.write('changing.csv', clusters(['a', 'b'], 40));
    const csv = [
      'compare',
      ...data,
      '--csv',
      'changing.csv',
      '--steps',
      '3',
      '--seeds',
      '2',
      '--out',
      'growing',
    ];
    const lines = async (rules: string) => {
      const { code, stderr } = await shop.run([...csv, '--rules', rules]);
      assert.equal(code, 0, stderr);
      return (await text('growing/cells.jsonl')).split('\n').length - 1;
    };
    assert.equal(await lines('sgd'), 2);
    assert.equal(await lines('sgd,adam:eta=0.1'), 4);
    // The same cells by another name of theirs.
    assert.equal(await lines('adam:rate=0.1,sgd:rate=0.03'), 4);
    await shop.write('changing.csv', clusters(['a', 'b'], 44));
    assert.equal(await lines('sgd'), 6);
  });

  test('that another run has, or that is none, is refused', async () => {
    const held = await shop.hold(into('held'), 12);
    assert.ok(held.held);
    const other = await shop.run(into('held'));
    assert.equal(other.code, 1);
    assert.match(other.stderr, /held\/cells\.jsonl/);
    await held.go();
    assert.equal((await held.finished).code, 0);
    const file = await shop.run(into('data.csv'));
    assert.equal(file.code, 1);
    assert.match(file.stderr, /data\.csv/);
    const nowhere = await shop.run(into('/proc/none/of/this'));
    assert.equal(nowhere.code, 1);
    assert.match(nowhere.stderr, /\/proc\/none\/of\/this: cannot be written/);
  });
});

describe('what is said of a comparison', () => {
  test('reversals have a column, and rules that were one and the same are named', async () => {
    const rules = ['--rules', 'nlr,nlr-guarded,adam', '--steps', '4', '--seeds', '2', '--rate', '0.001'];
    const { rules: found, notes } = await compared(rules);
    assert.deepEqual(
      found.map(({ reversals, alarms }) => [reversals?.greatest, alarms]),
      [
        [0, 0],
        [0, 0],
        [0, 0],
      ],
    );
    assert.deepEqual(notes, [
      'nlr and nlr-guarded made the same trainings to the bit on every seed: no step was reversed, so that this compares nothing of reversing',
    ]);
    const noisy = ['--rules', 'nlr,adam', '--shots', '1', '--steps', '30', '--negative-rate', '0.3'];
    const { stdout } = await shop.run(['compare', ...data, ...noisy, '--seeds', '2']);
    assert.match(stdout, / reversals$/m);
    assert.match(stdout, /^nlr .* \d+ of 30$/m);
    assert.match(stdout, /^adam .* -$/m);
    assert.match(stdout, /^nlr: reversals outweighed descent in rate on [12] of 2 seeds/m);
  });

  test('the best of a grid at its end is pointed out', async () => {
    const { notes } = await compared([
      ...['--rules', 'sgd:rate=0.0001/0.001', '--steps', '3', '--seeds', '1', '--tune-seeds', '1'],
    ]);
    assert.deepEqual(notes, [
      'sgd:rate=0.0001/0.001: rate 0.001 is the greatest that was tried; the best may lie beyond it',
    ]);
  });
});

describe('the page and its pictures', () => {
  test('say the medians of the table, of an even number of seeds too; another problem gets no place there', async () => {
    const args = ['--rules', 'sgd', '--steps', '3', '--seeds', '2', '--out', 'even'];
    assert.equal((await shop.run(['compare', ...data, ...args])).code, 0);
    const html = await text('even/report.html');
    const { rules } = JSON.parse(await text('even/result.json')) as ComparisonResult;
    const { measures } = rules[0];
    assert.notEqual(measures.loss?.median, measures.loss?.least);
    assert.ok(html.includes(`Loss at the end: sgd ${measures.loss?.median.toFixed(4)}.`), html);
    const other = ['compare', '--data', 'moons:rows=40', ...args];
    const { code, stderr } = await shop.run(other);
    assert.equal(code, 2);
    assert.match(stderr, /--out even has the report of a comparison on .*: give it a folder of its own/);
    assert.equal(await text('even/report.html'), html);
  });

  test('need no other file, say what they show, and have no hole', async () => {
    const rules = 'nlr,nlr-guarded:rate=0.1/0.2,sgd:rate=1000:head-rate=1000,frugal:batch=8';
    const args = [
      '--rules',
      rules,
      '--loss',
      'mse',
      '--shots',
      '20',
      '--steps',
      '40',
      '--seeds',
      '3',
      '--tune-seeds',
      '1',
    ];
    const { code, stderr } = await shop.run(['compare', ...data, ...args, '--out', 'page']);
    assert.deepEqual([code, /WARN|Error/.test(stderr)], [0, false], stderr);
    const html = await text('page/report.html');
    assert.doesNotMatch(html, /(?:src|href)="(?!#)/);
    assert.doesNotMatch(html, /@import|url\((?!#)|<script|undefined|NaN/);
    const ids = [...html.matchAll(/\bid="([^"]+)"/g)].map(([, id]) => id);
    assert.equal(new Set(ids).size, ids.length);
    for (const [, id] of html.matchAll(/(?:href="|url\()#([^")]+)/g)) assert.ok(ids.includes(id), id);
    assert.match(html, /sgd:rate=1000:head-rate=1000 \(3 failed\)/);
    assert.match(html, /nlr-vqa compare --csv data\.csv/);
    for (const name of PICTURES) {
      const svg = await text(`page/${name}.svg`);
      assert.match(svg, /^<svg [^>]*role="img"><title>[^<]{10,}<\/title><desc>[^<]{10,}<\/desc>/, name);
      assert.doesNotMatch(svg, /NaN|undefined|Infinity/, name);
      assert.match(html, new RegExp(`<figure id="${name}"><svg `));
      const png = await shop.read(`page/${name}.png`);
      assert.deepEqual([...png.subarray(0, 8)], [137, 80, 78, 71, 13, 10, 26, 10]);
      const view = new DataView(png.buffer, png.byteOffset);
      const [width, height] = [view.getUint32(16), view.getUint32(20)];
      const drawn = Number(/ width="(\d+)"/.exec(svg)?.[1]);
      assert.ok(
        Math.abs(width - 2 * drawn) <= 2 && width > 1000 && height > 300,
        `${name}: ${width} x ${height}`,
      );
    }
    const violations = await text('page/violations.svg');
    assert.match(violations, /η\/\(η\+η′\) = 33\.3 %: mean rate turns/);
    assert.match(violations, /η\/\(η\+rη′\) = [\d.]+ %: mean step turns/);
  });

  test('leave out what there is none of', async () => {
    const { code } = await shop.run([
      ...[
        'compare',
        ...data,
        '--rules',
        'adam',
        '--steps',
        '3',
        '--seeds',
        '1',
        '--test-fraction',
        '0',
        '--out',
        'one',
      ],
    ]);
    assert.equal(code, 0);
    const names = await readdir(shop.path('one'));
    assert.ok(
      !names.includes('violations.svg') && !names.includes('reversals.png') && names.includes('loss.png'),
    );
    assert.match(await text('one/report.html'), /There is one rule\./);
  });

  test('show the median and the middle half', () => {
    const x = [0, 10, 20];
    const curves = [
      [1, 2, 3],
      [2, 4, 6],
      [3, 6, 9],
      [4, 8, 12],
    ].map((y) => ({ x, y }));
    assert.deepEqual(bandOf(curves)[1], { x: 10, low: 3.5, median: 5, high: 6.5 });
    // Curves of other places are read on the line between them, and one that has ended says nothing.
    const others = [
      { x: [0, 20], y: [0, 20] },
      { x: [0, 5, 10], y: [0, 5, 10] },
      { x: [0, 20], y: [0, 20] },
    ];
    assert.deepEqual(
      bandOf(others).map(({ x, median }) => [x, median]),
      [
        [0, 0],
        [5, 5],
        [10, 10],
      ],
    );
    assert.deepEqual(bandOf([{ x: [0, 1], y: [null, 2] }]), [{ x: 1, low: 2, median: 2, high: 2 }]);
    assert.deepEqual(bandOf([]), []);
  });
});

describe('tuning', () => {
  test('is on seeds of its own, chooses the best mean, and charges every setting', async () => {
    const result = await compared([
      ...['--rules', 'sgd,adam:rate=0.01', '--tune', 'rate=0.001/0.3:shots=5/20', '--shots-budget', '20000'],
      ...['--seeds', '2', '--tune-seeds', '3', '--out', 'tuned'],
    ]);
    const { tuning, rules, shots } = result;
    assert.deepEqual(
      tuning.map(({ rule, setting }) => [rule, setting]),
      [
        ...['rate=0.001:shots=5', 'rate=0.001:shots=20', 'rate=0.3:shots=5', 'rate=0.3:shots=20'].map(
          (each) => ['sgd', each],
        ),
        ...['shots=5', 'shots=20'].map((each) => ['adam:rate=0.01', each]),
      ],
    );
    for (const [i, rule] of ['sgd', 'adam:rate=0.01'].entries()) {
      const own = tuning.filter((each) => each.rule === rule);
      const means = own.map(({ measured }) => measured?.mean ?? Number.NaN);
      const [chosen, ...others] = own.filter((each) => each.chosen);
      assert.equal(others.length, 0);
      assert.equal(chosen.measured?.mean, Math.min(...means));
      assert.match(chosen.setting, new RegExp(`shots=${rules[i].setting.shots}$`));
    }
    assert.equal(
      shots.tuning,
      tuning.reduce((sum, each) => sum + each.shots, 0),
    );
    for (const each of tuning) assert.ok(each.shots > 3 * 10000 && each.shots <= 3 * 20000);
    const lines = (await text('tuned/cells.jsonl')).trim().split('\n');
    const seeds = lines.map((line) => (JSON.parse(line) as { cell: { seed: number } }).cell.seed);
    assert.equal(seeds.filter((seed) => seed > 1_000_000).length, 18);
    assert.equal(seeds.filter((seed) => seed <= 2).length, 4);
    assert.match(await text('tuned/tuning.csv'), /^problem,rule,setting,/);
  });

  test('takes no setting that leaves the finite numbers', async () => {
    const { tuning, rules } = await compared([
      ...['--rules', 'sgd', '--loss', 'mse', '--tune', 'rate=1000/0.01:head-rate=1000/0.01', '--steps', '60'],
      ...['--seeds', '1', '--tune-seeds', '1'],
    ]);
    assert.ok(tuning.some(({ failed, measured }) => failed === 1 && measured === null));
    assert.ok(rules[0].setting.rate === 0.01 || rules[0].setting.headRate === 0.01);
  });
});

describe('rules', () => {
  const all = () => true;

  test('are read with their options, in any number of alternatives', () => {
    const none = new Map();
    assert.deepEqual(readArms('nlr, adam:eta=.05:displaced-shots=same', none, all), [
      { name: 'nlr', rule: 'nlr', settings: [{}] },
      {
        name: 'adam:eta=.05:displaced-shots=same',
        rule: 'adam',
        settings: [{ rate: 0.05, displacedShots: 'same' }],
      },
    ]);
    const [tuned] = readArms('adam:rate=1', readTuning('rate=2/3:beta2=0.9/0.99'), all);
    assert.deepEqual(tuned.settings, [
      { rate: 1, beta2: 0.9 },
      { rate: 1, beta2: 0.99 },
    ]);
    const [unread] = readArms('sgd', readTuning('beta2=0.9/0.99'), (_, option) => option !== 'beta2');
    assert.deepEqual(unread.settings, [{}]);
    const [layered] = readArms('sgd:layers=2:correlated=true:initialisation=small-angles', none, all);
    assert.deepEqual(layered.settings, [{ layers: 2, correlated: true, initialisation: 'small-angles' }]);
  });

  const bad: readonly (readonly [readonly string[], RegExp])[] = [
    [[], /required option '--rules/],
    [['--rules', 'foo'], /--rules has 'foo'; expected RULE or RULE:option=value:\.\.\., RULE one of nlr, /],
    [['--rules', 'nlr,nlr'], /--rules has 'nlr' twice/],
    [['--rules', 'adam,'], /--rules has ''/],
    [['--rules', 'adam:rate=x'], /--rules adam: rate is 'x'; expected a number/],
    [['--rules', 'adam:rate=-1'], /--rules adam:rate=-1: rate is -1; expected a number from/],
    [['--rules', 'adam:rate'], /rate has no value; expected rate=value/],
    [['--rules', 'adam:rate=1:eta=2'], /gives rate twice/],
    [['--rules', 'adam:rate=0.1/0.1'], /rate has a value twice in '0.1\/0.1'/],
    [['--rules', 'adam:speed=3'], /has 'speed=3'; expected option=value, option one of batch, /],
    [['--rules', 'adam:steps=3'], /steps is the same for all rules; it is given by --steps/],
    [['--rules', 'adam:correlated=1'], /correlated is '1'; expected true or false/],
    [['--rules', 'adam:guard=2'], /--guard is read by nlr-guarded and adam-reversal alone; the rule is adam/],
    [['--rules', 'adam', '--guard', '2'], /--guard is read by none of the rules: adam/],
    [['--rules', 'adam:initialisation=none'], /initialisation is "none"/],
    [['--rules', 'adam:layout=qcnn:entangler=ring'], /entangler does not go with the layout qcnn/],
    [['--rules', 'adam', '--rule', 'sgd'], /unknown option '--rule'/],
    [['--rules', 'adam', '--shots-budget', '9'], /exact expectations take no shots; give shots/],
    [['--rules', 'adam', '--shots', '5', '--shots-budget', '9'], /a single step takes \d+ shots/],
    [
      ['--rules', 'adam', '--evaluations', '2'],
      /a single step takes 4 circuit evaluations; --evaluations is 2/,
    ],
    [
      ['--rules', 'adam', '--evaluations', '9', '--steps', '2'],
      /--evaluations and --steps exclude each other/,
    ],
    [['--rules', 'adam', '--tune-seeds', '2'], /--tune-seeds and --tune-for need something to tune/],
    [['--rules', 'adam', '--tune', 'rate='], /--tune has 'rate='/],
    [['--rules', 'adam', '--seeds', '10001'], /--seeds is 10001; expected at most 10000/],
    [['--rules', 'adam', '--estimate', '--out', 'none'], /--estimate cannot go with --out/],
  ];
  for (const [args, message] of bad) {
    test(`refused: ${args.join(' ')}`, async () => {
      const { code, stderr, stdout } = await shop.run(['compare', ...data, ...args]);
      assert.deepEqual([code, stdout], [2, '']);
      assert.match(stderr, message);
      assert.ok(!existsSync(shop.path('none')));
    });
  }

  test('what is wrong with the data leaves nothing behind', async () => {
    const { code, stderr } = await shop.run([
      ...['compare', '--csv', 'missing.csv', '--label', 'kind', '--rules', 'adam', '--out', 'nothing'],
    ]);
    assert.equal(code, 1);
    assert.match(stderr, /missing\.csv: cannot be read/);
    assert.ok(!existsSync(shop.path('nothing')));
  });
});
