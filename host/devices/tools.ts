/** Running tools, and folders under build/devices/ that are filled once. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** Our C sources. */
export const DEVICES = `${ROOT}host/devices/`;
/** Everything that is made of them. */
export const BUILD = `${ROOT}build/devices/`;

/** Characters of a failed tool's output that are shown. */
const MOST_SAID = 4000;

/** Whether a module is the program that was started, also by a path with symbolic links in it. */
export const isProgram = (url: string) =>
  process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(url);

/** Runs a tool to its end. @throws Error with the beginning of what it said */
export function run(command: string, args: readonly string[], cwd = ROOT): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (error || status !== 0) {
    const said = `${error?.message ?? ''}${stdout ?? ''}${stderr ?? ''}`;
    throw new Error(`${command} ${args.join(' ')}\n${said.slice(0, MOST_SAID)}`);
  }
  return stdout;
}

/** Whether a command is installed. */
export function isThere(command: string): boolean {
  return spawnSync(command, ['--version'], { stdio: 'ignore' }).error === undefined;
}

/** Whether Python is there, and can fetch packages. */
export function hasPip(): boolean {
  return spawnSync('python3', ['-m', 'pip', '--version'], { stdio: 'ignore' }).status === 0;
}

/** The SHA-256 of some parts, one behind the other, as hexadecimal digits. */
export const sha256 = (...parts: readonly (string | Uint8Array)[]) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(String(part.length)).update(' ').update(part);
  return hash.digest('hex');
};

/** Fills a folder that appears whole or not at all. */
export function folderOnce(folder: string, fill: (partial: string) => void): string {
  if (existsSync(folder)) return folder;
  mkdirSync(BUILD, { recursive: true });
  const partial = mkdtempSync(`${BUILD}.partial-`);
  try {
    fill(partial);
    try {
      renameSync(partial, folder);
    } catch (error) {
      // Somebody else was faster: what is there has the same content.
      if (!existsSync(folder)) throw error;
    }
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
  return folder;
}
