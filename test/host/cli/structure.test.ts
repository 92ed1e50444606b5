/** The structure of circuits and how their parameters start, by the flags of the commands. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Workshop } from '../../support/cli-process.ts';

let shop: Workshop;
before(async () => {
  shop = await Workshop.open();
});
after(() => shop.close());

const QUICK = ['--steps', '20', '--quiet'];

/** Flags, and what `inspect` says of the model that they make. */
const SHAPES: Readonly<Record<string, readonly [flags: string, lines: readonly RegExp[]]>> = {
  ring: ['--entangler ring --entangler-gate cz --layers 2', [/^layers +2$/m, /^entangler +ring, cz$/m]],
  'all to all, correlated': [
    '--entangler all-to-all --correlated --initialisation gaussian',
    [/^entangler +all-to-all, cnot$/m, /^correlated +one parameter/m, /^started +gaussian$/m],
  ],
  'identity blocks': [
    '--layout mirrored --mirror-depth 2 --layers 4 --initialisation identity-blocks',
    [/^layout +mirrored: 2 forwards, 2 backwards, and so on$/m, /^started +identity-blocks$/m],
  ],
  'small angles': ['--initialisation small-angles --initial-scale 0.05', [/^started +small-angles, 0.05$/m]],
  QCNN: ['--layout qcnn', [/^layers +2$/m, /^layout +qcnn: convolutions and poolings/m, /^observable +Z0$/m]],
  reuploads: [
    '--encoding angle --reuploads 4 --qubits 2',
    [/^encoding +angle$/m, /^reuploads +the features are encoded 4 times$/m, /minmax 2 -> 2/],
  ],
  'ZZ map': [
    '--encoding zz --qubits 2',
    [/^encoding +zz$/m, /minmax 2 -> 2/, /products 2 -> 3/, /^features +3$/m],
  ],
  local: ['--observable mean-z', [/^observable +0.25 Z0 \+ 0.25 Z1 \+ 0.25 Z2 \+ 0.25 Z3$/m]],
  global: ['--observable parity --head none --loss mse', [/^observable +Z0 Z1 Z2 Z3$/m]],
};

describe('train', () => {
  for (const [name, [flags, lines]] of Object.entries(SHAPES))
    test(`${name}: trains, is inspected, predicts and goes on from a checkpoint`, async () => {
      const file = `${name.replaceAll(' ', '-')}.nlrvqa`;
      const run = `run-${file}`;
      const given = ['--data', 'moons:rows=60', ...flags.split(' '), ...QUICK];
      for (const shots of ['exact', '20']) {
        const asked = [
          'train',
          ...given,
          '--shots',
          shots,
          '--out',
          file,
          '--checkpoint',
          run,
          '--every',
          '5',
        ];
        const result = await shop.json(asked);
        assert.deepEqual(result.warnings, [], `${name}, shots ${shots}`);
        const { steps, trace } = await shop.json(['train', '--resume', run]);
        assert.deepEqual([steps, trace], [20, result.trace]);
        const { accuracy } = await shop.json(['evaluate', file, '--data', 'moons:rows=60']);
        assert.equal(accuracy, (result.accuracy as { test: number }).test, `${name}, shots ${shots}`);
      }
      const { stdout } = await shop.run(['inspect', file]);
      for (const line of lines) assert.match(stdout, line);
      await shop.write('rows.csv', 'x,y\n0.5,0.2\n1.5,-0.4\n');
      const predicted = await shop.run(['predict', file, '--csv', 'rows.csv']);
      assert.equal(predicted.code, 0, predicted.stderr);
      assert.match(predicted.stdout, /^[01]\b.*\n[01]\b.*\n$/);
    });

  test('scales new rows as those of the training, whatever comes with them', async () => {
    await shop.json([
      'train',
      '--data',
      'moons:rows=60',
      '--encoding',
      'zz',
      '--qubits',
      '2',
      ...QUICK,
      '--out',
      'one.nlrvqa',
    ]);
    const scores = async (rows: string) => {
      await shop.write('new.csv', `x,y\n${rows}`);
      const { stdout } = await shop.run(['predict', 'one.nlrvqa', '--csv', 'new.csv']);
      return stdout.split('\n')[0];
    };
    assert.equal(await scores('0.5,0.2\n'), await scores('0.5,0.2\n900,-900\n'));
  });

  test('with features that come again tells the moons apart, which one encoding does not', async () => {
    const data = ['--data', 'moons:rows=1000', '--quiet'];
    const accuracy = async (...flags: string[]) => {
      const result = await shop.json(['train', ...data, ...flags]);
      return (result.accuracy as { test: number }).test;
    };
    assert.ok((await accuracy()) < 0.92);
    assert.ok((await accuracy('--encoding', 'angle', '--reuploads', '5', '--qubits', '2')) > 0.95);
  });

  test('with the ZZ map tells the ad hoc data apart, as its definition promises', async () => {
    for (const seed of [0, 1, 2]) {
      const data = ['--data', `ad-hoc:seed=${seed}`, '--encoding', 'zz', '--qubits', '2'];
      const { accuracy, features } = await shop.json([
        'train',
        ...data,
        '--quiet',
        '--observable',
        'Z0; Z1; Z0 Z1',
      ]);
      assert.deepEqual([accuracy, features], [{ train: 1, test: 1 }, 3], `seed ${seed}`);
    }
  });

  test('reads many classes from the products of the qubits that a QCNN leaves, or says that there is one', async () => {
    const rows = Array.from({ length: 60 }, (_, i) => `${Math.sin(i)},${Math.cos(2 * i)},c${i % 3}`);
    await shop.write('three.csv', ['x,y,kind', ...rows, ''].join('\n'));
    const args = ['train', '--csv', 'three.csv', '--label', 'kind', '--layout', 'qcnn', '--steps', '3'];
    const one = await shop.run(args);
    assert.match(
      one.stderr,
      /3 classes are read from the one qubit that the QCNN leaves; fewer --layers leave more/,
    );
    const two = await shop.run([...args, '--layers', '1', '--json']);
    assert.match(
      two.stderr,
      /3 classes are more than 2 qubits have <Z_i> for: they are read from 1 <Z_i Z_j> too/,
    );
  });

  test('from several seeds takes the flags too', async () => {
    const { summary } = await shop.json([
      'train',
      '--data',
      'moons:rows=60',
      '--layout',
      'qcnn',
      '--seeds',
      '2',
      ...QUICK,
    ]);
    assert.ok(summary);
  });

  const REFUSED: Readonly<Record<string, RegExp>> = {
    '--layout qcnn --entangler ring': /--entangler does not go with the layout qcnn/,
    '--layout qcnn --reuploads 2 --encoding angle': /--reuploads does not go with the layout qcnn/,
    '--layout qcnn --layers 3': /--layers is 3; expected a whole number from 1 to 2/,
    '--layout mirrored --layers 5': /--layers is 5; expected a multiple of 2: blocks of the layout mirrored/,
    '--mirror-depth 2': /--mirror-depth does not go with the layout layers/,
    '--reuploads 2': /--reuploads needs features that drive gates: the encoding angle or zz/,
    '--reuploads 9 --encoding angle': /--reuploads is 9; expected a whole number from 1 to 5/,
    '--initialisation identity-blocks':
      /--initialisation: the initialisation identity-blocks needs the layout mirrored/,
    '--initial-scale 0.1': /nlr-vqa: the initialisation uniform has no --initial-scale/,
    '--initialisation gaussian --initial-scale 7': /--initial-scale is 7; expected a number from 0 to 3.14/,
    '--layout brick': /--layout is 'brick'; expected one of layers, mirrored, qcnn|--layout/,
    '--entangler star': /--entangler/,
    '--observable z7': /observable/,
    '--encoding zz --no-pca --qubits 1':
      /the ZZ map takes a number a qubit, 1, but a row has 2 features after preprocessing; use --qubits 2 or --pca/,
    '--preset paper --layout mirrored --layers 5': /expected a multiple of 2/,
  };
  for (const [flags, message] of Object.entries(REFUSED))
    test(`${flags} is refused before anything is written`, async () => {
      const args = ['train', '--data', 'moons:rows=60', ...flags.split(' '), ...QUICK, '--out', 'not.nlrvqa'];
      const { code, stderr, stdout } = await shop.run(args);
      assert.equal(code, 2, `${code} ${stderr}`);
      assert.equal(stdout, '');
      assert.match(stderr, message);
      assert.equal(stderr.trim().split('\n').length, 1, 'one sentence');
    });
});

interface StageShown {
  readonly size: number;
  readonly added: string | null;
  readonly steps: number;
  readonly evaluations: number;
  readonly shots: number;
}

describe('train with a circuit that grows', () => {
  const data = ['train', '--data', 'moons:rows=60', '--steps', '10', '--quiet'];

  test('by layers counts all stages, and writes the model of the last', async () => {
    const flags = ['--grow-layers', '1,2,4', '--entangler-gate', 'cz', '--shots', '20'];
    const result = await shop.json([...data, ...flags, '--out', 'grown.nlrvqa']);
    const stages = result.stages as StageShown[];
    assert.deepEqual(
      stages.map(({ size, steps }) => [size, steps]),
      [
        [1, 10],
        [2, 20],
        [4, 30],
      ],
    );
    const { steps, evaluations, shots } = stages[2];
    assert.deepEqual([result.steps, result.evaluations, result.shots], [steps, evaluations, shots]);
    const { stdout } = await shop.run(['inspect', 'grown.nlrvqa']);
    assert.match(stdout, /^layers +4$/m);
    assert.equal(result.seed, 1);
    assert.match(stdout, /^grown +in stages of size 1, 2, 4; 30 steps in all$/m);
    assert.match(stdout, /^seed +1$/m);
    const { accuracy } = await shop.json(['evaluate', 'grown.nlrvqa', '--data', 'moons:rows=60']);
    assert.equal(accuracy, (result.accuracy as { test: number }).test);
    const text = await shop.run([...data, ...flags]);
    assert.match(
      text.stdout,
      /^stage 1 +1 layer, loss [\d.]+ after 10 steps, [\d,]+ circuit evaluations, [\d,]+ shots$/m,
    );
  });

  test('by ADAPT says what was appended', async () => {
    const result = await shop.json([...data, '--adapt', '3', '--encoding', 'angle', '--qubits', '2']);
    const stages = result.stages as StageShown[];
    assert.equal(stages.length, 3);
    for (const { added } of stages) assert.match(added ?? '', /^[XYZ][01]( [XYZ]1)?$/);
    assert.equal(result.circuitParameters, 3);
    const numbers = Array.from({ length: 30 }, (_, i) => `${i / 30},${Math.sin(i)},${i / 10}`);
    await shop.write('numbers.csv', ['a,b,y', ...numbers, ''].join('\n'));
    const csv = ['train', '--csv', 'numbers.csv', '--label', 'y', '--task', 'regression', '--steps', '10'];
    assert.equal((await shop.json([...csv, '--adapt', '2', '--quiet'])).task, 'regression');
  });

  const REFUSED: Readonly<Record<string, RegExp>> = {
    '--grow-layers 1,2': /a new layer has to start as the identity.*--entangler-gate/,
    '--grow-layers 2,1 --entangler-gate cz': /each more than the one before/,
    '--grow-layers 1,x': /--grow-layers/,
    '--grow-layers 1,2 --layers 3': /--layers cannot go with --grow-layers, which says it/,
    '--grow-layers 1,2 --checkpoint run':
      /--checkpoint is of a training in one stage; --grow-layers has several/,
    '--grow-layers 1,2 --adapt 3': /--grow-layers and --adapt exclude each other/,
    '--adapt 3 --seeds 2': /--seeds is of a training in one stage/,
    '--adapt 3 --entangler ring': /--entangler cannot go with --adapt/,
    '--adapt 3 --multiclass one-vs-rest': /--adapt grows one model/,
    '--adapt 0': /--adapt is '0'; expected a whole number from 1/,
  };
  for (const [flags, message] of Object.entries(REFUSED))
    test(`${flags} is refused`, async () => {
      const { code, stderr } = await shop.run([...data, ...flags.split(' ')]);
      assert.equal(code, 2, stderr);
      assert.match(stderr, message);
      assert.equal(stderr.trim().split('\n').length, 1, 'one sentence');
    });
});

describe('plan', () => {
  test('counts every layout', async () => {
    const counts = async (flags: string) => {
      const args = ['plan', '--qubits', '4', '--shots', '10', ...flags.split(' ').filter(Boolean)];
      const { circuitParameters, evaluationsPerStep } = await shop.json(args);
      return [circuitParameters, evaluationsPerStep];
    };
    assert.deepEqual((await counts('--layers 2'))[0], 24);
    assert.deepEqual((await counts('--layers 2 --correlated'))[0], 6);
    assert.deepEqual((await counts('--layout mirrored'))[0], 72);
    assert.deepEqual((await counts('--layout qcnn'))[0], 4 * 15 + 3 * 2);
    assert.deepEqual((await counts('--encoding zz --reuploads 5'))[0], 60);
    // A shared angle is displaced in each of its places.
    assert.deepEqual((await counts('--layers 2 --correlated'))[1], (await counts('--layers 2'))[1]);
  });

  test('warns on a QCNN whose qubits see none of the data', async () => {
    const flags = [
      '--layout',
      'qcnn',
      '--layers',
      '1',
      '--qubits',
      '8',
      '--observable',
      'Z0',
      '--features',
      '2',
    ];
    const { stdout } = await shop.run(['plan', ...flags]);
    assert.match(stdout, /warning: the observable cannot see the data/);
  });
});
