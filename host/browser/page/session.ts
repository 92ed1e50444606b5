/** A race as the page knows it: opened whenever the settings that decide it change, then run, paused, stepped and asked. */
import { FIELDS, type Group } from '../settings/fields.ts';
import type { FieldValues, OwnTable, Settings } from '../settings/settings.ts';
import type { Batch, Opened, Surface } from '../work/messages.ts';
import type { Variance } from '../work/plateau.ts';
import type { Progress } from '../work/problems.ts';
import { type Client, startWorker } from './client.ts';
import { ArmRecord } from './record.ts';
import { store } from './store.ts';

/** What a race is doing. */
export type Phase = 'opening' | 'ready' | 'running' | 'paused' | 'over' | 'failed';

/** Milliseconds that settings rest before a race is laid out by them. */
const REST_MS = 120;

/** Groups of settings that do not decide a race. */
const OTHERS: readonly Group[] = ['problem', 'cave', 'slice', 'device'];

/** What decides a race, as one text. */
function decisive({ view: _, ...settings }: Settings): string {
  const kept = Object.entries(settings).filter(
    ([key]) => !OTHERS.includes(FIELDS[key as keyof FieldValues]?.group ?? 'data'),
  );
  return JSON.stringify(kept);
}

/** The session of a page. */
export class Session {
  readonly phase = store<Phase>('opening');
  readonly opened = store<Opened | undefined>(undefined);
  /** What went wrong, as a sentence. */
  readonly failure = store<string | undefined>(undefined);
  readonly surface = store<Surface | undefined>(undefined);
  readonly focused = store(0);
  /** Counts the batches: what is drawn from the records is drawn again with it. */
  readonly beat = store(0);
  arms: readonly ArmRecord[] = [];
  /** Steps a second; 0: as many as there is time for. */
  readonly pace = store(60);

  readonly client: Client;
  readonly #variance = store<Variance | undefined>(undefined);
  readonly #progress = store<Progress | undefined>(undefined);
  #race = 0;
  #key = '';
  #table: OwnTable | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #waiting: (() => void)[] = [];

  constructor() {
    this.client = startWorker({
      batch: (batch) => this.#take(batch),
      progress: (progress) => this.#progress.set(progress),
      variance: (variance) => this.#variance.set(variance),
      ended: (sentence) => this.#fail(sentence),
    });
  }

  /** Tells what comes of a problem. @returns what ends it */
  onProgress(look: (progress: Progress) => void): () => void {
    return this.#progress.watch((progress) => progress && look(progress));
  }

  /** Tells the variances. @returns what ends it */
  onVariance(look: (variance: Variance) => void): () => void {
    return this.#variance.watch((variance) => variance && look(variance));
  }

  #fail(sentence: string): void {
    this.failure.set(sentence);
    this.phase.set('failed');
  }

  #take({ race, running, arms, surface }: Batch): void {
    if (race !== this.#race) return;
    arms.forEach(({ columns, standing }, i) => this.arms[i]?.add(columns, standing));
    if (surface) this.surface.set(surface);
    const over = this.arms.every(({ standing }) => standing?.finished);
    const made = this.arms.some(({ length }) => length > 0);
    if (this.phase.get() !== 'opening')
      this.phase.set(running ? 'running' : over ? 'over' : made ? 'paused' : 'ready');
    this.beat.set(this.beat.get() + 1);
  }

  /** Lays a race out anew where these settings decide another one. @param table of the user's own */
  follow(settings: Settings, table: OwnTable | undefined): void {
    const key = decisive(settings);
    if (key === this.#key && table === this.#table) return;
    [this.#key, this.#table] = [key, table];
    // From here on the old race is no longer the one that is asked for, and may have fewer rules.
    this.#race++;
    this.phase.set('opening');
    this.arms = settings.arms.map(() => new ArmRecord());
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.open(settings, table), REST_MS);
  }

  /** Lays a race out. */
  async open(settings: Settings, table: OwnTable | undefined): Promise<void> {
    const race = ++this.#race;
    this.phase.set('opening');
    this.failure.set(undefined);
    this.surface.set(undefined);
    this.arms = settings.arms.map(() => new ArmRecord());
    this.focused.set(Math.min(this.focused.get(), settings.arms.length - 1));
    try {
      const opened = await this.client.open(race, settings, table);
      if (race !== this.#race) return;
      this.opened.set(opened);
      this.phase.set('ready');
      this.beat.set(this.beat.get() + 1);
    } catch (error) {
      if (race !== this.#race) return;
      this.opened.set(undefined);
      this.#fail((error as Error).message);
    } finally {
      for (const go of this.#waiting.splice(0)) go();
    }
  }

  /** When the race that is being laid out is there. */
  async settled(): Promise<void> {
    // One that was given up on the way says so too.
    while (this.phase.get() === 'opening') await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  async run(): Promise<void> {
    await this.settled();
    if (this.phase.get() === 'failed' || this.phase.get() === 'over') return;
    this.phase.set('running');
    await this.client.run(this.pace.get());
  }

  async pause(): Promise<void> {
    await this.client.pause();
  }

  async step(): Promise<void> {
    await this.settled();
    await this.client.step();
  }

  async focus(arm: number): Promise<void> {
    this.focused.set(arm);
    await this.client.focus(arm);
  }
}
