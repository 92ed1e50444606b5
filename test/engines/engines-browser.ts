/**
 * Browsers, headless. A page from this machine runs the interpreter and posts the transcripts back, so no
 * protocol of any browser is needed to drive it.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Engine, firstOf, HERE, output, PATIENCE, type Task } from './engine.ts';

interface Answer {
  readonly transcripts?: readonly string[];
  readonly error?: string;
}

const TYPES: Record<string, string> = { html: 'text/html', js: 'text/javascript', json: 'application/json' };

/** Serves the page and its tasks; `answered` is told what the page posts. */
function serveTasks(tasks: readonly Task[], answered: (answer: Answer) => void): Server {
  const files = new Map<string, string | Buffer>([
    ['/', readFileSync(`${HERE}page.html`)],
    ['/transcript.js', readFileSync(`${HERE}transcript.js`)],
    ['/tasks', JSON.stringify(tasks.map((_, i) => ({ module: `${i}.wasm`, script: `${i}.txt` })))],
    ...tasks.map(({ module }, i): [string, Buffer] => [`/${i}.wasm`, readFileSync(module)]),
    ...tasks.map(({ text }, i): [string, string] => [`/${i}.txt`, text]),
  ]);
  return createServer((request, response) => {
    const path = request.url ?? '/';
    if (request.method === 'POST') {
      let body = '';
      request.setEncoding('utf8').on('data', (text) => (body += text));
      request.on('end', () => {
        response.end();
        answered(JSON.parse(body) as Answer);
      });
      return;
    }
    const found = files.get(path);
    const type = TYPES[path === '/' ? 'html' : (path.split('.')[1] ?? 'json')] ?? 'application/octet-stream';
    response.writeHead(found === undefined ? 404 : 200, { 'content-type': type });
    response.end(found);
  });
}

/** How to start a browser: its flags, for a profile of its own, and what goes into that. */
export interface Browser {
  readonly name: string;
  readonly programs: readonly string[];
  readonly needs: string;
  flags(profile: string): readonly string[];
  prepare?(profile: string): void;
}

/** Opens a page in a browser and waits for its answer. @param serve makes the server; it says what the page has posted */
export async function visit<T>(
  program: string,
  { flags, prepare }: Browser,
  serve: (answered: (answer: T) => void) => Server,
): Promise<T> {
  const profile = mkdtempSync(join(tmpdir(), 'nlr-vqa-browser-'));
  prepare?.(profile);
  let settle: { resolve(answer: T): void; reject(error: Error): void };
  const answer = new Promise<T>((resolve, reject) => (settle = { resolve, reject }));
  const server = serve((found) => settle.resolve(found));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  // A group of its own: browsers are many processes.
  const child = spawn(program, [...flags(profile), `http://127.0.0.1:${port}/`], {
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let errors = '';
  child.stderr.on('data', (text) => (errors += text));
  const ended = (what: string) =>
    settle.reject(new Error(`${program} ${what}: ${errors.trim().slice(-2000)}`));
  const patience = setTimeout(() => ended('did not answer'), PATIENCE);
  child.on('exit', (code) => ended(`ended with ${code}`));
  child.on('error', (error) => settle.reject(error));
  try {
    return await answer;
  } finally {
    clearTimeout(patience);
    const gone = new Promise((resolve) => child.on('close', resolve));
    if (child.pid !== undefined && child.exitCode === null) {
      process.kill(-child.pid, 'SIGKILL');
      await gone;
    }
    server.closeAllConnections();
    server.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Has a browser run tasks. */
async function runTasks(
  program: string,
  browser: Browser,
  tasks: readonly Task[],
): Promise<readonly string[]> {
  const { transcripts, error } = await visit<Answer>(program, browser, (answered) =>
    serveTasks(tasks, answered),
  );
  if (transcripts === undefined) throw new Error(error);
  return transcripts;
}

function browser(browser: Browser): Engine {
  return {
    name: browser.name,
    needs: browser.needs,
    async find() {
      const program = firstOf(...browser.programs);
      if (program === undefined) return undefined;
      const version = (await output(program, ['--version'])).trim().split('\n').at(-1) ?? browser.name;
      return {
        version: version.replace(/ built on.*/, ''),
        run: (tasks) => runTasks(program, browser, tasks),
      };
    },
  };
}

/** Chromium, and what goes by its name elsewhere. */
export const CHROMIUM_PROGRAM: Browser = {
  name: 'Chromium',
  programs: [
    'chromium',
    'chromium-browser',
    'google-chrome',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  ],
  needs: 'apt-get install chromium',
  // The sandbox wants rights that containers do not give; the page is our own.
  flags: (profile) => [
    '--headless=new',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-dev-shm-usage',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    `--user-data-dir=${profile}`,
  ],
};
export const CHROMIUM = browser(CHROMIUM_PROGRAM);

/** No pages but ours, and no questions home. */
const FIREFOX_PREFERENCES = `
user_pref('browser.aboutwelcome.enabled', false);
user_pref('browser.shell.checkDefaultBrowser', false);
user_pref('datareporting.policy.dataSubmissionEnabled', false);
user_pref('app.normandy.enabled', false);
user_pref('network.captive-portal-service.enabled', false);
user_pref('network.connectivity-service.enabled', false);
`;

/** Firefox. */
export const FIREFOX_PROGRAM: Browser = {
  name: 'Firefox',
  programs: ['firefox-esr', 'firefox', '/Applications/Firefox.app/Contents/MacOS/firefox'],
  needs: 'apt-get install firefox-esr',
  flags: (profile) => ['--headless', '--no-remote', '--profile', profile],
  prepare: (profile) => writeFileSync(join(profile, 'user.js'), FIREFOX_PREFERENCES),
};
export const FIREFOX = browser(FIREFOX_PROGRAM);
