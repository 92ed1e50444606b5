/** workerd, the runtime of Cloudflare's workers: the interpreter answers requests, its modules are bound. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync } from 'node:fs';
import { basename } from 'node:path';
import type { Readable } from 'node:stream';
import { BUILDS } from './builds.ts';
import { type Engine, firstOf, HERE, INSTALLED, output, ROOT, type Task } from './engine.ts';

const SERVED = `${INSTALLED}workerd/`;

/** Starts workerd on a configuration, at a free port, which it says on a pipe of its own. */
export async function serve(workerd: string, configuration: string) {
  const child = spawn(workerd, ['serve', configuration, '--socket-addr=http=127.0.0.1:0', '--control-fd=3'], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stderr?.on('data', (text) => (errors += text));
  const ended = once(child, 'exit').then(() =>
    Promise.reject(new Error(`workerd ended: ${errors.slice(-2000)}`)),
  );
  // Nobody waits for the end of a server that has answered.
  ended.catch(() => {});
  const [said] = await Promise.race([once(child.stdio[3] as Readable, 'data'), ended]);
  const { port } = JSON.parse(String(said).split('\n')[0]) as { port: number };
  return { address: `http://127.0.0.1:${port}/`, stop: () => child.kill('SIGKILL') };
}

/** Where workerd is, if it is there. */
export function findWorkerd(): string | undefined {
  return firstOf(`${INSTALLED}npm/node_modules/@cloudflare/workerd-linux-64/bin/workerd`, 'workerd');
}

async function run(workerd: string, tasks: readonly Task[]): Promise<string[]> {
  mkdirSync(SERVED, { recursive: true });
  for (const name of ['worker.capnp', 'worker.js', 'transcript.js']) copyFileSync(HERE + name, SERVED + name);
  for (const { module } of BUILDS) copyFileSync(ROOT + module, SERVED + basename(module));
  const { address, stop } = await serve(workerd, `${SERVED}worker.capnp`);
  try {
    const transcripts: string[] = [];
    for (const { module, text } of tasks) {
      const response = await fetch(address + basename(module), { method: 'POST', body: text });
      if (!response.ok) throw new Error(`${basename(module)}: ${response.status} ${await response.text()}`);
      transcripts.push(await response.text());
    }
    return transcripts;
  } finally {
    stop();
  }
}

export const WORKERD: Engine = {
  name: 'workerd',
  needs: 'bash test/engines/install.sh',
  async find() {
    const program = findWorkerd();
    if (program === undefined) return undefined;
    return { version: (await output(program, ['--version'])).trim(), run: (tasks) => run(program, tasks) };
  },
};
