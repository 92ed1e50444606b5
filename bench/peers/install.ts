/** Installs what the workers need into build/peers, once per lock. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import type { Environment, Peer } from './peers.ts';
import type { Launch } from './worker.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const HERE = `${ROOT}bench/peers/`;
const BUILD = `${ROOT}build/peers/`;
const REFERENCE_SOURCES = `${ROOT}bench/peers/reference/`;
/** The interpreter that the locks were made for. */
const PYTHON = '3.11';

/** How the C reference is compiled; bench/peers/reference/worker.c says it too. */
export const GCC_FLAGS = ['-O3', '-march=native', '-std=gnu11'];

const run = promisify(execFile);

/** A command's last line of complaint; paths of this machine left out. */
function complaint(error: unknown): string {
  const { stderr = '', message } = error as { stderr?: string; message: string };
  const lines = stderr.split('\n').filter((line) => /error|not found|no match/i.test(line));
  return (lines.at(-1) ?? message.split('\n')[0]).replaceAll(ROOT, '').trim().slice(0, 200);
}

function tell(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Does the work unless it was done for these files before. */
async function once(name: string, files: readonly string[], work: () => Promise<void>): Promise<void> {
  const hash = createHash('sha256');
  for (const file of files) hash.update(await readFile(file));
  const digest = hash.digest('hex');
  const stamp = `${BUILD}${name}.installed`;
  if ((await readFile(stamp, 'utf8').catch(() => '')) === digest) return;
  tell(`installing ${name} ...`);
  await work();
  await writeFile(stamp, digest);
}

/** The first of the usual names under which the pinned Python answers. */
async function findPython(): Promise<string> {
  for (const command of [`python${PYTHON}`, 'python3', 'python']) {
    const version = await run(command, ['--version']).then(
      ({ stdout }) => stdout,
      () => '',
    );
    if (version.startsWith(`Python ${PYTHON}.`)) return command;
  }
  throw new Error(`Python ${PYTHON} is not on the path`);
}

/** A virtual environment with exactly the packages of a lock. */
async function installPython(name: string, lock: string): Promise<void> {
  await once(name, [lock], async () => {
    const folder = `${BUILD}${name}`;
    await rm(folder, { recursive: true, force: true });
    await run(await findPython(), ['-m', 'venv', folder]);
    const quiet = ['--quiet', '--disable-pip-version-check', '--no-input'];
    await run(`${folder}/bin/python`, ['-m', 'pip', 'install', ...quiet, '--no-deps', '-r', lock], {
      maxBuffer: 2 ** 26,
    });
  });
}

async function installNode(): Promise<void> {
  const files = ['package.json', 'package-lock.json'];
  await once(
    'node',
    files.map((file) => HERE + file),
    async () => {
      const cwd = `${BUILD}node`;
      await mkdir(cwd, { recursive: true });
      for (const file of files) await copyFile(HERE + file, `${cwd}/${file}`);
      await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], { cwd });
    },
  );
}

/** Compiles the C program. */
async function installReference(): Promise<void> {
  const names = (await readdir(REFERENCE_SOURCES)).filter((name) => name.endsWith('.c'));
  const sources = names.map((name) => REFERENCE_SOURCES + name);
  await run('gcc', [...GCC_FLAGS, '-o', `${BUILD}reference`, ...sources, '-lm']);
}

/**
 * Compiles the worker in Rust with the packages of its lock, for this processor. wai-quantum asks for a newer compiler
 * than it needs: with 1.95 it compiles, and its answers are compared like all others.
 */
async function installRust(): Promise<void> {
  const { stdout } = await run('rustc', ['--version']);
  const env = {
    ...process.env,
    CARGO_TARGET_DIR: `${BUILD}wai`,
    RUSTFLAGS: '-C target-cpu=native',
    RUSTC_VERSION: stdout.split(' ')[1],
  };
  const args = ['build', '--quiet', '--release', '--locked', '--ignore-rust-version'];
  await run('cargo', args, { cwd: `${HERE}wai`, env, maxBuffer: 2 ** 26 });
}

/** One worker in JavaScript, bundled so that no loader stands between it and its process. */
async function bundle(worker: string): Promise<void> {
  await build({
    absWorkingDir: ROOT,
    entryPoints: [`bench/peers/workers/${worker}.ts`],
    outfile: `${BUILD}${worker}.mjs`,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    loader: { '.wasm': 'binary' },
    nodePaths: [`${BUILD}node/node_modules`],
    logLevel: 'error',
    logLimit: 1,
    // Packages in CommonJS form still call `require` for Node's own modules.
    banner: {
      js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
    },
  });
}

const INSTALL: Readonly<Record<Environment, () => Promise<void>>> = {
  python: () => installPython('python', `${HERE}requirements.lock`),
  torchquantum: () => installPython('torchquantum', `${HERE}requirements-torchquantum.lock`),
  mindquantum: () => installPython('mindquantum', `${HERE}requirements-mindquantum.lock`),
  node: installNode,
  rust: installRust,
  gcc: installReference,
};

/** Everything on one core, where the system can do that. */
async function pinned(launch: Launch): Promise<Launch> {
  const cores = await run('taskset', ['-cp', String(process.pid)]).catch(() => undefined);
  const last = cores?.stdout.match(/(\d+)\s*$/)?.[1];
  return last === undefined
    ? launch
    : { command: 'taskset', args: ['-c', last, launch.command, ...launch.args] };
}

/** Prepares this project's worker. */
export async function installOurs(): Promise<Launch> {
  await mkdir(BUILD, { recursive: true });
  await bundle('ours');
  return pinned({ command: process.execPath, args: [`${BUILD}ours.mjs`] });
}

/**
 * Prepares a peer.
 * @returns how to start it, or why it cannot be
 */
export async function install({ environment, worker }: Peer): Promise<Launch | { readonly reason: string }> {
  try {
    await INSTALL[environment]();
    if (environment === 'gcc') return await pinned({ command: `${BUILD}reference`, args: [] });
    if (environment === 'rust')
      return await pinned({ command: `${BUILD}wai/release/nlr-vqa-bench-wai`, args: [] });
    if (environment === 'node') {
      await bundle(worker);
      return await pinned({ command: process.execPath, args: [`${BUILD}${worker}.mjs`] });
    }
    return await pinned({
      command: `${BUILD}${environment}/bin/python`,
      args: [`${HERE}workers/${worker}.py`],
    });
  } catch (error) {
    return { reason: `cannot be installed: ${complaint(error)}` };
  }
}
