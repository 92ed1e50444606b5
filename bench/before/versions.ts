/** The two versions that are raced in one process: each its own host, its own core, its own package. */
import { pathToFileURL } from 'node:url';
import { loadBuilds, path, type Builds } from '../speed/builds.ts';
import { Subject } from '../speed/subject.ts';
import { checkOut, makeReady } from './checkout.ts';

/** What the bars call today's: the commit that everything since is held against. */
export const COMMIT = 'cb67d5b8191f333e4ff0dfedd3d3a023ba0bad86';

/** One version of the project. */
export interface Version {
  readonly name: 'before' | 'now';
  /** The top of its tree, with a slash at the end. */
  readonly root: string;
  /** Makes models in its cores, by its host. */
  readonly subjects: Pick<typeof Subject, 'create'>;
  readonly builds: Builds;
  /** The library as it is published. */
  readonly library: typeof import('../../host/index.ts');
  /** What `npm run budgets` times a first prediction with. */
  readonly firstPrediction: string;
}

/** Before, and now. */
export interface Both<T> {
  readonly before: T;
  readonly now: T;
}

/** Does the same with both versions, one after the other. */
export async function both<T>(
  versions: Both<Version>,
  make: (version: Version) => T | Promise<T>,
): Promise<Both<T>> {
  return { before: await make(versions.before), now: await make(versions.now) };
}

const imported = <T>(file: string) => import(pathToFileURL(file).href) as Promise<T>;

/** The tree as it is, built. */
async function currentVersion(): Promise<Version> {
  const root = path('');
  return {
    name: 'now',
    root,
    subjects: Subject,
    builds: await loadBuilds(),
    library: await imported(`${root}dist/index.js`),
    firstPrediction: `${root}bench/budgets/first-prediction.mjs`,
  };
}

/** `COMMIT`, checked out and built below build/. @throws Error when the repository does not have it */
async function earlierVersion(tell: (text: string) => void): Promise<Version> {
  const folder = path(`build/before/${COMMIT.slice(0, 7)}`);
  await checkOut(path(''), folder, COMMIT);
  await makeReady(path(''), folder, tell);
  const { loadBuilds: loadOthers } = await imported<typeof import('../speed/builds.ts')>(
    `${folder}/bench/speed/builds.ts`,
  );
  const { Subject: Earlier } = await imported<typeof import('../speed/subject.ts')>(
    `${folder}/bench/speed/subject.ts`,
  );
  return {
    name: 'before',
    root: `${folder}/`,
    subjects: Earlier,
    builds: await loadOthers(),
    library: await imported(`${folder}/dist/index.js`),
    firstPrediction: `${folder}/bench/first-prediction.mjs`,
  };
}

/** Both, ready to run. @param tell is told what takes long */
export async function loadVersions(tell: (text: string) => void): Promise<Both<Version>> {
  return { before: await earlierVersion(tell), now: await currentVersion() };
}
