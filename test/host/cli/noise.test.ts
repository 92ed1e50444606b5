/** Noise and its extrapolation on the command line. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Workshop } from '../../support/cli-process.ts';

let shop: Workshop;
before(async () => {
  shop = await Workshop.open();
});
after(() => shop.close());

const MOONS = ['--data', 'moons:rows=60', '--encoding', 'angle', '--qubits', '2', '--layers', '2', '--quiet'];
const NOISE = ['--noise', 'depolarizing:0.01,damping:0.02,dephasing:0.02,readout:0.03'];

describe('--noise', () => {
  test('trains, saves a model without it, and evaluates with it', async () => {
    const trained = await shop.run([
      'train',
      ...MOONS,
      ...NOISE,
      '--steps',
      '20',
      '--out',
      'noisy.nlrvqa',
      '--json',
    ]);
    assert.equal(trained.code, 0, trained.stderr);
    const evaluated = async (...flags: string[]) => {
      const { code, stdout, stderr } = await shop.run([
        'evaluate',
        'noisy.nlrvqa',
        '--data',
        'moons:rows=60',
        '--json',
        ...flags,
      ]);
      assert.equal(code, 0, stderr);
      return JSON.parse(stdout) as { loss: number; noise?: unknown };
    };
    const [plain, noisy] = [await evaluated(), await evaluated(...NOISE)];
    assert.ok(noisy.loss > plain.loss, `${noisy.loss} with noise, ${plain.loss} without`);
    const drawn = await evaluated(...NOISE, '--shots', '500', '--seed', '3');
    assert.ok(Math.abs(drawn.loss - noisy.loss) < 0.1, `${drawn.loss}, exactly ${noisy.loss}`);
    assert.equal((await evaluated(...NOISE, '--shots', '500', '--seed', '3')).loss, drawn.loss);
  });

  test('is named beside numbers that are of the model without it', async () => {
    const { stdout } = await shop.run([
      'train',
      ...MOONS,
      ...NOISE,
      '--readout-error',
      '0.01',
      '--steps',
      '2',
    ]);
    assert.match(
      stdout,
      /^noise +depolarizing 0\.01, .*, readout 0\.03, readout 0\.01\n +of the training alone;/m,
    );
    assert.doesNotMatch((await shop.run(['train', ...MOONS, '--steps', '2'])).stdout, /^(noise|mitigation)/m);
  });

  test('trajectories, extrapolation and a checkpoint', async () => {
    const given = [...MOONS, ...NOISE, '--steps', '6', '--batch', '4', '--json'];
    for (const [i, flags] of [
      ['--engine', 'trajectories', '--shots', '20'],
      ['--extrapolation', 'richardson', '--scales', '2'],
    ].entries()) {
      const run = await shop.run(['train', ...given, ...flags, '--checkpoint', `run-${i}.nlrvqa`]);
      assert.equal(run.code, 0, run.stderr);
      const resumed = await shop.run(['train', '--resume', `run-${i}.nlrvqa`, '--json', '--quiet']);
      assert.equal(resumed.code, 0, resumed.stderr);
    }
  });

  const refused: Readonly<Record<string, readonly [flags: readonly string[], said: RegExp, code?: number]>> =
    {
      'an unknown channel': [['--noise', 'thermal:0.1'], /--noise has 'thermal:0.1'; expected NAME:RATE/],
      'no rate': [['--noise', 'damping'], /--noise has 'damping'/],
      'no number': [['--noise', 'damping:x'], /--noise has 'damping:x'/],
      'a rate out of range': [
        ['--noise', 'damping:0.1,depolarizing:1.5'],
        /--noise has 'depolarizing:1.5'; expected a probability from 0 to 1$/m,
      ],
      'a readout beyond a half': [
        ['--noise', 'readout:0.7'],
        /--noise has 'readout:0.7'; expected a probability from 0 to 0.5$/m,
      ],
      'an engine without noise': [['--noise', 'damping:0.1', '--engine', 'columns'], /'noisy'/],
      'trajectories that are exact': [
        ['--noise', 'damping:0.1', '--engine', 'trajectories'],
        /'trajectories'/,
      ],
      'one scale': [['--noise', 'damping:0.1', '--extrapolation', 'linear', '--scales', '1'], /two scales/],
      'scales of no extrapolation': [
        ['--noise', 'damping:0.1', '--scales', '4'],
        /--scales is of an extrapolation/,
      ],
      'a degree of no polynomial': [
        ['--noise', 'damping:0.1', '--extrapolation', 'linear', '--extrapolation-order', '2'],
        /--extrapolation-order is the degree of a polynomial/,
      ],
      'an extrapolation of nothing': [['--extrapolation', 'linear'], /and there is none; --noise says which/],
      'an extrapolation of the readout': [
        ['--noise', 'readout:0.1', '--extrapolation', 'linear'],
        /the noise of its gates, and there is none/,
      ],
      'a calibration of nothing': [
        ['--noise', 'damping:0.1', '--calibration-shots', '100'],
        /--calibration-shots estimates errors of the readout, and there are none/,
      ],
    };
  for (const [what, [flags, said, code = 2]] of Object.entries(refused)) {
    test(`${what} is refused`, async () => {
      const { code: found, stdout, stderr } = await shop.run(['train', ...MOONS, '--steps', '2', ...flags]);
      assert.match(stderr, said);
      assert.equal(found, code, stderr);
      assert.equal(stdout, '');
    });
  }
});
