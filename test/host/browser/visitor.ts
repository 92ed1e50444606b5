/** A visitor of the lab page, in a real browser: what is there, pressed, typed, brought and saved. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser as Running, launch, type Page } from 'puppeteer-core';
import { serveFolder } from '../../../host/build/file-server.mjs';
import { firstOf, ROOT } from '../../engines/engine.ts';
import { type Browser, CHROMIUM_PROGRAM, FIREFOX_PROGRAM } from '../../engines/engines-browser.ts';

/** Longest that anything on the page may take, milliseconds: a busy machine is no fault of the page. */
const PATIENCE = 60000;

/** A browser that there may be. */
export interface Visited {
  readonly name: string;
  readonly needs: string;
  readonly program: string | undefined;
}
const visited = ({ name, needs, programs }: Browser): Visited => ({
  name,
  needs,
  program: firstOf(...programs),
});

/** The browsers that the page is tested in. */
export const BROWSERS: readonly Visited[] = [visited(CHROMIUM_PROGRAM), visited(FIREFOX_PROGRAM)];

/** Starts a browser whose downloads go into a folder. */
export async function start({ name, program }: Visited, downloads: string): Promise<Running> {
  const isFirefox = name === 'Firefox';
  return launch({
    browser: isFirefox ? 'firefox' : 'chrome',
    executablePath: program,
    headless: true,
    // The sandbox wants rights that containers do not give; the page is our own.
    args: isFirefox ? [] : ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
    ...(isFirefox ? {} : { downloadBehavior: { policy: 'allow', downloadPath: downloads } }),
    extraPrefsFirefox: {
      'browser.download.dir': downloads,
      'browser.download.folderList': 2,
      'browser.download.useDownloadDir': true,
      'browser.download.alwaysOpenPanel': false,
      'browser.helperApps.neverAsk.saveToDisk':
        'application/octet-stream,text/plain,text/csv,image/png,application/zip',
    },
  });
}

/** Waits for something to be so. @param what for the message @throws Error when it never is */
export async function until<T>(what: string, found: () => Promise<T | undefined | false>): Promise<T> {
  const end = Date.now() + PATIENCE;
  for (;;) {
    const value = await found();
    if (value !== undefined && value !== false) return value;
    if (Date.now() > end) throw new Error(`it never came to this: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** A browser with the page served to it. */
export class Visitor {
  /** What the page has complained of. */
  readonly complaints: string[] = [];

  private constructor(
    readonly browser: Running,
    readonly page: Page,
    readonly address: string,
    /** Takes the network away. */
    readonly disconnect: () => void,
    readonly downloads: string,
  ) {}

  /** Starts a browser and a server of the built page. */
  static async come(which: Visited): Promise<Visitor> {
    const { address, close } = await serveFolder(`${ROOT}dist/lab/`);
    const downloads = mkdtempSync(join(tmpdir(), 'nlr-vqa-lab-'));
    const browser = await start(which, downloads);
    const page = await browser.newPage();
    const visitor = new Visitor(browser, page, address, close, downloads);
    // Firefox complains of what it was still loading when one goes elsewhere.
    const isGivenUp = (complaint: string) => complaint.includes('ServiceWorker intercepted the request');
    const take = (complaint: string) => isGivenUp(complaint) || visitor.complaints.push(complaint);
    page.on('pageerror', (error) => take(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') take(message.text());
    });
    return visitor;
  }

  /** Opens a link anew. */
  async open(link: string): Promise<void> {
    await this.page.goto('about:blank');
    await this.page.goto(this.address + link);
    await until('the page is there', () => this.has('main'));
  }

  has(selector: string): Promise<boolean> {
    return this.page.evaluate((wanted) => document.querySelector(wanted) !== null, selector);
  }

  /** The text of the first element of a kind; '' without one. */
  text(selector: string): Promise<string> {
    return this.page.evaluate(
      (wanted) => document.querySelector(wanted)?.textContent?.trim() ?? '',
      selector,
    );
  }

  /** Presses the button that is called so, as the keyboard does. */
  async press(name: string): Promise<void> {
    await until(`a button ${name}`, () =>
      this.page.evaluate((wanted) => {
        const buttons = [...document.querySelectorAll('button')];
        const found = buttons.find((each) => each.textContent?.trim() === wanted && !each.disabled);
        found?.click();
        return found !== undefined;
      }, name),
    );
  }

  /** Chooses or types the value of a field by its label. */
  async set(label: string, value: string): Promise<void> {
    await this.page.evaluate(
      (wanted, text) => {
        const labelled = [...document.querySelectorAll('label')].find(
          (each) => each.textContent?.trim() === wanted,
        );
        const field =
          document.querySelector(`[aria-label="${wanted}"]`) ??
          document.getElementById(labelled?.htmlFor ?? '');
        if (!(field instanceof HTMLInputElement || field instanceof HTMLSelectElement))
          throw new Error(`no field ${wanted}`);
        field.value = text;
        field.dispatchEvent(new Event('change', { bubbles: true }));
      },
      label,
      value,
    );
  }

  /** Types into a field without an id, by the text of its label, within the first element of a kind. */
  async setWithin(selector: string, label: string, value: string): Promise<void> {
    await this.page.evaluate(
      (within, wanted, text) => {
        const labels = [...(document.querySelector(within)?.querySelectorAll('label') ?? [])];
        const field = labels.find((each) => each.textContent?.trim() === wanted)?.querySelector('input');
        if (!field) throw new Error(`no field ${wanted}`);
        field.value = text;
        field.dispatchEvent(new Event('change', { bubbles: true }));
      },
      selector,
      label,
      value,
    );
  }

  /** The middle of the first element of a kind, brought into view. */
  middleOf(selector: string): Promise<{ x: number; y: number }> {
    return this.page.evaluate((wanted) => {
      const found = document.querySelector(wanted);
      found?.scrollIntoView({ block: 'center' });
      const { x = 0, y = 0, width = 0, height = 0 } = found?.getBoundingClientRect() ?? {};
      return { x: x + width / 2, y: y + height / 2 };
    }, selector);
  }

  /** Waits for what a race is doing. */
  phase(wanted: string): Promise<unknown> {
    return until(`the race is ${wanted}`, async () => (await this.text('.phase')) === wanted);
  }

  /** Hashes of all rules' runs so far. */
  traces(): Promise<string[]> {
    return this.page.evaluate(() =>
      [...document.querySelectorAll('[data-trace]')].map((each) => each.textContent ?? ''),
    );
  }

  /** Steps made. */
  async steps(): Promise<number> {
    return Number.parseInt(await this.text('output'), 10);
  }

  /** Gives a file to the page. */
  async bring(name: string, text: string): Promise<void> {
    await this.page.evaluate(
      (file, content) => {
        const moved = new DataTransfer();
        moved.items.add(new File([content], file, { type: 'text/csv' }));
        dispatchEvent(new DragEvent('drop', { dataTransfer: moved, bubbles: true, cancelable: true }));
      },
      name,
      text,
    );
  }

  /** What has been saved under a name, when it is whole. */
  saved(name: string): Promise<Buffer> {
    return until(`${name} is saved`, async () => {
      const names = readdirSync(this.downloads);
      if (!names.includes(name) || names.some((each) => /\.(crdownload|part)$/.test(each))) return undefined;
      const bytes = readFileSync(join(this.downloads, name));
      return bytes.length > 0 && bytes;
    });
  }

  async leave(): Promise<void> {
    await this.browser.close();
    this.disconnect();
    rmSync(this.downloads, { recursive: true, force: true, maxRetries: 5 });
  }
}
