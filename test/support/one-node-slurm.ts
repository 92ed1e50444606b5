/** Slurm of one node, this machine, for a test: its controller, its node's daemon and the keeper of their keys. */
import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const PROGRAMS = ['munged', 'slurmctld', 'slurmd', 'sbatch', 'squeue', 'sinfo'];

/** Where administrators' programs are, which not every user's path has. */
const PATH = `${process.env.PATH}:/usr/sbin:/sbin`;

/** What lacks for it; undefined: nothing. */
export function lackingForSlurm(): string | undefined {
  const isThere = (name: string) => PATH.split(':').some((folder) => existsSync(join(folder, name)));
  return PROGRAMS.every(isThere) ? undefined : 'slurm-wlm munge';
}

/** A port that is free now. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** Ends a daemon, if it runs. @param file with its process number */
async function end(file: string): Promise<void> {
  const pid = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
  const isThere = (signal: NodeJS.Signals | 0) => {
    try {
      return pid > 0 && process.kill(pid, signal);
    } catch {
      return false;
    }
  };
  for (let i = 0; isThere(i === 0 ? 'SIGTERM' : i < 100 ? 0 : 'SIGKILL'); i++) await sleep(100);
}

/** A running Slurm. Stop it. */
export class OneNodeSlurm {
  private constructor(
    readonly folder: string,
    readonly env: NodeJS.ProcessEnv,
  ) {}

  /** Starts it. @param folder of its own, with an absolute path, short enough for a socket */
  static async start(folder: string): Promise<OneNodeSlurm> {
    const place = (name: string) => join(folder, name);
    for (const name of ['', 'state', 'spool']) mkdirSync(place(name), { recursive: true });
    chmodSync(folder, 0o700);
    writeFileSync(place('munge.key'), randomBytes(1024), { mode: 0o400 });
    const [controller, node] = [await freePort(), await freePort()];
    const host = hostname().split('.')[0];
    const user = userInfo().username;
    const configuration = {
      ...{ ClusterName: 'one', SlurmctldHost: `${host}(127.0.0.1)`, SlurmUser: user, SlurmdUser: user },
      ...{ AuthType: 'auth/munge', AuthInfo: `socket=${place('munge.sock')}`, CredType: 'cred/munge' },
      ...{ SlurmctldPort: controller, SlurmdPort: node },
      ...{ StateSaveLocation: place('state'), SlurmdSpoolDir: place('spool') },
      ...{ SlurmctldPidFile: place('slurmctld.pid'), SlurmdPidFile: place('slurmd.pid') },
      ...{ SlurmctldLogFile: place('slurmctld.log'), SlurmdLogFile: place('slurmd.log') },
      ...{ ProctrackType: 'proctrack/linuxproc', TaskPlugin: 'task/none', MpiDefault: 'none' },
      ...{ JobAcctGatherType: 'jobacct_gather/none', AccountingStorageType: 'accounting_storage/none' },
      ...{ SelectType: 'select/cons_tres', SelectTypeParameters: 'CR_CPU', ReturnToService: 2 },
      SchedulerParameters: 'sched_interval=1,batch_sched_delay=0,sched_min_interval=0',
      NodeName: `${host} NodeAddr=127.0.0.1 CPUs=2 RealMemory=8192 State=UNKNOWN`,
      PartitionName: `all Nodes=${host} Default=YES MaxTime=INFINITE State=UP`,
    };
    const lines = Object.entries(configuration).map(([name, value]) => `${name}=${value}\n`);
    writeFileSync(place('slurm.conf'), lines.join(''));
    const env = { ...process.env, PATH, SLURM_CONF: place('slurm.conf') };
    const slurm = new OneNodeSlurm(folder, env);
    try {
      const files = ['key-file=munge.key', 'socket=munge.sock', 'pid-file=munge.pid', 'log-file=munge.log'];
      const flags = [...files, 'seed-file=munge.seed'].map((each) => `--${each.replace('=', `=${folder}/`)}`);
      slurm.run('munged', ['--force', '--num-threads=1', ...flags]);
      slurm.run('slurmctld', ['-f', place('slurm.conf')]);
      slurm.run('slurmd', ['-f', place('slurm.conf'), '-N', host]);
      for (let i = 0; !/^idle/.test(slurm.run('sinfo', ['-h', '-o', '%T'])); i++) {
        if (i > 100) throw new Error(`Slurm's node does not come up: ${slurm.log()}`);
        await sleep(100);
      }
      return slurm;
    } catch (error) {
      await slurm.stop();
      throw error;
    }
  }

  /** What its daemons have said. */
  log(): string {
    return ['slurmctld.log', 'slurmd.log']
      .map((name) => join(this.folder, name))
      .map((path) => (existsSync(path) ? readFileSync(path, 'utf8') : ''))
      .join('\n');
  }

  /** Runs one of its commands to its end. @returns what it printed */
  run(program: string, args: readonly string[], cwd?: string, env: NodeJS.ProcessEnv = {}): string {
    return execFileSync(program, args, {
      cwd,
      env: { ...this.env, ...env },
      encoding: 'utf8',
      timeout: 60_000,
    });
  }

  /** Waits until a job and all its parts are done. */
  async finished(job: string): Promise<void> {
    const isThere = () => {
      const { stdout } = spawnSync('squeue', ['-h', '-j', job], { env: this.env, encoding: 'utf8' });
      return stdout.trim() !== '';
    };
    for (let i = 0; isThere(); i++) {
      if (i > 600) throw new Error(`job ${job} does not end: ${this.log()}`);
      await sleep(100);
    }
  }

  /** Ends all of it. */
  async stop(): Promise<void> {
    for (const name of ['slurmd', 'slurmctld', 'munge']) await end(join(this.folder, `${name}.pid`));
  }
}
