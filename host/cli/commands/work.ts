/** `nlr-vqa work` */
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { commonFlags, type CommonFlags } from '../input/flags.ts';
import { number, path, whole } from '../input/values.ts';
import { UsageError } from '../output/failure.ts';
import { plural } from '../output/format.ts';
import { print, printJson, tell } from '../output/streams.ts';
import { Broker, FOLDER, redisUrl } from '../queue/broker.ts';
import { Stop } from '../training/stop.ts';

interface WorkFlags extends CommonFlags {
  readonly threads?: number;
  readonly folder?: string;
  readonly idle?: number;
  readonly lock: number;
}

/** The program of the processes. The build puts it beside the command. */
const PROGRAM = new URL('./queue-worker.js', import.meta.url);

const EXAMPLES = `
The first Ctrl-C lets the trainings under way finish; after the second they go back to the queue.

Examples:
  nlr-vqa work redis://queue.example
  nlr-vqa work redis://queue.example:6379/2 --threads 4 --idle 60
  nlr-vqa work rediss://:PASSWORD@queue.example --folder /data/moons
`;

/** What `work --json` prints when it ends. */
interface WorkResult {
  readonly trained: number;
  /** Trainings that threw, each time that they did; those that left the finite numbers are trained. */
  readonly failed: number;
}

async function work(url: string, flags: WorkFlags): Promise<void> {
  const { json = false, quiet = false, idle, lock, folder } = flags;
  if (lock <= 0) throw new UsageError(`--lock is '${lock}'; expected seconds above 0`);
  if (idle !== undefined && idle <= 0) throw new UsageError(`--idle is '${idle}'; expected seconds above 0`);
  const count = flags.threads ?? availableParallelism();
  const broker = await Broker.open(url);
  const stop = new Stop(true, () => '');
  const worker = broker.worker(
    PROGRAM,
    count,
    lock,
    folder === undefined ? {} : { [FOLDER]: resolve(folder) },
  );
  const result = { trained: 0, failed: 0 };
  let active = 0;
  let since = performance.now();
  const ended = () => {
    active--;
    since = performance.now();
  };
  worker.on('active', () => active++);
  worker.on('completed', () => {
    result.trained++;
    ended();
  });
  worker.on('failed', (job, { message }) => {
    result.failed++;
    ended();
    if (!quiet) tell(`${job?.name ?? 'a training'}: ${message}`);
  });
  if (!quiet) tell(`works on ${broker.place}, ${plural(count, 'training')} at a time`);
  const isDone = () =>
    stop.requested !== undefined ||
    (idle !== undefined && active <= 0 && performance.now() - since > 1000 * idle);
  try {
    while (!isDone()) await new Promise((resolve) => setTimeout(resolve, 100));
    let isClosed = false;
    const closed = worker.close().then(() => {
      isClosed = true;
    });
    while (!isClosed && !stop.signal.aborted)
      await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, 100))]);
    if (!isClosed) await worker.close(true);
  } finally {
    stop.dispose();
    broker.close();
  }
  if (json) printJson(result satisfies WorkResult);
  else print(`${plural(result.trained, 'training')} done, ${result.failed} failed`);
}

/** Adds the command. */
export function addWork(program: Command): void {
  const command = program
    .command('work')
    .description('train what compare --queue asks for, until it is stopped')
    .argument('<url>', 'redis://HOST, of the queue', redisUrl('the queue'))
    .addHelpText('after', EXAMPLES);
  command.optionsGroup('Work:');
  command
    .option(
      '--threads <n>',
      'trainings at once, each a process (default: as many as there are processors)',
      whole('--threads', 1),
    )
    .option('--folder <dir>', 'where the data files are on this machine, if elsewhere', path('--folder'))
    .option('--idle <seconds>', 'end when nothing has come for so long', number('--idle'))
    .option(
      '--lock <seconds>',
      'after how long the trainings of a worker that has gone are those of another one',
      number('--lock'),
      30,
    );
  commonFlags(command, 'accepted everywhere; nothing is drawn here');
  command.action(work);
}
