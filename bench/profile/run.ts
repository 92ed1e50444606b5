/**
 * Where the time of a step goes, by the functions of the core as the release build has them, inlined ones with those
 * that they are in; and how many floating-point operations a step takes, counted. Shares move by a point or two from
 * run to run; how busy the machine is does not move them. Records bench/results/profile.json.
 *
 *   npm run bench:profile
 */
import { writeFileSync } from 'node:fs';
import type { ModelOptions, TrainingOptions } from '../../host/api/options.ts';
import type { ProfileFinding } from '../results/profile.ts';
import { loadBuilds, path } from '../speed/builds.ts';
import type { OperationCounter } from '../speed/operations.ts';
import { Subject } from '../speed/subject.ts';
import { namedModule } from './named.ts';
import { sharesOf } from './shares.ts';

/** A step to look into. */
interface Work {
  readonly title: string;
  readonly model: Partial<ModelOptions>;
  readonly training: TrainingOptions;
}

const RECOMMENDED: Partial<ModelOptions> = {
  ...{ qubits: 4, features: 16, observable: 'all-z', head: 'linear', loss: 'bce' },
};

const WORKS: readonly Work[] = [
  { title: 'exact, d = 8, B = 32, heisenberg', model: {}, training: { engine: 'heisenberg' } },
  { title: 'exact, d = 8, B = 32, columns', model: {}, training: { engine: 'columns' } },
  { title: 'exact, d = 8, B = 32, samples', model: {}, training: { engine: 'samples' } },
  {
    title: '1000 shots, d = 8, B = 32, heisenberg',
    model: {},
    training: { engine: 'heisenberg', shots: 1000, gradient: 'parameter-shift' },
  },
  {
    title: 'recommended model, 32 f0 shots, one a sign',
    model: RECOMMENDED,
    training: { rule: 'adam', shots: 32, displacedShots: 1, gradient: 'parameter-shift' },
  },
];

/** Steps before the first look, and how long the looks last. */
const WARM_UP = 300;
const MILLISECONDS = 4000;

/** Shares below this are left out. */
const LEAST_SHARE = 0.01;

const { counting } = await loadBuilds();
const named = { wasm: await namedModule() };
const rows: ProfileFinding[] = [];
for (const { title, model, training } of WORKS) {
  const counted = await Subject.create(counting, model, training);
  const counter = counted.core.abi as unknown as OperationCounter;
  counted.step();
  const before = counter.operations();
  counted.step();
  const operations = counter.operations() - before;
  const subject = await Subject.create(named, model, training);
  for (let i = 0; i < WARM_UP; i++) subject.step();
  const shares = [...(await sharesOf(subject.step, MILLISECONDS))]
    .filter(([name, share]) => name.startsWith('assembly/') && share >= LEAST_SHARE)
    .map(([name, share]) => ({ name: name.replace('assembly/', ''), share: Number(share.toFixed(3)) }))
    .sort((a, b) => b.share - a.share);
  rows.push({ title, operations, shares });
  const dearest = shares.slice(0, 3).map(({ name, share }) => `${name} ${(100 * share).toFixed(0)} %`);
  process.stdout.write(`${title}: ${operations} operations; ${dearest.join(', ')}\n`);
}
writeFileSync(path('bench/results/profile.json'), `${JSON.stringify({ rows })}\n`);
