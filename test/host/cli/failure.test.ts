/** What the command line says of whatever was thrown, by which exit code, and what it says of a minimisation. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Command, CommanderError } from 'commander';
import {
  EXIT,
  explain,
  failureOf,
  flagName,
  Interrupted,
  UsageError,
} from '../../../host/cli/output/failure.ts';
import {
  minimisingWarnings,
  reversalRows,
  runMinimisation,
  trainingWords,
} from '../../../host/cli/training/minimising.ts';
import type { Trainer } from '../../../host/api/trainer.ts';
import { CoreError, DataError, FormatError, NlrError, OptionError } from '../../../host/core/errors.ts';
import { builtIn } from '../../../host/problems/built-in.ts';
import { minimise } from '../../../host/problems/minimise.ts';
import { QasmError } from '../../../host/qasm/error.ts';
import { assertGolden, outcomes } from '../../support/golden.ts';

const golden = (name: string, text: string) => assertGolden(new URL(name, import.meta.url), text);

const command = new Command('train')
  .option('--rate <x>')
  .option('--readout-error <x>')
  .option('--negative-rate <x>')
  .option('--no-pca');
const option = (message: string, name?: string) => new OptionError('ERR_OPTION_VALUE', message, name);
const commander = (code: string, message: string, exit = 1) => new CommanderError(exit, code, message);

test('an error is a sentence in the words of the command, and an exit code', () => {
  const errors: Readonly<Record<string, unknown>> = {
    'help that was asked for': commander('commander.helpDisplayed', '(outputHelp)', 0),
    'the version': commander('commander.version', '1.0.0', 0),
    'help by the command help': commander('commander.help', '(outputHelp)', 0),
    'help in place of a command': commander('commander.help', '(outputHelp)', 1),
    'an unknown flag': commander('commander.unknownOption', "error: unknown option '--x'"),
    'a sentence with error: within': commander('commander.x', 'an error: within'),
    'an argument of which there are some': commander(
      ...(['commander.invalidArgument'] as const),
      "error: command-argument value 'x' is invalid for argument 'SHELL'. Allowed choices are bash, zsh.",
    ),
    'an option of which there are some': commander(
      ...(['commander.invalidArgument'] as const),
      "error: option '--rate <x>' argument 'x' is invalid. Allowed choices are a, b.",
    ),
    'the usage': new UsageError('give --model'),
    'a noisy circuit': new CoreError(-1, 'x'),
    'an option with a flag': option('rate is -1; expected more', 'rate'),
    'an option of two words': option('readoutError is 2, and negativeRate 3', 'readoutError'),
    'an option that the sentence names later': option('no readoutError here', 'readoutError'),
    'an option that begins a longer word': option('rates are 2', 'rate'),
    'an option that the sentence does not name': option('too many of them', 'rate'),
    'an option that the sentence names by its flag': option('--rate is too much', 'rate'),
    'an option without a flag': option('negativeRate and workspaceBytes clash', 'workspaceBytes'),
    'no option': option('readoutError and rate clash'),
    'an option of a flag that takes away': option('pca is 3', 'pca'),
    data: new DataError('ERR_DATA_FILE', 'cannot be read', { file: 'a.csv', line: 3, column: 4 }),
    'a file': new FormatError('ERR_FORMAT_CHECKSUM', 'is damaged', 'm.nlrvqa'),
    'another error of the library': new NlrError('ERR_PARALLEL_THREAD', 'a thread ended'),
    'a program': new QasmError(
      'ERR_QASM_SYNTAX',
      'this is none',
      { name: 'a.qasm', text: 'x;\ny z;' },
      { from: 5, to: 6 },
    ),
    lines: new UsageError('  first\n   second \r\n third\n'),
    anything: new TypeError('x is not a function'),
    text: 'text',
    nothing: undefined,
    ...Object.fromEntries(
      (['SIGINT', 'SIGTERM', 'SIGHUP'] as const).map((signal) => [
        signal,
        new Interrupted(signal, 'stopped'),
      ]),
    ),
  };
  const lines = Object.entries(errors).map(([what, error]) =>
    [what, explain(error, command), explain(error, undefined)]
      .map((each) => (typeof each === 'string' ? each : `  ${JSON.stringify(each)}`))
      .join('\n'),
  );
  golden('failure.txt', `${lines.join('\n')}\n`);
  assert.deepEqual(EXIT, { ok: 0, failure: 1, usage: 2, signal: 128 });
  assert.deepEqual(['rate', 'readoutError', 'aBC'].map(flagName), ['--rate', '--readout-error', '--a-b-c']);
  assert.deepEqual(
    [new UsageError('x').name, new Interrupted('SIGINT', 'x').name, new Interrupted('SIGINT', 'x').signal],
    ['UsageError', 'Interrupted', 'SIGINT'],
  );
});

test('a failure of work that goes on is kept for later', async () => {
  const error = new Error('x');
  assert.equal(await failureOf(Promise.resolve(3)), undefined);
  assert.equal(await failureOf(Promise.reject(error)), error);
});

describe('a minimisation', () => {
  test('has words for what it took, and for what is wrong', () => {
    const words = { rule: 'nlr', steps: 1, evaluations: 2, shots: 3, shotsPerCircuit: 10 } as const;
    const trainer = (shots: unknown, report?: object) =>
      ({ training: { shots, rule: 'nlr', steps: 9 }, report }) as unknown as Trainer;
    const warned = (shots: unknown, firstGradient?: number, report?: object) => () =>
      minimisingWarnings(trainer(shots, report), { firstGradient });
    golden(
      'minimising.txt',
      outcomes({
        'a step by shots': () => trainingWords(words),
        'steps, a circuit and a shot': () =>
          trainingWords({ ...words, steps: 1200, evaluations: 1, shots: 1 }),
        exactly: () => trainingWords({ ...words, rule: 'adam', shotsPerCircuit: 'exact' }),
        'reversals of a rule that reverses': () => reversalRows('nlr', { reversals: 1, steps: 1200 }),
        'of a rule that tries shorter steps': () => reversalRows('armijo', { reversals: 0, steps: 3 }),
        'of a rule that does not look back': () => reversalRows('adam', { reversals: 0, steps: 3 }),
        'no gradient at the start': warned('exact', 0),
        'one that is rounding': warned('exact', 0.99e-12),
        'one that is small': warned('exact', 1e-12),
        'none with shots': warned(10, 0),
        'none that is known': warned('exact'),
        'an end without an alarm': warned('exact', 1, { alarm: false }),
        'steps that went uphill': warned('exact', 0, { alarm: false, ascent: { alarm: { step: true } } }),
        'steps that did not': warned('exact', 1, { alarm: false, ascent: { alarm: { step: false } } }),
      }),
    );
  });

  test('to its end has the norm of its first gradient', async () => {
    const hamiltonian = builtIn('tfim:3,1') ?? assert.fail();
    const { trainer } = await minimise({ hamiltonian, training: { steps: 4 } });
    const other = await minimise({ hamiltonian, training: { steps: 4 } });
    let first: number | undefined;
    for await (const report of other.trainer.fit()) first ??= report.gradientNorm.loss;
    const { firstGradient, interrupted } = await runMinimisation(trainer, { title: 'energy', quiet: true });
    assert.equal(firstGradient, first);
    assert.equal(interrupted, undefined);
    assert.equal(trainer.steps, 4);
    assert.deepEqual(minimisingWarnings(trainer, { firstGradient }), []);
  });

  test('that is stopped before its first step has no result, and one that fails says why', async () => {
    const stopped = new Interrupted('SIGTERM', 'stopped');
    const failing = (error: unknown, steps: number) =>
      ({
        ...{ steps, training: { steps: 9, rule: 'nlr', shots: 'exact' } },
        // eslint-disable-next-line require-yield
        async *fit() {
          throw error;
        },
      }) as unknown as Trainer;
    const quiet = { title: 'energy', quiet: true };
    await assert.rejects(runMinimisation(failing(stopped, 0), quiet), stopped);
    assert.deepEqual(await runMinimisation(failing(stopped, 1), quiet), { interrupted: stopped });
    const other = new Error('x');
    await assert.rejects(runMinimisation(failing(other, 1), quiet), other);
  });
});
