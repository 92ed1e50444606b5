/**
 * Training that is killed without warning, at random moments and at every change it makes to the file system:
 * the checkpoint is never damaged and never goes back, and the run ends with the trace of an uninterrupted one.
 *
 * NLR_KILLS=1000 kills at so many random moments instead of 75.
 */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { unpackContainer } from '../../host/files/container.ts';
import { clusters, lasting, resultOf, type Running, signalledAt, Workshop } from '../support/cli-process.ts';
import * as oracle from '../support/oracle/index.ts';

const SEED = 1022;
const KILLS = Number(process.env.NLR_KILLS ?? 75);
/** More than most runs get through before their last kill. */
const STEPS = 100 * KILLS;
/** Where a checkpoint image keeps the steps done, and where its header says how long it is. */
const STEP_AT = 24;
const LENGTH_AT = 8;

let shop: Workshop;

before(async () => {
  shop = await Workshop.open();
  await shop.write('data.csv', clusters(['a', 'b', 'c'], 60));
});
after(() => shop.close());

function train(steps: number): string[] {
  const data = ['--csv', 'data.csv', '--label', 'kind', '--layers', '1', '--batch', '4'];
  return ['train', ...data, '--steps', String(steps), '--shots', '20', '--json', '--quiet'];
}

/** The steps that a checkpoint has behind it; undefined without a file. Fails for a file that is damaged. */
function stepsIn(name: string): number | undefined {
  if (!existsSync(shop.path(name))) return undefined;
  const { images } = unpackContainer(readFileSync(shop.path(name)), name);
  assert.equal(images.length, 1);
  const image = images[0] as Uint8Array;
  const view = new DataView(image.buffer, image.byteOffset, image.byteLength);
  assert.equal(view.getUint32(LENGTH_AT, true), image.length);
  return view.getFloat64(STEP_AT, true);
}

/** A killed run may leave the file behind that it was writing, and its lock. The next run takes both away. */
function assertTidy(files: readonly string[]): void {
  const found = readdirSync(shop.folder).filter((name) => !files.includes(name));
  assert.ok(found.length <= 2, `${found}`);
  for (const name of found) assert.match(name, /^\..*\.(lock|partial)$/);
}

/** Waits until a checkpoint has some steps behind it or the process has ended. */
async function reached({ finished }: Running, name: string, steps: number): Promise<void> {
  let ended = false;
  finished.then(() => {
    ended = true;
  });
  while (!ended && (stepsIn(name) ?? 0) < steps) await sleep(2);
}

describe('kill -9', () => {
  it(`at ${KILLS} random moments`, async (context) => {
    const rng = oracle.seededRng(SEED);
    const expected = lasting(resultOf(await shop.run(train(STEPS))));
    const file = 'random.nlrvqa';
    const flags = ['--checkpoint', file, '--every', '1'];
    const resume = ['train', '--resume', file, '--json', '--quiet'];
    let steps: number | undefined;
    for (let kills = 0; kills < KILLS;) {
      const args = steps === undefined ? [...train(STEPS), ...flags] : [...resume, '--every', '1'];
      // Most of them while checkpoints are written as fast as they can be, some of them while starting.
      const starting = rng() < 0.2;
      const running = shop.start(args, starting ? signalledAt(oracle.randomInteger(rng, 40)) : undefined);
      if (!starting) {
        await reached(running, file, (steps ?? 0) + 1 + oracle.randomInteger(rng, 40));
        running.child.kill('SIGKILL');
      }
      const ended = await running.finished;
      if (ended.signal !== 'SIGKILL') {
        // It was done before the signal came: on to the next run.
        assert.deepEqual(lasting(resultOf(ended)), expected);
        await rm(shop.path(file));
        steps = undefined;
        continue;
      }
      kills++;
      const found = stepsIn(file);
      assert.ok((found ?? 0) >= (steps ?? 0), `seed ${SEED}, kill ${kills}: from ${steps} back to ${found}`);
      assertTidy(['data.csv', file]);
      steps = found;
    }
    context.diagnostic(`seed ${SEED}: ${KILLS} kills, the last one after step ${steps} of ${STEPS}`);
    const last = await shop.run(steps === undefined ? train(STEPS) : [...resume, '--every', String(STEPS)]);
    assert.deepEqual(lasting(resultOf(last)), expected);
  });

  it('at every change to the file system, with half of the bytes written', async (context) => {
    const run = train(10);
    const expected = lasting(resultOf(await shop.run(run)));
    let kills = 0;
    const seen = new Set<number>();
    for (let more = true; more;) {
      const file = `change-${kills}.nlrvqa`;
      const out = `model-${kills}.nlrvqa`;
      const flags = ['--checkpoint', file, '--every', '5', '--out', out];
      const ended = await shop.run([...run, ...flags], signalledAt(kills));
      more = ended.signal === 'SIGKILL';
      const steps = stepsIn(file);
      if (existsSync(shop.path(out))) unpackContainer(readFileSync(shop.path(out)), out);
      if (more) {
        kills++;
        seen.add(steps ?? 0);
        const again =
          steps === undefined
            ? [...run, ...flags]
            : ['train', '--resume', file, '--out', out, '--json', '--quiet'];
        const found = await shop.run(again);
        assert.deepEqual(lasting(resultOf(found)), expected, `killed at change ${kills - 1}`);
      } else {
        assert.deepEqual(lasting(resultOf(ended)), expected);
      }
      assert.equal(stepsIn(file), 10);
      unpackContainer(readFileSync(shop.path(out)), out);
    }
    context.diagnostic(`${kills} kills`);
    assert.deepEqual([...seen].sort(), [0, 10, 5]);
    assert.ok(kills > 20, `${kills}`);
  });
});
