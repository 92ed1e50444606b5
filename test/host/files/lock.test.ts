/**
 * Two who want one file, in every order of their steps that changes hands a few times: never do both have it, one of
 * them always gets it, and nothing stays behind.
 */
import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { lineOf } from '../../../host/files/lock.ts';
import { OutputFile } from '../../../host/files/output-file.ts';
import { deadClaim } from '../../support/claims.ts';
import { systemError, watchFiles } from '../../support/fs-calls.mjs';

/** Calls by which one can notice another. */
const STEPS = ['link', 'open', 'appendFile', 'read', 'lstat', 'close'];
/** More than one claim has of them. */
const MOST_STEPS = 12;

let folder: string;
let dead: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nlr-vqa-'));
  dead = await deadClaim();
});
after(() => rm(folder, { recursive: true }));

/** Somebody whose steps are made one at a time, when told. */
class Actor {
  static readonly current = new AsyncLocalStorage<Actor>();
  #resume: (() => void) | undefined;
  #arrived: (() => void) | undefined;
  ended = false;
  /** Whether it looked for the lock, the last time that it did, when the other had given it back. */
  lookedAfter = false;

  /** Begins work and comes back when it waits before its first step, or has ended. */
  begin(work: () => Promise<unknown>): Promise<void> {
    return this.#until(() => {
      void Actor.current.run(this, async () => {
        await work();
        this.ended = true;
        this.#arrived?.();
      });
    });
  }

  /** Waits to be told. */
  wait(): Promise<void> {
    const told = new Promise<void>((resolve) => {
      this.#resume = resolve;
    });
    this.#arrived?.();
    return told;
  }

  /** Lets one step be made, and comes back when the next one waits. */
  step(): Promise<void> {
    return this.ended ? Promise.resolve() : this.#until(() => this.#resume?.());
  }

  #until(go: () => void): Promise<void> {
    const arrived = new Promise<void>((resolve) => {
      this.#arrived = resolve;
    });
    go();
    return arrived;
  }
}

/** Whether one of the two has had the file, and has it no more. */
let returned = false;

/**
 * Lets two want a file, the steps of each taking turns.
 * @param turns how many steps each makes before it is the other's turn; after the last, each goes to its end
 * @returns how many had it
 */
async function race(path: string, turns: readonly number[]): Promise<number> {
  let having = 0;
  let had = 0;
  const errors: unknown[] = [];
  const want = async () => {
    try {
      const file = await OutputFile.claim(path);
      assert.equal(++having, 1, `both have it after turns of ${turns}`);
      had++;
      await Actor.current.getStore()?.wait();
      having--;
      file.release();
      returned = true;
    } catch (error) {
      assert.equal(
        Actor.current.getStore()?.lookedAfter,
        false,
        `refused for nobody after turns of ${turns}`,
      );
      errors.push(error);
    }
  };
  returned = false;
  const actors = [new Actor(), new Actor()];
  for (const actor of actors) await actor.begin(want);
  for (const [i, steps] of turns.entries()) {
    for (let n = 0; n < steps; n++) await (actors[i % 2] as Actor).step();
  }
  for (let i = turns.length; actors.some(({ ended }) => !ended); i++) {
    const actor = actors[i % 2] as Actor;
    while (!actor.ended) await actor.step();
  }
  for (const error of errors) assert.match(String(error), /this process is writing it already$/);
  assert.equal(had + errors.length, 2);
  return had;
}

const SCENES: Readonly<Record<string, { readonly left: string | undefined; readonly links: boolean }>> = {
  'no lock': { left: undefined, links: true },
  'the lock of a dead process': { left: 'wants', links: true },
  'no lock, and no hard links': { left: undefined, links: false },
  'the lock of a dead process, and no hard links': { left: 'wants', links: false },
};

describe('of two that want a file, one has it', () => {
  for (const [scene, { left, links }] of Object.entries(SCENES)) {
    test(scene, async (context) => {
      const stop = watchFiles(({ name }) => {
        const actor = Actor.current.getStore();
        if (actor === undefined || !STEPS.includes(name)) return undefined;
        return actor.wait().then(() => {
          if (name === 'lstat') actor.lookedAfter = returned;
          if (name === 'link' && !links) throw systemError('EPERM');
        });
      });
      const wins = [0, 0, 0];
      try {
        for (let a = 0; a <= MOST_STEPS; a++) {
          for (let b = 0; b <= MOST_STEPS; b++) {
            for (let c = 0; c <= MOST_STEPS; c += 3) {
              const place = await mkdtemp(join(folder, 'race-'));
              if (left !== undefined) await writeFile(join(place, '.model.lock'), lineOf('wants', dead));
              const had = await race(join(place, 'model'), [a, b, c]);
              assert.ok(had > 0, `nobody has it after turns of ${[a, b, c]}`);
              wins[had]++;
              assert.deepEqual(await readdir(place), [], `turns of ${[a, b, c]}`);
            }
          }
        }
      } finally {
        stop();
      }
      context.diagnostic(`${wins[1]} times one, ${wins[2]} times one after the other`);
      assert.ok(wins[1] > 0 && wins[2] > 0);
    });
  }
});
