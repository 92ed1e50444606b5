/** A quantum processor in a process of its own: the stand-in, and the trainings with it in TypeScript and in C. */
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { buildProgram, missing } from '../../../host/devices/build-c.ts';
import { QpuProcess } from '../../../host/devices/qpu/qpu-process.ts';
import type { Question } from '../../../host/qpu/index.ts';
import {
  asked,
  answerStep,
  beginDrawn,
  honest,
  masksOf,
  reversed,
  stateOf,
} from '../../support/caller-answers.ts';
import { dataOf, fresh, MODELS, SEED, TRAININGS } from '../../support/caller-runs.ts';
import { without } from '../../support/installed.ts';
import * as oracle from '../../support/oracle/index.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'nlr-vqa-qpu-'));
const standIn = [process.execPath, join(root, 'host/devices/qpu/stand-in.mjs')] as const;

/** Steps of a training; about a hundred and fifty questions each. */
const STEPS = 4;
/** More questions than a step has, those asked again included. */
const MOST_QUESTIONS = 250;
const KILL_ASKER = new URL('kill-asker.mjs', import.meta.url);

/** Everything that can go wrong, at once and one by one. */
const DISTURBED: readonly string[][] = [
  ['--latency', '1'],
  ['--fail-every', '3'],
  ['--wrong-every', '3'],
  ['--stale-every', '3'],
  ['--die-after', '40'],
  ['--die-after', '97', '--fail-every', '7', '--wrong-every', '11'],
];

after(() => rmSync(folder, { recursive: true }));

/** A program's output, line by line. */
async function output(program: string, args: readonly string[]): Promise<string[]> {
  const { stdout } = await promisify(execFile)(program, [...args], { cwd: root });
  return stdout.trimEnd().split('\n');
}

const inTypeScript = (options: readonly string[] = []) =>
  output(process.execPath, [
    '--import',
    'tsx',
    '--import',
    './test/support/wasm.mjs',
    'host/devices/qpu/train-with-qpu.ts',
    `${STEPS}`,
    ...options,
  ]);

/** The trace at the end of some lines. */
function traceOf(lines: readonly string[]): string {
  const [, trace] = /^trace ([0-9a-f]{16})$/.exec(lines.find((line) => line.startsWith('trace')) ?? '') ?? [];
  return trace ?? assert.fail(lines.join('\n'));
}

/** Without anything in the way. */
const undisturbed = inTypeScript().then(traceOf);

/** Lines to a process, and its answers. */
async function answersTo(lines: readonly string[], options: readonly string[] = []) {
  const child = spawn(standIn[0], [standIn[1], ...options], { stdio: ['pipe', 'pipe', 'ignore'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part) => (text += part));
  child.stdin.on('error', () => {});
  child.stdin.end(lines.map((line) => `${line}\n`).join(''));
  const [status] = await once(child, 'close');
  return { text, status };
}

describe('the stand-in', () => {
  it(`measures what the oracle says, within 5 sigma (seed ${SEED})`, async () => {
    const processor = new QpuProcess([...standIn, '--seed', `${SEED}`]);
    const shots = 4096;
    let compared = 0;
    try {
      for (const name of ['one term', 'terms apart', 'terms apart, random', 'terms together']) {
        const questions: Question[] = [];
        const machine = fresh('release', MODELS[name], asked({ ...TRAININGS.adam, batch: 1 }));
        const { samples, labels } = dataOf(machine.model);
        beginDrawn(machine, samples, labels);
        answerStep(machine, (asking, question) => {
          questions.push({ ...question, shots });
          honest(asking, question);
        });
        for (const question of questions) {
          const counts = new Map(
            (await processor.run(question, new AbortController().signal)) as Iterable<[number, number]>,
          );
          const state = stateOf(question);
          const { qubits, bases } = question;
          const turned = bases.reduce((at, basis, a) => {
            if (basis !== 'X' && basis !== 'Y') return at;
            const [kind, angle] = basis === 'X' ? [1, -Math.PI / 2] : [0, Math.PI / 2];
            const op = { kind, a, source: 0, index: 0, scale: 1, offset: 0 };
            return oracle.apply(oracle.operationMatrix(qubits, op, angle), at);
          }, state);
          turned.re.forEach((re, index) => {
            const chance = Math.min(re * re + turned.im[index] ** 2, 1);
            const expected = shots * chance;
            const sigma = Math.sqrt(expected * (1 - chance)) + 1e-6;
            const count = counts.get(reversed(index, qubits)) ?? 0;
            assert.ok(
              Math.abs(count - expected) <= 5 * sigma + 1e-6,
              `${name}: ${count} of ${expected} +- ${sigma}`,
            );
            compared++;
          });
          assert.equal(
            [...counts.values()].reduce((sum, count) => sum + count, 0),
            shots,
          );
          assert.ok(masksOf(question).xMask + masksOf(question).zMask > 0);
        }
      }
    } finally {
      processor.stop();
    }
    assert.ok(compared > 500, `${compared} counts`);
  });

  it('answers the same question with the same counts, and others with others', async () => {
    const question = '100 XY 0 3 rx 0 0 0.5 ry 1 1 0.7 cnot 0 1 0';
    const first = await answersTo([`ask 1 ${question}`, `ask 2 ${question}`]);
    const second = await answersTo([`ask 3 ${question.replace('0.7', '0.70')}`]);
    const other = await answersTo([`ask 3 ${question}`], ['--seed', '2']);
    const [one, two] = first.text.split('\n');
    assert.equal(one.replace('counts 1', ''), two.replace('counts 2', ''));
    assert.equal(one.replace('counts 1', ''), second.text.trimEnd().replace('counts 3', ''));
    assert.notEqual(second.text, other.text);
  });

  it('refuses what it does not understand, and goes on', async () => {
    const bad = [
      '',
      'tell 1',
      'ask 2 10 Z',
      'ask 3 10 Z 0 1 rx 1 1 0.5',
      'ask 4 10 ZZ 0 1 cnot 0 0 0',
      'ask 5 10 Z 0 1 t 0 0 0.5',
      'ask 6 10 Z 0 1 rx 0 0 x',
      'ask 7 10 Z 3 1 1 1 0',
      'ask 8 10 Z 0 0 0',
      'ask 1 10 A 0 0',
      'ask 1 10.5 Z 0 0',
      'ask 1 -1 Z 0 0',
      'ask 1 1e99 Z 0 0',
      'ask 1 10 Z -1 0',
      'ask 1 10 Z 2 0 0 0',
      'ask 1 10 ZZ 0 1 rx 0.5 0 1',
      'ask 1 10 Z 0 1 constructor 0 0 1',
      'ask 1 10 Z 999999999 0',
      `ask 1 10 ${'Z'.repeat(40)} 0 0`,
      'ask x 10 Z 0 0',
    ];
    const { text, status } = await answersTo([...bad, 'ask 9 10 Z 0 0']);
    const lines = text.trimEnd().split('\n');
    assert.equal(status, 0);
    assert.equal(lines.pop(), 'counts 9 1 0 10');
    assert.equal(lines.length, bad.length);
    for (const line of lines) assert.match(line, /^error \w \S/);
  });

  it('fails as told', async () => {
    const lines = [1, 2, 3, 4].map((id) => `ask ${id} 10 Z 0 0`);
    const wrong = await answersTo(lines, ['--wrong-every', '2', '--fail-every', '3']);
    assert.deepEqual(wrong.text.trimEnd().split('\n'), [
      'counts 1 1 0 10',
      'counts 2 1 0 9',
      'error 3 the processor is being calibrated',
      'counts 4 1 0 9',
    ]);
    const dead = await answersTo(lines, ['--die-after', '2']);
    assert.deepEqual(dead, { text: 'counts 1 1 0 10\ncounts ', status: 3 });
    const stale = await answersTo(lines, ['--stale-every', '2', '--hang-after', '4']);
    const answers = [1, 1, 2, 3].map((id) => `counts ${id} 1 0 10`);
    assert.deepEqual(stale.text.trimEnd().split('\n'), answers);
    assert.equal((await answersTo([], ['--seed', 'x'])).status, 2);
    assert.equal((await answersTo([], ['--sed', '1'])).status, 2);
  });
});

describe('the process behind a pipe, in TypeScript', () => {
  const question: Question = {
    ...{ step: 0, sample: 0, evaluation: 0, shots: 10, qubits: 1, bases: ['Z'] },
    ...{ encoding: 'angle', features: [], operations: [] },
  } as unknown as Question;
  /** A process that answers every line with this one. */
  const saying = (line: string) => ['sh', '-c', 'while read -r line; do echo "$0"; done', line] as const;

  for (const line of [
    '',
    'banana 1 1 0 10',
    'countsx 1 1 0 10',
    'counts 1 1 0',
    'counts 1 1 0 10 3',
    'counts 1 1 0 10 0 0',
    'counts 1 1 -1 10',
    'counts 1 1 0 1e1',
    'counts 1 1  x',
    'counts 2 1 0 10',
    'counts one 1 0 10',
    'error',
    'error x y',
  ]) {
    it(`'${line}' ends it, and the question fails`, async () => {
      const processor = new QpuProcess(saying(line));
      try {
        const said = line === '' ? /it said ''/ : new RegExp(`it said '${line}'`);
        await assert.rejects(async () => processor.run(question, new AbortController().signal), said);
      } finally {
        processor.stop();
      }
    });
  }

  it('a line without an end does not fill the memory', async () => {
    const processor = new QpuProcess(['sh', '-c', 'yes counts | tr "\\n" " "']);
    const endless = async () => processor.run(question, new AbortController().signal);
    try {
      await assert.rejects(endless, /more than 1048576 characters in a line/);
    } finally {
      processor.stop();
    }
  });

  it('is started again when nobody waits for it any more', async () => {
    const processor = new QpuProcess([...standIn, '--hang-after', '2']);
    try {
      const asks = async (signal = new AbortController().signal) => [
        ...((await processor.run(question, signal)) as Iterable<[number, number]>),
      ];
      assert.deepEqual(await asks(), [[0, 10]]);
      const late = new AbortController();
      const hanging = asks(late.signal);
      late.abort();
      await assert.rejects(hanging, /nobody waits for its answer any more/);
      assert.deepEqual(await asks(), [[0, 10]]);
      assert.equal(processor.starts, 2);
    } finally {
      processor.stop();
    }
  });
});

describe('training with the stand-in, in TypeScript', () => {
  for (const options of DISTURBED) {
    it(`${options.join(' ')}: the trace of the undisturbed run`, async () => {
      const lines = await inTypeScript(options);
      assert.equal(traceOf(lines), await undisturbed);
      const [, starts] = /^the process was started (\d+) times$/.exec(lines[lines.length - 1]) ?? [];
      assert.equal(Number(starts) > 1, options.includes('--die-after'));
    });
  }

  it('a processor that never answers ends it with a sentence', async () => {
    await assert.rejects(inTypeScript(['--die-after', '1']), (error: { stderr: string }) => {
      assert.match(
        error.stderr,
        /^QpuError: step 1, sample 0, evaluation 0: the processor is gone: .* \(after 5 attempts\)$/m,
      );
      return true;
    });
  });
});

for (const how of ['wasm2c', 'wasm3'] as const) {
  const skip = without(missing('linux', how));
  describe(`training with the stand-in, in C by ${how}`, { skip }, () => {
    const programOf = (milliseconds: number) =>
      buildProgram({
        target: 'linux',
        how,
        build: 'device-fast',
        sources: ['qpu/train_with_qpu.c', 'qpu/qpu.c', 'own-file.c'],
        defines: { QPU_MILLISECONDS: milliseconds },
      });
    let built: string | undefined;
    const program = () => (built ??= programOf(60_000));
    let runs = 0;
    const checkpoint = () => join(folder, `${how}-${runs++}.checkpoint`);

    for (const options of [[], ...DISTURBED]) {
      it(`${options.join(' ') || 'undisturbed'}: the trace of the undisturbed run in TypeScript`, async () => {
        const lines = await output(program(), [`${STEPS}`, checkpoint(), ...standIn, ...options]);
        assert.equal(traceOf(lines), await undisturbed);
        const again = lines.reduce(
          (sum, line) => sum + Number(/asked again (\d+) times/.exec(line)?.[1] ?? 0),
          0,
        );
        const harmless = options.length === 0 || ['--latency', '--stale-every'].includes(options[0]);
        assert.equal(again > 10, !harmless);
      });
    }

    it(`killed again and again, in the middle of a step: it goes on, with the same trace (seed ${SEED})`, async () => {
      const rng = oracle.seededRng(SEED);
      const steps = 10;
      const expected = traceOf(await output(program(), [`${steps}`, checkpoint(), ...standIn]));
      const path = checkpoint();
      let kills = 0;
      for (;;) {
        // Every life does one step at least, so that the training gets there.
        const at = MOST_QUESTIONS + oracle.randomInteger(rng, MOST_QUESTIONS);
        const child = spawn(program(), [`${steps}`, path, ...standIn, '--wrong-every', '5'], {
          stdio: ['ignore', 'pipe', 'inherit'],
          env: { ...process.env, NODE_OPTIONS: `--import=${KILL_ASKER}`, NLR_KILL_AT: `${at}` },
        });
        const lines: string[] = [];
        createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
        const [status] = await once(child, 'close');
        if (status === 0) {
          assert.equal(traceOf(lines), expected);
          break;
        }
        kills += 1;
        assert.ok(kills <= steps, lines.join('\n'));
      }
      assert.ok(kills > 1, `${kills} kills`);
    });

    it('a processor that never answers, or is not there, ends it with a sentence', async () => {
      const ends = (command: readonly string[], sentence: RegExp) =>
        assert.rejects(
          output(program(), [`${STEPS}`, checkpoint(), ...command]),
          (error: { code: number; stderr: string }) => {
            assert.equal(error.code, 1);
            assert.match(error.stderr, sentence);
            return true;
          },
        );
      await ends([...standIn, '--die-after', '1'], /^no answer after 5 attempts$/m);
      await ends([...standIn, '--fail-every', '1'], /^no answer after 5 attempts$/m);
      await ends([...standIn, '--wrong-every', '1'], /^a step: status -17$/m);
      await ends([join(folder, 'nothing')], /^no answer after 5 attempts$/m);
      await ends(['/bin/echo', 'counts', '1', '1', '0', '65'], /^no answer after 5 attempts$/m);
      await ends(['/bin/cat'], /^no answer after 5 attempts$/m);
      // Each answer of these was taken, or waited for without end.
      await ends(['yes', 'counts 0 1 0 64'], /^no answer after 5 attempts$/m);
      for (const line of [
        'banana 1 1 0 64',
        'countsx 1 1 0 64',
        'counts 1 1 -0 64',
        'counts 1 1 0 64 0',
        'counts 1 1 0 +64',
        'counts 1 1 0 64x',
        'counts 1 999 0 64',
        'counts 1 1 0 99999999999999999999',
        'counts 9 1 0 64',
        'errors 1 none',
      ])
        await ends(
          ['sh', '-c', `while read -r line; do echo "$0"; done`, line],
          /^no answer after 5 attempts$/m,
        );
      await ends(['sh', '-c', 'yes counts | tr "\\n" " "'], /^no answer after 5 attempts$/m);
      await assert.rejects(output(program(), []), { code: 2 });
    });

    it('a processor that hangs is started again, one that always hangs ends it with a sentence', async () => {
      const expected = traceOf(await output(program(), ['1', checkpoint(), ...standIn]));
      const lines = await output(programOf(5000), ['1', checkpoint(), ...standIn, '--hang-after', '100']);
      assert.equal(traceOf(lines), expected);
      await assert.rejects(
        output(programOf(100), ['1', checkpoint(), 'sleep', '1000']),
        (error: { stderr: string }) => /^no answer after 5 attempts$/m.test(error.stderr),
      );
    });

    it('standard streams that are closed do no harm', async () => {
      for (const closed of ['<&-', '<&- 2>&-']) {
        const words = ['-c', `exec "$@" ${closed}`, 'sh', program(), `${STEPS}`, checkpoint(), ...standIn];
        assert.equal(traceOf(await output('sh', words)), await undisturbed);
      }
    });

    it('a checkpoint that cannot be read is not passed over', async () => {
      await assert.rejects(output(program(), ['1', folder, ...standIn]), { code: 1 });
      const long = join(folder, `${how}.long`);
      writeFileSync(long, new Uint8Array(1 << 20));
      await assert.rejects(output(program(), ['1', long, ...standIn]), (error: { stderr: string }) =>
        /no checkpoint of this training/.test(error.stderr),
      );
    });
  });
}
