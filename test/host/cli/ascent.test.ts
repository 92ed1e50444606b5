/** `train --ascent`: whether the steps went uphill, by the built program. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { TrainingResult } from '../../../host/cli/training/result.ts';
import type { SeedsResult } from '../../../host/cli/training/seeds-result.ts';
import { signalledAt, Workshop } from '../../support/cli-process.ts';

let shop: Workshop;
const paper = ['train', '--preset', 'paper', '--steps', '30'];

before(async () => {
  shop = await Workshop.open();
});
after(() => shop.close());

const json = async <T>(...args: string[]) => (await shop.json([...paper, ...args])) as unknown as T;

test('adds a record a step and changes nothing else', async () => {
  // From this seed on the alarm is raised.
  const plain = await json<TrainingResult>('--seed', '2');
  const { ascent, warnings, ...rest } = await json<TrainingResult>('--ascent', '--seed', '2');
  assert.equal(plain.ascent, undefined);
  assert.equal(rest.trace, plain.trace);
  assert.deepEqual(
    Object.keys(rest).sort(),
    Object.keys(plain)
      .filter((key) => key !== 'warnings')
      .sort(),
  );
  const { series = [], ...last } = ascent ?? {};
  assert.deepEqual(
    series.map(({ step }) => step),
    Array.from({ length: 30 }, (_, i) => i + 1),
  );
  assert.deepEqual(series.at(-1), last);
  const products = series.map(({ product }) => product);
  assert.ok(
    Math.abs(products.reduce((sum, product) => sum + product, 0) / 30 - series[29].meanProduct) < 1e-12,
  );
  assert.equal(series.filter(({ violated }) => violated).length, Math.round(30 * plain.violationRate));
  assert.equal(series[29].alarm.rate, plain.alarm);
  // Where the alarm was raised, what was measured is said instead of what could be.
  const alarms = warnings.filter((text) => text.includes('in rate'));
  assert.equal(alarms.length, 1);
  assert.match(alarms[0], /; measured, the mean step went (up|down)hill$/);
});

test('is told in the terminal, both lines of it', async () => {
  const { stdout } = await shop.run([...paper, '--ascent']);
  assert.match(stdout, /^mean step \. grad L +-?0\.\d+, (up|down)hill, over 30 steps$/m);
  assert.match(
    stdout,
    /^violations turn +the mean signed rate at 33\.3 %, the mean step at \d+\.\d % \(r = 0\.\d+\)$/m,
  );
  assert.match(stdout, /^looking took +960 circuit evaluations, exact$/m);
  const adam = await shop.run(['train', '--steps', '5', '--shots', 'exact', '--ascent']);
  assert.match(adam.stdout, /^mean step \. grad L/m);
  assert.doesNotMatch(adam.stdout, /violations turn/);
});

test('looks at every seed', async () => {
  const { seeds, warnings } = await json<SeedsResult>('--ascent', '--seeds', '2');
  const single = await json<TrainingResult>('--ascent', '--seed', '2');
  const { series: _, ...last } = single.ascent ?? {};
  assert.deepEqual(seeds[1].ascent, last);
  assert.ok(!warnings.some((text) => text.includes('--ascent measures')));
  const plain = await json<SeedsResult>('--seeds', '2');
  assert.equal(plain.seeds[0].ascent, undefined);
  assert.ok(plain.seeds.some(({ alarm }) => alarm));
  assert.match(`${plain.warnings}`, /--ascent measures$/);
});

test('looks at what a resumed run has left, and goes on with that by itself', async () => {
  const { ascent, trace } = await json<TrainingResult>('--ascent');
  for (const [flags, again] of [
    [[], ['--ascent']],
    [['--ascent'], []],
  ]) {
    const checkpoint = ['--checkpoint', 'run.nlrvqa', '--every', '1'];
    const { code, stderr } = await shop.run([...paper, ...flags, ...checkpoint], signalledAt(60, 'SIGINT'));
    assert.equal(code, 130, stderr);
    const { step: done } = (await shop.json(['inspect', 'run.nlrvqa'])) as { step: number };
    assert.ok(done > 0 && done < 30, `interrupted after step ${done}`);
    const resumed = await shop.json(['train', '--resume', 'run.nlrvqa', ...again]);
    assert.equal(resumed.trace, trace);
    const { series } = resumed.ascent as NonNullable<TrainingResult['ascent']>;
    assert.deepEqual(
      series.map(({ step }) => step),
      Array.from({ length: 30 - done }, (_, i) => done + 1 + i),
    );
    assert.deepEqual(
      series.map(({ product }) => product),
      ascent?.series.slice(done).map(({ product }) => product),
    );
  }
});
