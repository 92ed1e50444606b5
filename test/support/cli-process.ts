/** Runs the built command line as a child process, as a user would. */
import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { shuffled } from '../../host/data/split.ts';
import { ensureBuilt } from './built.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CLI = join(ROOT, 'dist/cli.js');

/** The folder of the built-in digits. */
export const DIGITS = join(ROOT, 'host/data/mnist-0-1');

/** What a finished process left behind. */
export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A process under way. */
export interface Running {
  readonly child: ChildProcess;
  readonly finished: Promise<Finished>;
}

/** A process that waits before a change to the file system. */
interface Held extends Running {
  /** Whether it waits; it may have ended before it made so many changes. */
  readonly held: boolean;
  /** Lets it go on. */
  go(): Promise<void>;
}

function start(
  script: string,
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv = {},
  stdout: number | 'pipe' = 'pipe',
  stdin?: string,
): Running {
  const child = spawn(process.execPath, [script, ...args], {
    cwd,
    env: { ...process.env, ...env },
    stdio: [stdin === undefined ? 'ignore' : 'pipe', stdout, 'pipe'],
  });
  // A process that refuses its flags reads nothing.
  child.stdin?.on('error', () => {}).end(stdin);
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      texts[name] += text;
    });
  }
  const finished = new Promise<Finished>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, ...texts }));
  });
  return { child, finished };
}

/** What may befall a process: see cli-faults.mjs. @returns its environment */
function befallen(faults: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const preload = new URL('cli-faults.mjs', import.meta.url);
  return { ...faults, NODE_OPTIONS: `--import=${preload}` };
}

/** The environment of a process that gets a signal at its n-th change to the file system, from 0. */
export function signalledAt(
  change: number,
  signal: 'SIGKILL' | 'SIGINT' | 'SIGHUP' = 'SIGKILL',
  more: NodeJS.ProcessEnv = {},
): NodeJS.ProcessEnv {
  return befallen({ ...more, NLR_SIGNAL_AT: String(change), NLR_SIGNAL: signal });
}

/** The environment of a process whose n-th change to the file system, or read, fails; it is named on stderr. */
export function failingAt(call: number, code: string): NodeJS.ProcessEnv {
  return befallen({ NLR_FAIL_AT: String(call), NLR_FAIL_CODE: code });
}

/** The environment of a process in which every call of a name fails. */
export function without(call: string, code: string): NodeJS.ProcessEnv {
  return befallen({ NLR_FAIL: call, NLR_FAIL_CODE: code });
}

/** The environment of a process that can begin files, but not put them where they belong. */
export const WITHOUT_RENAME = without('rename', 'ENOENT');

/** The one object that a process printed; it must have succeeded. */
export function resultOf({ code, stdout, stderr }: Finished): Record<string, unknown> {
  assert.equal(code, 0, stderr);
  const value: unknown = JSON.parse(stdout);
  assert.ok(typeof value === 'object' && value !== null, `not an object: ${stdout}`);
  return value as Record<string, unknown>;
}

/** When a process has said something on stderr. */
export function said(child: ChildProcess, what: RegExp): Promise<void> {
  let text = '';
  return new Promise((resolve) => {
    child.stderr?.on('data', (more: string) => {
      text += more;
      if (what.test(text)) resolve();
    });
  });
}

/** What a command says on stderr beside how it read its data. */
export function withoutReading(stderr: string): string {
  return stderr.replace(/^nlr-vqa: [^\n]+: \d[\d,]* rows? separated by [^\n]+\n/gm, '');
}

/** Of a training's result what another run of the same training has too. */
export function lasting<T extends object>(result: T): object {
  return { ...result, seconds: undefined, model: undefined };
}

/** A folder of its own for a test file, and the command run inside it. */
export class Workshop {
  /** Named pipes beside the folder, which holds only what commands make. */
  readonly #barriers: string[] = [];

  private constructor(readonly folder: string) {}

  static async open(): Promise<Workshop> {
    ensureBuilt('dist/');
    return new Workshop(await mkdtemp(join(tmpdir(), 'nlr-vqa-')));
  }

  async close(): Promise<void> {
    for (const path of [this.folder, ...this.#barriers]) await rm(path, { recursive: true, force: true });
  }

  /** Starts the command. @param stdout where its results go, if not to its `Finished` */
  start(args: readonly string[], env?: NodeJS.ProcessEnv, stdout?: number): Running {
    return start(CLI, args, this.folder, env, stdout);
  }

  /** Starts the command and holds it before its n-th change to the file system, from 0. */
  async hold(args: readonly string[], change: number): Promise<Held> {
    const barrier = `${this.folder}-barrier-${this.#barriers.length}`;
    this.#barriers.push(barrier);
    execFileSync('mkfifo', [barrier]);
    const running = this.start(args, befallen({ NLR_PAUSE_AT: String(change), NLR_BARRIER: barrier }));
    const waiting = new Promise<boolean>((resolve) => {
      let said = '';
      running.child.stderr?.on('data', (text: string) => {
        said += text;
        if (/^fault: /m.test(said)) resolve(true);
      });
      void running.finished.then(() => resolve(false));
    });
    const held = await waiting;
    return { ...running, held, go: () => writeFile(barrier, '') };
  }

  /** Runs the command to its end. */
  run(args: readonly string[], env?: NodeJS.ProcessEnv): Promise<Finished> {
    return this.start(args, env).finished;
  }

  /** Runs the command to its end with this on stdin. */
  fed(stdin: string, ...args: string[]): Promise<Finished> {
    return start(CLI, args, this.folder, undefined, 'pipe', stdin).finished;
  }

  /** Runs the command with `--json`, which must succeed, and returns the one object it prints. */
  async json(args: readonly string[]): Promise<Record<string, unknown>> {
    return resultOf(await this.run([...args, '--json']));
  }

  /** A folder of its own inside this one, which closes with it. */
  async folderIn(name: string): Promise<Workshop> {
    await mkdir(this.path(name));
    return new Workshop(this.path(name));
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  read(name: string): Promise<Uint8Array> {
    return readFile(this.path(name));
  }

  async write(name: string, content: string | Uint8Array): Promise<string> {
    await writeFile(this.path(name), content);
    return name;
  }
}

/** CSV text of some well separated classes in three columns, `rows` rows in all. */
export function clusters(classes: readonly string[], rows: number): string {
  const noise = shuffled(3 * rows, 7);
  const lines = Array.from({ length: rows }, (_, i) => {
    const label = i % classes.length;
    const cells = [0, 1, 2].map((column) => {
      const centre = label === column ? 3 : 0;
      return (centre + noise[3 * i + column] / (3 * rows)).toFixed(4);
    });
    return [...cells, classes[label]].join(',');
  });
  return ['a,b,c,kind', ...lines, ''].join('\n');
}
