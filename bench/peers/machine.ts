/** The machine and the settings of a run, for the record. */
import { execFileSync } from 'node:child_process';
import { cpus, loadavg, release, totalmem, type } from 'node:os';

/** Size of the first-level data cache, as the system tells it; absent where it does not. */
function cache(): string | undefined {
  try {
    const bytes = Number(execFileSync('getconf', ['LEVEL1_DCACHE_SIZE'], { encoding: 'utf8' }));
    return bytes > 0 ? `${bytes / 1024} KiB` : undefined;
  } catch {
    return undefined;
  }
}

/** What a reader needs to judge the figures. */
export function machine(): Readonly<Record<string, string | number | undefined>> {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    'first-level data cache': cache(),
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    system: `${type()} ${release().split('-')[0]}`,
    node: process.version,
    'load average before': Number(loadavg()[0].toFixed(1)),
    threads: 'one each, all on the same core',
  };
}
