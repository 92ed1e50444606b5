/** The files for schedulers, as the package has them, run a comparison in parts whose CSV is that of one run. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, before, describe, test } from 'node:test';
import { parse } from 'yaml';
import { isThere } from '../../../host/devices/tools.ts';
import { clusters, Workshop } from '../../support/cli-process.ts';
import { needs } from '../../support/installed.ts';
import { lackingForSlurm, OneNodeSlurm } from '../../support/one-node-slurm.ts';

const dist = fileURLToPath(new URL('../../../dist/', import.meta.url));
const fileOf = (name: string) => join(dist, 'schedulers', name);
const NLR_VQA = `${process.execPath} ${join(dist, 'cli.js')}`;
const CSV = ['runs.csv', 'paired.csv', 'tuning.csv', 'curves.csv'];
const rules = [
  '--csv',
  'data.csv',
  '--label',
  'kind',
  '--layers',
  '1',
  '--rules',
  'nlr,adam',
  '--steps',
  '4',
];
const study = [...rules, '--seeds', '3'];

let shop: Workshop;
before(async () => {
  shop = await Workshop.open();
  await shop.write('data.csv', clusters(['a', 'b'], 24));
  assert.equal((await shop.run(['compare', ...study, '--out', 'whole'])).code, 0);
});
after(() => shop.close());

const csvOf = (folder: string) => CSV.map((name) => readFileSync(shop.path(join(folder, name)), 'utf8'));

test('the package has a file for each scheduler', () => {
  const names = ['kubernetes.yaml', 'parallel.sh', 'slurm.sh'];
  assert.deepEqual(readdirSync(join(dist, 'schedulers')).sort(), names);
});

describe('GNU parallel', () => {
  const run = (args: readonly string[], cwd = shop.folder) => {
    const env = { ...process.env, NLR_VQA, NLR_SHARDS: '3' };
    return spawnSync('bash', [fileOf('parallel.sh'), ...args], { cwd, env, encoding: 'utf8' });
  };

  test('runs and merges', (context) => {
    if (!needs(context, isThere('parallel') ? undefined : 'parallel')) return;
    const { status, stderr, stdout } = run([...study, '--out', 'by parallel']);
    assert.equal(status, 0, stderr);
    assert.match(stdout, /3 seeds from 1 on/);
    assert.deepEqual(csvOf('by parallel'), csvOf('whole'));
    const again = run([...study, '--out=by parallel']);
    assert.equal(again.status, 0, again.stderr);
    assert.deepEqual(csvOf('by parallel'), csvOf('whole'));
    assert.equal(
      readdirSync(shop.path('by parallel')).filter((name) => name.endsWith('-of-3.jsonl')).length,
      3,
    );
  });

  test('tunes in two rounds, and stops at what cannot be run', async (context) => {
    if (!needs(context, isThere('parallel') ? undefined : 'parallel')) return;
    const tuned = [...study, '--tune', 'rate=0.1/0.2', '--tune-seeds', '1'];
    await shop.run(['compare', ...tuned, '--out', 'tuned-whole']);
    const { status, stderr } = run([...tuned, '--out', 'tuned']);
    assert.equal(status, 0, stderr);
    assert.deepEqual(csvOf('tuned'), csvOf('tuned-whole'));
    const wrong = run([...study, '--layers', '0', '--out', 'wrong']);
    assert.notEqual(wrong.status, 0);
    assert.match(wrong.stderr, /layers is 0/);
    assert.match(run(study).stderr, /give --out FOLDER/);
  });
});

describe('Slurm', () => {
  test('runs an array on a node that is this machine', async (context) => {
    if (!needs(context, lackingForSlurm())) return;
    const folder = mkdtempSync(join(tmpdir(), 'slurm-'));
    const slurm = await OneNodeSlurm.start(folder);
    try {
      const script = [fileOf('slurm.sh'), ...study, '--out', 'by-slurm'];
      const args = ['--parsable', '--array=1-3', '--mem-per-cpu=64', ...script];
      const job = slurm.run('sbatch', args, shop.folder, { NLR_VQA, NLR_SHARDS: '3' }).trim();
      await slurm.finished(job);
      const said = [1, 2, 3].map((i) => readFileSync(shop.path(`nlr-vqa-${job}-${i}.out`), 'utf8'));
      for (const [i, text] of said.entries()) assert.match(text, new RegExp(`shard +${i + 1} of 3`));
      assert.equal((await shop.run(['merge', 'by-slurm', '--out', 'by-slurm'])).code, 0);
      assert.deepEqual(csvOf('by-slurm'), csvOf('whole'));
    } finally {
      await slurm.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('Kubernetes', () => {
  interface Job {
    readonly kind: string;
    readonly spec: {
      readonly completionMode: string;
      readonly completions: number;
      readonly template: {
        readonly spec: {
          readonly containers: readonly {
            readonly command: readonly string[];
            readonly workingDir: string;
            readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
          }[];
          readonly volumes: readonly { readonly name: string }[];
        };
      };
    };
  }

  test('has an indexed job whose every pod trains a part of its own, and all of them the whole', async () => {
    const { kind, spec } = parse(readFileSync(fileOf('kubernetes.yaml'), 'utf8')) as Job;
    assert.deepEqual([kind, spec.completionMode], ['Job', 'Indexed']);
    const { containers, volumes } = spec.template.spec;
    const [{ command, volumeMounts, workingDir }] = containers;
    assert.deepEqual(volumeMounts, [{ name: volumes[0].name, mountPath: workingDir }]);
    const [shell, ...args] = command;
    // The pods' own command, with less to do, and the index that Kubernetes gives to each.
    const own = args.map((arg) =>
      arg
        .replace('nlr-vqa compare', `${NLR_VQA} compare`)
        .replace(/--rules .* --out/, `${study.join(' ')} --out`),
    );
    for (let index = 0; index < spec.completions; index++) {
      const env = { ...process.env, JOB_COMPLETION_INDEX: String(index) };
      execFileSync(shell, own, { cwd: shop.folder, env, stdio: 'pipe' });
    }
    assert.equal((await shop.run(['merge', 'study', '--out', 'study'])).code, 0);
    assert.deepEqual(csvOf('study'), csvOf('whole'));
  });
});
