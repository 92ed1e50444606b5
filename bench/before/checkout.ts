/** The tree of an earlier commit in a git worktree of its own, with its own packages, built by its own build. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The environment without what would send git to another repository, as inside a hook. */
const ENVIRONMENT = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_')),
);

/** A command's output without the last line break. @throws Error with what it complained of */
async function output(command: string, args: readonly string[], cwd: string): Promise<string> {
  try {
    const { stdout } = await run(command, args, { cwd, env: ENVIRONMENT, maxBuffer: 2 ** 26 });
    return stdout.replace(/\n$/, '');
  } catch (error) {
    const { stderr = '', stdout = '', message } = error as Error & { stderr?: string; stdout?: string };
    const said = `${stdout}\n${stderr}`.trim().split('\n').slice(-12).join('\n');
    throw new Error(`${[command, ...args].join(' ')} failed\n${said === '' ? message : said}`, {
      cause: error,
    });
  }
}

/** Git without hooks: a checkout is for measuring alone. */
const git = (cwd: string, ...args: readonly string[]) =>
  output('git', ['-c', 'core.hooksPath=/dev/null', ...args], cwd);

/** The full name of a commit of the repository. @throws Error that says what to do when it is not there */
async function commitIn(root: string, commit: string): Promise<string> {
  try {
    return await git(root, 'rev-parse', '--verify', '--quiet', `${commit}^{commit}`);
  } catch (cause) {
    const shallow = await git(root, 'rev-parse', '--is-shallow-repository').catch(() => 'no repository');
    const why = {
      true: 'this clone is shallow; `git fetch --unshallow` brings the history',
      false: 'this clone has its whole history, but of another repository; clone the one that has it',
    }[shallow];
    throw new Error(`commit ${commit} is not here: ${why ?? 'this is no git repository; clone it'}`, {
      cause,
    });
  }
}

/** Whether the folder is a worktree of just that commit, its files as they were committed. */
async function isCheckedOut(folder: string, commit: string): Promise<boolean> {
  try {
    const top = await git(folder, 'rev-parse', '--show-toplevel');
    if ((await realpath(top)) !== (await realpath(folder))) return false;
    if ((await git(folder, 'rev-parse', 'HEAD')) !== commit) return false;
    return (await git(folder, 'status', '--porcelain', '--untracked-files=no')) === '';
  } catch {
    return false;
  }
}

/**
 * Checks a commit out into a folder; a checkout that is there and untouched is used again, anything else in its
 * place is removed.
 * @param folder for this alone, inside a folder that git ignores
 * @returns whether it was made anew
 * @throws Error when the repository does not have the commit
 */
export async function checkOut(root: string, folder: string, commit: string): Promise<boolean> {
  const full = await commitIn(root, commit);
  if (await isCheckedOut(folder, full)) return false;
  await rm(folder, { recursive: true, force: true });
  await mkdir(dirname(folder), { recursive: true });
  // By force, or git would refuse where it remembers a worktree that is gone with the folder it was in.
  await git(root, 'worktree', 'add', '--quiet', '--force', '--detach', folder, full);
  return true;
}

const digestOf = async (file: string) =>
  createHash('sha256')
    .update(await readFile(file))
    .digest('hex');

/** Does the work unless it was done with this mark before; a checkout made anew has no marks. */
async function once(folder: string, name: string, mark: string, work: () => Promise<void>): Promise<void> {
  const stamp = `${folder}/build/${name}.done`;
  if ((await readFile(stamp, 'utf8').catch(() => '')) === mark) return;
  await work();
  await mkdir(dirname(stamp), { recursive: true });
  await writeFile(stamp, mark);
}

/**
 * Installs the packages of a checkout's lock, without scripts: those of the repository itself where the locks are
 * alike, its own otherwise. Then builds it by its own `npm run build`.
 * @param tell is told what takes long
 */
export async function makeReady(root: string, folder: string, tell: (text: string) => void): Promise<void> {
  const lock = await digestOf(`${folder}/package-lock.json`);
  await once(folder, 'packages', `${lock} ${process.version}`, async () => {
    const modules = `${folder}/node_modules`;
    await rm(modules, { recursive: true, force: true });
    const alike = lock === (await digestOf(`${root}/package-lock.json`).catch(() => ''));
    if (alike) return symlink(`${root}/node_modules`, modules, 'dir');
    tell('installing its packages');
    await output('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], folder);
  });
  await once(folder, 'built', lock, async () => {
    tell('building it, which takes minutes once');
    await output('npm', ['run', '--silent', 'build'], folder);
  });
}
