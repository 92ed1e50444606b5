/** The device build in wasm3, an interpreter, against the same build in this engine. */
import assert from 'node:assert/strict';
import { type ChildProcessByStdio, execFile, spawn } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { promisify } from 'node:util';
import { type Builds, path, workFolder } from './builds.ts';
import { emptyCall, emptyRow } from './empty.ts';
import { ENGINE_NAMES, Subject } from './subject.ts';
import { row, type Section } from './table.ts';
import { race, ratios, repeated, summarise } from './timing.ts';

/** How many times longer the interpreter may take. */
const MOST = 35;
/** Steps whose traces are compared before anything is timed. */
const COMPARED = 5;
const VENV = 'build/wasm3';

/** An answer of wasm3_steps.py. */
interface Reply {
  readonly subject: number;
  readonly nanoseconds: number;
  readonly trace: string;
}

/** Installs wasm3 for Python where it is missing. @returns why it cannot be had, or nothing */
async function install(): Promise<string> {
  const run = promisify(execFile);
  const python = path(`${VENV}/bin/python`);
  try {
    if (!existsSync(python)) await run('python3', ['-m', 'venv', path(VENV)]);
    const present = await run(python, ['-c', 'import wasm3']).then(
      () => true,
      () => false,
    );
    const requirements = path('bench/speed/requirements-wasm3.txt');
    if (!present) await run(python, ['-m', 'pip', 'install', '--quiet', '-r', requirements]);
    return '';
  } catch {
    rmSync(path(VENV), { recursive: true, force: true });
    return 'wasm3 is not there; to install it takes python3 with venv and pip, and a C compiler';
  }
}

/** Python with the module of a build in wasm3, which answers line by line. */
class Interpreter {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #replies: AsyncIterator<string>;

  constructor(module: string) {
    this.#child = spawn(path(`${VENV}/bin/python`), [path('bench/speed/wasm3_steps.py'), module], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#replies = createInterface(this.#child.stdout)[Symbol.asyncIterator]();
  }

  async ask(question: object): Promise<Reply> {
    this.#child.stdin.write(`${JSON.stringify(question)}\n`);
    const { value, done } = await this.#replies.next();
    assert.ok(done !== true, 'the interpreter ended');
    return JSON.parse(value) as Reply;
  }

  close(): void {
    this.#child.stdin.end();
  }
}

/** Gives the interpreter a subject's model and mini-batch. @returns its number there */
async function hand(subject: Subject, interpreter: Interpreter): Promise<number> {
  const { core, batch, features } = subject;
  const model = `${workFolder()}model.image`;
  writeFileSync(model, core.takeImage(core.abi.model_write()));
  const reply = await interpreter.ask({
    model,
    batch,
    features: [...core.reals(core.abi.features_ptr(), batch * features)],
    labels: [...core.integers(core.abi.labels_ptr(), batch)],
  });
  return reply.subject;
}

/** Exact NLR steps of the paper's model, d = 8, B = 32, in the device build with all engines. */
export async function interpretedSteps({ deviceFast }: Builds): Promise<Section> {
  const title =
    'exact NLR step in wasm3, device build with all engines, d = 8, B = 32: an interpreter is enough';
  const missing = await install();
  if (missing !== '') return { title, rows: [], skipped: missing };
  const interpreter = new Interpreter(path('build/core.device-fast.wasm'));
  try {
    const subjects = await Promise.all(
      ENGINE_NAMES.map((engine) => Subject.create(deviceFast, {}, { engine, observableNorm: false })),
    );
    const numbers: number[] = [];
    for (const subject of subjects) {
      const number = await hand(subject, interpreter);
      const { trace } = await interpreter.ask({ subject: number, steps: COMPARED });
      for (let step = 0; step < COMPARED; step++) subject.step();
      assert.equal(trace, subject.core.trace(), `${ENGINE_NAMES[number]}: other bits in wasm3`);
      numbers.push(number);
    }
    const [empty, ...found] = await race([
      emptyCall(subjects[0].core.abi),
      ...subjects.flatMap((subject, i) => [
        {
          name: `${ENGINE_NAMES[i]}, wasm3`,
          run: async (steps: number) => (await interpreter.ask({ subject: numbers[i], steps })).nanoseconds,
        },
        { name: ENGINE_NAMES[i], run: repeated(subject.step) },
      ]),
    ]);
    const rows = ENGINE_NAMES.flatMap((engine, i) => {
      const [interpreted, compiled] = [found[2 * i], found[2 * i + 1]];
      return [
        row(`${engine}, wasm3`, {
          time: summarise(interpreted),
          unit: 'steps',
          ratio: { to: 'this engine', ...summarise(ratios(interpreted, compiled)) },
          bar: { most: MOST },
        }),
        row(`${engine}, this engine`, { time: summarise(compiled), unit: 'steps' }),
      ];
    });
    return { title, rows: [emptyRow(empty), ...rows], skipped: '' };
  } finally {
    interpreter.close();
  }
}
