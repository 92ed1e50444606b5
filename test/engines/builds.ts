/** The builds that the conformance runner compares, and the scripts that they run. */
import { Status } from '../../assembly/abi/codes.ts';
import { COMMON } from './cases.ts';
import { FAMILY } from './cases-family.ts';
import { LAID_OUT } from './cases-laid-out.ts';
import { NOISE } from './cases-noise.ts';
import { RIVALS } from './cases-rivals.ts';
import type { Case } from './script.ts';

/** A build of the core. */
export interface Build {
  readonly name:
    'release' | 'device' | 'device-fast' | 'device-f32' | 'device-columns-f32' | 'device-fast-f32';
  /** Its module, from the root of the repository. */
  readonly module: string;
  readonly reals: 'f64' | 'f32';
  /** Whether it has all engines, so that it runs the cases for them too. */
  readonly all: boolean;
  readonly simd: boolean;
}

export const BUILDS: readonly Build[] = [
  { name: 'release', module: 'build/core.wasm', reals: 'f64', all: true, simd: true },
  { name: 'device', module: 'build/core.device.wasm', reals: 'f64', all: false, simd: false },
  { name: 'device-fast', module: 'build/core.device-fast.wasm', reals: 'f64', all: true, simd: false },
  { name: 'device-f32', module: 'build/core.device-f32.wasm', reals: 'f32', all: false, simd: false },
  {
    name: 'device-columns-f32',
    module: 'build/core.device-columns-f32.wasm',
    reals: 'f32',
    all: false,
    simd: false,
  },
  {
    name: 'device-fast-f32',
    module: 'build/core.device-fast-f32.wasm',
    reals: 'f32',
    all: true,
    simd: false,
  },
];

/** A list of cases that runs on a build as one script. */
export interface List {
  readonly name: 'common' | 'all engines' | 'family' | 'rivals' | 'noise';
  readonly cases: readonly Case[];
  /** The statuses that its transcripts must show. */
  readonly statuses: readonly Status[];
}

/** Statuses that only the builds with all engines return: the caller is asked there alone, samples have
 * weights, and what a loss needs of an observable is checked. */
const OF_ALL = [Status.Asked, Status.BadCounts, Status.BadWeight, Status.BadObservable];

/** What noisy circuits alone return. */
const OF_NOISE = [Status.NoisyCircuit, Status.BadReadout];

/** What only the two smallest modules return, which run no list of their own. */
export const OF_NONE: readonly Status[] = [Status.BadAngle];

const STATUSES = Object.values(Status).filter((status): status is Status => typeof status === 'number');

export const LISTS: readonly List[] = [
  {
    name: 'common',
    cases: COMMON,
    statuses: STATUSES.filter((status) => ![...OF_ALL, ...OF_NOISE, ...OF_NONE].includes(status)),
  },
  { name: 'all engines', cases: LAID_OUT, statuses: OF_ALL },
  // Rules of one build, which runs on every engine with SIMD.
  { name: 'family', cases: FAMILY, statuses: [] },
  { name: 'rivals', cases: RIVALS, statuses: [] },
  { name: 'noise', cases: NOISE, statuses: OF_NOISE },
];

/** Lists of what the release module alone has. */
const OF_RELEASE: readonly List['name'][] = ['family', 'rivals', 'noise'];

/** Whether a build runs a list. */
export const runs = (build: Build, { name }: List): boolean =>
  OF_RELEASE.includes(name) ? build.name === 'release' : build.all || name === 'common';
