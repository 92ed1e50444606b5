/** What the conformance runner knows about an engine, and how it starts other programs. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Build, List } from './builds.ts';

/** The repository. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Where the engines are installed that are no programs of the system: see install.sh. */
export const INSTALLED = `${ROOT}build/engines/`;
/** This folder. */
export const HERE = fileURLToPath(new URL('.', import.meta.url));

/** A script to run on a build. */
export interface Task {
  readonly build: Build;
  readonly list: List;
  /** File of the module. */
  readonly module: string;
  /** File of the script, and its text. */
  readonly script: string;
  readonly text: string;
}

/** An engine that is there. */
export interface Present {
  /** What it says that it is. */
  readonly version: string;
  /** Transcripts of the tasks, in their order. */
  run(tasks: readonly Task[]): Promise<readonly string[]>;
}

/** A row of the matrix. */
export interface Engine {
  readonly name: string;
  /** What to install when it is missing. */
  readonly needs: string;
  /** Why it does not run a build; undefined where it does. */
  refuses?(build: Build): string | undefined;
  /** Looks for it; undefined when it is not there. */
  find(): Promise<Present | undefined>;
}

/** How long an engine may take for all of its tasks, milliseconds. */
export const PATIENCE = 600_000;

/** Runs a program. @returns what it wrote to stdout @throws when it fails, with what it wrote to stderr */
export function output(program: string, args: readonly string[], patience = PATIENCE): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'], timeout: patience });
    let [out, err] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text) => (err += text));
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code === 0) resolve(out);
      else reject(new Error(`${program} ended with ${signal ?? code}: ${err.trim().slice(-2000)}`));
    });
  });
}

/** The first of these files that is there, or program of these names that is on the path. */
export function firstOf(...candidates: readonly string[]): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return candidates
    .flatMap((name) => (name.includes('/') ? [name] : folders.map((folder) => `${folder}/${name}`)))
    .find((path) => existsSync(path));
}

/** The transcripts in the output of a program that prints `module MODULE` before each. */
export function separated(text: string): string[] {
  return text
    .trimEnd()
    .split(/^module .*\n/m)
    .slice(1)
    .map((part) => part.trimEnd());
}

/** The arguments of a program that takes MODULE SCRIPT pairs. */
export function pairs(tasks: readonly Task[]): string[] {
  return tasks.flatMap(({ module, script }) => [module, script]);
}
